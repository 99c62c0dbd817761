//! The outbox of messengers: what is queued leaves, in its order within each conversation, each as often as it must and as
//! seldom as it may.

use super::Bridges;
use super::account::Account;
use super::bridge::{Call, Outcome};
use crate::mail;
use crate::relay::{self, Ended, Job, Letter};
use crate::remote::RemoteError;
use crate::store::time;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{self, JoinSet};
use tokio_util::sync::CancellationToken;

/// Calls of one account under way at once.
const AT_ONCE: usize = 32;
/// Between two looks into the outbox: how late a second try may be.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const MOST_TRIES: i64 = 10;
/// What could not be sent for so long is not worth sending.
const GIVE_UP_HOURS: i64 = 72;
/// The first wait after a failure, doubled with each, and the longest.
const BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Longer than this no platform is obeyed.
const LONGEST_OBEYED: Duration = Duration::from_secs(3600);
/// From which a wait that a platform names is one to be planned with: a shorter one may only be a habit.
const NAMED_WAIT: Duration = Duration::from_secs(1);
/// Until a platform that does not know us is asked again.
const REVOKED_FOR: Duration = Duration::from_secs(60);

impl Bridges {
    /// Sends what is queued for an account, until it is told to stop; calls under way are finished.
    pub(super) async fn send_all(self: Arc<Self>, account: Arc<Account>, stop: CancellationToken) {
        self.recover(&account).await;
        let mut under_way = JoinSet::new();
        let mut calls: HashMap<task::Id, i64> = HashMap::new();
        loop {
            let may = account.channel.is_ready() && account.rests_for().is_none();
            if may && calls.len() <= AT_ONCE / 2 {
                let due = relay::due(
                    &self.relay.store,
                    account.name(),
                    Timestamp::now(),
                    2 * AT_ONCE as u32,
                );
                let due = due.await.unwrap_or_else(|error| {
                    tracing::warn!(account = account.name(), %error, "the outbox waits");
                    Vec::new()
                });
                let due = due
                    .into_iter()
                    .filter(|one| !calls.values().any(|key| *key == one.key));
                let due: Vec<Letter> = due.take(AT_ONCE - calls.len()).collect();
                for letter in due {
                    let (this, account, key) =
                        (Arc::clone(&self), Arc::clone(&account), letter.key);
                    let handle = under_way.spawn(async move {
                        this.send_one(&account, letter).await;
                    });
                    calls.insert(handle.id(), key);
                }
            }
            let mut ended = tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = under_way.join_next_with_id() => Some(ended),
                () = account.wake.notified() => None,
                () = tokio::time::sleep(LOOK_EVERY) => None,
            };
            while let Some(one) = ended {
                let id = match one {
                    Ok((id, ())) => id,
                    Err(error) => {
                        tracing::error!(account = account.name(), %error, "a call ended badly");
                        error.id()
                    }
                };
                calls.remove(&id);
                ended = under_way.try_join_next_with_id();
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// What was on its way when the program ended.
    async fn recover(&self, account: &Account) {
        let name = account.name();
        let again = account.abilities().idempotent || account.settings.resend_unknown;
        match relay::recover(&self.relay.store, name, again).await {
            Ok(0) => {}
            Ok(unknown) => {
                self.tally.calls(name, "unknown", unknown);
                tracing::warn!(
                    account = name,
                    unknown,
                    "the program ended while messages were sent; whether they arrived is not known"
                );
            }
            Err(error) => {
                tracing::warn!(account = name, %error, "the outbox could not be looked through")
            }
        }
    }

    async fn send_one(&self, account: &Account, letter: Letter) {
        account.pace.until_ready().await;
        if account.rests_for().is_some() {
            return;
        }
        match self.relay.sends(letter.key).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(account = account.name(), %error, "a message waits");
                return;
            }
        }
        let outcome = self.call(account, &letter).await;
        let ended = self.ended(account, &letter, outcome, Timestamp::now());
        if let Err(error) = self.relay.note(Job::Ended(letter.key, ended)).await {
            // It stands as on its way; the next start does with it what the settings say.
            tracing::error!(account = account.name(), %error, "what became of a message could not be noted");
        }
    }

    async fn call(&self, account: &Account, letter: &Letter) -> Outcome {
        let Ok(call) = serde_json::from_str::<Call>(&letter.body) else {
            return Outcome::Refused("the outbox cannot be read".to_owned());
        };
        let now = Timestamp::now();
        if let Some(mail) = account.channel.letter(&call, letter.key, now) {
            return self.post(account, &letter.talk, mail, now).await;
        }
        let ask = match account.channel.ask(&call, letter.key, now) {
            Ok(ask) => ask,
            Err(why) => return Outcome::Refused(why),
        };
        let within = Duration::from_secs(account.settings.send_seconds);
        match tokio::time::timeout(within, self.remote.ask(ask)).await {
            Ok(Ok(answer)) => account.channel.answered(&call, &answer),
            Ok(Err(error @ RemoteError::Unreachable { .. })) => Outcome::Later {
                wait: None,
                all: false,
                why: error.to_string(),
            },
            Ok(Err(error @ (RemoteError::Broken { .. } | RemoteError::TooLarge { .. }))) => {
                Outcome::Unknown(error.to_string())
            }
            Ok(Err(error)) => Outcome::Refused(error.to_string()),
            Err(_) => Outcome::Unknown(format!("no answer within {} s", within.as_secs())),
        }
    }

