//! A message cut into the pieces that features are made of: spelled out, stemmed, repaired, without courtesies.

use super::courtesy;
use crate::text::{Spelling, for_each_word, is_stop_word, spoken, stem};
use std::ops::Range;

/// Longer messages are read up to here: what somebody wants stands in the first words or nowhere, and the cost of a
/// message stays bounded.
const MOST_PIECES: usize = 160;

/// One spoken word.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Folded, spelled out, repaired.
    pub(super) text: String,
    pub(super) stop: bool,
    /// Names a thing of the catalog.
    pub(super) masked: bool,
}

impl Piece {
    pub(super) fn stem(&self) -> &str {
        stem(&self.text)
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
    pub(super) fn read(&mut self, text: &str) {
        self.cut(text, &[]);
    }

    /// Reads what a shopper typed: courtesies around a request go, typing mistakes are repaired when
    /// `is_known` does not know the stem. Repairs are pushed as (typed, read as).
    pub(super) fn read_message(
        &mut self,
        text: &str,
        masked: &[Range<usize>],
        is_known: impl Fn(&str) -> bool,
        spelling: &Spelling,
        repaired: &mut Vec<(String, String)>,
    ) {
        self.cut(text, masked);
        for piece in &mut self.pieces[..self.used] {
            if piece.masked || is_known(piece.stem()) {
                continue;
            }
            if let Some(meant) = spelling.repair(&piece.text) {
                let meant = meant.to_owned();
                piece.stop = is_stop_word(&meant);
                let typed = std::mem::replace(&mut piece.text, meant.clone());
                repaired.push((typed, meant));
            }
        }
        self.core = courtesy::request(&self.pieces[..self.used]);
    }

    fn cut(&mut self, text: &str, masked: &[Range<usize>]) {
        self.used = 0;
        for_each_word(text, |span, folded| {
            let is_masked = masked
                .iter()
                .any(|mask| mask.start < span.end && span.start < mask.end);
            spoken(folded, |piece| self.push(piece, is_masked));
        });
        self.core = 0..self.used;
    }

    fn push(&mut self, piece: &str, masked: bool) {
        if self.used == MOST_PIECES {
            return;
        }
        if self.used == self.pieces.len() {
            self.pieces.push(Piece {
                text: String::with_capacity(16),
                stop: false,
                masked: false,
            });
        }
        let slot = &mut self.pieces[self.used];
        slot.text.clear();
        slot.text.push_str(piece);
        slot.stop = is_stop_word(piece);
        slot.masked = masked;
        self.used += 1;
    }
}
