//! Shopify's Admin API (GraphQL): products and orders page by page, as fast as the shop's budget allows.

mod live;
mod order;
mod product;

use super::SyncError;
use super::hooks::Heard;
use super::platform::{Change, Goods};
use crate::catalog::Product;
use crate::config::{Secret, ShopifySettings};
use crate::money::Currency;
use crate::orders::ImportedOrder;
use crate::remote::{Ask, Remote, RemoteError};
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

const WHO: &str = "Shopify";
/// Bytes of an answer.
const MOST: usize = 50_000_000;
/// Products, or orders, of a page; halved when Shopify finds a question too dear.
const PAGE: u32 = 50;
/// Times a question is asked again when the budget is used up.
const PATIENCE: u32 = 20;
/// Longest wait for the budget; one that would take longer is another matter.
const LONGEST: f64 = 60.0;

pub(super) struct Shopify {
    api: Url,
    token: Secret,
}

#[derive(Deserialize)]
struct Answer<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<Wrong>,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Deserialize)]
struct Wrong {
    message: String,
    #[serde(default)]
    extensions: Code,
}

#[derive(Default, Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

#[derive(Default, Deserialize)]
struct Extensions {
    cost: Option<Cost>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    #[serde(default)]
    requested_query_cost: f64,
    throttle_status: Option<Throttle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Throttle {
    currently_available: f64,
    restore_rate: f64,
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
        let api = settings.api.parse();
        Ok(Self {
            api: api.map_err(|_| RemoteError::Address(settings.api.clone()))?,
            token: settings.token.clone(),
        })
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
            let data: Data = match self.ask(remote, &product::page(), variables).await {
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
        let data: Value = self.ask(remote, ASKED, json!({ "id": id })).await?;
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
        let mut after = None::<String>;
        loop {
            let query = format!("updated_at:>='{}'", since.strftime("%Y-%m-%dT%H:%M:%SZ"));
            let variables = json!({ "first": PAGE, "after": after, "query": query });
            let data: Data = self.ask(remote, &order::page(), variables).await?;
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
        let data: Data = self.ask(remote, &order::one(), json!({ "id": id })).await?;
        let order = data.order.map(order::Node::into_order).transpose();
        order.map_err(|reason| SyncError::Strange { who: WHO, reason })
    }

    async fn currency(&self, remote: &Remote) -> Result<Currency, SyncError> {
        let data: Value = self
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

    /// Asks, waiting for the budget where Shopify says that it is used up.
    async fn ask<T: DeserializeOwned>(
        &self,
        remote: &Remote,
        query: &str,
        variables: Value,
    ) -> Result<T, SyncError> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        for _ in 0..PATIENCE {
            let ask = Ask {
                method: Method::POST,
                body: Some(body.clone().into_bytes()),
                ..Ask::get(self.api.clone(), MOST)
            };
            let ask = ask
                .with("content-type", "application/json")
                .with("accept", "application/json")
                .with_secret("x-shopify-access-token", self.token.reveal());
            let answer = remote.ask(ask).await?;
            match answer.status {
                StatusCode::OK => {}
                StatusCode::TOO_MANY_REQUESTS => {
                    let wait = answer.retry_after().unwrap_or(Duration::from_secs(2));
                    tokio::time::sleep(wait.min(Duration::from_secs_f64(LONGEST))).await;
                    continue;
                }
                status => return Err(unwell(status)),
            }
            let read: Answer<T> =
                serde_json::from_slice(&answer.body).map_err(|error| SyncError::Strange {
                    who: WHO,
                    reason: error.to_string(),
                })?;
            let throttled = read
                .errors
                .iter()
                .any(|wrong| wrong.extensions.code == "THROTTLED");
            if throttled {
                tokio::time::sleep(refill(read.extensions.cost.as_ref())).await;
                continue;
            }
            if let Some(wrong) = read.errors.first() {
                return Err(told(wrong));
            }
            return read.data.ok_or_else(|| SyncError::Strange {
                who: WHO,
                reason: "neither data nor errors".to_owned(),
            });
        }
        Err(SyncError::Busy {
            who: WHO,
            wait: Duration::from_secs_f64(LONGEST),
        })
    }
}

/// How long until there is budget enough for the question again.
fn refill(cost: Option<&Cost>) -> Duration {
    let status =
        cost.and_then(|cost| Some((cost.requested_query_cost, cost.throttle_status.as_ref()?)));
    let seconds = match status {
        Some((needed, status)) if status.restore_rate > 0.0 => {
            (needed - status.currently_available) / status.restore_rate
        }
        _ => 1.0,
    };
    Duration::from_secs_f64(if seconds.is_finite() {
        seconds.clamp(0.05, LONGEST)
    } else {
        1.0
    })
}

/// Part of the code of a question that asks for too much at once.
const TOO_DEAR: &str = "MAX_COST_EXCEEDED";

fn told(wrong: &Wrong) -> SyncError {
    let help = match wrong.extensions.code.as_str() {
        "ACCESS_DENIED" if wrong.message.contains("not approved") => format!(
            "the app may not see customers' data ({}); ask for \"protected customer data access\" in its settings under API access, with e-mail, phone and address: orders are proven by them",
            wrong.message
        ),
        "ACCESS_DENIED" => format!(
            "the token may not read this ({}); give the app the scopes read_products, read_inventory and read_orders",
            wrong.message
        ),
        TOO_DEAR => format!("{TOO_DEAR}: {}", wrong.message),
        _ => wrong.message.clone(),
    };
    SyncError::Refused { who: WHO, help }
}

fn unwell(status: StatusCode) -> SyncError {
    let help = match status {
        StatusCode::UNAUTHORIZED => {
            "the token is not right; SHOPTALK_SHOPIFY_TOKEN takes the Admin API access token (`shpat_…`)".to_owned()
        }
        StatusCode::FORBIDDEN => {
            "the token may not do this; give the app the scopes read_products, read_inventory and read_orders".to_owned()
        }
        StatusCode::NOT_FOUND => {
            "there is no such shop, or no such version of the API; `shop` under [shopify] is the one that ends in .myshopify.com"
                .to_owned()
        }
        StatusCode::PAYMENT_REQUIRED | StatusCode::LOCKED => "the shop is frozen or locked".to_owned(),
        other if other.is_redirection() => format!(
            "it answered {other} and sends on elsewhere; `shop` under [shopify] is the address that ends in .myshopify.com"
        ),
        other if other.is_server_error() => {
            format!("it answered {other}; that is on its side: try again in some minutes")
        }
        other => format!("it answered {other}"),
    };
    SyncError::Refused { who: WHO, help }
}

/// What a webhook speaks of.
pub(super) fn heard<'h>(header: impl Fn(&str) -> Option<&'h str>, body: &[u8]) -> Heard {
    let topic = header("x-shopify-topic").unwrap_or_default().to_owned();
    let delivery = header("x-shopify-webhook-id").or_else(|| header("x-shopify-event-id"));
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    let gid = |kind: &str, id: u64| format!("gid://shopify/{kind}/{id}");
    let resources = match topic.as_str() {
        "inventory_levels/update" => number("inventory_item_id")
            .map(|id| gid("InventoryItem", id))
            .into_iter()
            .collect(),
        "customers/redact" => {
            let orders = body.get("orders_to_redact").and_then(Value::as_array);
            let ids = orders.into_iter().flatten().filter_map(Value::as_u64);
            ids.map(|id| gid("Order", id)).collect()
        }
        topic if topic.starts_with("products/") => number("id")
            .map(|id| gid("Product", id))
            .into_iter()
            .collect(),
        topic if topic.starts_with("orders/") => number("id")
            .map(|id| gid("Order", id))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    Heard {
        delivery: delivery.unwrap_or_default().to_owned(),
        topic,
        resources,
    }
}

pub(super) fn change(topic: &str, resource: &str) -> Change {
    let id = resource.to_owned();
    match topic {
        "products/delete" => Change::ProductGone(id),
        "inventory_levels/update" => Change::Product(id),
        "customers/redact" | "orders/delete" => Change::OrderGone(id),
        topic if topic.starts_with("products/") => Change::Product(id),
        topic if topic.starts_with("orders/") => Change::Order(id),
        _ => Change::Nothing,
    }
}
