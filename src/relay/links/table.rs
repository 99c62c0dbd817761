//! The tables of links and codes.

use super::{CODE_HOLDS, Code, Customer};
use crate::relay::Contact;
use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Codes that are none, which someone may try in [`TRIES_REST`].
const MOST_TRIES: i64 = 5;
const TRIES_REST: SignedDuration = SignedDuration::from_hours(1);

/// What someone on a messenger is joined to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub account: String,
    pub person: String,
    pub shopper: String,
    /// The shop's name for them, where its page has vouched for it.
    pub customer: Option<String>,
    pub email: Option<String>,
    /// `asked` or `linked`.
    pub state: String,
    /// Milliseconds.
    pub at: i64,
}

impl Link {
    pub fn is_linked(&self) -> bool {
        self.state == "linked"
    }

    /// Whether they are still asked for their yes.
    pub fn is_asked(&self, now: Timestamp) -> bool {
        self.state == "asked" && now.duration_since(time(self.at)) < CODE_HOLDS
    }
}

/// A link as its shopper may ask for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkExport {
    pub account: String,
    pub person: String,
    pub linked_at: Timestamp,
    /// Whose orders may be told there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// What came of a code that was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redeemed {
    Linked,
    /// They are asked whether they want it.
    Asked,
    /// Whoever brought it is its shopper already.
    Same,
    /// It was never given, was used, or its time is over.
    Wrong,
    /// They tried too many that are none.
    TooMany,
}

const COLUMNS: &str = "SELECT account, person, shopper, customer, email, state, at FROM link";

