//! All messengers of a shop: whose request it is, and the work behind them.

use super::account::{Account, Saying};
use super::bridge::{Heard, Incoming, Line, Place, Refusal, Reply};
use super::bridge_tally::BridgeTally;
use super::photos;
use super::widget::Door;
use crate::config::ChannelSettings;
use crate::conversation::Herald;
use crate::dialogue::Shop;
use crate::dialogue::block::Block;
use crate::relay::{self, Arrived, Contact, Outgoing, Relay};
use crate::remote::Remote;
use crate::store::{StoreError, time};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// After a connection by which we fetch has broken; doubled each time that it does not hold.
const AGAIN_AFTER: Duration = Duration::from_secs(3);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// A connection that lasted so long has held.
const HOLDS: Duration = Duration::from_secs(60);

pub struct Bridges {
    pub(super) door: Arc<Door>,
    pub(super) relay: Relay,
    pub(super) remote: Remote,
    /// Where shoppers find pictures and pages; no trailing slash.
    pub(super) base: String,
    pub(super) tally: BridgeTally,
    /// Rung when something came in.
    pub(super) arrived: Notify,
    /// Those who fetch a photo.
    pub(super) fetching: Semaphore,
    accounts: Vec<Arc<Account>>,
}

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error("there is no such account")]
    Nobody,
    #[error("{0:?}")]
    Refused(Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Bridges {
    /// `server` is where platforms reach this server, `shop` where shoppers find the shop.
    pub fn new(
        door: Arc<Door>,
        settings: &[ChannelSettings],
        remote: Remote,
        server: &str,
        shop: &str,
    ) -> Self {
        let account = |one: &ChannelSettings| Arc::new(Account::new(one.clone(), server));
        Self {
            relay: Relay::start(door.store.clone()),
            door,
            remote,
            base: shop.to_owned(),
            tally: BridgeTally::default(),
            arrived: Notify::new(),
            fetching: Semaphore::new(photos::AT_ONCE),
            accounts: settings.iter().map(account).collect(),
        }
    }

    pub(super) fn account(&self, name: &str) -> Option<&Arc<Account>> {
        self.accounts.iter().find(|account| account.name() == name)
    }

    pub fn tally(&self) -> &BridgeTally {
        &self.tally
    }

    /// Bytes that a request at an account's door may have; none for nobody's door.
    pub fn longest(&self, name: &str) -> Option<usize> {
        Some(self.account(name)?.channel.longest())
    }

    /// Reads a request at an account's door.
    ///
    /// # Errors
    /// When it is for nobody, or not the platform's.
    pub fn read(
        &self,
        name: &str,
        request: &Incoming<'_>,
        now: Timestamp,
    ) -> Result<Heard, ReceiveError> {
        let account = self.account(name).ok_or(ReceiveError::Nobody)?;
        account.channel.read(request, now).map_err(|refusal| {
            self.tally.event(name, "refused");
            ReceiveError::Refused(refusal)
        })
    }

    /// Keeps what was read: it is on the disk when this returns. What the platform is answered.
    ///
    /// # Errors
    /// When nothing of it could be kept.
    pub async fn take(
        &self,
        name: &str,
        heard: Heard,
        now: Timestamp,
    ) -> Result<Reply, ReceiveError> {
        let account = self.account(name).ok_or(ReceiveError::Nobody)?;
        let reply = heard.reply.clone();
        self.keep(account, heard, None, now).await?;
        Ok(reply)
    }

    /// Keeps what was heard, and how far has been read.
    async fn keep(
        &self,
        account: &Account,
        heard: Heard,
        cursor: Option<String>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let name = account.name();
        let arrived = |event: String, talk: String, sent_at, body, dead| Arrived {
            account: name.to_owned(),
            event,
            talk,
            sent_at,
            arrived_at: now,
            body,
            dead,
        };
        let mut all = Vec::new();
        for event in heard.events {
            // Names and values of ours: this cannot fail.
            let Ok(body) = serde_json::to_string(&event) else {
                continue;
            };
            all.push(arrived(event.id, event.talk, event.at, body, false));
        }
        let read = all.len();
        for (id, part) in heard.strange {
            self.tally.event(name, "dead");
            tracing::warn!(
                account = name,
                "a part of a message is not understood; it is kept aside"
            );
            // Whose it is, so that it goes with them.
            let talk = account.channel.talk_of(&part).unwrap_or_default();
            all.push(arrived(id, talk, now, part, true));
        }
        for whose in heard.elsewhere {
            self.tally.event(name, "misdirected");
            if account.is_new_to_us(&whose) {
                tracing::warn!(
                    account = name,
                    whose,
                    "messages come that are not for this account: they are not answered"
                );
            }
            all.push(relay::elsewhere(name, &whose, now));
        }
        if all.is_empty() && cursor.is_none() {
            self.tally.event(name, "ignored");
            return Ok(());
        }
        let read_to = cursor.map(|at| (name.to_owned(), at));
        let taken = self.relay.take(all, read_to).await?;
        self.tally.events(name, "accepted", taken.min(read));
        self.tally
            .events(name, "repeated", read.saturating_sub(taken));
        if taken > 0 {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Answers, sends and fetches until it is told to stop; then finishes what is under way.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        if self.accounts.is_empty() {
            return;
        }
        let mut work = JoinSet::new();
        work.spawn(Arc::clone(&self).answer_all(stop.clone()));
        for account in &self.accounts {
            let (this, account) = (Arc::clone(&self), Arc::clone(account));
            work.spawn(Arc::clone(&this).send_all(Arc::clone(&account), stop.clone()));
            work.spawn(this.fetch_all(account, stop.clone()));
        }
        while work.join_next().await.is_some() {}
    }

    /// Fetches an account's events, again and again, where it is to be fetched.
    async fn fetch_all(self: Arc<Self>, account: Arc<Account>, stop: CancellationToken) {
        let mut told = String::new();
        let mut broken = 0;
        while !stop.is_cancelled() {
            let cursor = relay::cursor(&self.relay.store, account.name()).await;
            let (this, of) = (Arc::clone(&self), Arc::clone(&account));
            let (that, whose) = (Arc::clone(&self), Arc::clone(&account));
            let line = Line {
                remote: self.remote.clone(),
                cursor: cursor.ok().flatten().unwrap_or_default(),
                take: Box::new(move |heard, cursor| {
                    let (this, account) = (Arc::clone(&this), Arc::clone(&of));
                    Box::pin(async move {
                        let kept = this.keep(&account, heard, cursor, Timestamp::now()).await;
                        kept.map_err(|error| error.to_string())
                    })
                }),
                known: Box::new(move |known| that.known(&whose, known)),
                stop: stop.clone(),
            };
            let Some(fetching) = account.channel.fetch(&line) else {
                return;
            };
            let began = Instant::now();
            let ended = fetching.await;
            broken = match began.elapsed() >= HOLDS {
                true => 0,
                false => broken + 1,
            };
            let wait = again_after(broken, ended.is_ok());
            if let Err(why) = ended {
                // The same trouble is told once.
                if why != told {
                    tracing::warn!(
                        account = account.name(),
                        why,
                        "messages cannot be fetched; it is tried again"
                    );
                    self.tally.event(account.name(), "unfetched");
                    told = why;
                }
            } else {
                told.clear();
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait.mul_f64(0.5 + 0.5 * rand::random::<f64>())) => {}
            }
        }
    }
}

/// How long it is waited, at most, before a connection is opened again: `broken` is how many have not held, one after
/// another. One that the platform has ended itself is opened at once, unless it is the second.
fn again_after(broken: u32, ended_well: bool) -> Duration {
    match broken {
        0 | 1 if ended_well => Duration::ZERO,
        0 => AGAIN_AFTER,
        _ => (AGAIN_AFTER * (1 << (broken - 1).min(10))).min(LONGEST_WAIT),
    }
}

impl Herald for Bridges {
    fn outgoing(
        &self,
        to: &Contact,
        said: &[Block],
        language: Option<&str>,
        shop: &Shop,
        now: Timestamp,
    ) -> Option<Outgoing> {
        let account = self.account(&to.account)?;
        // Later than the platform allows, without a form it takes then, it would only be refused.
        let hours = account.abilities().window_hours;
        let since = now.duration_since(time(to.seen_at));
        let is_closed = hours > 0 && since > SignedDuration::from_hours(hours);
        if is_closed && account.settings.option("template").is_empty() {
            return None;
        }
        let place = Place {
            talk: to.talk.clone(),
            context: serde_json::Value::Null,
        };
        let saying = Saying {
            shop,
            base: &self.base,
            language,
            now,
            first: false,
            courtesy: None,
        };
        Some(account.outgoing(&place, said, &saying))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_does_not_hold_is_opened_ever_more_seldom() {
        let seconds = |broken, well| again_after(broken, well).as_secs();
        assert_eq!(
            [0, 1, 2, 3].map(|broken| seconds(broken, true)),
            [0, 0, 6, 12]
        );
        assert_eq!(
            [0, 1, 2, 3].map(|broken| seconds(broken, false)),
            [3, 3, 6, 12]
        );
        assert_eq!(seconds(u32::MAX, false), 300);
    }
}
