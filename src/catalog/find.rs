//! From a query to ranked products: terms to scores, filters, order, and why.

use super::filter::{Fit, Sieve};
use super::{Catalog, Hit, Query, Results, Sort};
use crate::search::{Asked, MOST_TERMS, Scored, Term};
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Added when every word stands in the product. Larger than the gap between most partial matches.
const FULL_BONUS: f32 = 9.0;
/// From this many words on, all but one are worth a quarter of the bonus.
const NEARLY_FROM: u32 = 4;
/// The best so many say which category is meant …
const ASKED_FOR_KINDS: usize = 50;
/// … and so many are ranked again by it: a product of the only category among them gains three tenths.
const RANKED_AGAIN: usize = 100;
const KIND_BONUS: f32 = 0.3;

/// So many that are called by a word are what it means.
const ENOUGH_CALLED: usize = 4;
/// A word names goods when it stands in the title or category of such a share of the products that have it, and of more
/// than these.
const NAMING: f32 = 0.5;
const NAMED_BY: f32 = 2.5;

/// What a match of other words for the same counts beside one of the words typed.
const OTHER_WORDS: f32 = 0.9;

/// The lowest `count` bits.
fn bits(count: usize) -> u32 {
    u32::try_from((1_u64 << count.min(32)) - 1).unwrap_or(u32::MAX)
}

/// Share of what the words say that stands in a product, 0 to 1; 1 without words.
fn coverage(asked: &Asked, matched: u32) -> f32 {
    let said = asked.said();
    if said <= 0.0 {
        return 1.0;
    }
    let says = asked.says.iter().enumerate();
    let covered: f32 = says
        .filter(|(bit, _)| matched & (1 << bit) != 0)
        .map(|(_, says)| says)
        .sum();
    (covered / said).min(1.0)
}

/// A spray "for rain jackets" has all the words and is no rain jacket: where others with all the words are called by
/// one of them, what is not does not come before what has only some.
fn favour(
    candidates: &mut [Candidate],
    readings: &[Asked],
    is_called: impl Fn(&Candidate) -> bool,
) {
    let called: Vec<bool> = candidates
        .iter()
        .map(|candidate| candidate.full && is_called(candidate))
        .collect();
    if !called.contains(&true) {
        return;
    }
    for (candidate, called) in candidates.iter_mut().zip(called) {
        if candidate.full && !called && !readings[candidate.reading].terms.is_empty() {
            candidate.full = false;
            candidate.score -= FULL_BONUS;
        }
    }
}

/// Drops the others where there are such.
fn keep_if_any(candidates: &mut Vec<Candidate>, is_such: impl Fn(&Candidate) -> bool) {
    if candidates.iter().any(&is_such) {
        candidates.retain(is_such);
    }
}

