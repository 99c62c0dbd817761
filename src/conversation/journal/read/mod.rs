use super::{Admission, Journal, JournalError};
use crate::conversation::{ConversationId, Entry, Voice};
use crate::dialogue::block::Block;
use crate::shoppers::ShopperId;
use crate::store::{Connection, StoreError, time};
use crate::uploads::{self, Photo};
use jiff::Timestamp;

/// A turn as it was stored, or a notice.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTurn {
    /// Of the message, the reply is the next; of a notice its own.
    pub seq: u64,
    pub at: Timestamp,
    /// Empty for a notice.
    pub client_id: String,
    pub said: String,
    pub reply: Vec<Block>,
    /// JSON of the state after the turn.
    pub state: String,
    /// JSON.
    pub trace: String,
    /// Sent along with the message.
    pub photos: Vec<Photo>,
}

impl StoredTurn {
    /// Said by the assistant alone: nobody asked.
    pub fn is_notice(&self) -> bool {
        self.client_id.is_empty()
    }

    pub fn message(&self) -> Entry {
        let voice = Voice::Shopper {
            id: self.client_id.clone(),
            text: self.said.clone(),
            photos: self.photos.clone(),
        };
        Entry {
            seq: self.seq,
            at: self.at,
            voice,
        }
    }

    pub fn answer(&self) -> Entry {
        Entry {
            seq: self.seq + 1,
            at: self.at,
            voice: Voice::Assistant {
                blocks: self.reply.clone(),
            },
        }
    }
}

/// Where a stored conversation goes on.
#[derive(Debug)]
pub(crate) struct Resumed {
    pub(crate) key: i64,
    pub(crate) last_seq: u64,
    pub(crate) state: String,
    /// Of all its messages, oldest first.
    pub(crate) client_ids: Vec<String>,
}

/// A conversation's last turn or notice, by index.
const LAST: &str = "SELECT turn.conversation, seq, client_id <> '', state FROM turn
    JOIN conversation ON turn.conversation = conversation.key
    WHERE conversation.id = ? ORDER BY seq DESC LIMIT 1";

type TurnColumns = (i64, i64, String, String, String, String, String);

fn stored(columns: TurnColumns) -> Result<StoredTurn, JournalError> {
    let (seq, at, client_id, said, reply, state, trace) = columns;
    let reply = serde_json::from_str(&reply)?;
    Ok(StoredTurn {
        seq: seq.unsigned_abs(),
        at: time(at),
        client_id,
        said,
        reply,
        state,
        trace,
        photos: Vec::new(),
    })
}

async fn photos_of(
    connection: &mut Connection,
    conversation: &ConversationId,
    (from, to): (u64, u64),
) -> Result<Vec<(u64, Photo)>, StoreError> {
    uploads::of_conversation(connection, conversation.as_str(), from, to).await
}

impl Journal {
    /// What the assistant remembers of a conversation, as JSON; none before its first turn.
    pub async fn state_of(
        &self,
        conversation: &ConversationId,
    ) -> Result<Option<String>, JournalError> {
        Ok(self
            .resume(conversation)
            .await?
            .map(|resumed| resumed.state))
    }

    /// Where the conversation goes on; `None` when it has not begun.
    ///
    /// Takes about 3 µs a turn for the client ids, once for as long as the conversation is held; all
    /// else is the same however long it is.
    pub(crate) async fn resume(
        &self,
        conversation: &ConversationId,
    ) -> Result<Option<Resumed>, JournalError> {
        const IDS: &str = "SELECT client_id FROM turn WHERE conversation = ? AND seq <= ? AND client_id <> '' ORDER BY seq";
        let mut connection = self.store.read().await?;
        let last: Option<(i64, i64, bool, String)> = sqlx::query_as(LAST)
            .bind(conversation.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        let Some((key, seq, is_turn, state)) = last else {
            return Ok(None);
        };
        let client_ids = sqlx::query_scalar(IDS)
            .bind(key)
            .bind(seq)
            .fetch_all(&mut *connection)
            .await?;
        Ok(Some(Resumed {
            key,
            last_seq: seq.unsigned_abs() + u64::from(is_turn),
            state,
            client_ids,
        }))
    }

    /// Whether a message with this id is stored already.
    pub async fn admit(
        &self,
        conversation: &ConversationId,
        client_id: &str,
        text: &str,
    ) -> Result<Admission, JournalError> {
        const BY_CLIENT_ID: &str = "SELECT seq, at, client_id, said, reply, state, trace FROM turn
            WHERE conversation = (SELECT key FROM conversation WHERE id = ?) AND client_id = ?";
        let mut connection = self.store.read().await?;
        let found: Option<TurnColumns> = sqlx::query_as(BY_CLIENT_ID)
            .bind(conversation.as_str())
            .bind(client_id)
            .fetch_optional(&mut *connection)
            .await?;
        Ok(match found.map(stored).transpose()? {
            None => Admission::New,
            Some(mut turn) if turn.said == text => {
                let sent = photos_of(&mut connection, conversation, (turn.seq, turn.seq)).await?;
                turn.photos = sent.into_iter().map(|(_, photo)| photo).collect();
                Admission::Repeated(Box::new(turn))
            }
            Some(_) => Admission::Conflict,
        })
    }

    /// Up to `limit` entries with a number above `seq`, oldest first.
    pub async fn entries_after(
        &self,
        conversation: &ConversationId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        // The turn whose message is `seq` still has its reply to give; a notice that is `seq` has nothing.
        const AFTER: &str = "SELECT seq, at, client_id, said, reply FROM turn
            WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) AND seq >= ?2 ORDER BY seq LIMIT ?3";
        let mut entries = self.greeting(conversation).await?;
        let rows = limit.saturating_add(1);
        entries.extend(self.pages(AFTER, conversation, seq, rows).await?);
        entries.retain(|entry| entry.seq > seq);
        entries.truncate(limit);
        Ok(entries)
    }

