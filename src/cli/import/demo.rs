//! The demo shop, inside the binary: what an empty store begins with.

use super::batch::Batch;
use super::orders_jsonl;
use crate::catalog::{self, feed};
use crate::config::Config;
use crate::orders::ImportedOrder;
use crate::recommend::Basket;
use crate::sheet::Map;
use crate::store::Store;
use crate::sync;
use anyhow::Context;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

const CATALOG: &str = include_str!("../../../demo/catalog.jsonl");
const ORDERS: &str = include_str!("../../../demo/orders.jsonl");
/// The day the demo's orders are told from.
const TOLD_ON: Date = jiff::civil::date(2026, 11, 20);

/// Fills an empty store; does nothing when there is any product.
pub(in crate::cli) async fn fill_with_demo(
    store: &Store,
    config: &Config,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut connection = store.read().await?;
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM catalog_product)")
        .fetch_one(&mut *connection)
        .await?;
    drop(connection);
    if any {
        return Ok(());
    }
    let currency = config.shop.currency.parse().context("shop.currency")?;
    let reading = feed::Reading {
        format: Some(feed::Format::Jsonl),
        map: Map::default(),
        currency,
        zone: config.shop.zone.clone(),
    };
    let mut batch = Batch::from(feed::read(CATALOG.into(), &reading, |_| {})?);
    let bought = orders_jsonl::read(ORDERS.as_bytes(), currency, |_| {})?;
    let refused = batch.refused.first().or(bought.refused.first());
    anyhow::ensure!(refused.is_none(), "the demo shop is broken: {refused:?}");
    // Whole days, so that what was packed in the morning was packed in the morning.
    let today = now.to_zoned(config.shop.zone.clone()).date();
    let days = today.duration_since(TOLD_ON).as_hours() / 24;
    batch.orders = bought
        .orders
        .into_iter()
        .map(|order| later(order, days))
        .collect();
    let shift = SignedDuration::from_hours(days * 24);
    batch.baskets = bought
        .baskets
        .into_iter()
        .map(|(id, basket)| {
            (
                id,
                Basket {
                    at: basket.at + shift,
                    ..basket
                },
            )
        })
        .collect();
    let rows = catalog::table::prepare(&batch.products, catalog::table::DEMO)?;
    let mut write = store.begin().await?;
    catalog::table::upsert(&mut write, &rows).await?;
    batch.store_bought(&mut write).await?;
    write.commit().await?;
    Ok(())
}

/// Takes the demo shop out of the store, if it is there.
pub(in crate::cli) async fn take_demo_away(store: &Store) -> anyhow::Result<()> {
    let mut write = store.begin().await?;
    sync::make_room(&mut write, &order_numbers()).await?;
    write.commit().await?;
    Ok(())
}

/// The numbers of the demo shop's orders.
pub(in crate::cli) fn order_numbers() -> BTreeSet<String> {
    #[derive(serde::Deserialize)]
    struct Numbered {
        number: String,
    }
    let numbered = ORDERS
        .lines()
        .filter_map(|line| serde_json::from_str::<Numbered>(line).ok());
    numbered.map(|order| order.number).collect()
}

/// An order as if it had been placed that many days later.
fn later(mut imported: ImportedOrder, days: i64) -> ImportedOrder {
    let shift = SignedDuration::from_hours(days * 24);
    let order = &mut imported.order;
    order.placed_at += shift;
    for event in &mut order.timeline {
        event.at += shift;
    }
    order.expected_on = order.expected_on.map(|day| day.saturating_add(shift));
    imported
}
