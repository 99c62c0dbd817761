//! Learning as orders arrive, in place: what a new basket changes, and nothing else.
//!
//! Ages are kept as growth: a basket weighs 2^(days since the start ÷ half-life) when it comes, and nothing older has to be
//! touched again, for only the ratios of sums are ever asked for.

use super::basket::Basket;
use super::recommender::Recommender;
use super::together::{HALF_LIFE_DAYS, LARGEST_BASKET, Sums, weight_of_size};
use crate::catalog::Catalog;
use jiff::Timestamp;
use std::sync::Arc;

/// What sells this week counts beside being bought together.
const TREND: f64 = 0.05;
/// A sale's part in the trend halves in so many days.
const TREND_DAYS: f64 = 7.0;

/// A recommender that goes on learning.
pub struct Learner {
    recommender: Recommender,
    start: Timestamp,
    sums: Sums,
    /// By product, grown like the sums.
    trend: Vec<f64>,
}

impl Learner {
    /// Learns from what was, as [`Recommender::build`] does. `now` is the start of its time.
    pub fn new(baskets: &[Basket], catalog: Arc<Catalog>, now: Timestamp) -> Self {
        let items = catalog.len();
        let mut learner = Self {
            recommender: Recommender::build(baskets.iter().cloned(), Arc::clone(&catalog), now),
            start: now,
            sums: Sums::new(items),
            trend: vec![0.0; items],
        };
        for basket in baskets {
            let places = learner.places(basket);
            learner.add(&places, basket.at);
        }
        learner
    }

    /// Products of a basket that the catalog knows, each once.
    fn places(&self, basket: &Basket) -> Vec<u32> {
        let mut places: Vec<u32> = Vec::with_capacity(basket.items.len());
        for place in self.recommender.places_of(&basket.items) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    fn growth(&self, at: Timestamp, half_life: f64) -> f64 {
        let days = at.duration_since(self.start).as_secs_f64() / 86_400.0;
        (days / half_life).exp2()
    }

    fn add(&mut self, places: &[u32], at: Timestamp) {
        let trend = self.growth(at, TREND_DAYS);
        for place in places {
            self.trend[*place as usize] += trend;
        }
        if places.len() <= LARGEST_BASKET {
            let growth = self.growth(at, f64::from(HALF_LIFE_DAYS)) as f32;
            self.sums.add(places, growth * weight_of_size(places.len()));
        }
    }

    /// A basket more. Costs the neighbours of its products: well under a millisecond for a shop of thousands.
    pub fn take_in(&mut self, basket: &Basket) {
        let places = self.places(basket);
        self.add(&places, basket.at);
        let growth = self.growth(basket.at, f64::from(HALF_LIFE_DAYS)) as f32;
        for place in places {
            let (neighbours, baskets) = self.sums.row(place, growth);
            self.recommender
                .together
                .replace(place, neighbours, baskets);
        }
    }

    /// The best `limit` companions at this time.
    pub(super) fn foretell(&self, items: &[u32], limit: usize) -> Vec<u32> {
        let most = self.trend.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let trend = |item: u32| (TREND * self.trend[item as usize] / most) as f32;
        self.recommender.foretell_with(items, limit, trend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;

    fn basket(day: &str, items: &[&str]) -> Basket {
        Basket {
            at: format!("{day}T12:00:00Z").parse().unwrap(),
            items: items.iter().map(|sku| (*sku).to_owned()).collect(),
        }
    }

    #[test]
    fn baskets_taken_in_one_by_one_teach_what_they_teach_together() {
        let names = ["Tea", "Cup", "Pot", "Jam"];
        let product = |name: &&str| shop::product(name, "", "", &[("", "1.00", 1)]);
        let catalog = Arc::new(Catalog::new(names.iter().map(product).collect()).unwrap());
        let all = [
            basket("2026-07-01", &["TEA", "CUP"]),
            basket("2026-07-02", &["TEA", "CUP", "JAM"]),
            basket("2026-07-09", &["TEA", "POT"]),
            basket("2026-07-20", &["TEA", "POT"]),
            basket("2026-07-21", &["POT", "JAM", "TEA"]),
        ];
        let now = "2026-07-21T12:00:00Z".parse().unwrap();
        let mut learner = Learner::new(&all[..2], Arc::clone(&catalog), all[1].at);
        assert_eq!(learner.foretell(&[0], 1), [1]);
        for basket in &all[2..] {
            learner.take_in(basket);
        }
        let whole = Recommender::build(all.iter().cloned(), catalog, now);
        let weights = |recommender: &Recommender| -> Vec<(u32, u32, i32)> {
            let row = recommender.together.neighbours(0).iter();
            row.map(|one| (one.item, one.count, (one.weight * 1e4).round() as i32))
                .collect()
        };
        assert_eq!(weights(&learner.recommender), weights(&whole));
        assert_eq!(learner.foretell(&[0], 1), [2]);
    }
}
