//! What the orders may answer a turn.

use crate::orders::Order;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum OrderAnswer {
    Found {
        order: Box<Order>,
    },
    /// No such number, or the secret is not that order's: nobody learns which.
    NotFound,
    Locked {
        minutes: u64,
    },
    /// The orders could not be asked.
    Unavailable,
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
    /// The order went on meanwhile, and is like this now.
    TooLate {
        order: Box<Order>,
    },
    Unavailable,
}
