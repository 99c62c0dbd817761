//! Products in the store: one row each, in the shop's order, compared by content.

use super::Product;
use crate::store::{Connection, Store, StoreError, insert_rows};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Why products could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("the catalog cannot be stored or read: {0}")]
    Store(#[from] StoreError),
    #[error("product {sku} is stored in a form that cannot be read: {source}; import it again")]
    Broken {
        sku: String,
        source: serde_json::Error,
    },
}

impl From<sqlx::Error> for TableError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Upserted {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
}

/// All products, in the shop's order.
pub async fn load(store: &Store) -> Result<Vec<Product>, TableError> {
    let mut connection = store.read().await?;
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT sku, body FROM catalog_product ORDER BY position, sku")
            .fetch_all(&mut *connection)
            .await?;
    let read = |(sku, body): (String, String)| {
        serde_json::from_str(&body).map_err(|source| TableError::Broken { sku, source })
    };
    rows.into_iter().map(read).collect()
}

/// Adds products and replaces those that have changed; of a SKU that comes twice the last stays.
/// Products that do not come stay as they are. `origin` says where they come from: see [`sweep`].
pub async fn upsert(
    connection: &mut Connection,
    products: &[Product],
    origin: &str,
) -> Result<Upserted, TableError> {
    let known: Vec<(String, i64, Vec<u8>)> =
        sqlx::query_as("SELECT sku, position, hash FROM catalog_product")
            .fetch_all(&mut *connection)
            .await?;
    let mut next = known
        .iter()
        .map(|(_, position, _)| position + 1)
        .max()
        .unwrap_or(0);
    let known: HashMap<String, (i64, Vec<u8>)> = known
        .into_iter()
        .map(|(sku, position, hash)| (sku, (position, hash)))
        .collect();
    let mut counts = Upserted::default();
    let mut rows: Vec<(String, i64, Vec<u8>, String, String)> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for product in products {
        let body = serde_json::to_string(product).map_err(|source| TableError::Broken {
            sku: product.sku.clone(),
            source,
        })?;
        let carried = carried(product);
        let hash = Sha256::new_with_prefix(&body)
            .chain_update(&carried)
            .chain_update(origin)
            .finalize()
            .to_vec();
        if let Some(&at) = place.get(product.sku.as_str()) {
            rows[at].2 = hash;
            rows[at].3 = body;
            rows[at].4 = carried;
            continue;
        }
        let position = match known.get(&product.sku) {
            Some((_, same)) if *same == hash => {
                counts.unchanged += 1;
                continue;
            }
            Some((position, _)) => {
                counts.changed += 1;
                *position
            }
            None => {
                counts.added += 1;
                next += 1;
                next - 1
            }
        };
        place.insert(&product.sku, rows.len());
        rows.push((product.sku.clone(), position, hash, body, carried));
    }
    const INTO: &str = "INSERT INTO catalog_product (sku, position, hash, body, carried, origin)";
    const CHANGED: &str =
        " ON CONFLICT (sku) DO UPDATE SET hash = excluded.hash, body = excluded.body,
        carried = excluded.carried, origin = excluded.origin";
    insert_rows(
        connection,
        INTO,
        CHANGED,
        6,
        rows,
        |mut row, (sku, position, hash, body, carried)| {
            row.push_bind(sku)
                .push_bind(position)
                .push_bind(hash)
                .push_bind(body)
                .push_bind(carried)
                .push_bind(origin.to_owned());
        },
    )
    .await?;
    if counts.added + counts.changed > 0 {
        changed(connection).await?;
    }
    Ok(counts)
}

/// A number that grows with every change of the products.
pub async fn version(store: &Store) -> Result<i64, TableError> {
    let mut connection = store.read().await?;
    let number = sqlx::query_scalar("SELECT number FROM catalog_version")
        .fetch_one(&mut *connection)
        .await?;
    Ok(number)
}

async fn changed(connection: &mut Connection) -> Result<(), TableError> {
    sqlx::query("UPDATE catalog_version SET number = number + 1")
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// What the feed says besides, of the product and of each variant by its code; empty when nothing is.
fn carried(product: &Product) -> String {
    let variants: BTreeMap<&str, _> = product
        .variants
        .iter()
        .filter(|variant| !variant.carried.is_empty())
        .map(|variant| (variant.sku.as_str(), &variant.carried))
        .collect();
    if product.carried.is_empty() && variants.is_empty() {
        return String::new();
    }
    let carried = serde_json::json!({ "product": product.carried, "variants": variants });
    carried.to_string()
}

/// Takes away the products of `origin` that are not among `keep`: its feed no longer has them. How many those were.
pub async fn sweep(
    connection: &mut Connection,
    origin: &str,
    keep: &HashSet<&str>,
) -> Result<usize, TableError> {
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT sku FROM catalog_product WHERE origin = ?")
            .bind(origin)
            .fetch_all(&mut *connection)
            .await?;
    let mut gone = 0;
    for sku in stored.iter().filter(|sku| !keep.contains(sku.as_str())) {
        remove(connection, sku).await?;
        gone += 1;
    }
    Ok(gone)
}

/// Takes one product away; nothing happens when there is none with this code.
pub async fn remove(connection: &mut Connection, sku: &str) -> Result<(), TableError> {
    sqlx::query("DELETE FROM catalog_product WHERE sku = ?")
        .bind(sku)
        .execute(&mut *connection)
        .await?;
    changed(connection).await
}
