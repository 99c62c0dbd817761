//! What the shop answers to a search: what fits, what comes closest when nothing does, and what to ask next.

use super::block::ProductCard;
use super::card::{bare_card, choosable, stock_of};
use super::port::{Measured, Most, NextQuestion, Offer, SearchAnswer, SearchQuestion, Sort, Why};
use super::shop::Shop;
use crate::catalog::{self, Filters, Hit, MatchField, Product, Query, Question, Results, Wish};
use crate::money::Money;
use crate::text::words;
use crate::understanding::{Colour, Measure};
use std::cmp::Ordering;

/// The first has less than this share of what was said: that is said.
const MOST_OF_IT: f32 = 0.4;
/// Reasons on a card: more is noise.
const REASONS: usize = 2;
/// A rating worth mentioning.
const WELL_RATED: f32 = 4.5;
/// Questions that narrow one search.
const MOST_QUESTIONS: usize = 3;
/// A category's guide is followed when so much of what fits is in the category.
const GUIDED_FROM: f32 = 0.5;
/// Words that say that there is much of something.
const VERY: [&str; 4] = ["very", "extra", "extremely", "super"];
/// Hits looked at where an order or a number decides that the catalog's index does not know.
const LOOKED_AT: usize = 200;

impl Shop {
    pub(super) fn search(&self, question: &SearchQuestion) -> SearchAnswer {
        let (query, mut results) = self.found(query(question));
        let mut instead = None;
        if let Some(Wish::Attribute(name, value)) = &results.relaxed
            && let Some((near, found)) = self.near_colour(&query, name, value)
        {
            results = Results {
                relaxed: results.relaxed,
                ..found
            };
            instead = Some(near);
        }
        if question.sort == Sort::Popular {
            let sold = |hit: &Hit| self.recommender.sold(&hit.product.sku);
            results.hits.sort_by(|a, b| sold(b).total_cmp(&sold(a)));
        }
        if let Some(Wish::Cheap | Wish::PriceTo(_)) = &results.relaxed {
            // Whoever wants to pay less is closest to what costs least.
            results
                .hits
                .sort_by_key(|hit| (!hit.called, hit.price.minor));
        }
        if let Some(most) = &question.most {
            most.first(&mut results.hits);
        }
        if let Some(measured) = &question.measured {
            results.hits.retain(|hit| measured.is_by(&hit.product));
        }
        results.hits.truncate(question.limit);
        let next = match &question.asked {
            Some(asked) if results.relaxed.is_none() && question.measured.is_none() => {
                self.next_question(&query, &results.hits, asked)
            }
            _ => None,
        };
        let begins_at = match &results.relaxed {
            Some(Wish::Cheap) => results.hits.first().map(|hit| hit.price),
            Some(_) => self.begins_at(&query),
            None => None,
        };
        let items = results.hits.iter().map(|hit| Offer {
            card: hit_card(hit),
            about: None,
            why: reasons(hit, question),
        });
        SearchAnswer {
            items: items.collect(),
            repaired: results
                .repaired
                .map(|text| (question.text.clone(), text))
                .into_iter()
                .collect(),
            dropped: results.relaxed.iter().map(wish_in_words).collect(),
            beside: results.hits.first().is_some_and(|hit| !hit.called),
            partly: results
                .hits
                .first()
                .is_some_and(|hit| hit.coverage < MOST_OF_IT),
            instead,
            begins_at,
            next,
        }
    }

    /// What is found for whom it is wanted; where nothing is made for them, what is made for others is better than nothing.
    fn found(&self, query: Query) -> (Query, Results) {
        let results = self.catalog.find_or_relax(&query);
        let is_called = |results: &Results| results.hits.first().is_some_and(|hit| hit.called);
        if query.filters.audience.is_some() && !is_called(&results) {
            let filters = Filters {
                audience: None,
                ..query.filters.clone()
            };
            let anybodys = Query {
                filters,
                ..query.clone()
            };
            let found = self.catalog.find_or_relax(&anybodys);
            if is_called(&found) || results.hits.is_empty() {
                return (anybodys, found);
            }
        }
        (query, results)
    }