pub(super) struct Candidate {
    pub(super) place: usize,
    score: f32,
    /// Bits of the words it has.
    matched: u32,
    full: bool,
    pub(super) fit: Fit,
    /// Which reading of the query found it.
    reading: usize,
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
    /// Ranks what passes the filters. Without words that describe something, everything that passes, best rated
    /// first. The same query over the same products gives the same answer in the same order.
    pub fn find(&self, query: &Query) -> Results {
        let readings = self.readings(&query.text);
        let sieve = Sieve::new(&query.filters);
        let by_kind = query.sort == Sort::Relevance && !readings[0].terms.is_empty();
        let most = if by_kind {
            query.limit.max(RANKED_AGAIN)
        } else {
            query.limit
        };
        let find = |asked: &Asked| {
            if asked.terms.is_empty() {
                self.all(&sieve, 1)
            } else if by_kind && query.filters.in_stock {
                self.best_matching(asked, &sieve, most)
            } else {
                self.matching(asked, &sieve)
            }
        };
        let mut candidates = self.of_all(&readings, find);
        favour(&mut candidates, &readings, |candidate| {
            self.is_called(candidate, &readings)
        });
        if query.sort != Sort::Relevance {
            // "The cheapest warm socks" must not be a pair of cold ones, nor "the cheapest jacket" what washes one.
            keep_if_any(&mut candidates, |candidate| candidate.full);
            keep_if_any(&mut candidates, |candidate| {
                self.is_called(candidate, &readings)
            });
        }
        self.order(&mut candidates, query.sort, most);
        if by_kind {
            self.favour_kinds(&mut candidates);
            self.order(&mut candidates, query.sort, query.limit);
        }
        let hit = |candidate: Candidate| {
            let place = candidate.place;
            let product = &self.products[place];
            let variants = sieve.variants(product, &self.profiles[place]);
            let asked = &readings[candidate.reading];
            Hit {
                matches: self.matches(place, &variants, asked, &query.filters),
                called: self.is_named(place, asked),
                product: Arc::clone(product),
                score: candidate.score,
                coverage: coverage(asked, candidate.matched),
                variants,
                price: candidate.fit.price,
                was: candidate.fit.was,
                from: candidate.fit.from,
                in_stock: candidate.fit.in_stock,
            }
        };
        Results {
            hits: candidates.into_iter().map(hit).collect(),
            repaired: readings[0].repaired.clone(),
            relaxed: None,
        }
    }

    /// What the readings find together.
    fn of_all(
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
        let sieve = Sieve::new(&query.filters);
        let candidates = self.of_all(&readings, |asked| match asked.terms.is_empty() {
            true => self.all(&sieve, 1),
            false => self.matching(asked, &sieve),
        });
        self.meant(candidates, &readings)
    }

