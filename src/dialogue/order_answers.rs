//! What the orders may answer a turn.

use crate::orders::Order;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum OrderAnswer {
    Found {
        order: Box<Order>,
        /// When it was last seen, where it could not be asked for now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        as_of: Option<Timestamp>,
    },
    /// No such number, or the secret is not that order's: nobody learns which.
    NotFound {
        /// Older orders are not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<u32>,
    },
    Locked {
        minutes: u64,
    },
    /// The orders could not be asked.
    Unavailable,
}

/// The orders of the one who asks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredOwn")]
pub struct OwnAnswer {
    /// Newest first.
    pub orders: Vec<Order>,
    /// When they were last seen, where they could not be asked for now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// They could not be asked for, and none is known from before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unavailable: bool,
}

/// The orders alone are how older programs stored it.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredOwn {
    Orders(Vec<Order>),
    Answer {
        orders: Vec<Order>,
        #[serde(default)]
        as_of: Option<Timestamp>,
        #[serde(default)]
        unavailable: bool,
    },
}

impl From<StoredOwn> for OwnAnswer {
    fn from(stored: StoredOwn) -> Self {
        match stored {
            StoredOwn::Orders(orders) => Self {
                orders,
                ..Self::default()
            },
            StoredOwn::Answer {
                orders,
                as_of,
                unavailable,
            } => Self {
                orders,
                as_of,
                unavailable,
            },
        }
    }
}

/// What can be said of a code that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sent", rename_all = "snake_case")]
pub enum CodeAnswer {
    /// If the address has orders.
    OnItsWay,
    Locked {
        minutes: u64,
    },
    Unavailable,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "proof", rename_all = "snake_case")]
pub enum CodeProof {
    /// Whose orders may be told.
    Right {
        owner: String,
    },
    Wrong,
    Unavailable,
}

/// What became of a wish to change an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "became", rename_all = "snake_case")]
pub enum ChangeAnswer {
    /// The shop's people have it.
    Asked,
    Done {
        /// The shop's people have to send the money back.
        #[serde(default)]
        refund: bool,
    },
    /// With a code for why.
    Refused {
        reason: String,
    },
    /// It was sent, and what became of it is not known: the shop's people have it.
    Unclear,
    /// The order went on meanwhile, and is like this now.
    TooLate {
        order: Box<Order>,
    },
    Unavailable,
}