    /// What comes in another colour of the same family, where nothing comes in this one.
    fn near_colour(&self, query: &Query, name: &str, value: &str) -> Option<(String, Results)> {
        let family = Colour::named(value)?.family;
        let akin = |other: &&String| {
            !other.eq_ignore_ascii_case(value)
                && Colour::named(&other.to_lowercase()).is_some_and(|other| other.family == family)
        };
        let known = self.catalog.attributes().get(name)?;
        known.iter().filter(akin).find_map(|other| {
            let mut filters = query.filters.clone();
            for wish in filters
                .attributes
                .iter_mut()
                .filter(|wish| wish.0 == name && wish.1 == value)
            {
                wish.1.clone_from(other);
            }
            let found = self.catalog.find(&Query {
                filters,
                ..query.clone()
            });
            (!found.hits.is_empty()).then(|| (other.clone(), found))
        })
    }

    /// The lowest price of what fulfils everything but the limit.
    fn begins_at(&self, query: &Query) -> Option<Money> {
        let limit = query.filters.price_to?;
        let found = self.catalog.find(&Query {
            filters: Filters {
                price_to: None,
                ..query.filters.clone()
            },
            sort: catalog::Sort::PriceAscending,
            limit: 1,
            ..query.clone()
        });
        let price = found.hits.first()?.price;
        (price.currency == limit.currency && price.minor > limit.minor).then_some(price)
    }

    /// The next question: of the guide for what is shown, where staff wrote one, else the one that narrows best.
    fn next_question(&self, query: &Query, hits: &[Hit], asked: &[String]) -> Option<NextQuestion> {
        let first = hits.first().filter(|_| asked.len() < MOST_QUESTIONS)?;
        let facets = self.catalog.facets_at_a_glance(query);
        if facets.total < catalog::ENOUGH {
            return None;
        }
        // What was said already is not asked: a colour, a size, a price.
        let mut known: Vec<String> = asked.to_vec();
        known.extend(
            query
                .filters
                .attributes
                .iter()
                .map(|(name, _)| name.clone()),
        );
        if query.filters.price_from.is_some()
            || query.filters.price_to.is_some()
            || query.filters.cheap
        {
            known.push("price".to_owned());
        }
        let most = |category: &String| {
            let there = facets.levels.get(category).copied().unwrap_or(0);
            there as f32 >= GUIDED_FROM * facets.total as f32
        };
        let path = &first.product.category;
        let path: Vec<String> = path.iter().filter(|level| most(level)).cloned().collect();
        let guide = self.script.guide(&path);
        let question = match guide {
            Some(guide) => {
                let open = guide
                    .steps
                    .iter()
                    .filter(|step| !known.contains(&step.about));
                open.filter_map(|step| facets.question_about(&step.about))
                    .next()
            }
            None => facets.best_question(&known),
        }?;
        let about = question.about().to_owned();
        let (values, bounds) = match question {
            Question::Attribute { values, .. } => (values, None),
            Question::Kind { kinds } => (kinds, None),
            Question::Price { low, high } => (Vec::new(), Some((low, high))),
        };
        Some(NextQuestion {
            about,
            values,
            bounds,
            guide: guide.map(|guide| guide.category.clone()),
        })
    }
}

fn query(question: &SearchQuestion) -> Query {
    let sort = match question.sort {
        Sort::Relevance | Sort::Popular => catalog::Sort::Relevance,
        Sort::Price => catalog::Sort::PriceAscending,
        Sort::PriceDown => catalog::Sort::PriceDescending,
        Sort::Rating => catalog::Sort::Rating,
        Sort::Newest => catalog::Sort::Newest,
    };
    let looks_at_all =
        question.sort == Sort::Popular || question.measured.is_some() || question.most.is_some();
    Query {
        text: question.text.clone(),
        filters: Filters {
            price_from: question.min,
            price_to: question.max,
            category: question.category.clone(),
            attributes: question.options.clone(),
            exclude: question.without.clone(),
            audience: question.audience,
            undenied: true,
            cheap: question.cheap,
            reduced: question.reduced,
            in_stock: true,
            except: question.except.clone(),
            ..Filters::default()
        },
        sort,
        limit: if looks_at_all {
            LOOKED_AT
        } else {
            question.limit
        },
    }
}