pub(super) async fn keep_code(
    store: &Store,
    code: &Code,
    shopper: &str,
    customer: Option<&Customer>,
    ends_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM link_code WHERE shopper = ? OR ends_at <= ?")
        .bind(shopper)
        .bind(millis(now))
        .execute(&mut *write)
        .await?;
    sqlx::query("INSERT INTO link_code VALUES (?, ?, ?, ?, ?)")
        .bind(code.digest())
        .bind(shopper)
        .bind(customer.map(|customer| &customer.id))
        .bind(customer.and_then(|customer| customer.email.as_ref()))
        .bind(millis(ends_at))
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// A code is brought by a contact. With `asks`, it joins them when they have said yes ([`accept`]), else at once. It is
/// used up either way.
///
/// # Errors
/// When it could not be noted; then it is as if it had not been brought.
pub async fn redeem(
    store: &Store,
    by: &Contact,
    code: &Code,
    asks: bool,
    now: Timestamp,
) -> Result<Redeemed, StoreError> {
    const TRIED: &str = "SELECT tries FROM link_try WHERE account = ? AND person = ? AND since > ?";
    const FOUND: &str =
        "SELECT shopper, customer, email FROM link_code WHERE digest = ? AND ends_at > ?";
    const KEEP: &str =
        "INSERT INTO link (account, person, talk, digest, shopper, customer, email, own_shopper,
        own_conversation, state, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut write = store.begin().await?;
    let known: Option<(Vec<u8>, String)> = sqlx::query_as(
        "SELECT digest, state FROM link WHERE account = ? AND person = ? AND talk = ?",
    )
    .bind(&by.account)
    .bind(&by.person)
    .bind(&by.talk)
    .fetch_optional(&mut *write)
    .await?;
    // The same event after a crash, or a second tap on the same address.
    if let Some((digest, state)) = known
        && digest == code.digest()
    {
        return Ok(match state.as_str() {
            "linked" => Redeemed::Linked,
            _ => Redeemed::Asked,
        });
    }
    let tries: Option<i64> = sqlx::query_scalar(TRIED)
        .bind(&by.account)
        .bind(&by.person)
        .bind(millis(now - TRIES_REST))
        .fetch_optional(&mut *write)
        .await?;
    if tries.unwrap_or(0) >= MOST_TRIES {
        return Ok(Redeemed::TooMany);
    }
    let found: Option<(String, Option<String>, Option<String>)> = sqlx::query_as(FOUND)
        .bind(code.digest())
        .bind(millis(now))
        .fetch_optional(&mut *write)
        .await?;
    let Some((shopper, customer, email)) = found else {
        failed(&mut write, by, now).await?;
        write.commit().await?;
        return Ok(Redeemed::Wrong);
    };
    if shopper == by.shopper {
        return Ok(Redeemed::Same);
    }
    sqlx::query("DELETE FROM link_code WHERE digest = ?")
        .bind(code.digest())
        .execute(&mut *write)
        .await?;
    // Another link ends here: what they go back to is what they had before any.
    let (own_shopper, own_conversation) = parted(&mut write, &by.account, &by.person, &by.talk)
        .await?
        .unwrap_or_else(|| (by.shopper.clone(), by.conversation.clone()));
    sqlx::query(KEEP)
        .bind(&by.account)
        .bind(&by.person)
        .bind(&by.talk)
        .bind(code.digest())
        .bind(&shopper)
        .bind(customer)
        .bind(email)
        .bind(own_shopper)
        .bind(own_conversation)
        .bind("asked")
        .bind(millis(now))
        .execute(&mut *write)
        .await?;
    if !asks {
        join(&mut write, by, &shopper, now).await?;
    }
    write.commit().await?;
    Ok(match asks {
        true => Redeemed::Asked,
        false => Redeemed::Linked,
    })
}

/// Counts a code that is none.
async fn failed(
    connection: &mut Connection,
    by: &Contact,
    now: Timestamp,
) -> Result<(), StoreError> {
    const COUNT: &str = "INSERT INTO link_try VALUES (?1, ?2, 1, ?3) ON CONFLICT DO UPDATE SET
        tries = CASE WHEN since > ?4 THEN tries + 1 ELSE 1 END,
        since = CASE WHEN since > ?4 THEN since ELSE ?3 END";
    sqlx::query(COUNT)
        .bind(&by.account)
        .bind(&by.person)
        .bind(millis(now))
        .bind(millis(now - TRIES_REST))
        .execute(connection)
        .await?;
    Ok(())
}

/// From here on they are that shopper, in the conversation that shopper was in last.
async fn join(
    connection: &mut Connection,
    by: &Contact,
    shopper: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    const JOINED: &str =
        "UPDATE link SET state = 'linked', at = ? WHERE account = ? AND person = ? AND talk = ?";
    const GOES_ON: &str = "UPDATE contact SET shopper = ?1, conversation =
        coalesce((SELECT id FROM conversation WHERE shopper = ?1 ORDER BY key DESC LIMIT 1), ?2)
        WHERE account = ?3 AND person = ?4 AND talk = ?5";
    sqlx::query(JOINED)
        .bind(millis(now))
        .bind(&by.account)
        .bind(&by.person)
        .bind(&by.talk)
        .execute(&mut *connection)
        .await?;
    sqlx::query(GOES_ON)
        .bind(shopper)
        // Nothing was said before: it begins where they are.
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(&by.account)
        .bind(&by.person)
        .bind(&by.talk)
        .execute(connection)
        .await?;
    Ok(())
}

/// They said yes.
///
/// # Errors
/// When that could not be noted.
pub async fn accept(store: &Store, by: &Contact, now: Timestamp) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    let shopper: Option<String> = sqlx::query_scalar(
        "SELECT shopper FROM link WHERE account = ? AND person = ? AND talk = ? AND state = 'asked'",
    )
    .bind(&by.account)
    .bind(&by.person)
    .bind(&by.talk)
    .fetch_optional(&mut *write)
    .await?;
    if let Some(shopper) = shopper {
        join(&mut write, by, &shopper, now).await?;
    }
    write.commit().await
}

/// Ends a link, or a question for one: they are who they were before. Who that is; none where there was no link.
async fn parted(
    connection: &mut Connection,
    account: &str,
    person: &str,
    talk: &str,
) -> Result<Option<(String, String)>, StoreError> {
    const END: &str = "DELETE FROM link WHERE account = ? AND person = ? AND talk = ?
        RETURNING own_shopper, own_conversation";
    const BACK: &str = "UPDATE contact SET shopper = ?, conversation = ?
        WHERE account = ? AND person = ? AND talk = ?";
    let own: Option<(String, String)> = sqlx::query_as(END)
        .bind(account)
        .bind(person)
        .bind(talk)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some((shopper, conversation)) = &own {
        sqlx::query(BACK)
            .bind(shopper)
            .bind(conversation)
            .bind(account)
            .bind(person)
            .bind(talk)
            .execute(connection)
            .await?;
    }
    Ok(own)
}

