//! What one shopper did: bought again, bought in a rhythm, looked at.

use super::Profile;
use super::growth::days;
use crate::catalog::Catalog;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A purchase counts half after so many days.
const HALF_LIFE_DAYS: f32 = 60.0;
/// A rhythm needs so many distances between purchases …
const LEAST_GAPS: usize = 2;
/// … whose median distance from their median is at most this share of it.
const STEADY: f32 = 1.0 / 3.0;
/// Time to reorder: from this share of the usual distance on, and until that many of them have passed.
const DUE: std::ops::RangeInclusive<f32> = 0.9..=3.0;
/// Products looked at last from which to suggest when nothing is looked at now.
const LOOKED_AT: usize = 3;

/// By place in the catalog.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Times of purchase, oldest first.
    bought: BTreeMap<u32, Vec<Timestamp>>,
    /// Each once, the latest first.
    viewed: Vec<(u32, Timestamp)>,
    last_order: Vec<u32>,
}

/// A product bought before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bought {
    pub(super) item: u32,
    /// Decayed purchases.
    pub(super) score: f32,
    pub(super) times: u32,
    pub(super) last: Timestamp,
}

/// A product bought in a rhythm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Due {
    pub(super) item: u32,
    pub(super) every_days: u32,
    pub(super) last: Timestamp,
    /// Time since the last purchase, in usual distances.
    pub(super) elapsed: f32,
}

impl History {
    pub(super) fn of(profile: &Profile, catalog: &Catalog) -> Self {
        let mut history = Self::default();
        let place = |sku: &String| catalog.place(sku).map(|place| place as u32);
        for (at, skus) in &profile.purchases {
            let mut items: Vec<u32> = skus.iter().filter_map(place).collect();
            items.sort_unstable();
            items.dedup();
            for item in &items {
                history.bought.entry(*item).or_default().push(*at);
            }
            history.last_order = items;
        }
        for (at, sku) in profile.viewed.iter().rev() {
            if let Some(item) = place(sku)
                && history.viewed.iter().all(|(known, _)| *known != item)
            {
                history.viewed.push((item, *at));
            }
        }
        history
    }

    pub(super) fn has_bought(&self, item: u32) -> bool {
        self.bought.contains_key(&item)
    }

    pub(super) fn viewed(&self) -> &[(u32, Timestamp)] {
        &self.viewed
    }

    /// From what to suggest when nothing is looked at: the last order, then what was looked at last.
    pub(super) fn interests(&self) -> Vec<u32> {
        let lately = self.viewed.iter().take(LOOKED_AT).rev();
        let mut items = self.last_order.clone();
        items.extend(lately.map(|(item, _)| *item));
        items
    }

    /// All that was bought before `now`.
    pub(super) fn again(&self, now: Timestamp) -> impl Iterator<Item = Bought> + '_ {
        self.bought.iter().filter_map(move |(item, times)| {
            let age = |at: &Timestamp| days(*at, now).max(0.0);
            Some(Bought {
                item: *item,
                score: times
                    .iter()
                    .map(|at| (-age(at) / HALF_LIFE_DAYS).exp2())
                    .sum(),
                times: times.len() as u32,
                last: *times.iter().max()?,
            })
        })
    }

    /// What it is time to order again.
    pub(super) fn due(&self, now: Timestamp) -> impl Iterator<Item = Due> + '_ {
        self.bought.iter().filter_map(move |(item, times)| {
            let last = *times.iter().max()?;
            let every = rhythm(times)?;
            let elapsed = days(last, now) / every;
            DUE.contains(&elapsed).then_some(Due {
                item: *item,
                every_days: every.round() as u32,
                last,
                elapsed,
            })
        })
    }
}

/// The usual distance between purchases in days, where there is one. Two on one day are one.
fn rhythm(times: &[Timestamp]) -> Option<f32> {
    let mut times = times.to_vec();
    times.sort();
    let gaps = times.windows(2).map(|pair| days(pair[0], pair[1]));
    let gaps: Vec<f32> = gaps.filter(|gap| *gap >= 1.0).collect();
    if gaps.len() < LEAST_GAPS {
        return None;
    }
    let usual = median(gaps.clone());
    let off = median(gaps.iter().map(|gap| (gap - usual).abs()).collect());
    (off <= STEADY * usual).then_some(usual)
}

/// Of at least one number.
fn median(mut numbers: Vec<f32>) -> f32 {
    numbers.sort_by(f32::total_cmp);
    let middle = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[middle]
    } else {
        f32::midpoint(numbers[middle - 1], numbers[middle])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;

    fn at(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    fn bought(days: &[&str]) -> History {
        let order = |day: &&str| (at(day), vec!["BIRCH-CAP".to_owned()]);
        let profile = Profile {
            purchases: days.iter().map(order).collect(),
            viewed: Vec::new(),
        };
        History::of(&profile, &shop::small())
    }

    #[test]
    fn what_is_bought_every_month_is_due_after_a_month_and_no_sooner() {
        let coffee = bought(&["2026-07-01", "2026-07-31", "2026-08-31"]);
        let due = |day: &str| coffee.due(at(day)).map(|due| due.every_days).next();
        assert_eq!(due("2026-09-15"), None);
        assert_eq!(due("2026-09-29"), Some(31));
        assert_eq!(due("2027-03-01"), None, "given up long ago");
    }

    #[test]
    fn without_a_rhythm_nothing_is_due() {
        let twice = bought(&["2026-07-01", "2026-08-01"]);
        assert_eq!(twice.due(at("2026-09-01")).next(), None);
        let any_time = bought(&["2026-01-01", "2026-01-06", "2026-06-01", "2026-06-20"]);
        assert_eq!(any_time.due(at("2026-07-01")).next(), None);
    }
}
