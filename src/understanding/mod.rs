//! From a message to entities and ranked intents with calibrated probabilities. Never here: the file format of
//! intents, the shop beyond the vocabulary handed in.

mod entities;
mod matcher;
mod rules;
mod segments;
mod vocabulary;

pub use entities::{
    Colour, Comparative, Entity, EntityScanner, EntitySettings, PatternError, PriceWish, Reference,
    Repair, Value,
};
pub use matcher::{Candidate, Class, Limits, Matcher, Ranked};
pub use rules::{Rule, RuleError, RuleHit, RuleSet};
pub use segments::segments;
pub use vocabulary::{Mention, Vocabulary, VocabularyKind};
