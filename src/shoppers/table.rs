use super::{Identity, Shopper, ShoppersError, TokenDigest};
use crate::store::{Connection, Store, StoreError, insert_rows, millis};
use jiff::Timestamp;

/// The shoppers of the store.
#[derive(Clone)]
pub struct Shoppers {
    store: Store,
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

/// Adds those who are not there yet.
pub async fn insert(
    connection: &mut Connection,
    newcomers: Vec<(Shopper, Timestamp)>,
) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO shopper (id, token_digest, known_as, created_at)";
    insert_rows(
        connection,
        HEAD,
        " ON CONFLICT (id) DO NOTHING",
        4,
        newcomers,
        |mut row, (shopper, at)| {
            let (token, name) = match shopper.identity {
                Identity::Visitor(token) => (Some(token.0.to_vec()), None),
                Identity::Known(name) => (None, Some(name)),
            };
            row.push_bind(shopper.id.to_string())
                .push_bind(token)
                .push_bind(name)
                .push_bind(millis(at));
        },
    )
    .await?;
    Ok(())
}
