//! What is to be sent.

use crate::store::{Connection, Store, StoreError, insert_rows, millis};
use jiff::Timestamp;

/// How long it is remembered that something was sent; what it said is not.
pub(super) const KEPT_DAYS: i64 = 30;

/// What goes to one conversation of a platform, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub account: String,
    pub talk: String,
    /// Calls as JSON, each with whether it is a mere courtesy.
    pub calls: Vec<(String, bool)>,
}

/// One call on its way.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Letter {
    pub key: i64,
    pub talk: String,
    pub queued_at: i64,
    /// That failed.
    pub tries: i64,
    pub courtesy: bool,
    pub body: String,
}

/// What a platform says became of a message that it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub account: String,
    /// The platform's id of the message.
    pub remote: String,
    /// `delivered`, `read` or `failed`.
    pub delivery: &'static str,
    pub reason: Option<String>,
    /// A call, JSON, that goes out in its place.
    pub instead: Option<String>,
    pub at: Timestamp,
}

/// What came of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    Noted,
    /// And another call goes out in its place.
    Instead,
    /// Of no message that we know by this id, and one is still under way: it may be that one's.
    Early,
}

/// How an account's outbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    pub waiting: u64,
    pub failed: u64,
    pub unknown: u64,
}

/// Queues calls: they leave once the caller's transaction is committed, and not at all otherwise.
pub async fn enqueue(
    connection: &mut Connection,
    outgoing: &[Outgoing],
    now: Timestamp,
) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO outbound (account, talk, queued_at, due_at, courtesy, body)";
    let rows: Vec<_> = outgoing
        .iter()
        .flat_map(|one| one.calls.iter().map(move |call| (one, call)))
        .collect();
    insert_rows(
        connection,
        HEAD,
        "",
        6,
        rows,
        |mut row, (one, (body, courtesy))| {
            row.push_bind(one.account.clone())
                .push_bind(one.talk.clone())
                .push_bind(millis(now))
                .push_bind(millis(now));
            row.push_bind(*courtesy).push_bind(body.clone());
        },
    )
    .await?;
    Ok(())
}

// Where a query names both states beside the one it wants, that is what the index of open calls is found by.

/// What is due for an account: of each conversation the first that has not left, so that none overtakes another. `busy`
/// are on their way.
pub async fn due(
    store: &Store,
    account: &str,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Letter>, StoreError> {
    const DUE: &str = "SELECT key, talk, queued_at, tries, courtesy, body FROM outbound AS one
        WHERE account = ?1 AND state = 'queued' AND state IN ('queued', 'sending') AND due_at <= ?2 AND NOT EXISTS (
            SELECT 1 FROM outbound AS before WHERE before.account = one.account AND before.talk = one.talk
            AND before.key < one.key AND before.state IN ('queued', 'sending'))
        ORDER BY key LIMIT ?3";
    let mut connection = store.read().await?;
    Ok(sqlx::query_as(DUE)
        .bind(account)
        .bind(millis(now))
        .bind(most)
        .fetch_all(&mut *connection)
        .await?)
}

/// How an account's outbox stands.
pub async fn standing(store: &Store, account: &str) -> Result<Standing, StoreError> {
    const STANDING: &str = "SELECT count(*) FILTER (WHERE state IN ('queued', 'sending')),
        count(*) FILTER (WHERE state = 'failed'), count(*) FILTER (WHERE state = 'unknown')
        FROM outbound WHERE account = ?";
    let mut connection = store.read().await?;
    let (waiting, failed, unknown): (i64, i64, i64) = sqlx::query_as(STANDING)
        .bind(account)
        .fetch_one(&mut *connection)
        .await?;
    Ok(Standing {
        waiting: waiting.unsigned_abs(),
        failed: failed.unsigned_abs(),
        unknown: unknown.unsigned_abs(),
    })
}

/// After a start: what was on its way when the program ended. Where the platform knows a call that comes twice it is sent
/// again, elsewhere its fate is unknown. Returns how many are unknown.
pub async fn recover(store: &Store, account: &str, again: bool) -> Result<u64, StoreError> {
    const RECOVER: &str = "UPDATE outbound SET
        state = CASE WHEN ?2 AND NOT courtesy THEN 'queued' ELSE 'unknown' END,
        body = CASE WHEN ?2 AND NOT courtesy THEN body ELSE '' END,
        reason = 'the program ended while it was sent'
        WHERE account = ?1 AND state = 'sending' AND state IN ('queued', 'sending')";
    let mut write = store.begin().await?;
    let changed = sqlx::query(RECOVER)
        .bind(account)
        .bind(again)
        .execute(&mut *write)
        .await?;
    write.commit().await?;
    Ok(if again { 0 } else { changed.rows_affected() })
}

pub(super) async fn sending(connection: &mut Connection, key: i64) -> Result<bool, StoreError> {
    let marked =
        sqlx::query("UPDATE outbound SET state = 'sending' WHERE key = ? AND state = 'queued'")
            .bind(key)
            .execute(connection)
            .await?;
    Ok(marked.rows_affected() > 0)
}

/// It has left, or will not: what it said goes. Of someone we no longer know nothing stays at all.
pub(super) async fn end(
    connection: &mut Connection,
    key: i64,
    state: &str,
    remote: Option<&str>,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    const END: &str =
        "UPDATE outbound SET state = ?2, body = '', remote = ?3, reason = ?4 WHERE key = ?1";
    const STRANGER: &str = "DELETE FROM outbound WHERE key = ?1 AND NOT EXISTS (
        SELECT 1 FROM contact WHERE contact.account = outbound.account AND contact.talk = outbound.talk)";
    sqlx::query(END)
        .bind(key)
        .bind(state)
        .bind(remote)
        .bind(reason)
        .execute(&mut *connection)
        .await?;
    sqlx::query(STRANGER).bind(key).execute(connection).await?;
    Ok(())
}

