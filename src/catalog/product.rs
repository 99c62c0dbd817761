//! What a shop sells, as every importer fills it and every skill reads it.

use super::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A thing on sale. What a shopper puts in the cart is a [`Variant`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Product {
    /// The shop's own code; unique in a catalog, compared exactly.
    pub sku: String,
    pub title: String,
    /// From the root down: `["Clothing", "Socks"]`. May be empty.
    #[serde(default)]
    pub category: Vec<String>,
    #[serde(default)]
    pub brand: Option<String>,
    /// Plain text; a blank line between paragraphs.
    #[serde(default)]
    pub description: String,
    /// `material` → `wool`; names are lower case.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The shop's own labels: found by, never shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The main one first. Older stores have one, as `image`.
    #[serde(default, alias = "image", deserialize_with = "one_or_many")]
    pub images: Vec<Image>,
    /// Site-relative or absolute.
    #[serde(default)]
    pub url: Option<String>,
    /// 0 to 5.
    #[serde(default)]
    pub rating: Option<f32>,
    /// When it joined the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<Date>,
    /// Never empty: a product without choices has one variant with the product's own SKU.
    pub variants: Vec<Variant>,
    /// What its feed says besides, by heading: stored, and not loaded to serve.
    #[serde(skip)]
    pub carried: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    pub sku: String,
    /// `size` → `M`, `colour` → `navy`; names are lower case.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    pub price: Money,
    /// The price before a sale, higher than `price`.
    #[serde(default)]
    pub was: Option<Money>,
    /// The price in other currencies, one each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Money>,
    /// A sale with dates; [`Product::on`] makes it the price while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Sale>,
    /// Pieces on hand; `None` when the shop does not count, or sells beyond its stock (then it is available).
    #[serde(default)]
    pub stock: Option<u32>,
    /// None is on hand, and it can be ordered all the same: it is sent later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backorder: bool,
    /// The day it is expected, or can be sent from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_on: Option<Date>,
    /// EAN, UPC, ISBN: the code under the bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What the shop's own software calls it, where links to its checkout go by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// As [`Product::carried`].
    #[serde(skip)]
    pub carried: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Image {
    pub url: String,
    /// What it shows, in words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

/// A lower price for some time; an end left out is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sale {
    pub price: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// No longer at this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Product {
    /// One of the variants can be bought now.
    pub fn in_stock(&self) -> bool {
        self.variants.iter().any(Variant::in_stock)
    }

    /// The main picture's address.
    pub fn image(&self) -> Option<&str> {
        self.images.first().map(|image| image.url.as_str())
    }

    /// The product as it is sold at `now`: sales that run are its prices.
    #[must_use]
    pub fn on(mut self, now: Timestamp) -> Self {
        for variant in &mut self.variants {
            if let Some(sale) = variant.sale.filter(|sale| sale.runs(now)) {
                variant.was = Some(variant.price).filter(|was| was.minor > sale.price.minor);
                variant.price = sale.price;
            }
        }
        self
    }

    /// The next moment after `now` at which a sale begins or ends.
    pub fn changes_after(&self, now: Timestamp) -> Option<Timestamp> {
        let sales = self.variants.iter().filter_map(|variant| variant.sale);
        let ends = sales.flat_map(|sale| [sale.from, sale.until]);
        ends.flatten().filter(|end| *end > now).min()
    }
}

impl Variant {
    /// One with a code and a price and nothing else said of it.
    pub fn new(sku: impl Into<String>, price: Money) -> Self {
        Self {
            sku: sku.into(),
            options: BTreeMap::new(),
            price,
            was: None,
            elsewhere: Vec::new(),
            sale: None,
            stock: None,
            backorder: false,
            available_on: None,
            gtin: None,
            image: None,
            id: None,
            carried: BTreeMap::new(),
        }
    }

    /// It can be bought now: uncounted stock is available, and so is what is sent later.
    pub fn in_stock(&self) -> bool {
        self.stock != Some(0)
    }

    /// Sold beyond its stock, with none on hand.
    #[must_use]
    pub fn on_backorder(mut self) -> Self {
        (self.stock, self.backorder) = (None, true);
        self
    }

    /// The price in this currency, if it has one.
    pub fn price_in(&self, currency: super::Currency) -> Option<Money> {
        let mut all = std::iter::once(&self.price).chain(&self.elsewhere);
        all.find(|price| price.currency == currency).copied()
    }
}

impl Sale {
    fn runs(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

impl From<&str> for Image {
    fn from(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            alt: String::new(),
        }
    }
}

fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Image>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        One(String),
        Many(Vec<Image>),
    }
    Ok(match Option::<Written>::deserialize(from)? {
        None => Vec::new(),
        Some(Written::One(url)) => vec![Image::from(url.as_str())],
        Some(Written::Many(images)) => images,
    })
}

#[cfg(test)]
mod tests {
    use super::super::shop::{eur, product};
    use super::*;

    #[test]
    fn a_sale_is_the_price_from_its_beginning_until_its_end() {
        let mut lamp = product("Lamp", "", "", &[("", "40.00", 3)]);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        lamp.variants[0].sale = Some(Sale {
            price: eur("30.00"),
            from: Some(at("2026-11-20T00:00:00Z")),
            until: Some(at("2026-12-01T00:00:00Z")),
        });
        let price = |now: &str| {
            let lamp = lamp.clone().on(at(now));
            (lamp.variants[0].price, lamp.variants[0].was)
        };
        assert_eq!(price("2026-11-19T23:59:59Z"), (eur("40"), None));
        assert_eq!(price("2026-11-20T00:00:00Z"), (eur("30"), Some(eur("40"))));
        assert_eq!(price("2026-12-01T00:00:00Z"), (eur("40"), None));
        let next = lamp.changes_after(at("2026-11-20T00:00:00Z"));
        assert_eq!(next, Some(at("2026-12-01T00:00:00Z")));
    }

    #[test]
    fn a_product_stored_with_one_image_is_read() {
        let old = r#"{"sku":"A","title":"A","image":"/a.svg","variants":[]}"#;
        let read: Product = serde_json::from_str(old).unwrap();
        assert_eq!(read.image(), Some("/a.svg"));
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Product>(&again).unwrap(), read);
        let none = r#"{"sku":"A","title":"A","image":null,"variants":[]}"#;
        assert_eq!(serde_json::from_str::<Product>(none).unwrap().image(), None);
    }
}
