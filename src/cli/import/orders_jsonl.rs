//! Orders as JSON lines, the form of `demo/orders.jsonl`.

use super::batch::Batch;
use crate::money::{Currency, Money};
use crate::orders::{
    Event, ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Parcel, Secret, SecretKind,
};
use crate::recommend::Basket;
use crate::sheet::Refused;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::io::BufRead;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    number: String,
    placed_at: Timestamp,
    status: OrderStatus,
    #[serde(default)]
    customer: Customer,
    #[serde(default)]
    carrier: Option<String>,
    #[serde(default)]
    tracking_number: Option<String>,
    #[serde(default)]
    tracking_url: Option<String>,
    /// For an order in several parcels, instead of the three above.
    #[serde(default)]
    parcels: Vec<Parcel>,
    #[serde(default)]
    expected_on: Option<Date>,
    #[serde(default)]
    timeline: Vec<Event>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    shipping: Option<String>,
    total: String,
    lines: Vec<RawLine>,
}

/// What an order can be proven by. The name is read and not kept.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Customer {
    #[serde(rename = "name")]
    _name: Option<String>,
    email: Option<String>,
    postcode: Option<String>,
    phone: Option<String>,
    number: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    sku: String,
    title: String,
    #[serde(default)]
    variant: Option<String>,
    quantity: i64,
    price: String,
}

/// One order a line; each is a basket as well unless it was cancelled.
pub(super) fn read(
    reader: impl BufRead,
    currency: Currency,
    mut progress: impl FnMut(u64),
) -> anyhow::Result<Batch> {
    let mut batch = Batch::default();
    let mut read = 0;
    for (nth, line) in reader.lines().enumerate() {
        let line = line?;
        read += line.len() as u64 + 1;
        progress(read);
        let text = line.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        match order(text, currency) {
            Ok(imported) => {
                if imported.order.status != OrderStatus::Cancelled {
                    let items = imported
                        .order
                        .lines
                        .iter()
                        .map(|line| line.sku.clone())
                        .collect();
                    let basket = Basket {
                        at: imported.order.placed_at,
                        items,
                    };
                    batch
                        .baskets
                        .push((imported.order.number.as_str().to_owned(), basket));
                }
                batch.orders.push(imported);
            }
            // The row holds a customer's data: it is not copied into the list of rejects.
            Err(reason) => batch.refused.push(Refused {
                line: nth as u64 + 1,
                reason,
                row: String::new(),
            }),
        }
    }
    Ok(batch)
}

fn order(text: &str, currency: Currency) -> Result<ImportedOrder, String> {
    let raw: Raw = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let currency = raw
        .currency
        .as_deref()
        .map_or(Ok(currency), str::parse)
        .map_err(|error| format!("currency: {error}"))?;
    let money = |field: &str, amount: &str| {
        Money::parse(amount, currency).map_err(|error| format!("{field}: {error}"))
    };
    let mut lines = Vec::with_capacity(raw.lines.len());
    for line in raw.lines {
        lines.push(OrderLine {
            price: money("price", &line.price)?,
            sku: line.sku,
            title: line.title,
            variant: line.variant.unwrap_or_default(),
            quantity: line.quantity,
        });
    }
    let first = raw.carrier.map(|carrier| Parcel {
        carrier,
        tracking_number: raw.tracking_number,
        tracking_url: raw.tracking_url,
    });
    let order = Order {
        number: OrderNumber::new(&raw.number),
        placed_at: raw.placed_at,
        status: raw.status,
        parcels: first.into_iter().chain(raw.parcels).collect(),
        expected_on: raw.expected_on,
        timeline: raw.timeline,
        lines,
        shipping: raw
            .shipping
            .map(|amount| money("shipping", &amount))
            .transpose()?,
        total: money("total", &raw.total)?,
    };
    let secret = |kind, text: Option<String>| text.map(|text| Secret { kind, text });
    let customer = raw.customer;
    let secrets = [
        secret(SecretKind::Email, customer.email),
        secret(SecretKind::Postcode, customer.postcode),
        secret(SecretKind::Phone, customer.phone),
        secret(SecretKind::CustomerNumber, customer.number),
    ];
    Ok(ImportedOrder {
        order,
        secrets: secrets.into_iter().flatten().collect(),
    })
}
