//! WooCommerce's REST API, version 3: lists page by page, each variable product's variations by themselves.

mod check_up;
mod live;
mod order;
mod product;

use super::SyncError;
use super::hooks::Heard;
use super::patience::{self, Pauses};
use super::platform::{Change, Goods};
use crate::catalog::Product;
use crate::catalog::feed::plain_text;
use crate::config::{Secret, WooCommerceSettings};
use crate::money::Currency;
use crate::orders::ImportedOrder;
use crate::remote::{Answer, Ask, Remote, RemoteError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use product::{Category, Node, Surroundings, VariationNode};
use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;
use url::Url;

const WHO: &str = "WooCommerce";
/// Bytes of an answer.
const MOST: usize = 50_000_000;
/// As many as a list gives at once.
const PAGE: usize = 100;
/// A list that is longer never ends: a plugin that answers every page with the first.
const MOST_PAGES: u32 = 2_000;
const PATIENCE: u32 = 8;
/// Characters of WooCommerce's own words that are repeated.
const MOST_WORDS: usize = 200;

pub(super) struct WooCommerce {
    api: String,
    authorization: Secret,
    pauses: Pauses,
}

#[derive(Deserialize)]
struct Wrong {
    code: String,
    message: String,
}

impl WooCommerce {
    /// # Errors
    /// When the address is none.
    pub(super) fn new(settings: &WooCommerceSettings) -> Result<Self, SyncError> {
        settings
            .url
            .parse::<Url>()
            .map_err(|_| RemoteError::Address(settings.url.clone()))?;
        let pair = format!("{}:{}", settings.key.reveal(), settings.secret.reveal());
        Ok(Self {
            api: format!("{}/wp-json/wc/v3/", settings.url),
            authorization: Secret::new(format!("Basic {}", STANDARD.encode(pair))),
            pauses: Pauses::of(WHO),
        })
    }

    pub(super) async fn products(
        &self,
        remote: &Remote,
        mut progress: impl FnMut(usize),
    ) -> Result<Goods, SyncError> {
        let around = self.surroundings(remote).await?;
        let nodes: Vec<Node> = self
            .list(
                remote,
                "products",
                &[("status", "publish"), ("orderby", "id"), ("order", "asc")],
            )
            .await?;
        let mut goods = Goods::default();
        for node in nodes {
            let id = node.id().to_owned();
            match self.whole(remote, node, &around).await? {
                Ok(Some(product)) => goods.products.push(product),
                Ok(None) => goods.left_out += 1,
                Err(reason) => goods.refused.push(format!("product {id}: {reason}")),
            }
            progress(goods.products.len());
        }
        Ok(goods)
    }

    pub(super) async fn product(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<Product>, SyncError> {
        let Some(node) = self.one::<Node>(remote, &format!("products/{id}")).await? else {
            return Ok(None);
        };
        // A variation's webhook speaks of the variation.
        if let Some(parent) = node.parent() {
            return Box::pin(self.product(remote, &parent)).await;
        }
        let around = self.surroundings(remote).await?;
        let read = self.whole(remote, node, &around).await?;
        read.map_err(|reason| SyncError::Strange { who: WHO, reason })
    }

    /// A product with its variations; `Err` inside says what cannot be read in it.
    async fn whole(
        &self,
        remote: &Remote,
        node: Node,
        around: &Surroundings,
    ) -> Result<Result<Option<Product>, String>, SyncError> {
        let variations: Vec<VariationNode> = if node.is_variable() {
            self.list(remote, &format!("products/{}/variations", node.id()), &[])
                .await?
        } else {
            Vec::new()
        };
        Ok(node.into_product(variations, around))
    }

    /// What products refer to: the currency, units, and the tree of categories.
    async fn surroundings(&self, remote: &Remote) -> Result<Surroundings, SyncError> {
        let currency = self.currency(remote).await?;
        let categories: Vec<Category> = self.list(remote, "products/categories", &[]).await?;
        let weight = self.unit(remote, "woocommerce_weight_unit").await?;
        let length = self.unit(remote, "woocommerce_dimension_unit").await?;
        Ok(Surroundings::new(currency, categories, weight, length))
    }

    async fn currency(&self, remote: &Remote) -> Result<Currency, SyncError> {
        let currency: Value = self
            .one(remote, "data/currencies/current")
            .await?
            .unwrap_or_default();
        let code = currency.get("code").and_then(Value::as_str);
        let code = code.unwrap_or_default();
        code.parse()
            .map_err(|error: crate::money::MoneyError| SyncError::Strange {
                who: WHO,
                reason: format!("its currency: {error}"),
            })
    }

    /// A key that may only read products is not told the settings: sizes are left out then.
    async fn unit(&self, remote: &Remote, name: &str) -> Result<Option<String>, SyncError> {
        match self
            .one::<Value>(remote, &format!("settings/products/{name}"))
            .await
        {
            Ok(found) => {
                let value = found
                    .as_ref()
                    .and_then(|found| found.get("value"))
                    .and_then(Value::as_str);
                Ok(value.map(str::to_owned))
            }
            Err(SyncError::Refused { .. } | SyncError::Denied { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    pub(super) async fn orders(
        &self,
        remote: &Remote,
        since: Timestamp,
    ) -> Result<Vec<ImportedOrder>, SyncError> {
        let since = since.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let changed = [
            ("modified_after", since.as_str()),
            ("dates_are_gmt", "true"),
            ("orderby", "id"),
            ("order", "asc"),
        ];
        let nodes: Vec<order::Node> = self.list(remote, "orders", &changed).await?;
        let orders = nodes.into_iter().filter_map(order::Node::into_order);
        orders
            .collect::<Result<_, String>>()
            .map_err(|reason| SyncError::Strange { who: WHO, reason })
    }

    pub(super) async fn order(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<ImportedOrder>, SyncError> {
        let node: Option<order::Node> = self.one(remote, &format!("orders/{id}")).await?;
        let order = node.and_then(order::Node::into_order).transpose();
        order.map_err(|reason| SyncError::Strange { who: WHO, reason })
    }

    /// All pages of a list.
    async fn list<T: DeserializeOwned>(
        &self,
        remote: &Remote,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, SyncError> {
        let mut all = Vec::new();
        for page in 1..=MOST_PAGES {
            let (page_text, most) = (page.to_string(), PAGE.to_string());
            let paged = [("page", page_text.as_str()), ("per_page", most.as_str())];
            let mut url = self.url(path)?;
            url.query_pairs_mut()
                .extend_pairs(query.iter().chain(&paged));
            let answer = self.ask(remote, url).await?;
            let items: Vec<T> = read(&answer)?;
            let pages = answer
                .header("x-wp-totalpages")
                .and_then(|pages| pages.parse::<u32>().ok());
            let last = match pages {
                Some(pages) => page >= pages,
                None => items.len() < PAGE,
            };
            all.extend(items);
            if last {
                return Ok(all);
            }
        }
        Err(SyncError::Strange {
            who: WHO,
            reason: format!("the list of {path} does not end"),
        })
    }

    /// One thing; `None` when there is none.
    async fn one<T: DeserializeOwned>(
        &self,
        remote: &Remote,
        path: &str,
    ) -> Result<Option<T>, SyncError> {
        match self.ask(remote, self.url(path)?).await {
            Ok(answer) => read(&answer).map(Some),
            Err(SyncError::Refused { help, .. }) if help.starts_with(NOT_THERE) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn url(&self, path: &str) -> Result<Url, SyncError> {
        let address = format!("{}{path}", self.api);
        Ok(address
            .parse()
            .map_err(|_| RemoteError::Address(address.clone()))?)
    }

    async fn ask(&self, remote: &Remote, url: Url) -> Result<Answer, SyncError> {
        for _ in 0..PATIENCE {
            let ask = Ask::get(url.clone(), MOST)
                .with("accept", "application/json")
                .with_secret("authorization", self.authorization.reveal());
            let answer = patience::ask(WHO, remote, ask).await?;
            match answer.status {
                StatusCode::OK => return Ok(answer),
                status @ (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
                    let wait = answer.retry_after().unwrap_or(Duration::from_secs(2));
                    self.pauses
                        .pause(wait, &format!("WooCommerce has no time for us ({status})"))
                        .await?;
                }
                status => return Err(unwell(status, &answer)),
            }
        }
        Err(self.pauses.too_often())
    }
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, SyncError> {
    // Plugins that print warnings before the answer are the most usual trouble there is.
    let start = answer
        .body
        .iter()
        .position(|byte| matches!(byte, b'{' | b'['))
        .unwrap_or(0);
    serde_json::from_slice(&answer.body[start..]).map_err(|error| SyncError::Strange {
        who: WHO,
        reason: error.to_string(),
    })
}

/// How the words about a missing thing begin.
const NOT_THERE: &str = "there is no such thing";

fn unwell(status: StatusCode, answer: &Answer) -> SyncError {
    let wrong: Option<Wrong> = serde_json::from_slice(&answer.body).ok();
    let code = wrong.as_ref().map_or("", |wrong| wrong.code.as_str());
    let said = wrong
        .as_ref()
        .map_or_else(String::new, |wrong| words(&wrong.message));
    let help = match (status, code) {
        (StatusCode::NOT_FOUND, "rest_no_route") => {
            "WordPress answers, and WooCommerce does not (rest_no_route): is the WooCommerce plugin active there, and not very old?".to_owned()
        }
        (StatusCode::NOT_FOUND, "") => {
            "its REST API is not at `url` under [woocommerce]; name the folder WordPress is in, and set permalinks to anything but \"Plain\"".to_owned()
        }
        (StatusCode::NOT_FOUND, _) => NOT_THERE.to_owned(),
        // In the shop's own language, so it is repeated; who may only write is told so there.
        (StatusCode::UNAUTHORIZED, "woocommerce_rest_authentication_error") => format!(
            "it says \"{said}\": SHOPTALK_WOOCOMMERCE_KEY takes the `ck_…` and SHOPTALK_WOOCOMMERCE_SECRET the `cs_…` of one key, and that \
             key needs \"Read\" permission (\"Write\" alone does not do)"
        ),
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, code) if code.starts_with("rest_") => format!(
            "WordPress keeps its REST API closed ({code}: {said}); a plugin or setting does that: have it let /wp-json/wc/v3/ through"
        ),
        (StatusCode::UNAUTHORIZED, _) => {
            "the key is not right; SHOPTALK_WOOCOMMERCE_KEY takes `ck_…` and SHOPTALK_WOOCOMMERCE_SECRET `cs_…`, with read permission. \
             Some hosts drop the Authorization header: then their support has to let it through"
                .to_owned()
        }
        (StatusCode::FORBIDDEN, "") => {
            "something before WordPress, a firewall or its host, lets nobody in; have it let requests to /wp-json/wc/v3/ through".to_owned()
        }
        (StatusCode::FORBIDDEN, _) => {
            let help = format!(
                "the key may not read this ({said}); give it read permission and a user who manages the shop"
            );
            return SyncError::Denied { who: WHO, help };
        }
        _ => match wrong {
            Some(_) => format!("it answered {status}: {said}"),
            None if status.is_redirection() => {
                format!("it answered {status} and sends on elsewhere; write `url` under [woocommerce] as it ends up in a browser")
            }
            None if status.is_server_error() => {
                format!("it answered {status}; is the shop in maintenance? Try again in some minutes")
            }
            None => format!("it answered {status}"),
        },
    };
    SyncError::Refused { who: WHO, help }
}

/// A short part of the other's words, without marks.
fn words(said: &str) -> String {
    let plain = plain_text(said);
    plain.chars().take(MOST_WORDS).collect()
}

/// What a webhook speaks of.
pub(super) fn heard<'h>(header: impl Fn(&str) -> Option<&'h str>, body: &Value) -> Heard {
    let topic = header("x-wc-webhook-topic").unwrap_or_default().to_owned();
    let known = topic.starts_with("product.") || topic.starts_with("order.");
    let id = body.get("id").and_then(Value::as_u64).filter(|_| known);
    Heard {
        delivery: header("x-wc-webhook-delivery-id")
            .unwrap_or_default()
            .to_owned(),
        topic,
        resources: id.map(|id| id.to_string()).into_iter().collect(),
    }
}

pub(super) fn change(topic: &str, resource: &str) -> Change {
    let id = resource.to_owned();
    match topic {
        "product.deleted" => Change::ProductGone(id),
        "order.deleted" => Change::OrderGone(id),
        topic if topic.starts_with("product.") => Change::Product(id),
        topic if topic.starts_with("order.") => Change::Order(id),
        _ => Change::Nothing,
    }
}
