//! A product as words: what the filters and the "why" look at, prepared once.

use super::audience::MadeFor;
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
    /// What it says it is free of: "caffeine-free", `lactose: no`, "decaf". Sorted.
    pub(super) lacks: Vec<String>,
    pub(super) made_for: MadeFor,
    /// Up to this price it counts as cheap among its kind.
    pub(super) cheap_up_to: Option<Money>,
}

/// `waterproof: no` is a lack: neither its name nor its value is something to find the product by.
pub(super) fn is_lack(value: &str) -> bool {
    matches!(
        value.trim().to_lowercase().as_str(),
        "no" | "false"
            | "none"
            | "without"
            | "free"
            | "0"
            | "0 %"
            | "0%"
            | "0 g"
            | "nein"
            | "ohne"
            | "keine"
            | "frei"
    )
}

/// What a word says is not there, where it says so by itself.
const FREE_OF: [(&str, &str); 10] = [
    ("decaf", "caffeine"),
    ("decaffeinated", "caffeine"),
    ("entkoffeiniert", "koffein"),
    ("koffeinfrei", "koffein"),
    ("unsweetened", "sugar"),
    ("sugarless", "sugar"),
    ("unleaded", "lead"),
    ("nonalcoholic", "alcohol"),
    ("unscented", "scent"),
    ("zuckerfrei", "zucker"),
];

/// Words before a thing that say it is not there.
const DENYING: [&str; 6] = ["no", "not", "without", "never", "non", "zero"];

/// Stems of a text, without those it denies: "no wool", "without any wool", "wool-free", "free of wool".
fn claims(text: &str) -> Vec<String> {
    split(text).0
}

/// Stems that a text denies: of "sugar free", sugar.
pub(super) fn denied(text: &str) -> Vec<String> {
    split(text).1
}

/// Stems of a text that it claims, and those that it denies.
fn split(text: &str) -> (Vec<String>, Vec<String>) {
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
    let (mut claimed, mut lacks) = (Vec::new(), Vec::new());
    for (at, spoken) in words.iter().enumerate() {
        match denied(at) {
            true => lacks.push(spoken.term.clone()),
            false => claimed.push(spoken.term.clone()),
        }
        let by_itself = FREE_OF.iter().filter(|(word, _)| *word == spoken.word);
        lacks.extend(by_itself.flat_map(|(_, thing)| super::terms(thing)));
    }
    (claimed, lacks)
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
            lacks: Vec::new(),
            made_for: MadeFor::of(product),
            cheap_up_to: None,
        };
        let texts = [product.title.as_str(), product.description.as_str()]
            .into_iter()
            .chain(product.brand.as_deref());
        let mut claimed: BTreeSet<String> = texts.flat_map(claims).collect();
        claimed.extend(profile.category.iter().flatten().cloned());
        claimed.extend(profile.attribute_words(product));
        // What name, kind, labels and fields say it is free of, it is; a sentence may speak of something else.
        let named = [product.title.as_str()].into_iter();
        let named = named.chain(product.category.iter().map(String::as_str));
        let named = named.chain(product.tags.iter().map(String::as_str));
        let mut lacks: BTreeSet<String> = named.flat_map(|text| split(text).1).collect();
        for (name, value) in &product.attributes {
            lacks.extend(match is_lack(value) {
                true => super::terms(name),
                false => split(&format!("{name} {value}")).1,
            });
        }
        for lack in &lacks {
            claimed.remove(lack);
        }
        let told = split(&product.description).1.into_iter();
        lacks.extend(told.filter(|lack| !claimed.contains(lack)));
        profile.claimed = claimed.into_iter().collect();
        profile.lacks = lacks.into_iter().collect();
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

    /// Whether the stem is all that one of its fields says: `warmth: warm`, and not `keeps warm: 7 hours`.
    pub(super) fn is_valued(&self, stem: &str) -> bool {
        let mut values = self.attributes.iter().chain(self.options.iter().flatten());
        values.any(|(_, value)| matches!(value.as_slice(), [only] if only == stem))
    }

    /// Whether the product says that it is free of this.
    pub(super) fn lacks(&self, stem: &str) -> bool {
        self.lacks
            .binary_search_by(|known| known.as_str().cmp(stem))
            .is_ok()
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
