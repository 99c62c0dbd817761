//! Recommending at 100,000 products and 1,000,000 baskets: what sells and what goes with it drawn by power laws. What a
//! question costs with every rule on, what an event costs, and what it all takes to build. `cargo bench --bench recommending`.

#![allow(clippy::unwrap_used)] // a bench may fail loudly

mod numbers;

use jiff::{SignedDuration, Timestamp};
use numbers::Numbers;
use shoptalk::catalog::{Catalog, Money, Product, Variant};
use shoptalk::recommend::{
    Ask, Basket, Pin, Placement, Profile, Reason, Recommender, RowKind, Rules, Seen,
};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

const PRODUCTS: usize = 100_000;
const BASKETS: usize = 1_000_000;
const QUESTIONS: usize = 20_000;
const WORDS: usize = 20_000;
/// Products of one interest: what a basket holds is mostly of one.
const INTEREST: usize = 200;

fn product(nth: usize, now: Timestamp, numbers: &mut Numbers) -> Product {
    let price = Money {
        minor: 500 + (numbers.next() % 20_000) as i64,
        currency: "EUR".parse().unwrap(),
    };
    let words: Vec<String> = (0..4)
        .map(|_| format!("w{}", numbers.rank(WORDS)))
        .collect();
    let age = SignedDuration::from_hours(24 * (numbers.next() % 1_000) as i64);
    let joined = (now - age).to_zoned(jiff::tz::TimeZone::UTC);
    Product {
        sku: format!("P{nth}"),
        title: words.join(" "),
        category: vec![format!("root {}", nth % 20), format!("shelf {}", nth % 400)],
        brand: Some(format!("brand {}", numbers.rank(300))),
        attributes: [("margin".to_owned(), (numbers.next() % 60).to_string())].into(),
        added: Some(joined.date()),
        variants: vec![Variant {
            stock: Some((numbers.next() % 10) as u32),
            ..Variant::new(format!("P{nth}"), price)
        }],
        ..Product::default()
    }
}

/// Two to a dozen products, four in five of one interest.
fn basket(at: Timestamp, products: usize, numbers: &mut Numbers) -> Basket {
    let size = 2 + numbers.rank(11);
    let interests = (products / INTEREST).max(1);
    let interest = numbers.rank(interests);
    let items = (0..size).map(|_| {
        let nth = match numbers.next() % 5 {
            0 => numbers.rank(products),
            _ => interest + interests * numbers.rank(INTEREST),
        };
        format!("P{nth}")
    });
    let items = items.collect();
    Basket { at, items }
}