/// Ends the links of someone on a messenger; how many there were.
///
/// # Errors
/// When that could not be noted.
pub async fn unlink(store: &Store, account: &str, person: &str) -> Result<usize, StoreError> {
    let mut write = store.begin().await?;
    let talks: Vec<String> =
        sqlx::query_scalar("SELECT talk FROM link WHERE account = ? AND person = ?")
            .bind(account)
            .bind(person)
            .fetch_all(&mut *write)
            .await?;
    for talk in &talks {
        parted(&mut write, account, person, talk).await?;
    }
    write.commit().await?;
    Ok(talks.len())
}

/// What a contact is joined to, or asked to be.
///
/// # Errors
/// When it cannot be read.
pub async fn link_of(store: &Store, of: &Contact) -> Result<Option<Link>, StoreError> {
    let query = format!("{COLUMNS} WHERE account = ? AND person = ? AND talk = ?");
    let mut connection = store.read().await?;
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
        .bind(&of.account)
        .bind(&of.person)
        .bind(&of.talk)
        .fetch_optional(&mut *connection)
        .await?)
}

/// All links, the latest first.
///
/// # Errors
/// When they cannot be read.
pub async fn links(store: &Store) -> Result<Vec<Link>, StoreError> {
    let query = format!("{COLUMNS} WHERE state = 'linked' ORDER BY at DESC, account, person");
    let mut connection = store.read().await?;
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
        .fetch_all(&mut *connection)
        .await?)
}

/// Who a shopper was on messengers before they linked them: theirs, too.
///
/// # Errors
/// When it cannot be read.
pub async fn shoppers_behind(
    connection: &mut Connection,
    shopper: &str,
) -> Result<Vec<String>, StoreError> {
    const BEHIND: &str =
        "SELECT DISTINCT own_shopper FROM link WHERE shopper = ? AND state = 'linked'";
    Ok(sqlx::query_scalar(BEHIND)
        .bind(shopper)
        .fetch_all(connection)
        .await?)
}

pub(in crate::relay) async fn export_of(
    store: &Store,
    shopper: &str,
) -> Result<Vec<LinkExport>, StoreError> {
    let query = format!("{COLUMNS} WHERE state = 'linked' AND shopper = ? ORDER BY at, account");
    let mut connection = store.read().await?;
    let links: Vec<Link> = sqlx::query_as(sqlx::AssertSqlSafe(query))
        .bind(shopper)
        .fetch_all(&mut *connection)
        .await?;
    let export = |link: Link| LinkExport {
        account: link.account,
        person: link.person,
        linked_at: time(link.at),
        customer: link.customer,
        email: link.email,
    };
    Ok(links.into_iter().map(export).collect())
}

/// Forgets what a shopper's links have beside their contacts, which take those with them.
pub(in crate::relay) async fn erase_of(
    connection: &mut Connection,
    shopper: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM link_code WHERE shopper = ?")
        .bind(shopper)
        .execute(&mut *connection)
        .await?;
    // Of someone who has not said yes, the contact stays.
    sqlx::query("DELETE FROM link WHERE shopper = ?")
        .bind(shopper)
        .execute(&mut *connection)
        .await?;
    // Who goes back to them goes back to nobody.
    sqlx::query("UPDATE link SET own_shopper = ?, own_conversation = ? WHERE own_shopper = ?")
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets codes whose time is over, and tries that count no more.
pub(in crate::relay) async fn forget_old(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM link_code WHERE ends_at <= ?")
        .bind(millis(now))
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM link_try WHERE since <= ?")
        .bind(millis(now - TRIES_REST))
        .execute(connection)
        .await?;
    Ok(())
}
