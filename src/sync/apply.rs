//! What has been read takes its place in the store, whole or not at all.

use super::SyncError;
use super::feed::Fetched;
use super::platform::{Change, Goods, ID, Platform, basket};
use super::table::{self, Mark, Pending};
use super::worker::{FEED, Report, Sync};
use crate::catalog::{self, Product};
use crate::orders::{self, ImportedOrder, OrderNumber, Upserted};
use crate::recommend;
use crate::store::Connection;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeSet, HashSet};

/// How far back orders are asked for the first time; Shopify gives no more without a permission of its own.
const ORDER_DAYS: i64 = 60;
/// Orders changed while the last comparison ran are asked for again.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// Webhooks worked on at once.
const AT_ONCE: u32 = 50;

/// The orders of a source.
struct Orders {
    imported: Vec<ImportedOrder>,
    /// Why there are none although there may be some.
    missing: Option<String>,
}

impl Orders {
    fn none() -> Self {
        Self {
            imported: Vec::new(),
            missing: None,
        }
    }
}

impl Sync {
    pub(super) async fn fetch_feed(&self, now: Timestamp) -> Result<Report, SyncError> {
        let Some((feed, _)) = &self.feed else {
            return Ok(Report::default());
        };
        let mark = table::mark(&self.store, FEED).await?;
        match feed.fetch(&self.remote, &mark).await? {
            Fetched::Unchanged => Ok(Report {
                source: FEED,
                unchanged: true,
                ..Report::default()
            }),
            Fetched::New { feed, mark } => {
                let goods = Goods {
                    left_out: feed.left_out.values().sum::<u64>() as usize,
                    refused: feed
                        .refused
                        .iter()
                        .map(|row| format!("line {}: {}", row.line, row.reason))
                        .collect(),
                    products: feed.products,
                };
                let orders = Orders::none();
                self.take_over(FEED, goods, orders, &mark, now).await
            }
        }
    }

    /// Everything a platform has, in place of everything it had.
    pub(super) async fn compare(
        &self,
        platform: &Platform,
        now: Timestamp,
    ) -> Result<Report, SyncError> {
        let origin = platform.origin();
        let products = platform
            .products(&self.remote, |read| {
                if read.is_multiple_of(1000) {
                    tracing::info!(source = origin, read, "products are being read");
                }
            })
            .await?;
        if products.products.is_empty() {
            return Err(SyncError::Empty {
                refused: products.refused.len(),
                first: products.refused.into_iter().next(),
            });
        }
        let last = table::last(&self.store, origin).await?;
        let since = match last.and_then(|last| last.orders_at) {
            Some(last) => last - OVERLAP,
            None => now - SignedDuration::from_hours(24 * ORDER_DAYS),
        };
        // A shop that lets no orders be read has goods all the same.
        let orders = match platform.orders(&self.remote, since).await {
            Ok(imported) => Orders {
                imported,
                missing: None,
            },
            Err(SyncError::Denied { who, help }) => Orders {
                imported: Vec::new(),
                missing: Some(format!("{who} refuses: {help}")),
            },
            Err(other) => return Err(other),
        };
        self.take_over(origin, products, orders, &Mark::default(), now)
            .await
    }

    /// One transaction: products in, products gone out, orders in.
    async fn take_over(
        &self,
        origin: &'static str,
        goods: Goods,
        orders: Orders,
        mark: &Mark,
        now: Timestamp,
    ) -> Result<Report, SyncError> {
        let rows = catalog::table::prepare(&goods.products, origin)?;
        let keep: HashSet<&str> = goods
            .products
            .iter()
            .map(|product| product.sku.as_str())
            .collect();
        let mut write = self.store.begin().await?;
        make_room(&mut write, &self.demo_orders).await?;
        let stored = catalog::table::upsert(&mut write, &rows).await?;
        let gone = catalog::table::sweep(&mut write, origin, &keep).await?;
        let imported = orders.imported;
        let upserted = store_orders(&mut write, &imported, origin, now).await?;
        let known = orders::count_orders(&mut write).await?;
        let trouble = match &orders.missing {
            Some(missing) => format!("orders are missing: {missing}"),
            None => String::new(),
        };
        let read_until = orders.missing.is_none().then_some(now);
        table::synced(&mut write, origin, mark, read_until, &trouble, now).await?;
        write.commit().await?;
        Ok(Report {
            source: origin,
            unchanged: false,
            products: goods.products.len(),
            changed: stored.added + stored.changed,
            gone,
            left_out: goods.left_out,
            orders: known,
            orders_changed: upserted.added + upserted.changed,
            orders_missing: orders.missing,
            unprovable: imported.iter().filter(|one| one.secrets.is_empty()).count(),
            refused: goods.refused,
        })
    }

