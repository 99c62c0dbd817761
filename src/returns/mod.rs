//! Things that come back: what the shop allows, and a record of each with its number.
//!
//! Never here: the words a shopper hears, or who may see an order.

mod policy;
mod record;
mod table;

pub use policy::{Policy, WhoPays, Window};
pub use record::{Line, Reason, Return, State, Wish, left, number, refund};
pub use table::{ReturnTable, Row, insert, remove, set_state};

/// Why returns could not be read or stored.
#[derive(Debug, thiserror::Error)]
pub enum ReturnsError {
    #[error("returns cannot be read or stored: {0}")]
    Store(#[from] crate::store::StoreError),
    #[error("return {rma} is stored in a form that cannot be read: {source}")]
    Broken {
        rma: String,
        source: serde_json::Error,
    },
    #[error("there is no return {rma}; `shoptalk returns list` shows all that are open")]
    Unknown { rma: String },
    #[error(transparent)]
    Orders(#[from] crate::orders::OrdersError),
}

impl From<sqlx::Error> for ReturnsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
