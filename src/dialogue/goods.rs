//! The words that name what is on sale, for telling a wish from the words around it.

use crate::catalog::Catalog;
use crate::text::{Spelling, fold, stem, words};
use std::collections::{BTreeMap, BTreeSet};

/// A title and what was typed are one when at least this alike (0 to 1, Damerau-Levenshtein).
const ALIKE: f64 = 0.8;
/// Characters by which a typed title may be longer or shorter.
const LONGER: usize = 2;

pub struct Goods {
    stems: BTreeSet<String>,
    spelling: Spelling,
    titles: Vec<Title>,
}

struct Title {
    folded: String,
    words: usize,
    sku: String,
}

impl Goods {
    /// Words of titles, categories, brands and attributes.
    pub fn of(catalog: &Catalog) -> Self {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for phrase in catalog.vocabulary() {
            for word in words(&phrase.phrase) {
                *counts.entry(word.text).or_default() += 1;
            }
        }
        let title = |product: &std::sync::Arc<crate::catalog::Product>| {
            let folded = fold(&product.title).into_owned();
            Title {
                words: words(&folded).len(),
                folded,
                sku: product.sku.clone(),
            }
        };
        Self {
            stems: counts.keys().map(|word| stem(word).to_owned()).collect(),
            spelling: Spelling::new(counts.iter().map(|(word, count)| (word.as_str(), *count))),
            titles: catalog.products().iter().map(title).collect(),
        }
    }

    /// Whether a folded word names something on sale, in any of its forms.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.stems.contains(stem(word))
    }

    /// The word that a misspelt one most likely is.
    pub(super) fn repair(&self, word: &str) -> Option<&str> {
        self.spelling.repair(word)
    }

    /// The product whose whole title stands in the message, misspelt: "do you have the tral vest".
    /// Linear in the catalog; for when nothing else has found a product.
    pub(super) fn misspelt_title(&self, text: &str) -> Option<&str> {
        let said: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        let mut best: Option<(f64, &Title)> = None;
        for title in self.titles.iter().filter(|title| title.words >= 2) {
            for window in said.windows(title.words) {
                let typed = window.join(" ");
                let near = typed.len().abs_diff(title.folded.len()) <= LONGER
                    && typed.chars().next() == title.folded.chars().next();
                if !near {
                    continue;
                }
                let alike = strsim::normalized_damerau_levenshtein(&typed, &title.folded);
                if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) {
                    best = Some((alike, title));
                }
            }
        }
        best.map(|(_, title)| title.sku.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_title_is_found_in_a_sentence() {
        let goods = Goods::of(&crate::catalog::shop::small());
        let first = &goods.titles[0];
        let mut typed = first.folded.clone();
        let at = typed.char_indices().nth(2).map_or(1, |(at, _)| at);
        typed.remove(at);
        assert_eq!(
            goods.misspelt_title(&format!("do u have the {typed} in large")),
            Some(first.sku.as_str())
        );
        assert_eq!(goods.misspelt_title("my cat is sad"), None);
    }
}
