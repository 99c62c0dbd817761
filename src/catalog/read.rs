//! Which of a shopper's words describe what they look for.

use super::Catalog;
use crate::search::{self, Asked};
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

/// How much more a word counts that names products (`jacket`) than one that only describes them (`hiking`). Where products
/// are titles alone, all words name.
const NAMES: f32 = 0.6;

impl Catalog {
    pub(super) fn read(&self, text: &str) -> Asked {
        let mut asked = self
            .index
            .ask(text, super::LANGUAGE, &self.spelling, describes);
        for term in &mut asked.wanted {
            let names = term.word.map_or(0.0, |word| self.names[word as usize]);
            term.worth *= (1.0 + NAMES * names) / (1.0 + NAMES);
        }
        asked
    }
}

/// Whether a text says anything about what is looked for: "help me find something" does not.
pub fn describes_something(text: &str) -> bool {
    search::spoken(text, super::LANGUAGE)
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
