//! A product as words: what the filters and the "why" look at, prepared once.

use super::{Money, Product};
use crate::search;
use std::collections::BTreeSet;

/// Stems of every part of a product that a shopper can name.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    pub(super) title: Vec<String>,
    pub(super) brand: Vec<String>,
    /// By level, from the root.
    pub(super) category: Vec<Vec<String>>,
    /// Name and the stems of its value.
    pub(super) attributes: Vec<(String, Vec<String>)>,
    /// The same by variant.
    pub(super) options: Vec<Vec<(String, Vec<String>)>>,
    pub(super) description: Vec<String>,
    /// Every stem the product claims to have: all of the above but what it says it is free of. Sorted.
    pub(super) claimed: Vec<String>,
    /// Up to this price it counts as cheap among its kind.
    pub(super) cheap_up_to: Option<Money>,
}

/// `waterproof: no` is a lack: neither its name nor its value is something to find the product by.
pub(super) fn is_lack(value: &str) -> bool {
    matches!(
        value.trim().to_lowercase().as_str(),
        "no" | "false" | "none" | "without" | "0"
    )
}

/// Words before a thing that say it is not there.
const DENYING: [&str; 6] = ["no", "not", "without", "never", "non", "zero"];

/// Stems of a text, without those it denies: "no wool", "without any wool", "wool-free", "free of wool".
fn claims(text: &str) -> Vec<String> {
    let words = search::spoken(text, super::LANGUAGE);
    let word = |at: Option<usize>| {
        at.and_then(|at| words.get(at))
            .map(|spoken| spoken.word.as_str())
    };
    let denied = |at: usize| {
        let (before, further) = (word(at.checked_sub(1)), word(at.checked_sub(2)));
        let denies = |word: Option<&str>| word.is_some_and(|word| DENYING.contains(&word));
        denies(before)
            || (denies(further) && matches!(before, Some("any" | "real" | "animal")))
            || (before == Some("of") && further == Some("free"))
            || word(Some(at + 1)) == Some("free")
    };
    let claimed = words.iter().enumerate().filter(|(at, _)| !denied(*at));
    claimed.map(|(_, spoken)| spoken.term.clone()).collect()
}

impl Profile {
    pub(super) fn of(product: &Product) -> Self {
        let pairs = |pairs: &std::collections::BTreeMap<String, String>| {
            pairs
                .iter()
                .map(|(name, value)| (name.clone(), super::terms(value)))
                .collect::<Vec<_>>()
        };
        let mut profile = Self {
            title: super::terms(&product.title),
            brand: product
                .brand
                .as_deref()
                .map(super::terms)
                .unwrap_or_default(),
            category: product
                .category
                .iter()
                .map(|level| super::terms(level))
                .collect(),
            attributes: pairs(&product.attributes),
            options: product
                .variants
                .iter()
                .map(|variant| pairs(&variant.options))
                .collect(),
            description: super::terms(&product.description),
            claimed: Vec::new(),
            cheap_up_to: None,
        };
        let texts = [product.title.as_str(), product.description.as_str()]
            .into_iter()
            .chain(product.brand.as_deref());
        let mut claimed: BTreeSet<String> = texts.flat_map(claims).collect();
        claimed.extend(profile.category.iter().flatten().cloned());
        claimed.extend(profile.attribute_words(product));
        profile.claimed = claimed.into_iter().collect();
        profile
    }

    /// The attributes and options as one field of the index: names and values, lacks left out, each option once.
    pub(super) fn attribute_words(&self, product: &Product) -> Vec<String> {
        let has = |(name, value): (&String, &String)| !is_lack(value) && !name.is_empty();
        let mut pairs: BTreeSet<(&String, &String)> = BTreeSet::new();
        pairs.extend(product.attributes.iter().filter(|pair| has(*pair)));
        pairs.extend(
            product
                .variants
                .iter()
                .flat_map(|variant| &variant.options)
                .filter(|pair| has(*pair)),
        );
        pairs
            .into_iter()
            .flat_map(|(name, value)| claims(&format!("{name} {value}")))
            .chain(product.tags.iter().flat_map(|tag| super::terms(tag)))
            .collect()
    }

    /// Whether the stem says what the product is, rather than how it is or what it is for.
    pub(super) fn is_called(&self, stem: &str) -> bool {
        let mut names = self.title.iter().chain(self.category.iter().flatten());
        names.any(|known| known == stem)
    }

    pub(super) fn claims(&self, stem: &str) -> bool {
        self.claimed
            .binary_search_by(|known| known.as_str().cmp(stem))
            .is_ok()
    }
}

/// `part` stands in `whole`, word after word.
pub(super) fn contains(whole: &[String], part: &[String]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}
