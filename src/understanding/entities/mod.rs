//! What a message names without knowing the catalog: numbers, prices, references, repairs.
//!
//! One file a kind of entity. To add one: a variant of [`Value`], a file here with a table or a pattern and a
//! `find(&Message, &mut Vec<Entity>)`, and a line in [`EntityScanner::scan`]. Tables of phrases are written folded and
//! without apostrophes ([`phrases`]); overlaps need no care, the longest reading wins.

mod amounts;
mod calendar;
mod colours;
mod comparisons;
mod contact;
mod custom;
mod dates;
mod measures;
mod numbers;
mod order_number;
mod phrases;
mod prices;
mod quantities;
mod references;
mod repairs;
mod size_systems;
mod sizes;
mod value;
mod without;

pub use custom::CustomEntity;
pub use dates::{Day, Unit};
pub use measures::Measure;
pub use order_number::PatternError;
pub use size_systems::equivalents;
pub use value::{Colour, Comparative, Entity, PriceWish, Reference, Repair, Value};

use crate::money::Currency;
use crate::text::{Word, words};
use custom::Custom;
use order_number::OrderPattern;
use phrases::Token;
use std::ops::Range;

/// What the shop says about its entities.
#[derive(Debug, Clone, Copy)]
pub struct EntitySettings<'a> {
    /// `#` stands for a digit; letters are literal in any case; separators may be left out when typed: `SH-#####`.
    pub order_patterns: &'a [String],
    /// Of amounts typed without one.
    pub currency: Currency,
    /// Defined by staff.
    pub custom: &'a [CustomEntity],
}

/// Words of a message that tables are held against; beyond, only patterns look: what a shopper wants stands in the first
/// hundred words or nowhere, and readings that overlap are compared with each other.
const MOST_WORDS: usize = 200;

/// Finds entities. Built once for a generation of content, shared by all conversations.
#[derive(Debug)]
pub struct EntityScanner {
    orders: Vec<OrderPattern>,
    custom: Vec<Custom>,
    currency: Currency,
}

/// A message, as the files of this room look at it.
struct Message<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    currency: Currency,
}

impl Message<'_> {
    /// An entity over tokens `range`, which is not empty.
    fn entity(&self, range: Range<usize>, value: Value) -> Entity {
        let tokens = &self.tokens[range];
        let start = tokens.first().map_or(0, |token| token.span.start);
        let end = tokens.last().map_or(start, |token| token.span.end);
        self.entity_at(start..end, value)
    }

    fn entity_at(&self, span: Range<usize>, value: Value) -> Entity {
        Entity {
            value,
            text: self.text[span.clone()].to_owned(),
            span,
        }
    }

    /// The folded word at `index`; empty beyond the ends.
    fn word(&self, index: usize) -> &str {
        self.tokens
            .get(index)
            .map_or("", |token| token.text.as_str())
    }

    /// The first token that starts at or after a byte.
    fn token_from(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.span.start < byte)
    }
}

impl EntityScanner {
    /// Fails on an order pattern without a digit.
    pub fn new(settings: EntitySettings<'_>) -> Result<Self, PatternError> {
        let orders = settings.order_patterns.iter();
        Ok(Self {
            orders: orders
                .map(|pattern| OrderPattern::new(pattern))
                .collect::<Result<_, _>>()?,
            custom: settings
                .custom
                .iter()
                .map(Custom::new)
                .collect::<Result<_, _>>()?,
            currency: settings.currency,
        })
    }

    /// All entities by place. Where readings overlap, the longest stays; readings of exactly the same words all stay.
    pub fn scan(&self, text: &str) -> Vec<Entity> {
        self.scan_words(text, &words(text))
    }

    /// The same for a text whose [`words`] are at hand.
    pub fn scan_words(&self, text: &str, words: &[Word]) -> Vec<Entity> {
        let message = Message {
            text,
            tokens: words.iter().take(MOST_WORDS).map(Token::from).collect(),
            currency: self.currency,
        };
        let mut found = Vec::new();
        // Most messages hold no digit, and then no order number, telephone or postcode.
        if text.bytes().any(|byte| byte.is_ascii_digit()) {
            for pattern in &self.orders {
                pattern.find(&message, &mut found);
            }
            order_number::find_named(&message, &mut found);
        }
        contact::find(&message, &mut found);
        prices::find(&message, &mut found);
        quantities::find(&message, &mut found);
        references::find(&message, &mut found);
        comparisons::find(&message, &mut found);
        colours::find(&message, &mut found);
        sizes::find(&message, &mut found);
        without::find(&message, &mut found);
        repairs::find(&message, &mut found);
        dates::find(&message, &mut found);
        measures::find(&message, &mut found);
        for custom in &self.custom {
            custom.find(&message, &mut found);
        }
        longest(found)
    }
}

/// Longest first, then by place; equal spans keep the order in which the kinds were looked for.
fn longest(mut found: Vec<Entity>) -> Vec<Entity> {
    found.sort_by_key(|entity| (std::cmp::Reverse(entity.span.len()), entity.span.start));
    let mut kept: Vec<Entity> = Vec::with_capacity(found.len());
    for entity in found {
        let clashes = kept.iter().any(|other| {
            let overlap = other.span.start < entity.span.end && entity.span.start < other.span.end;
            overlap && (other.span != entity.span || other.value == entity.value)
        });
        if !clashes {
            kept.push(entity);
        }
    }
    kept.sort_by_key(|entity| entity.span.start);
    kept
}

#[cfg(test)]
mod tests;
