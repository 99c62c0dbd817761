//! `shoptalk import`: products, orders and articles from files. All or nothing per file, the same
//! file twice changes nothing, and every refused row is named.

mod batch;
mod demo;
mod knowledge;
mod online_retail;
mod orders_csv;
mod orders_jsonl;

use super::{FOUND_PROBLEMS, Place, demo_articles, generation};
use crate::catalog::{self, feed};
use crate::money::Currency;
use crate::orders;
use crate::sheet::Map;
use crate::store::Store;
use crate::sync;
use anyhow::{Context, bail};
use batch::Batch;
use clap::{Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
pub(super) use online_retail::is_goods;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

pub(super) use demo::{fill_with_demo, order_numbers, take_demo_away};

#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "Examples:
  shoptalk import products products_export.csv
  shoptalk import products goods.csv --map sku=Code,title=Name,price=Price
  shoptalk import orders orders.jsonl
  shoptalk import orders orders.csv --map number=Order,placed_at=Date,sku=Item,price=Each,email=Mail
  shoptalk --data trial import orders --format online-retail online-retail.csv
  shoptalk import knowledge faq.csv --map question=Q,answer=A";

/// Where products of files say they come from.
const ORIGIN: &str = "file";

#[derive(Debug, Subcommand)]
enum What {
    /// What the shop sells: exports of Shopify and WooCommerce, Google Merchant feeds, JSON lines, or CSV with --map
    Products(FileArgs),
    /// What was bought: JSON lines, CSV with --map, or the UCI "Online Retail" table
    Orders(FileArgs),
    /// Questions and answers: CSV, JSON lines or Markdown; becomes a file in `knowledge/`
    Knowledge(FileArgs),
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    file: PathBuf,
    /// How the file is written [default: told from the file]
    #[arg(long)]
    format: Option<Format>,
    /// Which column is what: `sku=Code,title=Name`
    #[arg(long, value_delimiter = ',', value_name = "OURS=THEIRS")]
    map: Vec<String>,
    /// Store what can be used although other rows are refused
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
    /// Shopify's export of products
    Shopify,
    /// WooCommerce's export of products
    WooCommerce,
    /// A Google Merchant feed: tabs, RSS or Atom
    Merchant,
    OnlineRetail,
    Markdown,
}

impl Format {
    /// A plain table of products is told from an export by its headings.
    fn of_products(self) -> Option<feed::Format> {
        match self {
            Self::Jsonl => Some(feed::Format::Jsonl),
            Self::Shopify => Some(feed::Format::Shopify),
            Self::WooCommerce => Some(feed::Format::WooCommerce),
            Self::Merchant => Some(feed::Format::Merchant),
            Self::Csv | Self::OnlineRetail | Self::Markdown => None,
        }
    }

    fn of(path: &Path) -> anyhow::Result<Self> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("jsonl" | "ndjson") => Ok(Self::Jsonl),
            Some("csv" | "tsv") => Ok(Self::Csv),
            Some("md") => Ok(Self::Markdown),
            _ => bail!("{}: say how it is written with --format", path.display()),
        }
    }
}

pub(super) async fn run(place: &Place, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let (what, file) = match args.what {
        What::Products(file) => ("products", file),
        What::Orders(file) => ("orders", file),
        What::Knowledge(file) => return knowledge::run(&config, &file),
    };
    let began = Instant::now();
    let currency: Currency = config.shop.currency.parse().context("shop.currency")?;
    let batch = read(&file, what, file.format, currency, &config.shop.zone)?;
    for (reason, rows) in batch.left_out_rows() {
        eprintln!("left out: {rows} {reason}");
    }
    let rejects = batch::write_rejects(&file.file, &batch.refused)?;
    if let Some(path) = &rejects {
        eprintln!(
            "refused: {} rows, listed in {}",
            batch.refused.len(),
            path.display()
        );
        if !file.keep_going {
            let first = batch
                .refused
                .first()
                .map(|row| format!("line {}: {}", row.line, row.reason))
                .unwrap_or_default();
            eprintln!(
                "nothing was stored ({first}); mend the file, or use --keep-going to store the rest"
            );
            return Ok(ExitCode::from(FOUND_PROBLEMS));
        }
    }
    let store = generation::open(&config).await?;
    print!("{}", store_all(&store, &batch).await?);
    println!(
        "refused {}, {:.1} s",
        batch.refused.len(),
        began.elapsed().as_secs_f64()
    );
    store.close().await?;
    if !batch.products.is_empty()
        && let Some(reminder) = demo_articles::reminder(&config)
    {
        println!("{reminder}");
    }
    Ok(if rejects.is_some() {
        ExitCode::from(FOUND_PROBLEMS)
    } else {
        ExitCode::SUCCESS
    })
}

