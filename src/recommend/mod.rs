//! What goes with what, each with its reason in words.

mod basket;
mod board;
mod evaluate;
mod family;
pub mod metrics;
mod popular;
mod recommender;
mod similar;
pub mod table;
mod together;

pub use basket::Basket;
pub use evaluate::{Scores, evaluate};
pub use recommender::{Reason, Recommendation, Recommender};
