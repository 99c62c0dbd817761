use super::Message;
use crate::dialogue::block::Block;
use crate::relay::Outgoing;
use crate::returns::Row;
use jiff::Timestamp;
use std::future::Future;

/// Why a turn could not be made. Nothing of it is stored; the shopper may try again.
pub type EngineError = Box<dyn std::error::Error + Send + Sync>;

/// What answers a message. One is made for each message, so it may carry who asks and the content as it stands now.
pub trait Engine: Send + Sync + 'static {
    /// What is said before the first message; stored with it.
    fn greeting(&self, now: Timestamp) -> Vec<Block>;

    /// The reply to `message` after `state`, which an earlier turn of the conversation returned.
    fn turn(
        &self,
        state: Option<&str>,
        message: &Message,
        now: Timestamp,
    ) -> impl Future<Output = Result<Turned, EngineError>> + Send;
}

/// One turn, made but not stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    pub reply: Vec<Block>,
    /// JSON; handed to the next turn.
    pub state: String,
    /// JSON; why this was said, and what replaying it needs.
    pub trace: String,
    /// Nobody had an answer: queue the message for staff.
    pub unanswered: bool,
    /// A person was asked for, and why.
    pub handoff: Option<String>,
    /// The shopper asked for everything about them to be deleted: it is, and this turn is not stored.
    pub erase: bool,
    /// Promo codes that the shopper cannot use again: stored with the turn.
    pub spent: Vec<String>,
    /// Returns that the turn opens: stored with it, or neither.
    pub returns: Vec<Row>,
    /// Photos of this conversation that show what a return is about: its number and their ids.
    pub shown: Vec<(String, Vec<String>)>,
    /// What is sent to a messenger: queued with the turn, or neither.
    pub outbox: Vec<Outgoing>,
}
