//! What each stage of a turn costs and how it grows with intents, articles and products, one
//! thread, in process. `cargo bench --bench stages`.

#![allow(clippy::unwrap_used)] // a bench may fail loudly

use shoptalk::catalog::{Catalog, Product, Query, Variant};
use shoptalk::knowledge::{self, Knowledge};
use shoptalk::money::{Currency, Money};
use shoptalk::text::Tongue;
use shoptalk::understanding::{
    Class, EntityScanner, EntitySettings, Matcher, Vocabulary, VocabularyKind,
};
use std::hint::black_box;
use std::time::Instant;

const WORDS: [&str; 60] = [
    "order",
    "parcel",
    "return",
    "refund",
    "cancel",
    "change",
    "address",
    "invoice",
    "payment",
    "voucher",
    "gift",
    "card",
    "shipping",
    "delivery",
    "express",
    "pickup",
    "store",
    "opening",
    "hours",
    "size",
    "exchange",
    "broken",
    "missing",
    "late",
    "track",
    "number",
    "account",
    "password",
    "email",
    "newsletter",
    "discount",
    "code",
    "price",
    "stock",
    "colour",
    "wool",
    "cotton",
    "wash",
    "care",
    "repair",
    "warranty",
    "customs",
    "tax",
    "norway",
    "germany",
    "france",
    "sweden",
    "today",
    "tomorrow",
    "weekend",
    "blanket",
    "socks",
    "mug",
    "jacket",
    "vest",
    "scarf",
    "lamp",
    "basket",
    "candle",
    "kettle",
];

/// Words by a fixed sequence: every run measures the same.
fn words(seed: usize, count: usize) -> String {
    let mut state = seed as u64 * 2_654_435_761 + 1;
    let next = |state: &mut u64| {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize
    };
    let all: Vec<&str> = (0..count)
        .map(|_| WORDS[next(&mut state) % WORDS.len()])
        .collect();
    all.join(" ")
}

/// Median of five runs, microseconds a call.
fn microseconds(mut call: impl FnMut(usize)) -> f64 {
    const CALLS: usize = 2000;
    let mut runs: Vec<f64> = (0..5)
        .map(|_| {
            let began = Instant::now();
            (0..CALLS).for_each(&mut call);
            began.elapsed().as_secs_f64() * 1e6 / CALLS as f64
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[2]
}

fn main() {
    let said: Vec<String> = (0..500)
        .map(|nth| format!("please {} for me", words(nth, 4)))
        .collect();
    let say = |nth: usize| said[nth % said.len()].as_str();
    println!("| stage | size | us |\n| --- | ---: | ---: |");

    let eur: Currency = "EUR".parse().unwrap();
    let patterns = ["SH-#####".to_owned()];
    let scanner = EntityScanner::new(EntitySettings {
        order_patterns: &patterns,
        currency: eur,
        custom: &[],
    })
    .unwrap();
    println!(
        "| entities | | {:.1} |",
        microseconds(|nth| drop(black_box(scanner.scan(say(nth)))))
    );

    for intents in [25, 100, 1000] {
        let class = |nth: usize| Class {
            id: format!("intent_{nth}"),
            title: words(nth * 31, 3),
            examples: (0..10)
                .map(|example| words(nth * 31 + example, 5))
                .collect(),
        };
        let classes: Vec<Class> = (0..intents).map(class).collect();
        let began = Instant::now();
        let matcher = Matcher::train(&classes, &Tongue::english());
        let trained = began.elapsed().as_secs_f64() * 1000.0;
        let rank = microseconds(|nth| drop(black_box(matcher.rank(say(nth), &[]))));
        println!("| matcher (trained in {trained:.0} ms) | {intents} intents | {rank:.1} |");
    }

    let today = "2026-11-20".parse().unwrap();
    for articles in [100, 10_000, 100_000] {
        let mut text = String::from("# Questions\n");
        for nth in 0..articles {
            text.push_str(&format!(
                "## {} {nth}?\nAlso asked:\n- {}\n\n{}.\n",
                words(nth, 6),
                words(nth + 7, 5),
                words(nth + 9, 12)
            ));
            if text.len() > 900_000 {
                break;
            }
        }
        let mut all = Vec::new();
        for part in 0.. {
            let (found, _) = knowledge::parse(&format!("part-{part}.md"), &text);
            all.extend(found);
            if all.len() >= articles {
                break;
            }
        }
        all.truncate(articles);
        let knowledge = Knowledge::new(all, &Tongue::english()).unwrap();
        let found = microseconds(|nth| drop(black_box(knowledge.find(say(nth), today))));
        println!("| articles | {articles} | {found:.1} |");
    }

    for products in [100, 10_000, 100_000] {
        let product = |nth: usize| Product {
            sku: format!("P{nth}"),
            title: format!("{} {nth}", words(nth, 4)),
            category: vec!["Home".to_owned()],
            description: words(nth + 3, 15),
            rating: Some(4.0),
            variants: vec![Variant {
                stock: Some(3),
                ..Variant::new(
                    format!("P{nth}"),
                    Money {
                        minor: 1000 + nth as i64 % 9000,
                        currency: eur,
                    },
                )
            }],
            ..Product::default()
        };
        let catalog = Catalog::new((0..products).map(product).collect()).unwrap();
        let phrases = catalog.products().iter().map(|product| {
            (
                product.title.clone(),
                VocabularyKind::Product,
                product.sku.clone(),
            )
        });
        let vocabulary = Vocabulary::new(phrases);
        let mentions = microseconds(|nth| drop(black_box(vocabulary.mentions(say(nth)))));
        println!("| words of the catalog | {products} products | {mentions:.1} |");
        let query = |nth: usize| Query {
            text: say(nth).to_owned(),
            limit: 3,
            ..Query::default()
        };
        let found = microseconds(|nth| drop(black_box(catalog.find_or_relax(&query(nth)))));
        println!("| product search | {products} products | {found:.1} |");
    }
}
