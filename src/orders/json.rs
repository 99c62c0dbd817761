//! An order as JSON: a line of `demo/orders.jsonl`, and what a shop's own server answers.

use super::{
    Event, ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Outcome, Parcel, Secret,
    SecretKind,
};
use crate::money::{Currency, Money};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

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
    #[serde(default)]
    refunded: Option<String>,
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

/// Orders of an answer.
const MOST_ANSWERED: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    orders: Vec<Raw>,
}

/// Reads what a shop's order server answered.
///
/// # Errors
/// What is wrong with it, in words that can go into a log.
pub fn read_answer(bytes: &[u8], currency: Currency) -> Result<Vec<ImportedOrder>, String> {
    // The parser's own words may quote a customer's data: only the place is told.
    let answer: Answer = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("wrote no list of orders (line {line}, column {column}); docs/orders-http.md has its form")
    })?;
    if answer.orders.len() > MOST_ANSWERED {
        return Err(format!("wrote more than {MOST_ANSWERED} orders"));
    }
    let orders = answer.orders.into_iter();
    // An amount or a currency at most: nothing of a customer.
    orders
        .map(|raw| order(raw, currency))
        .collect::<Result<_, _>>()
        .map_err(|reason| format!("wrote an order that cannot be read: {reason}"))
}

#[derive(Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum RawOutcome {
    Done,
    Refused {
        #[serde(default)]
        reason: String,
    },
}

/// Characters of a code for why something is refused.
const LONGEST_REASON: usize = 40;

/// Reads what a shop's order server answered to a wish.
///
/// # Errors
/// What is wrong with it, in words that can go into a log.
pub fn read_outcome(bytes: &[u8]) -> Result<Outcome, String> {
    let outcome: RawOutcome = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("wrote no outcome (line {line}, column {column}); docs/orders-http.md has its form")
    })?;
    Ok(match outcome {
        RawOutcome::Done => Outcome::Done,
        RawOutcome::Refused { reason } => {
            let of_a_code = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let code = reason.chars().filter(of_a_code).take(LONGEST_REASON);
            Outcome::Refused {
                reason: code.collect(),
            }
        }
    })
}

/// Reads one order; amounts without a currency of their own are in `currency`.
///
/// # Errors
/// What is wrong with it; the words may quote it.
pub fn read_order(text: &str, currency: Currency) -> Result<ImportedOrder, String> {
    let raw: Raw = serde_json::from_str(text).map_err(|error| error.to_string())?;
    order(raw, currency)
}

fn order(raw: Raw, currency: Currency) -> Result<ImportedOrder, String> {
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
        refunded: raw
            .refunded
            .map(|amount| money("refunded", &amount))
            .transpose()?,
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
