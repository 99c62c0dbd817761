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

impl Catalog {
    pub(super) fn read(&self, text: &str) -> Asked {
        self.index
            .ask(text, super::LANGUAGE, &self.spelling, describes)
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
