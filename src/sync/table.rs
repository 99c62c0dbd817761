//! What is kept about sources, and the webhooks still to be worked on.

use super::SyncError;
use crate::store::{Connection, Store, millis};
use jiff::{SignedDuration, Timestamp};

/// A delivery is known for longer than any platform sends it again.
const KEPT_DAYS: i64 = 14;
/// After so many failures a webhook is given up; the next comparison brings what it meant.
const MOST_FAILURES: i64 = 8;

/// How a feed's last answer was marked.
#[derive(Debug, Default, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Mark {
    pub(super) etag: String,
    pub(super) modified: String,
}

/// A webhook to work on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Pending {
    pub(super) id: i64,
    pub(super) origin: String,
    pub(super) topic: String,
    pub(super) resource: String,
}

pub(super) async fn mark(store: &Store, origin: &str) -> Result<Mark, SyncError> {
    let mut connection = store.read().await?;
    let mark = sqlx::query_as("SELECT etag, modified FROM sync_source WHERE origin = ?")
        .bind(origin)
        .fetch_optional(&mut *connection)
        .await?;
    Ok(mark.unwrap_or_default())
}

/// How the last comparison with a source went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Last {
    /// When it was last read whole.
    pub(super) synced_at: Option<Timestamp>,
    pub(super) tried_at: Option<Timestamp>,
    /// Until when its orders have been read.
    pub(super) orders_at: Option<Timestamp>,
    /// What went wrong or is missing; empty for nothing.
    pub(super) trouble: String,
}

/// A source was read whole: `orders_at` only when its orders came too, `trouble` when not.
pub(super) async fn synced(
    connection: &mut Connection,
    origin: &str,
    mark: &Mark,
    orders_at: Option<Timestamp>,
    trouble: &str,
    now: Timestamp,
) -> Result<(), SyncError> {
    sqlx::query(
        "INSERT INTO sync_source (origin, etag, modified, synced_at, tried_at, orders_at, trouble) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (origin) DO UPDATE SET etag = excluded.etag, modified = excluded.modified,
         synced_at = excluded.synced_at, tried_at = excluded.tried_at,
         orders_at = coalesce(excluded.orders_at, orders_at), trouble = excluded.trouble",
    )
    .bind(origin)
    .bind(&mark.etag)
    .bind(&mark.modified)
    .bind(millis(now))
    .bind(millis(now))
    .bind(orders_at.map(millis))
    .bind(trouble)
    .execute(connection)
    .await?;
    Ok(())
}

/// Until when the orders of a source have been read.
pub(super) async fn orders_at(store: &Store, origin: &str) -> Result<Option<Timestamp>, SyncError> {
    let mut connection = store.read().await?;
    let at: Option<Option<i64>> =
        sqlx::query_scalar("SELECT orders_at FROM sync_source WHERE origin = ?")
            .bind(origin)
            .fetch_optional(&mut *connection)
            .await?;
    Ok(at.flatten().map(crate::store::time))
}

/// A source was asked and not read: it said that nothing is new, or there was trouble.
pub(super) async fn tried(
    store: &Store,
    origin: &str,
    trouble: &str,
    now: Timestamp,
) -> Result<(), SyncError> {
    let mut write = store.begin().await?;
    sqlx::query(
        "INSERT INTO sync_source (origin, tried_at, trouble) VALUES (?, ?, ?)
         ON CONFLICT (origin) DO UPDATE SET tried_at = excluded.tried_at, trouble = excluded.trouble",
    )
    .bind(origin)
    .bind(millis(now))
    .bind(trouble)
    .execute(&mut *write)
    .await?;
    write.commit().await?;
    Ok(())
}

/// How it went the last time; `None` before the first.
pub(super) async fn last(store: &Store, origin: &str) -> Result<Option<Last>, SyncError> {
    type Row = (Option<i64>, Option<i64>, Option<i64>, String);
    let mut connection = store.read().await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT synced_at, tried_at, orders_at, trouble FROM sync_source WHERE origin = ?",
    )
    .bind(origin)
    .fetch_optional(&mut *connection)
    .await?;
    let time = |at: Option<i64>| at.map(crate::store::time);
    Ok(row.map(|(synced_at, tried_at, orders_at, trouble)| Last {
        synced_at: time(synced_at),
        tried_at: time(tried_at),
        orders_at: time(orders_at),
        trouble,
    }))
}

/// Keeps what a webhook announces. False when this delivery was here before.
pub(super) async fn accept(
    store: &Store,
    origin: &str,
    delivery: &str,
    topic: &str,
    resources: &[String],
    now: Timestamp,
) -> Result<bool, SyncError> {
    let mut write = store.begin().await?;
    let mut new = false;
    for (nth, resource) in resources.iter().enumerate() {
        // One delivery may speak of several things.
        let delivery = if nth == 0 {
            delivery.to_owned()
        } else {
            format!("{delivery}#{nth}")
        };
        let done = sqlx::query(
            "INSERT INTO webhook (origin, delivery, topic, resource, received_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
        )
        .bind(origin)
        .bind(delivery)
        .bind(topic)
        .bind(resource)
        .bind(millis(now))
        .execute(&mut *write)
        .await?;
        new |= done.rows_affected() > 0;
    }
    write.commit().await?;
    Ok(new)
}

/// The oldest webhooks not yet worked on.
pub(super) async fn pending(store: &Store, most: u32) -> Result<Vec<Pending>, SyncError> {
    let mut connection = store.read().await?;
    let open = "SELECT id, origin, topic, resource FROM webhook WHERE done_at IS NULL ORDER BY failures, id LIMIT ?";
    Ok(sqlx::query_as(open)
        .bind(most)
        .fetch_all(&mut *connection)
        .await?)
}

/// All that wait for the same work are done with it.
pub(super) async fn done(
    connection: &mut Connection,
    pending: &Pending,
    now: Timestamp,
) -> Result<(), SyncError> {
    sqlx::query(
        "UPDATE webhook SET done_at = ? WHERE done_at IS NULL AND id <= ? AND origin = ? AND topic = ? AND resource = ?",
    )
    .bind(millis(now))
    .bind(pending.id)
    .bind(&pending.origin)
    .bind(&pending.topic)
    .bind(&pending.resource)
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts a failure; true when it was the last one allowed.
pub(super) async fn failed(
    store: &Store,
    pending: &Pending,
    now: Timestamp,
) -> Result<bool, SyncError> {
    let mut write = store.begin().await?;
    let failures: i64 = sqlx::query_scalar(
        "UPDATE webhook SET failures = failures + 1 WHERE id = ? RETURNING failures",
    )
    .bind(pending.id)
    .fetch_one(&mut *write)
    .await?;
    if failures >= MOST_FAILURES {
        done(&mut write, pending, now).await?;
    }
    write.commit().await?;
    Ok(failures >= MOST_FAILURES)
}

/// Forgets deliveries that nobody sends again.
pub(super) async fn forget_old(store: &Store, now: Timestamp) -> Result<(), SyncError> {
    let before = now - SignedDuration::from_hours(24 * KEPT_DAYS);
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM webhook WHERE done_at < ?")
        .bind(millis(before))
        .execute(&mut *write)
        .await?;
    write.commit().await?;
    Ok(())
}
