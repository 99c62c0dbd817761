//! The UCI "Online Retail" table (Chen 2015, CC BY 4.0): one row an order line of a real gift shop,
//! with the quirks of a real shop. Out of it come products, orders and baskets.

use super::batch::Batch;
use crate::catalog::{Product, Variant};
use crate::money::{Currency, Money};
use crate::orders::{
    Event, ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Secret, SecretKind,
};
use crate::recommend::Basket;
use crate::sheet::Refused;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;

/// The months before a product's last sale in which its usual price is looked for.
const PRICE_DAYS: i64 = 90;
/// Larger baskets are wholesale lists that say little about what goes together.
const LARGEST_BASKET: usize = 100;

#[derive(Debug, Deserialize)]
struct Row<'a> {
    #[serde(rename = "InvoiceNo")]
    invoice: &'a str,
    #[serde(rename = "StockCode")]
    code: &'a str,
    #[serde(rename = "Description")]
    description: &'a str,
    #[serde(rename = "Quantity")]
    quantity: &'a str,
    #[serde(rename = "InvoiceDate")]
    date: &'a str,
    #[serde(rename = "UnitPrice")]
    price: &'a str,
    #[serde(rename = "CustomerID")]
    customer: &'a str,
}

/// One checked line.
struct Line {
    code: String,
    description: String,
    quantity: i64,
    at: Timestamp,
    price: Money,
}

/// What is known of a product while its lines are read.
#[derive(Default)]
struct Known {
    /// Description → first and last day it was used, and how often.
    names: BTreeMap<String, (Timestamp, Timestamp, u32)>,
    /// Day and price of every line that was paid for.
    prices: Vec<(Timestamp, Money)>,
}

struct Invoice {
    number: String,
    customer: Option<String>,
    lines: Vec<Line>,
}

/// Reads the whole table.
///
/// # Errors
/// When it is not this table at all: columns are missing or it cannot be read.
pub(super) fn read(file: impl Read, mut progress: impl FnMut(u64)) -> anyhow::Result<Batch> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers = reader.headers()?.clone();
    for column in [
        "InvoiceNo",
        "StockCode",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
    ] {
        anyhow::ensure!(
            headers.iter().any(|known| known == column),
            "the table has no column `{column}`"
        );
    }
    let zone = TimeZone::get("Europe/London")?;
    let currency: Currency = "GBP".parse()?;
    let mut batch = Batch::default();
    let mut products: BTreeMap<String, Known> = BTreeMap::new();
    let mut invoices: Vec<Invoice> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line_no = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                batch.refused.push(Refused {
                    line: line_no,
                    reason: error.to_string(),
                    row: String::new(),
                });
                continue;
            }
        }
        progress(reader.position().byte());
        let row: Row<'_> = match record.deserialize(Some(&headers)) {
            Ok(row) => row,
            Err(error) => {
                let row = record.iter().collect::<Vec<_>>().join(",");
                batch.refused.push(Refused {
                    line: line_no,
                    reason: error.to_string(),
                    row,
                });
                continue;
            }
        };
        if row.invoice.starts_with('A') {
            batch.left_out("accounting adjustments", 1);
            continue;
        }
        if !is_goods(row.code) {
            batch.left_out("lines that are not goods (postage, fees, samples)", 1);
            continue;
        }
        let line = match checked(&row, &zone, currency) {
            Ok(line) => line,
            Err(reason) => {
                let row = record.iter().collect::<Vec<_>>().join(",");
                batch.refused.push(Refused {
                    line: line_no,
                    reason,
                    row,
                });
                continue;
            }
        };
        learn(products.entry(line.code.clone()).or_default(), &line);
        let place = *places.entry(row.invoice.to_owned()).or_insert_with(|| {
            let customer = row.customer.trim().trim_end_matches(".0");
            let customer = (!customer.is_empty()).then(|| customer.to_owned());
            invoices.push(Invoice {
                number: row.invoice.to_owned(),
                customer,
                lines: Vec::new(),
            });
            invoices.len() - 1
        });
        invoices[place].lines.push(line);
    }
    let mut titles = HashMap::new();
    for (code, known) in products {
        match product(&code, &known) {
            Some(product) => {
                titles.insert(code, product.title.clone());
                batch.products.push(product);
            }
            None => batch.left_out("codes that were never sold", 1),
        }
    }
    for invoice in invoices {
        batch
            .baskets
            .extend(basket(&invoice).map(|basket| (invoice.number.clone(), basket)));
        batch.orders.push(order(invoice, &titles, currency));
    }
    Ok(batch)
}

