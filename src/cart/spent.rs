//! Which codes good for one order a shopper has used, whatever the conversation.

use crate::store::{Connection, Store, StoreError, millis};
use jiff::Timestamp;

/// Codes a shopper has used, the first first.
pub async fn spent_of(store: &Store, shopper: &str) -> Result<Vec<String>, StoreError> {
    let mut connection = store.read().await?;
    let codes =
        sqlx::query_scalar("SELECT code FROM spent_code WHERE shopper = ? ORDER BY at, code")
            .bind(shopper)
            .fetch_all(&mut *connection)
            .await?;
    Ok(codes)
}

/// Notes that a shopper has used a code; again changes nothing.
pub async fn note_spent(
    connection: &mut Connection,
    shopper: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO spent_code (shopper, code, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(shopper)
    .bind(code)
    .bind(millis(now))
    .execute(connection)
    .await?;
    Ok(())
}
