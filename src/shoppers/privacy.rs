//! What a shopper may ask of us: everything about them, and nothing any more.

use super::{Identity, Shopper, ShopperId, Shoppers, ShoppersError, Tombstone};
use crate::store::{Connection, StoreError, millis, time};
use jiff::Timestamp;
use serde::Serialize;

/// What this room knows of a shopper.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShopperExport {
    pub id: ShopperId,
    /// The shop's name for them; absent for a visitor, of whom only a digest of a random token is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_as: Option<String>,
    pub created_at: Timestamp,
}

impl Shoppers {
    pub async fn export(&self, id: &ShopperId) -> Result<Option<ShopperExport>, ShoppersError> {
        const ONE: &str = "SELECT known_as, created_at FROM shopper WHERE id = ?";
        let mut connection = self.store.read().await?;
        let row: Option<(Option<String>, i64)> = sqlx::query_as(ONE)
            .bind(id.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        Ok(row.map(|(known_as, at)| ShopperExport {
            id: id.clone(),
            known_as,
            created_at: time(at),
        }))
    }

    /// Whether someone of this identity asked to be erased: whoever fills the store from elsewhere leaves them out.
    pub async fn was_erased(&self, identity: &Identity) -> Result<bool, ShoppersError> {
        let mut connection = self.store.read().await?;
        let found: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tombstone WHERE digest = ?)")
                .bind(Tombstone::of(identity).0.to_vec())
                .fetch_one(&mut *connection)
                .await?;
        Ok(found)
    }
}

/// Removes a shopper and leaves a tombstone. Their conversations must be gone before.
pub async fn erase(
    connection: &mut Connection,
    shopper: &Shopper,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM shopper WHERE id = ?")
        .bind(shopper.id.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO tombstone (digest, erased_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(Tombstone::of(&shopper.identity).0.to_vec())
        .bind(millis(now))
        .execute(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{TokenDigest, delete, settle};
    use super::*;
    use crate::store::scratch::scratch;

    #[tokio::test]
    async fn a_shopper_is_found_exported_and_erased() {
        let shop = scratch().await;
        let shoppers = Shoppers::new(shop.store.clone());
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let token = TokenDigest::of("a token");
        let visitor = Shopper {
            id: "v".into(),
            identity: Identity::Visitor(token),
        };
        let known = Shopper {
            id: "k".into(),
            identity: Identity::Known("ana".into()),
        };
        let mut write = shop.store.begin().await.unwrap();
        let other = Shopper {
            id: "w".into(),
            ..visitor.clone()
        };
        let settled = settle(
            &mut write,
            &[
                (&visitor, now),
                (&known, now),
                (&visitor, now),
                (&other, now),
            ],
        )
        .await;
        assert_eq!(settled.unwrap(), ["v", "k", "v", "v"].map(ShopperId::from));
        write.commit().await.unwrap();

        assert_eq!(shoppers.count().await.unwrap(), 2);
        assert_eq!(
            shoppers.by_token(&token).await.unwrap(),
            Some(visitor.clone())
        );
        assert_eq!(
            shoppers
                .by_token(&TokenDigest::of("another"))
                .await
                .unwrap(),
            None
        );
        assert_eq!(shoppers.by_name("ana").await.unwrap(), Some(known.clone()));
        assert_eq!(
            shoppers.by_id(&visitor.id).await.unwrap(),
            Some(visitor.clone())
        );
        let export = shoppers.export(&known.id).await.unwrap();
        assert_eq!(
            serde_json::to_string(&export).unwrap(),
            r#"{"id":"k","known_as":"ana","created_at":"2026-11-18T11:06:40Z"}"#
        );

        let mut write = shop.store.begin().await.unwrap();
        erase(&mut write, &known, now).await.unwrap();
        assert_eq!(
            delete(&mut write, std::slice::from_ref(&visitor.id))
                .await
                .unwrap(),
            1
        );
        write.commit().await.unwrap();
        assert_eq!(shoppers.count().await.unwrap(), 0);
        assert!(shoppers.was_erased(&known.identity).await.unwrap());
        assert!(
            !shoppers.was_erased(&visitor.identity).await.unwrap(),
            "forgotten is not erased"
        );
    }
}
