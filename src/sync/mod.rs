//! Goods and orders that come by themselves: a feed fetched again and again, Shopify, WooCommerce. First everything,
//! then what webhooks announce, and now and then everything once more, for what no webhook told. And an order that a
//! shopper asks for, asked where it is kept.
//!
//! Never here: what a message means, or who may call a webhook but by its signature.

mod apply;
mod check_up;
mod feed;
mod hooks;
mod live;
mod order_server;
mod patience;
mod platform;
mod refusals;
mod shopify;
mod table;
mod tally;
mod woocommerce;
mod worker;

pub use apply::make_room;
pub use check_up::Checked;
pub use hooks::{HookError, Hooks};
pub use live::order_lookup;
pub use order_server::OrderServer;
pub use tally::Tally;
pub use worker::{Report, Sync, Work};

use crate::catalog::feed::FeedError;
use crate::catalog::table::TableError;
use crate::orders::OrdersError;
use crate::remote::RemoteError;
use crate::store::StoreError;
use std::time::Duration;

/// Why a source could not be read, in words that say what to do.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Remote(#[from] RemoteError),
    #[error("{who} refuses: {help}")]
    Refused { who: &'static str, help: String },
    /// It knows us, and does not let us read this.
    #[error("{who} refuses: {help}")]
    Denied { who: &'static str, help: String },
    #[error("{who} did not answer within {} s ({host}); try again in some minutes", .within.as_secs())]
    Silent {
        who: &'static str,
        host: String,
        within: Duration,
    },
    #[error(
        "{who} answered with what is not understood: {reason}; is its address right, and no web page in its place?"
    )]
    Strange { who: &'static str, reason: String },
    #[error("{who} asks to wait: to be tried again in {} s, because {why}", .wait.as_secs())]
    Busy {
        who: &'static str,
        wait: Duration,
        /// Goes on after "because".
        why: String,
    },
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error("there is nothing that can be sold: {refused} rows refused{}; what was there before stays", first_reason(.first.as_deref()))]
    Empty {
        refused: usize,
        first: Option<String>,
    },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Catalog(#[from] TableError),
    #[error(transparent)]
    Orders(#[from] OrdersError),
}

impl From<sqlx::Error> for SyncError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<SyncError> for OrdersError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Orders(error) => error,
            SyncError::Store(error) => error.into(),
            other => Self::Platform(other.to_string()),
        }
    }
}

fn first_reason(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(", the first: {reason}"))
}
