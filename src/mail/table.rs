//! The outbox.

use super::letter::{Address, Letter, Reply};
use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

/// How long it is remembered that a letter was sent; of whom and what, nothing is.
const KEPT_DAYS: i64 = 30;

/// What of a letter goes once it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) to: Address,
    pub(super) subject: String,
    pub(super) text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unsubscribe: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<Reply>,
}

/// A letter whose time has come.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Queued {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) queued_at: i64,
    pub(super) expires_at: i64,
    pub(super) tries: i64,
    pub(super) body: String,
}

/// A letter as its reader may ask for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LetterExport {
    pub kind: String,
    pub state: String,
    pub queued_at: Timestamp,
    /// To whom and what, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<serde_json::Value>,
}

/// Puts a letter into the outbox. It leaves once the caller's transaction is committed, and not at all otherwise.
pub async fn enqueue(
    connection: &mut Connection,
    letter: &Letter,
    now: Timestamp,
) -> Result<(), StoreError> {
    insert(connection, letter, &body_of(letter), now).await
}

/// Puts in a sheet as long as the letter and says nothing on it: it costs the time of a letter, and never leaves.
pub async fn enqueue_blank(
    connection: &mut Connection,
    letter: &Letter,
    now: Timestamp,
) -> Result<(), StoreError> {
    let blank = " ".repeat(body_of(letter).len());
    insert(connection, letter, &blank, now).await
}

fn body_of(letter: &Letter) -> String {
    let body = Body {
        to: letter.to.clone(),
        subject: letter.subject.clone(),
        text: letter.body.clone(),
        unsubscribe: letter.unsubscribe.as_ref().map(Url::to_string),
        reply: letter.reply.clone(),
    };
    // Strings only: this cannot fail.
    serde_json::to_string(&body).unwrap_or_default()
}

async fn insert(
    connection: &mut Connection,
    letter: &Letter,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let own = letter.reply.as_ref().map(|reply| reply.id.clone());
    sqlx::query(
        "INSERT INTO letter (id, kind, owner, queued_at, expires_at, due_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(own.unwrap_or_else(|| Uuid::now_v7().to_string()))
    .bind(letter.kind)
    .bind(&letter.owner)
    .bind(millis(now))
    .bind(millis(letter.expires_at))
    .bind(millis(now))
    .bind(body)
    .execute(connection)
    .await?;
    Ok(())
}

impl Queued {
    /// Nobody's letter: see [`enqueue_blank`].
    pub(super) fn is_blank(&self) -> bool {
        self.body.trim().is_empty()
    }
}

/// Takes a blank sheet away.
pub(super) async fn drop_blank(store: &Store, id: &str) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM letter WHERE id = ?")
        .bind(id)
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// Letters that wait, or were sent lately, about a shopper.
pub async fn export_of(store: &Store, owner: &str) -> Result<Vec<LetterExport>, StoreError> {
    let mut connection = store.read().await?;
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT kind, state, queued_at, body FROM letter
         WHERE owner = ? AND (body = '' OR trim(body) <> '') ORDER BY queued_at, id",
    )
    .bind(owner)
    .fetch_all(&mut *connection)
    .await?;
    let export = |(kind, state, queued_at, body): (String, String, i64, String)| LetterExport {
        kind,
        state,
        queued_at: time(queued_at),
        letter: serde_json::from_str(&body).ok(),
    };
    Ok(rows.into_iter().map(export).collect())
}

/// Takes everything about a shopper out of the outbox, sent or not.
pub async fn erase_of(connection: &mut Connection, owner: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM letter WHERE owner = ?")
        .bind(owner)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes back letters of these kinds to an address that have not left yet.
pub async fn withdraw(
    connection: &mut Connection,
    to: &Address,
    kinds: &[&str],
) -> Result<(), StoreError> {
    for kind in kinds {
        sqlx::query(
            // Only what is queued still has a body.
            "DELETE FROM letter WHERE kind = ? AND CASE state WHEN 'queued' THEN json_extract(body, '$.to') = ? END",
        )
        .bind(*kind)
        .bind(to.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Forgets letters that left, or did not, a month ago.
pub async fn forget_old(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let before = now - SignedDuration::from_hours(24 * KEPT_DAYS);
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM letter WHERE state <> 'queued' AND queued_at < ?")
        .bind(millis(before))
        .execute(&mut *write)
        .await?;
    write.commit().await
}

pub(super) async fn due(
    store: &Store,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Queued>, StoreError> {
    let mut connection = store.read().await?;
    let due = sqlx::query_as(
        "SELECT id, kind, queued_at, expires_at, tries, body FROM letter
         WHERE state = 'queued' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
    )
    .bind(millis(now))
    .bind(most)
    .fetch_all(&mut *connection)
    .await?;
    Ok(due)
}

/// Whether it still waits: it may have been erased since it was found.
pub(super) async fn waits(store: &Store, id: &str) -> Result<bool, StoreError> {
    let mut connection = store.read().await?;
    let waits = "SELECT EXISTS (SELECT 1 FROM letter WHERE id = ? AND state = 'queued')";
    Ok(sqlx::query_scalar(waits)
        .bind(id)
        .fetch_one(&mut *connection)
        .await?)
}

/// The letter is done with: its words and its address go.
pub(super) async fn end(store: &Store, id: &str, state: &str) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    sqlx::query("UPDATE letter SET state = ?, body = '' WHERE id = ?")
        .bind(state)
        .bind(id)
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// Another try, later.
pub(super) async fn later(store: &Store, id: &str, due: Timestamp) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    sqlx::query("UPDATE letter SET tries = tries + 1, due_at = ? WHERE id = ?")
        .bind(millis(due))
        .bind(id)
        .execute(&mut *write)
        .await?;
    write.commit().await
}
