//! A product of Shopify's as one of ours: the same code and words that its CSV export gives.

use super::{Page, PageInfo};
use crate::catalog::feed::{option_name, plain_text};
use crate::catalog::{Image, Product, Variant};
use crate::money::{Currency, Money};
use crate::sync::platform::ID;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// What is asked of each variant.
const VARIANT: &str = "id sku barcode title price compareAtPrice availableForSale inventoryQuantity inventoryPolicy inventoryItem { tracked } \
     selectedOptions { name value }";

fn fields() -> String {
    format!(
        "id handle title descriptionHtml vendor productType tags status onlineStoreUrl createdAt \
         options {{ name values }} \
         variants(first: 100) {{ nodes {{ {VARIANT} }} pageInfo {{ hasNextPage endCursor }} }} \
         media(first: 10) {{ nodes {{ ... on MediaImage {{ image {{ url altText }} }} }} }}"
    )
}

pub(super) fn page() -> String {
    format!(
        "query Products($first: Int!, $after: String) {{ products(first: $first, after: $after, sortKey: ID) \
         {{ nodes {{ {} }} pageInfo {{ hasNextPage endCursor }} }} }}",
        fields()
    )
}

pub(super) fn one() -> String {
    format!(
        "query Product($id: ID!) {{ product(id: $id) {{ {} }} }}",
        fields()
    )
}

pub(super) fn more_variants() -> String {
    format!(
        "query Variants($id: ID!, $after: String) {{ product(id: $id) {{ variants(first: 100, after: $after) \
         {{ nodes {{ {VARIANT} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    id: String,
    handle: String,
    title: String,
    #[serde(default)]
    description_html: String,
    #[serde(default)]
    vendor: String,
    #[serde(default)]
    product_type: String,
    #[serde(default)]
    tags: Vec<String>,
    status: String,
    online_store_url: Option<String>,
    created_at: Option<Timestamp>,
    variants: Page<VariantNode>,
    media: Media,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariantNode {
    id: String,
    sku: Option<String>,
    barcode: Option<String>,
    price: String,
    compare_at_price: Option<String>,
    available_for_sale: bool,
    inventory_quantity: Option<i64>,
    inventory_policy: Option<String>,
    inventory_item: Option<InventoryItem>,
    #[serde(default)]
    selected_options: Vec<Selected>,
}

#[derive(Deserialize)]
struct Selected {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct Media {
    nodes: Vec<MediaNode>,
}

/// A film or a model has no `image`.
#[derive(Deserialize)]
struct MediaNode {
    #[serde(default)]
    image: Option<Picture>,
}

#[derive(Deserialize)]
struct InventoryItem {
    tracked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Picture {
    url: String,
    alt_text: Option<String>,
}

impl Node {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// From where on there are more variants.
    pub(super) fn more_after(&self) -> Option<&str> {
        let PageInfo {
            has_next_page,
            end_cursor,
        } = &self.variants.page_info;
        end_cursor.as_deref().filter(|_| *has_next_page)
    }

    pub(super) fn add(&mut self, more: Page<VariantNode>) {
        self.variants.nodes.extend(more.nodes);
        self.variants.page_info = more.page_info;
    }

    /// `None` when it is not on sale: no longer, not yet, or not on the web.
    ///
    /// # Errors
    /// What cannot be read in it.
    pub(super) fn into_product(self, currency: Currency) -> Result<Option<Product>, String> {
        if self.status != "ACTIVE" || self.online_store_url.is_none() {
            return Ok(None);
        }
        let mut product = Product {
            title: self.title,
            category: Some(self.product_type)
                .filter(|kind| !kind.is_empty())
                .into_iter()
                .collect(),
            brand: Some(self.vendor).filter(|vendor| !vendor.is_empty()),
            description: plain_text(&self.description_html),
            tags: self.tags,
            images: self
                .media
                .nodes
                .into_iter()
                .filter_map(|media| media.image)
                .map(|picture| Image {
                    url: picture.url,
                    alt: picture.alt_text.unwrap_or_default(),
                })
                .collect(),
            url: self.online_store_url,
            added: self.created_at.map(|at| at.to_zoned(TimeZone::UTC).date()),
            carried: [(ID.to_owned(), self.id)].into(),
            sku: self.handle,
            ..Product::default()
        };
        for node in self.variants.nodes {
            let variant = node.into_variant(&product, currency)?;
            product.variants.push(variant);
        }
        Ok((!product.variants.is_empty()).then_some(product))
    }
}

impl VariantNode {
    fn into_variant(self, product: &Product, currency: Currency) -> Result<Variant, String> {
        let amount = |text: &str| {
            Money::parse(text, currency)
                .map_err(|error| format!("product {}: {error}", product.sku))
        };
        let price = amount(&self.price)?;
        let mut variant = Variant::new("", price);
        let chosen = self.selected_options.into_iter();
        variant.options = chosen
            .filter(|option| option.value != "Default Title")
            .map(|option| (option_name(&option.name), option.value))
            .collect();
        let was = self.compare_at_price.map(|was| amount(&was)).transpose()?;
        variant.was = was.filter(|was| was.minor > price.minor);
        variant.stock = match (self.available_for_sale, self.inventory_quantity) {
            (false, _) => Some(0),
            // For sale without any on hand: nobody counts, or it is sold beyond its stock.
            (true, Some(count)) if count > 0 => Some(u32::try_from(count).unwrap_or(u32::MAX)),
            (true, _) => None,
        };
        variant.backorder = self.available_for_sale
            && self.inventory_policy.as_deref() == Some("CONTINUE")
            && self.inventory_quantity.is_some_and(|count| count <= 0)
            && self.inventory_item.as_ref().is_none_or(|item| item.tracked);
        variant.gtin = self.barcode.filter(|code| !code.is_empty());
        // Of "gid://shopify/ProductVariant/123" a link to the checkout takes the number.
        variant.id = self.id.rsplit('/').next().map(str::to_owned);
        let own = self.sku.filter(|sku| !sku.is_empty());
        let taken = |sku: &String| product.variants.iter().any(|known| known.sku == *sku);
        variant.sku = own.filter(|sku| !taken(sku)).unwrap_or_else(|| {
            let values = variant.options.values().map(String::as_str);
            std::iter::once(product.sku.as_str())
                .chain(values)
                .collect::<Vec<_>>()
                .join("/")
        });
        Ok(variant)
    }
}
