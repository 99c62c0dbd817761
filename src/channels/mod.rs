//! Doors a message comes in by. A channel knows blocks and ids, nothing of intents or SQL.

pub mod plain;
mod tally;
pub mod widget;

pub use tally::{Closed, Tally};
