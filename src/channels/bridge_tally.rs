//! What messengers bring and what they are sent, for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Happened {
    pub account: String,
    /// Of events `accepted`, `repeated`, `ignored`, `refused`, `late`, `stopped`, `dead`, `misdirected`, `unfetched`; of
    /// messages `sent`,
    /// `retried`, `failed`, `unknown`, `unreachable`, `delivered`, `read`.
    pub outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Of {
    pub account: String,
}

/// Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct BridgeTally {
    events: Family<Happened, Counter>,
    calls: Family<Happened, Counter>,
    paused: Family<Of, Gauge>,
}

impl BridgeTally {
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "bridge_events",
            "Events of messengers, by what became of them",
            self.events.clone(),
        );
        registry.register(
            "bridge_messages",
            "Messages sent to messengers, by what became of them",
            self.calls.clone(),
        );
        registry.register(
            "bridge_paused",
            "Accounts that their platform does not know any more: nothing is sent",
            self.paused.clone(),
        );
    }

    pub(super) fn event(&self, account: &str, outcome: &'static str) {
        self.events(account, outcome, 1);
    }

    pub(super) fn events(&self, account: &str, outcome: &'static str, count: usize) {
        if count > 0 {
            let account = account.to_owned();
            let counter = self.events.get_or_create(&Happened { account, outcome });
            counter.inc_by(count as u64);
        }
    }

    pub(super) fn call(&self, account: &str, outcome: &'static str) {
        self.calls(account, outcome, 1);
    }

    pub(super) fn calls(&self, account: &str, outcome: &'static str, count: u64) {
        let account = account.to_owned();
        let counter = self.calls.get_or_create(&Happened { account, outcome });
        counter.inc_by(count);
    }

    pub(super) fn paused(&self, account: &str, is: bool) {
        let account = account.to_owned();
        self.paused
            .get_or_create(&Of { account })
            .set(i64::from(is));
    }
}
