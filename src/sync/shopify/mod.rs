//! Shopify's Admin API (GraphQL): products and orders page by page, as fast as the shop's budget allows.

mod access;
mod check_up;
mod graphql;
mod live;
mod order;
mod product;
mod webhook;

pub(super) use webhook::{change, heard};

use super::SyncError;
use super::platform::Goods;
use crate::catalog::Product;
use crate::config::ShopifySettings;
use crate::money::Currency;
use crate::orders::ImportedOrder;
use crate::remote::Remote;
use graphql::{Api, TOO_DEAR};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

const WHO: &str = "Shopify";
/// Products, or orders, of a page; halved when Shopify finds a question too dear.
const PAGE: u32 = 50;

pub(super) struct Shopify {
    /// `alder.myshopify.com`
    shop: String,
    api: Api,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    nodes: Vec<T>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl Shopify {
    pub(super) fn new(settings: &ShopifySettings) -> Result<Self, SyncError> {
        let api = Api::new(settings)?;
        let shop = settings.shop.clone();
        Ok(Self { shop, api })
    }

    pub(super) async fn products(
        &self,
        remote: &Remote,
        mut progress: impl FnMut(usize),
    ) -> Result<Goods, SyncError> {
        #[derive(Deserialize)]
        struct Data {
            products: Page<product::Node>,
        }
        let currency = self.currency(remote).await?;
        let mut goods = Goods::default();
        let (mut after, mut first) = (None::<String>, PAGE);
        loop {
            let variables = json!({ "first": first, "after": after });
            let data: Data = match self.api.ask(remote, &product::page(), variables).await {
                Err(SyncError::Refused { help, .. }) if help.contains(TOO_DEAR) && first > 1 => {
                    first /= 2;
                    continue;
                }
                asked => asked?,
            };
            for mut node in data.products.nodes {
                self.rest_of_variants(remote, &mut node).await?;
                match node.into_product(currency) {
                    Ok(Some(product)) => goods.products.push(product),
                    Ok(None) => goods.left_out += 1,
                    Err(reason) => goods.refused.push(reason),
                }
            }
            progress(goods.products.len());
            match data.products.page_info {
                PageInfo {
                    has_next_page: true,
                    end_cursor: Some(cursor),
                } => after = Some(cursor),
                _ => return Ok(goods),
            }
        }
    }

    pub(super) async fn product(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<Product>, SyncError> {
        #[derive(Deserialize)]
        struct Data {
            product: Option<product::Node>,
        }
        let id = match id.contains("/InventoryItem/") {
            true => match self.product_of_item(remote, id).await? {
                Some(id) => id,
                None => return Ok(None),
            },
            false => id.to_owned(),
        };
        let currency = self.currency(remote).await?;
        let data: Data = self
            .api
            .ask(remote, &product::one(), json!({ "id": id }))
            .await?;
        let Some(mut node) = data.product else {
            return Ok(None);
        };
        self.rest_of_variants(remote, &mut node).await?;
        let read = node.into_product(currency);
        read.map_err(|reason| SyncError::Strange { who: WHO, reason })
    }

    /// The product that a counted item is a variant of.
    async fn product_of_item(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<String>, SyncError> {
        const ASKED: &str =
            "query Item($id: ID!) { inventoryItem(id: $id) { variant { product { id } } } }";
        let data: Value = self.api.ask(remote, ASKED, json!({ "id": id })).await?;
        let id = data
            .pointer("/inventoryItem/variant/product/id")
            .and_then(Value::as_str);
        Ok(id.map(str::to_owned))
    }

    /// A page has the first hundred variants of each product.
    async fn rest_of_variants(
        &self,
        remote: &Remote,
        node: &mut product::Node,
    ) -> Result<(), SyncError> {
        #[derive(Deserialize)]
        struct Data {
            product: Option<Inner>,
        }
        #[derive(Deserialize)]
        struct Inner {
            variants: Page<product::VariantNode>,
        }
        while let Some(after) = node.more_after() {
            let variables = json!({ "id": node.id(), "after": after });
            let data: Data = self
                .api
                .ask(remote, &product::more_variants(), variables)
                .await?;
            match data.product {
                Some(inner) => node.add(inner.variants),
                None => return Ok(()),
            }
        }
        Ok(())
    }

    pub(super) async fn orders(
        &self,
        remote: &Remote,
        since: Timestamp,
    ) -> Result<Vec<ImportedOrder>, SyncError> {
        #[derive(Deserialize)]
        struct Data {
            orders: Page<order::Node>,
        }
        let mut orders = Vec::new();
        let (mut after, mut first) = (None::<String>, PAGE);
        let query = format!("updated_at:>='{}'", since.strftime("%Y-%m-%dT%H:%M:%SZ"));
        loop {
            let variables = json!({ "first": first, "after": after, "query": query });
            let data: Data = match self.api.ask(remote, &order::page(), variables).await {
                Err(SyncError::Refused { help, .. }) if help.contains(TOO_DEAR) && first > 1 => {
                    first /= 2;
                    continue;
                }
                asked => asked?,
            };
            for node in data.orders.nodes {
                orders.push(
                    node.into_order()
                        .map_err(|reason| SyncError::Strange { who: WHO, reason })?,
                );
            }
            match data.orders.page_info {
                PageInfo {
                    has_next_page: true,
                    end_cursor: Some(cursor),
                } => after = Some(cursor),
                _ => return Ok(orders),
            }
        }
    }

    pub(super) async fn order(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<ImportedOrder>, SyncError> {
        #[derive(Deserialize)]
        struct Data {
            order: Option<order::Node>,
        }
        let data: Data = self
            .api
            .ask(remote, &order::one(), json!({ "id": id }))
            .await?;
        let order = data.order.map(order::Node::into_order).transpose();
        order.map_err(|reason| SyncError::Strange { who: WHO, reason })
    }

    async fn currency(&self, remote: &Remote) -> Result<Currency, SyncError> {
        let data: Value = self
            .api
            .ask(remote, "query { shop { currencyCode } }", json!({}))
            .await?;
        let code = data
            .pointer("/shop/currencyCode")
            .and_then(Value::as_str)
            .unwrap_or_default();
        code.parse()
            .map_err(|error: crate::money::MoneyError| SyncError::Strange {
                who: WHO,
                reason: error.to_string(),
            })
    }
}