/// Five digits and up to two letters; everything else is postage, fees, samples and remarks.
pub(in crate::cli) fn is_goods(code: &str) -> bool {
    let (digits, letters) = code.split_at(code.bytes().take_while(u8::is_ascii_digit).count());
    digits.len() == 5 && letters.len() <= 2 && letters.bytes().all(|b| b.is_ascii_alphabetic())
}

fn checked(row: &Row<'_>, zone: &TimeZone, currency: Currency) -> Result<Line, String> {
    let quantity = row
        .quantity
        .parse()
        .map_err(|_| format!("quantity `{}` is not a whole number", row.quantity))?;
    let price = Money::parse(&rounded(row.price), currency).map_err(|error| error.to_string())?;
    let local: DateTime = row
        .date
        .parse()
        .map_err(|_| format!("date `{}` is not like 2010-12-01 08:26:00", row.date))?;
    let at = local
        .to_zoned(zone.clone())
        .map_err(|error| error.to_string())?
        .timestamp();
    let description = row
        .description
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    Ok(Line {
        code: row.code.to_ascii_uppercase(),
        description,
        quantity,
        at,
        price,
    })
}

/// A few prices have a third decimal (`0.001`): half a penny up.
fn rounded(price: &str) -> String {
    match price.split_once('.') {
        Some((_, fraction)) if fraction.len() > 2 => price
            .parse::<f64>()
            .map_or(price.to_owned(), |p| format!("{p:.2}")),
        _ => price.to_owned(),
    }
}

fn learn(known: &mut Known, line: &Line) {
    if line.quantity > 0 && line.price.minor > 0 {
        known.prices.push((line.at, line.price));
    }
    // Goods are written in capitals; what is not is a remark of the warehouse.
    let is_name = line
        .description
        .chars()
        .filter(|c| c.is_alphabetic())
        .count()
        > 3
        && !line.description.chars().any(char::is_lowercase);
    if is_name {
        let entry = known
            .names
            .entry(line.description.clone())
            .or_insert((line.at, line.at, 0));
        entry.0 = entry.0.min(line.at);
        entry.1 = entry.1.max(line.at);
        entry.2 += 1;
    }
}

fn product(code: &str, known: &Known) -> Option<Product> {
    let longest = |(_, (first, last, times)): &(&String, &(Timestamp, Timestamp, u32))| {
        (last.duration_since(*first).as_secs(), *times)
    };
    let (name, _) = known.names.iter().max_by_key(longest)?;
    let price = usual_price(&known.prices)?;
    Some(Product {
        sku: code.to_owned(),
        title: sentence_case(name),
        variants: vec![Variant::new(code, price)],
        ..Product::default()
    })
}

/// The most frequent price of the last months in which the product was sold; the lower one of two.
fn usual_price(prices: &[(Timestamp, Money)]) -> Option<Money> {
    let last = prices.iter().map(|(at, _)| *at).max()?;
    let mut counts: BTreeMap<Money, u32> = BTreeMap::new();
    for (at, price) in prices {
        if last.duration_since(*at).as_hours() <= PRICE_DAYS * 24 {
            *counts.entry(*price).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(price, count)| (*count, std::cmp::Reverse(price.minor)))
        .map(|(price, _)| price)
}

/// `WHITE METAL LANTERN` is shouting: `White metal lantern`.
fn sentence_case(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut letters = lower.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => lower,
    }
}

