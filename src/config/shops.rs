//! Where goods and orders come from besides imports by hand.

use super::Secret;
use super::read::{Value, Values};
use super::secrets::Secrets;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};

/// Which version of Shopify's Admin API is spoken.
const SHOPIFY_VERSION: &str = "2026-10";

#[derive(Debug, Clone, Default)]
pub struct ShopsSettings {
    pub feed: Option<FeedSettings>,
    pub shopify: Option<ShopifySettings>,
    pub woocommerce: Option<WooCommerceSettings>,
    /// The shop's own server that knows its orders.
    pub orders: Option<OrderServerSettings>,
    /// Between two comparisons with a platform.
    pub every_minutes: u64,
    /// Signs what the shop's own page says about who is signed in there.
    pub identity_secret: Option<Secret>,
    /// Whether addresses inside the owner's network may be asked.
    pub private_addresses: bool,
}

impl ShopsSettings {
    /// Whether orders are kept elsewhere, and asked for there.
    pub fn keep_orders(&self) -> bool {
        self.orders.is_some() || self.shopify.is_some() || self.woocommerce.is_some()
    }
}

#[derive(Debug, Clone)]
pub struct FeedSettings {
    pub url: String,
    /// `auto`, `jsonl`, `table`, `shopify`, `woocommerce`, `merchant`.
    pub format: String,
    /// `sku=Code`
    pub map: Vec<String>,
    pub every_minutes: u64,
    /// The whole header's value.
    pub authorization: Option<Secret>,
}

#[derive(Debug, Clone)]
pub struct ShopifySettings {
    /// `alder.myshopify.com`
    pub shop: String,
    /// Where GraphQL is asked.
    pub api: String,
    pub token: Secret,
    pub webhook_secret: Option<Secret>,
}

#[derive(Debug, Clone)]
pub struct WooCommerceSettings {
    /// The shop's address, with the folder it is in; no slash at the end.
    pub url: String,
    pub key: Secret,
    pub secret: Secret,
    pub webhook_secret: Option<Secret>,
}

#[derive(Debug, Clone)]
pub struct OrderServerSettings {
    pub url: String,
    /// Signs what it is asked.
    pub secret: Secret,
}

pub(super) fn shops(
    values: &Values,
    secrets: &Secrets,
    problems: &mut Diagnostics,
) -> ShopsSettings {
    let text = |section, name| match values.get(&(section, name)) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let whole = |section, name| match values.get(&(section, name)) {
        Some(Value::Whole(number)) => *number,
        _ => 60,
    };
    let mut needed = |name: &'static str, key: &str, what: &str| {
        let secret = secrets.get(name);
        if secret.is_none() {
            let source = SourceText::new("the environment", "");
            let help = format!(
                "put {what} into {name}, or the path of a file that holds it into {name}_FILE"
            );
            let message = format!("`{key}` is set, and {name} is not");
            problems.push(Diagnostic::error("no-secret", &source, 0..0, message, help));
        }
        secret
    };
    let feed = text("feed", "url").map(|url| FeedSettings {
        url,
        format: text("feed", "format").unwrap_or_default(),
        map: match values.get(&("feed", "map")) {
            Some(Value::List(map)) => map.clone(),
            _ => Vec::new(),
        },
        every_minutes: whole("feed", "every_minutes"),
        authorization: secrets.get("SHOPTALK_FEED_AUTHORIZATION"),
    });
    let shopify = text("shopify", "shop").and_then(|shop| {
        let token = needed(
            "SHOPTALK_SHOPIFY_TOKEN",
            "shop",
            "the Admin API access token (`shpat_…`)",
        )?;
        let own = format!("https://{shop}/admin/api/{SHOPIFY_VERSION}/graphql.json");
        Some(ShopifySettings {
            api: text("shopify", "api").unwrap_or(own),
            shop,
            token,
            webhook_secret: secrets.get("SHOPTALK_SHOPIFY_SECRET"),
        })
    });
    let woocommerce = text("woocommerce", "url").and_then(|url| {
        let key = needed(
            "SHOPTALK_WOOCOMMERCE_KEY",
            "url",
            "the consumer key (`ck_…`)",
        );
        let secret = needed(
            "SHOPTALK_WOOCOMMERCE_SECRET",
            "url",
            "the consumer secret (`cs_…`)",
        );
        Some(WooCommerceSettings {
            url: url.trim_end_matches('/').to_owned(),
            key: key?,
            secret: secret?,
            webhook_secret: secrets.get("SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET"),
        })
    });
    let orders = text("orders", "url").and_then(|url| {
        let what = "the secret your order server checks signatures with";
        let secret = needed("SHOPTALK_ORDERS_SECRET", "orders.url", what)?;
        Some(OrderServerSettings { url, secret })
    });
    ShopsSettings {
        orders,
        feed,
        shopify,
        woocommerce,
        every_minutes: whole("sync", "every_minutes"),
        identity_secret: secrets.get("SHOPTALK_IDENTITY_SECRET"),
        private_addresses: matches!(
            values.get(&("sync", "private_addresses")),
            Some(Value::Switch(true))
        ),
    }
}
