//! Baskets in the store: one row each.

use super::Basket;
use crate::store::{Connection, Store, StoreError, insert_rows, millis, time};

/// All baskets, oldest first.
pub async fn load(store: &Store) -> Result<Vec<Basket>, StoreError> {
    let mut connection = store.read().await?;
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT placed_at, items FROM basket ORDER BY placed_at, id")
            .fetch_all(&mut *connection)
            .await?;
    // A basket whose list cannot be read teaches nothing; it is not worth a shop that does not start.
    let read = |(at, items): (i64, String)| {
        Some(Basket {
            at: time(at),
            items: serde_json::from_str(&items).ok()?,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Stores baskets by the number of their order; the same number again replaces.
pub async fn upsert(
    connection: &mut Connection,
    baskets: &[(String, Basket)],
) -> Result<(), StoreError> {
    const INTO: &str = "INSERT OR REPLACE INTO basket (id, placed_at, items)";
    let row = |(id, basket): &(String, Basket)| {
        (
            id.clone(),
            millis(basket.at),
            serde_json::Value::from(basket.items.clone()).to_string(),
        )
    };
    let rows: Vec<(String, i64, String)> = baskets.iter().map(row).collect();
    insert_rows(connection, INTO, "", 3, rows, |mut row, (id, at, items)| {
        row.push_bind(id).push_bind(at).push_bind(items);
    })
    .await?;
    Ok(())
}

/// Takes one basket away; nothing happens when there is none of this order.
pub async fn remove(connection: &mut Connection, id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM basket WHERE id = ?")
        .bind(id)
        .execute(&mut *connection)
        .await?;
    Ok(())
}
