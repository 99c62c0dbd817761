//! What channels count; the server gives it to whoever asks for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Why sockets ended, by close code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Closed {
    pub code: u16,
}

/// Counters of all channels. Clones share them.
#[derive(Debug, Clone)]
pub struct Tally {
    pub sockets: Gauge,
    pub turns: Counter,
    /// Turns that were asked for twice and answered once.
    pub repeats: Counter,
    pub refused: Counter,
    pub failed: Counter,
    pub handoffs: Counter,
    pub unanswered: Counter,
    /// From the frame to the commit of its reply.
    pub turn_seconds: Histogram,
    pub closed: Family<Closed, Counter>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            sockets: Gauge::default(),
            turns: Counter::default(),
            repeats: Counter::default(),
            refused: Counter::default(),
            failed: Counter::default(),
            handoffs: Counter::default(),
            unanswered: Counter::default(),
            turn_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            closed: Family::default(),
        }
    }
}

impl Tally {
    pub fn register(&self, registry: &mut Registry) {
        registry.register("sockets_open", "Open chat sockets", self.sockets.clone());
        registry.register("turns", "Messages answered", self.turns.clone());
        registry.register(
            "turns_repeated",
            "Messages sent again and not answered twice",
            self.repeats.clone(),
        );
        registry.register(
            "messages_refused",
            "Messages refused: too long, too fast, malformed",
            self.refused.clone(),
        );
        registry.register(
            "turns_failed",
            "Messages that could not be answered or stored",
            self.failed.clone(),
        );
        registry.register(
            "handoffs",
            "Conversations handed to a person",
            self.handoffs.clone(),
        );
        registry.register(
            "turns_unanswered",
            "Messages nothing answered",
            self.unanswered.clone(),
        );
        registry.register(
            "turn_seconds",
            "From the frame to the commit of its reply",
            self.turn_seconds.clone(),
        );
        registry.register(
            "sockets_closed",
            "Sockets closed by us, by close code",
            self.closed.clone(),
        );
    }
}
