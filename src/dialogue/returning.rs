//! What a conversation knows of a return that is being put together.

use crate::returns::{Line, Reason, Wish};
use serde::{Deserialize, Serialize};

/// Filled in any order, asked for in one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Returning {
    /// Proven in this conversation; empty while it is not known.
    pub order: String,
    /// The number that could not be proven.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tried: String,
    /// What is to come back; nought pieces where they are still to be asked for.
    pub lines: Vec<Line>,
    pub reason: Option<Reason>,
    /// "It doesn't fit": which way is still to be asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub misfit: bool,
    pub wish: Option<Wish>,
    /// Another size or colour is wanted rather than money.
    pub exchange: bool,
    /// Sizes and colours asked for instead, until a variant is found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<String>,
    /// What is wrong with it, in the shopper's words.
    pub note: Option<String>,
    /// The message that began it, until the order is known: it may name the thing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub named: String,
    pub asked: Option<Step>,
    /// Messages about something else since it was asked.
    #[serde(skip_serializing_if = "is_nought")]
    pub aside: u8,
    /// What became of an earlier return is all that is wanted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tell: bool,
}

fn is_nought(count: &u8) -> bool {
    *count == 0
}

/// Characters kept of what a shopper writes; the whole of it stands in the conversation.
const KEPT: usize = 300;

/// The beginning of a message, for a state that stays small.
pub(super) fn beginning(said: &str) -> String {
    said.trim().chars().take(KEPT).collect()
}

/// Returns that wait for the one under way: the same message spoke of their orders too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    pub orders: Vec<String>,
    /// The message that named them.
    pub said: String,
    pub exchange: bool,
}

/// A question of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Order,
    /// The order could not be proven; it may be tried again.
    Proof,
    Item,
    Quantity,
    Reason,
    Note,
    Wish,
    Confirm,
    /// It may not come back, unless it is faulty.
    Faulty,
}
