//! Scoring: every word takes its best field, and a little of the others.

use super::WordId;
use super::index::{Index, List};
use std::cell::Cell;
use tantivy::fieldnorm::FieldNormReader;
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

/// From this many documents on, common words cost more than they tell.
const LARGE: u32 = 1_000;

/// The sum so far of one document.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    total: f32,
    best: f32,
    sum: f32,
    matched: u32,
}

impl Tally {
    fn settled(self, tie: f32) -> f32 {
        self.total + self.best + tie * (self.sum - self.best)
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
    ///
    /// A term that an eighth of a large collection has only adds to documents found by a rarer one; alone it finds
    /// them all the same.
    pub fn rank(&self, terms: &[Term]) -> Vec<Scored> {
        let terms = &terms[..terms.len().min(MOST_TERMS)];
        // Taken out and put back, so that a caller's panic or a second query inside the first finds an empty one.
        let mut scratch = SCRATCH.take();
        scratch.tallies.resize(
            scratch.tallies.len().max(self.documents as usize),
            Tally::default(),
        );
        for bit in self.rarest_first(terms) {
            let term = &terms[bit];
            let supports = self.is_common(term) && !scratch.touched.is_empty();
            for (word, worth) in &term.words {
                self.add(*word, *worth, 1 << bit, supports, &mut scratch);
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
                    score: tally.settled(self.tie),
                    matched: tally.matched,
                }
            })
            .collect();
        SCRATCH.set(scratch);
        found
    }

    fn rarest_first(&self, terms: &[Term]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..terms.len()).collect();
        order.sort_by_key(|place| self.commonness(&terms[*place]));
        order
    }

    fn commonness(&self, term: &Term) -> u32 {
        term.words
            .iter()
            .map(|(word, _)| self.frequency(*word))
            .max()
            .unwrap_or(0)
    }

    fn is_common(&self, term: &Term) -> bool {
        self.documents >= LARGE && self.commonness(term) > self.documents / 8
    }

    /// What a document that is not in the index would score: its words, field by field.
    pub fn score(&self, terms: &[Term], document: &[Vec<WordId>]) -> f32 {
        let mut tally = Tally::default();
        for term in terms.iter().take(MOST_TERMS) {
            tally.total = tally.settled(self.tie);
            (tally.best, tally.sum) = (0.0, 0.0);
            for (word, worth) in &term.words {
                for (field, words) in self.fields.iter().zip(document) {
                    let times = words.iter().filter(|known| *known == word).count();
                    let code = FieldNormReader::fieldnorm_to_id(words.len() as u32);
                    let impact = worth * field.impact(self.idf(Some(*word)), times as u32, code);
                    tally.best = tally.best.max(impact);
                    tally.sum += impact;
                }
            }
        }
        tally.settled(self.tie)
    }

    /// Adds a word's impacts; `supports` only to documents that another word has found.
    fn add(&self, word: WordId, worth: f32, bit: u32, supports: bool, scratch: &mut Scratch) {
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
            while postings.block_len() > 0 {
                for (document, times) in postings.docs().iter().zip(postings.freqs()) {
                    let code = field.lengths.fieldnorm_id(*document);
                    let impact = worth * field.impact(idf, *times, code);
                    let tally = &mut tallies[*document as usize];
                    if tally.matched & bit != 0 {
                        tally.best = tally.best.max(impact);
                        tally.sum += impact;
                        continue;
                    }
                    match tally.matched {
                        0 if supports => continue,
                        0 => touched.push(*document),
                        _ => tally.total = tally.settled(self.tie),
                    }
                    tally.matched |= bit;
                    (tally.best, tally.sum) = (impact, impact);
                }
                postings.advance();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Field, terms};
    use super::*;

    const FIELDS: [Field; 2] = [
        Field {
            name: "title",
            weight: 2.0,
            length: 0.0,
        },
        Field {
            name: "text",
            weight: 1.0,
            length: 0.0,
        },
    ];

    fn index(documents: &[(&str, &str)]) -> Index {
        let mut builder = Builder::new(&FIELDS, 0.1).unwrap();
        for (title, text) in documents {
            builder.add(&[terms(title), terms(text)]).unwrap();
        }
        builder.finish().unwrap()
    }

    fn rank(index: &Index, text: &str) -> Vec<Scored> {
        let term = |term: String| Term {
            words: index
                .word(&term)
                .map(|word| (word, 1.0))
                .into_iter()
                .collect(),
        };
        let mut found = index.rank(&terms(text).into_iter().map(term).collect::<Vec<_>>());
        found.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.document.cmp(&b.document))
        });
        found
    }

    #[test]
    fn a_term_takes_its_best_field_and_a_tenth_of_the_others() {
        let index = index(&[
            ("red cap", "a cap"),
            ("blue cap", "warm"),
            ("red scarf", "wool"),
        ]);
        let found = rank(&index, "red cap");
        // Without length weakening a word that stands once weighs its idf; here both stand in two of three.
        let idf = (1.0_f32 + 1.5 / 2.5).ln();
        assert_eq!(
            found.iter().map(|found| found.document).collect::<Vec<_>>(),
            [0, 1, 2]
        );
        assert!(
            (found[0].score - (2.0 * idf + (2.0 + 0.1) * idf)).abs() < 1e-5,
            "{found:?}"
        );
        assert!((found[1].score - 2.0 * idf).abs() < 1e-5);
        assert_eq!(
            (found[0].matched, found[1].matched, found[2].matched),
            (0b11, 0b10, 0b01)
        );
    }

    #[test]
    fn nothing_is_found_in_nothing_and_queries_leave_no_trace() {
        assert_eq!(rank(&index(&[]), "red cap"), []);
        let index = index(&[("red cap", ""), ("cap", "")]);
        let first = rank(&index, "red cap");
        assert_eq!(rank(&index, "scarf"), []);
        assert_eq!(rank(&index, "red cap"), first);
    }

    #[test]
    fn in_a_large_collection_a_common_word_only_supports_rarer_ones() {
        let mut documents = vec![("gift box", ""); 1_200];
        documents.push(("gift kite", ""));
        let index = index(&documents);
        let found = rank(&index, "gift kite");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].matched, 0b11);
        assert_eq!(rank(&index, "gift").len(), 1_201);
    }
}
