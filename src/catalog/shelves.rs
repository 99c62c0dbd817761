//! The catalog in memory: by code, by category, by word.

use super::cheap;
use super::facets::Board;
use super::filter::Span;
use super::profile::Profile;
use super::suggest::Beginnings;
use super::wordings::Wordings;
use super::{Currency, Product};
use crate::search::{Builder, Field, Index, SearchError, WordId};
use crate::text::{self, Spelling};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What a match in each field is worth, and how much a long field weakens it. Measured on two public judged
/// sets of products and queries; the order is the order of the index's fields.
pub(super) const FIELDS: [Field; 5] = [
    Field {
        name: "title",
        weight: 2.0,
        length: 0.75,
    },
    Field {
        name: "brand",
        weight: 1.0,
        length: 0.75,
    },
    Field {
        name: "category",
        weight: 1.5,
        length: 0.75,
    },
    Field {
        name: "attributes",
        weight: 0.5,
        length: 0.75,
    },
    Field {
        name: "description",
        weight: 2.0,
        length: 0.75,
    },
];

/// What a word's other fields add to its best one.
const TIE: f32 = 0.1;

/// Everything on sale, in the order the shop gave it. One generation: a change makes a new one.
pub struct Catalog {
    pub(super) products: Vec<Arc<Product>>,
    pub(super) profiles: Vec<Profile>,
    pub(super) spans: Vec<Span>,
    /// By product: a number for the last level of its category.
    pub(super) kinds: Vec<Option<u32>>,
    pub(super) index: Index,
    pub(super) spelling: Spelling,
    /// By word: of the products that have it, the share that it names or classes rather than describes.
    pub(super) names: Vec<f32>,
    /// Stems of what goods are taken to have unless they say that they are free of it.
    pub(super) presumed: HashSet<String>,
    pub(super) wordings: Wordings,
    pub(super) board: Board,
    pub(super) beginnings: Beginnings,
    by_sku: HashMap<String, usize>,
    /// Variant SKU → place of the product and of the variant in it.
    by_variant: HashMap<String, (usize, usize)>,
    categories: BTreeSet<Vec<String>>,
    brands: BTreeSet<String>,
    currencies: BTreeSet<Currency>,
    /// Of all attributes and options, in lower case.
    values: HashSet<String>,
    attributes: BTreeMap<String, BTreeSet<String>>,
}

impl Catalog {
    /// Indexes the products. Where a SKU comes twice, the first one is found by it.
    pub fn new(products: Vec<Product>) -> Result<Self, SearchError> {
        Self::with_synonyms(products, "")
    }

    /// The same for a shop that says which words mean the same, a group a line with commas between.
    pub fn with_synonyms(products: Vec<Product>, synonyms: &str) -> Result<Self, SearchError> {
        let mut builder = Builder::new(&FIELDS, TIE)?;
        let mut catalog = Self {
            products: products.into_iter().map(Arc::new).collect(),
            profiles: Vec::new(),
            spans: Vec::new(),
            kinds: Vec::new(),
            index: Builder::new(&FIELDS, TIE)?.finish()?,
            spelling: Spelling::default(),
            names: Vec::new(),
            presumed: HashSet::new(),
            wordings: Wordings::new("", std::iter::empty()),
            board: Board::of(&[]),
            beginnings: Beginnings::default(),
            by_sku: HashMap::new(),
            by_variant: HashMap::new(),
            categories: BTreeSet::new(),
            brands: BTreeSet::new(),
            currencies: BTreeSet::new(),
            values: HashSet::new(),
            attributes: BTreeMap::new(),
        };
        let mut numbers: HashMap<&String, u32> = HashMap::new();
        let products = catalog.products.clone();
        for (place, product) in products.iter().enumerate() {
            let profile = Profile::of(product);
            builder.add(&[
                profile.title.clone(),
                profile.brand.clone(),
                profile.category.concat(),
                profile.attribute_words(product),
                profile.description.clone(),
            ])?;
            catalog.note(place, product);
            catalog.profiles.push(profile);
            catalog.spans.push(Span::of(product));
            let next = numbers.len() as u32;
            let kind = product.category.last();
            catalog
                .kinds
                .push(kind.map(|kind| *numbers.entry(kind).or_insert(next)));
        }
        for (profile, bound) in catalog.profiles.iter_mut().zip(cheap::bounds(&products)) {
            profile.cheap_up_to = bound;
        }
        let values = catalog.attributes.values().flatten();
        catalog.values = values.map(|value| value.to_lowercase()).collect();
        catalog.board = Board::of(&products);
        catalog.beginnings = Beginnings::of(&products);
        catalog.index = builder.finish()?;
        catalog.names = naming(&catalog.profiles, &catalog.index);
        catalog.presumed = presumed(&catalog.profiles);
        let names = products.iter().flat_map(|product| {
            let title = std::iter::once(&product.title);
            title
                .chain(&product.category)
                .chain(product.attributes.values())
        });
        catalog.wordings = Wordings::new(synonyms, names.map(String::as_str));
        let said: Vec<String> = catalog.wordings.words().collect();
        let said = said.iter().map(String::as_str);
        catalog.spelling = spelling(&catalog.products).knowing(said);
        Ok(catalog)
    }

