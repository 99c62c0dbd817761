//! The door for webhooks: signature over the raw bytes, kept in the store, answered; the work comes later.

use super::tally::Tally;
use super::{SyncError, shopify, table, woocommerce};
use crate::config::ShopsSettings;
use crate::remote::Mac;
use crate::store::Store;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::Notify;

/// Why a webhook was not taken.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    #[error("no webhooks are expected from there")]
    Unexpected,
    #[error("the signature is not right")]
    Forged,
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
    shopify: Option<Arc<Mac>>,
    woocommerce: Option<Arc<Mac>>,
    arrived: Arc<Notify>,
}

impl Hooks {
    pub fn new(store: Store, settings: &ShopsSettings, tally: Tally) -> Self {
        let mac = |secret: Option<&crate::config::Secret>| {
            secret
                .and_then(|secret| Mac::new(secret.reveal()))
                .map(Arc::new)
        };
        Self {
            store,
            tally,
            shopify: mac(settings
                .shopify
                .as_ref()
                .and_then(|shop| shop.webhook_secret.as_ref())),
            woocommerce: mac(settings
                .woocommerce
                .as_ref()
                .and_then(|shop| shop.webhook_secret.as_ref())),
            arrived: Arc::new(Notify::new()),
        }
    }

    /// Takes a webhook of Shopify's. `header` looks one up by its lower-case name.
    pub async fn shopify<'h>(
        &self,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), HookError> {
        let mac = self.shopify.as_ref().ok_or(HookError::Unexpected)?;
        let signature = header("x-shopify-hmac-sha256").unwrap_or_default();
        self.take(
            "shopify",
            mac.verifies_base64(body, signature),
            || shopify::heard(header, body),
            now,
        )
        .await
    }

    /// Takes a webhook of WooCommerce's. The first one of each is a greeting without a signature, and nothing more.
    pub async fn woocommerce<'h>(
        &self,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), HookError> {
        let mac = self.woocommerce.as_ref().ok_or(HookError::Unexpected)?;
        if body.starts_with(b"webhook_id=") && header("x-wc-webhook-signature").is_none() {
            return Ok(());
        }
        let signature = header("x-wc-webhook-signature").unwrap_or_default();
        self.take(
            "woocommerce",
            mac.verifies_base64(body, signature),
            || woocommerce::heard(header, body),
            now,
        )
        .await
    }

    async fn take(
        &self,
        origin: &'static str,
        genuine: bool,
        hear: impl FnOnce() -> Heard,
        now: Timestamp,
    ) -> Result<(), HookError> {
        if !genuine {
            self.tally.hooked(origin, "forged");
            return Err(HookError::Forged);
        }
        let mut heard = hear();
        // Signed and not understood: kept with nothing to do, for a refusal would only bring it again.
        if heard.resources.is_empty() {
            tracing::warn!(
                origin,
                topic = heard.topic,
                "a webhook speaks of nothing known"
            );
            heard.resources.push(String::new());
        }
        let new = table::accept(
            &self.store,
            origin,
            &heard.delivery,
            &heard.topic,
            &heard.resources,
            now,
        )
        .await?;
        self.tally
            .hooked(origin, if new { "accepted" } else { "repeated" });
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
