//! What a shop sells, as every importer fills it and every skill reads it.

use super::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A thing on sale. What a shopper puts in the cart is a [`Variant`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's own code; unique in a catalog, compared exactly.
    pub sku: String,
    pub title: String,
    /// From the root down: `["Clothing", "Socks"]`. May be empty.
    #[serde(default)]
    pub category: Vec<String>,
    #[serde(default)]
    pub brand: Option<String>,
    #[serde(default)]
    pub description: String,
    /// `material` → `wool`; names are lower case.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Site-relative or absolute.
    #[serde(default)]
    pub image: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
    /// 0 to 5.
    #[serde(default)]
    pub rating: Option<f32>,
    /// Never empty: a product without choices has one variant with the product's own SKU.
    pub variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    pub sku: String,
    /// `size` → `M`, `colour` → `navy`; names are lower case.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    pub price: Money,
    /// The price before a sale, higher than `price`.
    #[serde(default)]
    pub was: Option<Money>,
    /// Pieces on hand; `None` when the shop does not count (then it is available).
    #[serde(default)]
    pub stock: Option<u32>,
}

impl Product {
    /// One of the variants can be bought now.
    pub fn in_stock(&self) -> bool {
        self.variants.iter().any(Variant::in_stock)
    }
}

impl Variant {
    /// Uncounted stock is available.
    pub fn in_stock(&self) -> bool {
        self.stock != Some(0)
    }
}
