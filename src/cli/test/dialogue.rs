//! A conversation test as written: "shopper says, assistant must".

use crate::cart;
use serde::Deserialize;
use serde_saphyr::Spanned;

/// One `tests/conversations/*.yml`, or one of several in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conversation {
    pub(super) name: String,
    /// The fixture: `demo` is the demo shop.
    #[serde(default = "demo")]
    pub(super) shop: String,
    /// A clock's name or a moment with its zone, `2026-11-20T12:00:00+01:00`.
    #[serde(default = "noon")]
    pub(super) now: String,
    /// The shopper consented, and looked at these products (SKUs, oldest first) an hour ago.
    #[serde(default)]
    pub(super) viewed: Option<Vec<String>>,
    /// Promo codes good for one order that the shopper used before.
    #[serde(default)]
    pub(super) spent_codes: Vec<String>,
    /// The e-mail address that the shop's page vouches for.
    #[serde(default)]
    pub(super) signed_in: Option<String>,
    pub(super) talk: Vec<Spanned<Exchange>>,
}

fn demo() -> String {
    "demo".to_owned()
}

fn noon() -> String {
    "weekday_noon".to_owned()
}

/// What the shopper does and what must come of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    /// The shopper opens the chat.
    #[serde(default)]
    pub(super) open: bool,
    #[serde(default)]
    pub(super) shopper: Option<String>,
    /// Taps a choice that the last reply offered, by its label.
    #[serde(default)]
    pub(super) tap: Option<String>,
    /// What is in the cart of the page the message is written from.
    #[serde(default)]
    pub(super) page_cart: Option<Vec<cart::Item>>,
    /// How many photos come along; then `shopper` may be left out.
    #[serde(default)]
    pub(super) photos: usize,
    #[serde(default)]
    pub(super) must: Must,
}

/// What the reply must be. What is not named is free.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Must {
    /// The slot that is open afterwards; `nothing` for none.
    pub(super) ask: Option<String>,
    pub(super) skill: Option<String>,
    pub(super) intent: Option<String>,
    /// All of these stand in the reply's words, in any case.
    pub(super) say: Words,
    /// One of these stands in the reply's words.
    pub(super) say_one_of: Words,
    pub(super) not_say: Words,
    /// Kinds of block that are there: `products`, `order`, `choices`, `handoff`, `form`, `text`.
    pub(super) show: Words,
    pub(super) not_show: Words,
    pub(super) order: Option<OrderMust>,
    pub(super) products: Option<ProductsMust>,
    /// Labels that are among the choices.
    pub(super) choices: Words,
    /// The title of the article a line comes from.
    pub(super) source: Option<String>,
    /// `waiting` or `out_of_hours`.
    pub(super) handoff: Option<String>,
    /// The reply has exactly the words of the reply to the exchange with this number, counted from 1.
    pub(super) same_words_as: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OrderMust {
    pub(super) number: Option<String>,
    pub(super) status: Option<String>,
    pub(super) carrier: Option<String>,
    pub(super) expected_on: Option<String>,
    /// Titles of items that are in it.
    pub(super) items: Words,
    pub(super) tracking: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ProductsMust {
    pub(super) count: Option<usize>,
    pub(super) at_least: Option<usize>,
    pub(super) at_most: Option<usize>,
    /// In the shop's currency.
    pub(super) all_under: Option<f64>,
    pub(super) all_over: Option<f64>,
    /// Title of the first.
    pub(super) first: Option<String>,
    /// Titles that are among them.
    pub(super) include: Words,
    pub(super) exclude: Words,
    /// Words one of which stands in every title, or in one of its reasons or options.
    pub(super) each_about: Words,
    pub(super) each_says_why: Option<bool>,
    pub(super) in_stock: Option<bool>,
}

/// A word or a list of them.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Words {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl Words {
    pub(super) fn all(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(word) => std::slice::from_ref(word),
            Self::Many(words) => words,
        }
    }
}
