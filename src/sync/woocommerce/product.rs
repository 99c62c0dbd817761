//! A product of WooCommerce's as one of ours: the same code and words that its CSV export gives.

use crate::catalog::feed::{option_name, plain_text};
use crate::catalog::{Image, Product, Sale, Variant};
use crate::money::{Currency, Money};
use crate::sync::platform::ID;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What products refer to.
pub(super) struct Surroundings {
    currency: Currency,
    /// By number: the path from the root.
    paths: BTreeMap<u64, Vec<String>>,
    weight: Option<String>,
    length: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Category {
    id: u64,
    name: String,
    #[serde(default)]
    parent: u64,
}

#[derive(Deserialize)]
pub(super) struct Node {
    #[serde(deserialize_with = "number")]
    id: String,
    name: String,
    #[serde(default)]
    parent_id: u64,
    permalink: Option<String>,
    date_created_gmt: Option<DateTime>,
    #[serde(rename = "type")]
    kind: String,
    status: String,
    #[serde(default)]
    catalog_visibility: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    short_description: String,
    #[serde(flatten)]
    offer: Offer,
    #[serde(default)]
    weight: String,
    #[serde(default)]
    dimensions: Dimensions,
    #[serde(default)]
    average_rating: String,
    #[serde(default)]
    rating_count: u64,
    #[serde(default)]
    categories: Vec<Named>,
    #[serde(default)]
    tags: Vec<Named>,
    #[serde(default)]
    brands: Vec<Named>,
    #[serde(default)]
    images: Vec<Picture>,
    #[serde(default)]
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
pub(super) struct VariationNode {
    #[serde(deserialize_with = "number")]
    id: String,
    #[serde(default)]
    status: String,
    #[serde(flatten)]
    offer: Offer,
    #[serde(default)]
    image: Option<Picture>,
    #[serde(default)]
    attributes: Vec<Chosen>,
}

#[derive(Deserialize)]
struct Offer {
    #[serde(default)]
    sku: String,
    #[serde(default)]
    global_unique_id: String,
    #[serde(default)]
    regular_price: String,
    #[serde(default)]
    sale_price: String,
    date_on_sale_from_gmt: Option<DateTime>,
    date_on_sale_to_gmt: Option<DateTime>,
    stock_quantity: Option<f64>,
    #[serde(default)]
    stock_status: String,
}

#[derive(Default, Deserialize)]
struct Dimensions {
    #[serde(default)]
    length: String,
    #[serde(default)]
    width: String,
    #[serde(default)]
    height: String,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: u64,
    name: String,
}

#[derive(Deserialize)]
struct Picture {
    src: String,
    #[serde(default)]
    alt: String,
}

#[derive(Deserialize)]
struct Attribute {
    name: String,
    #[serde(default)]
    variation: bool,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Deserialize)]
struct Chosen {
    name: String,
    #[serde(default)]
    option: String,
}

fn number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(u64::deserialize(from)?.to_string())
}

impl Surroundings {
    pub(super) fn new(
        currency: Currency,
        categories: Vec<Category>,
        weight: Option<String>,
        length: Option<String>,
    ) -> Self {
        let by_id: BTreeMap<u64, &Category> = categories.iter().map(|one| (one.id, one)).collect();
        let path = |category: &Category| {
            let mut path = vec![plain_text(&category.name)];
            let mut above = category.parent;
            // A tree that bites its own tail ends where it is as deep as it is large.
            while let Some(parent) = by_id.get(&above).filter(|_| path.len() <= by_id.len()) {
                path.insert(0, plain_text(&parent.name));
                above = parent.parent;
            }
            path
        };
        Self {
            currency,
            paths: categories
                .iter()
                .map(|category| (category.id, path(category)))
                .collect(),
            weight,
            length,
        }
    }
}

impl Node {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn is_variable(&self) -> bool {
        self.kind == "variable"
    }

    /// The product this is a variation of.
    pub(super) fn parent(&self) -> Option<String> {
        (self.kind == "variation" && self.parent_id > 0).then(|| self.parent_id.to_string())
    }

