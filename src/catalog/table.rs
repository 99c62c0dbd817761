//! Products in the store: one row each, in the shop's order, compared by content.

use super::Product;
use crate::store::{Connection, Store, StoreError, insert_rows};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

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
/// Products that do not come stay as they are.
pub async fn upsert(
    connection: &mut Connection,
    products: &[Product],
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
    let mut rows: Vec<(String, i64, Vec<u8>, String)> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for product in products {
        let body = serde_json::to_string(product).map_err(|source| TableError::Broken {
            sku: product.sku.clone(),
            source,
        })?;
        let hash = Sha256::digest(body.as_bytes()).to_vec();
        if let Some(&at) = place.get(product.sku.as_str()) {
            rows[at].2 = hash;
            rows[at].3 = body;
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
        rows.push((product.sku.clone(), position, hash, body));
    }
    const INTO: &str = "INSERT OR REPLACE INTO catalog_product (sku, position, hash, body)";
    insert_rows(
        connection,
        INTO,
        "",
        4,
        rows,
        |mut row, (sku, position, hash, body)| {
            row.push_bind(sku)
                .push_bind(position)
                .push_bind(hash)
                .push_bind(body);
        },
    )
    .await?;
    Ok(counts)
}
