//! Hard constraints, checked before any ranking is cut.

use super::profile::{Profile, contains, is_lack};
use super::{Filters, Money, Product, Variant};
use crate::money::Currency;
use std::collections::HashSet;

/// Filters with their words stemmed, ready to be held against many products.
pub(super) struct Sieve<'a> {
    filters: &'a Filters,
    category: Vec<Vec<String>>,
    brand: Vec<String>,
    attributes: Vec<(String, Vec<String>)>,
    exclude: Vec<Vec<String>>,
    presumed: &'a HashSet<String>,
    /// What prices are asked in; `None`: each product's own.
    currency: Option<Currency>,
}

/// What all variants of a product are within: one look says of most products that none can fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    low: i64,
    high: i64,
    /// `None` when it is priced in several.
    currency: Option<Currency>,
    in_stock: bool,
}

impl Span {
    pub(super) fn of(product: &Product) -> Self {
        let prices = || product.variants.iter().map(|variant| variant.price);
        let first = prices().next().map(|price| price.currency);
        Self {
            low: prices().map(|price| price.minor).min().unwrap_or(i64::MAX),
            high: prices().map(|price| price.minor).max().unwrap_or(i64::MIN),
            currency: first.filter(|first| {
                let alone = |variant: &Variant| variant.elsewhere.is_empty();
                prices().all(|price| price.currency == *first) && product.variants.iter().all(alone)
            }),
            in_stock: product.variants.iter().any(Variant::in_stock),
        }
    }
}

/// What of a product fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    pub(super) price: Money,
    pub(super) was: Option<Money>,
    pub(super) from: bool,
    pub(super) in_stock: bool,
    /// It says of itself that it is free of what must not be in it.
    pub(super) free: bool,
}

impl<'a> Sieve<'a> {
    /// `presumed`: what products have unless they say that they do not.
    pub(super) fn new(filters: &'a Filters, presumed: &'a HashSet<String>) -> Self {
        let path = filters.category.as_deref().unwrap_or_default();
        Self {
            filters,
            currency: filters
                .price_from
                .or(filters.price_to)
                .map(|price| price.currency),
            category: path
                .split('>')
                .map(super::terms)
                .filter(|level| !level.is_empty())
                .collect(),
            brand: filters
                .brand
                .as_deref()
                .map(super::terms)
                .unwrap_or_default(),
            attributes: filters
                .attributes
                .iter()
                .map(|(name, value)| (name.trim().to_lowercase(), super::terms(value)))
                .collect(),
            exclude: filters
                .exclude
                .iter()
                .map(|words| super::terms(words))
                .filter(|words| !words.is_empty())
                .collect(),
            presumed,
        }
    }

    /// Words that a product must have in one of its fields to fulfil the wishes; a few that have them do not.
    pub(super) fn needs(&self) -> impl Iterator<Item = &String> {
        let of_wish = |(_, value): &&(String, Vec<String>)| !is_lack(&value.join(" "));
        let wishes = self.attributes.iter().filter(of_wish);
        wishes.flat_map(|(_, value)| value)
    }

    /// False when no variant can fit.
    pub(super) fn may_fit(&self, span: &Span) -> bool {
        let stocked = !self.filters.in_stock || span.in_stock;
        let (Some(asked), Some(own)) = (self.currency, span.currency) else {
            return stocked;
        };
        let (from, to) = (self.filters.price_from, self.filters.price_to);
        stocked
            && asked == own
            && from.is_none_or(|from| span.high >= from.minor)
            && to.is_none_or(|to| span.low <= to.minor)
    }

    /// `None` when the product, or each of its variants, violates a constraint.
    pub(super) fn fit(&self, product: &Product, profile: &Profile) -> Option<Fit> {
        let in_category = self.category.is_empty()
            || profile
                .category
                .windows(self.category.len())
                .any(|window| window == self.category);
        let of_brand = self.brand.is_empty() || profile.brand == self.brand;
        let lacks = |words: &Vec<String>| words.iter().any(|word| profile.lacks(word));
        let has = |word: &String| profile.claims(word) || self.presumed.contains(word);
        let mut unwanted = self.exclude.iter();
        let excluded = unwanted.any(|words| words.iter().all(has) && !lacks(words));
        let suits = |audience| profile.made_for.suits(audience);
        let for_others = !self.filters.audience.is_none_or(suits);
        let turned_down = self.filters.except.contains(&product.sku);
        if !in_category || !of_brand || excluded || for_others || turned_down {
            return None;
        }
        let fitting = || {
            let variants = product.variants.iter().enumerate();
            variants
                .filter(|(place, _)| self.variant_fits(product, profile, *place))
                .map(|(_, variant)| variant)
        };
        let in_stock = fitting().any(Variant::in_stock);
        let offered = fitting().filter(|variant| variant.in_stock() == in_stock);
        let cheapest = offered.min_by_key(|variant| self.price(variant))?;
        let price = self.price(cheapest);
        let from = fitting().any(|variant| self.price(variant) != price);
        Some(Fit {
            price,
            was: cheapest.was.filter(|was| was.currency == price.currency),
            from,
            in_stock,
            free: !self.exclude.is_empty() && self.exclude.iter().all(lacks),
        })
    }

    /// The price in the currency asked, where it has one.
    fn price(&self, variant: &Variant) -> Money {
        let asked = self.currency.and_then(|asked| variant.price_in(asked));
        asked.unwrap_or(variant.price)
    }

    /// Places of the variants that fit.
    pub(super) fn variants(&self, product: &Product, profile: &Profile) -> Vec<usize> {
        (0..product.variants.len())
            .filter(|place| self.variant_fits(product, profile, *place))
            .collect()
    }

    fn variant_fits(&self, product: &Product, profile: &Profile, place: usize) -> bool {
        let variant = &product.variants[place];
        let price = self.price(variant);
        let at_least = |low: Money| low.currency == price.currency && price.minor >= low.minor;
        let at_most = |high: Money| high.currency == price.currency && price.minor <= high.minor;
        let has = |(name, value): &(String, Vec<String>)| {
            let of = |pairs: &[(String, Vec<String>)]| {
                pairs
                    .iter()
                    .any(|(known, has)| known == name && contains(has, value))
            };
            of(&profile.options[place]) || of(&profile.attributes)
        };
        let is_cheap = || {
            let bound = profile.cheap_up_to;
            bound.is_none_or(|bound| {
                let own = variant.price_in(bound.currency);
                own.is_some_and(|own| own.minor <= bound.minor)
            })
        };
        self.filters.price_from.is_none_or(at_least)
            && self.filters.price_to.is_none_or(at_most)
            && (!self.filters.cheap || is_cheap())
            && (!self.filters.reduced || variant.was.is_some())
            && (!self.filters.in_stock || variant.in_stock())
            && self.attributes.iter().all(has)
    }
}
