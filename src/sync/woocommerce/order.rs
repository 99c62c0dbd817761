//! An order of WooCommerce's as one of ours: what its owner may see, and digests of what proves it.

use crate::money::{Currency, Money};
use crate::orders::{
    Event, ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Parcel, Secret, SecretKind,
};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Node {
    number: String,
    status: String,
    currency: String,
    date_created_gmt: DateTime,
    date_paid_gmt: Option<DateTime>,
    date_completed_gmt: Option<DateTime>,
    total: String,
    #[serde(default)]
    shipping_total: String,
    #[serde(default)]
    billing: Address,
    #[serde(default)]
    shipping: Address,
    #[serde(default)]
    line_items: Vec<Line>,
    #[serde(default)]
    meta_data: Vec<Meta>,
    #[serde(default)]
    refunds: Vec<Refund>,
}

/// Its total is below nought.
#[derive(Deserialize)]
struct Refund {
    #[serde(default)]
    total: String,
}

#[derive(Default, Deserialize)]
struct Address {
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    postcode: String,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    #[serde(default)]
    quantity: i64,
    sku: Option<String>,
    #[serde(default)]
    total: String,
}

/// What plugins keep with an order; parcels are told there.
#[derive(Deserialize)]
struct Meta {
    key: String,
    value: Value,
}

impl Node {
    /// `None` for what is no order yet, or none any more: a basket left at the till, one in the bin.
    pub(super) fn into_order(self) -> Option<Result<ImportedOrder, String>> {
        let status = match self.status.as_str() {
            "pending" => OrderStatus::Placed,
            "failed" => OrderStatus::PaymentFailed,
            "on-hold" => OrderStatus::OnHold,
            "processing" => OrderStatus::Paid,
            // As the best-known plugins for tracking call them.
            "partial-shipped" | "partially-shipped" => OrderStatus::PartlyShipped,
            "completed" | "shipped" => OrderStatus::Shipped,
            "delivered" => OrderStatus::Delivered,
            "cancelled" => OrderStatus::Cancelled,
            "refunded" => OrderStatus::Refunded,
            "checkout-draft" | "auto-draft" | "trash" => return None,
            // Plugins add their own: it is known that there is an order.
            _ => OrderStatus::Recorded,
        };
        Some(self.read(status))
    }

    fn read(self, status: OrderStatus) -> Result<ImportedOrder, String> {
        let wrong = |error: crate::money::MoneyError| format!("order {}: {error}", self.number);
        let currency: Currency = self.currency.parse().map_err(wrong)?;
        let amount = |text: &str| Money::parse(text, currency).map_err(wrong);
        let lines = self.line_items.iter().map(|line| {
            let total = amount(if line.total.is_empty() {
                "0"
            } else {
                &line.total
            })?;
            Ok(OrderLine {
                sku: line.sku.clone().unwrap_or_default(),
                title: line.name.clone(),
                variant: String::new(),
                quantity: line.quantity,
                price: Money {
                    minor: total.minor / line.quantity.max(1),
                    currency,
                },
            })
        });
        let mut refunded = 0;
        for refund in self.refunds.iter().filter(|one| !one.total.is_empty()) {
            refunded += amount(refund.total.trim_start_matches('-'))?.minor;
        }
        let placed_at = moment(self.date_created_gmt);
        let events = [
            (OrderStatus::Placed, Some(self.date_created_gmt)),
            (OrderStatus::Paid, self.date_paid_gmt),
            (OrderStatus::Shipped, self.date_completed_gmt),
        ];
        let timed = events.into_iter().filter_map(|(status, at)| {
            Some(Event {
                status,
                at: moment(at?),
            })
        });
        let mut timeline: Vec<Event> = timed.collect();
        timeline.sort_by_key(|event| event.at);
        let secret = |kind, text: &String| {
            (!text.is_empty()).then(|| Secret {
                kind,
                text: text.clone(),
            })
        };
        let postcode = if self.shipping.postcode.is_empty() {
            &self.billing.postcode
        } else {
            &self.shipping.postcode
        };
        let secrets = [
            secret(SecretKind::Email, &self.billing.email),
            secret(SecretKind::Postcode, postcode),
            secret(SecretKind::Phone, &self.billing.phone),
        ];
        let order = Order {
            number: OrderNumber::new(self.number.trim_start_matches('#')),
            placed_at,
            status,
            parcels: self.parcels(),
            expected_on: None,
            timeline,
            lines: lines.collect::<Result<Vec<_>, String>>()?,
            shipping: if self.shipping_total.is_empty() {
                None
            } else {
                Some(amount(&self.shipping_total)?)
            },
            total: amount(&self.total)?,
            refunded: (refunded > 0).then_some(Money {
                minor: refunded,
                currency,
            }),
        };
        Ok(ImportedOrder {
            order,
            secrets: secrets.into_iter().flatten().collect(),
        })
    }

    /// As the two best-known plugins for tracking keep it: a list of parcels under one key.
    fn parcels(&self) -> Vec<Parcel> {
        let mut metas = self.meta_data.iter();
        let list = metas.find(|meta| meta.key == "_wc_shipment_tracking_items");
        let items = list.and_then(|list| list.value.as_array());
        items.into_iter().flatten().filter_map(parcel).collect()
    }
}

fn parcel(item: &serde_json::Value) -> Option<Parcel> {
    let text = |names: &[&str]| {
        let found = names.iter().filter_map(|name| item.get(*name)?.as_str());
        found
            .map(str::trim)
            .find(|text| !text.is_empty())
            .map(str::to_owned)
    };
    Some(Parcel {
        carrier: text(&[
            "formatted_tracking_provider",
            "tracking_provider",
            "custom_tracking_provider",
        ])?,
        tracking_number: text(&["tracking_number"]),
        tracking_url: text(&["formatted_tracking_link", "custom_tracking_link"])
            .filter(|url| url.starts_with("https://")),
    })
}

/// Times with `_gmt` in their names are in UTC without saying so.
fn moment(at: DateTime) -> Timestamp {
    at.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: &str, refunds: &str) -> Order {
        let json = format!(
            r#"{{"number":"2009","status":"{status}","currency":"EUR","date_created_gmt":"2026-11-18T08:00:00",
            "date_paid_gmt":null,"date_completed_gmt":null,"total":"20.00","refunds":[{refunds}]}}"#
        );
        let node: Node = serde_json::from_str(&json).unwrap();
        node.into_order().unwrap().unwrap().order
    }

    #[test]
    fn what_goes_wrong_with_an_order_is_told_as_it_is() {
        for (status, wanted) in [
            ("pending", OrderStatus::Placed),
            ("on-hold", OrderStatus::OnHold),
            ("failed", OrderStatus::PaymentFailed),
            ("partial-shipped", OrderStatus::PartlyShipped),
            ("refunded", OrderStatus::Refunded),
            ("cancelled", OrderStatus::Cancelled),
        ] {
            assert_eq!(read(status, "").status, wanted, "{status}");
        }
        let part = read("completed", r#"{"total":"-4.50"},{"id":7,"total":"-0.50"}"#);
        assert_eq!(part.status, OrderStatus::Shipped);
        assert_eq!(part.refunded.unwrap().minor, 500);
    }
}
