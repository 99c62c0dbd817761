use super::secret::{Seal, Secrets};
use super::{ImportedOrder, OrderNumber, OrdersError};
use crate::store::{Connection, Store, StoreError, insert_rows, millis};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// So few orders are looked up one by one; for more, all that are known are read.
const FEW: usize = 100;

/// The source of orders that the shop's own server was asked for.
pub const SERVER: &str = "server";

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Upserted {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// Adds orders and replaces those that have changed. Of an order that comes twice the last stays.
pub async fn upsert_orders(
    connection: &mut Connection,
    orders: &[ImportedOrder],
) -> Result<Upserted, OrdersError> {
    let seal = Seal::of(connection).await?;
    let known = hashes(connection, orders).await?;
    let mut counts = Upserted::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut place: HashMap<&OrderNumber, usize> = HashMap::new();
    for imported in orders {
        let row = Row::of(imported, &seal)?;
        match place.get(&imported.order.number) {
            Some(&at) => rows[at] = row,
            None => {
                place.insert(&imported.order.number, rows.len());
                rows.push(row);
            }
        }
    }
    rows.retain(|row| match known.get(&row.number) {
        Some(hash) if hash[..] == row.hash[..] => {
            counts.unchanged += 1;
            false
        }
        Some(_) => {
            counts.changed += 1;
            true
        }
        None => {
            counts.added += 1;
            true
        }
    });
    const HEAD: &str =
        "INSERT INTO orders (number, shape, hash, email, postcode, phone, customer_number, body)";
    const TAIL: &str = " ON CONFLICT (number) DO UPDATE SET hash = excluded.hash, email = excluded.email,
        postcode = excluded.postcode, phone = excluded.phone, customer_number = excluded.customer_number,
        body = excluded.body";
    insert_rows(connection, HEAD, TAIL, 8, rows, |mut columns, row| {
        let [email, postcode, phone, customer] =
            row.secrets.map(|digest| digest.map(|d| d.to_vec()));
        columns
            .push_bind(row.number)
            .push_bind(row.shape)
            .push_bind(row.hash.to_vec());
        columns
            .push_bind(email)
            .push_bind(postcode)
            .push_bind(phone)
            .push_bind(customer);
        columns.push_bind(row.body);
    })
    .await?;
    Ok(counts)
}

/// How many orders are known.
pub async fn count_orders(connection: &mut Connection) -> Result<u64, OrdersError> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM orders")
        .fetch_one(connection)
        .await?;
    Ok(count.unsigned_abs())
}

/// Takes one order away; nothing happens when there is none with this number.
pub async fn remove(connection: &mut Connection, number: &OrderNumber) -> Result<(), OrdersError> {
    sqlx::query("DELETE FROM orders WHERE number = ?")
        .bind(number.as_str())
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// Notes that these orders, which are stored, were seen at `source` as they are.
pub async fn seen(
    connection: &mut Connection,
    orders: &[ImportedOrder],
    source: &str,
    now: Timestamp,
) -> Result<(), OrdersError> {
    for imported in orders {
        sqlx::query("UPDATE orders SET source = ?, seen_at = ? WHERE number = ?")
            .bind(source)
            .bind(millis(now))
            .bind(imported.order.number.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Removes orders of the shop's own server that nobody asked for since `limit`.
pub async fn forget_taken_over(store: &Store, limit: Timestamp) -> Result<u64, StoreError> {
    let mut write = store.begin().await?;
    let gone = sqlx::query("DELETE FROM orders WHERE source = ? AND seen_at < ?")
        .bind(SERVER)
        .bind(millis(limit))
        .execute(&mut *write)
        .await?;
    write.commit().await?;
    Ok(gone.rows_affected())
}

struct Row {
    number: String,
    shape: String,
    hash: [u8; 32],
    secrets: Secrets,
    body: String,
}

impl Row {
    fn of(imported: &ImportedOrder, seal: &Seal) -> Result<Self, OrdersError> {
        let order = &imported.order;
        let broken = |source| OrdersError::Broken {
            number: order.number.to_string(),
            source,
        };
        let body = serde_json::to_string(order).map_err(broken)?;
        let mut secrets: Secrets = [None; 4];
        for secret in &imported.secrets {
            secrets[secret.kind as usize] = seal.digest(secret.kind, &secret.text);
        }
        let mut hash = Sha256::new_with_prefix(&body);
        for digest in &secrets {
            hash.update(digest.unwrap_or_default());
        }
        let (number, shape) = (order.number.to_string(), order.number.shape());
        Ok(Self {
            number,
            shape,
            hash: hash.finalize().into(),
            secrets,
            body,
        })
    }
}

/// Of the orders that are known already, at least of these.
async fn hashes(
    connection: &mut Connection,
    orders: &[ImportedOrder],
) -> Result<HashMap<String, Vec<u8>>, OrdersError> {
    if orders.len() <= FEW {
        let mut known = HashMap::new();
        for imported in orders {
            let number = imported.order.number.as_str();
            let hash: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT hash FROM orders WHERE number = ?")
                    .bind(number)
                    .fetch_optional(&mut *connection)
                    .await?;
            known.extend(hash.map(|hash| (number.to_owned(), hash)));
        }
        return Ok(known);
    }
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT number, hash FROM orders")
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}
