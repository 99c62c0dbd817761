//! What a shopper may ask of us: all they said and heard, and none of it any more.

use super::{ConversationId, Entry, Journal, JournalError};
use crate::shoppers::ShopperId;
use crate::store::{Connection, StoreError};
use serde::Serialize;

/// One conversation of a shopper, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConversationExport {
    pub id: ConversationId,
    pub entries: Vec<Entry>,
    /// What the assistant remembers of it.
    pub remembered: serde_json::Value,
}

impl Journal {
    /// All conversations of a shopper, oldest first.
    pub async fn export_of(
        &self,
        shopper: &ShopperId,
    ) -> Result<Vec<ConversationExport>, JournalError> {
        let mut exports = Vec::new();
        for id in self.conversations_of(shopper).await? {
            let entries = self.entries_after(&id, 0, usize::MAX).await?;
            let state = self
                .resume(&id)
                .await?
                .map_or("null".to_owned(), |resumed| resumed.state);
            exports.push(ConversationExport {
                id,
                entries,
                remembered: serde_json::from_str(&state)?,
            });
        }
        Ok(exports)
    }

    async fn conversations_of(
        &self,
        shopper: &ShopperId,
    ) -> Result<Vec<ConversationId>, JournalError> {
        let mut connection = self.store.read().await?;
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id FROM conversation WHERE shopper = ? ORDER BY key")
                .bind(shopper.as_str())
                .fetch_all(&mut *connection)
                .await?;
        Ok(ids.into_iter().map(ConversationId::from).collect())
    }
}

/// Deletes all conversations of a shopper; returns how many there were. One that is live begins
/// anew with the shopper's next message.
pub async fn erase_of(connection: &mut Connection, shopper: &ShopperId) -> Result<u64, StoreError> {
    let result = sqlx::query("DELETE FROM conversation WHERE shopper = ?")
        .bind(shopper.as_str())
        .execute(connection)
        .await?;
    Ok(result.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::super::stub::{noon, say, shop, talk};
    use super::*;
    use crate::shoppers::{self, Shoppers};

    #[tokio::test]
    async fn an_erased_shopper_leaves_no_word_in_the_file() {
        let shop = shop().await;
        let secret = "a-word-nobody-else-says";
        let mut told = String::new();
        for n in 0..30 {
            told = format!("{secret}-{n}");
            say(&shop.conversations, "c", &format!("m{n}"), &told)
                .await
                .unwrap();
        }
        say(&shop.conversations, "other", "m", "hello")
            .await
            .unwrap();
        let shopper = talk("c").shopper;
        let journal = shop.conversations.journal();
        let exported = journal.export_of(&shopper.id).await.unwrap();
        assert_eq!(exported.len(), 1);
        assert_eq!(exported[0].entries.len(), 61);
        assert_eq!(exported[0].remembered, 30);
        assert!(serde_json::to_string(&exported).unwrap().contains(&told));

        let mut write = shop.store.begin().await.unwrap();
        assert_eq!(erase_of(&mut write, &shopper.id).await.unwrap(), 1);
        shoppers::erase(&mut write, &shopper, noon()).await.unwrap();
        write.commit().await.unwrap();
        shop.store.checkpoint().await.unwrap();
        assert!(journal.export_of(&shopper.id).await.unwrap().is_empty());
        assert!(
            Shoppers::new(shop.store.clone())
                .was_erased(&shopper.identity)
                .await
                .unwrap()
        );
        for file in std::fs::read_dir(shop.folder()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{} still has it", path.display());
        }
        let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        assert_eq!(again.seq, 2, "who speaks again begins anew");
    }
}
