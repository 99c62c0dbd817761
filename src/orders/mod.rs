//! Orders behind two secrets: the number, and something only its owner knows.
//!
//! Never here: the words a shopper hears, or a secret as it was typed.

mod address;
mod carriers;
mod change;
mod code;
mod import;
mod json;
mod lockout;
mod lookup;
mod number;
mod order;
mod proven;
mod requests;
mod secret;
mod table;

pub use address::PostalAddress;
pub use change::{Change, ChangeRules, Changed, Outcome, TooLate, Wish};
pub use code::{CodeChecked, CodeLetter, CodeSent, forget_codes};
pub use import::{SERVER, Upserted, count_orders, forget_taken_over, remove, seen, upsert_orders};
pub use json::{read_answer, read_order, read_outcome};
pub use lockout::LockOut;
pub use lookup::{Asker, Finding, Known, Lookup, MOST_ORDERS, OwnOrders};
pub use number::{NumberPatterns, OrderNumber};
pub use order::{Event, ImportedOrder, Order, OrderLine, OrderStatus, Parcel};
pub use proven::proven;
pub use requests::{
    Begun, Request, RequestError, RequestState, close_request, erase_requests_of, forget_requests,
    list_requests, requests_of,
};
pub use secret::{Owner, Secret, SecretKind, masked_email};
pub use table::OrderTable;

/// Why orders could not be looked up or stored.
#[derive(Debug, thiserror::Error)]
pub enum OrdersError {
    #[error("orders cannot be looked up: {0}")]
    Store(#[from] crate::store::StoreError),
    #[error("order {number} is stored in a form that cannot be read: {source}; import it again")]
    Broken {
        number: String,
        source: serde_json::Error,
    },
    #[error("the shop's order server {0}")]
    Server(String),
    #[error("orders are not told: {0}")]
    Platform(String),
    #[error("order {number} is no longer there")]
    Gone { number: String },
}

impl From<sqlx::Error> for OrdersError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