    /// `None` when it is not on sale, or a group of others that are.
    ///
    /// # Errors
    /// What cannot be read in it.
    pub(super) fn into_product(
        self,
        variations: Vec<VariationNode>,
        around: &Surroundings,
    ) -> Result<Option<Product>, String> {
        if self.status != "publish" || self.catalog_visibility == "hidden" || self.kind == "grouped"
        {
            return Ok(None);
        }
        let sku = self.offer.code(|| format!("id-{}", self.id));
        let mut variants: Vec<Variant> = Vec::new();
        if self.is_variable() {
            for node in variations {
                let Some(mut variant) = node.into_variant(&sku, around)? else {
                    continue;
                };
                let made = || {
                    variant
                        .options
                        .values()
                        .fold(sku.clone(), |code, value| format!("{code}/{value}"))
                };
                if variant.sku.is_empty() || variants.iter().any(|known| known.sku == variant.sku) {
                    variant.sku = made();
                }
                variants.push(variant);
            }
        } else if !self.offer.regular_price.is_empty() {
            let variant = self.offer.variant(sku.clone(), around)?;
            variants.push(Variant {
                id: Some(self.id.clone()),
                ..variant
            });
        }
        if variants.is_empty() {
            return Ok(None);
        }
        let attributes = self.attributes(around);
        let paths: Vec<&Vec<String>> = self
            .categories
            .iter()
            .filter_map(|one| around.paths.get(&one.id))
            .collect();
        let deepest = paths.iter().rev().max_by_key(|path| path.len());
        let category = deepest.map(|path| (*path).clone()).unwrap_or_default();
        let others = paths
            .iter()
            .filter_map(|path| path.last())
            .filter(|other| !category.contains(other));
        let texts = [
            plain_text(&self.short_description),
            plain_text(&self.description),
        ];
        let [short, long] = &texts;
        let description = if short == long || short.is_empty() {
            long.clone()
        } else if long.is_empty() {
            short.clone()
        } else {
            format!("{short}\n\n{long}")
        };
        let rating: Option<f32> = self.average_rating.parse().ok();
        Ok(Some(Product {
            title: plain_text(&self.name),
            tags: self
                .tags
                .iter()
                .map(|tag| plain_text(&tag.name))
                .chain(others.cloned())
                .collect(),
            category,
            brand: self.brands.first().map(|brand| plain_text(&brand.name)),
            description,
            attributes,
            images: self
                .images
                .into_iter()
                .map(|picture| Image {
                    url: picture.src,
                    alt: picture.alt,
                })
                .collect(),
            url: self.permalink.filter(|url| !url.is_empty()),
            rating: rating.filter(|rating| self.rating_count > 0 && (0.0..=5.0).contains(rating)),
            added: self.date_created_gmt.map(DateTime::date),
            variants,
            carried: [(ID.to_owned(), self.id)].into(),
            sku,
        }))
    }

    fn attributes(&self, around: &Surroundings) -> BTreeMap<String, String> {
        let said = self
            .attributes
            .iter()
            .filter(|attribute| !(attribute.variation && self.is_variable()));
        let mut attributes: BTreeMap<String, String> = said
            .map(|attribute| (option_name(&attribute.name), attribute.options.join(", ")))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        if let (Some(unit), false) = (&around.weight, self.weight.is_empty()) {
            attributes.insert("weight".to_owned(), format!("{} {unit}", self.weight));
        }
        let Dimensions {
            length,
            width,
            height,
        } = &self.dimensions;
        let known = [length, width, height].iter().all(|size| !size.is_empty());
        if let (Some(unit), true) = (&around.length, known) {
            attributes.insert(
                "dimensions".to_owned(),
                format!("{length} x {width} x {height} {unit}"),
            );
        }
        attributes
    }
}

impl VariationNode {
    fn into_variant(self, parent: &str, around: &Surroundings) -> Result<Option<Variant>, String> {
        if !matches!(self.status.as_str(), "publish" | "") || self.offer.regular_price.is_empty() {
            return Ok(None);
        }
        // A variation without a code of its own tells its parent's.
        let own = self.offer.code(String::new);
        let own = if own == parent { String::new() } else { own };
        let variant = self.offer.variant(own, around);
        let mut variant = variant.map_err(|reason| format!("variation {}: {reason}", self.id))?;
        let chosen = self
            .attributes
            .into_iter()
            .filter(|chosen| !chosen.option.is_empty());
        variant.options = chosen
            .map(|chosen| (option_name(&chosen.name), chosen.option))
            .collect();
        variant.image = self.image.map(|picture| picture.src);
        variant.id = Some(self.id);
        Ok(Some(variant))
    }
}

impl Offer {
    fn code(&self, otherwise: impl FnOnce() -> String) -> String {
        match self.sku.trim() {
            "" => otherwise(),
            sku => sku.to_owned(),
        }
    }

    fn variant(&self, sku: String, around: &Surroundings) -> Result<Variant, String> {
        let amount = |name: &str, text: &str| {
            Money::parse(text, around.currency).map_err(|error| format!("{name}: {error}"))
        };
        let mut variant = Variant::new(sku, amount("regular_price", &self.regular_price)?);
        if !self.sale_price.is_empty() {
            let price = amount("sale_price", &self.sale_price)?;
            let moment = |at: Option<DateTime>| {
                at.and_then(|at| at.to_zoned(TimeZone::UTC).ok())
                    .map(|at| at.timestamp())
            };
            let (from, until): (Option<Timestamp>, _) = (
                moment(self.date_on_sale_from_gmt),
                moment(self.date_on_sale_to_gmt),
            );
            if from.is_none() && until.is_none() {
                variant.was = Some(variant.price).filter(|was| was.minor > price.minor);
                variant.price = price;
            } else {
                variant.sale = Some(Sale { price, from, until });
            }
        }
        variant.stock = match (self.stock_status.as_str(), self.stock_quantity) {
            ("outofstock", _) => Some(0),
            ("onbackorder", _) | (_, None) => None,
            (_, Some(count)) => Some(count.max(0.0) as u32),
        };
        variant.backorder = self.stock_status == "onbackorder";
        variant.gtin = Some(self.global_unique_id.clone()).filter(|code| !code.is_empty());
        Ok(variant)
    }
}
