//! How well what goes together is foretold: learn from the past, reveal half a basket, guess the rest.

use super::basket::Basket;
use super::{Recommender, Seen, Weights, metrics};
use crate::catalog::Catalog;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

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

/// What a shop's past says about its recommender.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// Learnt up to the split and no further.
    pub frozen: Scores,
    /// Learning from each later basket once it was foretold.
    pub learning: Scores,
    /// What sells most, whatever was revealed.
    pub popularity: Scores,
    /// Baskets in common, cosine, summed over what was revealed.
    pub cosine: Scores,
    pub train_baskets: usize,
    pub items: usize,
    pub train_ms: f64,
    /// Mean and 99th percentile of a frozen question.
    pub query_us: (f64, f64),
    pub bytes: usize,
    /// What fitting to the past chose, where there was enough of it, and how long that took. The scores are those of
    /// the usual weights.
    pub fitted: Option<Weights>,
    pub fit_ms: f64,
    /// Of the frozen model's first tens.
    pub exposure: Exposure,
}

/// Whom the recommendations show: shares that add up to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exposure {
    /// By how often products sold, a tenth of the products each, the best sellers first.
    pub by_popularity: [f64; 10],
    /// By price, a quarter of the products each, the cheapest first.
    pub by_price: [f64; 4],
    /// Brand and share, the most shown first; products without one under an empty name.
    pub by_brand: Vec<(String, f64)>,
    /// Of products first sold in the month before the split.
    pub new: f64,
    /// Share of such products in the catalog.
    pub new_in_catalog: f64,
}

/// A product counts as new for so long after its first sale.
const NEW_DAYS: i64 = 30;

/// Learns from baskets before `split` and foretells those from then on, in time order. Each later basket's first half
/// (rounded down, at least one) is revealed; the rest is to be guessed. The catalog should hold what was sold before
/// the split and nothing else; what it lacks is neither revealed nor hidden.
pub fn evaluate(baskets: Vec<Basket>, catalog: Arc<Catalog>, split: Timestamp) -> Evaluation {
    let (mut known, mut later): (Vec<Basket>, Vec<Basket>) =
        baskets.into_iter().partition(|basket| basket.at < split);
    known.sort_by_key(|basket| basket.at);
    later.sort_by_key(|basket| basket.at);
    let asked: Vec<Option<Asked>> = later.iter().map(|basket| asked(basket, &catalog)).collect();
    let began = Instant::now();
    let recommender = Recommender::build(&known, Arc::clone(&catalog), split);
    let train_ms = began.elapsed().as_secs_f64() * 1e3;
    let began = Instant::now();
    let fitted = recommender.fitted(&known);
    let fit_ms = began.elapsed().as_secs_f64() * 1e3;
    let counts = Counts::of(&known, &catalog);

    let mut shown = vec![0_u32; catalog.len()];
    let mut took = Vec::with_capacity(later.len());
    let frozen = scores(&asked, catalog.len(), |_, asked| {
        let began = Instant::now();
        let ranked = recommender.foretell(&recommender.live(), &asked.revealed, DEPTH);
        took.push(began.elapsed().as_secs_f64() * 1e6);
        for item in ranked.iter().take(10) {
            shown[*item as usize] += 1;
        }
        ranked
    });
    let bytes = recommender.bytes();
    let mut behind = 0;
    let learning = scores(&asked, catalog.len(), |place, asked| {
        for basket in &later[behind..place] {
            recommender.learn(&Seen::Purchase(basket));
        }
        behind = place;
        recommender.foretell(&recommender.live(), &asked.revealed, DEPTH)
    });
    let popularity = scores(&asked, catalog.len(), |_, asked| {
        counts.popular(&asked.revealed)
    });
    let cosine = scores(&asked, catalog.len(), |_, asked| {
        counts.cosine(&asked.revealed)
    });
    took.sort_by(f64::total_cmp);
    let mean = took.iter().sum::<f64>() / took.len().max(1) as f64;
    let last = took.get(took.len().saturating_sub(1) * 99 / 100);
    Evaluation {
        frozen,
        learning,
        popularity,
        cosine,
        train_baskets: known.len(),
        items: catalog.len(),
        train_ms,
        query_us: (mean, last.copied().unwrap_or_default()),
        bytes,
        fitted,
        fit_ms,
        exposure: exposure(&shown, &known, &counts, &catalog, split),
    }
}

/// The list that is looked at.
const DEPTH: usize = 20;

/// A later basket as a question.
pub(super) struct Asked {
    pub(super) revealed: Vec<u32>,
    pub(super) hidden: Vec<u32>,
}

/// None when nothing that the catalog knows is revealed, or nothing hidden.
pub(super) fn asked(basket: &Basket, catalog: &Catalog) -> Option<Asked> {
    let half = (basket.items.len() / 2).max(1).min(basket.items.len());
    let (revealed, hidden) = basket.items.split_at(half);
    let places = |skus: &[String]| -> Vec<u32> {
        let places = skus.iter().filter_map(|sku| catalog.place(sku));
        places.map(|place| place as u32).collect()
    };
    let (revealed, hidden) = (places(revealed), places(hidden));
    (!revealed.is_empty() && !hidden.is_empty()).then_some(Asked { revealed, hidden })
}

