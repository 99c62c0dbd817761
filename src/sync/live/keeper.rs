//! Who keeps the orders, and how long they are waited for.

use crate::config::ShopsSettings;
use crate::money::Currency;
use crate::orders::{Change, OrderNumber, OrdersError, Outcome, SERVER};
use crate::remote::{Reach, Remote};
use crate::sync::SyncError;
use crate::sync::order_server::OrderServer;
use crate::sync::platform::{Platform, Told};
use crate::sync::shopify::Shopify;
use crate::sync::woocommerce::WooCommerce;
use std::time::Duration;
use tokio::time::timeout;

/// Longer than this nobody waits for a reply.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The same where what was known at the last comparison can be told instead.
const PLATFORM_WITHIN: Duration = Duration::from_secs(3);
/// Who keeps the orders.
pub(super) enum Keeper {
    Server(OrderServer),
    Platform { platform: Platform, remote: Remote },
}

impl Keeper {
    /// None where the settings name nobody. An own server goes before Shopify, that before WooCommerce: one is asked.
    ///
    /// # Errors
    /// When an address or a secret cannot be one.
    pub(super) fn new(
        settings: &ShopsSettings,
        currency: Currency,
    ) -> Result<Option<Self>, OrdersError> {
        let reach = match settings.private_addresses {
            true => Reach::Private,
            false => Reach::Public,
        };
        if let Some(server) = &settings.orders {
            let server = OrderServer::new(&server.url, server.secret.reveal(), reach, currency)?;
            return Ok(Some(Self::Server(server)));
        }
        let platform = match (&settings.shopify, &settings.woocommerce) {
            (Some(shop), _) => Platform::Shopify(Shopify::new(shop)?),
            (None, Some(shop)) => Platform::WooCommerce(WooCommerce::new(shop)?),
            (None, None) => return Ok(None),
        };
        let remote = Remote::new(reach).map_err(SyncError::from)?;
        Ok(Some(Self::Platform { platform, remote }))
    }

    /// Whether the money of what is cancelled goes back by itself.
    pub(super) fn refunds(&self) -> bool {
        let woocommerce = |platform: &Platform| matches!(platform, Platform::WooCommerce(_));
        !matches!(self, Self::Platform { platform, .. } if woocommerce(platform))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Server(_) => SERVER,
            Self::Platform { platform, .. } => platform.origin(),
        }
    }

    pub(super) async fn order(&self, number: &OrderNumber) -> Result<Told, OrdersError> {
        match self {
            Self::Server(server) => {
                let asked = server.order(number);
                self.in_time(ANSWER_WITHIN, asked).await.map(Told::from)
            }
            Self::Platform { platform, remote } => {
                let asked = async { Ok(platform.order_numbered(remote, number).await?) };
                self.in_time(PLATFORM_WITHIN, asked).await
            }
        }
    }

    pub(super) async fn orders_of(
        &self,
        customer: Option<&str>,
        email: Option<&str>,
    ) -> Result<Told, OrdersError> {
        match self {
            Self::Server(server) => {
                let asked = server.orders_of(customer, email);
                self.in_time(ANSWER_WITHIN, asked).await.map(Told::from)
            }
            // Customers' numbers on the page need not be the platform's.
            Self::Platform { platform, remote } => {
                let asked = async { Ok(platform.orders_of(remote, email.unwrap_or("")).await?) };
                self.in_time(PLATFORM_WITHIN, asked).await
            }
        }
    }

    pub(super) async fn change(
        &self,
        number: &OrderNumber,
        change: &Change,
        key: &str,
    ) -> Result<Outcome, OrdersError> {
        match self {
            Self::Server(server) => {
                self.in_time(ANSWER_WITHIN, server.change(number, change, key))
                    .await
            }
            Self::Platform { platform, remote } => {
                let asked = async { Ok(platform.change_order(remote, number, change).await?) };
                self.in_time(ANSWER_WITHIN, asked).await
            }
        }
    }

    async fn in_time<T>(
        &self,
        limit: Duration,
        asked: impl Future<Output = Result<T, OrdersError>>,
    ) -> Result<T, OrdersError> {
        match (timeout(limit, asked).await, self) {
            (Ok(answer), _) => answer,
            (Err(_), Self::Server(_)) => {
                Err(OrdersError::Server("does not answer in time".to_owned()))
            }
            (Err(_), Self::Platform { platform, .. }) => {
                let who = platform.origin();
                Err(OrdersError::Platform(format!(
                    "{who} does not answer in time"
                )))
            }
        }
    }
}
