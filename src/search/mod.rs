//! Words in, ranked documents out: a tantivy index in memory, read posting by posting.
//!
//! Never here: what a document stands for, and which of them may be shown.

mod index;
mod rank;
pub mod words;

pub use index::{Builder, Field, Index, SearchError, WordId};
pub use rank::{Scored, Term};
