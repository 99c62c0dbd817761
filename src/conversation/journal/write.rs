use crate::cart;
use crate::conversation::ConversationId;
use crate::relay;
use crate::returns;
use crate::shoppers::{self, Shopper};
use crate::store::{Batch, Connection, StoreError, insert_rows, millis};
use crate::uploads::{self, Photo};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// A turn on its way to the disk, or a notice: what the assistant says without being asked.
#[derive(Debug, Clone)]
pub(crate) struct TurnRow {
    pub(crate) place: Place,
    /// Of the message, the reply is the next; of a notice its own.
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    /// Empty for a notice.
    pub(crate) client_id: Arc<str>,
    pub(crate) said: Arc<str>,
    /// JSON of the blocks.
    pub(crate) reply: Arc<str>,
    pub(crate) state: Arc<str>,
    pub(crate) trace: Arc<str>,
    pub(crate) unanswered: bool,
    pub(crate) handoff: Option<String>,
    pub(crate) spent: Vec<String>,
    pub(crate) returns: Vec<returns::Row>,
    /// Sent along with the message.
    pub(crate) photos: Vec<Photo>,
    /// The number of a return, and ids of photos that show what it is about.
    pub(crate) shown: Vec<(String, Vec<String>)>,
    /// Sent to a messenger.
    pub(crate) outbox: Vec<relay::Outgoing>,
}

#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// The key of a conversation that is stored.
    Known(i64),
    /// This is its first turn.
    New(Box<Opening>),
}

/// What the first turn brings into being.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    pub(crate) conversation: ConversationId,
    pub(crate) shopper: Shopper,
    /// JSON of the blocks.
    pub(crate) greeting: String,
}

/// Writes turns, a handful of statements for hundreds of them.
pub(super) struct Turns;

impl Batch for Turns {
    type Job = TurnRow;
    /// The conversation's key.
    type Done = i64;

    async fn write(
        &mut self,
        connection: &mut Connection,
        turns: &[TurnRow],
    ) -> Result<Vec<i64>, StoreError> {
        let opened = open(connection, turns).await?;
        let key_of = |turn: &TurnRow| match &turn.place {
            Place::Known(key) => Ok(*key),
            Place::New(opening) => opened
                .get(opening.conversation.as_str())
                .copied()
                .ok_or_else(|| StoreError::Sql(sqlx::Error::RowNotFound)),
        };
        let keys = turns.iter().map(key_of).collect::<Result<Vec<i64>, _>>()?;
        insert_turns(connection, turns, &keys).await?;
        insert_unanswered(connection, turns, &keys).await?;
        insert_handoffs(connection, turns, &keys).await?;
        insert_spent(connection, turns, &keys).await?;
        for (turn, key) in turns.iter().zip(&keys) {
            for opened in &turn.returns {
                returns::insert(connection, opened, Some(*key)).await?;
            }
            uploads::bind(connection, &turn.photos, *key, turn.seq).await?;
            for (rma, ids) in &turn.shown {
                uploads::give_to_return(connection, ids, rma, *key).await?;
            }
            if !turn.outbox.is_empty() {
                relay::enqueue(connection, &turn.outbox, turn.at).await?;
            }
        }
        Ok(keys)
    }
}

/// Adds the conversations that begin here, with their shoppers. Returns their keys by id.
async fn open<'a>(
    connection: &mut Connection,
    turns: &'a [TurnRow],
) -> Result<HashMap<&'a str, i64>, StoreError> {
    // The highest key there ever was; nobody else writes before this write ends.
    const LAST: &str =
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'conversation'";
    const HEAD: &str = "INSERT INTO conversation (key, id, shopper, started_at, greeting)";
    let openings: Vec<(&Opening, Timestamp)> = turns
        .iter()
        .filter_map(|turn| match &turn.place {
            Place::New(opening) => Some((&**opening, turn.at)),
            Place::Known(_) => None,
        })
        .collect();
    if openings.is_empty() {
        return Ok(HashMap::new());
    }
    let shoppers: Vec<_> = openings
        .iter()
        .map(|(opening, at)| (&opening.shopper, *at))
        .collect();
    let shoppers = shoppers::settle(connection, &shoppers).await?;
    let last: i64 = sqlx::query_scalar(LAST).fetch_one(&mut *connection).await?;
    let keys = openings
        .iter()
        .zip(last + 1..)
        .map(|((opening, _), key)| (opening.conversation.as_str(), key))
        .collect();
    let rows = openings.into_iter().zip(shoppers).zip(last + 1..).collect();
    insert_rows(
        connection,
        HEAD,
        "",
        5,
        rows,
        |mut row, (((opening, at), shopper), key)| {
            row.push_bind(key)
                .push_bind(opening.conversation.to_string())
                .push_bind(shopper.to_string());
            row.push_bind(millis(at))
                .push_bind(opening.greeting.clone());
        },
    )
    .await?;
    Ok(keys)
}

