//! A table with the shop's own headings, one variant a row; rows with the same `group` are one product.

use super::gather::Gathering;
use super::plain::{levels, one_line, option_name, plain_text};
use super::{FeedError, Reading};
use crate::catalog::{Image, Product, Sale, Variant};
use crate::money::{Currency, Money};
use crate::sheet::{Columns, Row, Sheet};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What a column may be mapped to; those with a dot at the end take any name behind it.
const FIELDS: [&str; 25] = [
    "sku",
    "title",
    "price",
    "was",
    "currency",
    "sale_price",
    "sale_from",
    "sale_until",
    "stock",
    "available_on",
    "gtin",
    "category",
    "brand",
    "description",
    "tags",
    "image",
    "images",
    "url",
    "rating",
    "added",
    "group",
    "size",
    "colour",
    "attributes.",
    "options.",
];

pub(super) fn read(
    text: &str,
    reading: &Reading,
    into: &mut Gathering,
    progress: &mut impl FnMut(u64),
) -> Result<(), FeedError> {
    let sheet = Sheet::open(text)?;
    let columns = reading
        .map
        .columns(&sheet, &FIELDS, &["sku", "title", "price"])?;
    for row in sheet.rows() {
        progress(row.byte);
        if let Err(reason) = one(&row, &columns, &sheet, reading, into) {
            into.refuse(row.refused(reason));
        }
    }
    Ok(())
}

fn one(
    row: &Row,
    columns: &Columns,
    sheet: &Sheet<'_>,
    reading: &Reading,
    into: &mut Gathering,
) -> Result<(), String> {
    if let Some(broken) = &row.broken {
        return Err(broken.clone());
    }
    let cell = |name: &str| columns.of(row, name);
    let some = |name: &str| Some(cell(name).to_owned()).filter(|value| !value.is_empty());
    let mut variant = variant(row, columns, reading.currency, &reading.zone)?;
    let rating = match cell("rating") {
        "" => None,
        text => match text.parse::<f32>() {
            Ok(rating) if (0.0..=5.0).contains(&rating) => Some(rating),
            _ => return Err(format!("rating: `{text}` is not a number from 0 to 5")),
        },
    };
    let added = date("added", cell("added"))?;
    into.claim(&variant.sku, row.line)
        .map_err(|first| format!("sku: {} stands in line {first} already", variant.sku))?;
    let headings = sheet.headings().iter().enumerate();
    variant.carried = headings
        .filter(|(at, _)| !columns.uses(*at) && !row.at(Some(*at)).is_empty())
        .map(|(at, heading)| (heading.clone(), row.at(Some(at)).to_owned()))
        .collect();
    let group = some("group").unwrap_or_else(|| variant.sku.clone());
    let product = into.product(&group, || Product {
        sku: group.clone(),
        title: one_line(cell("title")),
        category: levels(cell("category")),
        brand: some("brand"),
        description: plain_text(cell("description")),
        attributes: columns
            .family(row, "attributes.")
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (option_name(name), value.to_owned()))
            .collect(),
        tags: list(cell("tags")).map(str::to_owned).collect(),
        images: list(cell("image"))
            .chain(list(cell("images")))
            .map(Image::from)
            .collect(),
        url: some("url"),
        rating,
        added,
        ..Product::default()
    });
    product.variants.push(variant);
    Ok(())
}

/// The parts of a cell that holds several, between commas or bars.
fn list(cell: &str) -> impl Iterator<Item = &str> {
    let parts = cell.split([',', '|']).map(str::trim);
    parts.filter(|part| !part.is_empty())
}

fn date(field: &str, text: &str) -> Result<Option<Date>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = text
        .parse()
        .map_err(|_| format!("{field}: `{text}` is not a date like 2026-11-20"))?;
    Ok(Some(date))
}

fn variant(
    row: &Row,
    columns: &Columns,
    currency: Currency,
    zone: &TimeZone,
) -> Result<Variant, String> {
    let cell = |name: &str| columns.of(row, name);
    for name in ["sku", "title"] {
        if cell(name).is_empty() {
            return Err(format!("{name}: the cell is empty"));
        }
    }
    let currency = match cell("currency") {
        "" => currency,
        code => code
            .parse()
            .map_err(|error: crate::money::MoneyError| format!("currency: {error}"))?,
    };
    let money = |name: &str| -> Result<Money, String> {
        let money =
            Money::parse(cell(name), currency).map_err(|error| format!("{name}: {error}"))?;
        if money.minor < 0 {
            Err(format!("{name}: `{}` is below nothing", cell(name)))
        } else {
            Ok(money)
        }
    };
    let mut variant = Variant::new(cell("sku"), money("price")?);
    if !cell("was").is_empty() {
        variant.was = Some(money("was")?);
    }
    if !cell("sale_price").is_empty() {
        let midnight = |date: Date| date.to_zoned(zone.clone()).ok().map(|at| at.timestamp());
        let (from, until) = (
            date("sale_from", cell("sale_from"))?,
            date("sale_until", cell("sale_until"))?,
        );
        variant.sale = Some(Sale {
            price: money("sale_price")?,
            from: from.and_then(midnight),
            // The last day is part of the sale.
            until: until.and_then(|day| day.tomorrow().ok()).and_then(midnight),
        });
    }
    variant.stock = match cell("stock") {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| format!("stock: `{text}` is not a whole number"))?,
        ),
    };
    variant.available_on = date("available_on", cell("available_on"))?;
    variant.gtin = Some(cell("gtin").to_owned()).filter(|gtin| !gtin.is_empty());
    for name in ["size", "colour"] {
        if !cell(name).is_empty() {
            variant
                .options
                .insert(name.to_owned(), cell(name).to_owned());
        }
    }
    let options = columns
        .family(row, "options.")
        .filter(|(_, value)| !value.is_empty());
    variant
        .options
        .extend(options.map(|(name, value)| (option_name(name), value.to_owned())));
    Ok(variant)
}
