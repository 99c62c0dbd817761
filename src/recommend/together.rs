//! Weighted co-occurrence, which goes on learning: which products stand in baskets, or in visits, with which.

use super::basket::Placed;
use super::board::Board;
use super::growth::growth;

/// Larger baskets say little about any pair and cost the square of their size.
pub(super) const LARGEST_BASKET: usize = 100;
/// A basket of n items weighs n^−0.75 …
const SIZE_POWER: f32 = 0.75;
/// … halved with every 90 days of age. Flat between 60 and 150.
const HALF_LIFE_DAYS: f32 = 90.0;
/// Visits are forgotten sooner.
const VIEWS_HALF_LIFE_DAYS: f32 = 30.0;
/// Keeps a product seen once from looking certain.
const SMOOTHING: f32 = 0.5;
/// Pairs seen less often are chance.
const LEAST_COUNT: u32 = 2;
/// Only so many of the last items are looked at, in baskets that ask and in visits.
pub(super) const LAST_ITEMS: usize = 10;
/// An item looked at counts half the one looked at after it.
const VIEWS_DECAY: f32 = 0.5;
/// A full row lets so many in before it drops its weakest again.
const SLACK: usize = 32;

/// A product met with another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) item: u32,
    /// Weights of what holds both, grown.
    pub(super) sum: f32,
    /// How many hold both.
    pub(super) count: u32,
}

/// Companions of one product, both lists by item.
#[derive(Debug, Default)]
struct Row {
    /// The best, which are asked for.
    best: Vec<Pair>,
    /// Those that may still get there.
    rest: Vec<Pair>,
    /// None of the best was weaker when they were last looked through.
    floor: f32,
}

/// What was met with what. Memory is bounded by the caps: 12 bytes a pair.
#[derive(Debug)]
pub(super) struct Together {
    rows: Vec<Row>,
    /// By product: weights of the baskets that hold it, grown.
    degrees: Vec<f32>,
    /// By product: what being suggested is divided by, as a factor.
    discounts: Vec<f32>,
    counts: Vec<u32>,
    asked_power: f32,
    /// Companions of each product that are asked for, and more that are kept for later.
    best: usize,
    rest: usize,
}

impl Together {
    /// For baskets.
    pub(super) fn baskets(items: usize, asked_power: f32) -> Self {
        Self::new(items, asked_power, 200, 200)
    }

    /// For visits.
    pub(super) fn visits(items: usize, asked_power: f32) -> Self {
        Self::new(items, asked_power, 60, 60)
    }

