//! What of each product the rules look at, by its place in the catalog, so that a question looks nothing up.

use super::Placement;
use super::family::family;
use super::growth;
use super::rules::{PinnedAt, Rules};
use crate::catalog::{Catalog, Product};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// No brand, no category.
const NONE: u32 = u32::MAX;
/// What the highest margin of the catalog counts in a score beside the lowest.
const MARGIN: f32 = 0.05;

pub(super) struct Shelf {
    /// In stock and not excluded.
    open: Vec<bool>,
    families: Vec<u32>,
    brands: Vec<u32>,
    /// The root of the category.
    kinds: Vec<u32>,
    /// The lowest, in minor units.
    prices: Vec<i64>,
    /// 0 to [`MARGIN`]; empty where the shop weighs none.
    margins: Vec<f32>,
    pins: Vec<(PinnedAt, u32)>,
    /// Products that say when they joined: place and day, counted from the recommender's start, the latest first.
    dated: Vec<(f32, u32)>,
    /// Best rated first.
    rated: Vec<u32>,
    pub(super) per_family: usize,
    pub(super) per_brand: usize,
    pub(super) price_band: f32,
    pub(super) explore: f32,
}

impl Shelf {
    pub(super) fn new(catalog: &Catalog, rules: &Rules, start: Timestamp) -> Self {
        let products = catalog.products();
        let mut families = Numbers::default();
        let mut brands = Numbers::default();
        let mut kinds = Numbers::default();
        let day = |product: &Product| {
            let midnight = product.added?.to_zoned(TimeZone::UTC).ok()?.timestamp();
            Some(growth::days(start, midnight))
        };
        let dated = (0..)
            .zip(products)
            .filter_map(|(place, one)| Some((day(one)?, place)));
        let mut dated: Vec<(f32, u32)> = dated.collect();
        dated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let rating = |place: &u32| products[*place as usize].rating.unwrap_or_default();
        let mut rated: Vec<u32> = (0..products.len() as u32).collect();
        rated.sort_by(|a, b| rating(b).total_cmp(&rating(a)).then(a.cmp(b)));
        let pins = rules.pins.iter().filter_map(|pin| {
            let place = catalog.place(&pin.sku)?;
            Some((pin.at.clone(), place as u32))
        });
        let price = |product: &Product| {
            let prices = product.variants.iter().map(|variant| variant.price.minor);
            prices.min().unwrap_or_default()
        };
        Self {
            open: products
                .iter()
                .map(|one| one.in_stock() && !is_excluded(one, rules))
                .collect(),
            families: products
                .iter()
                .map(|one| families.of(&family(one)))
                .collect(),
            brands: products
                .iter()
                .map(|one| {
                    one.brand
                        .as_ref()
                        .map_or(NONE, |name| brands.of(&name.to_lowercase()))
                })
                .collect(),
            kinds: products
                .iter()
                .map(|one| one.category.first().map_or(NONE, |root| kinds.of(root)))
                .collect(),
            prices: products.iter().map(|one| price(one)).collect(),
            margins: rules
                .margin
                .as_ref()
                .map(|name| margins(catalog, name))
                .unwrap_or_default(),
            pins: pins.collect(),
            dated,
            rated,
            per_family: rules.per_family.max(1),
            per_brand: match rules.per_brand {
                0 => usize::MAX,
                most => most,
            },
            price_band: rules.price_band,
            explore: rules.explore,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let each = 1 + 3 * size_of::<u32>() + size_of::<i64>() + size_of::<u32>();
        self.open.len() * each + size_of_val(&self.dated[..]) + size_of_val(&self.margins[..])
    }

    pub(super) fn is_open(&self, item: u32) -> bool {
        self.open[item as usize]
    }

    pub(super) fn family(&self, item: u32) -> u32 {
        self.families[item as usize]
    }

    pub(super) fn brand(&self, item: u32) -> Option<u32> {
        Some(self.brands[item as usize]).filter(|brand| *brand != NONE)
    }

    pub(super) fn price(&self, item: u32) -> i64 {
        self.prices[item as usize]
    }

    /// What its margin adds to a product's score.
    pub(super) fn margin(&self, item: u32) -> f32 {
        self.margins.get(item as usize).copied().unwrap_or_default()
    }

    pub(super) fn are_of_a_kind(&self, one: u32, other: u32) -> bool {
        self.kinds[one as usize] == self.kinds[other as usize]
    }

    pub(super) fn rated(&self) -> &[u32] {
        &self.rated
    }

    /// The most that what is shown beside these may cost, in minor units.
    pub(super) fn dearest_beside(&self, items: &[u32]) -> Option<i64> {
        let dearest = items.iter().map(|item| self.price(*item)).max()?;
        let most = (dearest as f64 * f64::from(self.price_band)) as i64;
        (self.price_band > 0.0).then_some(most)
    }

    /// What the shop wants first there, beside these.
    pub(super) fn pinned<'a>(
        &'a self,
        placement: Placement,
        beside: &'a [u32],
        catalog: &'a Catalog,
    ) -> impl Iterator<Item = u32> + 'a {
        let here = move |at: &PinnedAt| match at {
            PinnedAt::Placement(at) => *at == placement,
            PinnedAt::Beside(sku) => {
                let place = catalog.place(sku).map(|place| place as u32);
                place.is_some_and(|place| beside.contains(&place))
            }
        };
        let pins = self.pins.iter().filter(move |(at, _)| here(at));
        pins.map(|(_, item)| *item)
    }

    /// Products that joined within `within` days before this day, with their age in days.
    pub(super) fn new_on(&self, day: f32, within: f32) -> impl Iterator<Item = (u32, f32)> {
        let from = self.dated.partition_point(|(joined, _)| *joined > day);
        let known = self.dated[from..].iter();
        let ages = known.map(move |(joined, item)| (*item, day - joined));
        ages.take_while(move |(_, age)| *age < within)
    }
}

fn is_excluded(product: &Product, rules: &Rules) -> bool {
    rules.exclude.iter().any(|name| {
        let is = |word: &String| word.eq_ignore_ascii_case(name);
        product.sku == *name
            || product.variants.iter().any(|variant| variant.sku == *name)
            || product.category.iter().any(is)
            || product.brand.as_ref().is_some_and(is)
    })
}

/// By product, from the lowest margin to the highest; a product that tells none has the lowest.
fn margins(catalog: &Catalog, name: &str) -> Vec<f32> {
    let read = |product: &std::sync::Arc<Product>| -> Option<f32> {
        let value = product.attributes.get(name)?;
        let number = value.trim().trim_end_matches('%').trim();
        number
            .parse()
            .ok()
            .filter(|margin: &f32| margin.is_finite())
    };
    let all: Vec<Option<f32>> = catalog.products().iter().map(read).collect();
    let told = || all.iter().flatten().copied();
    let (least, most) = (
        told().fold(f32::INFINITY, f32::min),
        told().fold(f32::NEG_INFINITY, f32::max),
    );
    let span = (most - least).max(f32::MIN_POSITIVE);
    let share =
        |margin: &Option<f32>| margin.map_or(0.0, |margin| MARGIN * (margin - least) / span);
    all.iter().map(share).collect()
}

/// A number a name.
#[derive(Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn of(&mut self, name: &str) -> u32 {
        match self.0.get(name) {
            Some(number) => *number,
            None => {
                let next = self.0.len() as u32;
                self.0.insert(name.to_owned(), next);
                next
            }
        }
    }
}
