//! Conversations that a person has been asked for. Asking is part of a turn: see [`super::Turned::handoff`].

use super::{ConversationId, Journal, JournalError};
use crate::store::{millis, time};
use jiff::Timestamp;

/// A person was asked for, and nobody has finished with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoff {
    pub conversation: ConversationId,
    /// Of the message that asked.
    pub seq: u64,
    pub at: Timestamp,
    pub reason: String,
}

/// A message nobody had an answer to; for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    pub conversation: ConversationId,
    pub seq: u64,
    pub at: Timestamp,
    pub said: String,
}

type Row = (String, i64, i64, String);

impl Journal {
    /// Whether a person has been asked for and has not handed the conversation back.
    pub async fn is_with_person(
        &self,
        conversation: &ConversationId,
    ) -> Result<bool, JournalError> {
        const OPEN: &str = "SELECT EXISTS (SELECT 1 FROM handoff
            WHERE conversation = (SELECT key FROM conversation WHERE id = ?) AND closed_at IS NULL)";
        let mut connection = self.store.read().await?;
        Ok(sqlx::query_scalar(OPEN)
            .bind(conversation.as_str())
            .fetch_one(&mut *connection)
            .await?)
    }

    /// Gives the conversation back to the assistant; false when nobody had it.
    pub async fn hand_back(
        &self,
        conversation: &ConversationId,
        now: Timestamp,
    ) -> Result<bool, JournalError> {
        const CLOSE: &str = "UPDATE handoff SET closed_at = ?
            WHERE conversation = (SELECT key FROM conversation WHERE id = ?) AND closed_at IS NULL";
        let mut write = self.store.begin().await?;
        let closed = sqlx::query(CLOSE)
            .bind(millis(now))
            .bind(conversation.as_str())
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        Ok(closed.rows_affected() > 0)
    }

    /// Who waits for a person, longest first.
    pub async fn waiting(&self, limit: u32) -> Result<Vec<Handoff>, JournalError> {
        const WAITING: &str =
            "SELECT id, seq, at, reason FROM handoff JOIN conversation ON conversation = key
            WHERE closed_at IS NULL ORDER BY at, conversation LIMIT ?";
        let mut connection = self.store.read().await?;
        let rows: Vec<Row> = sqlx::query_as(WAITING)
            .bind(limit)
            .fetch_all(&mut *connection)
            .await?;
        let handoff = |(conversation, seq, at, reason): Row| Handoff {
            conversation: conversation.into(),
            seq: seq.unsigned_abs(),
            at: time(at),
            reason,
        };
        Ok(rows.into_iter().map(handoff).collect())
    }

    /// Messages without an answer, latest first.
    pub async fn unanswered(&self, limit: u32) -> Result<Vec<Unanswered>, JournalError> {
        const LATEST: &str =
            "SELECT id, seq, at, said FROM unanswered JOIN conversation ON conversation = key
            ORDER BY at DESC, conversation, seq LIMIT ?";
        let mut connection = self.store.read().await?;
        let rows: Vec<Row> = sqlx::query_as(LATEST)
            .bind(limit)
            .fetch_all(&mut *connection)
            .await?;
        let unanswered = |(conversation, seq, at, said): Row| Unanswered {
            conversation: conversation.into(),
            seq: seq.unsigned_abs(),
            at: time(at),
            said,
        };
        Ok(rows.into_iter().map(unanswered).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::stub::{noon, say, shop};
    use super::*;

    #[tokio::test]
    async fn a_person_is_asked_for_once_and_hands_back() {
        let shop = shop().await;
        let journal = shop.conversations.journal();
        let id = ConversationId::from("c");
        assert!(!journal.is_with_person(&id).await.unwrap());
        for n in 0..3 {
            say(&shop.conversations, "c", &format!("m{n}"), "person")
                .await
                .unwrap();
        }
        say(&shop.conversations, "d", "m", "hello").await.unwrap();
        assert!(journal.is_with_person(&id).await.unwrap());
        let asked = Handoff {
            conversation: id.clone(),
            seq: 2,
            at: noon(),
            reason: "asked".into(),
        };
        assert_eq!(journal.waiting(10).await.unwrap(), [asked]);
        assert!(journal.hand_back(&id, noon()).await.unwrap());
        assert!(!journal.hand_back(&id, noon()).await.unwrap());
        assert!(!journal.is_with_person(&id).await.unwrap());
        say(&shop.conversations, "c", "again", "person")
            .await
            .unwrap();
        assert_eq!(journal.waiting(10).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_nobody_could_answer_is_queued_for_staff() {
        let shop = shop().await;
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        say(&shop.conversations, "c", "m2", "?").await.unwrap();
        let queued = shop.conversations.journal().unanswered(10).await.unwrap();
        let wanted = Unanswered {
            conversation: "c".into(),
            seq: 4,
            at: noon(),
            said: "?".into(),
        };
        assert_eq!(queued, [wanted]);
    }
}
