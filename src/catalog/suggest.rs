//! Search as it is typed: the last word may be the beginning of one.

use super::{Catalog, Hit, Product, Query};
use crate::text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words tried for a beginning.
const COMPLETIONS: usize = 5;
/// Shorter beginnings could become anything.
const SHORTEST: usize = 2;

/// Words that name goods, as they are written, with how many products have them; sorted.
#[derive(Default)]
pub(super) struct Beginnings(Vec<(String, u32)>);

impl Beginnings {
    pub(super) fn of(products: &[Arc<Product>]) -> Self {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for product in products {
            let names = std::iter::once(&product.title)
                .chain(&product.category)
                .chain(&product.brand)
                .chain(product.attributes.values());
            for name in names {
                text::for_each_word(name, |_, word| match counts.get_mut(word) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(word.to_owned(), 1)),
                });
            }
        }
        Self(counts.into_iter().collect())
    }

    /// The most frequent words that begin so. O(log n) and the words that do.
    fn of_word(&self, beginning: &str) -> Vec<&str> {
        let start = self
            .0
            .partition_point(|(word, _)| word.as_str() < beginning);
        let rest = self.0[start..].iter();
        let mut begun: Vec<&(String, u32)> = rest
            .take_while(|(word, _)| word.starts_with(beginning))
            .collect();
        begun.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        begun
            .into_iter()
            .take(COMPLETIONS)
            .map(|(word, _)| word.as_str())
            .collect()
    }
}

impl Catalog {
    /// Like [`Catalog::find`] for a query that is still being typed: "alder wo" finds what "alder wool" does. A last
    /// word that is whole, or followed by a blank, is looked for as it is, too.
    pub fn find_as_typed(&self, query: &Query) -> Vec<Hit> {
        let typed = &query.text;
        let (before, last) = match typed.rsplit_once(char::is_whitespace) {
            Some((before, last)) => (before, last),
            None => ("", typed.as_str()),
        };
        let beginning = text::fold(last);
        let words = match beginning.chars().count() >= SHORTEST {
            true => self.beginnings.of_word(&beginning),
            false => Vec::new(),
        };
        if words.is_empty() {
            return self.find(query).hits;
        }
        let mut hits: Vec<Hit> = Vec::new();
        // What is sold out is no suggestion, and leaving it out is what makes each search cheap.
        let mut query = query.clone();
        query.filters.in_stock = true;
        for word in words {
            query.text = format!("{before} {word}");
            let found = self.find(&query);
            for hit in found.hits {
                match hits
                    .iter_mut()
                    .find(|known| known.product.sku == hit.product.sku)
                {
                    Some(known) if known.score >= hit.score => {}
                    Some(known) => *known = hit,
                    None => hits.push(hit),
                }
            }
        }
        // Stable: of two alike, the one of the more frequent word stays first.
        hits.sort_by(|a, b| {
            let order = (b.in_stock, b.called).cmp(&(a.in_stock, a.called));
            order.then(b.score.total_cmp(&a.score))
        });
        hits.truncate(query.limit);
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::super::shop;
    use super::*;

    fn titles(typed: &str) -> Vec<String> {
        let query = Query {
            text: typed.to_owned(),
            limit: 3,
            ..Query::default()
        };
        let hits = shop::small().find_as_typed(&query).into_iter();
        hits.map(|hit| hit.product.title.clone()).collect()
    }

    #[test]
    fn a_word_that_has_just_begun_finds_what_the_whole_one_does() {
        assert_eq!(titles("alder wo")[0], "Alder wool socks");
        assert_eq!(titles("sto")[0], "Storm jacket");
        assert_eq!(titles("jac").len(), 2);
        assert_eq!(titles("jackt").len(), 2, "a slip is repaired as ever");
        assert!(titles("zzz").is_empty());
    }
}
