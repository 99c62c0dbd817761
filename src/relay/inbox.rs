//! What came in.

use crate::store::{Connection, Store, StoreError, millis};
use jiff::{SignedDuration, Timestamp};
use sqlx::QueryBuilder;

/// Longer than any platform brings an event again.
const KEPT_DAYS: i64 = 8;

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub account: String,
    /// The platform's id: the same event comes with the same.
    pub event: String,
    /// The platform's conversation.
    pub talk: String,
    /// The platform's time.
    pub sent_at: Timestamp,
    pub arrived_at: Timestamp,
    /// JSON.
    pub body: String,
    /// Signed, and not understood: kept to be looked at.
    pub dead: bool,
}

/// An event that waits.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    pub key: i64,
    pub account: String,
    pub talk: String,
    pub sent_at: i64,
    /// That failed.
    pub tries: i64,
    /// Of the next try.
    pub due_at: i64,
    pub body: String,
}

/// Keeps an event; false when it is there already.
pub(super) async fn insert(
    connection: &mut Connection,
    arrived: &Arrived,
) -> Result<bool, StoreError> {
    const INSERT: &str =
        "INSERT INTO inbound (account, event, talk, sent_at, arrived_at, due_at, state, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let inserted = sqlx::query(INSERT)
        .bind(&arrived.account)
        .bind(&arrived.event)
        .bind(&arrived.talk)
        .bind(millis(arrived.sent_at))
        .bind(millis(arrived.arrived_at))
        .bind(millis(arrived.arrived_at))
        .bind(if arrived.dead { "dead" } else { "waiting" })
        .bind(&arrived.body)
        .execute(connection)
        .await?;
    Ok(inserted.rows_affected() > 0)
}

/// The events whose turn it is, one of a conversation at most: the earliest by the platform's time, those of one moment as
/// they came. `busy` are conversations, with their accounts, in which one is worked on.
pub async fn waiting(
    store: &Store,
    busy: &[(String, String)],
    now: Timestamp,
    most: u32,
) -> Result<Vec<Waiting>, StoreError> {
    // One that failed holds back those behind it, and nobody else's, however many there are.
    let mut query = QueryBuilder::new(
        "SELECT key, account, talk, sent_at, tries, due_at, body FROM inbound AS one
        WHERE state = 'waiting' AND NOT EXISTS (
            SELECT 1 FROM inbound AS before WHERE before.state = 'waiting'
            AND before.account = one.account AND before.talk = one.talk
            AND (before.sent_at, before.key) < (one.sent_at, one.key))
        AND due_at <= ",
    );
    query.push_bind(millis(now));
    for (account, talk) in busy {
        query.push(" AND NOT (account = ").push_bind(account);
        query.push(" AND talk = ").push_bind(talk).push(")");
    }
    query.push(" ORDER BY sent_at, key LIMIT ").push_bind(most);
    let mut connection = store.read().await?;
    Ok(query.build_query_as().fetch_all(&mut *connection).await?)
}

/// By what it is known that messages of others came to an account: numbers, pages that are not its own.
const ELSEWHERE: &str = "elsewhere/";

/// That messages for somebody else came to an account: that, and nothing of what they say.
pub fn elsewhere(account: &str, whose: &str, now: Timestamp) -> Arrived {
    Arrived {
        account: account.to_owned(),
        event: format!("{ELSEWHERE}{whose}"),
        talk: String::new(),
        sent_at: now,
        arrived_at: now,
        body: String::new(),
        dead: true,
    }
}

/// For whom messages came to an account that were not for it, in the last days.
pub async fn of_others(store: &Store, account: &str) -> Result<Vec<String>, StoreError> {
    const OTHERS: &str = "SELECT substr(event, length(?2) + 1) FROM inbound
        WHERE account = ?1 AND state = 'dead' AND substr(event, 1, length(?2)) = ?2 ORDER BY 1";
    let mut connection = store.read().await?;
    Ok(sqlx::query_scalar(OTHERS)
        .bind(account)
        .bind(ELSEWHERE)
        .fetch_all(&mut *connection)
        .await?)
}

/// How far an account has been read; none before the first time.
pub async fn cursor(store: &Store, account: &str) -> Result<Option<String>, StoreError> {
    let mut connection = store.read().await?;
    Ok(
        sqlx::query_scalar("SELECT at FROM relay_cursor WHERE account = ?")
            .bind(account)
            .fetch_optional(&mut *connection)
            .await?,
    )
}

pub(super) async fn read_to(
    connection: &mut Connection,
    account: &str,
    at: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO relay_cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at",
    )
    .bind(account)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// It is done with: its words go, and of someone we no longer know whose it was.
pub(super) async fn done(connection: &mut Connection, key: i64) -> Result<(), StoreError> {
    const DONE: &str = "UPDATE inbound SET state = 'done', body = '', talk = CASE WHEN EXISTS (
        SELECT 1 FROM contact WHERE contact.account = inbound.account AND contact.talk = inbound.talk)
        THEN talk ELSE '' END WHERE key = ?";
    sqlx::query(DONE).bind(key).execute(connection).await?;
    Ok(())
}

/// It waits for its turn until then, which is no failure.
pub(super) async fn rests(
    connection: &mut Connection,
    key: i64,
    due: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE inbound SET due_at = ? WHERE key = ?")
        .bind(millis(due))
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

/// Another try, later; or none.
pub(super) async fn again(
    connection: &mut Connection,
    key: i64,
    due: Option<Timestamp>,
) -> Result<(), StoreError> {
    let state = if due.is_some() { "waiting" } else { "dead" };
    sqlx::query("UPDATE inbound SET tries = tries + 1, due_at = ?, state = ? WHERE key = ?")
        .bind(due.map_or(0, millis))
        .bind(state)
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets what no platform brings again, and what was sent or given up a month ago.
pub async fn forget_old(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let before = |days: i64| millis(now - SignedDuration::from_hours(24 * days));
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM inbound WHERE state <> 'waiting' AND arrived_at < ?")
        .bind(before(KEPT_DAYS))
        .execute(&mut *write)
        .await?;
    super::links::forget_old(&mut write, now).await?;
    super::outbox::forget_old(&mut write, before(super::outbox::KEPT_DAYS)).await?;
    write.commit().await
}
