//! The weights fitted to a shop's own past: the last tenth of its orders is foretold from those before.

use super::basket::Basket;
use super::evaluate::{Asked, asked};
use super::recommender::{Live, Recommender};
use super::{Weights, metrics};

/// With fewer baskets the measured defaults are the better guess.
pub const LEAST_BASKETS: usize = 2_000;
/// The latest baskets that are looked at, and questions that are asked: a bound on time.
const MOST_BASKETS: usize = 50_000;
const MOST_QUESTIONS: usize = 600;
/// Of the baskets, one in so many is foretold.
const FORETOLD: usize = 10;
/// Another weight has to be so much better than the default: less is chance.
const BETTER: f64 = 1.01;

/// Values a weight may take, and how it is set.
type Choice = (fn(&mut Weights, f32), [f32; 2]);

/// Besides the defaults.
const CHOICES: [Choice; 4] = [
    (|weights, value| weights.asked_power = value, [0.7, 0.9]),
    (|weights, value| weights.position_decay = value, [0.6, 0.9]),
    (|weights, value| weights.alike = value, [0.05, 0.2]),
    (|weights, value| weights.trend = value, [0.0, 0.1]),
];

impl Recommender {
    /// The weights that foretell the last tenth of these baskets (oldest first) best by NDCG@10, one weight after the
    /// other; none below [`LEAST_BASKETS`]. Costs learning nine tenths of them once and some nine times six hundred
    /// questions; the recommender goes on answering.
    pub fn fitted(&self, baskets: &[Basket]) -> Option<Weights> {
        let baskets = &baskets[baskets.len().saturating_sub(MOST_BASKETS)..];
        if baskets.len() < LEAST_BASKETS {
            return None;
        }
        let (known, later) = baskets.split_at(baskets.len() - baskets.len() / FORETOLD);
        let asked = later
            .iter()
            .filter_map(|basket| asked(basket, &self.catalog));
        let asked: Vec<Asked> = asked.collect();
        let step = asked.len().div_ceil(MOST_QUESTIONS).max(1);
        let questions: Vec<&Asked> = asked.iter().step_by(step).collect();
        let mut live = self.relearnt(known);
        let mut best = live.weights;
        let mut score = self.ndcg(&live, &questions);
        for (set, values) in CHOICES {
            for value in values {
                let mut tried = best;
                set(&mut tried, value);
                live.weigh(tried);
                let reached = self.ndcg(&live, &questions);
                if reached > score * BETTER {
                    (best, score) = (tried, reached);
                }
            }
        }
        Some(best)
    }

    fn ndcg(&self, live: &Live, questions: &[&Asked]) -> f64 {
        let one = |asked: &&Asked| {
            let ranked = self.foretell(live, &asked.revealed, 10);
            metrics::ndcg(&ranked, &asked.hidden, 10)
        };
        questions.iter().map(one).sum::<f64>() / questions.len().max(1) as f64
    }
}
