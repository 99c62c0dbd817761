//! Events in the store: one row each, once.

use super::{Batch, Event};
use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Bytes of an event's key.
const KEY: usize = 16;

/// Who told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A page: anyone can say anything there.
    Page,
    /// The shop's own server, which signed it.
    Signed,
}

/// An event as it is kept, with its visit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    #[serde(flatten)]
    pub event: Event,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

impl Kept {
    pub fn at(&self) -> Timestamp {
        self.event.at.unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Keeps what has not come before, and returns it as it is kept. `shopper` is theirs who consented; without one, nothing is
/// kept that leads to a person.
pub async fn insert(
    connection: &mut Connection,
    origin: Origin,
    shopper: Option<&str>,
    batch: Batch,
    now: Timestamp,
) -> Result<Vec<Kept>, StoreError> {
    const INTO: &str =
        "INSERT INTO event (id, at, shopper, session, signed, body) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING";
    let session = batch.session.filter(|_| shopper.is_some());
    let mut kept = Vec::with_capacity(batch.events.len());
    for event in batch.events {
        let key = key(origin, &event.id);
        let event = Event {
            id: String::new(),
            at: Some(event.at.unwrap_or(now).min(now)),
            ..event
        };
        let event = match shopper {
            Some(_) => event,
            None => event.without_person(now),
        };
        let one = Kept {
            event,
            session: session.clone(),
        };
        let stored = Event {
            at: None,
            ..one.event.clone()
        };
        let body = serde_json::to_string(&stored).unwrap_or_default();
        let added = sqlx::query(INTO)
            .bind(key)
            .bind(millis(one.at()))
            .bind(shopper)
            .bind(&one.session)
            .bind(origin == Origin::Signed)
            .bind(body)
            .execute(&mut *connection)
            .await?;
        if added.rows_affected() > 0 {
            kept.push(one);
        }
    }
    Ok(kept)
}

fn key(origin: Origin, id: &str) -> Vec<u8> {
    let source: &[u8] = match origin {
        Origin::Page => b"page:",
        Origin::Signed => b"signed:",
    };
    let digest = Sha256::new_with_prefix(source).chain_update(id).finalize();
    digest[..KEY].to_vec()
}

type Row = (i64, Option<String>, String);

/// A row that cannot be read teaches nothing; it is not worth a shop that does not start.
fn read((at, session, body): Row) -> Option<Kept> {
    let event: Event = serde_json::from_str(&body).ok()?;
    Some(Kept {
        event: Event {
            at: Some(time(at)),
            ..event
        },
        session,
    })
}

/// The newest events, at most so many, oldest first.
pub async fn newest(store: &Store, most: u32) -> Result<Vec<Kept>, StoreError> {
    const NEWEST: &str = "SELECT at, session, body FROM event ORDER BY at DESC, rowid DESC LIMIT ?";
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(NEWEST)
        .bind(most)
        .fetch_all(&mut *connection)
        .await?;
    Ok(rows.into_iter().rev().filter_map(read).collect())
}

/// The newest events of a shopper, at most so many, oldest first. Empty for one who never consented.
pub async fn of_shopper(store: &Store, shopper: &str, most: u32) -> Result<Vec<Kept>, StoreError> {
    const THEIRS: &str = "SELECT at, session, body FROM event WHERE shopper = ?
        ORDER BY at DESC, rowid DESC LIMIT ?";
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(THEIRS)
        .bind(shopper)
        .bind(most)
        .fetch_all(&mut *connection)
        .await?;
    Ok(rows.into_iter().rev().filter_map(read).collect())
}

/// Everything of a shopper, oldest first, to hand over.
pub async fn export_of(store: &Store, shopper: &str) -> Result<Vec<Kept>, StoreError> {
    of_shopper(store, shopper, u32::MAX).await
}

/// Whether anything of a shopper is kept.
pub async fn any_of(connection: &mut Connection, shopper: &str) -> Result<bool, StoreError> {
    let any = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM event WHERE shopper = ?)")
        .bind(shopper)
        .fetch_one(connection)
        .await?;
    Ok(any)
}

/// Deletes everything of a shopper; returns how much there was.
pub async fn forget(connection: &mut Connection, shopper: &str) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM event WHERE shopper = ?")
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Deletes what is past its time: a visitor's after `visitor_days`, all else after `days`. Returns how much there was, and
/// the shoppers of whom nothing is left here.
pub async fn delete_older_than(
    store: &Store,
    days: u32,
    visitor_days: u32,
    now: Timestamp,
) -> Result<(u64, Vec<String>), StoreError> {
    const OLD: &str =
        "DELETE FROM event WHERE at < ?1 OR (at < ?2 AND shopper IS NOT NULL AND signed = 0)
        RETURNING shopper";
    let before = |days: u32| millis(now - SignedDuration::from_hours(24 * i64::from(days)));
    let mut write = store.begin().await?;
    let gone: Vec<Option<String>> = sqlx::query_scalar(OLD)
        .bind(before(days))
        .bind(before(visitor_days))
        .fetch_all(&mut *write)
        .await?;
    let deleted = gone.len() as u64;
    let mut shoppers: Vec<String> = gone.into_iter().flatten().collect();
    shoppers.sort_unstable();
    shoppers.dedup();
    let mut left = Vec::new();
    for shopper in shoppers {
        if !any_of(&mut write, &shopper).await? {
            left.push(shopper);
        }
    }
    write.commit().await?;
    Ok((deleted, left))
}