    /// The best `most` of it; without words, about as many from all over the catalog.
    pub(super) fn some_fitting(&self, query: &Query, most: usize) -> Vec<Candidate> {
        let readings = self.readings(&query.text);
        let sieve = Sieve::new(&query.filters);
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
    fn readings(&self, text: &str) -> Vec<Asked> {
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
    fn all(&self, sieve: &Sieve, step: usize) -> Vec<Candidate> {
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
    fn matching(&self, asked: &Asked, sieve: &Sieve) -> Vec<Candidate> {
        let ranked = self.ranked(asked, sieve).into_iter();
        ranked
            .filter_map(|(full, scored)| self.candidate(full, scored, sieve))
            .collect()
    }

    /// The `most` best of those that are in stock, in order, without holding the others against the filters.
    fn best_matching(&self, asked: &Asked, sieve: &Sieve, most: usize) -> Vec<Candidate> {
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

    /// Brings the best `limit` to the front, in order, and drops the rest.
    fn order(&self, candidates: &mut Vec<Candidate>, sort: Sort, limit: usize) {
        let by = |a: &Candidate, b: &Candidate| self.compare(a, b, sort);
        if limit < candidates.len() {
            candidates.select_nth_unstable_by(limit, by);
            candidates.truncate(limit);
        }
        candidates.sort_unstable_by(by);
    }

    /// Whole matches come before partial ones and, within each, what is in stock before what is not; ties go to
    /// the shop's own order, so no two are equal.
    fn compare(&self, a: &Candidate, b: &Candidate, sort: Sort) -> Ordering {
        let rating = |candidate: &Candidate| self.products[candidate.place].rating.unwrap_or(0.0);
        let added = |candidate: &Candidate| self.products[candidate.place].added;
        let groups = (Reverse(a.full), Reverse(a.fit.in_stock))
            .cmp(&(Reverse(b.full), Reverse(b.fit.in_stock)));
        let wanted = match sort {
            Sort::Relevance => Ordering::Equal,
            Sort::PriceAscending => a.fit.price.cmp(&b.fit.price),
            Sort::PriceDescending => b.fit.price.cmp(&a.fit.price),
            Sort::Rating => rating(b).total_cmp(&rating(a)),
            Sort::Newest => added(b).cmp(&added(a)),
        };
        groups
            .then(wanted)
            .then(b.score.total_cmp(&a.score))
            .then(a.place.cmp(&b.place))
    }

    /// Whether one of the words is what the product is called, in title or category.
    fn is_called(&self, candidate: &Candidate, readings: &[Asked]) -> bool {
        let profile = &self.profiles[candidate.place];
        let mut terms = readings[candidate.reading].terms.iter();
        terms.any(|term| profile.is_called(term))
    }

    /// Whether the product is called by a word that names goods; true where no word does. "Hiking" describes, so what is
    /// for hiking need not be called so.
    fn is_named(&self, place: usize, asked: &Asked) -> bool {
        let profile = &self.profiles[place];
        let mut naming = asked.terms.iter().filter(|term| {
            let word = self.index.word(term);
            word.is_some_and(|word| {
                let share = self.names[word as usize];
                let named = share * self.index.frequency(word) as f32;
                share >= NAMING && named > NAMED_BY
            })
        });
        let mut any = false;
        naming.any(|term| {
            any = true;
            profile.is_called(term)
        }) || !any
    }

    /// What most of the best are is what was meant: each gains by its category's share among them.
    fn favour_kinds(&self, candidates: &mut [Candidate]) {
        let best = &candidates[..candidates.len().min(ASKED_FOR_KINDS)];
        let top = best
            .iter()
            .map(|candidate| candidate.score)
            .fold(f32::MIN_POSITIVE, f32::max);
        let kind = |candidate: &Candidate| self.kinds[candidate.place];
        let mut shares: Vec<(u32, f32)> = Vec::new();
        let mut all = 0.0;
        for candidate in best {
            let weight = (candidate.score / top).powi(4);
            all += weight;
            let Some(kind) = kind(candidate) else {
                continue;
            };
            match shares.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, share)) => *share += weight,
                None => shares.push((kind, weight)),
            }
        }
        for candidate in candidates {
            let share = kind(candidate)
                .and_then(|kind| shares.iter().find(|(known, _)| *known == kind))
                .map_or(0.0, |(_, share)| share / all);
            candidate.score *= 1.0 + KIND_BONUS * share;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filters, Match, MatchField, shop};
    use super::*;

    #[test]
    fn the_cheapest_of_a_kind_is_of_that_kind() {
        let mut wash = shop::product("Down wash", "Care > Washing", "", &[("", "9.00", 4)]);
        wash.description = "For a jacket or a vest.".to_owned();
        let jacket =
            |title, price| shop::product(title, "Clothing > Jackets", "", &[("", price, 4)]);
        let goods = vec![
            wash,
            jacket("Storm jacket", "89.00"),
            jacket("Fjord", "59.00"),
        ];
        let query = Query {
            text: "jacket".to_owned(),
            sort: Sort::PriceAscending,
            limit: 5,
            ..Query::default()
        };
        let found = Catalog::new(goods).unwrap().find(&query);
        let titles: Vec<&str> = found
            .hits
            .iter()
            .map(|hit| hit.product.title.as_str())
            .collect();
        assert_eq!(titles, ["Fjord", "Storm jacket"]);
    }

    #[test]
    fn words_and_a_price_find_what_fits_with_its_reason() {
        let catalog = shop::small();
        let filters = Filters {
            price_to: Some(shop::eur("20")),
            ..Filters::default()
        };
        let query = Query {
            text: "show me warm wool socks".to_owned(),
            filters,
            limit: 5,
            ..Query::default()
        };
        let found = catalog.find(&query);
        assert_eq!(found.hits[0].product.title, "Alder wool socks");
        let whole = found.hits.iter().filter(|hit| hit.coverage == 1.0);
        assert_eq!(whole.count(), 1);
        assert!(found.hits[0].matches.contains(&Match {
            field: MatchField::Attribute("material".to_owned()),
            value: "merino wool".to_owned()
        }));
        assert!(found.hits.iter().all(|hit| hit.price <= shop::eur("20")));
    }
}
