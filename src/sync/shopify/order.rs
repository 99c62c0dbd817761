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
         totalPriceSet {MONEY} totalShippingPriceSet {MONEY} \
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
        if self.cancelled_at.is_some() {
            OrderStatus::Cancelled
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
        } else if self.display_financial_status.as_deref() == Some("REFUNDED") {
            OrderStatus::Returned
        } else if self.display_financial_status.as_deref() == Some("PAID") {
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
            (OrderStatus::Shipped, shipped),
            (
                OrderStatus::Delivered,
                delivered.filter(|_| status == OrderStatus::Delivered),
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