    fn note(&mut self, place: usize, product: &Product) {
        self.by_sku.entry(product.sku.clone()).or_insert(place);
        for (at, variant) in product.variants.iter().enumerate() {
            self.by_variant
                .entry(variant.sku.clone())
                .or_insert((place, at));
            let prices = std::iter::once(&variant.price).chain(&variant.elsewhere);
            self.currencies.extend(prices.map(|price| price.currency));
            for (name, value) in &variant.options {
                self.attributes
                    .entry(name.clone())
                    .or_default()
                    .insert(value.clone());
            }
        }
        for (name, value) in &product.attributes {
            self.attributes
                .entry(name.clone())
                .or_default()
                .insert(value.clone());
        }
        for depth in 1..=product.category.len() {
            self.categories.insert(product.category[..depth].to_vec());
        }
        self.brands.extend(product.brand.clone());
    }

    pub fn len(&self) -> usize {
        self.products.len()
    }

    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// In the shop's order.
    pub fn products(&self) -> &[Arc<Product>] {
        &self.products
    }

    /// By the product's code or one of its variants', compared exactly.
    pub fn product(&self, sku: &str) -> Option<&Arc<Product>> {
        self.place(sku).map(|place| &self.products[place])
    }

    /// The product and the place of the variant in it. A product's own code gives its first variant.
    pub fn variant(&self, sku: &str) -> Option<(&Arc<Product>, usize)> {
        let found = self
            .by_variant
            .get(sku)
            .copied()
            .or_else(|| Some((*self.by_sku.get(sku)?, 0)));
        found.map(|(place, variant)| (&self.products[place], variant))
    }

    /// Where the product, or the product of this variant, stands in [`Catalog::products`].
    pub fn place(&self, sku: &str) -> Option<usize> {
        self.by_sku
            .get(sku)
            .copied()
            .or_else(|| self.by_variant.get(sku).map(|(place, _)| *place))
    }

    /// Paths from the root, sorted; every level is one.
    pub fn categories(&self) -> impl Iterator<Item = &[String]> {
        self.categories.iter().map(Vec::as_slice)
    }

    pub fn brands(&self) -> impl Iterator<Item = &str> {
        self.brands.iter().map(String::as_str)
    }

    /// Whether some attribute or option has this value, whatever its case.
    pub fn has_value(&self, value: &str) -> bool {
        self.values.contains(&value.to_lowercase())
    }

    /// Whether anything has a price in this currency.
    pub fn has_prices_in(&self, currency: Currency) -> bool {
        self.currencies.contains(&currency)
    }

    /// Names of attributes and variant options with every value in use, sorted.
    pub fn attributes(&self) -> &BTreeMap<String, BTreeSet<String>> {
        &self.attributes
    }
}

/// By word: the share of the products it stands in that have it in their title or category.
fn naming(profiles: &[Profile], index: &Index) -> Vec<f32> {
    let mut shares = vec![0.0; index.words()];
    for profile in profiles {
        let names = profile
            .title
            .iter()
            .chain(profile.category.iter().flatten());
        let words: BTreeSet<WordId> = names.filter_map(|term| index.word(term)).collect();
        for word in words {
            shares[word as usize] += 1.0 / index.frequency(word).max(1) as f32;
        }
    }
    shares
}

/// So many products that say they are free of something make it one that others have.
const FREE_FROM: usize = 3;

/// What more products say they are free of than say they have: where some teas are called "caffeine-free" and no other
/// speaks of it, the others have it.
fn presumed(profiles: &[Profile]) -> HashSet<String> {
    let mut free: HashMap<&String, usize> = HashMap::new();
    for lack in profiles.iter().flat_map(|profile| &profile.lacks) {
        *free.entry(lack).or_default() += 1;
    }
    free.retain(|_, count| *count >= FREE_FROM);
    let mut having: HashMap<&String, usize> = HashMap::new();
    for profile in profiles {
        for stem in free.keys().filter(|stem| profile.claims(stem)) {
            *having.entry(stem).or_default() += 1;
        }
    }
    let more = free
        .into_iter()
        .filter(|(stem, count)| *count > having.get(stem).copied().unwrap_or(0));
    more.map(|(stem, _)| stem.clone()).collect()
}

/// Every word of the catalog as it is written.
fn spelling(products: &[Arc<Product>]) -> Spelling {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut note = |text: &str| {
        text::for_each_word(text, |_, word| match counts.get_mut(word) {
            Some(count) => *count += 1,
            None => drop(counts.insert(word.to_owned(), 1)),
        });
    };
    for product in products {
        note(&product.title);
        note(&product.description);
        product
            .brand
            .iter()
            .chain(&product.category)
            .chain(product.attributes.values())
            .for_each(|text| note(text));
        product
            .variants
            .iter()
            .flat_map(|variant| variant.options.values())
            .for_each(|text| note(text));
    }
    Spelling::new(counts.iter().map(|(word, count)| (word.as_str(), *count)))
}
