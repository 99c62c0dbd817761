//! Weighted co-occurrence: which products stand in baskets with which, small and recent baskets counting more.

use super::basket::Placed;
use super::board::Board;

/// Larger baskets say little about any pair and cost the square of their size.
pub(super) const LARGEST_BASKET: usize = 100;
/// A basket of n items weighs n^−0.75 …
const SIZE_POWER: f32 = 0.75;
/// … halved with every 90 days of age. Flat between 60 and 150.
pub(super) const HALF_LIFE_DAYS: f32 = 90.0;
/// Keeps a product seen once from looking certain.
const SMOOTHING: f32 = 0.5;
/// How much a pair is discounted by the frequency of the one asked about, and of the one suggested.
const ASKED_POWER: f32 = 0.8;
const SUGGESTED_POWER: f32 = 0.2;
/// Neighbours kept of each product.
const KEPT: usize = 200;
/// Pairs seen less often are chance.
const LEAST_COUNT: u32 = 2;
/// What an item counts beside the one put in after it.
const POSITION_DECAY: f32 = 0.75;
/// Only so many of the last items are looked at.
pub(super) const LAST_ITEMS: usize = 10;

/// A product bought with another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Neighbour {
    pub(super) item: u32,
    pub(super) weight: f32,
    /// Baskets that hold both.
    pub(super) count: u32,
}

/// What was learned from all baskets.
#[derive(Debug, Default)]
pub(super) struct Together {
    neighbours: Vec<Vec<Neighbour>>,
    /// Baskets that hold the product, of at most [`LARGEST_BASKET`] items.
    baskets: Vec<u32>,
}

/// What a basket of so many items weighs.
pub(super) fn weight_of_size(items: usize) -> f32 {
    (items as f32).powf(-SIZE_POWER)
}

/// Sums over baskets that can still grow, from which a product's neighbours are made.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// By product: the others by number, with weight and count of the baskets that hold both.
    rows: Vec<Vec<(u32, f32, u32)>>,
    degrees: Vec<f32>,
    baskets: Vec<u32>,
}

impl Sums {
    pub(super) fn new(items: usize) -> Self {
        Self {
            rows: vec![Vec::new(); items],
            degrees: vec![0.0; items],
            baskets: vec![0; items],
        }
    }

    /// One basket of different products. Costs the square of their number.
    pub(super) fn add(&mut self, items: &[u32], weight: f32) {
        for item in items {
            self.baskets[*item as usize] += 1;
            if items.len() < 2 {
                continue;
            }
            self.degrees[*item as usize] += weight;
            let row = &mut self.rows[*item as usize];
            for other in items.iter().filter(|other| *other != item) {
                match row.binary_search_by_key(other, |(known, _, _)| *known) {
                    Ok(at) => {
                        row[at].1 += weight;
                        row[at].2 += 1;
                    }
                    Err(at) => row.insert(at, (*other, weight, 1)),
                }
            }
        }
    }

    /// A product's neighbours and its baskets, when weights have grown to `growth`.
    pub(super) fn row(&self, item: u32, growth: f32) -> (Vec<Neighbour>, u32) {
        let degree = |of: u32| SMOOTHING * growth + self.degrees[of as usize];
        let own = degree(item).powf(-ASKED_POWER);
        let row = self.rows[item as usize].iter();
        let mut found: Vec<Neighbour> = row
            .filter(|(_, _, count)| *count >= LEAST_COUNT)
            .map(|&(item, sum, count)| Neighbour {
                item,
                weight: sum * own * degree(item).powf(-SUGGESTED_POWER),
                count,
            })
            .collect();
        keep_best(&mut found);
        (found, self.baskets[item as usize])
    }
}

fn keep_best(found: &mut Vec<Neighbour>) {
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item)));
    found.truncate(KEPT);
    found.shrink_to_fit();
}

impl Together {
    /// Puts what was learned since in the place of a product's neighbours.
    pub(super) fn replace(&mut self, item: u32, neighbours: Vec<Neighbour>, baskets: u32) {
        self.neighbours[item as usize] = neighbours;
        self.baskets[item as usize] = baskets;
    }

    #[cfg(test)]
    pub(super) fn neighbours(&self, item: u32) -> &[Neighbour] {
        &self.neighbours[item as usize]
    }

    pub(super) fn bytes(&self) -> usize {
        let rows = self.neighbours.iter().map(|row| size_of_val(&row[..]));
        rows.sum::<usize>() + size_of_val(&self.neighbours[..]) + size_of_val(&self.baskets[..])
    }

    /// Learns from baskets of `items` different products.
    pub(super) fn learn(baskets: &[Placed], items: usize) -> Self {
        let mut holding: Vec<Vec<u32>> = vec![Vec::new(); items];
        let mut counts = vec![0_u32; items];
        let mut degrees = vec![SMOOTHING; items];
        let mut weights = vec![0.0_f32; baskets.len()];
        for (place, basket) in baskets.iter().enumerate() {
            if basket.items.len() > LARGEST_BASKET {
                continue;
            }
            let weight =
                weight_of_size(basket.items.len()) * 0.5_f32.powf(basket.age / HALF_LIFE_DAYS);
            for item in &basket.items {
                counts[*item as usize] += 1;
            }
            if basket.items.len() > 1 {
                weights[place] = weight;
                for item in &basket.items {
                    degrees[*item as usize] += weight;
                    holding[*item as usize].push(place as u32);
                }
            }
        }
        let mut sums: Vec<(f32, u32)> = vec![(0.0, 0); items];
        let discounts: Vec<f32> = degrees
            .iter()
            .map(|degree| degree.powf(-SUGGESTED_POWER))
            .collect();
        let neighbours = (0..items)
            .map(|item| {
                let mut met: Vec<u32> = Vec::new();
                for basket in &holding[item] {
                    let weight = weights[*basket as usize];
                    for other in baskets[*basket as usize]
                        .items
                        .iter()
                        .filter(|other| **other != item as u32)
                    {
                        let sum = &mut sums[*other as usize];
                        if sum.1 == 0 {
                            met.push(*other);
                        }
                        *sum = (sum.0 + weight, sum.1 + 1);
                    }
                }
                let own = degrees[item].powf(-ASKED_POWER);
                let mut found: Vec<Neighbour> = met
                    .into_iter()
                    .map(|other| {
                        let (sum, count) = std::mem::take(&mut sums[other as usize]);
                        Neighbour {
                            item: other,
                            weight: sum * own * discounts[other as usize],
                            count,
                        }
                    })
                    .filter(|neighbour| neighbour.count >= LEAST_COUNT)
                    .collect();
                keep_best(&mut found);
                found
            })
            .collect();
        Self {
            neighbours,
            baskets: counts,
        }
    }

    /// Baskets with the product.
    pub(super) fn baskets(&self, item: u32) -> u32 {
        self.baskets.get(item as usize).copied().unwrap_or(0)
    }

    /// Adds what goes with these items, oldest first.
    pub(super) fn add_to(&self, board: &mut Board, asked: &[u32]) {
        let mut share = 1.0;
        for with in asked.iter().rev().take(LAST_ITEMS) {
            for neighbour in &self.neighbours[*with as usize] {
                let tally = board.at(neighbour.item);
                let part = share * neighbour.weight;
                tally.together += part;
                if part > tally.most {
                    (tally.most, tally.with, tally.count) = (part, *with, neighbour.count);
                }
            }
            share *= POSITION_DECAY;
        }
    }
}
