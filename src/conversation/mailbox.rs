use super::journal::{Opening, Place, TurnRow};
use super::live::{Held, Memory, Registry};
use super::to_the_end::ToTheEnd;
use super::{
    Admission, ConversationId, Engine, EngineError, Entry, Journal, JournalError, Turned, Voice,
};
use crate::shoppers::Shopper;
use crate::store::{StoreError, millis, time};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// Entry number of the first message: the greeting is 1.
const FIRST_MESSAGE: u64 = 2;

/// All conversations. Clones share them.
#[derive(Clone)]
pub struct Conversations {
    journal: Journal,
    registry: Arc<Registry>,
    /// Turns under way. They run to their end even when the one who asked has gone.
    turns: TaskTracker,
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
        }
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
        let under_way = self.turns.token();
        let turn = async move {
            let _under_way = under_way;
            this.take_turn(&live, &talk, message, now, &engine).await
        };
        ToTheEnd::new(turn).await.unwrap_or(Err(SayError::Panic))
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
        let turned = engine
            .turn(memory.state.as_deref(), &message.text, now)
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
            let row = row(place, seq, now, message, &turned)?;
            let state = Arc::clone(&row.state);
            let key = self.journal.commit(row).await?;
            memory.went_on(key, seq + 1, state, &message.client_id);
            *turn = Some(memory);
        }
        let voice = Voice::Shopper {
            id: message.client_id.clone(),
            text: message.text.clone(),
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

    async fn recall<'a>(
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
    message: &Message,
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
    })
}

#[cfg(test)]
mod tests {
    use super::super::stub::{Stub, message, say, shop, talk, text_of};
    use super::*;
    use crate::conversation::stub::noon;
    use futures_util::future::join_all;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn drained(receiver: &mut mpsc::Receiver<Arc<Entry>>) -> Vec<Arc<Entry>> {
        std::iter::from_fn(|| receiver.try_recv().ok()).collect()
    }

    #[tokio::test]
    async fn the_first_message_stores_shopper_greeting_message_and_reply() {
        let shop = shop().await;
        let accepted = say(&shop.conversations, "c1", "m1", "hello").await.unwrap();
        assert_eq!(
            (accepted.seq, accepted.reply.seq, accepted.repeated),
            (2, 3, false)
        );
        let journal = shop.conversations.journal();
        let entries = journal.entries_after(&"c1".into(), 0, 50).await.unwrap();
        assert_eq!(
            entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            [1, 2, 3]
        );
        assert_eq!(text_of(&entries[0]), "welcome");
        assert_eq!(entries[1], *accepted.said);
        assert_eq!(entries[2], *accepted.reply);
        let shopper = talk("c1").shopper;
        assert_eq!(
            journal.latest_of(&shopper.id).await.unwrap(),
            Some("c1".into())
        );
        let found = crate::shoppers::Shoppers::new(shop.store.clone())
            .by_name("c1")
            .await
            .unwrap();
        assert_eq!(found, Some(shopper));
    }

    #[tokio::test]
    async fn state_goes_from_turn_to_turn_and_survives_a_restart() {
        let shop = shop().await;
        for n in 1..=3 {
            let accepted = say(&shop.conversations, "c", &format!("m{n}"), "next")
                .await
                .unwrap();
            assert_eq!(text_of(&accepted.reply), format!("{n} next"));
        }
        let restarted = Conversations::new(Journal::start(shop.store.clone()));
        let accepted = say(&restarted, "c", "m4", "next").await.unwrap();
        assert_eq!(text_of(&accepted.reply), "4 next");
        assert_eq!(accepted.seq, 8);
    }

