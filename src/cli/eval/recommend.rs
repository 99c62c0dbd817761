//! `shoptalk eval recommend`.

use super::super::import::is_goods;
use super::super::{Place, generation};
use super::rounded;
use crate::catalog::{Catalog, Money, Product, Variant};
use crate::recommend::{self, Basket, Evaluation, Exposure, Scores, evaluate};
use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Of the invoices in time order, so many in five teach when no day is given.
const TAUGHT_IN_FIVE: usize = 4;
/// Baskets of one teach nothing of what goes together, larger ones are wholesale lists.
const SIZES: std::ops::RangeInclusive<usize> = 2..=100;

#[derive(Debug, clap::Args)]
pub(super) struct RecommendArgs {
    /// Order lines to learn from and to foretell; without it, the orders of your own shop
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
    /// How the file is written
    #[arg(long, value_enum, default_value_t = Format::OnlineRetail)]
    format: Format,
    /// First day (UTC) of the orders that are foretold; without it, the last fifth
    #[arg(long, value_name = "DATE")]
    split: Option<Date>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,…
    OnlineRetail,
}

pub(super) async fn run(place: &Place, args: &RecommendArgs) -> anyhow::Result<ExitCode> {
    let (mut baskets, products) = match &args.orders {
        Some(path) => online_retail(path)?,
        None => own(place).await?,
    };
    baskets.retain(|basket| SIZES.contains(&basket.items.len()));
    baskets.sort_by_key(|basket| basket.at);
    let split = match args.split {
        Some(day) => day.to_zoned(TimeZone::UTC)?.timestamp(),
        None => match baskets.get(baskets.len() * TAUGHT_IN_FIVE / 5) {
            Some(basket) => basket.at,
            None => bail!("there is no order of two products or more to learn from"),
        },
    };
    // What was not sold before the split could not have been recommended.
    let taught = baskets.iter().filter(|basket| basket.at < split);
    let sold: BTreeSet<&String> = taught.flat_map(|basket| &basket.items).collect();
    let is_sold = |product: &Product| {
        let mut variants = product.variants.iter();
        sold.contains(&product.sku) || variants.any(|variant| sold.contains(&variant.sku))
    };
    let products: Vec<Product> = products.into_iter().filter(is_sold).collect();
    let catalog = Arc::new(Catalog::new(products).context("indexing the products")?);
    let found = evaluate(baskets, catalog, split);
    if found.frozen.baskets == 0 {
        bail!(
            "no order from {split} on holds two products that were sold before: choose another --split"
        );
    }
    if args.json {
        println!("{}", as_json(&found));
    } else {
        print(&found, split);
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(found: &Evaluation) -> serde_json::Value {
    let of = |scores: &Scores| {
        serde_json::json!({
            "hit_rate_at_5": rounded(scores.hit_at_5),
            "hit_rate_at_10": rounded(scores.hit_at_10),
            "recall_at_20": rounded(scores.recall_at_20),
            "mrr_at_20": rounded(scores.mrr_at_20),
            "ndcg_at_10": rounded(scores.ndcg_at_10),
            "coverage_at_10": rounded(scores.coverage_at_10),
            "train_ms": rounded(found.train_ms),
            "query_us_mean": rounded(found.query_us.0),
            "query_us_p99": rounded(found.query_us.1),
            "bytes": found.bytes,
            "train_baskets": found.train_baskets,
            "test_baskets": scores.baskets,
        })
    };
    let shares = |shares: &[f64]| {
        shares
            .iter()
            .map(|share| rounded(*share))
            .collect::<Vec<_>>()
    };
    let Exposure {
        by_popularity,
        by_price,
        by_brand,
        new,
        new_in_catalog,
    } = &found.exposure;
    let brands: BTreeMap<&str, f64> = by_brand
        .iter()
        .map(|(brand, share)| (brand.as_str(), rounded(*share)))
        .collect();
    serde_json::json!({
        "frozen": of(&found.frozen),
        "learning": of(&found.learning),
        "popularity": of(&found.popularity),
        "cosine": of(&found.cosine),
        "items": found.items,
        "fit_ms": rounded(found.fit_ms),
        "exposure": {
            "by_popularity_decile": shares(by_popularity),
            "by_price_quarter": shares(by_price),
            "by_brand": brands,
            "new": rounded(*new),
            "new_in_catalog": rounded(*new_in_catalog),
        },
    })
}

fn print(found: &Evaluation, split: Timestamp) {
    println!(
        "{} orders before {} teach about {} products; {} later ones are foretold, half of each revealed",
        found.train_baskets,
        split.strftime("%-d %b %Y"),
        found.items,
        found.frozen.baskets
    );
    println!("\n                     hit@5  hit@10  recall@20  MRR@20  NDCG@10  coverage@10");
    let row = |name: &str, scores: &Scores| {
        println!(
            "{name:<20} {:>5.3}  {:>6.3}  {:>9.3}  {:>6.3}  {:>7.3}  {:>11.3}",
            scores.hit_at_5,
            scores.hit_at_10,
            scores.recall_at_20,
            scores.mrr_at_20,
            scores.ndcg_at_10,
            scores.coverage_at_10
        );
    };
    row("learning as it goes", &found.learning);
    row("frozen at the split", &found.frozen);
    row("cosine", &found.cosine);
    row("what sells most", &found.popularity);
    let (mean, last) = found.query_us;
    println!(
        "\nlearnt in {:.0} ms, {:.1} MB, {mean:.1} us a question (99th percentile {last:.1})",
        found.train_ms,
        found.bytes as f64 / 1e6
    );
    if let Some(weights) = found.fitted {
        println!("weights of a server with these orders: {weights:?}");
    }
    println!("\nWhom the first ten show");
    let percent = |shares: &[f64]| {
        let shares = shares
            .iter()
            .map(|share| format!("{:>3.0} %", share * 100.0));
        shares.collect::<Vec<_>>().join(" ")
    };
    println!(
        "by sales, a tenth of the products each, best sellers first: {}",
        percent(&found.exposure.by_popularity)
    );
    println!(
        "by price, a quarter each, cheapest first: {}",
        percent(&found.exposure.by_price)
    );
    println!(
        "first sold in the month before: {:.1} %, of the catalog {:.1} %",
        found.exposure.new * 100.0,
        found.exposure.new_in_catalog * 100.0
    );
    for (brand, share) in found.exposure.by_brand.iter().take(8) {
        let name = if brand.is_empty() { "no brand" } else { brand };
        println!("brand {name}: {:.0} %", share * 100.0);
    }
}

async fn own(place: &Place) -> anyhow::Result<(Vec<Basket>, Vec<Product>)> {
    let loaded = generation::load(place, Timestamp::now()).await?;
    let baskets = recommend::table::load(&loaded.store)
        .await
        .context("reading the orders")?;
    let products = loaded.shop.catalog.products().iter();
    Ok((
        baskets,
        products.map(|product| Product::clone(product)).collect(),
    ))
}

/// One basket an invoice, and the products with the name used most and the last price paid. Cancelled invoices,
/// adjustments, and what is no product or was not paid for are left out.
fn online_retail(path: &Path) -> anyhow::Result<(Vec<Basket>, Vec<Product>)> {
    let reading = || format!("reading {}", path.display());
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(reading)?;
    let headers = reader.headers().with_context(reading)?.clone();
    let column = |name: &str| {
        let found = headers
            .iter()
            .position(|known| known.trim_start_matches('\u{feff}') == name);
        found.with_context(|| format!("{}: there is no column `{name}`", path.display()))
    };
    let [invoice, code, name] = [
        column("InvoiceNo")?,
        column("StockCode")?,
        column("Description")?,
    ];
    let [quantity, date, price] = [
        column("Quantity")?,
        column("InvoiceDate")?,
        column("UnitPrice")?,
    ];
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut baskets: Vec<Basket> = Vec::new();
    let mut names: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let mut prices: HashMap<String, f64> = HashMap::new();
    for row in reader.records() {
        let row = row.with_context(reading)?;
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let number = |column: usize| cell(column).parse::<f64>().unwrap_or_default();
        let (invoice, code) = (cell(invoice), cell(code).to_uppercase());
        let counts = number(quantity) > 0.0 && number(price) > 0.0;
        if invoice.starts_with(['C', 'A']) || !is_goods(&code) || !counts {
            continue;
        }
        let place = match places.get(invoice) {
            Some(place) => *place,
            None => {
                let at: DateTime = cell(date).parse().with_context(|| {
                    let line = row.position().map_or(0, csv::Position::line);
                    format!(
                        "{}:{line}: `{}` is no date and time",
                        path.display(),
                        cell(date)
                    )
                })?;
                baskets.push(Basket {
                    at: at.to_zoned(TimeZone::UTC)?.timestamp(),
                    items: Vec::new(),
                });
                places.insert(invoice.to_owned(), baskets.len() - 1);
                baskets.len() - 1
            }
        };
        let uses = names.entry(code.clone()).or_default();
        *uses.entry(cell(name).trim().to_owned()).or_default() += 1;
        prices.insert(code.clone(), number(price));
        if !baskets[place].items.contains(&code) {
            baskets[place].items.push(code);
        }
    }
    let currency = "GBP".parse()?;
    let product = |(sku, names): (String, BTreeMap<String, u32>)| {
        let used_most = names.into_iter().max_by_key(|(_, times)| *times);
        let pence = prices.get(&sku).map_or(0.0, |price| price * 100.0).round();
        let price = Money {
            minor: pence as i64,
            currency,
        };
        Product {
            title: used_most.map(|(name, _)| name).unwrap_or_default(),
            variants: vec![Variant::new(&sku, price)],
            sku,
            ..Product::default()
        }
    };
    Ok((baskets, names.into_iter().map(product).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn baskets_are_what_was_paid_for_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.csv");
        let lines = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
            1,10001a,MUG,2,2011-07-01 10:00:00,1.25,7,UK\n\
            1,10002,BOWL,1,2011-07-01 10:00:00,2.50,7,UK\n\
            1,10001A,MUG,1,2011-07-01 10:00:00,1.25,7,UK\n\
            1,POST,POSTAGE,1,2011-07-01 10:00:00,9.00,7,UK\n\
            C2,10002,BOWL,-1,2011-07-02 10:00:00,2.50,7,UK\n\
            3,10002,BOWL,1,2011-07-03 10:00:00,0,7,UK\n";
        std::fs::write(&path, lines).unwrap();
        let (baskets, products) = online_retail(&path).unwrap();
        assert_eq!(baskets.len(), 1);
        assert_eq!(baskets[0].items, ["10001A", "10002"]);
        let titles: Vec<&str> = products.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["MUG", "BOWL"]);

        std::fs::write(&path, "InvoiceNo,StockCode\n1,10001\n").unwrap();
        let error = online_retail(&path).unwrap_err().to_string();
        assert!(
            error.contains("there is no column `Description`"),
            "{error}"
        );
        let no_date = lines.replace("2011-07-01 10:00:00,1.25", "yesterday,1.25");
        std::fs::write(&path, no_date).unwrap();
        let error = online_retail(&path).unwrap_err().to_string();
        assert!(
            error.contains("lines.csv:2: `yesterday` is no date"),
            "{error}"
        );
    }
}