fn read(
    file: &FileArgs,
    what: &str,
    format: Option<Format>,
    currency: Currency,
    zone: &TimeZone,
) -> anyhow::Result<Batch> {
    let open =
        || File::open(&file.file).with_context(|| format!("opening {}", file.file.display()));
    let bar = progress(open()?.metadata()?.len());
    let reader = BufReader::with_capacity(1 << 20, open()?);
    if what == "products" {
        let reading = feed::Reading {
            format: format.and_then(Format::of_products),
            map: Map::parse(&file.map)?,
            currency,
            zone: zone.clone(),
        };
        let bytes = std::fs::read(&file.file);
        let bytes = bytes.with_context(|| format!("opening {}", file.file.display()))?;
        let read = feed::read(bytes, &reading, |at| bar.set_position(at));
        bar.finish_and_clear();
        let feed = read.with_context(|| format!("reading {}", file.file.display()))?;
        return Ok(feed.into());
    }
    let format = format.map_or_else(|| Format::of(&file.file), Ok)?;
    let batch = match (what, format) {
        ("orders", Format::Jsonl) => {
            orders_jsonl::read(reader, currency, |at| bar.set_position(at))
        }
        ("orders", Format::Csv) => {
            let map = Map::parse(&file.map)?;
            orders_csv::read(reader, &map, currency, zone, |at| bar.set_position(at))
        }
        ("orders", Format::OnlineRetail) => online_retail::read(reader, |at| bar.set_position(at)),
        (what, format) => {
            bail!("{what} cannot be read from {format:?}; see `shoptalk import {what} --help`")
        }
    };
    bar.finish_and_clear();
    batch.with_context(|| format!("reading {}", file.file.display()))
}

/// A bar on a terminal, nothing elsewhere.
fn progress(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// Everything in one transaction; what it changed, in words.
async fn store_all(store: &Store, batch: &Batch) -> anyhow::Result<String> {
    let rows = catalog::table::prepare(&batch.products, ORIGIN)?;
    let mut write = store.begin().await?;
    let moved_in =
        !batch.products.is_empty() && sync::make_room(&mut write, &order_numbers()).await?;
    let goods = catalog::table::upsert(&mut write, &rows)
        .await
        .context("storing products")?;
    let bought = batch.store_bought(&mut write).await?;
    write.commit().await.context("storing")?;
    let demo = if moved_in {
        "the demo shop made room for yours\n"
    } else {
        ""
    };
    let mut said = demo.to_owned();
    if !batch.products.is_empty() {
        let catalog::table::Upserted {
            added,
            changed,
            unchanged,
        } = goods;
        said += &format!("products: {added} added, {changed} changed, {unchanged} unchanged\n");
    }
    if !batch.orders.is_empty() {
        let orders::Upserted {
            added,
            changed,
            unchanged,
        } = bought;
        said += &format!("orders: {added} added, {changed} changed, {unchanged} unchanged\n");
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = Vec<u8>> {
        let csv = "((sku|title|price|number|placed_at|stock|\"|,|;|\n|\r\n|12\\.50|-3|2026-11-20|[a-z]{1,4}| ){1,3}){0,40}";
        let json = "((\\{|\\}|\\[|\\]|:|,|\"sku\"|\"title\"|\"price\"|\"number\"|\"lines\"|\"[a-z]{0,3}\"|1e9|null|\n){1,3}){0,40}";
        prop_oneof![
            csv.prop_map(String::into_bytes),
            json.prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..300),
        ]
    }

    proptest! {
        /// Whatever a file holds, it is a batch, refused rows among them, or an error with words.
        #[test]
        fn any_file_is_a_batch_or_an_error(mut bytes in text(), headed in any::<bool>()) {
            let currency: Currency = "EUR".parse().unwrap();
            let map = Map::default();
            if headed {
                let head = b"number,placed_at,sku,price,title,InvoiceNo,StockCode,Description,Quantity,InvoiceDate\n";
                bytes.splice(0..0, head.iter().copied());
            }
            let _ = orders_jsonl::read(&bytes[..], currency, |_| {});
            let _ = orders_csv::read(&bytes[..], &map, currency, &TimeZone::UTC, |_| {});
            let _ = online_retail::read(&bytes[..], |_| {});
        }
    }
}
