//! From a query to ranked products: words to terms, terms to scores, filters, order, and why.

use super::filter::{Fit, Sieve};
use super::profile::contains;
use super::{Catalog, Filters, Hit, Match, MatchField, Query, Results, Sort};
use crate::search::{Term, words};
use std::cmp::Reverse;
use std::sync::Arc;

/// Added when every word stands in the product. Larger than the gap between any two partial matches.
const FULL_BONUS: f32 = 9.0;
/// From this many words on, all but one are worth a quarter of the bonus.
const NEARLY_FROM: u32 = 4;

/// The words of a query that mean something, each with what it says.
pub(super) struct Asked {
    pub(super) stems: Vec<String>,
    pub(super) terms: Vec<Term>,
    /// What each word says, in nats; a word the catalog lacks says most.
    pub(super) says: Vec<f32>,
    pub(super) repaired: Option<String>,
}

struct Candidate {
    place: usize,
    score: f32,
    coverage: f32,
    full: bool,
    fit: Fit,
}

impl Catalog {
    /// Ranks what passes the filters. Without words, everything that passes, best rated first.
    /// The same query over the same products gives the same answer in the same order.
    pub fn find(&self, query: &Query) -> Results {
        let asked = self.read(&query.text);
        let sieve = Sieve::new(&query.filters);
        let mut candidates = if asked.stems.is_empty() {
            self.all(&sieve)
        } else {
            self.matching(&asked, &sieve)
        };
        let total = candidates.len();
        let full = candidates.iter().filter(|candidate| candidate.full).count();
        self.order(&mut candidates, query.sort);
        candidates.truncate(query.limit);
        let hit = |candidate| self.hit(candidate, &asked, &query.filters);
        Results {
            hits: candidates.into_iter().map(hit).collect(),
            total,
            full,
            repaired: asked.repaired.clone(),
            relaxed: None,
        }
    }

    pub(super) fn read(&self, text: &str) -> Asked {
        let spoken = words::words(text);
        let mut stems: Vec<String> = Vec::new();
        for word in spoken.iter().filter(|word| !words::is_stop(word)) {
            let stem = words::stem(word);
            if !stems.contains(&stem) {
                stems.push(stem);
            }
        }
        let ids: Vec<_> = stems.iter().map(|stem| self.index.word(stem)).collect();
        let term = |id: &Option<u32>| Term {
            words: id.iter().map(|id| (*id, 1.0)).collect(),
        };
        Asked {
            terms: ids.iter().map(term).collect(),
            says: ids.iter().map(|id| self.index.idf(*id)).collect(),
            stems,
            repaired: None,
        }
    }

    fn all(&self, sieve: &Sieve) -> Vec<Candidate> {
        let products = self.products.iter().zip(&self.profiles).enumerate();
        products
            .filter_map(|(place, (product, profile))| {
                let fit = sieve.fit(product, profile)?;
                Some(Candidate {
                    place,
                    score: product.rating.unwrap_or(0.0),
                    coverage: 1.0,
                    full: true,
                    fit,
                })
            })
            .collect()
    }

    fn matching(&self, asked: &Asked, sieve: &Sieve) -> Vec<Candidate> {
        let said: f32 = asked.says.iter().sum();
        let known = asked
            .terms
            .iter()
            .filter(|term| !term.words.is_empty())
            .count() as u32;
        let scored = self.index.rank(&asked.terms);
        let candidate = |scored: crate::search::Scored| {
            let place = scored.document as usize;
            let fit = sieve.fit(&self.products[place], &self.profiles[place])?;
            let matched = scored.matched.count_ones();
            let bonus = match known - matched {
                0 => FULL_BONUS,
                1 if known >= NEARLY_FROM => FULL_BONUS / 4.0,
                _ => 0.0,
            };
            let covered: f32 = asked
                .says
                .iter()
                .enumerate()
                .filter(|(bit, _)| scored.matched & (1 << bit) != 0)
                .map(|(_, n)| n)
                .sum();
            let coverage = if said > 0.0 { covered / said } else { 1.0 };
            Some(Candidate {
                place,
                score: scored.score + bonus,
                coverage,
                full: matched == known,
                fit,
            })
        };
        scored.into_iter().filter_map(candidate).collect()
    }

