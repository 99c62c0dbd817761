//! How well what goes together is foretold: learn from the past, reveal half a basket, guess the rest.

use super::basket::Basket;
use super::{Recommender, metrics};
use crate::catalog::Catalog;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Means over the baskets that could be guessed at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scores {
    /// Baskets with something revealed and something hidden that the catalog knows.
    pub baskets: usize,
    pub hit_at_5: f64,
    pub hit_at_10: f64,
    pub recall_at_20: f64,
    pub mrr_at_20: f64,
    pub ndcg_at_10: f64,
    /// Share of the catalog that stood in some first ten.
    pub coverage_at_10: f64,
}

/// Learns from baskets before `split`, frozen there, and foretells those from then on. Each later basket's first
/// half (rounded down, at least one) is revealed; the rest is to be guessed. The catalog should hold what was
/// sold before the split and nothing else; what it lacks is neither revealed nor hidden.
pub fn evaluate(baskets: Vec<Basket>, catalog: Arc<Catalog>, split: Timestamp) -> Scores {
    let (known, later): (Vec<Basket>, Vec<Basket>) =
        baskets.into_iter().partition(|basket| basket.at < split);
    let recommender = Recommender::build(known, Arc::clone(&catalog), split);
    let mut scores = Scores::default();
    let mut shown: BTreeSet<u32> = BTreeSet::new();
    for basket in &later {
        let (revealed, hidden) = basket
            .items
            .split_at((basket.items.len() / 2).max(1).min(basket.items.len()));
        let places = |skus: &[String]| -> Vec<u32> {
            skus.iter()
                .filter_map(|sku| catalog.place(sku))
                .map(|place| place as u32)
                .collect()
        };
        let (revealed, hidden) = (places(revealed), places(hidden));
        if revealed.is_empty() || hidden.is_empty() {
            continue;
        }
        let ranked = recommender.foretell(&revealed, 20);
        scores.baskets += 1;
        scores.hit_at_5 += metrics::hit(&ranked, &hidden, 5);
        scores.hit_at_10 += metrics::hit(&ranked, &hidden, 10);
        scores.recall_at_20 += metrics::recall(&ranked, &hidden, 20);
        scores.mrr_at_20 += metrics::reciprocal_rank(&ranked, &hidden, 20);
        scores.ndcg_at_10 += metrics::ndcg(&ranked, &hidden, 10);
        shown.extend(ranked.iter().take(10));
    }
    let mean = |sum: f64| sum / scores.baskets.max(1) as f64;
    Scores {
        baskets: scores.baskets,
        hit_at_5: mean(scores.hit_at_5),
        hit_at_10: mean(scores.hit_at_10),
        recall_at_20: mean(scores.recall_at_20),
        mrr_at_20: mean(scores.mrr_at_20),
        ndcg_at_10: mean(scores.ndcg_at_10),
        coverage_at_10: shown.len() as f64 / catalog.len().max(1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;
    use crate::catalog::{Catalog, Product};
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::time::Instant;

    fn basket(day: &str, items: &[&str]) -> Basket {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        Basket {
            at,
            items: items.iter().map(|sku| (*sku).to_owned()).collect(),
        }
    }

    fn goods(names: &[&str]) -> Arc<Catalog> {
        let product = |name: &&str| shop::product(name, "", "", &[("", "1.00", 1)]);
        Arc::new(Catalog::new(names.iter().map(product).collect()).unwrap())
    }

    #[test]
    fn a_tiny_history_gives_the_scores_worked_out_by_hand() {
        let mut baskets = vec![
            basket("2026-07-01", &["TEA", "CUP"]),
            basket("2026-07-02", &["TEA", "CUP"]),
        ];
        baskets.extend([
            basket("2026-07-03", &["TEA", "POT"]),
            basket("2026-07-03", &["TEA", "POT"]),
        ]);
        baskets.extend([
            basket("2026-07-04", &["TEA", "POT"]),
            basket("2026-07-04", &["JAM", "POT"]),
        ]);
        // Revealed tea: the pot comes first (three pairs), the cup second.
        baskets.push(basket("2026-08-01", &["TEA", "CUP", "POT"]));
        baskets.push(basket("2026-08-02", &["TEA", "CUP"]));
        // Nothing known is hidden here, and nothing known revealed there.
        baskets.extend([
            basket("2026-08-03", &["TEA", "HAT"]),
            basket("2026-08-03", &["HAT", "TEA"]),
        ]);
        let scores = evaluate(
            baskets,
            goods(&["Tea", "Cup", "Pot", "Jam"]),
            "2026-08-01T00:00:00Z".parse().unwrap(),
        );
        assert_eq!(scores.baskets, 2);
        assert_eq!(
            (scores.hit_at_5, scores.hit_at_10, scores.recall_at_20),
            (1.0, 1.0, 1.0)
        );
        assert_eq!(scores.mrr_at_20, (1.0 + 0.5) / 2.0);
        assert!((scores.ndcg_at_10 - (1.0 + 1.0 / 3_f64.log2()) / 2.0).abs() < 1e-9);
        assert_eq!(scores.coverage_at_10, 2.0 / 4.0);
    }

    /// The public table "Online Retail" of the UCI repository, where it lies beside the project.
    fn table() -> Option<PathBuf> {
        let shared = std::env::var_os("SHOPTALK_SHARED").map(PathBuf::from);
        let shared =
            shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
        let table = shared.join("data/online-retail/online-retail-2010-12_2011-09.csv");
        table.exists().then_some(table)
    }

    fn is_goods(code: &str) -> bool {
        let letters = code.trim_start_matches(|c: char| c.is_ascii_digit());
        code.len() - letters.len() == 5
            && letters.len() <= 2
            && letters.chars().all(|c| c.is_ascii_alphabetic())
    }

    /// One basket an invoice, in time order, and the names of all codes by frequency.
    fn read(table: &Path) -> (Vec<Basket>, BTreeMap<String, BTreeMap<String, u32>>) {
        let mut reader = csv::Reader::from_path(table).unwrap();
        let mut names: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut baskets: Vec<Basket> = Vec::new();
        for row in reader.records() {
            let row = row.unwrap();
            let (invoice, code) = (&row[0], row[1].to_uppercase());
            let positive =
                |column: usize| row[column].parse::<f64>().is_ok_and(|number| number > 0.0);
            if invoice.starts_with(['C', 'A']) || !is_goods(&code) || !positive(3) || !positive(5) {
                continue;
            }
            *names
                .entry(code.clone())
                .or_default()
                .entry(row[2].trim().to_owned())
                .or_default() += 1;
            let place = *places.entry(invoice.to_owned()).or_insert_with(|| {
                let at = format!("{}Z", row[4].replace(' ', "T")).parse().unwrap();
                baskets.push(Basket {
                    at,
                    items: Vec::new(),
                });
                baskets.len() - 1
            });
            if !baskets[place].items.contains(&code) {
                baskets[place].items.push(code);
            }
        }
        baskets.retain(|basket| (2..=100).contains(&basket.items.len()));
        baskets.sort_by_key(|basket| basket.at);
        (baskets, names)
    }

    #[test]
    fn a_real_shops_baskets_are_foretold_as_well_as_measured_before() {
        let Some(table) = table() else {
            eprintln!(
                "skipped: the Online Retail table is not beside the project (SHOPTALK_SHARED names its folder)"
            );
            return;
        };
        let (mut baskets, names) = read(&table);
        let split: Timestamp = "2011-08-01T00:00:00Z".parse().unwrap();
        let end: Timestamp = "2011-10-01T00:00:00Z".parse().unwrap();
        baskets.retain(|basket| basket.at < end);
        let sold: BTreeSet<&String> = baskets
            .iter()
            .filter(|basket| basket.at < split)
            .flat_map(|basket| &basket.items)
            .collect();
        let product = |code: &&String| {
            let name = names[*code]
                .iter()
                .max_by_key(|(_, count)| **count)
                .unwrap()
                .0;
            Product {
                sku: (*code).clone(),
                ..shop::product(name, "", "", &[("", "1.00", 1)])
            }
        };
        let catalog = Arc::new(Catalog::new(sold.iter().map(product).collect()).unwrap());
        let past: Vec<Basket> = baskets
            .iter()
            .filter(|basket| basket.at < split)
            .cloned()
            .collect();
        let later: Vec<Basket> = baskets
            .iter()
            .filter(|basket| basket.at >= split)
            .cloned()
            .collect();
        let (learned, items) = (past.len(), catalog.len());
        let start = Instant::now();
        let recommender = Recommender::build(past, Arc::clone(&catalog), split);
        let build = start.elapsed();
        let asked: Vec<Vec<&str>> = later
            .iter()
            .map(|basket| basket.items.iter().take(10).map(String::as_str).collect())
            .collect();
        let mut times: Vec<f64> = asked
            .iter()
            .map(|skus| {
                let start = Instant::now();
                std::hint::black_box(recommender.goes_with(skus, &[], 10));
                start.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        let scores = evaluate(baskets, catalog, split);
        println!(
            "{learned} baskets, {items} items, built in {build:?}; goes_with p50 {p50:.1} us, p99 {p99:.1} us"
        );
        println!("{scores:#?}");
        assert_eq!((learned, items, scores.baskets), (9_824, 3_361, 2_784));
        assert!(scores.hit_at_10 >= 0.55, "hit@10 {}", scores.hit_at_10);
    }
}
