//! Finding at 100,000 products: words drawn by a power law, eight attributes each. What a search costs, what the question
//! that narrows best costs, and what it all takes to load. `cargo bench --bench finding`.

#![allow(clippy::unwrap_used)] // a bench may fail loudly

mod numbers;

use numbers::Numbers;
use shoptalk::catalog::feed::{self, Format, Reading};
use shoptalk::catalog::{Catalog, Money, Product, Query, Variant};
use shoptalk::sheet::Map;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

const PRODUCTS: usize = 100_000;
const WORDS: usize = 20_000;
const QUERIES: usize = 2_000;

fn word(nth: usize) -> String {
    const SOUNDS: [&str; 10] = [
        "ba", "ko", "li", "ter", "mun", "dra", "vel", "sho", "pi", "gan",
    ];
    let digits = nth.to_string();
    digits
        .bytes()
        .map(|digit| SOUNDS[usize::from(digit - b'0')])
        .collect()
}

fn words(numbers: &mut Numbers, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|_| word(numbers.rank(WORDS))).collect();
    words.join(" ")
}

fn product(nth: usize, numbers: &mut Numbers) -> Product {
    let price = Money {
        minor: 500 + (numbers.next() % 20_000) as i64,
        currency: "EUR".parse().unwrap(),
    };
    Product {
        sku: format!("P{nth}"),
        title: words(numbers, 4),
        category: vec![word(numbers.rank(12)), word(100 + numbers.rank(80))],
        description: words(numbers, 30),
        attributes: (0..8)
            .map(|name| {
                (
                    format!("attribute {name}"),
                    word(1000 + name * 50 + numbers.rank(4 + name * 3)),
                )
            })
            .collect(),
        rating: Some(3.0 + (numbers.next() % 20) as f32 / 10.0),
        variants: vec![Variant {
            stock: Some((numbers.next() % 10) as u32),
            ..Variant::new(format!("P{nth}"), price)
        }],
        ..Product::default()
    }
}

/// Median and 99th percentile in milliseconds.
fn timed(mut one: impl FnMut(usize)) -> (f64, f64) {
    let mut times: Vec<f64> = (0..QUERIES)
        .map(|nth| {
            let began = Instant::now();
            one(nth);
            began.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[QUERIES / 2], times[QUERIES * 99 / 100])
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1000.0
}

fn main() {
    let mut numbers = Numbers(7);
    let products: Vec<Product> = (0..PRODUCTS)
        .map(|nth| product(nth, &mut numbers))
        .collect();
    let mut lines = String::new();
    for product in &products {
        let Product {
            sku,
            title,
            category,
            description,
            attributes,
            ..
        } = product;
        let price = product.variants[0].price;
        let _ = writeln!(
            lines,
            "{}",
            serde_json::json!({ "sku": sku, "title": title, "category": category, "description": description,
                "attributes": attributes, "price": price.to_string() })
        );
    }
    let reading = Reading {
        format: Some(Format::Jsonl),
        map: Map::default(),
        currency: "EUR".parse().unwrap(),
        zone: jiff::tz::TimeZone::UTC,
    };
    let began = Instant::now();
    let read = feed::read(lines.into_bytes(), &reading, |_| {}).unwrap();
    println!(
        "read from JSON lines: {:.0} products a second",
        read.products.len() as f64 / began.elapsed().as_secs_f64()
    );
    drop(read);

    let before = resident();
    let began = Instant::now();
    let catalog = Catalog::new(products).unwrap();
    println!(
        "indexed in {:.1} s, {:.0} MB more than the products themselves",
        began.elapsed().as_secs_f64(),
        resident() - before
    );

    let said: Vec<String> = (0..QUERIES)
        .map(|nth| words(&mut numbers, 1 + nth % 4))
        .collect();
    let query = |nth: usize| Query {
        text: said[nth].clone(),
        limit: 3,
        ..Query::default()
    };
    let stocked = |nth: usize| {
        let mut query = query(nth);
        query.filters.in_stock = true;
        query
    };
    for (what, (median, most)) in [
        (
            "search, in stock",
            timed(|nth| drop(black_box(catalog.find(&stocked(nth))))),
        ),
        (
            "search, or what comes closest",
            timed(|nth| drop(black_box(catalog.find_or_relax(&stocked(nth))))),
        ),
        (
            "as it is typed",
            timed(|nth| drop(black_box(catalog.find_as_typed(&query(nth))))),
        ),
        (
            "the question that narrows best",
            timed(|nth| {
                drop(black_box(
                    catalog.facets_at_a_glance(&stocked(nth)).best_question(&[]),
                ))
            }),
        ),
    ] {
        println!("{what}: median {median:.2} ms, p99 {most:.2} ms");
    }
    let all = Instant::now();
    let question = catalog
        .facets_at_a_glance(&Query::default())
        .best_question(&[]);
    println!(
        "the question over all of them: {:.2} ms ({})",
        all.elapsed().as_secs_f64() * 1000.0,
        question.is_some()
    );
}
