//! Ages kept as growth: what happens weighs 2^(days since the start ÷ half-life) when it comes, and nothing older has to
//! be touched again, for only the ratios of sums are ever asked for.

use jiff::Timestamp;

/// Days from `start` to `at`, negative before it.
pub(super) fn days(start: Timestamp, at: Timestamp) -> f32 {
    at.duration_since(start).as_secs_f32() / 86_400.0
}

/// What something weighs that happens so many days after the start. Finite for any number of days.
pub(super) fn growth(days: f32, half_life: f32) -> f32 {
    (days / half_life).min(100.0).exp2()
}
