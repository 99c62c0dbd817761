//! Words that ask for the same thing: parcel, package, delivery.

use super::{Language, Word, hash_of, words};
use std::collections::BTreeMap;

/// Groups of kindred words, by the stems of their members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kindred {
    /// (hash of a stem, its groups), by hash.
    groups: Vec<(u64, Vec<u16>)>,
    /// All of their words, folded, each once.
    words: Vec<String>,
    /// Hash of a stem → the other words of the shop's own groups, folded.
    instead: BTreeMap<u64, Vec<String>>,
}

impl Kindred {
    /// What the program knows of the language by itself, and the shop's own words.
    pub fn of(language: Language, synonyms: &str) -> Self {
        let mut kindred = match language {
            Language::English => Self::read(language, &[include_str!("kindred.txt"), synonyms]),
            _ => Self::read(language, &[synonyms]),
        };
        for line in lines(synonyms) {
            let group = members(line);
            for word in &group {
                let stem = hash_of(&language.stem(word));
                let others = group.iter().filter(|other| *other != word).cloned();
                kindred.instead.entry(stem).or_default().extend(others);
            }
        }
        kindred
    }

    /// Words that the shop says mean the same as the one with this stem, as they are written; not what is built in,
    /// which is too loose to search by.
    pub fn instead_of(&self, stem: &str) -> &[String] {
        let found = self.instead.get(&hash_of(stem));
        found.map_or(&[], Vec::as_slice)
    }

    /// From groups of words with blanks or commas between them, a group a line; lines that begin with `#` are
    /// comments. Groups beyond the 65,536th are left out.
    fn read(language: Language, tables: &[&str]) -> Self {
        let groups = tables.iter().flat_map(|table| lines(table));
        let mut all = Vec::new();
        let mut by_stem: BTreeMap<u64, Vec<u16>> = BTreeMap::new();
        for (group, line) in (0..=u16::MAX).zip(groups) {
            for word in members(line) {
                let stem = hash_of(&language.stem(&word));
                all.push(word);
                let groups = by_stem.entry(stem).or_default();
                if groups.last() != Some(&group) {
                    groups.push(group);
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        Self {
            groups: by_stem.into_iter().collect(),
            words: all,
            instead: BTreeMap::new(),
        }
    }

    /// All words of all groups: what a mistyped one may have been meant to be.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Numbers of the groups that have a word with this stem; mostly none.
    pub fn groups(&self, stem: &str) -> &[u16] {
        let found = self
            .groups
            .binary_search_by_key(&hash_of(stem), |(known, _)| *known);
        found.map_or(&[], |place| &self.groups[place].1)
    }
}

/// The words of a group. Where there are commas, what has several words between two of them is a phrase, and its words
/// alone mean something else.
fn members(line: &str) -> Vec<String> {
    let parts: Vec<&str> = match line.contains(',') {
        true => line.split(',').collect(),
        false => vec![line],
    };
    let is_word = |of_part: &Vec<Word>| parts.len() == 1 || of_part.len() == 1;
    let of_parts = parts.iter().map(|part| words(part)).filter(is_word);
    of_parts.flatten().map(|word| word.text).collect()
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    let says = |line: &&str| !line.trim_start().starts_with('#') && !line.trim().is_empty();
    table.lines().filter(says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::stem;

    #[test]
    fn words_of_a_group_share_its_number_in_any_form() {
        let tables = ["# comment\nparcel, package\n", "broken torn\ntorn ripped"];
        let kindred = Kindred::read(Language::English, &tables);
        assert_eq!(
            kindred.groups(stem("parcels")),
            kindred.groups(stem("package"))
        );
        assert_eq!(kindred.groups(stem("torn")), [1, 2]);
        assert!(kindred.groups("comment").is_empty());
    }

    #[test]
    fn the_built_in_words_know_a_shops_business_and_the_shop_adds_its_own() {
        let kindred = Kindred::of(Language::English, "scarf shawl");
        let shared = |a: &str, b: &str| {
            let groups = kindred.groups(stem(a));
            groups
                .iter()
                .any(|group| kindred.groups(stem(b)).contains(group))
        };
        assert!(shared("refund", "reimburse"));
        assert!(shared("parcel", "shipment"));
        assert!(shared("scarf", "shawls"));
        assert!(!shared("parcel", "refund"));
        assert_eq!(kindred.instead_of(stem("shawls")), ["scarf"]);
        assert!(kindred.instead_of("parcel").is_empty());
    }
}
