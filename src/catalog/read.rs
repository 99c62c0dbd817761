//! A shopper's words to terms of the index, spelling repaired.

use super::Catalog;
use crate::search::{self, MOST_TERMS, Term};
use crate::text::is_stop_word;

/// Words that ask for something without describing it. Sorted.
const ASKING: &[&str] = &[
    "anything",
    "around",
    "available",
    "best",
    "buy",
    "find",
    "get",
    "give",
    "got",
    "help",
    "how",
    "like",
    "look",
    "looking",
    "need",
    "one",
    "ones",
    "recommend",
    "search",
    "searching",
    "sell",
    "show",
    "something",
    "suggest",
    "thing",
    "things",
    "under",
    "want",
    "what",
    "when",
    "where",
    "which",
    "who",
];

/// What a repaired word counts beside one typed right.
const REPAIRED: f32 = 0.9;

/// The words of a query that describe something.
#[derive(Default)]
pub(super) struct Asked {
    /// As the index keeps them, each once.
    pub(super) terms: Vec<String>,
    /// The same as ids, with what else counts for each; empty for a word that the catalog lacks.
    pub(super) wanted: Vec<Term>,
    /// What each word says, in nats; a word that the catalog lacks says most.
    pub(super) says: Vec<f32>,
    /// The text with its repairs, when there are any.
    pub(super) repaired: Option<String>,
}

impl Catalog {
    pub(super) fn read(&self, text: &str) -> Asked {
        let mut asked = Asked::default();
        let mut repaired = text.to_owned();
        let spoken = search::spoken(text);
        // From the back, so that places in the text hold while it is repaired.
        let mut described: Vec<(String, Option<String>)> = Vec::new();
        for spoken in spoken
            .into_iter()
            .rev()
            .filter(|spoken| describes(&spoken.word))
        {
            let right = match self.index.word(&spoken.term) {
                None => self.spelling.repair(&spoken.word),
                Some(_) => None,
            };
            if let Some(right) = right {
                repaired.replace_range(spoken.span, right);
                asked.repaired = Some(String::new());
            }
            let right = right.map(|right| crate::text::index_stem(right).into_owned());
            described.push((spoken.term, right));
        }
        asked.repaired = asked.repaired.map(|_| repaired);
        for (typed, right) in described.into_iter().rev() {
            let (term, worth) = match right {
                Some(right) => (right, REPAIRED),
                None => (typed, 1.0),
            };
            if asked.terms.contains(&term) || asked.terms.len() == MOST_TERMS {
                continue;
            }
            let word = self.index.word(&term);
            asked.wanted.push(Term {
                words: word.iter().map(|word| (*word, worth)).collect(),
            });
            asked.says.push(self.index.idf(word));
            asked.terms.push(term);
        }
        asked
    }
}

/// Whether a text says anything about what is looked for: "help me find something" does not.
pub fn describes_something(text: &str) -> bool {
    search::spoken(text)
        .iter()
        .any(|spoken| describes(&spoken.word))
}

fn describes(word: &str) -> bool {
    !is_stop_word(word) && ASKING.binary_search(&word).is_err()
}

#[cfg(test)]
mod tests {
    use super::super::shop;
    use super::*;

    #[test]
    fn asking_words_are_sorted_and_dropped() {
        assert!(ASKING.is_sorted());
        assert!(!describes_something("help me find something"));
        assert!(describes_something("show me socks"));
    }

    #[test]
    fn a_slip_is_repaired_towards_the_catalog_and_shown_whole() {
        let asked = shop::small().read("Wram soks, please");
        assert_eq!(asked.repaired.as_deref(), Some("warm socks, please"));
        assert_eq!(asked.terms, ["warm", "sock"]);
        assert_eq!(shop::small().read("warm kayaks").repaired, None);
    }
}