impl Most {
    /// Puts what has most of it first, among those that fit as well as the best.
    fn first(&self, hits: &mut [Hit]) {
        let Some(best) = hits.first().map(|hit| (hit.called, hit.coverage)) else {
            return;
        };
        let fits = |hit: &Hit| hit.called == best.0 && hit.coverage >= best.1;
        hits.sort_by(|a, b| {
            let fit = fits(b).cmp(&fits(a));
            fit.then_with(|| self.rank(&b.product).total_cmp(&self.rank(&a.product)))
        });
    }

    /// The higher, the more of it; the lowest where nothing tells.
    fn rank(&self, product: &Product) -> f64 {
        let mut fields = self
            .names
            .iter()
            .filter_map(|name| product.attributes.get(name));
        if let Some(measure) = fields.find_map(|value| Measure::of(value)) {
            let size = measure.size();
            return if self.more { size } else { -size };
        }
        let is_very = |value: &String| {
            let words: Vec<String> = words(value).into_iter().map(|word| word.text).collect();
            words
                .windows(2)
                .any(|two| VERY.contains(&two[0].as_str()) && two[1] == self.word)
        };
        match product.attributes.values().any(is_very) {
            true => 1.0,
            false => f64::MIN,
        }
    }
}

impl Measured {
    fn is_by(&self, product: &Product) -> bool {
        let mut fields = self
            .names
            .iter()
            .filter_map(|name| product.attributes.get(name));
        let wanted = if self.more {
            Ordering::Greater
        } else {
            Ordering::Less
        };
        let own = fields.find_map(|value| Measure::of(value));
        own.and_then(|own| own.compare(self.than)) == Some(wanted)
    }
}

/// A hit as a card: price and stock are those of the variants that fit.
pub fn hit_card(hit: &Hit) -> ProductCard {
    let variants = hit
        .variants
        .iter()
        .filter_map(|&place| hit.product.variants.get(place));
    let stock = stock_of(variants.clone());
    let mut card = ProductCard {
        price: hit.price,
        was: hit.was,
        from: hit.from,
        stock,
        ..bare_card(&hit.product, hit.price)
    };
    card.variants = choosable(&card, &hit.product, variants);
    card
}

/// Why a hit fits: what it says of itself, the price limit it keeps, its rating when it is good.
fn reasons(hit: &Hit, question: &SearchQuestion) -> Vec<Why> {
    let mut all: Vec<Why> = Vec::new();
    for found in &hit.matches {
        let field = match &found.field {
            MatchField::Attribute(name) => name.clone(),
            MatchField::Category => "category".to_owned(),
            MatchField::Brand => "brand".to_owned(),
            MatchField::Title | MatchField::Description => continue,
        };
        all.push(Why::Matched {
            field,
            value: found.value.clone(),
        });
    }
    all.truncate(REASONS);
    // Where nothing is within it, the limit is what was dropped.
    let kept = |limit: &Money| limit.currency == hit.price.currency && hit.price <= *limit;
    if let Some(limit) = question.max.filter(kept) {
        all.push(Why::Price {
            price: hit.price,
            limit,
        });
    }
    if let Some(rating) = hit
        .product
        .rating
        .filter(|rating| *rating >= WELL_RATED || all.is_empty())
    {
        all.push(Why::Rated { rating });
    }
    if all.is_empty() {
        all.push(Why::Matched {
            field: "title".to_owned(),
            value: hit.product.title.clone(),
        });
    }
    all.truncate(REASONS + 1);
    all
}

/// A wish that was dropped, as it can be said back.
fn wish_in_words(wish: &Wish) -> String {
    match wish {
        Wish::PriceFrom(price) => format!("from {price}"),
        Wish::PriceTo(price) => format!("up to {price}"),
        Wish::Category(name) | Wish::Brand(name) => name.clone(),
        Wish::Attribute(_, value) => value.clone(),
        Wish::Cheap => "cheap".to_owned(),
        Wish::InStock => "in stock".to_owned(),
    }
}
