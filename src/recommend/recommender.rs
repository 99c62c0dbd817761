//! The waterfall: bought together, then similar, then popular, each suggestion with its reason.

use super::basket::{Basket, Placed};
use super::family::family;
use super::popular::{Popular, SHOWN_DAYS};
use super::similar::Similar;
use super::together::Together;
use crate::catalog::{Catalog, Product};
use jiff::Timestamp;
use std::sync::Arc;

/// Near-twins shown at once.
const TWINS: usize = 2;

/// Everything learned from one generation of catalog and baskets.
pub struct Recommender {
    catalog: Arc<Catalog>,
    together: Together,
    similar: Similar,
    popular: Popular,
    /// By place in the catalog.
    families: Vec<String>,
}

/// A product and why it is suggested.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    pub product: Arc<Product>,
    /// Only for comparing suggestions of one call with the same kind of reason.
    pub score: f32,
    pub reason: Reason,
}

/// Why, in facts that can be said.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// `count` of the `baskets` with `with_sku` hold this as well.
    Together {
        with_sku: String,
        count: u32,
        baskets: u32,
    },
    /// Alike by content: the innermost category both are in, and the attributes they share.
    Similar {
        to_sku: String,
        category: Option<String>,
        attributes: Vec<(String, String)>,
    },
    /// In `count` baskets of the last `days` days; 0 when nothing has been sold yet.
    Popular { count: u32, days: u32 },
}

impl Reason {
    /// The count is high enough to be said aloud; below it, chance is as good a reason.
    pub fn is_telling(&self) -> bool {
        match self {
            Self::Together { count, .. } => *count >= 3,
            Self::Similar {
                category,
                attributes,
                ..
            } => category.is_some() || !attributes.is_empty(),
            Self::Popular { count, .. } => *count >= 3,
        }
    }
}

/// Takes suggestions until there are enough, never two of one product nor three of one family.
struct Row<'a> {
    recommender: &'a Recommender,
    limit: usize,
    barred: Vec<u32>,
    families: Vec<&'a str>,
    taken: Vec<Recommendation>,
}

impl Row<'_> {
    fn is_full(&self) -> bool {
        self.taken.len() >= self.limit
    }

    /// Best first; ties go to the catalog's order.
    fn fill(&mut self, mut ranked: Vec<(u32, f32)>, reason: impl Fn(u32) -> Reason) {
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        for (item, score) in ranked {
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

    fn row(&self, items: &[u32], exclude: &[&str], limit: usize) -> Row<'_> {
        let mut barred = items.to_vec();
        barred.extend(
            exclude
                .iter()
                .filter_map(|sku| self.catalog.place(sku))
                .map(|place| place as u32),
        );
        Row {
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

    /// What to offer beside these products or variants, oldest first: bought together; where that does not fill
    /// the row, similar to the last one; then popular. In stock only, none of the asked or excluded ones.
    pub fn goes_with(&self, skus: &[&str], exclude: &[&str], limit: usize) -> Vec<Recommendation> {
        let items = self.places(skus);
        let mut row = self.row(&items, exclude, limit);
        let companions = self.together.companions(&items);
        let ranked = companions
            .iter()
            .map(|companion| (companion.item, companion.score))
            .collect();
        row.fill(ranked, |item| {
            let found = companions.iter().find(|companion| companion.item == item);
            let (with, count) =
                found.map_or((item, 0), |companion| (companion.with, companion.count));
            Reason::Together {
                with_sku: self.sku(with),
                count,
                baskets: self.together.baskets(with),
            }
        });
        if let (Some(last), false) = (items.last(), row.is_full()) {
            row.fill(self.similar.to(*last), |item| self.likeness(*last, item));
        }
        if !row.is_full() {
            self.fill_popular(&mut row);
        }
        row.taken
    }

    /// What could stand in for a product, by content. Empty for an unknown SKU.
    pub fn similar(&self, sku: &str, limit: usize) -> Vec<Recommendation> {
        let items = self.places(&[sku]);
        let mut row = self.row(&items, &[], limit);
        if let Some(item) = items.first() {
            row.fill(self.similar.to(*item), |other| self.likeness(*item, other));
        }
        row.taken
    }

    /// What sells; in a shop without sales, the catalog's own order.
    pub fn popular(&self, limit: usize) -> Vec<Recommendation> {
        let mut row = self.row(&[], &[], limit);
        self.fill_popular(&mut row);
        row.taken
    }

    fn fill_popular(&self, row: &mut Row) {
        let all = (0..self.catalog.len() as u32)
            .map(|item| (item, self.popular.score(item)))
            .collect();
        row.fill(all, |item| Reason::Popular {
            count: self.popular.count(item),
            days: SHOWN_DAYS,
        });
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
