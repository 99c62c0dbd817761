//! From a message to what it names and what it wants, with calibrated probabilities. Never here: the file format of
//! intents, the shop beyond the vocabulary handed in, the state of a conversation.
//!
//! | asked | answers | grows by |
//! | --- | --- | --- |
//! | [`EntityScanner::scan`] | numbers, prices, references, repairs | one file in `entities/`, one line in `scan` |
//! | [`Vocabulary::mentions`] | products, categories, brands, attributes | the catalog |
//! | [`RuleSet::matches`] | classes for certain | staff's rules |
//! | [`Matcher::rank`] | classes by probability | staff's examples |
//! | [`Languages::hear`] | the language of a message | a language's words in `text` |
//! | [`Mood::of`] | anger, hurry, thanks | a word in its table |
//! | [`segments()`] | the requests of one message | a word in its table |
//!
//! All of them are built once for a generation of content, are immutable, and answer in microseconds; what a message
//! means in its conversation is decided upstairs.

mod entities;
mod evaluate;
mod languages;
mod logistic;
#[cfg(test)]
mod long;
mod matcher;
mod mood;
mod negation;
mod rules;
mod segments;
mod vocabulary;

pub use entities::{
    Colour, Comparative, CustomEntity, Day, Entity, EntityScanner, EntitySettings, Measure,
    PatternError, PriceWish, Reference, Repair, Unit, Value, equivalents,
};
pub use evaluate::{Bin, Confusion, Evaluation, cross_validate, evaluate};
pub use languages::{Heard, Languages};
pub(crate) use logistic::{Labelled, Logistic};
pub use matcher::{Candidate, Class, Limits, Matcher, Ranked};
pub use mood::Mood;
pub use negation::wanted;
pub use rules::{Rule, RuleError, RuleHit, RuleSet};
pub use segments::segments;
pub use vocabulary::{Mention, Vocabulary, VocabularyKind};
