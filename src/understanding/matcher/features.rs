//! What a message is compared by: words (stems, neighbours, pairs, groups of kindred words and pairs of those),
//! letters (runs of 2 to 4 inside words) and, where there is a table of word vectors, what it says of the whole.

use super::reading::Piece;
use crate::text::Tongue;

/// Pairs grow with the square of a message's words; more content words than this add none.
const MOST_PAIRED: usize = 24;
/// Letters of one word that are looked at.
const MOST_LETTERS: usize = 32;
/// What a group of kindred words counts beside a word itself, at first sight. Public sets agree on 1 to 2.
const KINDRED_COUNTS: f32 = 1.5;
/// Length of a message's word vector beside the 1 of each other group. Public sets agree on 0.7.
const MEANING_COUNTS: f32 = 0.7;

/// A message's features, hashed, each with 1 + ln(what it counts); sorted by hash. 64 bits leave chance collisions
/// out of account.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    pub(super) words: Vec<(u64, f32)>,
    pub(super) letters: Vec<(u64, f32)>,
    /// Stems of the words that carry content, each with one of its groups of kindred words (0 for none); of all words
    /// where none carries any.
    pub(super) content: Vec<(u64, u64)>,
    /// The message in a table of word vectors; empty without one.
    pub(super) meaning: Vec<f32>,
}

impl Features {
    /// Replaces what was there. Pieces that `keep` turns down leave no trace.
    pub(super) fn fill(
        &mut self,
        pieces: &[Piece],
        tongue: &Tongue,
        keep: impl Fn(&Piece) -> bool,
    ) {
        self.words.clear();
        self.letters.clear();
        self.content.clear();
        self.meaning.clear();
        if let Some(embeddings) = &tongue.embeddings {
            let said: Vec<&str> = pieces
                .iter()
                .filter(|piece| keep(piece))
                .map(|piece| piece.text.as_str())
                .collect();
            let direction = embeddings.of(&said.join(" "));
            let scaled = direction.iter().map(|value| value * MEANING_COUNTS);
            self.meaning.extend(scaled);
        }
        let kindred = &tongue.kindred;
        let all_stop = !pieces.iter().any(|piece| keep(piece) && !piece.stop);
        let mut before = EDGE;
        let mut paired = [0_u64; MOST_PAIRED];
        let mut pairs = 0;
        let mut groups = [0_u64; MOST_PAIRED];
        let mut grouped = 0;
        for piece in pieces.iter().filter(|piece| keep(piece)) {
            let stem = stem_feature(piece.stem());
            self.words.push((stem, 1.0));
            self.words.push((both(before, stem, NEIGHBOURS), 1.0));
            before = stem;
            if all_stop || !piece.stop {
                let group = kindred.groups(piece.stem()).first();
                let group = group.map_or(0, |group| step(KINDRED, u64::from(*group)));
                self.content.push((stem, group));
            }
            if !piece.stop && pairs < MOST_PAIRED && !paired[..pairs].contains(&stem) {
                for &other in &paired[..pairs] {
                    let (low, high) = (stem.min(other), stem.max(other));
                    self.words.push((both(low, high, PAIR), 1.0));
                }
                paired[pairs] = stem;
                pairs += 1;
            }
            for &group in kindred.groups(piece.stem()) {
                let group = step(KINDRED, u64::from(group));
                self.words.push((group, KINDRED_COUNTS));
                if grouped < MOST_PAIRED && !groups[..grouped].contains(&group) {
                    for &other in &groups[..grouped] {
                        let (low, high) = (group.min(other), group.max(other));
                        self.words.push((both(low, high, PAIR), KINDRED_COUNTS));
                    }
                    groups[grouped] = group;
                    grouped += 1;
                }
            }
            push_letters(&piece.text, &mut self.letters);
        }
        if before != EDGE {
            self.words.push((both(before, EDGE, NEIGHBOURS), 1.0));
        }
        count(&mut self.words);
        count(&mut self.letters);
    }
}

/// The feature that stands for a stem.
pub(super) fn stem_feature(stem: &str) -> u64 {
    stem.bytes()
        .fold(STEM, |hash, byte| step(hash, u64::from(byte)))
}

fn push_letters(word: &str, out: &mut Vec<(u64, f32)>) {
    let mut row = [u64::from(' '); MOST_LETTERS + 2];
    let mut length = 1;
    for letter in word.chars().take(MOST_LETTERS) {
        row[length] = u64::from(letter);
        length += 1;
    }
    let row = &row[..=length];
    for start in 0..row.len() - 1 {
        let mut hash = step(LETTERS, row[start]);
        for &letter in row[start + 1..].iter().take(3) {
            hash = step(hash, letter);
            out.push((hash, 1.0));
        }
    }
}

/// Sorts, and makes equals one with 1 + ln(their sum).
fn count(features: &mut Vec<(u64, f32)>) {
    features.sort_unstable_by_key(|(hash, _)| *hash);
    features.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    for (_, times) in features {
        if *times > 1.0 {
            *times = 1.0 + times.ln();
        }
    }
}

// Different beginnings keep the kinds of features apart.
const STEM: u64 = 0x9e37_79b9_7f4a_7c15;
const KINDRED: u64 = 0x51ed_270b_9e37_79f9;
const LETTERS: u64 = 0xc2b2_ae3d_27d4_eb4f;
const NEIGHBOURS: u64 = 0x1656_67b1_9e37_79f9;
const PAIR: u64 = 0x27d4_eb2f_1656_67c5;
/// Stands before the first word and behind the last.
const EDGE: u64 = 0x8542_2b5e_39c4_d1a7;

fn step(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 32)
}

fn both(first: u64, second: u64, kind: u64) -> u64 {
    step(step(kind, first), second)
}
