//! What may be meant by a query: the readings of its words, what they find, and what passes the filters.

use super::filter::{Fit, Sieve};
use super::{Catalog, Query};
use crate::search::{Asked, MOST_TERMS, Scored, Term};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Added when every word stands in the product. Larger than the gap between most partial matches.
pub(super) const FULL_BONUS: f32 = 9.0;
/// From this many words on, all but one are worth a quarter of the bonus.
const NEARLY_FROM: u32 = 4;
/// So many that are called by a word are what it means.
const ENOUGH_CALLED: usize = 4;
/// What a match of other words for the same counts beside one of the words typed.
const OTHER_WORDS: f32 = 0.9;

/// The lowest `count` bits.
fn bits(count: usize) -> u32 {
    u32::try_from((1_u64 << count.min(32)) - 1).unwrap_or(u32::MAX)
}

/// Drops the others where there are such.
pub(super) fn keep_if_any(candidates: &mut Vec<Candidate>, is_such: impl Fn(&Candidate) -> bool) {
    if candidates.iter().any(&is_such) {
        candidates.retain(is_such);
    }
}

pub(super) struct Candidate {
    pub(super) place: usize,
    pub(super) score: f32,
    /// Bits of the words it has.
    pub(super) matched: u32,
    pub(super) full: bool,
    pub(super) fit: Fit,
    /// Which reading of the query found it.
    pub(super) reading: usize,
}

/// Adds what another reading found; what both found stays with the one it fits better.
fn join(candidates: &mut Vec<Candidate>, others: impl Iterator<Item = Candidate>) {
    let mut places: HashMap<usize, usize> = candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| (candidate.place, at))
        .collect();
    for other in others {
        match places.entry(other.place) {
            Entry::Vacant(free) => {
                free.insert(candidates.len());
                candidates.push(other);
            }
            Entry::Occupied(at) => {
                let known = &mut candidates[*at.get()];
                if (other.full, other.score) > (known.full, known.score) {
                    *known = other;
                }
            }
        }
    }
}

