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
mod tests {
    use super::super::super::stub::{Shop, noon, say, shop, text, text_of};
    use super::super::{Place, TurnRow};
    use super::*;
    use proptest::prelude::*;

    /// The assistant says something by itself in a conversation that has begun.
    async fn notice(shop: &Shop, conversation: &str) -> u64 {
        let journal = shop.conversations.journal();
        let resumed = journal.resume(&conversation.into()).await.unwrap().unwrap();
        let row = TurnRow {
            place: Place::Known(resumed.key),
            seq: resumed.last_seq + 1,
            at: noon(),
            client_id: "".into(),
            said: "".into(),
            reply: serde_json::to_string(&text("news")).unwrap().into(),
            state: resumed.state.into(),
            trace: "{}".into(),
            unanswered: false,
            handoff: None,
            spent: Vec::new(),
            returns: Vec::new(),
            photos: Vec::new(),
            shown: Vec::new(),
            outbox: Vec::new(),
        };
        let mut write = shop.store.begin().await.unwrap();
        journal.write(&mut write, row).await.unwrap();
        write.commit().await.unwrap();
        resumed.last_seq + 1
    }

    #[tokio::test]
    async fn a_notice_is_one_entry_and_the_numbers_go_on_behind_it() {
        let shop = shop().await;
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        assert_eq!(notice(&shop, "c").await, 4);
        assert_eq!(notice(&shop, "c").await, 5);
        let next = say(&shop.conversations, "c", "m2", "again").await.unwrap();
        assert_eq!((next.seq, next.reply.seq), (6, 7));
        assert_eq!(text_of(&next.reply), "2 again", "the state goes on");
        let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        assert!(again.repeated);
        let journal = shop.conversations.journal();
        let all = journal.entries_after(&"c".into(), 0, 100).await.unwrap();
        let voices = all
            .iter()
            .map(|entry| matches!(entry.voice, Voice::Assistant { .. }));
        let voices: Vec<bool> = voices.collect();
        assert_eq!(voices, [true, false, true, true, true, false, true]);
        let turns = journal.turns(&"c".into()).await.unwrap();
        let notices = turns.iter().map(StoredTurn::is_notice).collect::<Vec<_>>();
        assert_eq!(notices, [false, true, true, false]);
        let resumed = journal.resume(&"c".into()).await.unwrap().unwrap();
        assert_eq!(resumed.client_ids, ["m1", "m2"]);
    }

    #[tokio::test]
    async fn a_conversation_that_has_not_begun_is_empty() {
        let shop = shop().await;
        let (journal, id) = (shop.conversations.journal(), ConversationId::from("none"));
        assert!(journal.resume(&id).await.unwrap().is_none());
        assert!(journal.entries_after(&id, 0, 10).await.unwrap().is_empty());
        assert!(
            journal
                .entries_before(&id, u64::MAX, 10)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(journal.turns(&id).await.unwrap().is_empty());
        assert_eq!(
            journal.admit(&id, "m", "text").await.unwrap(),
            Admission::New
        );
    }

    #[tokio::test]
    async fn turns_are_read_as_they_were_made() {
        let shop = shop().await;
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        let accepted = say(&shop.conversations, "c", "m2", "again").await.unwrap();
        let turns = shop
            .conversations
            .journal()
            .turns(&"c".into())
            .await
            .unwrap();
        assert_eq!(turns.len(), 2);
        assert_eq!(turns[1].message(), *accepted.said);
        assert_eq!(turns[1].answer(), *accepted.reply);
        assert_eq!(
            (turns[1].state.as_str(), turns[1].trace.as_str()),
            ("2", r#"{"said":"again"}"#)
        );
    }

    #[tokio::test]
    async fn the_last_turn_of_a_conversation_is_found_by_index() {
        let shop = shop().await;
        for n in 0..40 {
            say(&shop.conversations, "c", &format!("m{n}"), "hello")
                .await
                .unwrap();
        }
        let resumed = shop
            .conversations
            .journal()
            .resume(&"c".into())
            .await
            .unwrap()
            .unwrap();
        assert_eq!((resumed.last_seq, resumed.state.as_str()), (81, "40"));
        assert_eq!(
            (resumed.client_ids.len(), resumed.client_ids[39].as_str()),
            (40, "m39")
        );
        let mut read = shop.store.read().await.unwrap();
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {LAST}")))
                .bind("c")
                .fetch_all(&mut *read)
                .await
                .unwrap();
        for (_, _, _, step) in plan {
            assert!(step.contains("SEARCH"), "neither a scan nor a sort: {step}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn pages_of_any_size_join_to_the_whole(turns in 0..12_u64, every in 1..6_u64, limit in 1..9_usize) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let shop = shop().await;
                let (journal, id) = (shop.conversations.journal(), ConversationId::from("c"));
                for n in 0..turns {
                    say(&shop.conversations, "c", &format!("m{n}"), &format!("text {n}")).await.unwrap();
                    if n % every == 0 {
                        notice(&shop, "c").await;
                    }
                }
                let all = journal.entries_after(&id, 0, 1000).await.unwrap();
                let count = if turns == 0 { 0 } else { 2 * turns + turns.div_ceil(every) + 1 };
                assert_eq!(all.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=count).collect::<Vec<_>>());
                let said = all.iter().filter(|entry| matches!(entry.voice, Voice::Shopper { .. }));
                assert!(said.enumerate().all(|(n, entry)| text_of(entry) == format!("text {n}")));

                let (mut forward, mut last) = (Vec::new(), 0);
                loop {
                    let page = journal.entries_after(&id, last, limit).await.unwrap();
                    assert!(page.len() <= limit);
                    let Some(entry) = page.last() else { break };
                    last = entry.seq;
                    forward.extend(page);
                }
                assert_eq!(forward, all);

                let (mut backward, mut first) = (Vec::new(), u64::MAX);
                loop {
                    let mut page = journal.entries_before(&id, first, limit).await.unwrap();
                    assert!(page.len() <= limit);
                    let Some(entry) = page.first() else { break };
                    first = entry.seq;
                    page.extend(backward);
                    backward = page;
                }
                assert_eq!(backward, all);
            });
        }
    }
}
