//! What shoppers wait for, told: in their conversation while it is open or when they come back to it, on a messenger at once, or by letter.
//! Always apart from turns.

use super::journal::{Opening, Place, TurnRow};
use super::live::Memory;
use super::{Conversations, Entry, JournalError, SayError, Talk, Voice};
use crate::dialogue::{self, Shop, State};
use crate::relay;
use crate::shoppers::{Shopper, Shoppers};
use crate::store::{StoreError, millis, time};
use crate::watches::{Channel, Fired, Watch, due};
use jiff::Timestamp;
use std::sync::Arc;

/// What a round told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    pub by_letter: usize,
    /// In conversations that somebody looks at.
    pub in_chat: usize,
}

impl Conversations {
    /// Holds everything that is waited for against what the shop sells now. What is told in the chat waits for the
    /// shopper, where they are not there.
    ///
    /// # Errors
    /// When the watches cannot be read or noted; what was not noted is told the next time.
    pub async fn tell_all(&self, shop: &Arc<Shop>, now: Timestamp) -> Result<Told, SayError> {
        let mut told = Told::default();
        let Some(watches) = &shop.watches else {
            return Ok(told);
        };
        let mut visitors: Vec<_> = Vec::new();
        for watch in watches.live().await? {
            let Some(fired) = happened(shop, &watch) else {
                continue;
            };
            if watch.wish.channel == Channel::Chat {
                if !visitors.contains(&watch.wish.shopper) {
                    visitors.push(watch.wish.shopper);
                }
                continue;
            }
            let words = dialogue::alert_letter(shop, &watch, &fired, now);
            let letter = watches.tell_by_letter(&watch, &fired, &words, now).await?;
            told.by_letter += usize::from(letter);
        }
        for id in visitors {
            let Some(conversation) = self.journal().latest_of(&id).await? else {
                continue;
            };
            let contact = relay::of_talk(&self.journal().store, conversation.as_str()).await?;
            let hears = match &contact {
                Some(contact) => !contact.unreachable && !contact.stopped,
                None => self.is_live(&conversation),
            };
            if !hears {
                continue;
            }
            let shoppers = Shoppers::new(self.journal().store.clone());
            let Ok(Some(shopper)) = shoppers.by_id(&id).await else {
                continue;
            };
            let talk = Talk {
                conversation,
                shopper,
            };
            told.in_chat += usize::from(self.tell(talk, Arc::clone(shop), now).await?);
        }
        Ok(told)
    }

    /// Tells in a conversation what its shopper waits for and is so now: an entry that answers nothing, stored in one
    /// transaction with what it tells, and heard by all who listen. False when there was nothing to tell.
    ///
    /// # Errors
    /// When it cannot be stored; then it is not told, and can be another time.
    pub async fn tell(
        &self,
        talk: Talk,
        shop: Arc<Shop>,
        now: Timestamp,
    ) -> Result<bool, SayError> {
        let due = due_for(&shop, &talk.shopper).await?;
        if due.is_empty() {
            return Ok(false);
        }
        let (this, live) = (self.clone(), self.hold(&talk.conversation));
        let telling = async move {
            let mut turn = live.turn.lock().await;
            let told = this.try_telling(&mut turn, &talk, &shop, now).await?;
            if let Some(entry) = &told {
                live.tell(entry);
            }
            Ok(told.is_some())
        };
        self.to_the_end(telling).await
    }

    async fn try_telling(
        &self,
        turn: &mut Option<Memory>,
        talk: &Talk,
        shop: &Shop,
        now: Timestamp,
    ) -> Result<Option<Arc<Entry>>, SayError> {
        let now = time(millis(now));
        let before = self.recall(&talk.conversation, turn).await?;
        let state = match &before.state {
            Some(state) => State::read(state).map_err(|error| SayError::Engine(error.into()))?,
            None => State::default(),
        };
        let mut write = self.journal().store.begin().await?;
        let mut told = Vec::new();
        // Again: a turn before this one may have ended some.
        for (watch, fired) in due_for(shop, &talk.shopper).await? {
            if watch.fire(&mut write, &fired, None, now).await? {
                told.push((watch, fired));
            }
        }
        if told.is_empty() {
            return Ok(None);
        }
        let notice = dialogue::notice(shop, &state, &told, now);
        // As after a turn: until the write has gone well, what is on the disk is not known.
        let mut memory = turn.take().unwrap_or_default();
        let mut row = row(&memory, talk, shop, &notice, now)?;
        let contact = relay::of_talk(&self.journal().store, talk.conversation.as_str()).await?;
        if let (Some(contact), Some(herald)) = (contact, self.herald.get()) {
            let language = notice.state.language.as_deref();
            let outgoing = herald.outgoing(&contact, &notice.blocks, language, shop, now);
            let Some(outgoing) = outgoing else {
                // It cannot be told there now: nothing of this is written, and the watch goes on.
                *turn = Some(memory);
                return Ok(None);
            };
            row.outbox.push(outgoing);
        }
        let (seq, state) = (row.seq, Arc::clone(&row.state));
        let key = self.journal().write(&mut write, row).await?;
        write.commit().await?;
        memory.noticed(key, seq, state);
        *turn = Some(memory);
        Ok(Some(Arc::new(Entry {
            seq,
            at: now,
            voice: Voice::Assistant {
                blocks: notice.blocks,
            },
        })))
    }
}

/// What is told in the chat to a shopper now.
async fn due_for(shop: &Shop, shopper: &Shopper) -> Result<Vec<(Watch, Fired)>, StoreError> {
    let Some(watches) = &shop.watches else {
        return Ok(Vec::new());
    };
    let open = watches.open_of(shopper.id.as_str()).await?.into_iter();
    let chat = open.filter(|watch| watch.wish.channel == Channel::Chat);
    let due = chat.filter_map(|watch| happened(shop, &watch).map(|fired| (watch, fired)));
    Ok(due.collect())
}

fn happened(shop: &Shop, watch: &Watch) -> Option<Fired> {
    due(&watch.wish, shop.catalog.product(&watch.wish.product)?)
}

fn row(
    memory: &Memory,
    talk: &Talk,
    shop: &Shop,
    notice: &dialogue::Notice,
    now: Timestamp,
) -> Result<TurnRow, JournalError> {
    let (place, seq) = match memory.key {
        Some(key) => (Place::Known(key), memory.last_seq + 1),
        // Of a shopper whose conversations were all forgotten.
        None => {
            let opening = Opening {
                conversation: talk.conversation.clone(),
                shopper: talk.shopper.clone(),
                greeting: serde_json::to_string(&dialogue::greeting(shop, now))?,
            };
            (Place::New(Box::new(opening)), super::mailbox::FIRST_MESSAGE)
        }
    };
    Ok(TurnRow {
        place,
        seq,
        at: now,
        client_id: "".into(),
        said: "".into(),
        reply: serde_json::to_string(&notice.blocks)?.into(),
        state: serde_json::to_string(&notice.state)?.into(),
        trace: serde_json::to_string(&notice.trace)?.into(),
        unanswered: false,
        handoff: None,
        spent: Vec::new(),
        returns: Vec::new(),
        photos: Vec::new(),
        shown: Vec::new(),
        outbox: Vec::new(),
    })
}
