//! What goes together in a shop, learnt from its past and learning on: bought together, looked at together, alike, sold.

use super::basket::{Basket, Placed};
use super::board::{Board, Tally};
use super::growth;
use super::picking::{Picker, Ranked, Taken};
use super::reason::{Reason, Recommendation};
use super::rules::Rules;
use super::sales::{SHOWN_DAYS, Sales};
use super::shelf::Shelf;
use super::similar::Similar;
use super::together::Together;
use super::{Seen, Weights};
use crate::catalog::Catalog;
use jiff::Timestamp;
use std::borrow::Borrow;
use std::collections::BinaryHeap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What is known about one generation of a catalog. It answers and learns at the same time: an event holds answers up
/// for less than a tenth of a millisecond.
pub struct Recommender {
    pub(super) catalog: Arc<Catalog>,
    pub(super) similar: Similar,
    pub(super) shelf: Shelf,
    start: Timestamp,
    live: RwLock<Live>,
}

/// What goes on learning.
pub(super) struct Live {
    pub(super) weights: Weights,
    pub(super) bought: Together,
    pub(super) viewed: Together,
    pub(super) sales: Sales,
    /// By product: how often it was seen as a suggestion, and how often followed.
    pub(super) shown: Vec<(u32, u32)>,
}

impl Live {
    fn learn(placed: &[Placed], items: usize, weights: Weights) -> Self {
        let mut live = Self {
            weights,
            bought: Together::baskets(items, weights.asked_power),
            viewed: Together::visits(items, weights.asked_power),
            sales: Sales::new(items),
            shown: vec![(0, 0); items],
        };
        live.bought.learn(placed);
        for basket in placed {
            live.sales.add(&basket.items, basket.days);
        }
        live
    }

    pub(super) fn weigh(&mut self, weights: Weights) {
        self.weights = weights;
        self.bought.weigh(weights.asked_power);
        self.viewed.weigh(weights.asked_power);
    }
}

impl Recommender {
    /// Learns from every basket. `now` is the start of its time: what is dated later counts as of now. The same input
    /// gives the same answers.
    pub fn build(
        baskets: impl IntoIterator<Item = impl Borrow<Basket>>,
        catalog: Arc<Catalog>,
        now: Timestamp,
    ) -> Self {
        Self::with_rules(baskets, catalog, &Rules::default(), now)
    }

    /// The same for a shop with rules of its own.
    pub fn with_rules(
        baskets: impl IntoIterator<Item = impl Borrow<Basket>>,
        catalog: Arc<Catalog>,
        rules: &Rules,
        now: Timestamp,
    ) -> Self {
        let baskets = baskets.into_iter();
        let placed: Vec<Placed> = baskets
            .map(|one| placed(one.borrow(), &catalog, now))
            .collect();
        Self {
            similar: Similar::new(&catalog),
            shelf: Shelf::new(&catalog, rules, now),
            live: RwLock::new(Live::learn(&placed, catalog.len(), Weights::default())),
            start: now,
            catalog,
        }
    }

    /// What it would know from these baskets alone.
    pub(super) fn relearnt(&self, baskets: &[Basket]) -> Live {
        let placed = baskets
            .iter()
            .map(|basket| placed(basket, &self.catalog, self.start));
        let placed: Vec<Placed> = placed.collect();
        Live::learn(&placed, self.catalog.len(), Weights::default())
    }

    pub(super) fn live(&self) -> RwLockReadGuard<'_, Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn live_to_change(&self) -> RwLockWriteGuard<'_, Live> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Days since it was built.
    pub(super) fn days(&self, at: Timestamp) -> f32 {
        growth::days(self.start, at)
    }

    pub fn weights(&self) -> Weights {
        self.live().weights
    }

    /// Goes by these weights from now on. When the powers change, answers wait while the best companions of every product
    /// are chosen anew: milliseconds for a shop of thousands.
    pub fn weigh(&self, weights: Weights) {
        self.live_to_change().weigh(weights);
    }

    /// Takes in one event, in place and at once. Costs the square of a basket's products times a search among the
    /// companions of each: microseconds, whatever the size of the shop.
    pub fn learn(&self, seen: &Seen<'_>) {
        let place = |sku: &str| self.catalog.place(sku).map(|place| place as u32);
        match seen {
            Seen::Purchase(basket) => {
                let items = basket.places(&self.catalog);
                let days = self.days(basket.at);
                let mut live = self.live_to_change();
                live.bought.add_basket(&items, days);
                live.sales.add(&items, days);
            }
            Seen::View { sku, before, at } => {
                let Some(item) = place(sku) else { return };
                let last = &before[before.len().saturating_sub(super::together::LAST_ITEMS)..];
                let before: Vec<u32> = last.iter().filter_map(|sku| place(sku)).collect();
                let days = self.days(*at);
                self.live_to_change().viewed.add_view(item, &before, days);
            }
            Seen::Impression { sku, .. } => {
                if let Some(item) = place(sku) {
                    self.live_to_change().shown[item as usize].0 += 1;
                }
            }
            Seen::Click { sku, .. } => {
                if let Some(item) = place(sku) {
                    self.live_to_change().shown[item as usize].1 += 1;
                }
            }
        }
    }

