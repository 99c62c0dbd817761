//! Orders from a table: one line of an order a row, rows with the same number are one order.

use super::batch::Batch;
use crate::money::{Currency, Money};
use crate::orders::{
    ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Parcel, Secret, SecretKind,
};
use crate::recommend::Basket;
use crate::sheet::{self, Columns, Map, Refused, Row, Sheet};
use crate::text::nearest;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashMap};
use std::io::Read;

/// What a column may be mapped to.
const FIELDS: [&str; 19] = [
    "number",
    "placed_at",
    "status",
    "email",
    "postcode",
    "phone",
    "customer_number",
    "carrier",
    "tracking_number",
    "tracking_url",
    "expected_on",
    "sku",
    "title",
    "variant",
    "quantity",
    "price",
    "shipping",
    "total",
    "currency",
];
const NEEDED: [&str; 4] = ["number", "placed_at", "sku", "price"];

const STATUSES: [OrderStatus; 13] = [
    OrderStatus::Placed,
    OrderStatus::PaymentFailed,
    OrderStatus::OnHold,
    OrderStatus::Paid,
    OrderStatus::Packed,
    OrderStatus::PartlyShipped,
    OrderStatus::Shipped,
    OrderStatus::OutForDelivery,
    OrderStatus::Delivered,
    OrderStatus::Cancelled,
    OrderStatus::Returned,
    OrderStatus::Refunded,
    OrderStatus::Recorded,
];

/// `zone`: of times without one.
pub(super) fn read(
    mut reader: impl Read,
    map: &Map,
    currency: Currency,
    zone: &TimeZone,
    progress: impl Fn(u64),
) -> anyhow::Result<Batch> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let text = sheet::text(bytes)?;
    let table = Sheet::open(&text)?;
    let columns = map.columns(&table, &FIELDS, &NEEDED)?;
    let mut batch = Batch::default();
    let mut orders: Vec<ImportedOrder> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    // By place: the number as it is written, and the first line.
    let mut written: Vec<(String, u64)> = Vec::new();
    let mut incomplete: BTreeSet<String> = BTreeSet::new();
    for row in table.rows() {
        progress(row.byte);
        let cells = Cells {
            columns: &columns,
            row: &row,
        };
        let number = cell(&cells, "number").to_owned();
        // The row holds a customer's data: it is not copied into the list of rejects.
        let mut refuse = |reason: String| {
            incomplete.insert(number.clone());
            batch.refused.push(Refused {
                line: row.line,
                reason,
                row: String::new(),
            });
        };
        if let Some(broken) = &row.broken {
            refuse(broken.clone());
            continue;
        }
        let currency = match cell(&cells, "currency") {
            "" => currency,
            code => match code.parse() {
                Ok(currency) => currency,
                Err(error) => {
                    refuse(format!("currency: {error}"));
                    continue;
                }
            },
        };
        let line = match line(&cells, currency) {
            Ok(line) => line,
            Err(reason) => {
                refuse(reason);
                continue;
            }
        };
        match places.get(&number) {
            Some(&at) => orders[at].order.lines.push(line),
            None => match order(&cells, &number, line, currency, zone) {
                Ok(order) => {
                    places.insert(number.clone(), orders.len());
                    orders.push(order);
                    written.push((number, row.line));
                }
                Err(reason) => refuse(reason),
            },
        }
    }
    for (mut imported, (number, line)) in orders.into_iter().zip(written) {
        if incomplete.contains(&number) {
            batch.refused.push(Refused {
                line,
                reason: format!("order {number}: another of its rows was refused"),
                row: String::new(),
            });
            continue;
        }
        settle_total(&mut imported.order);
        let order = &imported.order;
        if order.status != OrderStatus::Cancelled {
            let basket = Basket {
                at: order.placed_at,
                items: order.lines.iter().map(|line| line.sku.clone()).collect(),
            };
            let number = order.number.as_str().to_owned();
            batch.baskets.push((number, basket));
        }
        batch.orders.push(imported);
    }
    batch.refused.sort_by_key(|refused| refused.line);
    Ok(batch)
}

/// A row by our names.
struct Cells<'a> {
    columns: &'a Columns,
    row: &'a Row,
}

fn cell<'r>(row: &Cells<'r>, name: &str) -> &'r str {
    row.columns.of(row.row, name)
}

fn some(row: &Cells<'_>, name: &str) -> Option<String> {
    Some(cell(row, name).to_owned()).filter(|value| !value.is_empty())
}

fn money(row: &Cells<'_>, name: &str, currency: Currency) -> Result<Money, String> {
    Money::parse(cell(row, name), currency).map_err(|error| format!("{name}: {error}"))
}

fn line(row: &Cells<'_>, currency: Currency) -> Result<OrderLine, String> {
    if cell(row, "sku").is_empty() {
        return Err("sku: the cell is empty".to_owned());
    }
    let quantity = match cell(row, "quantity") {
        "" => 1,
        text => text
            .parse()
            .map_err(|_| format!("quantity: `{text}` is not a whole number"))?,
    };
    let sku = cell(row, "sku").to_owned();
    Ok(OrderLine {
        title: some(row, "title").unwrap_or_else(|| sku.clone()),
        sku,
        variant: cell(row, "variant").to_owned(),
        quantity,
        price: money(row, "price", currency)?,
    })
}

