//! What platforms tell of our messages after they took them.

use super::Bridges;
use super::account::Account;
use super::bridge::{Event, What};
use crate::relay::{Job, Report, Reported, Waiting};
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp};

/// A report of a message that is not known yet is looked at again so often, after one second, then two: for as long as a
/// call may take.
const MOST_EARLY: i64 = 7;

impl Bridges {
    /// Notes what became of a message; returns what is noted of the report then.
    pub(super) async fn delivered(
        &self,
        account: &Account,
        event: &Event,
        waiting: &Waiting,
    ) -> Result<Job, StoreError> {
        let done = Job::Done(waiting.key);
        let What::Delivery {
            message,
            state,
            reason,
        } = &event.what
        else {
            return Ok(done);
        };
        let delivery = match state.as_str() {
            "failed" | "undelivered" => "failed",
            "delivered" => "delivered",
            "read" => "read",
            // That it was sent is known.
            _ => return Ok(done),
        };
        let now = Timestamp::now();
        let instead = account.channel.instead(event);
        let report = Report {
            account: account.name().to_owned(),
            remote: message.clone(),
            delivery,
            reason: reason.clone(),
            // Names and values of ours: this cannot fail.
            instead: instead.and_then(|call| serde_json::to_string(&call).ok()),
            at: now,
        };
        match self.relay.report(report).await? {
            Reported::Early if waiting.tries < MOST_EARLY => {
                let soon = SignedDuration::from_secs(1 << waiting.tries.clamp(0, MOST_EARLY));
                return Ok(Job::Again(waiting.key, Some(now + soon)));
            }
            Reported::Instead => self.tally.call(account.name(), "retried"),
            Reported::Early | Reported::Noted => {}
        }
        self.tally.call(account.name(), delivery);
        Ok(done)
    }
}
