//! Whom we know from which messenger.

use super::links::{self, LinkExport};
use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Someone in a conversation of a platform.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Contact {
    pub account: String,
    /// The platform's id of the person.
    pub person: String,
    /// The platform's id of the conversation.
    pub talk: String,
    pub shopper: String,
    pub conversation: String,
    /// Milliseconds; of their last message.
    pub seen_at: i64,
    pub unreachable: bool,
    pub stopped: bool,
}

/// A contact as its shopper may ask for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContactExport {
    pub account: String,
    pub person: String,
    pub seen_at: Timestamp,
    pub stopped: bool,
    /// What joined them to the shopper, where a code did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkExport>,
}

const COLUMNS: &str = "SELECT account, person, talk, shopper, conversation, seen_at, unreachable, stopped FROM contact";

/// Finds someone, or makes their acquaintance: `fresh` has the ids of a new shopper and a new conversation. `alias` is
/// what the platform called them before. Returns them as they were before this message.
pub(super) async fn meet(
    connection: &mut Connection,
    fresh: &Contact,
    alias: Option<&str>,
) -> Result<Contact, StoreError> {
    const INSERT: &str =
        "INSERT INTO contact (account, person, talk, shopper, conversation, seen_at)
        VALUES (?1, ?2, ?3, coalesce(
            (SELECT own_shopper FROM link WHERE account = ?1 AND person = ?2 LIMIT 1),
            (SELECT shopper FROM contact WHERE account = ?1 AND person = ?2 LIMIT 1), ?4), ?5, ?6)
        ON CONFLICT DO NOTHING";
    const SEEN: &str = "UPDATE contact SET unreachable = 0, seen_at = max(seen_at, ?)
        WHERE account = ? AND person = ? AND talk = ?";
    if let Some(alias) = alias
        && alias != fresh.person
    {
        const REKEY: &str = "UPDATE OR IGNORE contact SET person = ?3,
            talk = CASE WHEN talk = ?2 THEN ?3 ELSE talk END WHERE account = ?1 AND person = ?2";
        sqlx::query(REKEY)
            .bind(&fresh.account)
            .bind(alias)
            .bind(&fresh.person)
            .execute(&mut *connection)
            .await?;
        // A conversation that was called by the old name: what is forgotten with them is found by the new one.
        for table in ["inbound", "outbound"] {
            let query = format!("UPDATE {table} SET talk = ?3 WHERE account = ?1 AND talk = ?2");
            sqlx::query(sqlx::AssertSqlSafe(query))
                .bind(&fresh.account)
                .bind(alias)
                .bind(&fresh.talk)
                .execute(&mut *connection)
                .await?;
        }
    }
    if let Some(known) = find(connection, &fresh.account, &fresh.person, &fresh.talk).await? {
        sqlx::query(SEEN)
            .bind(fresh.seen_at)
            .bind(&fresh.account)
            .bind(&fresh.person)
            .bind(&fresh.talk)
            .execute(&mut *connection)
            .await?;
        return Ok(known);
    }
    sqlx::query(INSERT)
        .bind(&fresh.account)
        .bind(&fresh.person)
        .bind(&fresh.talk)
        .bind(&fresh.shopper)
        .bind(&fresh.conversation)
        .bind(fresh.seen_at)
        .execute(&mut *connection)
        .await?;
    let made = find(connection, &fresh.account, &fresh.person, &fresh.talk).await?;
    // Nobody has been seen before who has just been met.
    made.map(|made| Contact { seen_at: 0, ..made })
        .ok_or_else(|| StoreError::Sql(sqlx::Error::RowNotFound))
}

async fn find(
    connection: &mut Connection,
    account: &str,
    person: &str,
    talk: &str,
) -> Result<Option<Contact>, StoreError> {
    let query = format!("{COLUMNS} WHERE account = ? AND person = ? AND talk = ?");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
        .bind(account)
        .bind(person)
        .bind(talk)
        .fetch_optional(connection)
        .await?)
}

/// Whom a conversation here belongs to, on a messenger; none for one of the web page.
pub async fn of_talk(store: &Store, conversation: &str) -> Result<Option<Contact>, StoreError> {
    let query = format!("{COLUMNS} WHERE conversation = ? LIMIT 1");
    let mut connection = store.read().await?;
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
        .bind(conversation)
        .fetch_optional(&mut *connection)
        .await?)
}

