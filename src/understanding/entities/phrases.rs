//! Tables of phrases, matched word by word.

use crate::text::{Outline, Word};
use std::ops::Range;

/// A word for comparing with tables: folded, without apostrophes, so that `dont` and `don't` are one.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

impl From<&Word> for Token {
    fn from(word: &Word) -> Self {
        let mut text = word.text.clone();
        text.retain(|letter| letter != '\'');
        Self {
            text,
            span: word.span.clone(),
        }
    }
}

/// A table of phrases and what each stands for. It may be ordered by preference: of equals the first wins.
pub(super) struct Phrases<T: 'static> {
    table: &'static [(&'static str, T)],
    /// Of the first words: most words of a message begin no phrase.
    starts: Outline,
}

impl<T: Copy> Phrases<T> {
    pub(super) const fn new(table: &'static [(&'static str, T)]) -> Self {
        let mut starts = Outline::empty();
        let mut place = 0;
        while place < table.len() {
            starts = starts.with(table[place].0);
            place += 1;
        }
        Self { table, starts }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'static (&'static str, T)> + use<T> {
        self.table.iter()
    }

    /// The longest phrase that starts at `tokens[0]`: how many words it has, and what it stands for.
    pub(super) fn at(&self, tokens: &[Token]) -> Option<(usize, T)> {
        let first = tokens.first()?.text.as_str();
        if !self.starts.may_have(first) {
            return None;
        }
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
        let matching = self
            .table
            .iter()
            .filter(|(phrase, _)| phrase.starts_with(first))
            .filter_map(|(phrase, value)| Some((length(phrase)?, *value)));
        matching.reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// The longest phrase that ends with the last of `tokens`.
    pub(super) fn before(&self, tokens: &[Token]) -> Option<(usize, T)> {
        let longest = self
            .table
            .iter()
            .map(|(phrase, _)| phrase.split(' ').count())
            .max()?;
        (1..=longest.min(tokens.len())).rev().find_map(|words| {
            let found = self.at(&tokens[tokens.len() - words..])?;
            (found.0 == words).then_some(found)
        })
    }
}
