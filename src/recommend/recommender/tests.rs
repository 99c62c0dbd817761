use super::*;
use crate::catalog::{Product, shop};
use proptest::prelude::*;

fn at(day: &str) -> Timestamp {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn basket(at: Timestamp, items: &[&str]) -> Basket {
    let items = items.iter().map(|sku| (*sku).to_owned()).collect();
    Basket { at, items }
}

fn goods(names: &[&str]) -> Arc<Catalog> {
    let product = |name: &&str| shop::product(name, "", "", &[("", "1.00", 1)]);
    Arc::new(Catalog::new(names.iter().map(product).collect()).unwrap())
}

#[test]
fn what_was_bought_together_comes_first_and_says_in_how_many_baskets() {
    let now = at("2026-11-20");
    let mut baskets = vec![basket(now, &["ALDER-WOOL-SOCKS-0", "BIRCH-CAP"]); 3];
    baskets.push(basket(now, &["ALDER-WOOL-SOCKS", "STORM-JACKET"]));
    let recommender = Recommender::build(baskets, Arc::new(shop::small()), now);
    let row = recommender.goes_with(&["ALDER-WOOL-SOCKS"], &[], 3);
    assert_eq!(row[0].product.title, "Birch cap");
    let reason = Reason::Together {
        with_sku: "ALDER-WOOL-SOCKS".to_owned(),
        count: 3,
        baskets: 4,
    };
    assert_eq!(row[0].reason, reason);
    assert_eq!(row.len(), 3);
    assert!(matches!(row[1].reason, Reason::Similar { .. }), "{row:?}");
}

#[test]
fn an_order_is_visible_in_the_next_answer() {
    let now = at("2026-11-20");
    let catalog = goods(&["Tea", "Cup", "Pot"]);
    let recommender = Recommender::build([] as [Basket; 0], catalog, now);
    let first = |sku: &str| recommender.goes_with(&[sku], &[], 1)[0].clone();
    assert_eq!(first("TEA").reason, Reason::Catalog);
    for _ in 0..2 {
        let order = basket(at("2026-11-21"), &["TEA", "POT"]);
        recommender.learn(&Seen::Purchase(&order));
    }
    let pot = first("TEA");
    assert_eq!(pot.product.sku, "POT");
    assert!(matches!(
        pot.reason,
        Reason::Together {
            count: 2,
            baskets: 2,
            ..
        }
    ));
    assert!(recommender.sold("POT") > recommender.sold("CUP"));
}

#[test]
fn what_is_looked_at_in_the_same_visits_goes_together_where_nothing_was_bought() {
    let now = at("2026-11-20");
    let catalog = goods(&["Tea", "Cup", "Pot", "Jam"]);
    let recommender = Recommender::build([] as [Basket; 0], catalog, now);
    let before = ["JAM", "TEA"].map(str::to_owned);
    for _ in 0..3 {
        recommender.learn(&Seen::View {
            sku: "JAM",
            before: &[],
            at: now,
        });
        recommender.learn(&Seen::View {
            sku: "TEA",
            before: &before[..1],
            at: now,
        });
        recommender.learn(&Seen::View {
            sku: "POT",
            before: &before,
            at: now,
        });
    }
    let row = recommender.goes_with(&["TEA"], &[], 3);
    let reason = Reason::ViewedTogether {
        with_sku: "TEA".to_owned(),
        count: 3,
        visits: 3,
    };
    assert_eq!(row[0].reason, reason);
    // Looked at right after it; the jam, as near, lies nearer to the tea in no other visit.
    let skus: Vec<&str> = row.iter().map(|one| one.product.sku.as_str()).collect();
    assert!(
        skus[..2].contains(&"POT") && skus[..2].contains(&"JAM"),
        "{skus:?}"
    );
    let pot = recommender.goes_with(&["POT"], &[], 2);
    assert_eq!(
        pot[0].product.sku, "TEA",
        "next to it, the jam was one further"
    );
}

#[test]
fn what_the_shop_excludes_or_has_not_in_stock_is_never_suggested() {
    let now = at("2026-11-20");
    let mut products: Vec<Product> = ["Tea", "Cup", "Pot", "Jam", "Hat"]
        .iter()
        .map(|name| shop::product(name, "", "", &[("", "1.00", 1)]))
        .collect();
    products[1].variants[0].stock = Some(0);
    products[2].category = vec!["Kitchen".to_owned()];
    products[3].brand = Some("Acme".to_owned());
    let rules = Rules {
        exclude: vec!["kitchen".to_owned(), "ACME".to_owned()],
        ..Rules::default()
    };
    let baskets = vec![basket(now, &["TEA", "CUP", "POT", "JAM", "HAT"]); 3];
    let catalog = Arc::new(Catalog::new(products).unwrap());
    let recommender = Recommender::with_rules(baskets, catalog, &rules, now);
    let row = recommender.goes_with(&["TEA"], &[], 4);
    let skus: Vec<&str> = row.iter().map(|one| one.product.sku.as_str()).collect();
    assert_eq!(skus, ["HAT"]);
}

#[test]
fn a_full_row_drops_its_weakest_and_lets_what_rises_in() {
    let names: Vec<String> = (0..600).map(|nth| format!("Item {nth}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let now = at("2026-11-20");
    let recommender = Recommender::build([] as [Basket; 0], goods(&names), now);
    let learn = |other: usize| {
        let other = format!("ITEM-{other}");
        let order = basket(now, &["ITEM-0", &other]);
        recommender.learn(&Seen::Purchase(&order));
    };
    for other in 1..600 {
        learn(other);
        learn(other);
    }
    let kept = recommender.live().bought.companions(0).len();
    assert_eq!(kept, 200);
    for _ in 0..5 {
        learn(599);
    }
    let found = recommender.foretell(&recommender.live(), &[0], 1);
    assert_eq!(found, [599]);
}

#[test]
fn weights_tried_and_given_up_leave_no_trace() {
    let now = at("2026-11-20");
    let baskets: Vec<Basket> = (0..40)
        .map(|nth| match nth % 3 {
            0 => basket(now, &["TEA", "CUP"]),
            1 => basket(now, &["TEA", "POT", "JAM"]),
            _ => basket(now, &["CUP", "JAM"]),
        })
        .collect();
    let catalog = goods(&["Tea", "Cup", "Pot", "Jam"]);
    let recommender = Recommender::build(&baskets, catalog, now);
    let before = recommender.live().bought.companions(0);
    let usual = recommender.weights();
    recommender.weigh(Weights {
        asked_power: 0.5,
        ..usual
    });
    assert_ne!(recommender.live().bought.companions(0), before);
    recommender.weigh(usual);
    assert_eq!(recommender.live().bought.companions(0), before);
    assert_eq!(
        recommender.fitted(&baskets),
        None,
        "too few to fit anything"
    );
}

#[test]
fn weights_are_fitted_to_a_shop_with_history_enough() {
    // What is bought last decides what is bought next; what came before it is noise.
    let names: Vec<String> = (0..40).map(|nth| format!("Item {nth}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let now = at("2026-11-20");
    let order = |nth: usize| {
        let last = nth * 7 % 20;
        let skus = [
            nth * 13 % 40,
            nth * 29 % 40,
            last,
            (last + 20) % 40,
            last + 1,
            last + 2,
        ];
        let skus: Vec<String> = skus.iter().map(|item| format!("ITEM-{item}")).collect();
        let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
        basket(now, &skus)
    };
    let baskets: Vec<Basket> = (0..super::super::LEAST_BASKETS).map(order).collect();
    let recommender = Recommender::build(&baskets, goods(&names), now);
    let fitted = recommender.fitted(&baskets).unwrap();
    assert!(
        fitted.position_decay <= Weights::default().position_decay,
        "{fitted:?}"
    );
    assert_eq!(recommender.fitted(&baskets), Some(fitted), "the same again");
}

proptest! {
    #[test]
    fn baskets_learnt_one_by_one_teach_what_they_teach_together(
        all in proptest::collection::vec((0_i64..200, proptest::collection::vec(0_usize..9, 1..6)), 1..30),
        before in 0_usize..30,
    ) {
        let names = ["Tea", "Cup", "Pot", "Jam", "Hat", "Mug", "Pan", "Box", "Pen"];
        let now = at("2026-11-20");
        let order = |(age, items): &(i64, Vec<usize>)| {
            let items: Vec<String> = items.iter().map(|item| names[*item].to_uppercase()).collect();
            Basket { at: now - jiff::SignedDuration::from_hours(24 * age), items }
        };
        let all: Vec<Basket> = all.iter().map(order).collect();
        let before = before.min(all.len());
        let whole = Recommender::build(&all, goods(&names), now);
        let grown = Recommender::build(&all[..before], goods(&names), now);
        for basket in &all[before..] {
            grown.learn(&Seen::Purchase(basket));
        }
        for item in 0..names.len() as u32 {
            let (whole, grown) = (whole.live(), grown.live());
            let (one, other) = (whole.bought.companions(item), grown.bought.companions(item));
            let counts = |row: &[(u32, u32, f32)]| row.iter().map(|(item, count, _)| (*item, *count)).collect::<Vec<_>>();
            prop_assert_eq!(counts(&one), counts(&other));
            for (one, other) in one.iter().zip(&other) {
                prop_assert!((one.2 - other.2).abs() <= 1e-4 * one.2, "{:?} {:?}", one, other);
            }
            prop_assert_eq!(whole.bought.count(item), grown.bought.count(item));
            prop_assert_eq!(whole.sales.count(item), grown.sales.count(item));
            let (one, other) = (whole.sales.score(item), grown.sales.score(item));
            prop_assert!((one - other).abs() <= 1e-4 * one, "{} {}", one, other);
        }
    }
}
