//! From a query to ranked products: of the candidates the best, in order.

use super::candidates::{Candidate, FULL_BONUS, keep_if_any};
use super::filter::Sieve;
use super::profile::denied;
use super::{Catalog, Hit, Query, Results, Sort};
use crate::search::Asked;
use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

/// The best so many say which category is meant …
const ASKED_FOR_KINDS: usize = 50;
/// … and so many are ranked again by it: a product of the only category among them gains three tenths.
const RANKED_AGAIN: usize = 100;
const KIND_BONUS: f32 = 0.3;
/// What one of its fields says and nothing else is what the product is, rather than what its description speaks of.
const VALUE_BONUS: f32 = 0.2;

/// A word names goods when it stands in the title or category of such a share of the products that have it, and of more
/// than these.
const NAMING: f32 = 0.5;
const NAMED_BY: f32 = 2.5;

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

impl Catalog {
    /// Ranks what passes the filters. Without words that describe something, everything that passes, best rated
    /// first. The same query over the same products gives the same answer in the same order.
    pub fn find(&self, query: &Query) -> Results {
        let readings = self.readings(&query.text);
        let sieve = Sieve::new(&query.filters, &self.presumed);
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
        if query.filters.undenied {
            self.drop_denying(&mut candidates, &readings, &query.text);
        }
        if query.sort != Sort::Relevance {
            // "The cheapest warm socks" must not be a pair of cold ones, nor "the cheapest jacket" what washes one.
            keep_if_any(&mut candidates, |candidate| candidate.full);
            keep_if_any(&mut candidates, |candidate| {
                self.is_called(candidate, &readings)
            });
        }
        self.order(&mut candidates, query.sort, most);
        if by_kind {
            self.favour_values(&mut candidates, &readings);
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

    /// Brings the best `limit` to the front, in order, and drops the rest.
    fn order(&self, candidates: &mut Vec<Candidate>, sort: Sort, limit: usize) {
        let by = |a: &Candidate, b: &Candidate| self.compare(a, b, sort);
        if limit < candidates.len() {
            candidates.select_nth_unstable_by(limit, by);
            candidates.truncate(limit);
        }
        candidates.sort_unstable_by(by);
    }

    /// Whole matches come before partial ones and, within each, what is in stock before what is not, and what says that it
    /// is free of what must not be in it before what is silent; ties go to the shop's own order, so no two are equal.
    fn compare(&self, a: &Candidate, b: &Candidate, sort: Sort) -> Ordering {
        let rating = |candidate: &Candidate| self.products[candidate.place].rating.unwrap_or(0.0);
        let added = |candidate: &Candidate| self.products[candidate.place].added;
        let group = |one: &Candidate| {
            (
                Reverse(one.full),
                Reverse(one.fit.in_stock),
                Reverse(one.fit.free),
            )
        };
        let groups = group(a).cmp(&group(b));
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

    /// Where something is all that was asked for, a jacket that says of itself that it is not waterproof is no answer to
    /// "waterproof jacket", however much else of it fits.
    fn drop_denying(&self, candidates: &mut Vec<Candidate>, readings: &[Asked], text: &str) {
        // "Sugar free" asks for what has none.
        let denied = denied(text);
        let denies = |candidate: &Candidate| {
            let profile = &self.profiles[candidate.place];
            let mut terms = readings[candidate.reading].terms.iter();
            terms.any(|term| profile.lacks(term) && !denied.contains(term))
        };
        if candidates.iter().any(|one| one.full && !denies(one)) {
            candidates.retain(|one| !denies(one));
            // Nor do other things that are waterproof take its place.
            keep_if_any(candidates, |one| {
                self.is_named(one.place, &readings[one.reading])
            });
        }
    }

    /// Whether one of the words is what the product is called, in title or category.
    pub(super) fn is_called(&self, candidate: &Candidate, readings: &[Asked]) -> bool {
        let profile = &self.profiles[candidate.place];
        let mut terms = readings[candidate.reading].terms.iter();
        terms.any(|term| profile.is_called(term))
    }

    /// Whether the product is called by a word that names goods; true where no word does. "Hiking" describes, so what is
    /// for hiking need not be called so.
    fn is_named(&self, place: usize, asked: &Asked) -> bool {
        let profile = &self.profiles[place];
        let mut naming = asked.terms.iter().filter(|term| self.is_name(term));
        let mut any = false;
        naming.any(|term| {
            any = true;
            profile.is_called(term)
        }) || !any
    }

    /// Whether a stem is what several products are called, and most of those that have it.
    pub(super) fn is_name(&self, stem: &str) -> bool {
        let word = self.index.word(stem);
        word.is_some_and(|word| {
            let share = self.names[word as usize];
            let named = share * self.index.frequency(word) as f32;
            share >= NAMING && named > NAMED_BY
        })
    }

    /// "Something warm" is a jacket whose warmth is that before a jar that keeps soup so. Where a word names goods, it
    /// says more.
    fn favour_values(&self, candidates: &mut [Candidate], readings: &[Asked]) {
        let named = |asked: &Asked| asked.terms.iter().any(|term| self.is_name(term));
        if named(&readings[0]) {
            return;
        }
        for candidate in candidates {
            let profile = &self.profiles[candidate.place];
            let mut terms = readings[candidate.reading].terms.iter();
            if terms.any(|term| profile.is_valued(term)) {
                candidate.score *= 1.0 + VALUE_BONUS;
            }
        }
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
