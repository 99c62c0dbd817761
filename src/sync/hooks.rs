//! The door for webhooks: signature over the raw bytes, kept in the store, answered; the work comes later.

use super::refusals::Refusals;
use super::tally::Tally;
use super::{SyncError, shopify, table, woocommerce};
use crate::config::{Secret, ShopsSettings};
use crate::remote::Mac;
use crate::store::Store;
use jiff::Timestamp;
use serde_json::Value;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Notify;
use url::Url;

const SHOPIFY: &str = "shopify";
const WOOCOMMERCE: &str = "woocommerce";
/// Characters of a stranger's words that are repeated in the log.
const MOST_WORDS: usize = 100;

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    #[error("no webhooks are expected from there")]
    Unexpected,
    #[error("the signature is not right")]
    Forged,
    #[error("the body is no JSON")]
    Malformed,
    #[error("it is of another shop")]
    Elsewhere,
    #[error(transparent)]
    Store(#[from] SyncError),
}

/// What a platform's webhook says, read from headers and body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Unique for each delivery.
    pub(super) delivery: String,
    pub(super) topic: String,
    /// What it is about, by the platform's numbers.
    pub(super) resources: Vec<String>,
}

#[derive(Clone)]
pub struct Hooks {
    store: Store,
    tally: Tally,
    refusals: Arc<Refusals>,
    shopify: Arc<Door>,
    woocommerce: Arc<Door>,
    arrived: Arc<Notify>,
}

/// Where one platform's webhooks come in.
#[derive(Default)]
struct Door {
    /// Any of them may have signed.
    macs: Vec<Mac>,
    /// The shop whose webhooks these are; empty when any may be.
    shop: String,
}

impl Door {
    fn new<'s>(secrets: impl IntoIterator<Item = &'s Secret>, shop: String) -> Self {
        let secrets = secrets.into_iter();
        Self {
            macs: secrets
                .filter_map(|secret| Mac::new(secret.reveal()))
                .collect(),
            shop,
        }
    }

    fn has_signed(&self, body: &[u8], signature: &str) -> bool {
        let mut macs = self.macs.iter();
        macs.any(|mac| mac.verifies_base64(body, signature))
    }
}

impl Hooks {
    pub fn new(store: Store, settings: &ShopsSettings, tally: Tally) -> Self {
        let shopify = settings.shopify.as_ref();
        let woocommerce = settings.woocommerce.as_ref();
        let door = |door: Option<Door>| Arc::new(door.unwrap_or_default());
        Self {
            store,
            tally,
            refusals: Arc::default(),
            shopify: door(shopify.map(|shop| Door::new(&shop.webhook_secrets, shop.shop.clone()))),
            woocommerce: door(woocommerce.map(|shop| {
                let host = host(&shop.url).filter(|host| is_outside(host));
                Door::new(&shop.webhook_secret, host.unwrap_or_default())
            })),
            arrived: Arc::new(Notify::new()),
        }
    }

    /// Whether there is a secret to know this platform's webhooks by.
    pub(super) fn expects(&self, platform: &str) -> bool {
        let door = match platform {
            SHOPIFY => &self.shopify,
            _ => &self.woocommerce,
        };
        !door.macs.is_empty()
    }

