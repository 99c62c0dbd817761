//! All messengers of a shop: whose request it is, and the work behind them.

use super::account::{Account, Saying};
use super::bridge::{Heard, Incoming, Line, Place, Refusal, Reply};
use super::bridge_tally::BridgeTally;
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
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// After a connection by which we fetch has broken.
const AGAIN_AFTER: Duration = Duration::from_secs(3);

pub struct Bridges {
    pub(super) door: Arc<Door>,
    pub(super) relay: Relay,
    pub(super) remote: Remote,
    /// Where shoppers find pictures and pages; no trailing slash.
    pub(super) base: String,
    pub(super) tally: BridgeTally,
    /// Rung when something came in.
    pub(super) arrived: Notify,
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
            accounts: settings.iter().map(account).collect(),
        }
    }

    pub(super) fn account(&self, name: &str) -> Option<&Arc<Account>> {
        self.accounts.iter().find(|account| account.name() == name)
    }

    pub fn tally(&self) -> &BridgeTally {
        &self.tally
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
            all.push(arrived(id, String::new(), now, part, true));
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
            if let Err(why) = fetching.await {
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
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(AGAIN_AFTER) => {}
                }
            } else {
                told.clear();
            }
        }
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