/// Another try, with another call where one is given.
pub(super) async fn later(
    connection: &mut Connection,
    key: i64,
    due: Timestamp,
    failed: bool,
    body: Option<&str>,
) -> Result<(), StoreError> {
    const LATER: &str = "UPDATE outbound SET state = 'queued', tries = tries + ?2, due_at = ?3,
        body = coalesce(?4, body) WHERE key = ?1";
    sqlx::query(LATER)
        .bind(key)
        .bind(i64::from(failed))
        .bind(millis(due))
        .bind(body)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes what a platform says became of a message. Reports come in any order: what was read was delivered; and before we
/// have heard that the message was taken.
pub(super) async fn delivered(
    connection: &mut Connection,
    report: &Report,
) -> Result<Reported, StoreError> {
    const FIND: &str = "SELECT key FROM outbound WHERE account = ? AND remote = ?";
    const UNDER_WAY: &str = "SELECT EXISTS (SELECT 1 FROM outbound
        WHERE account = ? AND state = 'sending' AND state IN ('queued', 'sending'))";
    const NOTE: &str = "UPDATE outbound SET delivery = ?2, reason = coalesce(?3, reason),
            state = CASE WHEN ?2 = 'failed' THEN 'failed' ELSE state END
        WHERE key = ?1 AND
            CASE ?2 WHEN 'read' THEN 1 WHEN 'delivered' THEN coalesce(delivery, '') <> 'read'
            ELSE coalesce(delivery, '') NOT IN ('read', 'delivered', 'failed') END";
    let key: Option<i64> = sqlx::query_scalar(FIND)
        .bind(&report.account)
        .bind(&report.remote)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(key) = key else {
        let under_way: bool = sqlx::query_scalar(UNDER_WAY)
            .bind(&report.account)
            .fetch_one(&mut *connection)
            .await?;
        return Ok(match under_way {
            true => Reported::Early,
            false => Reported::Noted,
        });
    };
    let noted = sqlx::query(NOTE)
        .bind(key)
        .bind(report.delivery)
        .bind(&report.reason)
        .execute(&mut *connection)
        .await?;
    match &report.instead {
        Some(call) if noted.rows_affected() > 0 => instead(connection, key, call, report.at).await,
        _ => Ok(Reported::Noted),
    }
}

/// Queues a call in place of one that failed: once for a reply, of however many messages it was, and for nobody who wants
/// to hear nothing.
async fn instead(
    connection: &mut Connection,
    key: i64,
    call: &str,
    now: Timestamp,
) -> Result<Reported, StoreError> {
    const INSTEAD: &str = "INSERT INTO outbound (account, talk, queued_at, due_at, body)
        SELECT account, talk, ?2, ?2, ?3 FROM outbound AS one WHERE key = ?1
        AND NOT EXISTS (SELECT 1 FROM outbound AS other WHERE other.account = one.account AND other.talk = one.talk
            AND other.queued_at = one.queued_at AND other.key <> one.key AND other.delivery = 'failed')
        AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.account = one.account AND contact.talk = one.talk
            AND (contact.stopped OR contact.unreachable))";
    let queued = sqlx::query(INSTEAD)
        .bind(key)
        .bind(millis(now))
        .bind(call)
        .execute(connection)
        .await?;
    Ok(match queued.rows_affected() {
        0 => Reported::Noted,
        _ => Reported::Instead,
    })
}

/// Takes back what waits for a conversation.
pub(super) async fn withdraw(
    connection: &mut Connection,
    account: &str,
    talk: &str,
    reason: &str,
) -> Result<(), StoreError> {
    const WITHDRAW: &str = "UPDATE outbound SET state = 'failed', body = '', reason = ?3
        WHERE account = ?1 AND talk = ?2 AND state = 'queued' AND state IN ('queued', 'sending')";
    sqlx::query(WITHDRAW)
        .bind(account)
        .bind(talk)
        .bind(reason)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes back what waits of the same reply.
pub(super) async fn withdraw_rest(
    connection: &mut Connection,
    key: i64,
    reason: &str,
) -> Result<(), StoreError> {
    const REST: &str = "UPDATE outbound SET state = 'failed', body = '', reason = ?2
        WHERE state = 'queued' AND state IN ('queued', 'sending') AND key <> ?1 AND (account, talk, queued_at) IN (
            SELECT account, talk, queued_at FROM outbound WHERE key = ?1)";
    sqlx::query(REST)
        .bind(key)
        .bind(reason)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn forget_old(connection: &mut Connection, before: i64) -> Result<(), StoreError> {
    const OLD: &str =
        "DELETE FROM outbound WHERE state IN ('sent', 'failed', 'unknown') AND queued_at < ?";
    sqlx::query(OLD).bind(before).execute(connection).await?;
    Ok(())
}