    /// What webhooks announced, oldest first.
    pub(super) async fn work_off(&self, now: Timestamp) -> Result<Report, SyncError> {
        table::forget_old(&self.store, now).await?;
        let mut report = Report {
            source: "webhooks",
            ..Report::default()
        };
        let mut failure = None;
        loop {
            let open = table::pending(&self.store, AT_ONCE).await?;
            if open.is_empty() || failure.is_some() {
                return failure.map_or(Ok(report), Err);
            }
            for pending in open {
                match self.work_on(&pending, now).await {
                    Ok(()) => report.changed += 1,
                    Err(error) => {
                        let given_up = table::failed(&self.store, &pending, now).await?;
                        tracing::warn!(
                            origin = pending.origin,
                            topic = pending.topic,
                            given_up,
                            "a webhook's work failed: {error}"
                        );
                        failure = Some(error);
                    }
                }
            }
        }
    }

    async fn work_on(&self, pending: &Pending, now: Timestamp) -> Result<(), SyncError> {
        let platform = self
            .platforms
            .iter()
            .find(|platform| platform.origin() == pending.origin);
        let change = match platform {
            Some(platform) if !pending.resource.is_empty() => {
                platform.change(&pending.topic, &pending.resource)
            }
            _ => Change::Nothing,
        };
        // Asked before the write begins: nobody waits for a platform with the store in hand.
        let asked = match (platform, &change) {
            (Some(platform), Change::Product(id)) => {
                (platform.product(&self.remote, id).await?, None)
            }
            (Some(platform), Change::Order(id) | Change::OrderGone(id)) => {
                (None, platform.order(&self.remote, id).await?)
            }
            _ => (None, None),
        };
        let mut write = self.store.begin().await?;
        match (change, asked) {
            (Change::Product(id) | Change::ProductGone(id), (found, _)) => {
                self.replace(&mut write, &pending.origin, &id, found)
                    .await?;
            }
            (Change::Order(_), (_, Some(order))) => {
                store_orders(&mut write, &[order], &pending.origin, now).await?;
            }
            (Change::OrderGone(id), (_, found)) => {
                // What the platform no longer has is known by its number there, where that is the order's own.
                let number =
                    found.map_or_else(|| OrderNumber::new(&id), |found| found.order.number);
                recommend::table::remove(&mut write, number.as_str()).await?;
                orders::remove(&mut write, &number).await?;
            }
            _ => {}
        }
        table::done(&mut write, pending, now).await?;
        write.commit().await?;
        Ok(())
    }

    /// The product with the platform's number as it is now; gone when it is not on sale any more.
    async fn replace(
        &self,
        write: &mut Connection,
        origin: &str,
        id: &str,
        found: Option<Product>,
    ) -> Result<(), SyncError> {
        let known = catalog::table::carrying(write, origin, ID, id).await?;
        let sku = found.as_ref().map(|product| product.sku.as_str());
        for old in known.iter().filter(|old| Some(old.as_str()) != sku) {
            catalog::table::remove(write, old).await?;
        }
        if let Some(product) = found {
            let rows = catalog::table::prepare(&[product], origin)?;
            catalog::table::upsert(write, &rows).await?;
        }
        Ok(())
    }
}

/// Takes the demo shop away, its goods and the orders with these numbers: a real one moves in. Whether there was any.
pub async fn make_room(
    write: &mut Connection,
    demo_orders: &BTreeSet<String>,
) -> Result<bool, SyncError> {
    if catalog::table::sweep(write, catalog::table::DEMO, &HashSet::new()).await? == 0 {
        return Ok(false);
    }
    for number in demo_orders {
        recommend::table::remove(write, number).await?;
        orders::remove(write, &OrderNumber::new(number)).await?;
    }
    Ok(true)
}

async fn store_orders(
    write: &mut Connection,
    imported: &[ImportedOrder],
    origin: &str,
    now: Timestamp,
) -> Result<Upserted, SyncError> {
    let upserted = orders::upsert_orders(write, imported).await?;
    orders::seen(write, imported, origin, now).await?;
    let baskets: Vec<_> = imported.iter().filter_map(basket).collect();
    recommend::table::upsert(write, &baskets).await?;
    for order in imported.iter().filter(|order| basket(order).is_none()) {
        recommend::table::remove(write, order.order.number.as_str()).await?;
    }
    Ok(upserted)
}
