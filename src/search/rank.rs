//! Scoring: what the words of a query are worth together in a document.

use super::WordId;
use super::index::{Index, Posting};
use std::cell::Cell;
use std::cmp::Ordering;
use tantivy::fieldnorm::FieldNormReader;

/// One word of a query.
#[derive(Debug, Clone, Copy, Default)]
pub struct Term {
    /// `None` for a word that no document has.
    pub word: Option<WordId>,
    /// What a match is worth, 0 to 1: a repaired spelling counts less than a word typed right.
    pub worth: f32,
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
/// Finding one document in a list costs about as much as reading so many entries one after the other.
const LOOK_UP: usize = 12;

/// The sum so far of one document.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    score: f32,
    matched: u32,
}

/// What one query needs and the next can use again.
#[derive(Default)]
struct Scratch {
    tallies: Vec<Tally>,
    touched: Vec<u32>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// A term whose postings are still to be added.
struct Waiting<'i> {
    bit: u32,
    worth: f32,
    postings: &'i [Posting],
    /// The most it can add to a document.
    ceiling: f32,
}

impl Index {
    /// Documents with at least one of the terms, in no useful order: the caller filters, then sorts.
    ///
    /// A term that an eighth of a large collection has only adds to documents found by a rarer one; alone it finds
    /// them all the same.
    pub fn rank(&self, terms: &[Term]) -> Vec<Scored> {
        self.with_scratch(|scratch| {
            for term in self.rarest_first(terms) {
                if self.is_common(&term) && !scratch.touched.is_empty() {
                    scratch.support(&term);
                } else {
                    scratch.add(&term);
                }
            }
            scratch.drain().collect()
        })
    }

    /// The best `most` of what [`Index::rank`] gives and `keep` lets pass: best first, equals by document. Once no
    /// document without the words read so far can come among them, the other words only add to those found (MaxScore,
    /// Turtle and Flood 1995).
    pub fn best(&self, terms: &[Term], most: usize, keep: impl Fn(u32) -> bool) -> Vec<Scored> {
        self.with_scratch(|scratch| {
            let waiting = self.rarest_first(terms);
            let mut left: f32 = waiting.iter().map(|term| term.ceiling).sum();
            for term in &waiting {
                let common = self.is_common(term) && !scratch.touched.is_empty();
                let settled = || {
                    // Worth asking only where the answer saves more than it costs.
                    term.postings.len() > 2 * scratch.touched.len()
                        && scratch
                            .at_least(most, &keep)
                            .is_some_and(|least| left < least)
                };
                if common || settled() {
                    scratch.support(term);
                } else {
                    scratch.add(term);
                }
                left -= term.ceiling;
            }
            let mut found = Vec::with_capacity(most + 1);
            for scored in scratch.drain() {
                keep_if_better(&mut found, most, scored, &keep);
            }
            found
        })
    }

    fn with_scratch<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        // Taken out and put back, so that a caller's panic or a second query inside the first finds an empty one.
        let mut scratch = SCRATCH.take();
        let size = scratch.tallies.len().max(self.documents as usize);
        scratch.tallies.resize(size, Tally::default());
        let done = work(&mut scratch);
        SCRATCH.set(scratch);
        done
    }

    fn rarest_first(&self, terms: &[Term]) -> Vec<Waiting<'_>> {
        let waiting = |(bit, term): (usize, &Term)| {
            let word = term.word?;
            Some(Waiting {
                bit: 1 << bit,
                worth: term.worth,
                postings: self.postings(word),
                ceiling: term.worth * self.ceiling(word),
            })
        };
        let mut all: Vec<_> = terms
            .iter()
            .take(MOST_TERMS)
            .enumerate()
            .filter_map(waiting)
            .collect();
        all.sort_by_key(|term| term.postings.len());
        all
    }

    fn is_common(&self, term: &Waiting<'_>) -> bool {
        self.documents >= LARGE && term.postings.len() > self.documents as usize / 8
    }

    /// What a document that is not in the index would score: its words, field by field.
    pub fn score(&self, terms: &[Term], document: &[Vec<WordId>]) -> f32 {
        let mut score = 0.0;
        for term in terms.iter().take(MOST_TERMS) {
            let (mut best, mut sum) = (0.0_f32, 0.0);
            for (field, words) in self.fields.iter().zip(document) {
                let times = words
                    .iter()
                    .filter(|known| Some(**known) == term.word)
                    .count();
                let code = FieldNormReader::fieldnorm_to_id(words.len() as u32);
                let impact = term.worth * field.impact(self.idf(term.word), times as u32, code);
                best = best.max(impact);
                sum += impact;
            }
            score += best + self.tie * (sum - best);
        }
        score
    }
}

