//! The conversations somebody looks at or speaks in just now. All others are rows on a disk.

use super::journal::Resumed;
use super::{ConversationId, Entry};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// Who is live. An entry is made by the first [`Held`] and goes with the last.
#[derive(Default)]
pub(super) struct Registry {
    live: Mutex<HashMap<ConversationId, Arc<Live>>>,
}

/// One conversation, while it is held. No task belongs to it.
#[derive(Default)]
pub(super) struct Live {
    /// One turn at a time, in the order of asking. `None` until read from the journal, and after a
    /// write whose outcome is not known.
    pub(super) turn: tokio::sync::Mutex<Option<Memory>>,
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    next: u64,
    senders: Vec<(u64, mpsc::Sender<Arc<Entry>>)>,
}

/// What is kept of a conversation between two of its turns, so that a turn reads nothing.
#[derive(Default)]
pub(super) struct Memory {
    /// `None` before the first turn.
    pub(super) key: Option<i64>,
    pub(super) last_seq: u64,
    pub(super) state: Option<Arc<str>>,
    /// Hashes of the client ids of all its messages: eight bytes each. A list is searched faster than
    /// a set, up to thousands.
    client_ids: Vec<u64>,
}

impl Memory {
    pub(super) fn of(resumed: Resumed) -> Self {
        Self {
            key: Some(resumed.key),
            last_seq: resumed.last_seq,
            state: Some(resumed.state.into()),
            client_ids: resumed.client_ids.iter().map(|id| hash(id)).collect(),
        }
    }

    /// False for certain; true for all but a few in a billion billion.
    pub(super) fn may_know(&self, client_id: &str) -> bool {
        self.client_ids.contains(&hash(client_id))
    }

    /// A turn is on the disk.
    pub(super) fn went_on(&mut self, key: i64, last_seq: u64, state: Arc<str>, client_id: &str) {
        self.key = Some(key);
        self.last_seq = last_seq;
        self.state = Some(state);
        self.client_ids.push(hash(client_id));
    }

    /// A notice is on the disk.
    pub(super) fn noticed(&mut self, key: i64, seq: u64, state: Arc<str>) {
        self.key = Some(key);
        self.last_seq = seq;
        self.state = Some(state);
    }
}

fn hash(client_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    client_id.hash(&mut hasher);
    hasher.finish()
}

impl Live {
    /// Adds a listener; the number is for [`Live::leave`].
    pub(super) fn join(&self, sender: mpsc::Sender<Arc<Entry>>) -> u64 {
        let mut listeners = unpoisoned(&self.listeners);
        listeners.next += 1;
        let number = listeners.next;
        listeners.senders.push((number, sender));
        number
    }

    pub(super) fn leave(&self, number: u64) {
        unpoisoned(&self.listeners)
            .senders
            .retain(|(other, _)| *other != number);
    }

    /// Ends all listeners' channels, after what is queued.
    pub(super) fn dismiss(&self) {
        unpoisoned(&self.listeners).senders.clear();
    }

    /// Hands an entry to all listeners. One whose queue is full is dropped: its channel ends after
    /// what is queued, and it resumes from the journal.
    pub(super) fn tell(&self, entry: &Arc<Entry>) {
        unpoisoned(&self.listeners)
            .senders
            .retain(|(_, sender)| sender.try_send(Arc::clone(entry)).is_ok());
    }
}

impl Registry {
    pub(super) fn hold(self: &Arc<Self>, id: &ConversationId) -> Held {
        let live = Arc::clone(unpoisoned(&self.live).entry(id.clone()).or_default());
        Held {
            registry: Arc::clone(self),
            id: id.clone(),
            live,
        }
    }

    pub(super) fn has(&self, id: &ConversationId) -> bool {
        unpoisoned(&self.live).contains_key(id)
    }

    pub(super) fn len(&self) -> usize {
        unpoisoned(&self.live).len()
    }
}

/// Keeps a conversation live.
pub(super) struct Held {
    registry: Arc<Registry>,
    id: ConversationId,
    live: Arc<Live>,
}

impl Deref for Held {
    type Target = Live;

    fn deref(&self) -> &Live {
        &self.live
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Clones are made under this lock only: two are the registry's and this one.
        let mut live = unpoisoned(&self.registry.live);
        if Arc::strong_count(&self.live) == 2 {
            live.remove(&self.id);
            // A busy evening should not be paid for all night.
            if live.capacity() > 1024 && live.len() < live.capacity() / 4 {
                live.shrink_to_fit();
            }
        }
    }
}

/// Nothing that can panic happens under these locks.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
