//! What the shop offers a turn: products with their reasons, articles with what they are good for.

use crate::dialogue::block::{ProductCard, Source};
use crate::money::Money;
use crate::orders::Order;
use crate::returns::Return;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A product and why it is offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    pub card: ProductCard,
    /// The title of the product beside which it is offered, where the reason speaks of one and the asker named several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Why>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// A field of the product says what was asked for.
    Matched {
        field: String,
        value: String,
    },
    Price {
        price: Money,
        limit: Money,
    },
    /// 0 to 5.
    Rated {
        rating: f32,
    },
    /// In `count` of the `baskets` that hold what it goes with.
    Together {
        count: u32,
        baskets: u32,
    },
    Similar,
    /// In `count` of the `visits` in which what it goes with was looked at.
    ViewedTogether {
        count: u32,
        visits: u32,
    },
    /// In `count` baskets.
    Popular {
        count: u32,
    },
    /// Sells `times` as much as usual.
    Trending {
        times: f32,
    },
    /// In the catalog for so many days.
    New {
        days: u32,
    },
    /// Bought by this shopper so many times.
    BuyAgain {
        times: u32,
        last: Timestamp,
    },
    /// Bought by this shopper every so many days.
    Reorder {
        every_days: u32,
        last: Timestamp,
    },
    /// Looked at by this shopper.
    Viewed,
    /// The shop's own choice.
    Pinned,
    /// Nothing was sold yet.
    Catalog,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleHit {
    pub id: String,
    /// The file's title: what a shopper sees as the source.
    pub title: String,
    pub question: String,
    /// Markdown subset.
    pub answer: String,
    /// 0 to 1.
    pub confidence: f32,
    pub band: Band,
}

impl ArticleHit {
    pub fn source(&self) -> Source {
        Source::Article {
            id: self.id.clone(),
            title: self.title.clone(),
            url: None,
        }
    }
}

/// What an article's confidence is good for; the bounds come from the articles themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Answer with it.
    High,
    /// Offer it.
    Middle,
    Low,
}

/// An order and what came back of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderReturns {
    pub order: Box<Order>,
    /// Oldest first.
    pub returns: Vec<Return>,
    /// The number its next return takes.
    pub next: String,
}