impl Catalog {
    /// What the readings find together.
    pub(super) fn of_all(
        &self,
        readings: &[Asked],
        find: impl Fn(&Asked) -> Vec<Candidate>,
    ) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (reading, asked) in readings.iter().enumerate() {
            let found = find(asked);
            if reading == 0 {
                candidates = found;
                continue;
            }
            let found = found.into_iter().map(|candidate| Candidate {
                reading,
                score: candidate.score * OTHER_WORDS,
                ..candidate
            });
            join(&mut candidates, found);
        }
        candidates
    }

    /// Everything that fits a query: what has all of its words, where anything has.
    pub(super) fn fitting(&self, query: &Query) -> Vec<Candidate> {
        let readings = self.readings(&query.text);
        let sieve = Sieve::new(&query.filters, &self.presumed);
        let candidates = self.of_all(&readings, |asked| match asked.terms.is_empty() {
            true => self.all(&sieve, 1),
            false => self.matching(asked, &sieve),
        });
        self.meant(candidates, &readings)
    }

    /// The best `most` of it; without words, about as many from all over the catalog.
    pub(super) fn some_fitting(&self, query: &Query, most: usize) -> Vec<Candidate> {
        let readings = self.readings(&query.text);
        let sieve = Sieve::new(&query.filters, &self.presumed);
        let step = self.products.len() / most + 1;
        let candidates = self.of_all(&readings, |asked| match asked.terms.is_empty() {
            true => self.all(&sieve, step),
            false => self.best_matching(asked, &sieve, most),
        });
        self.meant(candidates, &readings)
    }

    /// Of candidates those with all words, and of these what is called so, unless that is only one or two: "warm feet" is
    /// one warm thing of many.
    fn meant(&self, mut candidates: Vec<Candidate>, readings: &[Asked]) -> Vec<Candidate> {
        keep_if_any(&mut candidates, |candidate| candidate.full);
        let called = |candidate: &Candidate| self.is_called(candidate, readings);
        if candidates.iter().filter(|one| called(one)).count() >= ENOUGH_CALLED {
            candidates.retain(called);
        }
        candidates
    }

    /// The query as typed, then in other words; only those of which the catalog knows most. Never empty.
    pub(super) fn readings(&self, text: &str) -> Vec<Asked> {
        let typed = self.read(text);
        if typed.terms.is_empty() {
            return vec![typed];
        }
        let others = self.wordings.of(text, &self.index);
        let mut readings = vec![typed];
        readings.extend(others.iter().map(|other| self.read(other)));
        let unknown = |asked: &Asked| {
            let wanted = asked.wanted.iter();
            wanted.filter(|term| term.word.is_none()).count()
        };
        let least = readings.iter().map(unknown).min();
        readings.retain(|asked| Some(unknown(asked)) == least);
        readings
    }

    /// Everything that passes; of every `step` products one is looked at.
    pub(super) fn all(&self, sieve: &Sieve, step: usize) -> Vec<Candidate> {
        let products = self.products.iter().zip(&self.profiles).enumerate();
        products
            .step_by(step)
            .filter_map(|(place, (product, profile))| {
                let fit = sieve.fit(product, profile)?;
                Some(Candidate {
                    place,
                    score: product.rating.unwrap_or(0.0),
                    matched: 0,
                    full: true,
                    fit,
                    reading: 0,
                })
            })
            .collect()
    }

    /// All that have one of the words and pass.
    pub(super) fn matching(&self, asked: &Asked, sieve: &Sieve) -> Vec<Candidate> {
        let ranked = self.ranked(asked, sieve).into_iter();
        ranked
            .filter_map(|(full, scored)| self.candidate(full, scored, sieve))
            .collect()
    }

    /// The `most` best of those that are in stock, in order, without holding the others against the filters.
    pub(super) fn best_matching(
        &self,
        asked: &Asked,
        sieve: &Sieve,
        most: usize,
    ) -> Vec<Candidate> {
        let by = |(a_full, a): &(bool, Scored), (b_full, b): &(bool, Scored)| {
            (b_full.cmp(a_full))
                .then(b.score.total_cmp(&a.score))
                .then(a.document.cmp(&b.document))
        };
        let mut ranked = self.ranked(asked, sieve);
        let mut rest = &mut ranked[..];
        let mut found = Vec::with_capacity(most);
        while found.len() < most && !rest.is_empty() {
            let next = (2 * most).min(rest.len());
            if next < rest.len() {
                rest.select_nth_unstable_by(next, by);
            }
            let (front, behind) = rest.split_at_mut(next);
            front.sort_unstable_by(by);
            let passing = front
                .iter()
                .filter_map(|(full, scored)| self.candidate(*full, *scored, sieve));
            found.extend(passing.take(most - found.len()));
            rest = behind;
        }
        found
    }

    /// What has one of the words and may fulfil the wishes, and whether it has all words that the catalog knows.
    fn ranked(&self, asked: &Asked, sieve: &Sieve) -> Vec<(bool, Scored)> {
        let known = asked
            .wanted
            .iter()
            .filter(|term| term.word.is_some())
            .count() as u32;
        // The wishes' words are asked for along with the others, at no worth: their bits tell who has them.
        let mut terms = asked.wanted.clone();
        for need in sieve.needs() {
            let Some(word) = self.index.word(need) else {
                return Vec::new();
            };
            terms.push(Term {
                word: Some(word),
                worth: 0.0,
            });
        }
        terms.truncate(MOST_TERMS);
        let said = bits(asked.wanted.len());
        let needed = bits(terms.len()) & !said;
        let with_bonus = |scored: Scored| {
            let matched = scored.matched & said;
            let fits = scored.matched & needed == needed && matched != 0;
            if !fits || !sieve.may_fit(&self.spans[scored.document as usize]) {
                return None;
            }
            let missing = known - matched.count_ones();
            let bonus = match missing {
                0 => FULL_BONUS,
                1 if known >= NEARLY_FROM => FULL_BONUS / 4.0,
                _ => 0.0,
            };
            let scored = Scored {
                score: scored.score + bonus,
                matched,
                ..scored
            };
            Some((missing == 0, scored))
        };
        let ranked = self.index.rank(&terms);
        ranked.into_iter().filter_map(with_bonus).collect()
    }

    fn candidate(&self, full: bool, scored: Scored, sieve: &Sieve) -> Option<Candidate> {
        let place = scored.document as usize;
        let fit = sieve.fit(&self.products[place], &self.profiles[place])?;
        Some(Candidate {
            place,
            score: scored.score,
            matched: scored.matched,
            full,
            fit,
            reading: 0,
        })
    }
}
