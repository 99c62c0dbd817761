use super::{
    Changed, CodeChecked, CodeLetter, CodeSent, Order, OrderNumber, OrdersError, Owner, Request,
    Wish,
};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Orders of one person that are told at once.
pub const MOST_ORDERS: usize = 5;

/// Who asks; failures are counted against them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// The shopper's id.
    pub shopper: String,
}

/// What a look-up says. One answer stands for "no such order" and "that is not its secret".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Finding {
    Found {
        order: Box<Order>,
    },
    NotFound,
    /// Too many failures of this shopper or for this number. Right answers are not heard either until then.
    LockedOut {
        until: Timestamp,
    },
}

/// Where orders are asked for: the embedded table, or the record of an earlier conversation.
pub trait Lookup: Send + Sync {
    /// The order with this number, if `secret` is one of its secrets.
    ///
    /// # Errors
    /// When the orders cannot be reached just now; nothing has been counted against the asker.
    fn find<'a>(
        &'a self,
        number: &'a OrderNumber,
        secret: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Finding, OrdersError>>;

    /// The order with this number, for a shopper who has proven it before.
    ///
    /// # Errors
    /// When the orders cannot be reached just now.
    fn again<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Option<Box<Order>>, OrdersError>>;

    /// Has an order changed for a shopper who has proven it before. Asked twice, it is done once.
    ///
    /// # Errors
    /// When the orders cannot be reached just now; nothing was changed.
    fn change<'a>(
        &'a self,
        wish: Wish<'a>,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Changed, OrdersError>>;

    /// What was asked for an order that the asker has proven, and what became of it, the latest first.
    ///
    /// # Errors
    /// When the orders cannot be reached just now.
    fn requests<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Vec<Request>, OrdersError>>;

    /// Whose orders an e-mail address opens; the caller knows that it is the asker's. None for what is no address.
    fn owner(&self, email: &str) -> Option<Owner>;

    /// Their orders, newest first, at most [`MOST_ORDERS`].
    ///
    /// # Errors
    /// When the orders cannot be reached just now.
    fn of_owner<'a>(&'a self, owner: &'a Owner) -> BoxFuture<'a, Result<Vec<Order>, OrdersError>>;

    /// Sends a one-time code to an address, if it has orders; says the same if it has none.
    ///
    /// # Errors
    /// When the orders cannot be reached just now; nothing was sent.
    fn send_code<'a>(
        &'a self,
        email: &'a str,
        asker: &'a Asker,
        letter: CodeLetter<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<CodeSent, OrdersError>>;

    /// Whether this is the code last sent for the asker. It is good once.
    ///
    /// # Errors
    /// When the orders cannot be reached just now; no try is counted.
    fn check_code<'a>(
        &'a self,
        code: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<CodeChecked, OrdersError>>;
}
