//! Scoring: every word takes its best field, and a little of the others.

use super::WordId;
use super::index::{Index, List, SATURATION};
use std::cell::Cell;
use tantivy::postings::BlockSegmentPostings;

/// One wish of a query: a word, or several that count as the same (a repaired spelling beside what was typed).
#[derive(Debug, Clone, Default)]
pub struct Term {
    /// Words with what a match of each is worth, 0 to 1.
    pub words: Vec<(WordId, f32)>,
}

/// A document that has at least one of the query's terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    pub document: u32,
    /// Over 0; sums over terms.
    pub score: f32,
    /// Bit n is set when the n-th term stands in the document.
    pub matched: u32,
}

/// Terms beyond this many are left out of a query: nobody means the 33rd word.
pub const MOST_TERMS: usize = 32;
/// What the fields beside the best one add to a term's score.
const TIE: f32 = 0.1;

/// The sum so far of one document.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    total: f32,
    best: f32,
    sum: f32,
    matched: u32,
}

impl Tally {
    fn settled(self) -> f32 {
        self.total + self.best + TIE * (self.sum - self.best)
    }
}

/// What one query needs and the next can use again.
#[derive(Default)]
struct Scratch {
    tallies: Vec<Tally>,
    touched: Vec<u32>,
    open: Option<BlockSegmentPostings>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

impl Index {
    /// Documents with at least one of the terms, in no useful order: the caller filters, then sorts.
    pub fn rank(&self, terms: &[Term]) -> Vec<Scored> {
        let terms = &terms[..terms.len().min(MOST_TERMS)];
        // Taken out and put back, so that a caller's panic or a second query inside the first finds an empty one.
        let mut scratch = SCRATCH.take();
        scratch.tallies.resize(
            scratch.tallies.len().max(self.documents as usize),
            Tally::default(),
        );
        for (bit, term) in terms.iter().enumerate() {
            for (word, worth) in &term.words {
                self.add(*word, *worth, 1 << bit, &mut scratch);
            }
        }
        let Scratch {
            tallies, touched, ..
        } = &mut scratch;
        let found = touched
            .drain(..)
            .map(|document| {
                let tally = std::mem::take(&mut tallies[document as usize]);
                Scored {
                    document,
                    score: tally.settled(),
                    matched: tally.matched,
                }
            })
            .collect();
        SCRATCH.set(scratch);
        found
    }

    fn add(&self, word: WordId, worth: f32, bit: u32, scratch: &mut Scratch) {
        let idf = self.idf(Some(word));
        let first = word as usize * self.fields.len();
        let Scratch {
            tallies,
            touched,
            open,
        } = scratch;
        for (place, (field, list)) in self.fields.iter().zip(&self.lists[first..]).enumerate() {
            let list: List = *list;
            let Some(postings) = self.open(place, list, open) else {
                continue;
            };
            let weight = worth * field.weight * idf * (SATURATION + 1.0);
            while postings.block_len() > 0 {
                for (document, times) in postings.docs().iter().zip(postings.freqs()) {
                    let norm = field.norms[field.lengths.fieldnorm_id(*document) as usize];
                    let times = *times as f32;
                    let impact = weight * times / (times + norm);
                    let tally = &mut tallies[*document as usize];
                    if tally.matched & bit != 0 {
                        tally.best = tally.best.max(impact);
                        tally.sum += impact;
                        continue;
                    }
                    match tally.matched {
                        0 => touched.push(*document),
                        _ => tally.total = tally.settled(),
                    }
                    tally.matched |= bit;
                    (tally.best, tally.sum) = (impact, impact);
                }
                postings.advance();
            }
        }
    }
}