    /// Up to `limit` entries with a number below `before`, the nearest ones, oldest first.
    pub async fn entries_before(
        &self,
        conversation: &ConversationId,
        before: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        const BEFORE: &str = "SELECT seq, at, client_id, said, reply FROM turn
            WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) AND seq < ?2 ORDER BY seq DESC LIMIT ?3";
        let mut entries = self.pages(BEFORE, conversation, before, limit).await?;
        entries.extend(self.greeting(conversation).await?);
        entries.sort_by_key(|entry| entry.seq);
        entries.retain(|entry| entry.seq < before);
        entries.drain(..entries.len().saturating_sub(limit));
        Ok(entries)
    }

    async fn pages(
        &self,
        query: &'static str,
        conversation: &ConversationId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        let mut connection = self.store.read().await?;
        let rows: Vec<(i64, i64, String, String, String)> = sqlx::query_as(query)
            .bind(conversation.as_str())
            .bind(i64::try_from(seq).unwrap_or(i64::MAX))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&mut *connection)
            .await?;
        let seqs = rows.iter().map(|row| row.0.unsigned_abs());
        let within = (seqs.clone().min(), seqs.max());
        let mut photos = match within {
            (Some(first), Some(last)) => {
                photos_of(&mut connection, conversation, (first, last)).await?
            }
            _ => Vec::new(),
        };
        let mut entries = Vec::with_capacity(2 * rows.len());
        for (seq, at, id, text, reply) in rows {
            let (seq, at, blocks) = (seq.unsigned_abs(), time(at), serde_json::from_str(&reply)?);
            let is_turn = !id.is_empty();
            if is_turn {
                let sent = photos.extract_if(.., |(of, _)| *of == seq);
                let photos = sent.map(|(_, photo)| photo).collect();
                entries.push(Entry {
                    seq,
                    at,
                    voice: Voice::Shopper { id, text, photos },
                });
            }
            entries.push(Entry {
                seq: seq + u64::from(is_turn),
                at,
                voice: Voice::Assistant { blocks },
            });
        }
        Ok(entries)
    }

    /// Entry 1, of a conversation that has begun.
    async fn greeting(&self, conversation: &ConversationId) -> Result<Vec<Entry>, JournalError> {
        let mut connection = self.store.read().await?;
        let row: Option<(i64, String)> =
            sqlx::query_as("SELECT started_at, greeting FROM conversation WHERE id = ?")
                .bind(conversation.as_str())
                .fetch_optional(&mut *connection)
                .await?;
        let Some((at, greeting)) = row else {
            return Ok(Vec::new());
        };
        let voice = Voice::Assistant {
            blocks: serde_json::from_str(&greeting)?,
        };
        Ok(vec![Entry {
            seq: 1,
            at: time(at),
            voice,
        }])
    }

    /// All turns and notices of a conversation, oldest first; for replay.
    pub async fn turns(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<StoredTurn>, JournalError> {
        const ALL: &str = "SELECT seq, at, client_id, said, reply, state, trace FROM turn
            WHERE conversation = (SELECT key FROM conversation WHERE id = ?) ORDER BY seq";
        let mut connection = self.store.read().await?;
        let rows: Vec<TurnColumns> = sqlx::query_as(ALL)
            .bind(conversation.as_str())
            .fetch_all(&mut *connection)
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// All conversations, oldest first; for replay.
    pub async fn conversations(&self) -> Result<Vec<ConversationId>, JournalError> {
        let mut connection = self.store.read().await?;
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM conversation ORDER BY key")
            .fetch_all(&mut *connection)
            .await?;
        Ok(ids.into_iter().map(ConversationId::from).collect())
    }

    /// The conversation a shopper began last.
    pub async fn latest_of(
        &self,
        shopper: &ShopperId,
    ) -> Result<Option<ConversationId>, JournalError> {
        const LATEST: &str =
            "SELECT id FROM conversation WHERE shopper = ? ORDER BY key DESC LIMIT 1";
        let mut connection = self.store.read().await?;
        let id: Option<String> = sqlx::query_scalar(LATEST)
            .bind(shopper.as_str())
            .fetch_optional(&mut *connection)
            .await?;
        Ok(id.map(ConversationId::from))
    }
}

#[cfg(test)]
mod tests;
