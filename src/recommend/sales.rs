//! What sells, and what sells more than usual; who leads is known without looking through all.

use super::growth::growth;

/// A sale counts half after so many days …
const HALF_LIFE_DAYS: f32 = 30.0;
/// … and in the trend after so many.
const TREND_DAYS: f32 = 7.0;
/// The window of the count that is shown. It begins with the recommender: what is learnt later only adds.
pub(super) const SHOWN_DAYS: u32 = 90;
/// Sold for less long, there is no "usual" to compare with.
const USUAL_AFTER_DAYS: f32 = 28.0;
/// Leaders kept.
const LEADERS: usize = 500;

/// The greatest of a measure that only grows.
#[derive(Debug, Default)]
struct Leaders {
    items: Vec<u32>,
    leads: Vec<bool>,
    /// None of them was below when they were last looked through.
    floor: f32,
}

impl Leaders {
    fn rise(&mut self, item: u32, scores: &[f32]) {
        let score = scores[item as usize];
        if self.leads[item as usize] || (self.items.len() == LEADERS && score <= self.floor) {
            return;
        }
        if self.items.len() == LEADERS {
            let all = self.items.iter().enumerate();
            let of = |item: &u32| scores[*item as usize];
            let Some((place, last)) = all.min_by(|a, b| of(a.1).total_cmp(&of(b.1))) else {
                return;
            };
            self.floor = of(last);
            if score <= self.floor {
                return;
            }
            self.leads[self.items.swap_remove(place) as usize] = false;
        }
        self.items.push(item);
        self.leads[item as usize] = true;
    }
}

#[derive(Debug)]
pub(super) struct Sales {
    /// By product: decayed sales, grown.
    scores: Vec<f32>,
    trends: Vec<f32>,
    /// The highest trend.
    top: f32,
    /// Baskets within [`SHOWN_DAYS`].
    counts: Vec<u32>,
    /// Day of the first sale.
    first: Vec<f32>,
    best: Leaders,
    rising: Leaders,
}

impl Sales {
    pub(super) fn new(items: usize) -> Self {
        let leaders = || Leaders {
            leads: vec![false; items],
            ..Leaders::default()
        };
        Self {
            scores: vec![0.0; items],
            trends: vec![0.0; items],
            top: f32::MIN_POSITIVE,
            counts: vec![0; items],
            first: vec![f32::INFINITY; items],
            best: leaders(),
            rising: leaders(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.scores.len() * (3 * size_of::<f32>() + size_of::<u32>() + 2)
    }

    /// One basket more, of different products.
    pub(super) fn add(&mut self, items: &[u32], days: f32) {
        let (sale, trend) = (growth(days, HALF_LIFE_DAYS), growth(days, TREND_DAYS));
        for item in items {
            let place = *item as usize;
            self.scores[place] += sale;
            self.trends[place] += trend;
            self.top = self.top.max(self.trends[place]);
            self.counts[place] += u32::from(days >= -(SHOWN_DAYS as f32));
            self.first[place] = self.first[place].min(days);
            self.best.rise(*item, &self.scores);
            self.rising.rise(*item, &self.trends);
        }
    }

    /// Nothing was ever sold.
    pub(super) fn is_empty(&self) -> bool {
        self.best.items.is_empty()
    }

    /// Decayed sales of a product, 0 when it never sold. To compare, not to show.
    pub(super) fn score(&self, item: u32) -> f32 {
        self.scores[item as usize]
    }

    /// Baskets with the product in the last [`SHOWN_DAYS`] days.
    pub(super) fn count(&self, item: u32) -> u32 {
        self.counts[item as usize]
    }

    /// What it sells this week beside what sells most, 0 to 1.
    pub(super) fn trend(&self, item: u32) -> f32 {
        self.trends[item as usize] / self.top
    }

    /// The best sellers, unsorted.
    pub(super) fn best(&self) -> &[u32] {
        &self.best.items
    }

    /// What sells most this week, unsorted.
    pub(super) fn rising(&self) -> &[u32] {
        &self.rising.items
    }

    /// How many times its usual self a product sells on this day; none without a usual, or with fewer than two sales
    /// this week.
    pub(super) fn times_usual(&self, item: u32, days: f32) -> Option<f32> {
        let place = item as usize;
        let lately = self.trends[place] / growth(days, TREND_DAYS);
        let usual = self.scores[place] / growth(days, HALF_LIFE_DAYS);
        let known = days - self.first[place] >= USUAL_AFTER_DAYS && lately >= 2.0;
        known.then(|| lately / TREND_DAYS * HALF_LIFE_DAYS / usual)
    }
}
