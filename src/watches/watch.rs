//! One thing somebody waits for.

use crate::mail::Address;
use crate::money::{Currency, Money};
use crate::shoppers::ShopperId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    BackInStock,
    PriceDrop,
}

impl Kind {
    /// As stored, and as letters are counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::BackInStock => "back_in_stock",
            Self::PriceDrop => "price_drop",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        match name {
            "price_drop" => Self::PriceDrop,
            _ => Self::BackInStock,
        }
    }
}

/// Where it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// In the conversation, at the shopper's next visit.
    Chat,
    Mail(Address),
}

/// What a shopper asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub shopper: ShopperId,
    pub product: String,
    /// The variant's code; `None` for whichever of the product's comes first.
    pub variant: Option<String>,
    pub kind: Kind,
    /// Told when the price is lower than this: what they said, or the price when they asked.
    pub below: Option<Money>,
    pub channel: Channel,
    /// In which they are told: `en`.
    pub language: String,
    /// Id of the text they agreed to.
    pub consent: String,
}

/// A wish that is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    pub id: i64,
    pub wish: Wish,
    pub asked_at: Timestamp,
    /// It lives from then on.
    pub confirmed_at: Option<Timestamp>,
    pub fired_at: Option<Timestamp>,
}

/// SHA-256 of the token in a letter's link. A token is 256 random bits, so a plain digest cannot be guessed back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    pub(super) fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest")
    }
}

/// A watch as it lies in its table.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    shopper: String,
    product: String,
    variant: Option<String>,
    kind: String,
    below: Option<i64>,
    currency: Option<String>,
    address: Option<String>,
    language: String,
    consent: String,
    asked_at: i64,
    confirmed_at: Option<i64>,
    fired_at: Option<i64>,
}

impl From<Row> for Watch {
    fn from(row: Row) -> Self {
        let currency: Option<Currency> = row.currency.and_then(|code| code.parse().ok());
        let below = row.below.zip(currency);
        let address = row.address.as_deref().and_then(Address::parse);
        Self {
            id: row.id,
            wish: Wish {
                shopper: row.shopper.into(),
                product: row.product,
                variant: row.variant,
                kind: Kind::named(&row.kind),
                below: below.map(|(minor, currency)| Money { minor, currency }),
                channel: address.map_or(Channel::Chat, Channel::Mail),
                language: row.language,
                consent: row.consent,
            },
            asked_at: crate::store::time(row.asked_at),
            confirmed_at: row.confirmed_at.map(crate::store::time),
            fired_at: row.fired_at.map(crate::store::time),
        }
    }
}