impl Scratch {
    fn add(&mut self, term: &Waiting<'_>) {
        for posting in term.postings {
            let tally = &mut self.tallies[posting.document as usize];
            if tally.matched == 0 {
                self.touched.push(posting.document);
            }
            tally.matched |= term.bit;
            tally.score += term.worth * posting.impact;
        }
    }

    /// Adds to documents that another term has found, and to no others.
    fn support(&mut self, term: &Waiting<'_>) {
        if self.touched.len() * LOOK_UP < term.postings.len() {
            for document in &self.touched {
                let found = term
                    .postings
                    .binary_search_by_key(document, |posting| posting.document);
                if let Ok(place) = found {
                    let tally = &mut self.tallies[*document as usize];
                    tally.matched |= term.bit;
                    tally.score += term.worth * term.postings[place].impact;
                }
            }
            return;
        }
        for posting in term.postings {
            let tally = &mut self.tallies[posting.document as usize];
            if tally.matched != 0 {
                tally.matched |= term.bit;
                tally.score += term.worth * posting.impact;
            }
        }
    }

    /// The score that the best `most` have at least; `None` while there are fewer.
    fn at_least(&self, most: usize, keep: impl Fn(u32) -> bool) -> Option<f32> {
        let mut best = Vec::with_capacity(most + 1);
        for &document in &self.touched {
            let Tally { score, matched } = self.tallies[document as usize];
            let scored = Scored {
                document,
                score,
                matched,
            };
            keep_if_better(&mut best, most, scored, &keep);
        }
        (best.len() == most).then(|| best.last().map(|least| least.score))?
    }

    fn drain(&mut self) -> impl Iterator<Item = Scored> {
        let Self { tallies, touched } = self;
        touched.drain(..).map(|document| {
            let Tally { score, matched } = std::mem::take(&mut tallies[document as usize]);
            Scored {
                document,
                score,
                matched,
            }
        })
    }
}

/// Best first; ties go to the first document.
pub fn by_score(a: &Scored, b: &Scored) -> Ordering {
    b.score
        .total_cmp(&a.score)
        .then(a.document.cmp(&b.document))
}

/// Thousands may share a word with the query and three are wanted: most are turned away by one comparison.
fn keep_if_better(best: &mut Vec<Scored>, most: usize, scored: Scored, keep: impl Fn(u32) -> bool) {
    let full = best.len() >= most;
    let too_low = |least: &Scored| by_score(least, &scored).is_lt();
    if (full && best.last().is_none_or(too_low)) || !keep(scored.document) {
        return;
    }
    let place = best.partition_point(|other| by_score(other, &scored).is_lt());
    best.insert(place, scored);
    best.truncate(most);
}

#[cfg(test)]
mod tests {
    use super::super::{Builder, Field};
    use super::*;
    use crate::text::Language;
    use proptest::prelude::*;

    fn terms(text: &str) -> Vec<String> {
        super::super::terms(text, Language::English)
    }

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
            word: index.word(&term),
            worth: 1.0,
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

    proptest! {
        /// Leaving documents out early must not change who is best.
        #[test]
        fn the_best_few_are_those_of_the_whole_ranking(
            documents in proptest::collection::vec(proptest::collection::vec(0..12_u32, 1..8), 1..80),
            asked in proptest::collection::vec(0..14_u32, 1..6),
            most in 1..5_usize,
            odd_only in any::<bool>(),
        ) {
            let word = |n: &u32| format!("w{}", n * n % 12);
            let words = |all: &[u32]| all.iter().map(word).collect::<Vec<_>>().join(" ");
            let texts: Vec<(String, String)> = documents
                .iter()
                .map(|document| {
                    let (title, text) = document.split_at(document.len() / 2);
                    (words(title), words(text))
                })
                .collect();
            let texts: Vec<(&str, &str)> =
                texts.iter().map(|(title, text)| (title.as_str(), text.as_str())).collect();
            let index = index(&texts);
            let keep = |document: u32| !odd_only || document % 2 == 1;
            let text = words(&asked);
            let mut all = rank(&index, &text);
            all.retain(|scored| keep(scored.document));
            all.truncate(most);
            let mut seen = std::collections::BTreeSet::new();
            let wanted: Vec<Term> = terms(&text)
                .into_iter()
                .filter(|term| seen.insert(term.clone()))
                .map(|term| Term { word: index.word(&term), worth: 1.0 })
                .collect();
            let mut whole = index.rank(&wanted);
            whole.retain(|scored| keep(scored.document));
            whole.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
            whole.truncate(most);
            let best = index.best(&wanted, most, keep);
            let places = |found: &[Scored]| found.iter().map(|one| one.document).collect::<Vec<_>>();
            prop_assert_eq!(places(&best), places(&whole));
            for (one, other) in best.iter().zip(&whole) {
                prop_assert!((one.score - other.score).abs() < 1e-4);
                prop_assert_eq!(one.matched, other.matched);
            }
        }
    }
}