/// What is said of the whole order stands in its first row.
fn order(
    row: &Cells<'_>,
    number: &str,
    line: OrderLine,
    currency: Currency,
    zone: &TimeZone,
) -> Result<ImportedOrder, String> {
    if number.is_empty() {
        return Err("number: the cell is empty".to_owned());
    }
    let optional = |name: &str| match cell(row, name) {
        "" => Ok(None),
        _ => money(row, name, currency).map(Some),
    };
    let secret = |kind, name| some(row, name).map(|text| Secret { kind, text });
    let secrets = [
        secret(SecretKind::Email, "email"),
        secret(SecretKind::Postcode, "postcode"),
        secret(SecretKind::Phone, "phone"),
        secret(SecretKind::CustomerNumber, "customer_number"),
    ];
    let nothing = Money { minor: 0, currency };
    let order = Order {
        number: OrderNumber::new(number),
        placed_at: placed_at(cell(row, "placed_at"), zone)?,
        status: status(cell(row, "status"))?,
        parcels: some(row, "carrier")
            .map(|carrier| Parcel {
                carrier,
                tracking_number: some(row, "tracking_number"),
                tracking_url: some(row, "tracking_url"),
            })
            .into_iter()
            .collect(),
        expected_on: match cell(row, "expected_on") {
            "" => None,
            text => Some(
                text.parse::<Date>()
                    .map_err(|_| format!("expected_on: `{text}` is not a day; write 2026-11-20"))?,
            ),
        },
        timeline: Vec::new(),
        lines: vec![line],
        shipping: optional("shipping")?,
        total: optional("total")?.unwrap_or(nothing),
        refunded: None,
    };
    Ok(ImportedOrder {
        order,
        secrets: secrets.into_iter().flatten().collect(),
    })
}

/// A total that is not in the table is the sum of the lines and the shipping.
fn settle_total(order: &mut Order) {
    if order.total.minor == 0 {
        let lines: i64 = order
            .lines
            .iter()
            .map(|line| line.price.minor.saturating_mul(line.quantity))
            .fold(0, i64::saturating_add);
        order.total.minor = lines.saturating_add(order.shipping.map_or(0, |money| money.minor));
    }
}

fn placed_at(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let local = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(DateTime::from))
        .map_err(|_| {
            format!("placed_at: `{text}` is no time; write 2026-11-20T09:30 or 2026-11-20")
        })?;
    zone.to_timestamp(local)
        .map_err(|error| format!("placed_at: {error}"))
}

/// `Out for delivery` and `out_for_delivery` are one; without a status it is only known that there was an order.
fn status(text: &str) -> Result<OrderStatus, String> {
    let plain = text.to_lowercase().replace([' ', '-'], "_");
    if plain.is_empty() {
        return Ok(OrderStatus::Recorded);
    }
    let known = || STATUSES.iter().map(|status| status.as_str());
    let found = STATUSES.into_iter().find(|status| status.as_str() == plain);
    found.ok_or_else(|| match nearest(&plain, known()) {
        Some(near) => format!("status: `{text}`; did you mean `{near}`?"),
        None => format!(
            "status: `{text}`; known are {}",
            known().collect::<Vec<_>>().join(", ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_table(text: &str, map: &[&str]) -> Batch {
        let map: Vec<String> = map.iter().map(|pair| (*pair).to_owned()).collect();
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let map = Map::parse(&map).unwrap();
        read(text.as_bytes(), &map, "EUR".parse().unwrap(), &zone, |_| {}).unwrap()
    }

    #[test]
    fn rows_with_one_number_are_one_order_and_a_basket() {
        let batch = read_table(
            "\u{feff}Order;Date;Mail;Item;Qty;Each;State\n\
             A-1;2026-11-20 09:30;ana@example.com;MUG;2;12.50;Out for delivery\n\
             A-1;;;TRAY;1;30;\n",
            &[
                "number=Order",
                "placed_at=Date",
                "email=Mail",
                "sku=Item",
                "quantity=Qty",
                "price=Each",
                "status=State",
            ],
        );
        assert_eq!(batch.refused, []);
        let order = &batch.orders[0].order;
        assert_eq!((order.lines.len(), order.total.minor), (2, 5500));
        assert_eq!(order.status, OrderStatus::OutForDelivery);
        assert_eq!(order.placed_at.to_string(), "2026-11-20T08:30:00Z");
        assert_eq!(batch.orders[0].secrets.len(), 1);
        assert_eq!(batch.baskets[0].1.items, ["MUG", "TRAY"]);
    }

    #[test]
    fn an_order_with_a_refused_row_is_left_out_whole_and_its_data_not_listed() {
        let batch = read_table(
            "number,placed_at,sku,price,email,status,quantity\n\
             B-1,2026-11-20,MUG,12.50,ana@example.com,shiped,1\n\
             B-2,2026-11-20,MUG,12.50,ana@example.com,shipped,1\n\
             B-2,2026-11-20,TRAY,lots,ana@example.com,shipped,1\n\
             B-3,yesterday,MUG,12.50,,,1\n\
             B-4,2026-11-20,MUG,12.50,,,some\n\
             B-5,2026-11-20,MUG,12.50,,,1\n",
            &[],
        );
        let numbers: Vec<&str> = batch
            .orders
            .iter()
            .map(|one| one.order.number.as_str())
            .collect();
        assert_eq!(numbers, [OrderNumber::new("B-5").as_str()]);
        let reasons: Vec<String> = batch
            .refused
            .iter()
            .map(|row| format!("{}: {}{}", row.line, row.reason, row.row))
            .collect();
        insta::assert_snapshot!(reasons.join("\n"));
    }
}
