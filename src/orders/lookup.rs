use super::{
    Changed, CodeChecked, CodeLetter, CodeSent, Order, OrderNumber, OrdersError, Owner, Request,
    Wish,
};
use crate::shoppers::SignedIn;
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

/// An order, and how old what is known of it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub order: Box<Order>,
    /// When it was last seen, where whoever keeps the orders could not be asked now. None for how it is now.
    pub as_of: Option<Timestamp>,
}

/// The orders of one person, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnOrders {
    pub orders: Vec<Order>,
    /// As of [`Known`].
    pub as_of: Option<Timestamp>,
}

/// What a look-up says. One answer stands for "no such order" and "that is not its secret".
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    Found(Known),
    NotFound,
    /// Too many failures of this shopper or for this number. Right answers are not heard either until then.
    LockedOut {
        until: Timestamp,
    },
}

/// Where orders are asked for: the embedded table, or the table and behind it whoever keeps the orders.
pub trait Lookup: Send + Sync {
    /// The order with this number, if `secret` is one of its secrets.
    ///
    /// # Errors
    /// When the orders cannot be reached just now.
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
    ) -> BoxFuture<'a, Result<Option<Known>, OrdersError>>;

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

    /// Whether somebody whom the shop's page vouches for has their orders by that: whether these are kept by what the
    /// page says of them.
    fn knows(&self, who: &SignedIn) -> bool;

    /// The orders of somebody whom the shop's page vouches for, newest first, at most [`MOST_ORDERS`].
    ///
    /// # Errors
    /// When the orders cannot be reached just now.
    fn of_signed_in<'a>(
        &'a self,
        who: &'a SignedIn,
    ) -> BoxFuture<'a, Result<OwnOrders, OrdersError>>;

    /// For how many days back orders can be told; none where there is no end.
    fn days_back(&self) -> Option<u32>;

    /// The orders of an address that a code has proven, newest first, at most [`MOST_ORDERS`].
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
