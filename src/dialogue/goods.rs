//! The words that name what is on sale, for telling a wish from the words around it.

use crate::catalog::Catalog;
use crate::text::{COMMON_WORDS, Spelling, fold, stem, words};
use crate::understanding::Colour;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A title and what was typed are one when at least this alike (0 to 1, Damerau-Levenshtein).
const ALIKE: f64 = 0.8;
/// Characters by which a typed title may be longer or shorter.
const LONGER: usize = 2;

pub struct Goods {
    stems: BTreeSet<String>,
    spelling: Spelling,
    common: HashSet<&'static str>,
    /// Two words that stand side by side in a name, one of them a word for a colour that the thing does not come in:
    /// `earl grey`, `white tea`.
    coloured: HashSet<(String, String)>,
    /// By number of words and first letter.
    titles: BTreeMap<(usize, char), Vec<Title>>,
}

struct Title {
    folded: String,
    letters: Letters,
    sku: String,
}

/// How often each letter stands in a text, letters that share their last five bits together.
#[derive(Clone, Copy)]
struct Letters([u8; 32]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = [0_u8; 32];
        for letter in text.chars() {
            let count = &mut counts[letter as usize % 32];
            *count = count.saturating_add(1);
        }
        Self(counts)
    }

    /// Edits that it takes at least from one to the other: what one has too many of must go, and a swap of
    /// neighbours changes no count. A hundred times cheaper than the distance itself.
    fn apart(&self, other: &Self) -> u32 {
        let differences = self.0.iter().zip(&other.0);
        let (mut more, mut less) = (0, 0);
        for (mine, theirs) in differences {
            more += u32::from(mine.saturating_sub(*theirs));
            less += u32::from(theirs.saturating_sub(*mine));
        }
        more.max(less)
    }
}

fn coloured(catalog: &Catalog) -> HashSet<(String, String)> {
    let mut pairs = HashSet::new();
    for product in catalog.products() {
        let options = product.variants.iter().flat_map(|one| one.options.values());
        let values: Vec<String> = options
            .chain(product.attributes.values())
            .map(|value| value.to_lowercase())
            .collect();
        let comes_in = |colour: &str| values.iter().any(|value| value.contains(colour));
        for name in std::iter::once(&product.title).chain(&product.category) {
            let words = words(name);
            for two in words.windows(2) {
                let is_name = |word: &str| Colour::named(word).is_some() && !comes_in(word);
                if two.iter().any(|word| is_name(&word.text)) {
                    pairs.insert((stem(&two[0].text).to_owned(), stem(&two[1].text).to_owned()));
                }
            }
        }
    }
    pairs
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
        let mut titles: BTreeMap<(usize, char), Vec<Title>> = BTreeMap::new();
        for product in catalog.products() {
            let folded = fold(&product.title).into_owned();
            if let (count @ 2.., Some(first)) = (words(&folded).len(), folded.chars().next()) {
                titles.entry((count, first)).or_default().push(Title {
                    letters: Letters::of(&folded),
                    folded,
                    sku: product.sku.clone(),
                });
            }
        }
        Self {
            stems: counts.keys().map(|word| stem(word).to_owned()).collect(),
            spelling: Spelling::new(counts.iter().map(|(word, count)| (word.as_str(), *count))),
            common: COMMON_WORDS.split_whitespace().collect(),
            coloured: coloured(catalog),
            titles,
        }
    }

    /// Whether two folded words side by side are part of a name, though one of them is a word for a colour.
    pub(super) fn is_coloured_name(&self, first: &str, second: &str) -> bool {
        let pair = (stem(first).to_owned(), stem(second).to_owned());
        self.coloured.contains(&pair)
    }

    /// Whether a folded word names something on sale, in any of its forms.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.stems.contains(stem(word))
    }

    /// The word that a misspelt one most likely is.
    pub(super) fn repair(&self, word: &str) -> Option<&str> {
        self.spelling.repair(word)
    }

    /// Whether a folded word is everyday English, no thing that a shop would be asked for by name.
    pub(super) fn is_everyday(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    /// The product whose whole title stands in the message, misspelt: "do you have the tral vest".
    pub(super) fn misspelt_title(&self, text: &str) -> Option<&str> {
        let said: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        let mut best: Option<(f64, &Title)> = None;
        for (&(count, first), titles) in &self.titles {
            let begins =
                |window: &&[String]| window.first().is_some_and(|word| word.starts_with(first));
            for window in said.windows(count).filter(begins) {
                let typed = window.join(" ");
                let letters = Letters::of(&typed);
                let near = |title: &&Title| {
                    let longer = typed.len().max(title.folded.len()) as f64;
                    let edits = f64::from(letters.apart(&title.letters));
                    typed.len().abs_diff(title.folded.len()) <= LONGER
                        && edits <= (1.0 - ALIKE) * longer
                };
                for title in titles.iter().filter(near) {
                    let alike = strsim::normalized_damerau_levenshtein(&typed, &title.folded);
                    if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) {
                        best = Some((alike, title));
                    }
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
        let first = goods.titles.values().flatten().next().unwrap();
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
