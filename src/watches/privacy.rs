//! What is kept of who waits for what, and for how long.

use super::{Kind, limit};
use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// An address that does not confirm within so many days is forgotten.
const CONFIRM_DAYS: i64 = 7;
/// A watch that was told is kept for so long, so that the link in its letter still ends the others.
const TOLD_DAYS: i64 = 30;
/// What has not happened in a year is no longer waited for.
const OPEN_DAYS: i64 = 365;

/// A watch as the shopper may ask for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Export {
    pub product: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    pub kind: Kind,
    /// Absent when it is told in the chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Id of the text that was agreed to, and when.
    pub consent: String,
    pub asked_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fired_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    product: String,
    variant: Option<String>,
    kind: String,
    address: Option<String>,
    consent: String,
    asked_at: i64,
    confirmed_at: Option<i64>,
    fired_at: Option<i64>,
}

/// Everything a shopper waits or waited for.
pub async fn export_of(store: &Store, shopper: &str) -> Result<Vec<Export>, StoreError> {
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT product, variant, kind, address, consent, asked_at, confirmed_at, fired_at FROM watch
         WHERE shopper = ? ORDER BY id",
    )
    .bind(shopper)
    .fetch_all(&mut *connection)
    .await?;
    let export = |row: Row| Export {
        product: row.product,
        variant: row.variant,
        kind: Kind::named(&row.kind),
        address: row.address,
        consent: row.consent,
        asked_at: time(row.asked_at),
        confirmed_at: row.confirmed_at.map(time),
        fired_at: row.fired_at.map(time),
    };
    Ok(rows.into_iter().map(export).collect())
}

/// Takes away everything of a shopper.
pub async fn erase_of(connection: &mut Connection, shopper: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM watch WHERE shopper = ?")
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the shopper waits or waited for anything.
pub async fn any_of(connection: &mut Connection, shopper: &str) -> Result<bool, StoreError> {
    let any = "SELECT EXISTS (SELECT 1 FROM watch WHERE shopper = ?)";
    Ok(sqlx::query_scalar(any)
        .bind(shopper)
        .fetch_one(connection)
        .await?)
}

/// Forgets what nobody confirmed, what was told a while ago, and what never happened; returns whose it was.
pub async fn forget_old(store: &Store, now: Timestamp) -> Result<Vec<String>, StoreError> {
    let before = |days: i64| millis(now - SignedDuration::from_hours(24 * days));
    let mut write = store.begin().await?;
    let mut shoppers: Vec<String> = sqlx::query_scalar(
        "DELETE FROM watch WHERE (confirmed_at IS NULL AND asked_at < ?1) OR fired_at < ?2 OR asked_at < ?3
         RETURNING shopper",
    )
    .bind(before(CONFIRM_DAYS))
    .bind(before(TOLD_DAYS))
    .bind(before(OPEN_DAYS))
    .fetch_all(&mut *write)
    .await?;
    limit::forget_old(&mut write, now).await?;
    write.commit().await?;
    shoppers.sort();
    shoppers.dedup();
    Ok(shoppers)
}
