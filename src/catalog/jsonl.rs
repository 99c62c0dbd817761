//! Products as JSON lines, with the shorthands people write: prices as decimals, a category as
//! `Clothing > Socks`, and price and stock on the product when it has no variants.

use super::{Image, Product, Sale, Variant};
use crate::money::{Currency, Money};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A line that is not a product, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonlError {
    #[error("not a product: {0}")]
    Json(String),
    #[error("`{field}`: {reason}")]
    Field { field: &'static str, reason: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    sku: String,
    title: String,
    #[serde(default)]
    category: Category,
    #[serde(default)]
    brand: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    images: Vec<Picture>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    rating: Option<f32>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    price: Option<Amount>,
    #[serde(default)]
    was: Option<Amount>,
    /// Currency → amount.
    #[serde(default)]
    prices: BTreeMap<String, Amount>,
    #[serde(default)]
    sale: Option<RawSale>,
    #[serde(default)]
    stock: Option<u32>,
    /// With none left it can be ordered all the same.
    #[serde(default)]
    backorder: bool,
    #[serde(default)]
    available_on: Option<Date>,
    #[serde(default)]
    gtin: Option<String>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    variants: Vec<RawVariant>,
    #[serde(default)]
    added: Option<Date>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVariant {
    sku: String,
    #[serde(default)]
    options: BTreeMap<String, String>,
    price: Amount,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    was: Option<Amount>,
    /// Currency → amount.
    #[serde(default)]
    prices: BTreeMap<String, Amount>,
    #[serde(default)]
    sale: Option<RawSale>,
    #[serde(default)]
    stock: Option<u32>,
    #[serde(default)]
    backorder: bool,
    #[serde(default)]
    available_on: Option<Date>,
    #[serde(default)]
    gtin: Option<String>,
    #[serde(default)]
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSale {
    price: Amount,
    #[serde(default)]
    from: Option<Timestamp>,
    #[serde(default)]
    until: Option<Timestamp>,
}

/// `"/a.jpg"` or `{"url": "/a.jpg", "alt": "A red sock"}`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Picture {
    Url(String),
    Image(Image),
}

/// `"19.90"` or `19.90`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Amount {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Category {
    Path(String),
    Levels(Vec<String>),
}

impl Default for Category {
    fn default() -> Self {
        Self::Levels(Vec::new())
    }
}

/// Reads one line; amounts without a currency are in `currency`.
pub fn parse_line(line: &str, currency: Currency) -> Result<Product, JsonlError> {
    let raw: Raw =
        serde_json::from_str(line).map_err(|error| JsonlError::Json(error.to_string()))?;
    let field = |field, reason: &str| JsonlError::Field {
        field,
        reason: reason.to_owned(),
    };
    if raw.sku.trim().is_empty() {
        return Err(field("sku", "a product needs a code of its own"));
    }
    if raw.title.trim().is_empty() {
        return Err(field("title", "a product needs a name"));
    }
    if raw
        .rating
        .is_some_and(|rating| !(0.0..=5.0).contains(&rating))
    {
        return Err(field("rating", "write a number from 0 to 5"));
    }
    let currency = match &raw.currency {
        Some(code) => code
            .parse()
            .map_err(|error: crate::money::MoneyError| field("currency", &error.to_string()))?,
        None => currency,
    };
    let raw_variants = if raw.variants.is_empty() {
        let price = raw
            .price
            .ok_or_else(|| field("price", "a product without variants needs a price"))?;
        vec![RawVariant {
            sku: raw.sku.clone(),
            options: BTreeMap::new(),
            price,
            image: None,
            was: raw.was,
            prices: raw.prices,
            sale: raw.sale,
            stock: raw.stock,
            backorder: raw.backorder,
            available_on: raw.available_on,
            gtin: raw.gtin,
            id: raw.id,
        }]
    } else {
        raw.variants
    };
    let variants = raw_variants.into_iter().map(|raw| variant(raw, currency));
    let variants = variants.collect::<Result<Vec<_>, _>>()?;
    let images = raw.image.into_iter().map(Picture::Url).chain(raw.images);
    let category = match raw.category {
        Category::Path(path) => path
            .split('>')
            .map(|level| level.trim().to_owned())
            .filter(|level| !level.is_empty())
            .collect(),
        Category::Levels(levels) => levels,
    };
    Ok(Product {
        sku: raw.sku,
        title: raw.title.split_whitespace().collect::<Vec<_>>().join(" "),
        category,
        brand: raw.brand,
        description: raw.description,
        attributes: lower_names(&raw.attributes),
        tags: raw.tags,
        images: images
            .map(|picture| match picture {
                Picture::Url(url) => Image::from(url.as_str()),
                Picture::Image(image) => image,
            })
            .collect(),
        url: raw.url,
        rating: raw.rating,
        added: raw.added,
        variants,
        carried: BTreeMap::new(),
    })
}

fn variant(raw: RawVariant, currency: Currency) -> Result<Variant, JsonlError> {
    let mut variant = Variant::new(raw.sku, amount("price", &raw.price, currency)?);
    variant.options = lower_names(&raw.options);
    variant.was = raw
        .was
        .map(|was| amount("was", &was, currency))
        .transpose()?;
    for (code, price) in &raw.prices {
        let other: Currency =
            code.parse()
                .map_err(|error: crate::money::MoneyError| JsonlError::Field {
                    field: "prices",
                    reason: error.to_string(),
                })?;
        variant.elsewhere.push(amount("prices", price, other)?);
    }
    if let Some(sale) = raw.sale {
        variant.sale = Some(Sale {
            price: amount("sale", &sale.price, currency)?,
            from: sale.from,
            until: sale.until,
        });
    }
    variant.stock = raw.stock;
    variant.available_on = raw.available_on;
    variant.gtin = raw.gtin;
    variant.image = raw.image;
    variant.id = raw.id;
    if raw.backorder && variant.stock == Some(0) {
        return Ok(variant.on_backorder());
    }
    Ok(variant)
}

fn lower_names(options: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    options
        .iter()
        .map(|(name, value)| (name.to_lowercase(), value.clone()))
        .collect()
}

fn amount(field: &'static str, amount: &Amount, currency: Currency) -> Result<Money, JsonlError> {
    let text = match amount {
        Amount::Text(text) => text.clone(),
        Amount::Number(number) => number.to_string(),
    };
    let money = Money::parse(&text, currency).map_err(|error| JsonlError::Field {
        field,
        reason: error.to_string(),
    })?;
    if money.minor < 0 {
        return Err(JsonlError::Field {
            field,
            reason: format!("`{text}` is below nothing"),
        });
    }
    Ok(money)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur() -> Currency {
        "EUR".parse().unwrap()
    }

    #[test]
    fn a_product_without_variants_is_its_own_variant() {
        let line = r#"{"sku":"MUG","title":"Birch  mug","category":"Home > Mugs","price":"12.50","stock":3}"#;
        let product = parse_line(line, eur()).unwrap();
        assert_eq!(product.title, "Birch mug");
        assert_eq!(product.category, ["Home", "Mugs"]);
        assert_eq!(
            (
                product.variants[0].sku.as_str(),
                product.variants[0].price.minor
            ),
            ("MUG", 1250)
        );
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        for (line, field) in [
            (r#"{"sku":"A","title":"A"}"#, "price"),
            (r#"{"sku":"A","title":"A","price":"1.234,56"}"#, "price"),
            (r#"{"sku":"A","title":"A","price":"-3"}"#, "price"),
            (r#"{"sku":" ","title":"A","price":"3"}"#, "sku"),
            (
                r#"{"sku":"A","title":"A","price":"3","currency":"EURO"}"#,
                "currency",
            ),
            (
                r#"{"sku":"A","title":"A","price":"3","prise":"3"}"#,
                "prise",
            ),
        ] {
            let error = parse_line(line, eur()).unwrap_err().to_string();
            assert!(error.contains(field), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_a_product_or_an_error(line in "\\PC{0,120}") {
            let _ = parse_line(&line, eur());
        }
    }
}
