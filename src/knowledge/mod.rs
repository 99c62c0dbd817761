//! Articles: Markdown in, answers with their source out.

mod article;
mod blend;
mod evaluate;
mod find;
mod front_matter;
mod judge;
#[cfg(test)]
mod measure;
mod parse;
mod passage;
mod problem;

pub use article::Article;
pub use evaluate::{Evaluation, evaluate};
pub use find::{Band, Found, Knowledge};
pub use parse::{MOST_BYTES, parse};
pub use passage::passage;
pub use problem::{Problem, Severity};
