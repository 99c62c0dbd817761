//! The words of the live catalog, found in a message.
//!
//! All phrases go into one automaton over stems, so finding them costs as much as the message is long, however many
//! products there are. A single mistyped word is repaired towards the catalog's words.

use crate::text::{Spelling, Word, stem, words};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Words of a message that are looked at.
const MOST_WORDS: usize = 600;

/// What a phrase of the catalog names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VocabularyKind {
    Product,
    Category,
    Brand,
    /// `material`, for the phrase `wool`.
    Attribute {
        name: String,
    },
}

/// A phrase of the catalog, met in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub kind: VocabularyKind,
    /// As handed in: a SKU, a category's path, an attribute's value.
    pub id: String,
    /// The phrase as handed in.
    pub phrase: String,
    /// Bytes of the message.
    pub span: Range<usize>,
    /// False when a typing mistake was forgiven.
    pub exact: bool,
}

/// A thing that a phrase names.
#[derive(Debug)]
struct Named {
    kind: VocabularyKind,
    id: String,
    phrase: String,
}

/// All phrases of one catalog.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Over [`key`]s; pattern n stands for `named[n]`. `None` when there is no phrase, or too many to index.
    automaton: Option<AhoCorasick>,
    /// By pattern, in order of kind, then id.
    named: Vec<Vec<Named>>,
    spelling: Spelling,
}

impl Vocabulary {
    /// From (phrase, kind, id); the same phrase may name several things. Phrases without a letter or digit are
    /// ignored.
    pub fn new(phrases: impl IntoIterator<Item = (String, VocabularyKind, String)>) -> Self {
        let mut by_key: BTreeMap<String, Vec<Named>> = BTreeMap::new();
        let mut counted: BTreeMap<String, u32> = BTreeMap::new();
        for (phrase, kind, id) in phrases {
            let words = words(&phrase);
            if words.is_empty() {
                continue;
            }
            for word in &words {
                *counted.entry(word.text.clone()).or_default() += 1;
            }
            let named = by_key
                .entry(key(
                    words.iter().map(|word| word.text.as_str()),
                    &mut Vec::new(),
                ))
                .or_default();
            named.push(Named { kind, id, phrase });
        }
        for named in by_key.values_mut() {
            named.sort_by(|a, b| (&a.kind, &a.id, &a.phrase).cmp(&(&b.kind, &b.id, &b.phrase)));
            named.dedup_by(|later, first| later.kind == first.kind && later.id == first.id);
        }
        let (keys, named): (Vec<String>, Vec<Vec<Named>>) = by_key.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&keys);
        Self {
            automaton: automaton.ok().filter(|_| !keys.is_empty()),
            named,
            spelling: Spelling::new(counted.iter().map(|(word, times)| (word.as_str(), *times))),
        }
    }

    /// By place; the longest phrase where they overlap; several mentions for a phrase that names several things.
    pub fn mentions(&self, text: &str) -> Vec<Mention> {
        self.mentions_in(&words(text))
    }

    /// The same for a text whose [`words()`] are at hand.
    pub fn mentions_in(&self, words: &[Word]) -> Vec<Mention> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let words = &words[..words.len().min(MOST_WORDS)];
        let repaired: Vec<Option<&str>> = words
            .iter()
            .map(|word| self.spelling.repair(&word.text))
            .collect();
        let meant = words
            .iter()
            .zip(&repaired)
            .map(|(word, repaired)| repaired.unwrap_or(&word.text));
        let mut starts = Vec::with_capacity(words.len());
        let key = key(meant, &mut starts);
        let mut found = Vec::new();
        for hit in automaton.find_iter(&key) {
            let Ok(first) = starts.binary_search(&hit.start()) else {
                continue;
            };
            let behind = starts.partition_point(|start| *start < hit.end());
            let span = words[first].span.start..words[behind - 1].span.end;
            let exact = repaired[first..behind].iter().all(Option::is_none);
            found.extend(
                self.named[hit.pattern().as_usize()]
                    .iter()
                    .map(|named| Mention {
                        kind: named.kind.clone(),
                        id: named.id.clone(),
                        phrase: named.phrase.clone(),
                        span: span.clone(),
                        exact,
                    }),
            );
        }
        found
    }
}