    /// Hands a letter over to the mail room, which sends it: a second time it is the same letter.
    async fn post(
        &self,
        account: &Account,
        talk: &str,
        mut letter: mail::Letter,
        now: Timestamp,
    ) -> Outcome {
        let posted = async {
            let mut write = self.relay.store.begin().await?;
            letter.owner = relay::shopper_of(&mut write, account.name(), talk).await?;
            mail::enqueue(&mut write, &letter, now).await?;
            write.commit().await
        };
        match posted.await {
            Ok(()) => Outcome::Sent(None),
            Err(error) => Outcome::Later {
                wait: None,
                all: true,
                why: error.to_string(),
            },
        }
    }

    /// What is noted of an outcome.
    fn ended(&self, account: &Account, letter: &Letter, outcome: Outcome, now: Timestamp) -> Ended {
        let name = account.name();
        let count = |what: &'static str| self.tally.call(name, what);
        if matches!(outcome, Outcome::Sent(_)) {
            self.known(account, Ok(()));
        }
        if letter.courtesy && !matches!(outcome, Outcome::Sent(_) | Outcome::Revoked(_)) {
            return Ended::Failed("a courtesy is not tried twice".to_owned());
        }
        match outcome {
            Outcome::Sent(remote) => {
                if !letter.courtesy {
                    count("sent");
                }
                Ended::Sent(remote)
            }
            Outcome::Instead(call) => {
                count("retried");
                match serde_json::to_string(&call) {
                    Ok(body) if letter.tries < MOST_TRIES => Ended::Later(now, true, Some(body)),
                    _ => Ended::Failed("nothing else helps".to_owned()),
                }
            }
            Outcome::InsteadOfReply(call) => {
                count("retried");
                match serde_json::to_string(&call) {
                    Ok(body) => Ended::Instead(now, body),
                    Err(_) => Ended::Failed("nothing else helps".to_owned()),
                }
            }
            Outcome::Refused(why) => {
                count("failed");
                tracing::warn!(account = name, why, "a message is refused");
                Ended::Failed(why)
            }
            Outcome::Unreachable(why) => {
                count("unreachable");
                tracing::info!(account = name, why, "someone cannot be reached any more");
                Ended::Unreachable(name.to_owned(), letter.talk.clone(), why)
            }
            Outcome::Revoked(why) => {
                self.known(account, Err(&why));
                Ended::Later(now + SignedDuration::from_secs(1), false, None)
            }
            Outcome::Unknown(why)
                if account.abilities().idempotent || account.settings.resend_unknown =>
            {
                self.later(account, letter, None, why, now)
            }
            Outcome::Unknown(why) => {
                count("unknown");
                tracing::warn!(
                    account = name,
                    why,
                    "whether a message arrived is not known"
                );
                Ended::Unknown(why)
            }
            Outcome::Later { wait, all, why } => {
                let wait = wait.map(|wait| wait.min(LONGEST_OBEYED));
                if all {
                    account.rest_for(wait.unwrap_or_else(|| back_off(letter.tries, false)));
                }
                self.later(account, letter, wait, why, now)
            }
        }
    }

    /// Whether the platform knows us, and why not: what is news is told.
    pub(super) fn known(&self, account: &Account, known: Result<(), &str>) {
        let name = account.name();
        match known {
            Ok(()) if account.restore() => {
                self.tally.paused(name, false);
                tracing::info!(
                    account = name,
                    "the platform knows us again: messages are sent"
                );
                account.wake.notify_one();
            }
            Err(why) if account.revoke(why, REVOKED_FOR) => {
                self.tally.paused(name, true);
                tracing::error!(
                    account = name,
                    why,
                    "the platform does not know us: nothing is sent until its token is right; messages are kept"
                );
            }
            _ => {}
        }
    }

    fn later(
        &self,
        account: &Account,
        letter: &Letter,
        wait: Option<Duration>,
        why: String,
        now: Timestamp,
    ) -> Ended {
        let name = account.name();
        let oldest = now - SignedDuration::from_hours(GIVE_UP_HOURS);
        // Whoever comes back when they were told to has not failed.
        let failed = wait.is_none_or(|wait| wait < NAMED_WAIT);
        let spent = failed && letter.tries + 1 >= MOST_TRIES;
        if spent || time(letter.queued_at) < oldest {
            self.tally.call(name, "failed");
            tracing::error!(account = name, why, "a message is given up");
            return Ended::Failed(why);
        }
        self.tally.call(name, "retried");
        tracing::info!(
            account = name,
            why,
            tries = letter.tries + 1,
            "a message is tried again"
        );
        let wait = wait.unwrap_or_default() + back_off(letter.tries, wait.is_some());
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_secs(300));
        Ended::Later(now + wait, failed, None)
    }
}

/// A wait that grows with each failure, anywhere up to its full length, so that many do not come back at once. Where the
/// platform said how long, only a little more.
fn back_off(tries: i64, obeyed: bool) -> Duration {
    let doubled = BACK_OFF * (1_u32 << tries.clamp(0, 16));
    let full = match obeyed {
        true => Duration::from_millis(250),
        false => doubled.min(LONGEST_WAIT),
    };
    full.mul_f64(rand::random::<f64>())
}
