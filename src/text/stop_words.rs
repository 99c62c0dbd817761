//! Words that carry grammar, not content.

use super::Outline;

/// Whether a folded word says little by itself. `not`, `no`, `without`, `where` and `how` are no stop words: they
/// change what is asked.
pub fn is_stop_word(folded: &str) -> bool {
    OUTLINE.may_have(folded) && STOP_WORDS.binary_search(&folded).is_ok()
}

static OUTLINE: Outline = Outline::of(STOP_WORDS);

/// Sorted.
const STOP_WORDS: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "could", "d", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her",
    "him", "his", "i", "if", "in", "into", "is", "it", "its", "just", "ll", "m", "may", "me",
    "mine", "my", "of", "on", "or", "our", "ours", "please", "pls", "re", "s", "shall", "she",
    "should", "so", "some", "t", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "too", "u", "us", "ve", "very", "was", "we", "were", "will",
    "with", "would", "you", "your", "yours",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_keeps_what_changes_a_question() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the"));
        for word in ["not", "no", "without", "where", "how", "order"] {
            assert!(!is_stop_word(word));
        }
    }
}
