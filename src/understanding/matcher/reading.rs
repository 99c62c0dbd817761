//! A message cut into the pieces that features are made of: spelled out, stemmed, repaired, without courtesies.

use super::courtesy;
use crate::text::{Language, Spelling, for_each_word, opening};
use std::ops::Range;

/// Longer messages are read up to here: what somebody wants stands in the first words or nowhere, and the cost of a
/// message stays bounded.
const MOST_PIECES: usize = 160;

/// One spoken word.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Folded, spelled out, repaired.
    pub(super) text: String,
    stem: String,
    pub(super) stop: bool,
    /// Names a thing of the catalog.
    pub(super) masked: bool,
}

impl Piece {
    pub(super) fn stem(&self) -> &str {
        &self.stem
    }

    fn set(&mut self, text: &str, language: Language) {
        self.text.clear();
        self.text.push_str(text);
        self.stem.clear();
        self.stem.push_str(&language.stem(text));
        self.stop = language.is_stop_word(text);
    }
}

/// The pieces of a message; kept between messages so that its buffers are.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pieces: Vec<Piece>,
    /// How many of `pieces` belong to this message; the rest are spare buffers.
    used: usize,
    /// Without greetings and thanks around a request.
    core: Range<usize>,
}

impl Reading {
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces[self.core.clone()]
    }

    /// Reads a training example as it stands.
    pub(super) fn read(&mut self, text: &str, language: Language) {
        self.cut(text, &[], language);
    }

    /// Reads what a shopper typed: courtesies around a request go, typing mistakes are repaired when
    /// `is_known` does not know the stem. Repairs are pushed as (typed, read as).
    pub(super) fn read_message(
        &mut self,
        text: &str,
        masked: &[Range<usize>],
        language: Language,
        is_known: impl Fn(&str) -> bool,
        spelling: &Spelling,
        repaired: &mut Vec<(String, String)>,
    ) {
        self.cut(text, masked, language);
        for piece in &mut self.pieces[..self.used] {
            if piece.masked || is_known(piece.stem()) {
                continue;
            }
            if let Some(meant) = spelling.repair(&piece.text) {
                repaired.push((piece.text.clone(), meant.to_owned()));
                piece.set(meant, language);
            }
        }
        if language.joins_words() {
            self.take_apart(language, &is_known);
        }
        self.core = courtesy::request(&self.pieces[..self.used]);
    }

    /// `rücksendekosten` is also `rücksende` and `kosten`, where these are known and it is not.
    fn take_apart(&mut self, language: Language, is_known: &impl Fn(&str) -> bool) {
        for place in 0..self.used {
            let piece = &self.pieces[place];
            if piece.masked || is_known(piece.stem()) {
                continue;
            }
            if let Some((head, tail)) = compound(&piece.text, language, is_known) {
                let parts = [head.to_owned(), tail.to_owned()];
                parts
                    .iter()
                    .for_each(|part| self.push(part, false, language));
            }
        }
    }

    fn cut(&mut self, text: &str, masked: &[Range<usize>], language: Language) {
        self.used = 0;
        for_each_word(opening(text), |span, folded| {
            let is_masked = masked
                .iter()
                .any(|mask| mask.start < span.end && span.start < mask.end);
            language.spoken(folded, |piece| self.push(piece, is_masked, language));
        });
        self.core = 0..self.used;
    }

    fn push(&mut self, piece: &str, masked: bool, language: Language) {
        if self.used == MOST_PIECES {
            return;
        }
        if self.used == self.pieces.len() {
            self.pieces.push(Piece {
                text: String::with_capacity(16),
                stem: String::with_capacity(16),
                stop: false,
                masked: false,
            });
        }
        let slot = &mut self.pieces[self.used];
        slot.set(piece, language);
        slot.masked = masked;
        self.used += 1;
    }
}

/// Letters that stand between the words of a compound.
const LINKS: [&str; 6] = ["", "s", "n", "en", "es", "er"];
/// Shorter parts are met by chance.
const SHORTEST_PART: usize = 3;

/// The two known words that a long word is made of, the longest first part that there is.
fn compound<'w>(
    word: &'w str,
    language: Language,
    is_known: &impl Fn(&str) -> bool,
) -> Option<(&'w str, &'w str)> {
    let cuts = word.char_indices().map(|(at, _)| at).rev();
    cuts.filter(|at| *at >= SHORTEST_PART && word.len() - at >= SHORTEST_PART)
        .find_map(|at| {
            let (head, tail) = word.split_at(at);
            if !is_known(&language.stem(tail)) {
                return None;
            }
            let bare = LINKS.iter().filter_map(|link| head.strip_suffix(link));
            let known = |head: &&str| head.len() >= SHORTEST_PART && is_known(&language.stem(head));
            bare.into_iter().find(known).map(|head| (head, tail))
        })
}