    /// Best first. Whole matches come before partial ones and, within each, what is in stock before what is not;
    /// ties go to the shop's own order.
    fn order(&self, candidates: &mut Vec<Candidate>, sort: Sort) {
        if sort != Sort::Relevance && candidates.iter().any(|candidate| candidate.full) {
            // "The cheapest warm socks" must not be a pair of cold ones.
            candidates.retain(|candidate| candidate.full);
        }
        let rating = |candidate: &Candidate| self.products[candidate.place].rating.unwrap_or(0.0);
        candidates.sort_by(|a, b| {
            let groups = (Reverse(a.full), Reverse(a.fit.in_stock))
                .cmp(&(Reverse(b.full), Reverse(b.fit.in_stock)));
            let wanted = match sort {
                Sort::Relevance => b.score.total_cmp(&a.score),
                Sort::PriceAscending => a.fit.price.cmp(&b.fit.price),
                Sort::PriceDescending => b.fit.price.cmp(&a.fit.price),
                Sort::Rating => rating(b).total_cmp(&rating(a)),
            };
            groups
                .then(wanted)
                .then(b.score.total_cmp(&a.score))
                .then(a.place.cmp(&b.place))
        });
    }

    fn hit(&self, candidate: Candidate, asked: &Asked, filters: &Filters) -> Hit {
        let Candidate {
            place,
            score,
            coverage,
            fit,
            ..
        } = candidate;
        Hit {
            product: Arc::clone(&self.products[place]),
            score,
            coverage,
            matches: self.matches(place, &fit, asked, filters),
            variants: fit.variants,
            price: fit.price,
            was: fit.was,
            from: fit.from,
            in_stock: fit.in_stock,
        }
    }

    /// The field that best shows each word and wish: an attribute says more than a title already read.
    fn matches(&self, place: usize, fit: &Fit, asked: &Asked, filters: &Filters) -> Vec<Match> {
        let (product, profile) = (&self.products[place], &self.profiles[place]);
        let mut found: Vec<Match> = Vec::new();
        let mut show = |field: MatchField, value: &str| {
            let shown = Match {
                field,
                value: value.to_owned(),
            };
            if !found.contains(&shown) {
                found.push(shown);
            }
        };
        let wished = filters
            .attributes
            .iter()
            .map(|(_, value)| super::profile::stems(value));
        let wishes = wished.chain(asked.stems.iter().map(|stem| vec![stem.clone()]));
        for wish in wishes {
            let attribute = profile
                .attributes
                .iter()
                .find(|(_, value)| contains(value, &wish));
            let option = fit.variants.iter().find_map(|variant| {
                let (name, _) = profile.options[*variant]
                    .iter()
                    .find(|(_, value)| contains(value, &wish))?;
                Some((name, product.variants[*variant].options.get(name)?))
            });
            let level = profile
                .category
                .iter()
                .rposition(|level| contains(level, &wish));
            if let Some((name, _)) = attribute {
                let value = product
                    .attributes
                    .get(name)
                    .map(String::as_str)
                    .unwrap_or_default();
                show(MatchField::Attribute(name.clone()), value);
            } else if let Some((name, value)) = option {
                show(MatchField::Attribute(name.clone()), value);
            } else if let Some(level) = level {
                show(MatchField::Category, &product.category[level]);
            } else if contains(&profile.brand, &wish) {
                show(
                    MatchField::Brand,
                    product.brand.as_deref().unwrap_or_default(),
                );
            } else if contains(&profile.title, &wish) {
                show(MatchField::Title, &product.title);
            } else if contains(&profile.description, &wish) {
                show(MatchField::Description, "");
            }
        }
        found.sort_by(|a, b| a.field.cmp(&b.field));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::shop;
    use super::*;

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
        assert_eq!(found.full, 1);
        assert!(found.hits[0].matches.contains(&Match {
            field: MatchField::Attribute("material".to_owned()),
            value: "merino wool".to_owned()
        }));
        assert!(found.hits.iter().all(|hit| hit.price <= shop::eur("20")));
    }
}
