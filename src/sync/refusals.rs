//! Webhooks that were turned away, told once a minute and kind: a flood of them fills no disk.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

const TOLD_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// By source and outcome, both of a fixed few.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<BTreeMap<(&'static str, &'static str), Told>>);

#[derive(Debug)]
struct Told {
    at: Timestamp,
    /// Refused since, and not told.
    others: u64,
}

impl Refusals {
    pub(super) fn tell(
        &self,
        source: &'static str,
        outcome: &'static str,
        reason: &str,
        now: Timestamp,
    ) {
        if let Some(others) = self.count(source, outcome, now) {
            tracing::warn!(source, others, "a webhook was refused: {reason}");
        }
    }

    /// How many were not told before this one, when this one is to be told.
    fn count(&self, source: &'static str, outcome: &'static str, now: Timestamp) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get_mut(&(source, outcome)) {
            Some(told) if now.duration_since(told.at) < TOLD_EVERY => {
                told.others += 1;
                None
            }
            Some(told) => {
                told.at = now;
                Some(std::mem::take(&mut told.others))
            }
            None => {
                all.insert((source, outcome), Told { at: now, others: 0 });
                Some(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_once_a_minute_with_its_size() {
        let refusals = Refusals::default();
        let at = |seconds: i64| Timestamp::from_second(1_795_000_000 + seconds).unwrap();
        assert_eq!(refusals.count("shopify", "forged", at(0)), Some(0));
        for second in 1..60 {
            assert_eq!(refusals.count("shopify", "forged", at(second)), None);
        }
        assert_eq!(refusals.count("shopify", "unexpected", at(30)), Some(0));
        assert_eq!(refusals.count("shopify", "forged", at(60)), Some(59));
        assert_eq!(refusals.count("shopify", "forged", at(61)), None);
    }
}
