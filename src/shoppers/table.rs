use super::{Identity, Shopper, ShopperId, ShoppersError, TokenDigest};
use crate::store::{Connection, Store, StoreError, insert_rows, millis};
use jiff::Timestamp;

/// The shoppers of the store.
#[derive(Clone)]
pub struct Shoppers {
    pub(super) store: Store,
}

impl Shoppers {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The visitor this token was given to.
    pub async fn by_token(&self, token: &TokenDigest) -> Result<Option<Shopper>, ShoppersError> {
        self.find(Identity::Visitor(*token)).await
    }

    /// The shopper whom the shop knows by this name.
    pub async fn by_name(&self, name: &str) -> Result<Option<Shopper>, ShoppersError> {
        self.find(Identity::Known(name.to_owned())).await
    }

    /// The shopper with this id.
    pub async fn by_id(&self, id: &ShopperId) -> Result<Option<Shopper>, ShoppersError> {
        const BY_ID: &str = "SELECT token_digest, known_as FROM shopper WHERE id = ?";
        let mut connection = self.store.read().await?;
        let row: Option<(Option<Vec<u8>>, Option<String>)> = sqlx::query_as(BY_ID)
            .bind(id.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let identity = match row {
            Some((_, Some(name))) => Identity::Known(name),
            Some((Some(digest), None)) => match digest.try_into() {
                Ok(digest) => Identity::Visitor(TokenDigest(digest)),
                Err(_) => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(Some(Shopper {
            id: id.clone(),
            identity,
        }))
    }

    /// Notes the name that the shop has for a visitor. One name is one shopper's: a second browser of the same person
    /// stays a visitor, and so does one who has not said anything yet.
    pub async fn name(&self, id: &ShopperId, name: &str) -> Result<(), ShoppersError> {
        let known: Option<(i64,)> = {
            let mut connection = self.store.read().await?;
            sqlx::query_as("SELECT 1 FROM shopper WHERE id = ? AND known_as IS NULL")
                .bind(id.as_str())
                .fetch_optional(&mut *connection)
                .await?
        };
        if known.is_none() {
            return Ok(());
        }
        let mut write = self.store.begin().await?;
        sqlx::query("UPDATE OR IGNORE shopper SET known_as = ? WHERE id = ?")
            .bind(name)
            .bind(id.as_str())
            .execute(&mut *write)
            .await?;
        Ok(write.commit().await?)
    }

    pub async fn count(&self) -> Result<u64, ShoppersError> {
        let mut connection = self.store.read().await?;
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM shopper")
            .fetch_one(&mut *connection)
            .await?;
        Ok(count.unsigned_abs())
    }

    async fn find(&self, identity: Identity) -> Result<Option<Shopper>, ShoppersError> {
        let mut connection = self.store.read().await?;
        let query = match &identity {
            Identity::Visitor(token) => {
                sqlx::query_scalar("SELECT id FROM shopper WHERE token_digest = ?")
                    .bind(token.0.to_vec())
            }
            Identity::Known(name) => {
                sqlx::query_scalar("SELECT id FROM shopper WHERE known_as = ?").bind(name.clone())
            }
        };
        let id: Option<String> = query.fetch_optional(&mut *connection).await?;
        Ok(id.map(|id| Shopper {
            id: id.into(),
            identity,
        }))
    }
}

/// Adds those who are not there yet. Returns everyone's id, in the same order: of someone who is there
/// already, as when two windows of a new visitor speak at once, the one they have.
pub async fn settle(
    connection: &mut Connection,
    shoppers: &[(&Shopper, Timestamp)],
) -> Result<Vec<ShopperId>, StoreError> {
    const HEAD: &str = "INSERT INTO shopper (id, token_digest, known_as, created_at)";
    const TAIL: &str = " ON CONFLICT DO NOTHING";
    let added = insert_rows(
        connection,
        HEAD,
        TAIL,
        4,
        shoppers.to_vec(),
        |mut row, (shopper, at)| {
            let (token, name) = columns(&shopper.identity);
            row.push_bind(shopper.id.to_string())
                .push_bind(token)
                .push_bind(name)
                .push_bind(millis(at));
        },
    )
    .await?;
    let ids = shoppers.iter().map(|(shopper, _)| shopper.id.clone());
    if added == shoppers.len() as u64 {
        return Ok(ids.collect());
    }
    const SAME: &str = "SELECT id FROM shopper WHERE id = ?1 OR token_digest = ?2 OR known_as = ?3
        ORDER BY id = ?1 DESC LIMIT 1";
    let mut settled = Vec::with_capacity(shoppers.len());
    for (shopper, _) in shoppers {
        let (token, name) = columns(&shopper.identity);
        let id: String = sqlx::query_scalar(SAME)
            .bind(shopper.id.as_str())
            .bind(token)
            .bind(name)
            .fetch_one(&mut *connection)
            .await?;
        settled.push(id.into());
    }
    Ok(settled)
}

/// `token_digest` and `known_as`.
fn columns(identity: &Identity) -> (Option<Vec<u8>>, Option<String>) {
    match identity {
        Identity::Visitor(token) => (Some(token.0.to_vec()), None),
        Identity::Known(name) => (None, Some(name.clone())),
    }
}

/// Removes shoppers who have no conversation left; returns how many there were.
pub async fn delete(connection: &mut Connection, ids: &[ShopperId]) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for id in ids {
        let result = sqlx::query("DELETE FROM shopper WHERE id = ?")
            .bind(id.as_str())
            .execute(&mut *connection)
            .await?;
        deleted += result.rows_affected();
    }
    Ok(deleted)
}
