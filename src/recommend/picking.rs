//! From scores to the few that are shown: what may not be shown never takes a place, and what is shown differs.

use super::shelf::Shelf;
use super::similar::Similar;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What likeness to those already taken costs beside relevance (maximal marginal relevance, Carbonell & Goldstein, 1998).
const DIVERSITY: f32 = 0.2;
/// Candidates among which the next is chosen, for each place.
const CHOICES: usize = 3;

/// A scored product; the greatest is the best, ties going to the catalog's order. A heap of these gives the few
/// that are shown without sorting the thousands that are not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranked {
    pub(super) item: u32,
    pub(super) score: f32,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(other.item.cmp(&self.item))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Takes products for one row after the other, never one twice.
pub(super) struct Picker<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) similar: &'a Similar,
    /// Not to be shown: asked about, excluded, or in a row already.
    pub(super) barred: Vec<u32>,
    /// Nothing dearer, in minor units.
    pub(super) dearest: Option<i64>,
    pub(super) limit: usize,
}

/// The row that grows.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) items: Vec<Ranked>,
    /// Against near-twins and too much of one brand.
    families: Vec<u32>,
    brands: Vec<u32>,
}

impl Picker<'_> {
    pub(super) fn may(&self, item: u32) -> bool {
        let affordable = |most| self.shelf.price(item) <= most;
        self.shelf.is_open(item)
            && self.dearest.is_none_or(affordable)
            && !self.barred.contains(&item)
    }

    fn fits(&self, taken: &Taken, item: u32) -> bool {
        let fewer = |all: &[u32], one: u32, most: usize| {
            all.iter().filter(|known| **known == one).count() < most
        };
        let (family, brand) = (self.shelf.family(item), self.shelf.brand(item));
        fewer(&taken.families, family, self.shelf.per_family)
            && brand.is_none_or(|brand| fewer(&taken.brands, brand, self.shelf.per_brand))
    }

    /// Takes one if the rules allow it.
    pub(super) fn take(&mut self, taken: &mut Taken, one: Ranked) -> bool {
        let room = taken.items.len() < self.limit;
        if !room || !self.may(one.item) || !self.fits(taken, one.item) {
            return false;
        }
        self.barred.push(one.item);
        taken.families.push(self.shelf.family(one.item));
        taken.brands.extend(self.shelf.brand(one.item));
        taken.items.push(one);
        true
    }

    /// Best first, until the row is full.
    pub(super) fn fill(&mut self, taken: &mut Taken, ranked: &mut BinaryHeap<Ranked>) {
        while taken.items.len() < self.limit {
            let Some(next) = ranked.pop() else { return };
            self.take(taken, next);
        }
    }

    /// Of the best, those that differ; then as [`Self::fill`], so that no rule empties a row that could be filled.
    pub(super) fn fill_diverse(&mut self, taken: &mut Taken, ranked: &mut BinaryHeap<Ranked>) {
        let places = self.limit.saturating_sub(taken.items.len());
        let mut choices: Vec<(Ranked, f32)> = Vec::with_capacity(places * CHOICES);
        while choices.len() < places * CHOICES {
            let Some(next) = ranked.pop() else { break };
            if self.may(next.item) {
                let likest = taken
                    .items
                    .iter()
                    .map(|one| self.similar.cosine(one.item, next.item));
                choices.push((next, likest.fold(0.0, f32::max)));
            }
        }
        let top = choices.first().map_or(1.0, |(first, _)| first.score);
        let top = top.max(f32::MIN_POSITIVE);
        let worth =
            |(one, alike): &(Ranked, f32)| (1.0 - DIVERSITY) * one.score / top - DIVERSITY * alike;
        while taken.items.len() < self.limit {
            let all = choices.iter().enumerate();
            let best = all.max_by(|a, b| {
                let worths = worth(a.1).total_cmp(&worth(b.1));
                worths.then(b.1.0.item.cmp(&a.1.0.item))
            });
            let Some((place, _)) = best else { break };
            let (next, _) = choices.swap_remove(place);
            if self.take(taken, next) {
                for (other, alike) in &mut choices {
                    *alike = alike.max(self.similar.cosine(next.item, other.item));
                }
            }
        }
        self.fill(taken, ranked);
    }
}