fn basket(invoice: &Invoice) -> Option<Basket> {
    if invoice.number.starts_with('C') {
        return None;
    }
    let mut items: Vec<String> = Vec::new();
    for line in invoice
        .lines
        .iter()
        .filter(|line| line.quantity > 0 && line.price.minor > 0)
    {
        if !items.contains(&line.code) {
            items.push(line.code.clone());
        }
    }
    let at = invoice.lines.first()?.at;
    (2..=LARGEST_BASKET)
        .contains(&items.len())
        .then_some(Basket { at, items })
}

fn order(invoice: Invoice, titles: &HashMap<String, String>, currency: Currency) -> ImportedOrder {
    let at = invoice
        .lines
        .first()
        .map_or(Timestamp::UNIX_EPOCH, |line| line.at);
    // A `C` invoice takes another one back. Of all others the table knows no more than that they were made.
    let status = if invoice.number.starts_with('C') {
        OrderStatus::Cancelled
    } else {
        OrderStatus::Recorded
    };
    let total = invoice
        .lines
        .iter()
        .map(|line| line.quantity.saturating_mul(line.price.minor))
        .sum();
    let lines = invoice.lines.into_iter().map(|line| OrderLine {
        title: titles.get(&line.code).cloned().unwrap_or(line.description),
        sku: line.code,
        variant: String::new(),
        quantity: line.quantity,
        price: line.price,
    });
    let order = Order {
        number: OrderNumber::new(&invoice.number),
        placed_at: at,
        status,
        parcels: Vec::new(),
        expected_on: None,
        refunded: None,
        timeline: vec![Event { status, at }],
        lines: lines.collect(),
        shipping: None,
        total: Money {
            minor: total,
            currency,
        },
    };
    let secrets = invoice.customer.map(|text| Secret {
        kind: SecretKind::CustomerNumber,
        text,
    });
    ImportedOrder {
        order,
        secrets: secrets.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn table(rows: &str) -> Batch {
        read(format!("{HEAD}{rows}").as_bytes(), |_| {}).unwrap()
    }

    #[test]
    fn an_invoice_becomes_an_order_and_a_basket() {
        let batch = table(
            "536365,85123a,WHITE HANGING  HEART T-LIGHT HOLDER ,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
             536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom\n",
        );
        assert_eq!(
            batch.products[1].title,
            "White hanging heart t-light holder"
        );
        assert_eq!(batch.orders[0].order.total.to_string(), "35.64");
        assert_eq!(batch.orders[0].secrets[0].text, "17850");
        assert_eq!(batch.baskets[0].1.items, ["85123A", "71053"]);
    }

    #[test]
    fn postage_adjustments_and_remarks_are_no_goods() {
        let batch = table(
            "536370,POST,POSTAGE,3,2010-12-01 08:45:00,18.00,12583.0,France\n\
             A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom\n\
             536371,22086,PAPER CHAIN KIT,80,2010-12-01 09:00:00,2.55,13748.0,United Kingdom\n\
             536372,22086,wrong barcode (22467),-80,2010-12-01 09:01:00,0.0,,United Kingdom\n",
        );
        assert_eq!(batch.products.len(), 1);
        assert_eq!(batch.products[0].title, "Paper chain kit");
        assert!(batch.refused.is_empty());
    }

    #[test]
    fn a_broken_line_is_refused_with_its_number_and_reason() {
        let batch =
            table("536370,22086,PAPER CHAIN KIT,many,2010-12-01 08:45:00,18.00,12583.0,France\n");
        assert_eq!(batch.refused[0].line, 2);
        assert!(batch.refused[0].reason.contains("`many`"));
    }

    #[test]
    fn the_usual_price_is_the_most_frequent_of_the_latest_months() {
        let day = |text: &str| text.parse::<Timestamp>().unwrap();
        let gbp = |minor| Money {
            minor,
            currency: "GBP".parse().unwrap(),
        };
        let prices = [
            (day("2010-12-01T00:00:00Z"), gbp(100)),
            (day("2010-12-02T00:00:00Z"), gbp(100)),
            (day("2011-09-01T00:00:00Z"), gbp(125)),
        ];
        assert_eq!(usual_price(&prices), Some(gbp(125)));
    }
}
