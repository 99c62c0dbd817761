//! The waterfall: bought together, then similar, then popular, each suggestion with its reason.

use super::basket::{Basket, Placed};
use super::board::{Board, Tally};
use super::family::family;
use super::popular::{Popular, SHOWN_DAYS};
use super::reason::{Reason, Recommendation};
use super::similar::Similar;
use super::together::Together;
use super::{Ask, Row, RowKind, Seen};
use crate::catalog::Catalog;
use jiff::Timestamp;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Near-twins shown at once.
const TWINS: usize = 2;
/// What likeness counts beside being bought together.
const ALIKE: f32 = 0.1;

/// Everything learned from one generation of catalog and baskets.
pub struct Recommender {
    catalog: Arc<Catalog>,
    pub(super) together: Together,
    similar: Similar,
    popular: Popular,
    /// By place in the catalog.
    families: Vec<String>,
}

/// Takes suggestions until there are enough, never two of one product nor three of one family.
struct Picked<'a> {
    recommender: &'a Recommender,
    limit: usize,
    barred: Vec<u32>,
    families: Vec<&'a str>,
    taken: Vec<Recommendation>,
}

impl Picked<'_> {
    fn is_full(&self) -> bool {
        self.taken.len() >= self.limit
    }

    /// Best first.
    fn fill(&mut self, mut ranked: BinaryHeap<Ranked>, reason: impl Fn(u32) -> Reason) {
        while let Some(Ranked { item, score }) = ranked.pop() {
            if self.is_full() {
                return;
            }
            let product = &self.recommender.catalog.products()[item as usize];
            let family = self.recommender.families[item as usize].as_str();
            let twins = self
                .families
                .iter()
                .filter(|known| **known == family)
                .count();
            if twins >= TWINS || self.barred.contains(&item) || !product.in_stock() {
                continue;
            }
            self.barred.push(item);
            self.families.push(family);
            self.taken.push(Recommendation {
                product: Arc::clone(product),
                score,
                reason: reason(item),
            });
        }
    }
}

/// Being bought together counts whole, being alike a tenth, each beside its best. A product that is alike and
/// never bought with the asked ones comes behind nearly all that were.
fn scores(tallies: &[(u32, Tally)]) -> BinaryHeap<Ranked> {
    let top = |part: fn(&Tally) -> f32| {
        tallies
            .iter()
            .map(|(_, tally)| part(tally))
            .fold(f32::MIN_POSITIVE, f32::max)
    };
    let (together, alike) = (top(|tally| tally.together), top(|tally| tally.alike));
    let score = |tally: &Tally| tally.together / together + ALIKE * tally.alike / alike;
    tallies
        .iter()
        .map(|(item, tally)| Ranked {
            item: *item,
            score: score(tally),
        })
        .collect()
}

/// A scored product; the greatest is the best, ties going to the catalog's order. A heap of these gives the few
/// that are shown without sorting the thousands that are not.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    item: u32,
    score: f32,
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

impl Recommender {
    /// Learns from every basket. `now` dates their ages; the same input gives the same answers.
    pub fn build(
        baskets: impl IntoIterator<Item = Basket>,
        catalog: Arc<Catalog>,
        now: Timestamp,
    ) -> Self {
        let placed: Vec<Placed> = baskets
            .into_iter()
            .map(|basket| Placed::new(&basket, &catalog, now))
            .collect();
        Self {
            together: Together::learn(&placed, catalog.len()),
            similar: Similar::new(&catalog),
            popular: Popular::learn(&placed, catalog.len()),
            families: catalog
                .products()
                .iter()
                .map(|product| family(product))
                .collect(),
            catalog,
        }
    }

