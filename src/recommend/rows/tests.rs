use super::super::{Basket, Pin, Profile, Rules, Seen};
use super::*;
use crate::catalog::{Catalog, Product, shop};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::sync::Arc;

fn at(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-11-20")
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn basket(at: Timestamp, items: &[&str]) -> Basket {
    let items = items.iter().map(|sku| (*sku).to_owned()).collect();
    Basket { at, items }
}

fn product(name: &str) -> Product {
    shop::product(name, "Pantry", "", &[("", "4.00", 5)])
}

fn ask<'a>(placement: Placement, items: &'a [String]) -> Ask<'a> {
    Ask {
        placement,
        items,
        exclude: &[],
        profile: None,
        limit: 3,
        now: now(),
    }
}

fn kinds(rows: &[Row]) -> Vec<RowKind> {
    rows.iter().map(|row| row.kind).collect()
}

fn skus(row: &Row) -> Vec<&str> {
    row.items
        .iter()
        .map(|one| one.product.sku.as_str())
        .collect()
}

fn row(rows: &[Row], kind: RowKind) -> &Row {
    rows.iter().find(|row| row.kind == kind).unwrap()
}

fn shop_of(products: Vec<Product>, baskets: &[Basket], rules: &Rules) -> Recommender {
    let catalog = Arc::new(Catalog::new(products).unwrap());
    Recommender::with_rules(baskets, catalog, rules, now())
}

#[test]
fn with_nothing_but_a_catalog_there_is_something_of_everything_and_it_says_so() {
    let shop = Recommender::build([] as [Basket; 0], Arc::new(shop::small()), now());
    let rows = shop.place(&ask(Placement::Home, &[]));
    assert_eq!(kinds(&rows), [RowKind::Catalog]);
    let reasons = rows[0]
        .items
        .iter()
        .all(|one| one.reason == Reason::Catalog);
    assert!(reasons && rows[0].items.len() == 3, "{rows:?}");
    let item = ["FJORD-FLEECE-JACKET".to_owned()];
    let rows = shop.place(&ask(Placement::Product, &item));
    assert_eq!(kinds(&rows), [RowKind::Similar, RowKind::Catalog]);
    assert_eq!(skus(&rows[0])[0], "STORM-JACKET");
}

#[test]
fn own_purchases_stand_apart_from_what_goes_with_the_product() {
    let names = ["Coffee", "Filter", "Mug", "Honey"];
    let baskets = vec![basket(days_ago(40), &["COFFEE", "FILTER", "MUG"]); 4];
    let shop = shop_of(
        names.iter().map(|name| product(name)).collect(),
        &baskets,
        &Rules::default(),
    );
    let own = |days| (days_ago(days), vec!["FILTER".to_owned()]);
    let profile = Profile {
        purchases: vec![own(50), own(9)],
        viewed: vec![(days_ago(1), "HONEY".to_owned())],
    };
    let items = ["COFFEE".to_owned()];
    let stranger = shop.place(&ask(Placement::Product, &items));
    assert_eq!(skus(row(&stranger, RowKind::GoesWith)), ["FILTER", "MUG"]);
    let known = shop.place(&Ask {
        profile: Some(&profile),
        ..ask(Placement::Product, &items)
    });
    assert_eq!(skus(row(&known, RowKind::GoesWith)), ["MUG"]);
    let again = row(&known, RowKind::BuyAgain);
    let reason = Reason::BuyAgain {
        times: 2,
        last: days_ago(9),
    };
    assert_eq!(
        (skus(again), &again.items[0].reason),
        (vec!["FILTER"], &reason)
    );
    let home = shop.place(&Ask {
        profile: Some(&profile),
        ..ask(Placement::Home, &[])
    });
    let viewed = row(&home, RowKind::Viewed);
    assert_eq!(viewed.items[0].reason, Reason::Viewed { last: days_ago(1) });
}

#[test]
fn coffee_bought_every_month_is_offered_when_the_month_is_over() {
    let shop = shop_of(
        vec![product("Coffee"), product("Mug")],
        &[],
        &Rules::default(),
    );
    let coffee = |days| (days_ago(days), vec!["COFFEE".to_owned()]);
    let profile = Profile {
        purchases: vec![coffee(91), coffee(60), coffee(30)],
        viewed: Vec::new(),
    };
    let rows = shop.place(&Ask {
        profile: Some(&profile),
        ..ask(Placement::Home, &[])
    });
    let reason = Reason::Reorder {
        every_days: 31,
        last: days_ago(30),
    };
    assert_eq!(row(&rows, RowKind::Reorder).items[0].reason, reason);
    let already_there = ["COFFEE".to_owned()];
    let rows = shop.place(&Ask {
        profile: Some(&profile),
        ..ask(Placement::Cart, &already_there)
    });
    assert!(!kinds(&rows).contains(&RowKind::Reorder), "{rows:?}");
}

