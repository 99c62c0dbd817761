//! Who we talk to: visitors by the digest of a token, known shoppers by the shop's own name for them.
//!
//! Never here: a token as it was issued.

mod identity;
mod privacy;
mod table;
mod token;

pub use identity::{SignedIn, TokenError};
pub use privacy::{ShopperExport, erase};
pub use table::{Shoppers, delete, settle};
pub use token::{TokenDigest, Tombstone};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A shopper's id, made at the door.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShopperId(Arc<str>);

impl ShopperId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ShopperId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<String> for ShopperId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for ShopperId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Someone who talks with the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shopper {
    pub id: ShopperId,
    pub identity: Identity,
}

/// How a shopper is recognised when they come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// By the token their browser keeps.
    Visitor(TokenDigest),
    /// By the name the shop has for them.
    Known(String),
}

impl Identity {
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// Why shoppers could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ShoppersError {
    #[error("shoppers cannot be reached: {0}")]
    Store(#[from] crate::store::StoreError),
}

impl From<sqlx::Error> for ShoppersError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
