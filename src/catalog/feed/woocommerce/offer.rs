//! What a row costs, when it costs less, and whether there is any.

use super::Columns;
use crate::catalog::feed::Reading;
use crate::catalog::feed::plain::{amount, is_yes};
use crate::catalog::{Sale, Variant};
use crate::money::Money;
use crate::sheet::Row;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Price, sale and stock of a row.
pub(super) fn priced(row: &Row, columns: &Columns, reading: &Reading) -> Result<Variant, String> {
    let cell = |at: Option<usize>| row.at(at);
    let regular = cell(columns.regular);
    if regular.is_empty() {
        return Err("Regular price: the cell is empty".to_owned());
    }
    let regular = amount("Regular price", regular, reading.currency)?;
    let mut variant = Variant::new("", regular);
    let sale = cell(columns.sale);
    if !sale.is_empty() {
        let price = amount("Sale price", sale, reading.currency)?;
        on_sale(&mut variant, price, row, columns, &reading.zone)?;
    }
    (variant.stock, variant.backorder) = stock(row, columns)?;
    variant.gtin = Some(cell(columns.gtin).to_owned()).filter(|gtin| !gtin.is_empty());
    Ok(variant)
}

/// A sale without dates is the price; one with dates is kept with them.
fn on_sale(
    variant: &mut Variant,
    price: Money,
    row: &Row,
    columns: &Columns,
    zone: &TimeZone,
) -> Result<(), String> {
    let from = moment(
        "Date sale price starts",
        row.at(columns.sale_from),
        zone,
        false,
    )?;
    let until = moment(
        "Date sale price ends",
        row.at(columns.sale_until),
        zone,
        true,
    )?;
    if from.is_none() && until.is_none() {
        variant.was = Some(variant.price).filter(|was| was.minor > price.minor);
        variant.price = price;
    } else {
        variant.sale = Some(Sale { price, from, until });
    }
    Ok(())
}

/// `2026-11-01`, or with a time of day. A day as an end is part of the sale.
fn moment(
    field: &str,
    text: &str,
    zone: &TimeZone,
    is_end: bool,
) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("{field}: `{text}` is not a date like 2026-11-20");
    let at = match text.parse::<Timestamp>() {
        Ok(at) => return Ok(Some(at)),
        Err(_) => match text.len() {
            10 => {
                let day: Date = text.parse().map_err(|_| wrong())?;
                let day = if is_end {
                    day.tomorrow().map_err(|_| wrong())?
                } else {
                    day
                };
                day.at(0, 0, 0, 0)
            }
            _ => text.parse::<DateTime>().map_err(|_| wrong())?,
        },
    };
    let at = at.to_zoned(zone.clone()).map_err(|_| wrong())?;
    Ok(Some(at.timestamp()))
}

/// `In stock?` is 1, 0 or `backorder`; a count stands beside it where stock is kept. Then whether it is sold with none on
/// hand.
fn stock(row: &Row, columns: &Columns) -> Result<(Option<u32>, bool), String> {
    let (state, count) = (row.at(columns.in_stock), row.at(columns.stock));
    let goes_on = matches!(row.at(columns.backorders), "1" | "notify")
        || state.eq_ignore_ascii_case("backorder");
    if goes_on {
        let none_left = count.parse::<f64>().is_ok_and(|count| count <= 0.0);
        return Ok((None, none_left || state.eq_ignore_ascii_case("backorder")));
    }
    if count.is_empty() {
        let is_out = !state.is_empty() && !is_yes(state) && !state.eq_ignore_ascii_case("instock");
        return Ok((is_out.then_some(0), false));
    }
    let count: f64 = count
        .parse()
        .map_err(|_| format!("Stock: `{count}` is not a number"))?;
    Ok((Some(count.max(0.0) as u32), false))
}
