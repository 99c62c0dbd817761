//! What goes with what, each with its reason in words.

mod basket;
mod family;
mod popular;
mod recommender;
mod similar;
pub mod table;
mod together;

pub use basket::Basket;
pub use recommender::{Reason, Recommendation, Recommender};