    /// Memory of what was learned, the catalog left out. Grows with products, and with pairs up to a cap a product.
    pub fn bytes(&self) -> usize {
        let live = self.live();
        live.bought.bytes()
            + live.viewed.bytes()
            + live.sales.bytes()
            + size_of_val(&live.shown[..])
            + self.similar.bytes()
            + self.shelf.bytes()
    }

    /// Where they stand in the catalog; what it does not know is left out.
    pub(super) fn places_of<S: AsRef<str>>(&self, skus: &[S]) -> Vec<u32> {
        let places = skus
            .iter()
            .filter_map(|sku| self.catalog.place(sku.as_ref()));
        places.map(|place| place as u32).collect()
    }

    pub(super) fn picker(&self, items: &[u32], exclude: Vec<u32>, limit: usize) -> Picker<'_> {
        Picker {
            shelf: &self.shelf,
            similar: &self.similar,
            barred: [items, &exclude].concat(),
            dearest: self.shelf.dearest_beside(items),
            limit,
        }
    }

    /// What to offer beside these products or variants, oldest first: bought or looked at together, a little of it by
    /// likeness; then what is only alike; then what sells. In stock only, none of the asked or excluded ones.
    pub fn goes_with(&self, skus: &[&str], exclude: &[&str], limit: usize) -> Vec<Recommendation> {
        let live = self.live();
        let items = self.places_of(skus);
        let mut picker = self.picker(&items, self.places_of(exclude), limit);
        let mut taken = Taken::default();
        self.ranked(
            &live,
            &items,
            |_| true,
            |ranked, _| picker.fill_diverse(&mut taken, ranked),
        );
        let mut row: Vec<Recommendation> = taken
            .items
            .iter()
            .map(|one| self.recommendation(*one, self.companion(&live, &items, one.item)))
            .collect();
        if row.len() < limit {
            self.fill_with_best_sellers(&live, &mut picker, &mut taken);
            let more = &taken.items[row.len()..];
            row.extend(more.iter().map(|one| self.best_seller(&live, *one)));
        }
        row
    }

    /// What could stand in for a product, by content. Empty for an unknown SKU.
    pub fn similar(&self, sku: &str, limit: usize) -> Vec<Recommendation> {
        let items = self.places_of(&[sku]);
        let mut picker = self.picker(&items, Vec::new(), limit);
        let mut taken = Taken::default();
        for item in &items {
            picker.fill(&mut taken, &mut self.likest(*item));
        }
        let row = taken.items.iter();
        row.map(|one| self.recommendation(*one, self.likeness(items[0], one.item)))
            .collect()
    }

    /// Decayed sales of a product; 0 when it never sold, or is not known.
    pub fn sold(&self, sku: &str) -> f32 {
        let place = self.catalog.place(sku);
        place.map_or(0.0, |place| self.live().sales.score(place as u32))
    }

    /// What sells; in a shop without sales, the best rated.
    pub fn popular(&self, limit: usize) -> Vec<Recommendation> {
        let live = self.live();
        let mut picker = self.picker(&[], Vec::new(), limit);
        let mut taken = Taken::default();
        self.fill_with_best_sellers(&live, &mut picker, &mut taken);
        let row = taken.items.iter();
        row.map(|one| self.best_seller(&live, *one)).collect()
    }

    /// The leaders first, and only if they are not enough all others that sold. Without any sale, well rated ones that
    /// differ.
    pub(super) fn fill_with_best_sellers(
        &self,
        live: &Live,
        picker: &mut Picker<'_>,
        taken: &mut Taken,
    ) {
        let ranked = |item: &u32| Ranked {
            item: *item,
            score: live.sales.score(*item),
        };
        if live.sales.is_empty() {
            let by_rank = |(place, item): (usize, &u32)| Ranked {
                item: *item,
                score: 1.0 / (1.0 + place as f32 / 100.0),
            };
            let rated = self.shelf.rated().iter().enumerate().map(by_rank);
            let first = rated.clone().take(picker.limit * 10);
            picker.fill_diverse(taken, &mut first.collect());
            if taken.items.len() < picker.limit {
                picker.fill(taken, &mut rated.collect());
            }
            return;
        }
        picker.fill(taken, &mut live.sales.best().iter().map(ranked).collect());
        if taken.items.len() < picker.limit {
            let all = 0..self.catalog.len() as u32;
            let all = all.map(|item| ranked(&item));
            picker.fill(taken, &mut all.filter(|one| one.score > 0.0).collect());
        }
    }

    pub(super) fn best_seller(&self, live: &Live, one: Ranked) -> Recommendation {
        let count = live.sales.count(one.item);
        let days = SHOWN_DAYS;
        let reason = match live.sales.is_empty() {
            true => Reason::Catalog,
            false => Reason::Popular { count, days },
        };
        self.recommendation(one, reason)
    }

    /// What the words say is likest.
    pub(super) fn likest(&self, item: u32) -> BinaryHeap<Ranked> {
        let likest = self.similar.likest(item).iter();
        likest
            .map(|&(item, score)| Ranked { item, score })
            .collect()
    }

    /// Hands over all that has anything to do with these, by its score: being bought together counts whole, the rest
    /// as the weights say, each beside its best. Those that `counts` refuses are left out.
    pub(super) fn ranked<T>(
        &self,
        live: &Live,
        items: &[u32],
        counts: impl Fn(&Tally) -> bool,
        take: impl FnOnce(&mut BinaryHeap<Ranked>, &mut Board) -> T,
    ) -> T {
        let weights = &live.weights;
        Board::with(self.catalog.len(), |board| {
            live.bought.add_to(board, items, weights.position_decay);
            live.viewed.add_views_to(board, items);
            self.similar.add_to(board, items);
            let mut tops = [f32::MIN_POSITIVE; 3];
            for (_, tally) in board.tallies() {
                let parts = [tally.together, tally.viewed, tally.alike];
                for (top, part) in tops.iter_mut().zip(parts) {
                    *top = top.max(part);
                }
            }
            let [together, viewed, alike] = tops;
            let (viewed, alike) = (weights.viewed / viewed, weights.alike / alike);
            let mut ranked = std::mem::take(&mut board.ranked);
            ranked.clear();
            let counting = board.tallies().filter(|(_, tally)| counts(tally));
            ranked.extend(counting.map(|(item, tally)| Ranked {
                item,
                score: tally.together / together
                    + viewed * tally.viewed
                    + alike * tally.alike
                    + weights.trend * live.sales.trend(item)
                    + self.shelf.margin(item),
            }));
            let mut ranked = BinaryHeap::from(ranked);
            let answer = take(&mut ranked, board);
            board.ranked = ranked.into_vec();
            answer
        })
    }

    /// The best `limit` companions before rules and diversity: what [`super::evaluate()`] measures.
    pub(super) fn foretell(&self, live: &Live, items: &[u32], limit: usize) -> Vec<u32> {
        self.ranked(
            live,
            items,
            |_| true,
            |ranked, _| {
                std::iter::from_fn(|| ranked.pop())
                    .map(|ranked| ranked.item)
                    .filter(|item| !items.contains(item))
                    .take(limit)
                    .collect()
            },
        )
    }

    pub(super) fn recommendation(&self, one: Ranked, reason: Reason) -> Recommendation {
        Recommendation {
            product: Arc::clone(&self.catalog.products()[one.item as usize]),
            score: one.score,
            reason,
        }
    }

    /// Why this one beside those: orders speak before visits, and visits before words.
    pub(super) fn companion(&self, live: &Live, items: &[u32], item: u32) -> Reason {
        let decay = live.weights.position_decay;
        if let Some((with, count)) = live.bought.most(items, item, decay) {
            return Reason::Together {
                with_sku: self.sku(with),
                count,
                baskets: live.bought.count(with),
            };
        }
        if let Some((with, count)) = live.viewed.most(items, item, decay) {
            return Reason::ViewedTogether {
                with_sku: self.sku(with),
                count,
                visits: live.viewed.count(with),
            };
        }
        let likest = items.iter().rev().max_by(|a, b| {
            let cosine = |of: u32| self.similar.cosine(of, item);
            cosine(**a).total_cmp(&cosine(**b))
        });
        self.likeness(likest.copied().unwrap_or(item), item)
    }

    pub(super) fn sku(&self, item: u32) -> String {
        self.catalog.products()[item as usize].sku.clone()
    }

    pub(super) fn likeness(&self, to: u32, item: u32) -> Reason {
        let (to, other) = (
            &self.catalog.products()[to as usize],
            &self.catalog.products()[item as usize],
        );
        let shared = to
            .category
            .iter()
            .zip(&other.category)
            .take_while(|(a, b)| a == b)
            .last();
        let attributes = to
            .attributes
            .iter()
            .filter(|(name, value)| other.attributes.get(*name) == Some(value));
        Reason::Similar {
            to_sku: to.sku.clone(),
            category: shared.map(|(level, _)| level.clone()),
            attributes: attributes
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }
}

/// What is dated after the start counts as of the start.
fn placed(basket: &Basket, catalog: &Catalog, start: Timestamp) -> Placed {
    Placed {
        days: growth::days(start, basket.at).min(0.0),
        items: basket.places(catalog),
    }
}

#[cfg(test)]
mod tests;
