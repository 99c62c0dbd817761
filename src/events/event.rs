use crate::money::Money;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a page or a server sends at once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The shopper agreed that what they do here is remembered for them. Without it nothing is kept of who, in which visit,
    /// at which minute, or which words were searched for.
    #[serde(default)]
    pub consent: bool,
    /// One visit: random, made by the page. Only used with consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The shop's own name for the shopper; only in signed batches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shopper: Option<String>,
    /// 0 to 100.
    pub events: Vec<Event>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A product's page was opened.
    View,
    Search,
    /// Into the cart.
    Add,
    /// Out of the cart.
    Remove,
    Checkout,
    Purchase,
    /// A suggestion was seen.
    Impression,
    /// A suggestion was followed.
    Click,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Made by the sender, 1 to 64 letters, digits, `-`, `_`, `.` or `:`. The same id again is the same event.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// In UTC, at most seven days ago; left out, it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Of the product or variant; needed by `view`, `add`, `remove`, `impression` and `click`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Pieces of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// What is bought; needed by `checkout` and `purchase`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The shop's number of the order; the same number as in an import or a webhook is the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// What was searched for; needed by `search`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// How many products were found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<u32>,
    /// Where a suggestion stood: `home`, `cart`, `chat` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<String>,
    /// Its place in the row, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
}

/// Pieces of one product or variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub sku: String,
    #[serde(default = "one")]
    pub quantity: u32,
    /// Of one piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

fn one() -> u32 {
    1
}

impl Event {
    /// What is kept of it when nobody consented: no words, no order, no more of the time than the hour.
    pub(super) fn without_person(self, now: Timestamp) -> Self {
        const HOUR: i64 = 3600;
        let seconds = self.at.unwrap_or(now).as_second();
        let hour = Timestamp::from_second(seconds - seconds.rem_euclid(HOUR));
        Self {
            at: Some(hour.unwrap_or(now)),
            query: None,
            order: None,
            ..self
        }
    }
}