async fn insert_turns(
    connection: &mut Connection,
    turns: &[TurnRow],
    keys: &[i64],
) -> Result<(), StoreError> {
    // A number that is taken undoes the whole batch at once, so that SQLite need not note before each
    // statement how to undo it alone.
    const HEAD: &str = "INSERT OR ROLLBACK INTO turn (conversation, seq, at, client_id, said, reply, state, trace)";
    let rows = turns.iter().zip(keys).collect();
    insert_rows(connection, HEAD, "", 8, rows, |mut row, (turn, key)| {
        row.push_bind(*key)
            .push_bind(turn.seq.cast_signed())
            .push_bind(millis(turn.at));
        row.push_bind(Arc::clone(&turn.client_id))
            .push_bind(Arc::clone(&turn.said));
        row.push_bind(Arc::clone(&turn.reply));
        row.push_bind(Arc::clone(&turn.state))
            .push_bind(Arc::clone(&turn.trace));
    })
    .await?;
    Ok(())
}

async fn insert_spent(
    connection: &mut Connection,
    turns: &[TurnRow],
    keys: &[i64],
) -> Result<(), StoreError> {
    for (turn, key) in turns.iter().zip(keys) {
        for code in &turn.spent {
            let shopper: String =
                sqlx::query_scalar("SELECT shopper FROM conversation WHERE key = ?")
                    .bind(*key)
                    .fetch_one(&mut *connection)
                    .await?;
            cart::note_spent(connection, &shopper, code, turn.at).await?;
        }
    }
    Ok(())
}

async fn insert_unanswered(
    connection: &mut Connection,
    turns: &[TurnRow],
    keys: &[i64],
) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO unanswered (conversation, seq, at, said)";
    let rows = turns
        .iter()
        .zip(keys)
        .filter(|(turn, _)| turn.unanswered)
        .collect();
    insert_rows(connection, HEAD, "", 4, rows, |mut row, (turn, key)| {
        row.push_bind(*key)
            .push_bind(turn.seq.cast_signed())
            .push_bind(millis(turn.at));
        row.push_bind(Arc::clone(&turn.said));
    })
    .await?;
    Ok(())
}

/// Nothing new where a person has been asked for already.
async fn insert_handoffs(
    connection: &mut Connection,
    turns: &[TurnRow],
    keys: &[i64],
) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO handoff (conversation, seq, at, reason)";
    // One person is enough; what else they should know is added to what they were asked for.
    const TAIL: &str = " ON CONFLICT (conversation) WHERE closed_at IS NULL DO UPDATE
        SET reason = handoff.reason || char(10) || excluded.reason
        WHERE instr(handoff.reason, excluded.reason) = 0
        ON CONFLICT DO NOTHING";
    let rows = turns
        .iter()
        .zip(keys)
        .filter_map(|(turn, key)| Some((turn, *key, turn.handoff.clone()?)))
        .collect();
    insert_rows(
        connection,
        HEAD,
        TAIL,
        4,
        rows,
        |mut row, (turn, key, reason)| {
            row.push_bind(key)
                .push_bind(turn.seq.cast_signed())
                .push_bind(millis(turn.at))
                .push_bind(reason);
        },
    )
    .await?;
    Ok(())
}
