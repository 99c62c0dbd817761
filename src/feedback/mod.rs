//! What shoppers say about answers and conversations: whether an article helped, and how it was.
//!
//! Never here: when they are asked.

mod table;

pub use table::{
    ArticleFigures, LONGEST_WORDS, Rated, RatingFigures, RatingWords, Said, articles, export_of,
    helped, rate, ratings, said_of,
};
