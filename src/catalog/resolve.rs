//! A product by its spoken name.

use super::{Catalog, Product, Query};
use std::sync::Arc;

/// The product a name most likely means.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    pub product: Arc<Product>,
    /// 0 to 1: how much of the name stands in the title, and of the title in the name, less when a second
    /// product fits as well.
    pub confidence: f32,
}

/// How surely words name something on sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// Something is called by the word that says what it is, and has part of the others.
    Partly,
    /// Something has all of them, or others for the same.
    Whole,
}

/// Share of what is said that stands in the best product, from which on it counts as part, as most and as the whole.
const PART: f32 = 0.3;
const MOST: f32 = 0.5;
/// What mentions a thing may come before what is one.
const LOOKED_AT: usize = 5;
const WHOLE: f32 = 0.99;

impl Catalog {
    /// Whether the words are the name of a thing that is sold: "apron", "wool socks for hiking". `thing` is the part of
    /// them whose last word says what it is. Costs a search.
    pub fn naming(&self, words: &str, thing: &str) -> Option<Naming> {
        let found = self.find(&Query {
            text: words.to_owned(),
            limit: LOOKED_AT,
            ..Query::default()
        });
        let best = found.hits.first()?;
        let readings = self.readings(thing);
        let is_name = |place: usize| {
            let mut terms = readings.iter().flat_map(|asked| &asked.terms);
            terms.any(|term| self.profiles[place].is_called(term))
        };
        let best_is_so = || self.place(&best.product.sku).is_some_and(is_name);
        if best.called && best.coverage >= WHOLE && (best_is_so() || self.has_value(words)) {
            return Some(Naming::Whole);
        }
        let is_so = |place: usize| {
            let mut heads = readings.iter().filter_map(|asked| asked.terms.last());
            heads.any(|head| self.profiles[place].is_called(head))
        };
        let is_part = found.hits.iter().any(|hit| {
            (hit.called && hit.coverage >= MOST)
                || (hit.coverage >= PART && self.place(&hit.product.sku).is_some_and(is_so))
        });
        is_part.then_some(Naming::Partly)
    }

    /// Whether anything is called by the last of the words, or by what stands for them: for a head torch, a headlamp. Costs a
    /// search.
    pub fn calls(&self, thing: &str) -> bool {
        let found = self.find(&Query {
            text: thing.to_owned(),
            limit: LOOKED_AT,
            ..Query::default()
        });
        let readings = self.readings(thing);
        found.hits.iter().any(|hit| {
            let profile = self.place(&hit.product.sku).map(|at| &self.profiles[at]);
            let mut heads = readings.iter().filter_map(|asked| asked.terms.last());
            profile.is_some_and(|profile| heads.any(|head| profile.is_called(head)))
        })
    }

    /// Finds the product that is called so, or has that SKU. `None` when no product has any of the words.
    pub fn resolve(&self, name: &str) -> Option<Resolved> {
        if let Some(product) = self.product(name.trim()) {
            return Some(Resolved {
                product: Arc::clone(product),
                confidence: 1.0,
            });
        }
        let asked = self.read(name);
        let said = asked.said();
        let mut fits: Vec<(f32, usize)> = Vec::new();
        for scored in self.index.rank(&asked.wanted) {
            let place = scored.document as usize;
            let title = &self.profiles[place].title;
            let says = |stem: &String| self.index.idf(self.index.word(stem));
            let shared = |(stem, n): (&String, &f32)| if title.contains(stem) { *n } else { 0.0 };
            let covered: f32 = asked.terms.iter().zip(&asked.says).map(shared).sum();
            let whole: f32 = title.iter().map(says).sum();
            if said > 0.0 && whole > 0.0 {
                let (of_name, of_title) = (covered / said, (covered / whole).min(1.0));
                fits.push((of_name * (0.6 + 0.4 * of_title), place));
            }
        }
        fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (best, place) = *fits.first().filter(|(best, _)| *best > 0.0)?;
        let second = fits.get(1).map_or(0.0, |fit| fit.0);
        // Two that fit alike are a coin toss.
        let confidence = best * (1.0 - 0.5 * (second / best).powi(4));
        let confidence = if best > 0.999 { best } else { confidence };
        Some(Resolved {
            product: Arc::clone(&self.products[place]),
            confidence,
        })
    }
}