/// Median and 99th percentile in microseconds.
fn timed(times: usize, mut one: impl FnMut(usize)) -> (f64, f64) {
    let mut took: Vec<f64> = (0..times)
        .map(|nth| {
            let began = Instant::now();
            one(nth);
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    took.sort_by(f64::total_cmp);
    (took[times / 2], took[times * 99 / 100])
}

fn rules() -> Rules {
    Rules {
        exclude: vec!["root 3".to_owned(), "brand 7".to_owned(), "P5".to_owned()],
        pins: vec![
            Pin::read("home: P11").unwrap(),
            Pin::read("P12: P13").unwrap(),
        ],
        per_family: 2,
        per_brand: 3,
        price_band: 2.0,
        margin: Some("margin".to_owned()),
        explore: 0.1,
    }
}

fn at_size(products: usize, baskets: usize) {
    let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    let mut numbers = Numbers(7);
    let goods = (0..products)
        .map(|nth| product(nth, now, &mut numbers))
        .collect();
    let catalog = Arc::new(Catalog::new(goods).unwrap());
    let past: Vec<Basket> = (0..baskets)
        .map(|nth| {
            let minutes = (baskets - nth) as i64 * 525_600 / baskets as i64;
            basket(
                now - SignedDuration::from_mins(minutes),
                products,
                &mut numbers,
            )
        })
        .collect();
    let sold: usize = past.iter().map(|basket| basket.items.len()).sum();
    let began = Instant::now();
    let shop = Recommender::with_rules(&past, Arc::clone(&catalog), &rules(), now);
    println!(
        "\n{products} products, {baskets} baskets of {:.1}: built in {:.2} s, {:.0} MB",
        sold as f64 / baskets as f64,
        began.elapsed().as_secs_f64(),
        shop.bytes() as f64 / 1e6
    );

    let views = QUESTIONS * 5;
    let visits: Vec<Vec<String>> = (0..views)
        .map(|_| basket(now, products, &mut numbers).items)
        .collect();
    let (median, most) = timed(views, |nth| {
        if let Some((sku, before)) = visits[nth].split_last() {
            shop.learn(&Seen::View {
                sku,
                before,
                at: now,
            });
        }
    });
    println!("a view learnt: median {median:.1} us, p99 {most:.1} us");
    let orders: Vec<Basket> = (0..QUESTIONS)
        .map(|_| basket(now, products, &mut numbers))
        .collect();
    let (median, most) = timed(QUESTIONS, |nth| shop.learn(&Seen::Purchase(&orders[nth])));
    println!("an order learnt: median {median:.1} us, p99 {most:.1} us");

    let profile = Profile {
        purchases: past
            .iter()
            .take(12)
            .map(|one| (one.at, one.items.clone()))
            .collect(),
        viewed: visits[0].iter().map(|sku| (now, sku.clone())).collect(),
    };
    for placement in Placement::ALL {
        let (median, most) = timed(QUESTIONS, |nth| {
            let basket = &orders[nth].items;
            let items = match placement {
                Placement::Product => &basket[..1],
                Placement::Home | Placement::Email => &[],
                _ => &basket[..],
            };
            let ask = Ask {
                placement,
                items,
                exclude: &[],
                profile: Some(&profile),
                limit: 10,
                now,
            };
            black_box(shop.place(&ask));
        });
        println!(
            "rows of {}: median {median:.0} us, p99 {most:.0} us",
            placement.as_str()
        );
    }
    let (median, most) = timed(QUESTIONS, |nth| {
        let skus: Vec<&str> = orders[nth].items.iter().map(String::as_str).collect();
        black_box(shop.goes_with(&skus, &[], 10));
    });
    println!("what goes with a basket, ten: median {median:.0} us, p99 {most:.0} us");

    // Two orders of a pair that never was: the next answer knows it.
    let stocked = |sku: &String| {
        let product = catalog.product(sku).unwrap();
        product.in_stock()
            && product.category[0] != "root 3"
            && product.brand.as_deref() != Some("brand 7")
    };
    let price = |sku: &String| catalog.product(sku).unwrap().variants[0].price.minor;
    let mut rare = (products / 2..products)
        .map(|nth| format!("P{nth}"))
        .filter(stocked);
    let dear = rare.next().unwrap();
    let cheap = rare.find(|sku| price(sku) < price(&dear)).unwrap();
    let items = vec![dear.clone(), cheap.clone()];
    let order = Basket { at: now, items };
    for _ in 0..20 {
        shop.learn(&Seen::Purchase(&order));
    }
    let ask = Ask {
        placement: Placement::Product,
        items: std::slice::from_ref(&dear),
        exclude: &[],
        profile: None,
        limit: 10,
        now,
    };
    let rows = shop.place(&ask);
    let goes_with = rows.iter().find(|row| row.kind == RowKind::GoesWith);
    let mut found = goes_with.into_iter().flat_map(|row| &row.items);
    let seen =
        found.any(|one| one.product.sku == cheap && matches!(one.reason, Reason::Together { .. }));
    println!("an order is in the next answer: {seen}");
    println!("memory after it all: {:.0} MB", shop.bytes() as f64 / 1e6);
}

fn main() {
    at_size(PRODUCTS / 10, BASKETS / 10);
    at_size(PRODUCTS, BASKETS);
}