    fn new(items: usize, asked_power: f32, best: usize, rest: usize) -> Self {
        let mut rows = Vec::new();
        rows.resize_with(items, Row::default);
        Self {
            rows,
            degrees: vec![0.0; items],
            discounts: vec![SMOOTHING.powf(asked_power - 1.0); items],
            counts: vec![0; items],
            asked_power,
            best,
            rest,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let pairs = |row: &Row| (row.best.capacity() + row.rest.capacity()) * size_of::<Pair>();
        let rows: usize = self.rows.iter().map(pairs).sum();
        rows + self.rows.len() * (size_of::<Row>() + 3 * size_of::<f32>())
    }

    /// Baskets or visits with the product.
    pub(super) fn count(&self, item: u32) -> u32 {
        self.counts[item as usize]
    }

    /// Takes in many baskets at once, into an empty table. Costs the squares of their sizes and the rows' selection.
    pub(super) fn learn(&mut self, baskets: &[Placed]) {
        let mut holding: Vec<Vec<u32>> = vec![Vec::new(); self.rows.len()];
        let mut weights = vec![0.0_f32; baskets.len()];
        for (place, basket) in baskets.iter().enumerate() {
            if basket.items.len() > LARGEST_BASKET {
                continue;
            }
            let weight = basket_weight(basket.items.len(), basket.days);
            weights[place] = weight;
            for item in &basket.items {
                self.counts[*item as usize] += 1;
                if basket.items.len() > 1 {
                    self.degrees[*item as usize] += weight;
                    holding[*item as usize].push(place as u32);
                }
            }
        }
        self.discount_all();
        let mut sums: Vec<(f32, u32)> = vec![(0.0, 0); self.rows.len()];
        let mut met: Vec<u32> = Vec::new();
        for (item, holding) in holding.iter().enumerate() {
            for basket in holding {
                let weight = weights[*basket as usize];
                for other in &baskets[*basket as usize].items {
                    let sum = &mut sums[*other as usize];
                    if sum.1 == 0 {
                        met.push(*other);
                    }
                    *sum = (sum.0 + weight, sum.1 + 1);
                }
            }
            let mut pairs = Vec::with_capacity(met.len());
            for other in met.drain(..) {
                let (sum, count) = std::mem::take(&mut sums[other as usize]);
                if other as usize != item {
                    let item = other;
                    pairs.push(Pair { item, sum, count });
                }
            }
            self.sort_in(item, pairs);
        }
    }

    fn discount_all(&mut self) {
        for (discount, degree) in self.discounts.iter_mut().zip(&self.degrees) {
            *discount = (SMOOTHING + degree).powf(self.asked_power - 1.0);
        }
    }

    /// Fills a row with the best of these.
    fn sort_in(&mut self, item: usize, mut pairs: Vec<Pair>) {
        let key = |pair: &Pair| pair.sum * self.discounts[pair.item as usize];
        let better = |a: &Pair, b: &Pair| key(b).total_cmp(&key(a)).then(a.item.cmp(&b.item));
        let rank = |a: &Pair, b: &Pair| {
            let chance = |pair: &Pair| pair.count < LEAST_COUNT;
            chance(a).cmp(&chance(b)).then_with(|| better(a, b))
        };
        if pairs.len() > self.best + self.rest {
            pairs.select_nth_unstable_by(self.best + self.rest, rank);
            pairs.truncate(self.best + self.rest);
        }
        if pairs.len() > self.best {
            pairs.select_nth_unstable_by(self.best, rank);
        }
        let (first, behind) = pairs.split_at(pairs.len().min(self.best));
        let telling = |pair: &&Pair| pair.count >= LEAST_COUNT;
        let mut best: Vec<Pair> = first.iter().filter(telling).copied().collect();
        let chance = first.iter().filter(|pair| !telling(pair));
        let mut rest: Vec<Pair> = chance.chain(behind).copied().collect();
        best.sort_unstable_by_key(|pair| pair.item);
        rest.sort_unstable_by_key(|pair| pair.item);
        let floor = 0.0;
        self.rows[item] = Row { best, rest, floor };
    }

    /// Discounts by another power, and chooses the best of each row anew.
    pub(super) fn weigh(&mut self, asked_power: f32) {
        if asked_power == self.asked_power {
            return;
        }
        self.asked_power = asked_power;
        self.discount_all();
        for item in 0..self.rows.len() {
            let Row { best, rest, .. } = std::mem::take(&mut self.rows[item]);
            self.sort_in(item, [best, rest].concat());
        }
    }

    /// One basket more, of different products. Costs the square of their number times a search among a product's
    /// companions.
    pub(super) fn add_basket(&mut self, items: &[u32], days: f32) {
        if items.len() > LARGEST_BASKET {
            return;
        }
        let weight = basket_weight(items.len(), days);
        for item in items {
            self.counts[*item as usize] += 1;
            if items.len() > 1 {
                self.hold(*item, weight);
            }
        }
        for item in items {
            for other in items.iter().filter(|other| *other != item) {
                self.meet(*item, *other, weight);
            }
        }
    }

    /// A product looked at after others of the same visit, oldest first: one over the distance each.
    pub(super) fn add_view(&mut self, item: u32, before: &[u32], days: f32) {
        let weight = growth(days, VIEWS_HALF_LIFE_DAYS);
        let is_first = !before.contains(&item);
        if is_first {
            self.counts[item as usize] += 1;
            self.hold(item, weight);
        }
        let lately = before.iter().rev().take(LAST_ITEMS);
        for (place, other) in lately.enumerate() {
            if is_first && !before[before.len() - place..].contains(other) {
                let near = weight / (place + 1) as f32;
                self.meet(item, *other, near);
                self.meet(*other, item, near);
            }
        }
    }

    fn hold(&mut self, item: u32, weight: f32) {
        let degree = &mut self.degrees[item as usize];
        *degree += weight;
        self.discounts[item as usize] = (SMOOTHING + *degree).powf(self.asked_power - 1.0);
    }

    fn meet(&mut self, item: u32, other: u32, weight: f32) {
        let Row { best, rest, floor } = &mut self.rows[item as usize];
        if let Ok(at) = place_of(best, other) {
            best[at].sum += weight;
            best[at].count += 1;
            return;
        }
        let at = match place_of(rest, other) {
            Ok(at) => at,
            Err(at) => {
                let pair = Pair {
                    item: other,
                    sum: 0.0,
                    count: 0,
                };
                rest.insert(at, pair);
                at
            }
        };
        rest[at].sum += weight;
        rest[at].count += 1;
        let key = |pair: &Pair| pair.sum * self.discounts[pair.item as usize];
        let own = key(&rest[at]);
        if rest[at].count >= LEAST_COUNT && best.len() < self.best {
            put(best, rest.remove(at));
        } else if rest[at].count >= LEAST_COUNT && own > *floor {
            let weakest = best.iter().enumerate();
            let weakest = weakest.min_by(|a, b| key(a.1).total_cmp(&key(b.1)));
            if let Some((place, weakest)) = weakest {
                *floor = key(weakest);
                if own > *floor {
                    let risen = rest.remove(at);
                    let fallen = best.remove(place);
                    put(best, risen);
                    put(rest, fallen);
                }
            }
        }
        if rest.len() > self.rest + SLACK {
            let mut sums: Vec<f32> = rest.iter().map(|pair| pair.sum).collect();
            let (_, least, _) = sums.select_nth_unstable_by(SLACK, f32::total_cmp);
            let least = *least;
            let mut to_drop = SLACK;
            rest.retain(|pair| {
                let drops = to_drop > 0 && pair.sum <= least;
                to_drop -= usize::from(drops);
                !drops
            });
        }
    }

    /// Adds what goes with these items, oldest first, each counting `decay` of the one after it.
    pub(super) fn add_to(&self, board: &mut Board, asked: &[u32], decay: f32) {
        for (with, share) in self.shares(asked, decay) {
            for pair in &self.rows[with as usize].best {
                let part = share * pair.sum * self.discounts[pair.item as usize];
                board.at(pair.item).together += part;
            }
        }
    }

    /// The same for what was looked at.
    pub(super) fn add_views_to(&self, board: &mut Board, asked: &[u32]) {
        for (with, share) in self.shares(asked, VIEWS_DECAY) {
            for pair in &self.rows[with as usize].best {
                let part = share * pair.sum * self.discounts[pair.item as usize];
                board.at(pair.item).viewed += part;
            }
        }
    }

    /// The last items asked about and what each counts.
    fn shares<'a>(&'a self, asked: &'a [u32], decay: f32) -> impl Iterator<Item = (u32, f32)> + 'a {
        let mut share = 1.0;
        asked.iter().rev().take(LAST_ITEMS).map(move |with| {
            let own = (SMOOTHING + self.degrees[*with as usize]).powf(-self.asked_power);
            let counts = share * own;
            share *= decay;
            (*with, counts)
        })
    }

    /// Of the items asked about, the one that speaks most for this one, and how often they met.
    pub(super) fn most(&self, asked: &[u32], item: u32, decay: f32) -> Option<(u32, u32)> {
        let met = self.shares(asked, decay).filter_map(|(with, share)| {
            let best = &self.rows[with as usize].best;
            let pair = best[place_of(best, item).ok()?];
            Some((share * pair.sum, with, pair.count))
        });
        let most = met.max_by(|a, b| a.0.total_cmp(&b.0));
        most.map(|(_, with, count)| (with, count))
    }

    /// Companions that are asked for, by item, with what each counts.
    #[cfg(test)]
    pub(super) fn companions(&self, item: u32) -> Vec<(u32, u32, f32)> {
        let own = (SMOOTHING + self.degrees[item as usize]).powf(-self.asked_power);
        let best = self.rows[item as usize].best.iter();
        best.map(|pair| {
            let weight = own * pair.sum * self.discounts[pair.item as usize];
            (pair.item, pair.count, weight)
        })
        .collect()
    }
}

fn basket_weight(items: usize, days: f32) -> f32 {
    (items.max(1) as f32).powf(-SIZE_POWER) * growth(days, HALF_LIFE_DAYS)
}

fn place_of(pairs: &[Pair], item: u32) -> Result<usize, usize> {
    pairs.binary_search_by_key(&item, |pair| pair.item)
}

fn put(pairs: &mut Vec<Pair>, pair: Pair) {
    if let Err(at) = place_of(pairs, pair.item) {
        pairs.insert(at, pair);
    }
}