#[test]
fn what_sells_more_than_usual_trends_and_says_how_much() {
    let steady = (0..90)
        .step_by(3)
        .map(|day| basket(days_ago(day), &["TEA"]));
    let risen = [80, 60, 40, 5, 4, 3, 2, 1, 1].map(|day| basket(days_ago(day), &["JAM"]));
    let baskets: Vec<Basket> = steady.chain(risen).collect();
    let shop = shop_of(
        vec![product("Tea"), product("Jam")],
        &baskets,
        &Rules::default(),
    );
    let rows = shop.place(&ask(Placement::Home, &[]));
    let trending = row(&rows, RowKind::Trending);
    assert_eq!(skus(trending), ["JAM"]);
    let Reason::Trending { times } = trending.items[0].reason else {
        panic!("{trending:?}");
    };
    assert!((1.5..5.0).contains(&times), "{times}");
    assert_eq!(
        skus(row(&rows, RowKind::BestSellers)),
        ["TEA"],
        "once is enough"
    );
}

#[test]
fn new_products_get_their_turn_until_shoppers_pass_them_by() {
    let new = |name: &str| Product {
        added: Some(days_ago(5).to_zoned(jiff::tz::TimeZone::UTC).date()),
        ..product(name)
    };
    let products = vec![product("Tea"), new("Jam"), new("Honey"), new("Syrup")];
    let baskets = [basket(days_ago(3), &["TEA"])];
    let shop = shop_of(products, &baskets, &Rules::default());
    let first = || {
        let rows = shop.place(&ask(Placement::Home, &[]));
        let row = row(&rows, RowKind::New).clone();
        (
            row.items[0].product.sku.clone(),
            row.items[0].reason.clone(),
        )
    };
    let (sku, reason) = first();
    assert_eq!(reason, Reason::New { days: 5 });
    for _ in 0..50 {
        shop.learn(&Seen::Impression {
            sku: &sku,
            at: now(),
        });
    }
    let (other, _) = first();
    assert_ne!(other, sku);
    for sku in ["JAM", "HONEY", "SYRUP"] {
        for _ in 0..200 {
            shop.learn(&Seen::Impression { sku, at: now() });
        }
    }
    for _ in 0..40 {
        shop.learn(&Seen::Click {
            sku: &sku,
            at: now(),
        });
    }
    assert_eq!(first().0, sku, "what is followed stays");
}

#[test]
fn a_share_of_rows_ends_with_a_new_product_of_the_same_kind() {
    let mut jam = product("Jam");
    jam.added = Some(now().to_zoned(jiff::tz::TimeZone::UTC).date());
    let products = vec![product("Tea"), product("Mug"), product("Pot"), jam];
    let baskets = vec![basket(days_ago(3), &["TEA", "MUG", "POT"]); 3];
    let last = |explore: f32| {
        let rules = Rules {
            explore,
            ..Rules::default()
        };
        let shop = shop_of(products.clone(), &baskets, &rules);
        let items = ["TEA".to_owned()];
        let two = Ask {
            limit: 2,
            ..ask(Placement::Product, &items)
        };
        row(&shop.place(&two), RowKind::GoesWith).items[1]
            .reason
            .clone()
    };
    assert_eq!(last(1.0), Reason::New { days: 0 });
    assert!(matches!(last(0.0), Reason::Together { .. }));
}

#[test]
fn what_the_shop_pins_comes_first_where_it_is_pinned() {
    let products = ["Tea", "Mug", "Pot", "Jam"].map(product).to_vec();
    let baskets = vec![basket(days_ago(3), &["TEA", "MUG", "POT"]); 3];
    let rules = Rules {
        pins: vec![
            Pin::read("TEA: JAM").unwrap(),
            Pin::read("home: POT").unwrap(),
        ],
        ..Rules::default()
    };
    let shop = shop_of(products, &baskets, &rules);
    let items = ["TEA".to_owned()];
    let rows = shop.place(&ask(Placement::Cart, &items));
    let goes_with = row(&rows, RowKind::GoesWith);
    assert_eq!(skus(goes_with)[0], "JAM");
    assert_eq!(goes_with.items[0].reason, Reason::Pinned);
    let rows = shop.place(&ask(Placement::Home, &[]));
    assert_eq!(skus(row(&rows, RowKind::BestSellers))[0], "POT");
}

