//! What came in and what did not, for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Source {
    pub source: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    pub source: &'static str,
    /// `ok`, `unchanged`, `failed`; of webhooks `accepted`, `repeated`, and those refused: `unexpected`, `forged`,
    /// `malformed`, `elsewhere` (of another shop), `unread` (too large).
    pub outcome: &'static str,
}

/// Clones share their counts.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub runs: Family<Outcome, Counter>,
    pub webhooks: Family<Outcome, Counter>,
    pub products: Family<Source, Gauge>,
    pub refused: Family<Source, Gauge>,
    /// Unix seconds.
    pub last_success: Family<Source, Gauge>,
}

impl Tally {
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "sync_runs",
            "Comparisons with a source of goods, by outcome",
            self.runs.clone(),
        );
        registry.register(
            "sync_webhooks",
            "Webhooks, by what became of them",
            self.webhooks.clone(),
        );
        registry.register(
            "sync_products",
            "Products in a source when it was last read",
            self.products.clone(),
        );
        registry.register(
            "sync_refused",
            "Rows of a source that could not be used",
            self.refused.clone(),
        );
        registry.register(
            "sync_last_success_seconds",
            "When a source was last read whole",
            self.last_success.clone(),
        );
    }

    pub(super) fn ran(&self, source: &'static str, outcome: &'static str) {
        self.runs.get_or_create(&Outcome { source, outcome }).inc();
    }

    pub(super) fn hooked(&self, source: &'static str, outcome: &'static str) {
        self.webhooks
            .get_or_create(&Outcome { source, outcome })
            .inc();
    }
}
