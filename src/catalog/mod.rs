//! What the shop sells: products, their index, and the filters a shopper's words become.

mod audience;
mod candidates;
mod cheap;
pub mod evaluate;
mod facets;
pub mod feed;
mod filter;
mod find;
mod jsonl;
mod narrow;
mod product;
mod profile;
mod query;
mod read;
mod relax;
mod resolve;
mod shelves;
#[cfg(test)]
pub(crate) mod shop;
mod suggest;
pub mod table;
mod vocabulary;
mod why;
mod wordings;

pub use crate::money::{Currency, Money};
pub use audience::Audience;
pub use facets::{Facet, Facets};
pub use jsonl::{JsonlError, parse_line};
pub use narrow::{ENOUGH, Question};
pub use product::{Image, Product, Sale, Variant};
pub use query::{Filters, Hit, Match, MatchField, Query, Results, Sort, Wish};
pub use read::describes_something;
pub use resolve::{Naming, Resolved};
pub use shelves::Catalog;
pub use vocabulary::{Named, Phrase};

use crate::search;
use crate::text::Language;

/// What catalogs are read in; a shopper's words of another language come translated by the shop's synonyms.
pub const LANGUAGE: Language = Language::English;

fn terms(text: &str) -> Vec<String> {
    search::terms(text, LANGUAGE)
}
