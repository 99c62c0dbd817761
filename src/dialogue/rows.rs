//! Rows of suggestions for the shop's pages and mails: a heading and cards, each with its reason in words.

use super::block::{Line, ProductCard};
use super::port::{Offer, Tape};
use super::shop::Shop;
use super::skills;
use super::state::State;
use super::turn::{Said, begin};
use crate::recommend::Profile;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is asked for a place on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The placement's name.
    pub placement: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Whether what the shopper did may count, where it is kept.
    #[serde(default)]
    pub personal: bool,
    /// Of each row.
    pub limit: usize,
}

/// A row of suggestions of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedRow {
    pub kind: String,
    pub items: Vec<Offer>,
}

/// A row of suggestions with its words; never empty.
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
        profile,
        ..Said::nothing()
    };
    let mut talk = begin(shop, &state, said, now, Tape::live());
    let mut rows = skills::rows(&mut talk, place);
    // A page of the shop leads to the product, where it is chosen.
    for card in rows.iter_mut().flat_map(|row| &mut row.items) {
        card.variants.clear();
    }
    rows
}
