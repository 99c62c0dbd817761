//! Other wordings of a query: words that mean the same, words written together or apart.

use super::{LANGUAGE, terms};
use crate::search::{Index, spoken};
use crate::text::{self, WordSet, hash_of};
use std::collections::BTreeMap;

/// English that shops and shoppers differ in, a group a line, its members between commas.
const BUILT_IN: &str = include_str!("synonyms.txt");

/// Wordings of one query beside the one typed.
const MOST: usize = 4;
/// Parts of a word written together have at least so many letters: shorter ones are met by chance.
const SHORTEST_PART: usize = 3;

/// A phrase and what may be said instead.
struct Phrase {
    terms: Vec<String>,
    instead: Vec<String>,
}

/// What the catalog knows of wordings.
pub(super) struct Wordings {
    /// By the first term, long phrases first.
    phrases: BTreeMap<String, Vec<Phrase>>,
    /// Pairs of words that stand side by side in some product.
    neighbours: WordSet,
}

impl Wordings {
    /// `synonyms` are the shop's own groups, in the form of the built-in ones.
    pub(super) fn new<'t>(synonyms: &str, texts: impl Iterator<Item = &'t str>) -> Self {
        let mut phrases: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
        // The shop's own come first: where there are too many wordings, the last are left out.
        let lines = synonyms.lines().chain(BUILT_IN.lines());
        for line in lines.filter(|line| !line.trim_start().starts_with('#')) {
            let members: Vec<&str> = members(line).collect();
            for member in &members {
                let terms = terms(member);
                let others = members.iter().filter(|other| *other != member);
                let instead: Vec<String> = others.map(|other| (*other).to_owned()).collect();
                if let Some(first) = terms.first().cloned() {
                    phrases
                        .entry(first)
                        .or_default()
                        .push(Phrase { terms, instead });
                }
            }
        }
        for group in phrases.values_mut() {
            group.sort_by_key(|phrase| std::cmp::Reverse(phrase.terms.len()));
        }
        let mut neighbours = WordSet::default();
        for text in texts {
            let mut before = String::new();
            text::for_each_word(text, |_, word| {
                if !before.is_empty() {
                    neighbours.insert(pair(&before, word));
                }
                before.clear();
                before.push_str(word);
            });
        }
        Self {
            phrases,
            neighbours,
        }
    }

    /// All words of all groups, folded.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        let members = self.phrases.values().flatten();
        let members = members.flat_map(|phrase| &phrase.instead);
        members.flat_map(|member| text::words(member).into_iter().map(|word| word.text))
    }

    /// The query in other words that `index` has, at most four; each differs from it in one place.
    pub(super) fn of(&self, text: &str, index: &Index) -> Vec<String> {
        let words = spoken(text, LANGUAGE);
        let has = |text: &str| terms(text).iter().all(|term| index.word(term).is_some());
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(here) = words.get(at).filter(|_| found.len() < MOST) {
            let phrases = self.phrases.get(&here.term).into_iter().flatten();
            let said: Vec<&Phrase> = phrases
                .filter(|phrase| {
                    let there = words[at..].iter().map(|word| &word.term);
                    there.take(phrase.terms.len()).eq(&phrase.terms)
                })
                .collect();
            let length = said.first().map_or(1, |phrase| phrase.terms.len());
            let span = here.span.start..words[at + length - 1].span.end;
            // A phrase may stand in several groups; a shorter one inside it means something else.
            for phrase in said.iter().filter(|phrase| phrase.terms.len() == length) {
                let instead = phrase.instead.iter().filter(|other| has(other));
                found.extend(instead.map(|other| text::replaced(text, [(&span, other.as_str())])));
            }
            if let Some(next) = words.get(at + 1) {
                let joined = format!("{}{}", here.word, next.word);
                let are_words = joined.chars().all(char::is_alphabetic);
                if are_words
                    && here.word.len().min(next.word.len()) >= SHORTEST_PART
                    && has(&joined)
                {
                    let span = here.span.start..next.span.end;
                    found.push(text::replaced(text, [(&span, joined.as_str())]));
                }
            }
            if index.word(&here.term).is_none()
                && let Some(apart) = self.apart(&here.word)
            {
                found.push(text::replaced(text, [(&here.span, apart.as_str())]));
            }
            at += length;
        }
        found.truncate(MOST);
        found
    }

    /// `teatowel` is `tea towel` where these two stand side by side.
    fn apart(&self, word: &str) -> Option<String> {
        let cuts = word.char_indices().map(|(at, _)| at);
        cuts.filter(|at| *at >= SHORTEST_PART && word.len() - at >= SHORTEST_PART)
            .map(|at| word.split_at(at))
            .find(|(head, tail)| self.neighbours.contains(&pair(head, tail)))
            .map(|(head, tail)| format!("{head} {tail}"))
    }
}

/// The members of a group: between commas, or where there are none between blanks.
fn members(line: &str) -> impl Iterator<Item = &str> {
    let by_comma = line.contains(',');
    let is_gap = move |c: char| {
        if by_comma {
            c == ','
        } else {
            c.is_whitespace()
        }
    };
    let members = line.split(is_gap).map(str::trim);
    members.filter(|member| !member.is_empty())
}

fn pair(first: &str, second: &str) -> u64 {
    hash_of(first).rotate_left(1) ^ hash_of(second)
}

#[cfg(test)]
mod tests {
    use super::super::{Catalog, Query, shop};

    fn first(catalog: &Catalog, text: &str) -> Option<String> {
        let query = Query {
            text: text.to_owned(),
            limit: 1,
            ..Query::default()
        };
        let found = catalog.find(&query).hits.into_iter().next();
        found.map(|hit| hit.product.title.clone())
    }

    fn catalog() -> Catalog {
        let products = [
            "Linen tea towel",
            "Oak chair",
            "Raincoat",
            "Pebble hip bag",
            "Tea pot",
        ]
        .map(|title| shop::product(title, "", "", &[("", "5.00", 1)]));
        Catalog::with_synonyms(
            products.to_vec(),
            "# ours\nfanny pack, hip bag\nchair stool\nvest, linen\n",
        )
        .unwrap()
    }

    #[test]
    fn the_shops_words_and_phrases_find_what_they_stand_for() {
        let catalog = catalog();
        assert_eq!(
            first(&catalog, "a fanny pack").as_deref(),
            Some("Pebble hip bag")
        );
        assert_eq!(first(&catalog, "oak stools").as_deref(), Some("Oak chair"));
        // The program has a group for vests as well.
        assert_eq!(
            first(&catalog, "a vest").as_deref(),
            Some("Linen tea towel")
        );
        assert_eq!(first(&catalog, "fanny"), None);
    }

    #[test]
    fn words_are_found_written_together_and_apart() {
        let catalog = catalog();
        assert_eq!(
            first(&catalog, "teatowel").as_deref(),
            Some("Linen tea towel")
        );
        assert_eq!(first(&catalog, "rain coat").as_deref(), Some("Raincoat"));
    }
}
