//! Going on in a messenger: a code that is told on the web page joins whoever brings it to the shopper who asked for it.

mod code;
mod table;

pub use code::Code;
pub use table::{
    Link, LinkExport, Redeemed, accept, link_of, links, redeem, shoppers_behind, unlink,
};

use crate::store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

pub(super) use table::{erase_of, export_of, forget_old};

/// How long a code is good for.
pub const CODE_HOLDS: SignedDuration = SignedDuration::from_mins(15);

/// What shoppers may ask for by name. "Messenger" is not among them: it is any of these.
pub const MESSENGERS: [&str; 6] = [
    "WhatsApp",
    "Telegram",
    "Instagram",
    "Slack",
    "Matrix",
    "SMS",
];

/// A messenger that a shopper can go on in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messenger {
    /// As shoppers call it.
    pub name: String,
    /// The address that opens it, with `{code}` where the code goes; none where the code is written by hand.
    pub invite: Option<String>,
}

/// Whom the shop's page has vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub id: String,
    pub email: Option<String>,
}

/// The desk where codes are asked for. Clones share it.
#[derive(Clone)]
pub struct Links {
    store: Store,
    messengers: Arc<[Messenger]>,
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links")
            .field("messengers", &self.messengers)
            .finish_non_exhaustive()
    }
}

impl Links {
    pub fn new(store: Store, messengers: Vec<Messenger>) -> Self {
        Self {
            store,
            messengers: messengers.into(),
        }
    }

    pub fn messengers(&self) -> &[Messenger] {
        &self.messengers
    }

    /// A new code for a shopper; the one they had is good for nothing any more.
    ///
    /// # Errors
    /// When it cannot be kept: then it is none.
    pub async fn code(
        &self,
        shopper: &str,
        customer: Option<&Customer>,
        now: Timestamp,
    ) -> Result<Code, StoreError> {
        let code = Code::fresh();
        table::keep_code(&self.store, &code, shopper, customer, now + CODE_HOLDS, now).await?;
        Ok(code)
    }
}

#[cfg(test)]
mod tests;