    fn row(&self, items: &[u32], exclude: &[&str], limit: usize) -> Picked<'_> {
        let mut barred = items.to_vec();
        barred.extend(
            exclude
                .iter()
                .filter_map(|sku| self.catalog.place(sku))
                .map(|place| place as u32),
        );
        Picked {
            recommender: self,
            limit,
            barred,
            families: Vec::new(),
            taken: Vec::new(),
        }
    }

    fn places(&self, skus: &[&str]) -> Vec<u32> {
        skus.iter()
            .filter_map(|sku| self.catalog.place(sku))
            .map(|place| place as u32)
            .collect()
    }

    /// Where they stand in the catalog; what it does not know is left out.
    pub(super) fn places_of<'s>(&'s self, skus: &'s [String]) -> impl Iterator<Item = u32> + 's {
        let places = skus.iter().filter_map(|sku| self.catalog.place(sku));
        places.map(|place| place as u32)
    }

    /// Memory of what was learned, the catalog left out.
    pub fn bytes(&self) -> usize {
        self.together.bytes() + self.similar.bytes() + self.catalog.len() * size_of::<(f32, u32)>()
    }

    /// What to offer beside these products or variants, oldest first: bought together, a little of it by
    /// likeness; then what is only alike; then what sells. In stock only, none of the asked or excluded ones.
    pub fn goes_with(&self, skus: &[&str], exclude: &[&str], limit: usize) -> Vec<Recommendation> {
        let items = self.places(skus);
        let mut row = self.row(&items, exclude, limit);
        let tallies = self.tallies(&items);
        row.fill(scores(&tallies), |item| {
            match tallies.iter().find(|(known, _)| *known == item) {
                Some((_, tally)) if tally.count > 0 => Reason::Together {
                    with_sku: self.sku(tally.with),
                    count: tally.count,
                    baskets: self.together.baskets(tally.with),
                },
                _ => self.likeness(self.nearest(&items, item), item),
            }
        });
        if !row.is_full() {
            self.fill_popular(&mut row);
        }
        row.taken
    }

    /// The rows of a placement, each product in one of them.
    pub fn place(&self, ask: &Ask<'_>) -> Vec<Row> {
        let skus: Vec<&str> = ask.items.iter().map(String::as_str).collect();
        let exclude: Vec<&str> = ask.exclude.iter().map(String::as_str).collect();
        let goes_with = self.goes_with(&skus, &exclude, ask.limit);
        let found = [
            (
                RowKind::GoesWith,
                if skus.is_empty() {
                    Vec::new()
                } else {
                    goes_with
                },
            ),
            (RowKind::BestSellers, self.popular(ask.limit)),
        ];
        let rows = found.into_iter().map(|(kind, items)| Row { kind, items });
        rows.filter(|row| !row.items.is_empty()).collect()
    }

    /// Takes in one event, in place.
    pub fn learn(&self, seen: &Seen<'_>) {
        let _ = seen;
    }

    /// What could stand in for a product, by content. Empty for an unknown SKU.
    pub fn similar(&self, sku: &str, limit: usize) -> Vec<Recommendation> {
        let items = self.places(&[sku]);
        let mut row = self.row(&items, &[], limit);
        if let Some(item) = items.first() {
            let alike = Board::tally(self.catalog.len(), |board| {
                self.similar.add_to(board, &items)
            });
            let ranked = alike
                .iter()
                .map(|(item, tally)| Ranked {
                    item: *item,
                    score: tally.alike,
                })
                .collect();
            row.fill(ranked, |other| self.likeness(*item, other));
        }
        row.taken
    }

    /// Decayed sales of a product; 0 when it never sold, or is not known.
    pub fn sold(&self, sku: &str) -> f32 {
        let place = self.catalog.place(sku);
        place.map_or(0.0, |place| self.popular.score(place as u32))
    }

    /// What sells; in a shop without sales, the catalog's own order.
    pub fn popular(&self, limit: usize) -> Vec<Recommendation> {
        let mut row = self.row(&[], &[], limit);
        self.fill_popular(&mut row);
        row.taken
    }

    fn fill_popular(&self, row: &mut Picked) {
        let all = (0..self.catalog.len() as u32)
            .map(|item| Ranked {
                item,
                score: self.popular.score(item),
            })
            .collect();
        row.fill(all, |item| Reason::Popular {
            count: self.popular.count(item),
            days: SHOWN_DAYS,
        });
    }

    /// The best `limit` companions, whatever their stock or family: what [`super::evaluate()`] measures.
    pub(super) fn foretell(&self, items: &[u32], limit: usize) -> Vec<u32> {
        self.foretell_with(items, limit, |_| 0.0)
    }

    /// The same with something on top of each score.
    pub(super) fn foretell_with(
        &self,
        items: &[u32],
        limit: usize,
        more: impl Fn(u32) -> f32,
    ) -> Vec<u32> {
        let scored = scores(&self.tallies(items)).into_iter();
        let mut ranked: BinaryHeap<Ranked> = scored
            .map(|ranked| Ranked {
                score: ranked.score + more(ranked.item),
                ..ranked
            })
            .collect();
        std::iter::from_fn(|| ranked.pop())
            .map(|ranked| ranked.item)
            .filter(|item| !items.contains(item))
            .take(limit)
            .collect()
    }

    fn tallies(&self, items: &[u32]) -> Vec<(u32, Tally)> {
        Board::tally(self.catalog.len(), |board| {
            self.together.add_to(board, items);
            self.similar.add_to(board, items);
        })
    }

    /// The one of `items` most like `item`.
    fn nearest(&self, items: &[u32], item: u32) -> u32 {
        let likest = items.iter().rev().max_by(|a, b| {
            self.similar
                .cosine(**a, item)
                .total_cmp(&self.similar.cosine(**b, item))
        });
        likest.copied().unwrap_or(item)
    }

    fn sku(&self, item: u32) -> String {
        self.catalog.products()[item as usize].sku.clone()
    }

    fn likeness(&self, to: u32, item: u32) -> Reason {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;

    #[test]
    fn what_was_bought_together_comes_first_and_says_in_how_many_baskets() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let basket = |items: &[&str]| Basket {
            at: now,
            items: items.iter().map(|sku| (*sku).to_owned()).collect(),
        };
        let mut baskets = vec![basket(&["ALDER-WOOL-SOCKS-0", "BIRCH-CAP"]); 3];
        baskets.push(basket(&["ALDER-WOOL-SOCKS", "STORM-JACKET"]));
        let recommender = Recommender::build(baskets, Arc::new(shop::small()), now);
        let row = recommender.goes_with(&["ALDER-WOOL-SOCKS"], &[], 3);
        assert_eq!(row[0].product.title, "Birch cap");
        assert_eq!(
            row[0].reason,
            Reason::Together {
                with_sku: "ALDER-WOOL-SOCKS".to_owned(),
                count: 3,
                baskets: 4
            }
        );
        assert_eq!(row.len(), 3);
        assert!(matches!(row[1].reason, Reason::Similar { .. }), "{row:?}");
    }
}
