use super::{OrderNumber, Secret};
use crate::money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An order as its owner may see it: no name, no address, no e-mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub number: OrderNumber,
    pub placed_at: Timestamp,
    pub status: OrderStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcel: Option<Parcel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_on: Option<Date>,
    /// What has happened, oldest first.
    #[serde(default)]
    pub timeline: Vec<Event>,
    pub lines: Vec<OrderLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Money>,
    pub total: Money,
}

/// In the order an untroubled order passes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    Placed,
    Paid,
    Packed,
    Shipped,
    OutForDelivery,
    Delivered,
    Cancelled,
    Returned,
    /// Known from an invoice; nothing is known of its delivery.
    Recorded,
}

impl OrderStatus {
    /// As in files and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::OutForDelivery => "out_for_delivery",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
            Self::Recorded => "recorded",
        }
    }
}

/// A status reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub status: OrderStatus,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub sku: String,
    pub title: String,
    /// "M, navy"; empty when the product has no variants.
    #[serde(default)]
    pub variant: String,
    /// Pieces; negative on a cancellation.
    pub quantity: i64,
    /// Of one piece.
    pub price: Money,
}

/// What the carrier knows the order by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub carrier: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
}

/// An order on its way in, with what its owner can prove it by.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedOrder {
    pub order: Order,
    /// Kept as keyed digests only.
    pub secrets: Vec<Secret>,
}
