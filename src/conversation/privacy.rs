//! What a shopper may ask of us: all they said and heard, and none of it any more.

use super::{ConversationId, Conversations, Entry, Journal, JournalError, SayError, Talk, Voice};
use crate::events;
use crate::mail;
use crate::orders;
use crate::relay;
use crate::shoppers::{self, Shopper, ShopperId};
use crate::uploads::{self, Photo};
use crate::watches;
use jiff::Timestamp;
use serde::Serialize;

/// One conversation of a shopper, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConversationExport {
    pub id: ConversationId,
    pub entries: Vec<Entry>,
    /// What the assistant remembers of it.
    pub remembered: serde_json::Value,
}

impl ConversationExport {
    /// All photos that were sent, oldest first.
    pub fn photos(&self) -> impl Iterator<Item = &Photo> {
        self.entries.iter().flat_map(|entry| match &entry.voice {
            Voice::Shopper { photos, .. } => photos.as_slice(),
            _ => &[],
        })
    }
}

impl Journal {
    /// One conversation, whole.
    pub async fn export(&self, id: &ConversationId) -> Result<ConversationExport, JournalError> {
        let entries = self.entries_after(id, 0, usize::MAX).await?;
        let state = self
            .resume(id)
            .await?
            .map_or("null".to_owned(), |resumed| resumed.state);
        Ok(ConversationExport {
            id: id.clone(),
            entries,
            remembered: serde_json::from_str(&state)?,
        })
    }

    /// Deletes one conversation with its photos, from the file and from its log; and its shopper, where nothing else is
    /// kept of them. Again changes nothing.
    async fn delete(&self, talk: &Talk) -> Result<(), JournalError> {
        let shopper = &talk.shopper.id;
        let mut write = self.store.begin().await?;
        sqlx::query("DELETE FROM conversation WHERE id = ? AND shopper = ?")
            .bind(talk.conversation.as_str())
            .bind(shopper.as_str())
            .execute(&mut *write)
            .await?;
        uploads::delete_unsent_of(&mut write, shopper.as_str()).await?;
        let stays: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM conversation WHERE shopper = ?)")
                .bind(shopper.as_str())
                .fetch_one(&mut *write)
                .await?;
        let kept = events::any_of(&mut write, shopper.as_str()).await?
            || watches::any_of(&mut write, shopper.as_str()).await?;
        if !stays && !kept {
            shoppers::delete(&mut write, std::slice::from_ref(shopper)).await?;
        }
        write.commit().await?;
        self.store.checkpoint().await?;
        uploads::sweep(&self.store).await?;
        Ok(())
    }

    /// All conversations of a shopper, oldest first.
    pub async fn export_of(
        &self,
        shopper: &ShopperId,
    ) -> Result<Vec<ConversationExport>, JournalError> {
        let mut exports = Vec::new();
        for id in self.conversations_of(shopper).await? {
            exports.push(self.export(&id).await?);
        }
        Ok(exports)
    }

    /// Deletes a shopper, all their conversations, photos, alerts and letters to them, from the file and from its log; returns how
    /// many conversations there were. One that is live begins anew with the shopper's next message.
    pub async fn erase(&self, shopper: &Shopper, now: Timestamp) -> Result<u64, JournalError> {
        const ALL: &str = "DELETE FROM conversation WHERE shopper = ?";
        let mut write = self.store.begin().await?;
        let mut ids = shoppers::settle(&mut write, &[(shopper, now)]).await?;
        for id in ids.clone() {
            let behind = relay::shoppers_behind(&mut write, id.as_str()).await?;
            ids.extend(behind.into_iter().map(ShopperId::from));
        }
        let mut conversations = 0;
        for id in ids {
            conversations += sqlx::query(ALL)
                .bind(id.as_str())
                .execute(&mut *write)
                .await?
                .rows_affected();
            orders::erase_requests_of(&mut write, id.as_str()).await?;
            mail::erase_of(&mut write, id.as_str()).await?;
            watches::erase_of(&mut write, id.as_str()).await?;
            relay::erase_of(&mut write, id.as_str()).await?;
            let identity = shopper.identity.clone();
            shoppers::erase(&mut write, &Shopper { id, identity }, now).await?;
        }
        write.commit().await?;
        self.store.checkpoint().await?;
        uploads::sweep(&self.store).await?;
        Ok(conversations)
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

impl Conversations {
    /// Deletes a conversation, after what is under way in it. Whoever looks at it is dismissed, and begins anew.
    ///
    /// # Errors
    /// When it could not be deleted; then all of it is there.
    pub async fn delete(&self, talk: Talk) -> Result<(), SayError> {
        let (this, live) = (self.clone(), self.hold(&talk.conversation));
        self.to_the_end(async move {
            let mut turn = live.turn.lock().await;
            *turn = None;
            this.journal().delete(&talk).await?;
            live.dismiss();
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub::{noon, say, shop, talk};
    use crate::mail;
    use crate::shoppers::Shoppers;

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

        assert_eq!(journal.erase(&shopper, noon()).await.unwrap(), 1);
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

    #[tokio::test]
    async fn mail_to_an_erased_shopper_is_not_sent() {
        let shop = shop().await;
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        let shopper = talk("c").shopper;
        let letter = mail::Letter {
            to: mail::Address::parse("ada@x.test").unwrap(),
            subject: "Back".to_owned(),
            body: "It is back.".to_owned(),
            unsubscribe: None,
            kind: "back_in_stock",
            owner: Some(shopper.id.as_str().to_owned()),
            expires_at: noon(),
            reply: None,
        };
        let mut write = shop.store.begin().await.unwrap();
        mail::enqueue(&mut write, &letter, noon()).await.unwrap();
        write.commit().await.unwrap();
        let letters = async || mail::export_of(&shop.store, shopper.id.as_str()).await;
        assert_eq!(letters().await.unwrap().len(), 1);
        let journal = shop.conversations.journal();
        journal.erase(&shopper, noon()).await.unwrap();
        assert!(letters().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_asks_in_a_conversation_hears_the_answer_and_is_gone() {
        let shop = shop().await;
        let (sender, mut heard) = tokio::sync::mpsc::channel(8);
        let _seat = shop
            .conversations
            .attach(&"c".into(), sender)
            .await
            .unwrap();
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        let accepted = say(&shop.conversations, "c", "m2", "erase").await.unwrap();
        assert!(accepted.erased);
        let mut seqs = Vec::new();
        while let Some(entry) = heard.recv().await {
            seqs.push(entry.seq);
        }
        assert_eq!(seqs, [2, 3, 4, 5], "and the channel has ended");
        let journal = shop.conversations.journal();
        assert!(journal.conversations().await.unwrap().is_empty());
        let again = say(&shop.conversations, "c", "m3", "hello").await.unwrap();
        assert_eq!((again.seq, again.erased), (2, false));
    }
}