    /// Takes a webhook of Shopify's. `header` looks one up by its lower-case name.
    pub async fn shopify<'h>(
        &self,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), HookError> {
        let signature = header("x-shopify-hmac-sha256");
        let of = header("x-shopify-shop-domain").map(str::to_ascii_lowercase);
        let opened = self.open(SHOPIFY, &self.shopify, signature, of, body, now)?;
        self.keep(SHOPIFY, shopify::heard(header, &opened), now)
            .await
    }

    /// Takes a webhook of WooCommerce's. The first one of each is a greeting without a signature, and nothing more.
    pub async fn woocommerce<'h>(
        &self,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), HookError> {
        let signature = header("x-wc-webhook-signature");
        let expected = !self.woocommerce.macs.is_empty();
        if expected && body.starts_with(b"webhook_id=") && signature.is_none() {
            return Ok(());
        }
        let of = header("x-wc-webhook-source").and_then(host);
        let opened = self.open(WOOCOMMERCE, &self.woocommerce, signature, of, body, now)?;
        self.keep(WOOCOMMERCE, woocommerce::heard(header, &opened), now)
            .await
    }

    /// Counts and tells what came to a door that nobody has made.
    pub fn nowhere(&self, path: &str, now: Timestamp) {
        let path: String = path.chars().take(MOST_WORDS).collect();
        let reason = format!(
            "there is no door at {path:?}; there are /hooks/shopify and /hooks/woocommerce"
        );
        self.refuse("none", "unexpected", &reason, now);
    }

    /// Counts and tells what was too large to be read, or broke off.
    pub fn unread(&self, platform: &'static str, why: &str, now: Timestamp) {
        self.refuse(platform, "unread", why, now);
    }

    fn refuse(&self, platform: &'static str, outcome: &'static str, reason: &str, now: Timestamp) {
        self.tally.hooked(platform, outcome);
        self.refusals.tell(platform, outcome, reason, now);
    }

    /// The body, once it is sure whose it is. `of` is the shop it says it comes from.
    fn open(
        &self,
        platform: &'static str,
        door: &Door,
        signature: Option<&str>,
        of: Option<String>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Value, HookError> {
        let (section, secret, which) = match platform {
            SHOPIFY => (
                "`shop` under [shopify]",
                "SHOPTALK_SHOPIFY_SECRET",
                "or the app's client secret; the shop's admin shows its own below its list of webhooks",
            ),
            _ => (
                "`url` under [woocommerce]",
                "SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET",
                "(each webhook in WooCommerce shows its own)",
            ),
        };
        if door.macs.is_empty() {
            let reason = format!("nothing is set to know it by; set {section}, and {secret}");
            self.refuse(platform, "unexpected", &reason, now);
            return Err(HookError::Unexpected);
        }
        if !door.has_signed(body, signature.unwrap_or_default()) {
            let reason = match signature {
                None => "it has no signature".to_owned(),
                Some(_) => format!("it is signed with another secret than {secret} {which}"),
            };
            self.refuse(platform, "forged", &reason, now);
            return Err(HookError::Forged);
        }
        let Ok(value) = serde_json::from_slice(body) else {
            let reason = "its body is no JSON; choose JSON where the webhook is set up";
            self.refuse(platform, "malformed", reason, now);
            return Err(HookError::Malformed);
        };
        match of {
            Some(of) if !door.shop.is_empty() && of != door.shop => {
                let of: String = of.chars().take(MOST_WORDS).collect();
                let reason = format!("it is of another shop, {of:?}, not of {}", door.shop);
                self.refuse(platform, "elsewhere", &reason, now);
                Err(HookError::Elsewhere)
            }
            _ => Ok(value),
        }
    }

    async fn keep(
        &self,
        platform: &'static str,
        mut heard: Heard,
        now: Timestamp,
    ) -> Result<(), HookError> {
        // Signed and not understood: kept with nothing to do, for a refusal would only bring it again.
        if heard.resources.is_empty() {
            tracing::warn!(
                origin = platform,
                topic = heard.topic,
                "a webhook speaks of nothing known"
            );
            heard.resources.push(String::new());
        }
        let new = table::accept(
            &self.store,
            platform,
            &heard.delivery,
            &heard.topic,
            &heard.resources,
            now,
        )
        .await?;
        let outcome = if new { "accepted" } else { "repeated" };
        self.tally.hooked(platform, outcome);
        if new {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Returns when a webhook has come in since the last time.
    pub(super) async fn arrival(&self) {
        self.arrived.notified().await;
    }
}

/// The host of an address; with and without `www.` it is the same shop.
fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?.to_ascii_lowercase();
    Some(
        host.strip_prefix("www.")
            .map_or(host.clone(), str::to_owned),
    )
}

/// Whether it may be the name the shop goes by: a shop asked at an inner address has another one.
fn is_outside(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.contains('.') && bare.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_known_by_its_host_with_or_without_www_and_an_inner_one_is_not() {
        assert_eq!(
            host("https://www.Harbour.example/shop/").as_deref(),
            Some("harbour.example")
        );
        assert_eq!(host("harbour"), None);
        assert!(is_outside("harbour.example"));
        for inner in ["127.0.0.1", "wordpress", "[::1]", "localhost"] {
            assert!(!is_outside(inner), "{inner}");
        }
    }
}
