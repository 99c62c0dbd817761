//! Hard constraints, checked before any ranking is cut.

use super::profile::{Profile, contains};
use super::{Filters, Money, Product, Variant};
use crate::search;

/// Filters with their words stemmed, ready to be held against many products.
pub(super) struct Sieve<'a> {
    filters: &'a Filters,
    category: Vec<Vec<String>>,
    brand: Vec<String>,
    attributes: Vec<(String, Vec<String>)>,
    exclude: Vec<Vec<String>>,
}

/// What of a product fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    pub(super) price: Money,
    pub(super) was: Option<Money>,
    pub(super) from: bool,
    pub(super) in_stock: bool,
}

impl<'a> Sieve<'a> {
    pub(super) fn new(filters: &'a Filters) -> Self {
        let path = filters.category.as_deref().unwrap_or_default();
        Self {
            filters,
            category: path
                .split('>')
                .map(search::terms)
                .filter(|level| !level.is_empty())
                .collect(),
            brand: filters
                .brand
                .as_deref()
                .map(search::terms)
                .unwrap_or_default(),
            attributes: filters
                .attributes
                .iter()
                .map(|(name, value)| (name.trim().to_lowercase(), search::terms(value)))
                .collect(),
            exclude: filters
                .exclude
                .iter()
                .map(|words| search::terms(words))
                .filter(|words| !words.is_empty())
                .collect(),
        }
    }

    /// `None` when the product, or each of its variants, violates a constraint.
    pub(super) fn fit(&self, product: &Product, profile: &Profile) -> Option<Fit> {
        let in_category = self.category.is_empty()
            || profile
                .category
                .windows(self.category.len())
                .any(|window| window == self.category);
        let of_brand = self.brand.is_empty() || profile.brand == self.brand;
        let excluded = self
            .exclude
            .iter()
            .any(|words| words.iter().all(|word| profile.claims(word)));
        if !in_category || !of_brand || excluded {
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
        let cheapest = offered.min_by_key(|variant| variant.price)?;
        let from = fitting().any(|variant| variant.price != cheapest.price);
        Some(Fit {
            price: cheapest.price,
            was: cheapest.was,
            from,
            in_stock,
        })
    }

    /// Places of the variants that fit.
    pub(super) fn variants(&self, product: &Product, profile: &Profile) -> Vec<usize> {
        (0..product.variants.len())
            .filter(|place| self.variant_fits(product, profile, *place))
            .collect()
    }

    fn variant_fits(&self, product: &Product, profile: &Profile, place: usize) -> bool {
        let variant = &product.variants[place];
        let price = variant.price;
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
        self.filters.price_from.is_none_or(at_least)
            && self.filters.price_to.is_none_or(at_most)
            && (!self.filters.in_stock || variant.in_stock())
            && self.attributes.iter().all(has)
    }
}
