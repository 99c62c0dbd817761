//! What the products that fit differ in: values with their counts, kinds, prices. Counted over small numbers that are
//! given out at load.

use super::candidates::Candidate;
use super::profile::is_lack;
use super::{Catalog, Money, Product, Query};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Words of a value, at most: longer ones are sentences, not choices.
const MOST_WORDS: usize = 3;

/// Products that a glance takes in.
const GLANCE: usize = 1000;

/// A name or value as a small number.
type Number = u32;

/// By product: the names and values it has, each pair once.
#[derive(Default)]
pub(super) struct Board {
    names: Vec<String>,
    /// As most products write it, with the name it belongs to.
    values: Vec<(Number, String)>,
    of: Vec<Box<[Number]>>,
}

/// What is left to choose from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facets {
    /// Products that fit.
    pub total: usize,
    /// Most frequent values first; names in their order of the alphabet.
    pub attributes: Vec<Facet>,
    /// Categories of every level with the products in them; no order.
    pub levels: BTreeMap<String, usize>,
    /// Categories one level below what all have in common, most frequent first.
    pub kinds: Vec<(String, usize)>,
    /// The lowest price of each that fits, in rising order.
    pub prices: Vec<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    pub name: String,
    pub values: Vec<(String, usize)>,
}

impl Board {
    /// O(values) over all products.
    pub(super) fn of(products: &[Arc<Product>]) -> Self {
        let mut board = Self::default();
        let mut names: HashMap<String, Number> = HashMap::new();
        let mut values: HashMap<(Number, String), Number> = HashMap::new();
        for product in products {
            let mut own: BTreeSet<Number> = BTreeSet::new();
            let on_sale = product.variants.iter().filter(|variant| variant.in_stock());
            let options = on_sale.flat_map(|variant| &variant.options);
            for (name, value) in product.attributes.iter().chain(options) {
                if value.is_empty() || value.split_whitespace().count() > MOST_WORDS {
                    continue;
                }
                let next = names.len() as Number;
                let name_number = *names.entry(name.clone()).or_insert_with(|| {
                    board.names.push(name.clone());
                    next
                });
                let next = values.len() as Number;
                let folded = (name_number, value.to_lowercase());
                let number = *values.entry(folded).or_insert_with(|| {
                    board.values.push((name_number, value.clone()));
                    next
                });
                own.insert(number);
            }
            board.of.push(own.into_iter().collect());
        }
        board
    }
}

impl Catalog {
    /// What the products that fit a query differ in. Where some have all of its words, only those count.
    /// O(products that fit × their values).
    pub fn facets(&self, query: &Query) -> Facets {
        self.facets_of(&self.fitting(query))
    }

    /// The same over the best thousand that fit, or as many spread over all where no words say what is best: enough to
    /// choose a question by, at a cost that does not grow with what fits.
    pub fn facets_at_a_glance(&self, query: &Query) -> Facets {
        self.facets_of(&self.some_fitting(query, GLANCE))
    }

    fn facets_of(&self, candidates: &[Candidate]) -> Facets {
        let mut counts = vec![0_usize; self.board.values.len()];
        let mut prices = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            prices.push(candidate.fit.price);
            for value in &self.board.of[candidate.place] {
                counts[*value as usize] += 1;
            }
        }
        prices.sort_unstable();
        let mut facets: Vec<Facet> = self
            .board
            .names
            .iter()
            .map(|name| Facet {
                name: name.clone(),
                values: Vec::new(),
            })
            .collect();
        for ((name, value), count) in self.board.values.iter().zip(counts) {
            if count > 0 && !is_lack(value) {
                facets[*name as usize].values.push((value.clone(), count));
            }
        }
        facets.retain(|facet| !facet.values.is_empty());
        for facet in &mut facets {
            by_count(&mut facet.values);
        }
        facets.sort_by(|a, b| a.name.cmp(&b.name));
        Facets {
            total: candidates.len(),
            attributes: facets,
            levels: self.levels_of(candidates),
            kinds: self.kinds_of(candidates),
            prices,
        }
    }

    fn levels_of(&self, candidates: &[Candidate]) -> BTreeMap<String, usize> {
        // By the number of the last level: how many, and one of them to read the path of.
        let mut last: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for candidate in candidates {
            if let Some(kind) = self.kinds[candidate.place] {
                last.entry(kind).or_insert((0, candidate.place)).0 += 1;
            }
        }
        let mut levels: BTreeMap<String, usize> = BTreeMap::new();
        for (count, place) in last.into_values() {
            for level in &self.products[place].category {
                *levels.entry(level.clone()).or_default() += count;
            }
        }
        levels
    }

    fn kinds_of(&self, candidates: &[Candidate]) -> Vec<(String, usize)> {
        let path = |candidate: &Candidate| &self.products[candidate.place].category[..];
        let Some(first) = candidates.first() else {
            return Vec::new();
        };
        let mut shared = path(first);
        for candidate in candidates {
            let same = shared
                .iter()
                .zip(path(candidate))
                .take_while(|(a, b)| a == b);
            shared = &shared[..same.count()];
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for candidate in candidates {
            if let Some(kind) = path(candidate).get(shared.len()) {
                *counts.entry(kind).or_default() += 1;
            }
        }
        let mut kinds: Vec<(String, usize)> = counts
            .into_iter()
            .map(|(kind, count)| (kind.to_owned(), count))
            .collect();
        by_count(&mut kinds);
        kinds
    }
}

/// Most frequent first, then by name, so that no two runs differ.
fn by_count(values: &mut [(String, usize)]) {
    values.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
}

#[cfg(test)]
mod tests {
    use super::super::shop;
    use super::*;

    #[test]
    fn what_fits_is_counted_by_value_kind_and_price() {
        let catalog = shop::small();
        let facets = catalog.facets(&Query {
            text: "jacket".to_owned(),
            ..Query::default()
        });
        assert_eq!(facets.total, 2);
        let of = |name: &str| {
            let facet = facets.attributes.iter().find(|facet| facet.name == name);
            facet.map(|facet| facet.values.clone())
        };
        assert_eq!(of("waterproof"), Some(vec![("yes".to_owned(), 1)]));
        assert_eq!(of("size"), Some(vec![("M".to_owned(), 2)]));
        let all = catalog.facets(&Query::default());
        assert_eq!(all.kinds[0], ("Jackets".to_owned(), 2));
        assert!(all.prices.is_sorted());
    }
}