    #[tokio::test]
    async fn numbers_go_on_when_the_clock_goes_back() {
        let shop = shop().await;
        let hour = jiff::SignedDuration::from_hours(1);
        for (n, at) in [noon(), noon() - hour, noon() + 24 * hour, noon()]
            .into_iter()
            .enumerate()
        {
            let message = message(&format!("m{n}"), "next");
            let said = shop.conversations.say(talk("c"), message, at, Stub).await;
            assert_eq!(said.unwrap().seq, 2 + 2 * n as u64);
        }
        let journal = shop.conversations.journal();
        let entries = journal.entries_after(&"c".into(), 0, 50).await.unwrap();
        let numbers: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(numbers, (1..=9).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_repeat_gets_the_first_reply_and_another_text_is_a_conflict() {
        let shop = shop().await;
        let first = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        // Once remembered, once read from the journal.
        for conversations in [
            shop.conversations.clone(),
            Conversations::new(Journal::start(shop.store.clone())),
        ] {
            let again = say(&conversations, "c", "m1", "hello").await.unwrap();
            assert_eq!(
                again,
                Accepted {
                    repeated: true,
                    ..first.clone()
                }
            );
            let conflict = say(&conversations, "c", "m1", "other").await.unwrap_err();
            assert!(matches!(conflict, SayError::Conflict));
        }
        for n in 2..40 {
            say(&shop.conversations, "c", &format!("m{n}"), "more")
                .await
                .unwrap();
        }
        let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        assert_eq!(
            again,
            Accepted {
                repeated: true,
                ..first
            }
        );
        let next = say(&shop.conversations, "c", "m40", "more").await.unwrap();
        assert_eq!(next.seq, 80, "the repeat took no number");
    }

    #[tokio::test]
    async fn nothing_stays_in_memory_of_a_conversation_that_nobody_holds() {
        let shop = shop().await;
        let (sender, _receiver) = mpsc::channel(8);
        let attached = shop
            .conversations
            .attach(&"c".into(), sender)
            .await
            .unwrap();
        assert_eq!(attached.last_seq, 0);
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        say(&shop.conversations, "d", "m1", "hello").await.unwrap();
        shop.conversations.finish().await;
        assert_eq!(shop.conversations.live(), 1);
        drop(attached);
        assert_eq!(shop.conversations.live(), 0);
    }

    #[tokio::test]
    async fn a_live_conversation_costs_less_than_500_bytes_beside_its_state() {
        use crate::conversation::live::{Live, Memory};
        let remembered = 16 * size_of::<u64>();
        let listener = size_of::<(u64, mpsc::Sender<Arc<Entry>>)>();
        let entry = size_of::<(ConversationId, Arc<Live>)>() + 36;
        let all = size_of::<Live>() + remembered + 4 * listener + entry;
        assert!(size_of::<Memory>() < size_of::<Live>());
        assert!(all < 500, "{all}");
    }

    #[tokio::test]
    async fn a_listener_that_does_not_read_is_left_behind_and_the_others_are_not() {
        let shop = shop().await;
        let (slow, mut behind) = mpsc::channel(3);
        let (quick, mut ahead) = mpsc::channel(64);
        let _one = shop.conversations.attach(&"c".into(), slow).await.unwrap();
        let _two = shop.conversations.attach(&"c".into(), quick).await.unwrap();
        for n in 0..3 {
            say(&shop.conversations, "c", &format!("m{n}"), "hello")
                .await
                .unwrap();
        }
        let seen: Vec<u64> = drained(&mut behind).iter().map(|entry| entry.seq).collect();
        assert_eq!(seen, [2, 3, 4]);
        assert!(
            behind.is_closed(),
            "the channel ends: time to resume from the journal"
        );
        assert_eq!(drained(&mut ahead).len(), 6);
    }

    #[tokio::test]
    async fn a_turn_goes_on_when_its_asker_has_gone() {
        let shop = shop().await;
        let (sender, mut receiver) = mpsc::channel(8);
        let _attached = shop
            .conversations
            .attach(&"c".into(), sender)
            .await
            .unwrap();
        let mut asking =
            Box::pin(
                shop.conversations
                    .say(talk("c"), message("m1", "hello"), noon(), Stub),
            );
        // Begun, and left at its first wait.
        assert!(futures_util::poll!(&mut asking).is_pending());
        drop(asking);
        shop.conversations.finish().await;
        assert_eq!(drained(&mut receiver).len(), 2);
        let again = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        assert!(again.repeated);
    }

    #[tokio::test]
    async fn a_turn_that_fails_or_panics_leaves_the_conversation_as_it_was() {
        let shop = shop().await;
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        let failed = say(&shop.conversations, "c", "m2", "fail")
            .await
            .unwrap_err();
        assert!(matches!(failed, SayError::Engine(_)));
        let panicked = say(&shop.conversations, "c", "m2", "panic")
            .await
            .unwrap_err();
        assert!(matches!(panicked, SayError::Panic));
        let accepted = say(&shop.conversations, "c", "m2", "hello").await.unwrap();
        assert_eq!(
            (accepted.seq, text_of(&accepted.reply)),
            (4, "2 hello".to_owned())
        );
    }

    #[tokio::test]
    async fn a_conversation_deleted_under_a_listener_begins_anew() {
        let shop = shop().await;
        let (sender, _receiver) = mpsc::channel(64);
        let _attached = shop
            .conversations
            .attach(&"c".into(), sender)
            .await
            .unwrap();
        say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        let mut write = shop.store.begin().await.unwrap();
        sqlx::query("DELETE FROM conversation")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let accepted = say(&shop.conversations, "c", "m2", "hello").await.unwrap();
        assert_eq!(
            (accepted.seq, text_of(&accepted.reply)),
            (2, "1 hello".to_owned())
        );
    }

    #[tokio::test]
    async fn who_held_a_deleted_conversation_never_speaks_in_another() {
        let shop = shop().await;
        let (sender, _receiver) = mpsc::channel(64);
        let _attached = shop
            .conversations
            .attach(&"c".into(), sender)
            .await
            .unwrap();
        for id in ["m1", "m2"] {
            say(&shop.conversations, "c", id, "hello").await.unwrap();
        }
        let mut write = shop.store.begin().await.unwrap();
        sqlx::query("DELETE FROM conversation")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let other = say(&shop.conversations, "other", "m1", "hello")
            .await
            .unwrap();
        say(&shop.conversations, "c", "m3", "private")
            .await
            .unwrap();
        let entries = shop
            .conversations
            .journal()
            .entries_after(&"other".into(), 1, 10)
            .await
            .unwrap();
        assert_eq!(entries, [(*other.said).clone(), (*other.reply).clone()]);
    }

    #[tokio::test]
    async fn two_programs_on_one_store_answer_a_message_once() {
        let shop = shop().await;
        let other = Conversations::new(Journal::start(shop.store.clone()));
        let mut seats = Vec::new();
        for program in [&shop.conversations, &other] {
            let (sender, receiver) = mpsc::channel(64);
            seats.push((program.attach(&"c".into(), sender).await.unwrap(), receiver));
        }
        let first = say(&shop.conversations, "c", "m1", "hello").await.unwrap();
        let again = say(&other, "c", "m1", "hello").await.unwrap();
        assert_eq!(
            again,
            Accepted {
                repeated: true,
                ..first
            }
        );
        let next = say(&other, "c", "m2", "hello").await.unwrap();
        assert_eq!((next.seq, text_of(&next.reply)), (4, "2 hello".to_owned()));
        let third = say(&shop.conversations, "c", "m3", "hello").await.unwrap();
        assert_eq!(
            (third.seq, text_of(&third.reply)),
            (6, "3 hello".to_owned())
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Two windows send the same and different messages at once, some twice; one comes late.
        #[test]
        fn every_listener_hears_every_entry_once_and_in_order(
            sent in proptest::collection::vec((0..2_usize, 0..12_u8), 1..60),
            late in 0..60_usize,
        ) {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let shop = shop().await;
                let conversations = &shop.conversations;
                let rooms = ["a", "b"];
                let mut seats = Vec::new();
                let mut ears = Vec::new();
                for room in rooms {
                    for _ in 0..2 {
                        let (sender, receiver) = mpsc::channel(256);
                        seats.push(conversations.attach(&room.into(), sender).await.unwrap());
                        ears.push((room, 0, receiver));
                    }
                }
                let (early, later) = sent.split_at(late.min(sent.len()));
                let mut answers = Vec::new();
                for half in [early, later] {
                    let all = half.iter().map(|(room, id)| async move {
                        let accepted = say(conversations, rooms[*room], &format!("m{id}"), "x").await.unwrap();
                        ((*room, *id), accepted)
                    });
                    let running = join_all(all);
                    let (sender, receiver) = mpsc::channel(256);
                    let room = "a".into();
                    let (said, seat) = tokio::join!(running, conversations.attach(&room, sender));
                    let seat = seat.unwrap();
                    ears.push(("a", seat.last_seq, receiver));
                    seats.push(seat);
                    answers.extend(said);
                }
                let mut by_id: BTreeMap<(usize, u8), Vec<Accepted>> = BTreeMap::new();
                for (id, accepted) in answers {
                    by_id.entry(id).or_default().push(accepted);
                }
                for same in by_id.values() {
                    assert_eq!(same.iter().filter(|accepted| !accepted.repeated).count(), 1, "one turn a message");
                    assert!(same.iter().all(|accepted| accepted.seq == same[0].seq && accepted.reply == same[0].reply));
                }
                for (room, from, receiver) in &mut ears {
                    let stored = conversations.journal().entries_after(&(*room).into(), (*from).max(1), 500).await.unwrap();
                    let heard: Vec<Entry> = drained(receiver).iter().map(|entry| (**entry).clone()).collect();
                    assert_eq!(heard, stored);
                    assert!(heard.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
                }
            });
        }
    }
}
