//! What shops send their products in: the exports of Shopify and WooCommerce, feeds made for Google Merchant Center,
//! plain tables and JSON lines. All become the same [`Product`]s; what a format says besides is carried along.

mod gather;
mod jsonl;
mod mapped;
mod merchant;
mod plain;
mod shopify;
mod woocommerce;
mod xml;

use super::Product;
use crate::money::Currency;
use crate::sheet::{self, Map, Refused, Sheet, SheetError};
use gather::Gathering;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

pub use plain::{option_name, plain_text};

/// How a file of products is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One product a line, in our own words.
    Jsonl,
    /// A table with headings of the shop's own.
    Table,
    /// Shopify's export, with the headings of either generation.
    Shopify,
    /// WooCommerce's export.
    WooCommerce,
    /// Google Merchant: a table with tabs, or RSS or Atom.
    Merchant,
}

/// What a file is read with.
#[derive(Debug, Clone)]
pub struct Reading {
    /// `None`: told from the file itself.
    pub format: Option<Format>,
    /// For tables with headings of the shop's own.
    pub map: Map,
    /// Of amounts that name none.
    pub currency: Currency,
    /// Of times that name none.
    pub zone: TimeZone,
}

/// What a file held.
#[derive(Debug, Default)]
pub struct Feed {
    pub products: Vec<Product>,
    pub refused: Vec<Refused>,
    /// What the file itself says is not on sale: reason → rows.
    pub left_out: BTreeMap<&'static str, u64>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error(transparent)]
    Sheet(#[from] SheetError),
    #[error("the file is no XML from byte {at} on: {reason}")]
    Xml { at: u64, reason: String },
    #[error("the file has no products: neither `item` nor `entry` stands in it")]
    NoItems,
    #[error(
        "the headings are those of no format known here ({headings}); say which column is what with --map sku=…,title=…,price=…"
    )]
    UnknownTable { headings: String },
    #[error(
        "the file is no {format} export: it has no column `{column}`; its columns are {headings}"
    )]
    NotThat {
        format: &'static str,
        column: &'static str,
        headings: String,
    },
}

/// Reads a file of products; `progress` hears how many bytes are done. One bad row costs that row.
///
/// # Errors
/// When the file as a whole is not what it should be.
pub fn read(
    bytes: Vec<u8>,
    reading: &Reading,
    mut progress: impl FnMut(u64),
) -> Result<Feed, FeedError> {
    let text = sheet::text(bytes)?;
    let format = match reading.format {
        Some(format) => format,
        None => told(&text, reading)?,
    };
    let mut gathering = Gathering::default();
    let into = &mut gathering;
    match format {
        Format::Jsonl => jsonl::read(&text, reading, into, &mut progress),
        Format::Table => mapped::read(&text, reading, into, &mut progress)?,
        Format::Shopify => shopify::read(&text, reading, into, &mut progress)?,
        Format::WooCommerce => woocommerce::read(&text, reading, into, &mut progress)?,
        Format::Merchant => merchant::read(&text, reading, into, &mut progress)?,
    }
    Ok(gathering.finish())
}

/// Which format a text is in, by its first sign and its headings.
fn told(text: &str, reading: &Reading) -> Result<Format, FeedError> {
    let start = text.trim_start();
    if start.starts_with('{') {
        return Ok(Format::Jsonl);
    }
    if start.starts_with('<') {
        return Ok(Format::Merchant);
    }
    let sheet = Sheet::open(text)?;
    let has = |headings: &[&str]| {
        headings
            .iter()
            .all(|heading| sheet.column(heading).is_some())
    };
    if !reading.map.is_empty() {
        Ok(Format::Table)
    } else if shopify::is_headed(&sheet) {
        Ok(Format::Shopify)
    } else if woocommerce::is_headed(&sheet) {
        Ok(Format::WooCommerce)
    } else if merchant::is_headed(&sheet) {
        Ok(Format::Merchant)
    } else if has(&["sku", "title", "price"]) {
        Ok(Format::Table)
    } else {
        let headings = sheet.headings().join(", ");
        Err(FeedError::UnknownTable { headings })
    }
}

/// The place of a column that a format cannot do without.
fn needed(
    sheet: &Sheet<'_>,
    format: &'static str,
    column: &'static str,
    also: &[&str],
) -> Result<usize, FeedError> {
    let mut names = std::iter::once(column).chain(also.iter().copied());
    names
        .find_map(|name| sheet.column(name))
        .ok_or_else(|| FeedError::NotThat {
            format,
            column,
            headings: sheet.headings().join(", "),
        })
}

#[cfg(test)]
mod tests;
