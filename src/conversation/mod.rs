//! One conversation at a time: order, dedupe, persist, fan-out, handoff; and what is said in it unasked.
//!
//! Never here: what an answer should be ([`Engine`] says), or how it reaches a screen.

mod alerts;
mod assistant;
mod engine;
mod entry;
mod handoff;
mod herald;
mod journal;
mod live;
mod mailbox;
mod privacy;
mod retention;
#[cfg(test)]
mod stub;
mod to_the_end;

pub use alerts::Told;
pub use assistant::Assistant;
pub use engine::{Engine, EngineError, Turned};
pub use entry::{Entry, Voice};
pub use handoff::{Handoff, Unanswered};
pub use herald::Herald;
pub use journal::{Admission, Journal, JournalError, StoredTurn};
pub use mailbox::{Accepted, Attachment, Conversations, Message, SayError, Talk};
pub use privacy::ConversationExport;
pub use retention::{Deleted, Retention};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A conversation's id, made at the door.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConversationId(Arc<str>);

impl ConversationId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ConversationId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<String> for ConversationId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
