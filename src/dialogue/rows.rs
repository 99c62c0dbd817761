//! Rows of suggestions for the shop's pages and mails: a heading and cards, each with its reason in words.

use super::block::{Line, ProductCard};
use super::port::{Place, Tape};
use super::shop::Shop;
use super::skills;
use super::state::State;
use super::turn::{Said, begin};
use crate::recommend::Profile;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A row of suggestions; never empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// `goes_with`, `buy_again`, `reorder`, `viewed`, `similar`, `trending`, `best_sellers`, `new`, `catalog`.
    pub kind: String,
    pub heading: Line,
    /// Best first; each says why it is there.
    pub items: Vec<ProductCard>,
}

/// The rows of a place, in the words of a language (`en`; the shop's own where it does not speak it). `profile` is theirs who
/// consented.
pub fn rows(
    shop: &Shop,
    place: Place,
    profile: Option<&Profile>,
    language: Option<&str>,
    now: Timestamp,
) -> Vec<Row> {
    let state = State {
        language: language.map(str::to_owned),
        ..State::default()
    };
    let said = Said {
        text: "",
        shopper: "",
        cart: None,
        profile,
    };
    let mut talk = begin(shop, &state, said, now, Tape::live());
    skills::rows(&mut talk, place)
}
