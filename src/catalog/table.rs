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

/// Where the demo shop's products say they come from.
pub const DEMO: &str = "demo";

/// A product ready to be stored. Made before the write begins, so that nobody waits for it.
pub struct Row {
    sku: String,
    hash: Vec<u8>,
    body: String,
    carried: String,
    origin: String,
}

/// Makes rows of products; of a SKU that comes twice the last stays. `origin` says where they come from: see [`sweep`].
pub fn prepare(products: &[Product], origin: &str) -> Result<Vec<Row>, TableError> {
    let mut rows: Vec<Row> = Vec::with_capacity(products.len());
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
        let row = Row {
            sku: product.sku.clone(),
            hash,
            body,
            carried,
            origin: origin.to_owned(),
        };
        match place.get(product.sku.as_str()) {
            Some(&at) => rows[at] = row,
            None => {
                place.insert(&product.sku, rows.len());
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Adds products and replaces those that have changed. Products that do not come stay as they are.
pub async fn upsert(connection: &mut Connection, rows: &[Row]) -> Result<Upserted, TableError> {
    let known: Vec<(String, i64, Vec<u8>)> =
        sqlx::query_as("SELECT sku, position, hash FROM catalog_product")
            .fetch_all(&mut *connection)
            .await?;
    let last = known.iter().map(|(_, position, _)| *position).max();
    let mut next = last.map_or(0, |last| last + 1);
    let known: HashMap<String, (i64, Vec<u8>)> = known
        .into_iter()
        .map(|(sku, position, hash)| (sku, (position, hash)))
        .collect();
    let mut counts = Upserted::default();
    let mut new: Vec<(&Row, i64)> = Vec::new();
    for row in rows {
        let position = match known.get(&row.sku) {
            Some((_, same)) if *same == row.hash => {
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
        new.push((row, position));
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
        new,
        |mut columns, (row, position)| {
            columns
                .push_bind(row.sku.clone())
                .push_bind(position)
                .push_bind(row.hash.clone())
                .push_bind(row.body.clone())
                .push_bind(row.carried.clone())
                .push_bind(row.origin.clone());
        },
    )
    .await?;
    if counts.added + counts.changed > 0 {
        changed(connection).await?;
    }
    Ok(counts)
}

/// Codes of the products of `origin` that carry this value under this name. O(n) in the products of the origin.
pub async fn carrying(
    connection: &mut Connection,
    origin: &str,
    name: &str,
    value: &str,
) -> Result<Vec<String>, TableError> {
    let stored: Vec<(String, String)> = sqlx::query_as(
        "SELECT sku, carried FROM catalog_product WHERE origin = ? AND carried <> ''",
    )
    .bind(origin)
    .fetch_all(&mut *connection)
    .await?;
    #[derive(serde::Deserialize)]
    struct Carried {
        product: BTreeMap<String, String>,
    }
    let carries = |(sku, carried): (String, String)| {
        let carried: Carried = serde_json::from_str(&carried).ok()?;
        (carried.product.get(name)? == value).then_some(sku)
    };
    Ok(stored.into_iter().filter_map(carries).collect())
}

/// Does the shop sell anything that is not the demo shop's?
pub async fn has_own(store: &Store) -> Result<bool, TableError> {
    let mut connection = store.read().await?;
    let any = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM catalog_product WHERE origin <> ?)")
        .bind(DEMO)
        .fetch_one(&mut *connection)
        .await?;
    Ok(any)
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
