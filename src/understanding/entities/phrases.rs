//! Tables of phrases, matched word by word.

use crate::text::Word;
use std::ops::Range;

/// A word for comparing with tables: folded, without apostrophes, so that `dont` and `don't` are one.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

impl From<Word> for Token {
    fn from(word: Word) -> Self {
        let mut text = word.text;
        text.retain(|letter| letter != '\'');
        Self {
            text,
            span: word.span,
        }
    }
}

/// The longest phrase of `table` that starts at `tokens[0]`: how many words it has, and what it stands for. Tables
/// are a few dozen lines; comparing first words is cheaper than any index over them.
pub(super) fn phrase_at<T: Copy>(table: &[(&str, T)], tokens: &[Token]) -> Option<(usize, T)> {
    let length = |phrase: &str| {
        let mut words = 0;
        for (place, word) in phrase.split(' ').enumerate() {
            if tokens.get(place)?.text != word {
                return None;
            }
            words = place + 1;
        }
        Some(words)
    };
    let matching = table
        .iter()
        .filter_map(|(phrase, value)| Some((length(phrase)?, *value)));
    // The first of equals: tables may be ordered by preference.
    matching.reduce(|best, next| if next.0 > best.0 { next } else { best })
}

/// The longest phrase of `table` that ends with the last of `tokens`.
pub(super) fn phrase_before<T: Copy>(table: &[(&str, T)], tokens: &[Token]) -> Option<(usize, T)> {
    let longest = table
        .iter()
        .map(|(phrase, _)| phrase.split(' ').count())
        .max()?;
    (1..=longest.min(tokens.len())).rev().find_map(|words| {
        let found = phrase_at(table, &tokens[tokens.len() - words..])?;
        (found.0 == words).then_some(found)
    })
}
