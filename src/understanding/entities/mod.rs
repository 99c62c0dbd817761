//! What a message names without knowing the catalog: numbers, prices, references, repairs.

mod value;

pub use value::{Colour, Comparative, Entity, PriceWish, Reference, Repair, Value};

use crate::money::Currency;

/// What the shop says about its entities.
#[derive(Debug, Clone, Copy)]
pub struct EntitySettings<'a> {
    /// `#` stands for a digit; letters are literal in any case; separators may be left out when typed: `SH-#####`.
    pub order_patterns: &'a [String],
    /// Of amounts typed without one.
    pub currency: Currency,
}

/// An order pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("order pattern `{0}` has no digit; write `#` for each, like `SH-#####`")]
    NoDigit(String),
}

/// Finds entities. Built once for a generation of content, shared by all conversations.
#[derive(Debug)]
pub struct EntityScanner {
    _currency: Currency,
}

impl EntityScanner {
    pub fn new(settings: EntitySettings<'_>) -> Result<Self, PatternError> {
        for pattern in settings.order_patterns {
            if !pattern.contains('#') {
                return Err(PatternError::NoDigit(pattern.clone()));
            }
        }
        Ok(Self {
            _currency: settings.currency,
        })
    }

    /// All entities by place. Where readings overlap, the longest stays; readings of exactly the same words all stay.
    pub fn scan(&self, _text: &str) -> Vec<Entity> {
        Vec::new()
    }
}