proptest! {
    #[test]
    fn no_rule_is_ever_broken(
        shapes in proptest::collection::vec((0_usize..4, 0_usize..3, 1_u32..60, 0_u32..3, 0_i64..90), 8..40),
        orders in proptest::collection::vec((0_i64..120, proptest::collection::vec(0_usize..40, 1..6)), 0..40),
        asked in proptest::collection::vec(0_usize..40, 0..4),
        (per_family, per_brand, band) in (1_usize..3, 0_usize..3, 0_u32..4),
        placement in 0_usize..6,
        profile in proptest::bool::ANY,
    ) {
        const FAMILIES: [&str; 4] = ["Mug", "Kettle", "Lamp", "Chair"];
        const COLOURS: [&str; 4] = ["red", "blue", "green", "white"];
        let sku = |nth: usize| format!("P{nth}");
        let products: Vec<Product> = shapes.iter().enumerate().map(|(nth, (family, brand, price, stock, age))| Product {
            sku: sku(nth),
            title: format!("{} {}", FAMILIES[*family], COLOURS[nth % 4]),
            brand: (*brand > 0).then(|| format!("Brand {brand}")),
            added: Some(days_ago(*age).to_zoned(jiff::tz::TimeZone::UTC).date()),
            category: vec![FAMILIES[*family].to_owned()],
            ..shop::product(&sku(nth), "", "", &[("", &format!("{price}.00"), *stock)])
        }).collect();
        let baskets: Vec<Basket> = orders.iter().map(|(age, items)| Basket {
            at: days_ago(*age),
            items: items.iter().map(|nth| sku(*nth)).collect(),
        }).collect();
        let rules = Rules {
            exclude: vec!["P0".to_owned(), "lamp".to_owned()],
            pins: vec![Pin::read("home: P1").unwrap(), Pin::read("P2: P0").unwrap()],
            per_family,
            per_brand,
            price_band: band as f32,
            ..Rules::default()
        };
        let shop = shop_of(products.clone(), &baskets, &rules);
        for basket in &baskets {
            shop.learn(&Seen::View { sku: &basket.items[0], before: &basket.items[1..], at: basket.at });
        }
        let items: Vec<String> = asked.iter().map(|nth| sku(*nth)).collect();
        let history = Profile {
            purchases: baskets.iter().take(5).map(|one| (one.at, one.items.clone())).collect(),
            viewed: baskets.iter().map(|one| (one.at, one.items[0].clone())).collect(),
        };
        let exclude = [sku(3)];
        let question = Ask {
            exclude: &exclude,
            profile: profile.then_some(&history),
            ..ask(Placement::ALL[placement], &items)
        };
        let rows = shop.place(&question);
        prop_assert_eq!(&rows, &shop.place(&question), "the same question, the same answer");
        let known = |sku: &String| products.iter().find(|one| one.sku == *sku);
        let dearest = items.iter().filter_map(known).map(|one| one.variants[0].price.minor).max();
        let mut seen = Vec::new();
        for row in &rows {
            prop_assert!((1..=3).contains(&row.items.len()));
            let count = |of: &dyn Fn(&Product) -> bool| row.items.iter().filter(|one| of(&one.product)).count();
            for one in &row.items {
                let product = &one.product;
                prop_assert!(product.in_stock() && product.sku != "P0" && product.category[0] != "Lamp");
                prop_assert!(!items.contains(&product.sku) && product.sku != "P3", "asked or excluded");
                prop_assert!(!seen.contains(&product.sku), "twice");
                seen.push(product.sku.clone());
                prop_assert!(count(&|other| other.category == product.category) <= per_family);
                if product.brand.is_some() && per_brand > 0 {
                    prop_assert!(count(&|other| other.brand == product.brand) <= per_brand);
                }
                let personal = matches!(row.kind, RowKind::BuyAgain | RowKind::Reorder | RowKind::Viewed);
                if let Some(dearest) = dearest.filter(|_| band > 0 && !personal) {
                    prop_assert!(product.variants[0].price.minor <= dearest * i64::from(band));
                }
            }
        }
    }
}
