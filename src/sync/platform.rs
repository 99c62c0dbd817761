//! What Shopify and WooCommerce have in common: products, orders, and webhooks that announce a change of one.

use super::SyncError;
use super::check_up::Standing;
use super::shopify::Shopify;
use super::woocommerce::WooCommerce;
use crate::catalog::Product;
use crate::orders::{
    Change as Wished, ImportedOrder, OrderNumber, OrderStatus, Outcome, SecretKind,
};
use crate::recommend::Basket;
use crate::remote::Remote;
use jiff::Timestamp;

/// The products' own number at the platform, carried along to know them by when only it is told.
pub(super) const ID: &str = "platform id";

pub(super) enum Platform {
    Shopify(Shopify),
    WooCommerce(WooCommerce),
}

/// What a webhook's topic and body come down to: the thing is asked for anew, so that the order in which webhooks
/// arrive does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// A product, or something of it, is new or another.
    Product(String),
    ProductGone(String),
    Order(String),
    OrderGone(String),
    /// Nothing here depends on it.
    Nothing,
}

/// All products of a platform, and how many were left out for a reason.
#[derive(Debug, Default)]
pub(super) struct Goods {
    pub(super) products: Vec<Product>,
    /// Of the products that could not be read: what is wrong with each.
    pub(super) refused: Vec<String>,
    /// Not on sale: drafts, private ones.
    pub(super) left_out: usize,
}

/// What is told of orders that were asked for.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) orders: Vec<ImportedOrder>,
    /// Older ones are not told of; none where there is no end.
    pub(super) days: Option<u32>,
}

impl From<Vec<ImportedOrder>> for Told {
    fn from(orders: Vec<ImportedOrder>) -> Self {
        Self { orders, days: None }
    }
}

impl Platform {
    pub(super) fn origin(&self) -> &'static str {
        match self {
            Self::Shopify(_) => "shopify",
            Self::WooCommerce(_) => "woocommerce",
        }
    }

    /// What it says of itself, and what of it may be read.
    pub(super) async fn check_up(&self, remote: &Remote) -> Result<Standing, SyncError> {
        match self {
            Self::Shopify(shop) => shop.check_up(remote).await,
            Self::WooCommerce(shop) => shop.check_up(remote).await,
        }
    }

    /// Everything on sale; `progress` hears how many have been read.
    pub(super) async fn products(
        &self,
        remote: &Remote,
        progress: impl FnMut(usize),
    ) -> Result<Goods, SyncError> {
        match self {
            Self::Shopify(shop) => shop.products(remote, progress).await,
            Self::WooCommerce(shop) => shop.products(remote, progress).await,
        }
    }

    /// One product by the platform's number; `None` when it is not on sale.
    pub(super) async fn product(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<Product>, SyncError> {
        match self {
            Self::Shopify(shop) => shop.product(remote, id).await,
            Self::WooCommerce(shop) => shop.product(remote, id).await,
        }
    }

    /// Orders that changed since then.
    pub(super) async fn orders(
        &self,
        remote: &Remote,
        since: Timestamp,
    ) -> Result<Vec<ImportedOrder>, SyncError> {
        match self {
            Self::Shopify(shop) => shop.orders(remote, since).await,
            Self::WooCommerce(shop) => shop.orders(remote, since).await,
        }
    }

    pub(super) async fn order(
        &self,
        remote: &Remote,
        id: &str,
    ) -> Result<Option<ImportedOrder>, SyncError> {
        match self {
            Self::Shopify(shop) => shop.order(remote, id).await,
            Self::WooCommerce(shop) => shop.order(remote, id).await,
        }
    }

    /// The order with this number, or none.
    pub(super) async fn order_numbered(
        &self,
        remote: &Remote,
        number: &OrderNumber,
    ) -> Result<Told, SyncError> {
        match self {
            Self::Shopify(shop) => shop.order_numbered(remote, number).await,
            Self::WooCommerce(shop) => shop.order_numbered(remote, number).await.map(Told::from),
        }
    }

    /// The orders placed with an address, in lower case; of the newest, if there are many.
    pub(super) async fn orders_of(&self, remote: &Remote, email: &str) -> Result<Told, SyncError> {
        if !is_askable(email) {
            return Ok(Told::default());
        }
        let mut told = match self {
            Self::Shopify(shop) => shop.orders_of(remote, email).await?,
            Self::WooCommerce(shop) => Told::from(shop.orders_of(remote, email).await?),
        };
        // Searches are generous: only what is theirs.
        told.orders.retain(|one| {
            let mut secrets = one.secrets.iter();
            secrets.any(|secret| {
                secret.kind == SecretKind::Email
                    && secret.kind.normalise(&secret.text).as_deref() == Some(email)
            })
        });
        Ok(told)
    }

    /// Has an order changed.
    pub(super) async fn change_order(
        &self,
        remote: &Remote,
        number: &OrderNumber,
        change: &Wished,
    ) -> Result<Outcome, SyncError> {
        match self {
            Self::Shopify(shop) => shop.change_order(remote, number, change).await,
            Self::WooCommerce(shop) => shop.change_order(remote, number, change).await,
        }
    }

    pub(super) fn change(&self, topic: &str, resource: &str) -> Change {
        match self {
            Self::Shopify(_) => super::shopify::change(topic, resource),
            Self::WooCommerce(_) => super::woocommerce::change(topic, resource),
        }
    }
}

/// Whether a text can stand in a search without meaning more than itself.
pub(super) fn is_askable(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_./#@+&'!$%^~{|}=?`".contains(c);
    !text.is_empty() && text.chars().count() <= 254 && text.chars().all(plain)
}

/// What an order teaches: nothing when it was cancelled.
pub(super) fn basket(imported: &ImportedOrder) -> Option<(String, Basket)> {
    let order = &imported.order;
    if order.status == OrderStatus::Cancelled {
        return None;
    }
    let items = order.lines.iter().map(|line| line.sku.clone());
    let basket = Basket {
        at: order.placed_at,
        items: items.filter(|sku| !sku.is_empty()).collect(),
    };
    (!basket.items.is_empty()).then(|| (order.number.as_str().to_owned(), basket))
}
