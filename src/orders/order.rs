use super::{OrderNumber, Secret, carriers};
use crate::money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

/// An order as its owner may see it: no name, no address, no e-mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub number: OrderNumber,
    pub placed_at: Timestamp,
    pub status: OrderStatus,
    /// `parcel` with one of them is how older programs stored it.
    #[serde(
        default,
        alias = "parcel",
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub parcels: Vec<Parcel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_on: Option<Date>,
    /// What has happened, oldest first.
    #[serde(default)]
    pub timeline: Vec<Event>,
    pub lines: Vec<OrderLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Money>,
    pub total: Money,
    /// Given back so far, of the whole or a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded: Option<Money>,
}

impl Order {
    /// Whether money came for it, as far as it is told.
    pub fn was_paid(&self) -> bool {
        let paid = |event: &Event| event.status == OrderStatus::Paid;
        self.status == OrderStatus::Paid || self.timeline.iter().any(paid)
    }
}

/// In the order an untroubled order passes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    Placed,
    /// The payment did not go through.
    PaymentFailed,
    /// The shop holds it back.
    OnHold,
    Paid,
    Packed,
    /// Some of it is on its way, the rest is not.
    PartlyShipped,
    Shipped,
    OutForDelivery,
    Delivered,
    Cancelled,
    Returned,
    /// The money for all of it went back.
    Refunded,
    /// Known from an invoice; nothing is known of its delivery.
    Recorded,
}

impl OrderStatus {
    /// As in files and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::PaymentFailed => "payment_failed",
            Self::OnHold => "on_hold",
            Self::Paid => "paid",
            Self::Packed => "packed",
            Self::PartlyShipped => "partly_shipped",
            Self::Shipped => "shipped",
            Self::OutForDelivery => "out_for_delivery",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
            Self::Refunded => "refunded",
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

impl Parcel {
    /// Where to follow it: the shop's own link, else the carrier's page when the carrier is a known one.
    pub fn tracking_page(&self) -> Option<String> {
        let made = || carriers::tracking_page(&self.carrier, self.tracking_number.as_deref()?);
        self.tracking_url.clone().or_else(made)
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(parcels: D) -> Result<Vec<Parcel>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Many(Vec<Parcel>),
        One(Parcel),
        None(()),
    }
    Ok(match Stored::deserialize(parcels)? {
        Stored::Many(parcels) => parcels,
        Stored::One(parcel) => vec![parcel],
        Stored::None(()) => Vec::new(),
    })
}

/// An order on its way in, with what its owner can prove it by.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedOrder {
    pub order: Order,
    /// Kept as keyed digests only.
    pub secrets: Vec<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_stored_with_one_parcel_is_read() {
        let with = |parcels: &str| {
            let body = format!(
                r#"{{"number":"SH-1","placed_at":"2026-11-01T10:00:00Z","status":"shipped",{parcels}
                "lines":[],"total":{{"minor":100,"currency":"EUR"}}}}"#
            );
            serde_json::from_str::<Order>(&body).unwrap().parcels.len()
        };
        assert_eq!(with(r#""parcel":{"carrier":"Bring"},"#), 1);
        assert_eq!(with(r#""parcel":null,"#), 0);
        assert_eq!(
            with(r#""parcels":[{"carrier":"Bring"},{"carrier":"DHL"}],"#),
            2
        );
        assert_eq!(with(""), 0);
    }

    #[test]
    fn the_shops_own_link_goes_before_the_carriers_page() {
        let mut parcel = Parcel {
            carrier: "DPD".into(),
            tracking_number: Some("01234567890123".into()),
            tracking_url: Some("https://shop.example/track/1".into()),
        };
        assert_eq!(
            parcel.tracking_page().as_deref(),
            Some("https://shop.example/track/1")
        );
        parcel.tracking_url = None;
        assert!(parcel.tracking_page().unwrap().contains("dpd"));
        parcel.carrier = "Our own van".into();
        assert_eq!(parcel.tracking_page(), None);
    }
}
