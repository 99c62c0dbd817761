//! What goes with what, each with its reason in words.

mod basket;
mod board;
mod evaluate;
mod family;
mod learning;
pub mod metrics;
mod popular;
mod recommender;
mod similar;
pub mod table;
mod together;

pub use basket::Basket;
pub use evaluate::{Evaluation, Exposure, Scores, evaluate};
pub use learning::Learner;
pub use recommender::{Reason, Recommendation, Recommender};
