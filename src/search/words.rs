//! Text to stems. Moves out when the `text` room offers the same.

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Lower case, compatibility forms made plain.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Folded words in reading order.
pub fn words(text: &str) -> Vec<String> {
    fold(text).unicode_words().map(str::to_owned).collect()
}

pub fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::English).stem(word).into_owned()
}

const STOP: [&str; 60] = [
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "could",
    "did", "do", "does", "for", "from", "get", "got", "has", "have", "hello", "hi", "how", "i",
    "if", "in", "is", "it", "its", "me", "my", "of", "on", "or", "please", "show", "so", "some",
    "that", "the", "them", "there", "they", "this", "to", "was", "we", "what", "when", "where",
    "which", "will", "with", "would", "you", "your", "want",
];

/// Words that say nothing about what is looked for.
pub fn is_stop(word: &str) -> bool {
    STOP.contains(&word)
}
