//! When what is read: everything at the start and now and then, one thing when a webhook says so.

use super::SyncError;
use super::feed::FeedSource;
use super::hooks::Hooks;
use super::platform::Platform;
use super::shopify::Shopify;
use super::table;
use super::tally::{Source, Tally};
use super::woocommerce::WooCommerce;
use crate::config::ShopsSettings;
use crate::money::Currency;
use crate::remote::{Reach, Remote};
use crate::store::Store;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where a fetched feed's products say they come from.
pub(super) const FEED: &str = "feed";
/// After a failure, before the next try.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// All sources of a shop.
pub struct Sync {
    pub(super) store: Store,
    pub(super) remote: Remote,
    pub(super) feed: Option<(FeedSource, Duration)>,
    pub(super) platforms: Vec<Platform>,
    pub(super) every: Duration,
    /// Of amounts that name none.
    pub(super) currency: Currency,
    tally: Tally,
    pub(super) hooks: Hooks,
    /// What goes when the first real goods come.
    pub(super) demo_orders: BTreeSet<String>,
}

/// One comparison with a source.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    pub source: &'static str,
    /// The source said that nothing is new.
    pub unchanged: bool,
    pub products: usize,
    pub changed: usize,
    pub gone: usize,
    pub left_out: usize,
    /// All that are known, of whatever source.
    pub orders: u64,
    /// New, or not as they were.
    pub orders_changed: u64,
    /// Why orders could not be read although products could.
    pub orders_missing: Option<String>,
    /// Orders that came with nothing to prove them by.
    pub unprovable: usize,
    /// Why rows could not be used.
    pub refused: Vec<String>,
}

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Feed,
    /// The platform at this place.
    Platform(usize),
    Webhooks,
}

impl Sync {
    /// `None` when the settings name no source.
    ///
    /// # Errors
    /// When a source is set in a way that cannot work.
    pub fn new(
        settings: &ShopsSettings,
        currency: Currency,
        zone: &TimeZone,
        store: Store,
        hooks: Hooks,
        tally: Tally,
        demo_orders: BTreeSet<String>,
    ) -> Result<Option<Self>, SyncError> {
        let feed = match &settings.feed {
            Some(feed) => {
                let every = Duration::from_secs(60 * feed.every_minutes);
                Some((FeedSource::new(feed, currency, zone.clone())?, every))
            }
            None => None,
        };
        let mut platforms = Vec::new();
        if let Some(shop) = &settings.shopify {
            platforms.push(Platform::Shopify(Shopify::new(shop)?));
        }
        if let Some(shop) = &settings.woocommerce {
            platforms.push(Platform::WooCommerce(WooCommerce::new(shop)?));
        }
        if feed.is_none() && platforms.is_empty() {
            return Ok(None);
        }
        let reach = if settings.private_addresses {
            Reach::Private
        } else {
            Reach::Public
        };
        Ok(Some(Self {
            remote: Remote::new(reach)?,
            store,
            feed,
            platforms,
            every: Duration::from_secs(60 * settings.every_minutes),
            currency,
            tally,
            hooks,
            demo_orders,
        }))
    }

    /// Every source, once.
    pub fn sources(&self) -> Vec<Work> {
        let feed = self.feed.iter().map(|_| Work::Feed);
        feed.chain((0..self.platforms.len()).map(Work::Platform))
            .collect()
    }

    /// Works until it is cancelled. A source that fails is tried again, and costs the others nothing.
    pub async fn run(&self, stop: CancellationToken) {
        let sources = self.sources();
        let beats = sources.iter().map(|work| self.beat(*work));
        tokio::select! {
            () = stop.cancelled() => {}
            _ = futures_util::future::join_all(beats) => {}
            () = self.listen() => {}
        }
    }

    async fn beat(&self, work: Work) {
        let every = match (work, &self.feed) {
            (Work::Feed, Some((_, every))) => *every,
            _ => self.every,
        };
        loop {
            let wait = match self.once(work, Timestamp::now()).await {
                Ok(report) => {
                    tracing::info!(
                        source = report.source,
                        unchanged = report.unchanged,
                        products = report.products,
                        changed = report.changed,
                        gone = report.gone,
                        orders = report.orders,
                        orders_changed = report.orders_changed,
                        refused = report.refused.len(),
                        "goods and orders compared"
                    );
                    if let Some(missing) = &report.orders_missing {
                        tracing::warn!(source = report.source, "orders are missing: {missing}");
                    }
                    for reason in report.refused.iter().take(5) {
                        tracing::warn!(source = report.source, "refused: {reason}");
                    }
                    every
                }
                Err(SyncError::Busy { wait, why, .. }) => {
                    tracing::warn!("waiting {} s because {why}", wait.as_secs());
                    wait
                }
                Err(error) => {
                    tracing::error!("nothing was changed: {error}");
                    TRY_AGAIN.min(every)
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Works on webhooks as they come, those of before the last stop first.
    async fn listen(&self) {
        loop {
            match self.once(Work::Webhooks, Timestamp::now()).await {
                Ok(_) => self.hooks.arrival().await,
                Err(error) => {
                    tracing::warn!("webhooks wait: {error}");
                    tokio::select! {
                        () = self.hooks.arrival() => {}
                        () = tokio::time::sleep(TRY_AGAIN) => {}
                    }
                }
            }
        }
    }

    /// Does one piece of work now.
    ///
    /// # Errors
    /// When the source could not be read whole: nothing has been changed then.
    pub async fn once(&self, work: Work, now: Timestamp) -> Result<Report, SyncError> {
        let (source, done) = match work {
            Work::Feed => (FEED, self.fetch_feed(now).await),
            Work::Platform(at) => match self.platforms.get(at) {
                Some(platform) => (platform.origin(), self.compare(platform, now).await),
                None => return Ok(Report::default()),
            },
            Work::Webhooks => return self.work_off(now).await,
        };
        match &done {
            Ok(report) => {
                self.tally
                    .ran(source, if report.unchanged { "unchanged" } else { "ok" });
                self.tally
                    .last_success
                    .get_or_create(&Source { source })
                    .set(now.as_second());
                if !report.unchanged {
                    let gauge = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
                    self.tally
                        .products
                        .get_or_create(&Source { source })
                        .set(gauge(report.products));
                    self.tally
                        .refused
                        .get_or_create(&Source { source })
                        .set(gauge(report.refused.len()));
                }
            }
            Err(_) => self.tally.ran(source, "failed"),
        }
        let trouble = match &done {
            Ok(report) if !report.unchanged => return done,
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        if let Err(error) = table::tried(&self.store, source, &trouble, now).await {
            tracing::warn!("how the comparison went could not be kept: {error}");
        }
        done
    }
}
