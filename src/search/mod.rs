//! Words in, ranked documents out: a tantivy index in memory, read posting by posting.
//!
//! Never here: what a document stands for, and which of them may be shown.

mod ask;
mod index;
mod rank;
mod terms;

pub use ask::Asked;
pub use index::{Builder, Field, Index, SearchError, WordId};
pub use rank::{MOST_TERMS, Scored, Term};
pub use terms::{Spoken, content_terms, spoken, terms};
