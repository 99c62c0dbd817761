//! What goes with what, each with its reason in words.

mod ask;
mod basket;
mod board;
mod evaluate;
mod family;
mod fit;
mod growth;
mod history;
pub mod metrics;
mod picking;
mod reason;
mod recommender;
mod rows;
mod rules;
mod sales;
mod seen;
mod shelf;
mod similar;
pub mod table;
mod together;
mod weights;

pub use ask::{Ask, Placement, Profile, Row, RowKind};
pub use basket::Basket;
pub use evaluate::{Evaluation, Exposure, Scores, evaluate};
pub use fit::LEAST_BASKETS;
pub use reason::{Reason, Recommendation};
pub use recommender::Recommender;
pub use rules::{Pin, PinnedAt, Rules};
pub use seen::Seen;
pub use weights::Weights;