/// The stems, each between blanks of its own, so that a match begins and ends with a word. `starts` gets the place
/// of each.
fn key<'w>(words: impl Iterator<Item = &'w str>, starts: &mut Vec<usize>) -> String {
    let mut key = String::with_capacity(64);
    for word in words {
        starts.push(key.len());
        key.push(' ');
        key.push_str(stem(word));
        key.push(' ');
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shop() -> Vocabulary {
        let attribute = |name: &str| VocabularyKind::Attribute {
            name: name.to_owned(),
        };
        let phrases = [
            ("Alder wool socks", VocabularyKind::Product, "ALDER"),
            ("Birch cap", VocabularyKind::Product, "BIRCH"),
            ("socks", VocabularyKind::Category, "Clothing > Socks"),
            ("wool", attribute("material"), "wool"),
            ("Alder", VocabularyKind::Brand, "Alder"),
            ("T-shirts", VocabularyKind::Category, "Clothing > T-shirts"),
            ("orange", attribute("colour"), "orange"),
            ("orange", attribute("scent"), "orange"),
            ("—", VocabularyKind::Product, "DASH"),
        ];
        Vocabulary::new(phrases.map(|(phrase, kind, id)| (phrase.to_owned(), kind, id.to_owned())))
    }

    fn check(text: &str, wanted: &[(&str, &str)]) {
        let mentions = shop().mentions(text);
        let found: Vec<(&str, &str)> = mentions
            .iter()
            .map(|mention| (&text[mention.span.clone()], mention.id.as_str()))
            .collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn a_part_of_a_word_names_nothing() {
        // Folded, this sign leaves a blank within its word.
        let text = "x\u{fc5e}\u{37a}wool";
        assert!(words(text).iter().any(|word| word.text.contains(' ')));
        check(text, &[]);
        let arabic = "\u{fdfa}";
        let phrase = ("عليه".to_owned(), VocabularyKind::Product, "A".to_owned());
        assert_eq!(Vocabulary::new([phrase]).mentions(arabic), []);
    }

    #[test]
    fn the_longest_phrase_is_found_in_any_form() {
        check(
            "an ALDER wool sock, please",
            &[("ALDER wool sock", "ALDER")],
        );
        check(
            "wool socks",
            &[("wool", "wool"), ("socks", "Clothing > Socks")],
        );
        check(
            "a t-shirt or a birch  cap",
            &[("t-shirt", "Clothing > T-shirts"), ("birch  cap", "BIRCH")],
        );
        check(
            "an orange one",
            &[("orange", "orange"), ("orange", "orange")],
        );
    }

    #[test]
    fn parts_of_words_are_no_mentions() {
        check("woolmark capsocks recap", &[]);
        check("", &[]);
    }

    #[test]
    fn one_typing_mistake_in_a_word_is_forgiven_and_said() {
        check(
            "birhc cap and scoks",
            &[("birhc cap", "BIRCH"), ("scoks", "Clothing > Socks")],
        );
        assert!(!shop().mentions("scoks")[0].exact);
        assert!(shop().mentions("sock")[0].exact);
        check("rocks", &[]);
    }

    #[test]
    fn an_empty_vocabulary_mentions_nothing() {
        assert!(Vocabulary::new([]).mentions("socks").is_empty());
        assert!(Vocabulary::default().mentions("socks").is_empty());
    }

    proptest! {
        #[test]
        fn spans_are_always_on_character_boundaries(text in "(\\PC|socks |alder |T-shirt){0,30}") {
            for mention in shop().mentions(&text) {
                prop_assert!(text.get(mention.span).is_some());
            }
        }
    }
}
