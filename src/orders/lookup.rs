use super::{Changed, Order, OrderNumber, OrdersError, Wish};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
}
