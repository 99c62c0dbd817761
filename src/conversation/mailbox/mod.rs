use super::journal::{Opening, Place, TurnRow};
use super::live::{Held, Memory, Registry};
use super::to_the_end::ToTheEnd;
use super::{
    Admission, ConversationId, Engine, EngineError, Entry, Herald, Journal, JournalError, Turned,
    Voice,
};
use crate::shoppers::Shopper;
use crate::store::{StoreError, millis, time};
use crate::uploads::{self, Photo};
use jiff::Timestamp;
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// Entry number of the first message: the greeting is 1.
pub(super) const FIRST_MESSAGE: u64 = 2;

/// All conversations. Clones share them.
#[derive(Clone)]
pub struct Conversations {
    journal: Journal,
    registry: Arc<Registry>,
    /// Turns under way. They run to their end even when the one who asked has gone.
    turns: TaskTracker,
    /// Set once, where there are messengers.
    pub(super) herald: Arc<OnceLock<Arc<dyn Herald>>>,
}

/// Who speaks, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    pub conversation: ConversationId,
    /// Stored with the first message.
    pub shopper: Shopper,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Made by the client, 1 to 64 characters, unique in its conversation.
    pub client_id: String,
    pub text: String,
    /// Ids of photos that this shopper uploaded and has not sent yet.
    pub photos: Vec<String>,
}

/// Words alone, from nobody in particular; for an engine that is asked by itself.
impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self {
            client_id: String::new(),
            text: text.to_owned(),
            photos: Vec::new(),
        }
    }
}

/// A message that is stored, and its reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Of the message.
    pub seq: u64,
    pub said: Arc<Entry>,
    pub reply: Arc<Entry>,
    /// It had been accepted before; nothing was said to anyone again.
    pub repeated: bool,
    /// All that was stored of the shopper is gone, this turn with it. Their listeners' channels have
    /// ended; the door lets them in again as someone new.
    pub erased: bool,
}

