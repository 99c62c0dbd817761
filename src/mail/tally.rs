//! What became of letters, for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    pub kind: String,
    /// `sent`, `retried`, `failed`, `expired`.
    pub outcome: &'static str,
}

/// Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct Tally(Family<Outcome, Counter>);

impl Tally {
    pub fn register(&self, registry: &mut Registry) {
        let help = "Letters, by kind and what became of them";
        registry.register("mail_letters", help, self.0.clone());
    }

    pub(super) fn count(&self, kind: &str, outcome: &'static str) {
        let kind = kind.to_owned();
        self.0.get_or_create(&Outcome { kind, outcome }).inc();
    }
}