/// Means over what `rank` makes of the questions; it is told the place of each among the later baskets.
fn scores(
    asked: &[Option<Asked>],
    items: usize,
    mut rank: impl FnMut(usize, &Asked) -> Vec<u32>,
) -> Scores {
    let mut scores = Scores::default();
    let mut shown: BTreeSet<u32> = BTreeSet::new();
    for (place, asked) in asked.iter().enumerate() {
        let Some(asked) = asked else { continue };
        let (ranked, hidden) = (rank(place, asked), &asked.hidden);
        scores.baskets += 1;
        scores.hit_at_5 += metrics::hit(&ranked, hidden, 5);
        scores.hit_at_10 += metrics::hit(&ranked, hidden, 10);
        scores.recall_at_20 += metrics::recall(&ranked, hidden, 20);
        scores.mrr_at_20 += metrics::reciprocal_rank(&ranked, hidden, 20);
        scores.ndcg_at_10 += metrics::ndcg(&ranked, hidden, 10);
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
        coverage_at_10: shown.len() as f64 / items.max(1) as f64,
    }
}

/// Baskets by product and by pair, for what others would do.
struct Counts {
    baskets: Vec<u32>,
    pairs: Vec<BTreeMap<u32, u32>>,
    /// Best sellers first.
    by_sales: Vec<u32>,
}

impl Counts {
    fn of(known: &[Basket], catalog: &Catalog) -> Self {
        let mut baskets = vec![0_u32; catalog.len()];
        let mut pairs = vec![BTreeMap::new(); catalog.len()];
        for basket in known {
            let places = basket.items.iter().filter_map(|sku| catalog.place(sku));
            let places: BTreeSet<usize> = places.collect();
            for place in &places {
                baskets[*place] += 1;
                for other in places.iter().filter(|other| *other != place) {
                    *pairs[*place].entry(*other as u32).or_default() += 1;
                }
            }
        }
        let mut by_sales: Vec<u32> = (0..catalog.len() as u32).collect();
        by_sales.sort_by_key(|item| (std::cmp::Reverse(baskets[*item as usize]), *item));
        Self {
            baskets,
            pairs,
            by_sales,
        }
    }

    fn popular(&self, revealed: &[u32]) -> Vec<u32> {
        let others = self.by_sales.iter().filter(|item| !revealed.contains(item));
        others.take(DEPTH).copied().collect()
    }

    fn cosine(&self, revealed: &[u32]) -> Vec<u32> {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for item in revealed {
            let own = f64::from(self.baskets[*item as usize]);
            for (other, both) in &self.pairs[*item as usize] {
                let length = (own * f64::from(self.baskets[*other as usize])).sqrt();
                *sums.entry(*other).or_default() += f64::from(*both) / length;
            }
        }
        let mut ranked: Vec<(u32, f64)> = sums.into_iter().collect();
        ranked.retain(|(item, _)| !revealed.contains(item));
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(DEPTH);
        ranked.into_iter().map(|(item, _)| item).collect()
    }
}

fn exposure(
    shown: &[u32],
    known: &[Basket],
    counts: &Counts,
    catalog: &Catalog,
    split: Timestamp,
) -> Exposure {
    let all = f64::from(shown.iter().sum::<u32>().max(1));
    let share = |item: u32| f64::from(shown[item as usize]) / all;
    let mut exposure = Exposure::default();
    let bands = |order: &[u32], bands: &mut [f64]| {
        let count = bands.len();
        for (rank, item) in order.iter().enumerate() {
            bands[rank * count / order.len()] += share(*item);
        }
    };
    bands(&counts.by_sales, &mut exposure.by_popularity);
    let price = |item: &u32| {
        let variants = catalog.products()[*item as usize].variants.iter();
        variants.map(|variant| variant.price.minor).min()
    };
    let mut by_price: Vec<u32> = (0..catalog.len() as u32).collect();
    by_price.sort_by_key(|item| (price(item), *item));
    bands(&by_price, &mut exposure.by_price);

    let mut brands: BTreeMap<&str, f64> = BTreeMap::new();
    let mut first_sold: Vec<Option<Timestamp>> = vec![None; catalog.len()];
    for basket in known {
        for place in basket.items.iter().filter_map(|sku| catalog.place(sku)) {
            let first = first_sold[place].get_or_insert(basket.at);
            *first = (*first).min(basket.at);
        }
    }
    let is_new = |first: &Option<Timestamp>| {
        first.is_some_and(|first| split.duration_since(first).as_hours() < NEW_DAYS * 24)
    };
    for (item, (product, first)) in (0_u32..).zip(catalog.products().iter().zip(&first_sold)) {
        *brands
            .entry(product.brand.as_deref().unwrap_or_default())
            .or_default() += share(item);
        if is_new(first) {
            exposure.new += share(item);
            exposure.new_in_catalog += 1.0 / catalog.len() as f64;
        }
    }
    let mut brands: Vec<(String, f64)> = brands
        .into_iter()
        .map(|(brand, share)| (brand.to_owned(), share))
        .collect();
    brands.sort_by(|a, b| b.1.total_cmp(&a.1));
    exposure.by_brand = brands;
    exposure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;
    use crate::catalog::{Catalog, Product};
    use std::path::{Path, PathBuf};

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
        )
        .frozen;
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
        let found = evaluate(baskets, catalog, split);
        println!("{found:#?}");
        let (frozen, learning) = (found.frozen, found.learning);
        let counted = (found.train_baskets, found.items, frozen.baskets);
        assert_eq!(counted, (9_824, 3_361, 2_784));
        assert!(frozen.hit_at_10 >= 0.55, "hit@10 {}", frozen.hit_at_10);
        assert!(
            learning.hit_at_10 > frozen.hit_at_10,
            "learning {learning:?}"
        );
        assert!(found.cosine.hit_at_10 > found.popularity.hit_at_10);
    }
}