/// Why a message was not accepted. It was not stored, and may be sent again but for `Conflict`.
#[derive(Debug, thiserror::Error)]
pub enum SayError {
    #[error("this message id was used for another text; make a new id for each message")]
    Conflict,
    #[error("a photo of this message is not here any more; choose it again")]
    Photo,
    #[error("the conversation cannot be stored or read just now: {0}")]
    Journal(#[from] JournalError),
    #[error("no reply could be made: {0}")]
    Engine(#[source] EngineError),
    #[error("making the reply ended in a panic; see the log")]
    Panic,
}

impl From<StoreError> for SayError {
    fn from(error: StoreError) -> Self {
        Self::Journal(error.into())
    }
}

/// A seat in a conversation: every later entry arrives in order, once, at the sender given. Drop it to leave.
pub struct Attachment {
    live: Held,
    number: u64,
    /// Entries up to this one are in the journal; all later ones come by the channel.
    pub last_seq: u64,
}

impl Drop for Attachment {
    fn drop(&mut self) {
        self.live.leave(self.number);
    }
}

impl Conversations {
    pub fn new(journal: Journal) -> Self {
        Self {
            journal,
            registry: Arc::default(),
            turns: TaskTracker::new(),
            herald: Arc::default(),
        }
    }

    /// From now on what is said unasked reaches shoppers on messengers, too.
    pub fn heralded_by(&self, herald: Arc<dyn Herald>) {
        // Nobody sets two: the first stays.
        let _ = self.herald.set(herald);
    }

    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Conversations in memory: attached or in a turn.
    pub fn live(&self) -> usize {
        self.registry.len()
    }

    /// Listens. Waits for a turn that is under way, so that nothing falls between journal and channel.
    ///
    /// A listener that lets its channel fill up is left behind: the channel ends, and it resumes from the journal.
    pub async fn attach(
        &self,
        conversation: &ConversationId,
        sender: mpsc::Sender<Arc<Entry>>,
    ) -> Result<Attachment, JournalError> {
        let live = self.registry.hold(conversation);
        let (number, last_seq) = {
            let mut turn = live.turn.lock().await;
            let memory = self.recall(conversation, &mut turn).await?;
            (live.join(sender), memory.last_seq)
        };
        Ok(Attachment {
            live,
            number,
            last_seq,
        })
    }

    /// Has a message answered, after those that came earlier in its conversation. Returns, and tells the
    /// listeners, when message and reply are on the disk. The turn goes on to its end when the caller does not.
    pub async fn say<E: Engine>(
        &self,
        talk: Talk,
        message: Message,
        now: Timestamp,
        engine: E,
    ) -> Result<Accepted, SayError> {
        let (this, live) = (self.clone(), self.registry.hold(&talk.conversation));
        let turn = async move { this.take_turn(&live, &talk, message, now, &engine).await };
        self.to_the_end(turn).await
    }

    /// Does something in a conversation, to its end even when the one who asked has gone.
    pub(super) async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, SayError>> + Send + 'static,
    ) -> Result<T, SayError> {
        let under_way = self.turns.token();
        let work = async move {
            let _under_way = under_way;
            work.await
        };
        ToTheEnd::new(work).await.unwrap_or(Err(SayError::Panic))
    }

    /// Somebody looks at the conversation, or speaks in it.
    pub(super) fn is_live(&self, conversation: &ConversationId) -> bool {
        self.registry.has(conversation)
    }

    pub(super) fn hold(&self, conversation: &ConversationId) -> Held {
        self.registry.hold(conversation)
    }

    /// Returns when no turn is under way; for the end of the program, after the doors are closed.
    pub async fn finish(&self) {
        self.turns.close();
        self.turns.wait().await;
    }

    async fn take_turn<E: Engine>(
        &self,
        live: &Held,
        talk: &Talk,
        message: Message,
        now: Timestamp,
        engine: &E,
    ) -> Result<Accepted, SayError> {
        // To the millisecond, as it will be read again.
        let now = time(millis(now));
        let mut turn = live.turn.lock().await;
        let mut result = self.try_turn(&mut turn, talk, &message, now, engine).await;
        if let Err(SayError::Journal(JournalError::Store(StoreError::Clash(_)))) = result {
            // The conversation was deleted, or another program spoke in it, since it was read.
            result = self.try_turn(&mut turn, talk, &message, now, engine).await;
        }
        let accepted = result?;
        if !accepted.repeated {
            live.tell(&accepted.said);
            live.tell(&accepted.reply);
        }
        if accepted.erased {
            live.dismiss();
        }
        Ok(accepted)
    }

    /// Makes a turn and stores it.
    async fn try_turn<E: Engine>(
        &self,
        turn: &mut Option<Memory>,
        talk: &Talk,
        message: &Message,
        now: Timestamp,
        engine: &E,
    ) -> Result<Accepted, SayError> {
        let memory = self.recall(&talk.conversation, turn).await?;
        if memory.may_know(&message.client_id)
            && let Some(accepted) = self.repeated(&talk.conversation, message).await?
        {
            return Ok(accepted);
        }
        let shopper = talk.shopper.id.as_str();
        let photos = uploads::unsent(&self.journal.store, shopper, &message.photos).await?;
        if photos.len() != message.photos.len() {
            return Err(SayError::Photo);
        }
        let turned = engine
            .turn(memory.state.as_deref(), message, now)
            .await
            .map_err(SayError::Engine)?;
        let seq = memory.key.map_or(FIRST_MESSAGE, |_| memory.last_seq + 1);
        // What is on the disk is not known for certain until the write has gone well, and nothing is
        // after an erasure: then the next turn reads it again.
        let mut memory = turn.take().unwrap_or_default();
        if turned.erase {
            self.journal.erase(&talk.shopper, now).await?;
        } else {
            let place = place(&memory, talk, now, engine)?;
            let row = row(place, seq, now, (message, &photos), &turned)?;
            let state = Arc::clone(&row.state);
            let key = self.journal.commit(row).await?;
            memory.went_on(key, seq + 1, state, &message.client_id);
            *turn = Some(memory);
        }
        let voice = Voice::Shopper {
            id: message.client_id.clone(),
            text: message.text.clone(),
            photos,
        };
        let said = Arc::new(Entry {
            seq,
            at: now,
            voice,
        });
        let voice = Voice::Assistant {
            blocks: turned.reply,
        };
        let reply = Arc::new(Entry {
            seq: seq + 1,
            at: now,
            voice,
        });
        Ok(Accepted {
            seq,
            said,
            reply,
            repeated: false,
            erased: turned.erase,
        })
    }

    pub(super) async fn recall<'a>(
        &self,
        conversation: &ConversationId,
        turn: &'a mut Option<Memory>,
    ) -> Result<&'a mut Memory, JournalError> {
        let memory = match turn.take() {
            Some(memory) => memory,
            None => self
                .journal
                .resume(conversation)
                .await?
                .map(Memory::of)
                .unwrap_or_default(),
        };
        Ok(turn.insert(memory))
    }

    async fn repeated(
        &self,
        conversation: &ConversationId,
        message: &Message,
    ) -> Result<Option<Accepted>, SayError> {
        match self
            .journal
            .admit(conversation, &message.client_id, &message.text)
            .await?
        {
            Admission::New => Ok(None),
            Admission::Conflict => Err(SayError::Conflict),
            Admission::Repeated(turn) => Ok(Some(Accepted {
                seq: turn.seq,
                said: Arc::new(turn.message()),
                reply: Arc::new(turn.answer()),
                repeated: true,
                erased: false,
            })),
        }
    }
}

fn place<E: Engine>(
    memory: &Memory,
    talk: &Talk,
    now: Timestamp,
    engine: &E,
) -> Result<Place, JournalError> {
    if let Some(key) = memory.key {
        return Ok(Place::Known(key));
    }
    let greeting = serde_json::to_string(&engine.greeting(now))?;
    let (conversation, shopper) = (talk.conversation.clone(), talk.shopper.clone());
    Ok(Place::New(Box::new(Opening {
        conversation,
        shopper,
        greeting,
    })))
}

fn row(
    place: Place,
    seq: u64,
    at: Timestamp,
    (message, photos): (&Message, &[Photo]),
    turned: &Turned,
) -> Result<TurnRow, JournalError> {
    Ok(TurnRow {
        place,
        seq,
        at,
        client_id: message.client_id.as_str().into(),
        said: message.text.as_str().into(),
        reply: serde_json::to_string(&turned.reply)?.into(),
        state: turned.state.as_str().into(),
        trace: turned.trace.as_str().into(),
        unanswered: turned.unanswered,
        handoff: turned.handoff.clone(),
        spent: turned.spent.clone(),
        returns: turned.returns.clone(),
        photos: photos.to_vec(),
        shown: turned.shown.clone(),
        outbox: turned.outbox.clone(),
    })
}

#[cfg(test)]
mod tests;
