//! What goes with what, each with its reason in words.

mod ask;
mod basket;
mod board;
mod evaluate;
mod family;
mod learning;
pub mod metrics;
mod popular;
mod reason;
mod recommender;
mod seen;
mod similar;
pub mod table;
mod together;

pub use ask::{Ask, Placement, Profile, Row, RowKind};
pub use basket::Basket;
pub use evaluate::{Evaluation, Exposure, Scores, evaluate};
pub use learning::Learner;
pub use reason::{Reason, Recommendation};
pub use recommender::Recommender;
pub use seen::Seen;
