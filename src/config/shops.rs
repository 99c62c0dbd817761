//! Where goods and orders come from besides imports by hand.

use super::Secret;
use super::read::{Value, Values};
use super::secrets::Secrets;
use super::shopify::{ShopifySettings, shopify};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};

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
    /// Do goods come from somewhere by themselves?
    pub fn bring_goods(&self) -> bool {
        self.feed.is_some() || self.shopify.is_some() || self.woocommerce.is_some()
    }

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

/// What settings ask of the environment.
pub(super) struct Needs<'a> {
    secrets: &'a Secrets,
    problems: &'a mut Diagnostics,
}

impl Needs<'_> {
    /// A secret that may be there.
    pub(super) fn has(&self, name: &str) -> Option<Secret> {
        self.secrets.get(name)
    }

    /// A secret that has to be there because `key` is set; that it is not is told.
    pub(super) fn secret(&mut self, name: &'static str, key: &str, what: &str) -> Option<Secret> {
        let secret = self.has(name);
        // What is wrong with a file that holds it has been told.
        if secret.is_none() && !self.secrets.is_unreadable(name) {
            let mut help = format!(
                "put {what} into {name}, or the path of a file that holds it into {name}_FILE"
            );
            if let Some(near) = self.secrets.misspelt(name) {
                help = format!("{near} is set: is it misspelt? {help}");
            }
            self.problem(
                "no-secret",
                format!("`{key}` is set, and {name} is not"),
                help,
            );
        }
        secret
    }

    pub(super) fn problem(&mut self, code: &'static str, message: String, help: String) {
        let source = SourceText::new("the environment", "");
        self.problems
            .push(Diagnostic::error(code, &source, 0..0, message, help));
    }
}

/// Where WordPress is, whichever of its own pages was pasted; no slash at the end.
fn wordpress(url: &str) -> &str {
    let inside = ["/wp-admin", "/wp-json", "/wp-login.php"];
    let ends = inside.iter().filter_map(|page| url.find(page)).min();
    url[..ends.unwrap_or(url.len())].trim_end_matches('/')
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
    let mut needs = Needs { secrets, problems };
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
        let (api, client_id) = (text("shopify", "api"), text("shopify", "client_id"));
        shopify(shop, api, client_id, &mut needs)
    });
    let woocommerce = text("woocommerce", "url").and_then(|url| {
        let key = needs.secret(
            "SHOPTALK_WOOCOMMERCE_KEY",
            "url",
            "the consumer key (`ck_…`)",
        );
        let secret = needs.secret(
            "SHOPTALK_WOOCOMMERCE_SECRET",
            "url",
            "the consumer secret (`cs_…`)",
        );
        Some(WooCommerceSettings {
            url: wordpress(&url).to_owned(),
            key: key?,
            secret: secret?,
            webhook_secret: secrets.get("SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET"),
        })
    });
    let orders = text("orders", "url").and_then(|url| {
        let what = "the secret your order server checks signatures with";
        let secret = needs.secret("SHOPTALK_ORDERS_SECRET", "orders.url", what)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_wordpress_is_what_its_own_pages_are_in() {
        for (pasted, folder) in [
            ("https://harbour.example/", "https://harbour.example"),
            (
                "https://harbour.example/wp-admin/admin.php?page=wc-settings",
                "https://harbour.example",
            ),
            (
                "https://harbour.example/blog/wp-json/wc/v3/",
                "https://harbour.example/blog",
            ),
        ] {
            assert_eq!(wordpress(pasted), folder);
        }
    }
}
