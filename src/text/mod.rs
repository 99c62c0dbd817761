//! Words: normalising, splitting, stemming, spelling. Never here: what a shop is.
//!
//! Everything that compares what a shopper typed with what staff wrote goes through [`fold()`] first, so that `Größe`,
//! `GRÖSSE` and a full-width `Ｇröße` are one word, and every kind of apostrophe is `'`.

mod common_words;
pub(crate) mod embeddings;
mod fold;
mod hashed;
mod kindred;
mod language;
mod outline;
mod replaced;
mod spelling;
mod stems;
mod stop_words;
mod words;

pub use common_words::COMMON_WORDS;
pub use embeddings::{Embeddings, EmbeddingsError};
pub use fold::{fold, fold_into};
pub use hashed::{WordSet, hash_of};
pub use kindred::Kindred;
pub use language::{Language, Tongue};
pub use outline::Outline;
pub use replaced::replaced;
pub use spelling::{Spelling, nearest};
pub use stems::{index_stem, stem};
pub use stop_words::{is_stop_word, small_words};
pub use words::{Word, for_each_word, opening, spoken, words};