/// Someone as they are known in a conversation of a platform.
pub async fn of_person(
    store: &Store,
    account: &str,
    person: &str,
    talk: &str,
) -> Result<Option<Contact>, StoreError> {
    let mut connection = store.read().await?;
    find(&mut connection, account, person, talk).await
}

/// Whose a platform's conversation is; none for one that nobody is known in any more.
pub async fn shopper_of(
    connection: &mut Connection,
    account: &str,
    talk: &str,
) -> Result<Option<String>, StoreError> {
    const SHOPPER: &str = "SELECT shopper FROM contact WHERE account = ? AND talk = ? LIMIT 1";
    Ok(sqlx::query_scalar(SHOPPER)
        .bind(account)
        .bind(talk)
        .fetch_optional(connection)
        .await?)
}

/// How many messages were queued for someone since then, in all their conversations.
pub async fn answers_to(
    store: &Store,
    account: &str,
    person: &str,
    since: Timestamp,
) -> Result<u64, StoreError> {
    const ANSWERS: &str = "SELECT count(*) FROM contact JOIN outbound USING (account, talk)
        WHERE account = ? AND person = ? AND queued_at > ? AND NOT courtesy";
    let mut connection = store.read().await?;
    let answers: i64 = sqlx::query_scalar(ANSWERS)
        .bind(account)
        .bind(person)
        .bind(millis(since))
        .fetch_one(&mut *connection)
        .await?;
    Ok(answers.unsigned_abs())
}

/// Nothing can be sent to a conversation any more, or again.
pub(super) async fn unreachable(
    connection: &mut Connection,
    account: &str,
    talk: &str,
    is: bool,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE contact SET unreachable = ? WHERE account = ? AND talk = ?")
        .bind(is)
        .bind(account)
        .bind(talk)
        .execute(connection)
        .await?;
    Ok(())
}

/// Someone wants to hear nothing, or something again.
pub(super) async fn stopped(
    connection: &mut Connection,
    account: &str,
    person: &str,
    is: bool,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE contact SET stopped = ? WHERE account = ? AND person = ?")
        .bind(is)
        .bind(account)
        .bind(person)
        .execute(connection)
        .await?;
    Ok(())
}

/// The conversations someone is in.
pub(super) async fn talks_of(
    connection: &mut Connection,
    account: &str,
    person: &str,
) -> Result<Vec<String>, StoreError> {
    const TALKS: &str = "SELECT talk FROM contact WHERE account = ? AND person = ?";
    Ok(sqlx::query_scalar(TALKS)
        .bind(account)
        .bind(person)
        .fetch_all(connection)
        .await?)
}

/// Where a shopper is known from.
pub async fn export_of(store: &Store, shopper: &str) -> Result<Vec<ContactExport>, StoreError> {
    let mut connection = store.read().await?;
    let query = format!("{COLUMNS} WHERE shopper = ? ORDER BY account, person");
    let known: Vec<Contact> = sqlx::query_as(sqlx::AssertSqlSafe(query))
        .bind(shopper)
        .fetch_all(&mut *connection)
        .await?;
    drop(connection);
    let links = links::export_of(store, shopper).await?;
    let export = |one: Contact| ContactExport {
        link: links
            .iter()
            .find(|link| link.account == one.account && link.person == one.person)
            .cloned(),
        account: one.account,
        person: one.person,
        seen_at: time(one.seen_at),
        stopped: one.stopped,
    };
    Ok(known.into_iter().map(export).collect())
}

/// Forgets a shopper's contacts, what came from them and what was sent to them.
pub async fn erase_of(connection: &mut Connection, shopper: &str) -> Result<(), StoreError> {
    for table in ["inbound", "outbound"] {
        // An event that waits or is worked on, and a reply under way, are not part of what was.
        let query = format!(
            "DELETE FROM {table} WHERE state NOT IN ('waiting', 'queued', 'sending')
            AND (account, talk) IN (SELECT account, talk FROM contact WHERE shopper = ?)"
        );
        sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(shopper)
            .execute(&mut *connection)
            .await?;
    }
    links::erase_of(connection, shopper).await?;
    sqlx::query("DELETE FROM contact WHERE shopper = ?")
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets those who have been silent for so long, but not that someone wants to hear nothing.
pub async fn forget_silent(store: &Store, days: u32, now: Timestamp) -> Result<(), StoreError> {
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM contact WHERE seen_at < ? AND NOT stopped")
        .bind(millis(before))
        .execute(&mut *write)
        .await?;
    write.commit().await
}
