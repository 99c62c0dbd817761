//! What a search is asked and what it answers, as a trace keeps it.

use super::port::Offer;
use crate::catalog::Audience;
use crate::money::Money;
use crate::understanding::Measure;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchQuestion {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Money>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// Whom it is wanted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// Little for its kind.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cheap: bool,
    /// Costs less than before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reduced: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Codes of products turned down before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Most>,
    /// What has been asked about already, when a next question is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Vec<String>>,
    pub sort: Sort,
    pub limit: usize,
}

/// More or less of something with a number: heavier than 410 g.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Attributes that tell it, the most telling first.
    pub names: Vec<String>,
    pub more: bool,
    pub than: Measure,
}

/// The most of something: the warmest, the lightest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Most {
    /// Attributes that tell it in numbers, the most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    pub more: bool,
    /// `warm`: what is "very" so comes first, where nothing tells it in numbers.
    pub word: String,
}

/// What to ask next, and what can be answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextQuestion {
    /// An attribute's name, `kind` or `price`.
    pub about: String,
    /// As the catalog writes them.
    pub values: Vec<String>,
    /// Of a question about the price: up to the first, from the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<(Money, Money)>,
    /// The category whose guide asks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Relevance,
    /// Cheapest first.
    Price,
    /// Dearest first.
    PriceDown,
    /// Best rated first.
    Rating,
    Newest,
    /// Most bought first.
    Popular,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SearchAnswer {
    pub items: Vec<Offer>,
    /// Words read as others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repaired: Vec<(String, String)>,
    /// Wishes given up because nothing fitted them all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// What was found is not called what was looked for, though other things are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside: bool,
    /// Not even the first has most of what was said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partly: bool,
    /// A colour near the one that was dropped, which there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// Where prices of what fulfils every other wish begin, when that is above the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_at: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextQuestion>,
}
