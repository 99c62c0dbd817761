//! An order of Shopify's as one of ours: what its owner may see, and digests of what proves it.

use crate::money::{Currency, Money};
use crate::orders::{
    Event, ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Parcel, Secret, SecretKind,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

const MONEY: &str = "{ shopMoney { amount currencyCode } }";

pub(super) fn fields() -> String {
    format!(
        "id name email phone createdAt cancelledAt displayFinancialStatus displayFulfillmentStatus \
         totalPriceSet {MONEY} totalShippingPriceSet {MONEY} totalRefundedSet {MONEY} \
         fulfillments(first: 5) {{ status displayStatus createdAt estimatedDeliveryAt deliveredAt \
         trackingInfo {{ company number url }} }} \
         lineItems(first: 50) {{ nodes {{ title variantTitle quantity sku originalUnitPriceSet {MONEY} }} }} \
         shippingAddress {{ zip phone }}"
    )
}

pub(super) fn page() -> String {
    format!(
        "query Orders($first: Int!, $after: String, $query: String!) {{ orders(first: $first, after: $after, \
         query: $query, sortKey: UPDATED_AT) {{ nodes {{ {} }} pageInfo {{ hasNextPage endCursor }} }} }}",
        fields()
    )
}

pub(super) fn one() -> String {
    format!(
        "query Order($id: ID!) {{ order(id: $id) {{ {} }} }}",
        fields()
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    created_at: Timestamp,
    cancelled_at: Option<Timestamp>,
    display_financial_status: Option<String>,
    display_fulfillment_status: Option<String>,
    total_refunded_set: Option<Set>,
    total_price_set: Set,
    total_shipping_price_set: Option<Set>,
    #[serde(default)]
    fulfillments: Vec<Fulfillment>,
    line_items: Lines,
    shipping_address: Option<Address>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    shop_money: Amount,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Amount {
    amount: String,
    currency_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fulfillment {
    status: String,
    display_status: Option<String>,
    created_at: Option<Timestamp>,
    estimated_delivery_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    #[serde(default)]
    tracking_info: Vec<Tracking>,
}

#[derive(Deserialize)]
struct Tracking {
    company: Option<String>,
    number: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Lines {
    nodes: Vec<LineNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LineNode {
    title: String,
    variant_title: Option<String>,
    quantity: i64,
    sku: Option<String>,
    original_unit_price_set: Set,
}

#[derive(Deserialize)]
struct Address {
    zip: Option<String>,
    phone: Option<String>,
}

impl Set {
    fn money(&self, order: &str) -> Result<Money, String> {
        let Amount {
            amount,
            currency_code,
        } = &self.shop_money;
        let read = currency_code
            .parse::<Currency>()
            .and_then(|currency| Money::parse(amount, currency));
        read.map_err(|error| format!("order {order}: {error}"))
    }
}

impl Node {
    /// # Errors
    /// What cannot be read in it.
    pub(super) fn into_order(self) -> Result<ImportedOrder, String> {
        let alive: Vec<&Fulfillment> = self
            .fulfillments
            .iter()
            .filter(|one| one.status != "CANCELLED")
            .collect();
        let status = self.status(&alive);
        let secret = |kind, text: Option<&String>| {
            text.map(|text| Secret {
                kind,
                text: text.clone(),
            })
        };
        let address = self.shipping_address.as_ref();
        let secrets = [
            secret(SecretKind::Email, self.email.as_ref()),
            secret(
                SecretKind::Postcode,
                address.and_then(|address| address.zip.as_ref()),
            ),
            secret(
                SecretKind::Phone,
                self.phone
                    .as_ref()
                    .or(address.and_then(|address| address.phone.as_ref())),
            ),
        ];
        let lines = self.line_items.nodes.iter().map(|line| {
            Ok(OrderLine {
                sku: line.sku.clone().unwrap_or_default(),
                title: line.title.clone(),
                variant: line
                    .variant_title
                    .clone()
                    .filter(|title| title != "Default Title")
                    .unwrap_or_default(),
                quantity: line.quantity,
                price: line.original_unit_price_set.money(&self.name)?,
            })
        });
        let order = Order {
            // `#1001` on paper; the sign is no part of the number.
            number: OrderNumber::new(self.name.trim_start_matches('#')),
            placed_at: self.created_at,
            status,
            parcels: alive.iter().flat_map(|one| parcels(one)).collect(),
            expected_on: alive
                .iter()
                .filter_map(|one| one.estimated_delivery_at)
                .max()
                .map(|at| at.to_zoned(TimeZone::UTC).date()),
            timeline: self.timeline(&alive, status),
            lines: lines.collect::<Result<Vec<_>, String>>()?,
            shipping: self
                .total_shipping_price_set
                .as_ref()
                .map(|set| set.money(&self.name))
                .transpose()?,
            total: self.total_price_set.money(&self.name)?,
            refunded: self
                .total_refunded_set
                .as_ref()
                .map(|set| set.money(&self.name))
                .transpose()?
                .filter(|refunded| refunded.minor > 0),
        };
        Ok(ImportedOrder {
            order,
            secrets: secrets.into_iter().flatten().collect(),
        })
    }

    fn status(&self, alive: &[&Fulfillment]) -> OrderStatus {
        let shows = |state: &str| {
            alive
                .iter()
                .any(|one| one.display_status.as_deref() == Some(state))
        };
        let paid = self.display_financial_status.as_deref();
        let sent = self.display_fulfillment_status.as_deref();
        if self.cancelled_at.is_some() {
            OrderStatus::Cancelled
        } else if paid == Some("REFUNDED") {
            OrderStatus::Refunded
        } else if sent == Some("PARTIALLY_FULFILLED") {
            OrderStatus::PartlyShipped
        } else if !alive.is_empty()
            && alive
                .iter()
                .all(|one| one.display_status.as_deref() == Some("DELIVERED"))
        {
            OrderStatus::Delivered
        } else if shows("OUT_FOR_DELIVERY") {
            OrderStatus::OutForDelivery
        } else if !alive.is_empty() {
            OrderStatus::Shipped
        } else if matches!(paid, Some("VOIDED" | "EXPIRED")) {
            OrderStatus::PaymentFailed
        } else if sent == Some("ON_HOLD") {
            OrderStatus::OnHold
        } else if matches!(paid, Some("PAID" | "PARTIALLY_REFUNDED")) {
            OrderStatus::Paid
        } else {
            OrderStatus::Placed
        }
    }

    /// What has a time of its own, oldest first.
    fn timeline(&self, alive: &[&Fulfillment], status: OrderStatus) -> Vec<Event> {
        let shipped = alive.iter().filter_map(|one| one.created_at).min();
        let delivered = alive.iter().filter_map(|one| one.delivered_at).max();
        let events = [
            (OrderStatus::Placed, Some(self.created_at)),
            (
                match status {
                    OrderStatus::PartlyShipped => OrderStatus::PartlyShipped,
                    _ => OrderStatus::Shipped,
                },
                shipped,
            ),
            (
                OrderStatus::Delivered,
                delivered
                    .filter(|_| matches!(status, OrderStatus::Delivered | OrderStatus::Refunded)),
            ),
            (OrderStatus::Cancelled, self.cancelled_at),
        ];
        let timed = events
            .into_iter()
            .filter_map(|(status, at)| Some(Event { status, at: at? }));
        let mut timeline: Vec<Event> = timed.collect();
        timeline.sort_by_key(|event| event.at);
        timeline
    }
}

/// One a tracking number: a shipment may be packed in several.
fn parcels(fulfillment: &Fulfillment) -> impl Iterator<Item = Parcel> {
    fulfillment.tracking_info.iter().map(|tracking| Parcel {
        carrier: tracking.company.clone().unwrap_or_default(),
        tracking_number: tracking.number.clone(),
        tracking_url: tracking
            .url
            .clone()
            .filter(|url| url.starts_with("https://")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(paid: &str, sent: &str, refunded: &str, shipments: &str) -> Order {
        let money = |amount: &str| {
            format!(r#"{{"shopMoney":{{"amount":"{amount}","currencyCode":"EUR"}}}}"#)
        };
        let json = format!(
            r##"{{"name":"#1007","email":null,"phone":null,"createdAt":"2026-11-18T08:00:00Z","cancelledAt":null,
            "displayFinancialStatus":"{paid}","displayFulfillmentStatus":"{sent}","totalPriceSet":{},
            "totalRefundedSet":{},"totalShippingPriceSet":null,"fulfillments":[{shipments}],
            "lineItems":{{"nodes":[]}},"shippingAddress":null}}"##,
            money("20.00"),
            money(refunded)
        );
        let node: Node = serde_json::from_str(&json).unwrap();
        node.into_order().unwrap().order
    }

    #[test]
    fn what_goes_wrong_with_an_order_is_told_as_it_is() {
        let first = r#"{"status":"SUCCESS","displayStatus":"DELIVERED","createdAt":"2026-11-19T10:00:00Z",
            "deliveredAt":"2026-11-20T10:00:00Z","trackingInfo":[]}"#;
        for (paid, sent, shipments, wanted) in [
            ("PAID", "UNFULFILLED", "", OrderStatus::Paid),
            (
                "PAID",
                "PARTIALLY_FULFILLED",
                first,
                OrderStatus::PartlyShipped,
            ),
            ("PAID", "FULFILLED", first, OrderStatus::Delivered),
            ("PAID", "ON_HOLD", "", OrderStatus::OnHold),
            ("EXPIRED", "UNFULFILLED", "", OrderStatus::PaymentFailed),
            ("REFUNDED", "FULFILLED", first, OrderStatus::Refunded),
        ] {
            let order = read(paid, sent, "0.0", shipments);
            assert_eq!(order.status, wanted, "{paid} {sent}");
            assert_eq!(order.refunded, None);
        }
        let part = read("PARTIALLY_REFUNDED", "FULFILLED", "5.0", first);
        assert_eq!(part.status, OrderStatus::Delivered);
        assert_eq!(part.refunded.unwrap().minor, 500);
        let half = read("PAID", "PARTIALLY_FULFILLED", "0.0", first);
        let reached: Vec<OrderStatus> = half.timeline.iter().map(|event| event.status).collect();
        assert_eq!(reached, [OrderStatus::Placed, OrderStatus::PartlyShipped]);
    }
}
