//! Connections, migrations, the one writer with group commit.
//!
//! Never here: what any table means. Each room keeps its SQL beside the types it fills; only the
//! migrations, which must agree in order, stand here together.

mod error;
mod group;
mod open;
mod rows;
#[cfg(test)]
pub(crate) mod scratch;
mod write;

pub use error::StoreError;
pub use group::{Batch, GroupCommit};
pub use open::Store;
pub use rows::insert_rows;
pub use sqlx::SqliteConnection as Connection;
pub use write::Write;

use jiff::Timestamp;

/// As times are stored: milliseconds since 1970.
pub fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A stored time. What lies outside the calendar, as only a damaged file holds, becomes 1970.
pub fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}
