//! How many letters may ask one address to confirm, whoever asks for them: nobody's mailbox is filled by strangers.

use crate::mail::Address;
use crate::store::{Connection, StoreError, millis};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

/// Between two letters.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Letters in a [`DAY`].
const MOST: i64 = 3;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Notes a letter to an address; false, and nothing noted, when it would be one too many.
pub(super) async fn may_ask(
    connection: &mut Connection,
    address: &Address,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let digest = Sha256::digest(address.as_str()).to_vec();
    let (today, lately): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE at > ?3) FROM watch_letter WHERE address = ?1 AND at > ?2",
    )
    .bind(&digest)
    .bind(millis(now - DAY))
    .bind(millis(now - EVERY))
    .fetch_one(&mut *connection)
    .await?;
    if today >= MOST || lately > 0 {
        return Ok(false);
    }
    sqlx::query("INSERT INTO watch_letter (address, at) VALUES (?, ?)")
        .bind(digest)
        .bind(millis(now))
        .execute(connection)
        .await?;
    Ok(true)
}

/// Forgets letters that count no longer.
pub(super) async fn forget_old(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM watch_letter WHERE at <= ?")
        .bind(millis(now - DAY))
        .execute(connection)
        .await?;
    Ok(())
}
