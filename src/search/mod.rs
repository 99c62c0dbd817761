//! Words in, ranked documents out: tantivy's postings, flattened and read one by one.
//!
//! Never here: what a document stands for, and which of them may be shown.

mod ask;
mod index;
mod rank;
mod terms;

pub use ask::Asked;
pub use index::{Builder, Field, Index, SearchError, WordId};
pub use rank::{MOST_TERMS, Scored, Term, by_score};
pub use terms::{Spoken, content_terms, spoken, terms};
