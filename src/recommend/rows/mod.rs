//! The rows of a placement: which, in what order, each product in one of them, each with its reason.

use super::ask::{Ask, Placement, Row, RowKind};
use super::history::History;
use super::picking::{Picker, Ranked, Taken};
use super::reason::{Reason, Recommendation};
use super::recommender::{Live, Recommender};
use std::collections::BinaryHeap;

/// A product is new for so many days.
const NEW_DAYS: f32 = 60.0;
/// So many of the latest are looked at.
const NEW_ONES: usize = 500;
/// Sold so many times as much as usual is worth saying.
const TRENDS_FROM: f32 = 1.5;
/// What having bought it before counts beside what goes with it.
const OWN: f32 = 0.8;

impl Placement {
    /// What is shown there, in this order; a row without products is left out. Best sellers stand in where what goes
    /// with the items does not fill its row.
    fn kinds(self) -> &'static [RowKind] {
        use RowKind::{BestSellers, BuyAgain, GoesWith, New, Reorder, Similar, Trending, Viewed};
        match self {
            Self::Product => &[GoesWith, BuyAgain, Similar, Viewed, BestSellers],
            Self::Cart => &[GoesWith, Reorder, BuyAgain, BestSellers],
            Self::Home => &[
                Reorder,
                BuyAgain,
                GoesWith,
                Viewed,
                Trending,
                BestSellers,
                New,
            ],
            Self::AfterPurchase => &[GoesWith, New, BestSellers],
            Self::NoResults => &[GoesWith, Viewed, Trending, BestSellers],
            Self::Email => &[Reorder, BuyAgain, GoesWith, Trending, New, BestSellers],
        }
    }

    /// Things to go with others, not in their place.
    fn wants_complements(self) -> bool {
        matches!(self, Self::Cart | Self::AfterPurchase)
    }

    /// There best sellers are shown whatever else there is.
    fn always_shows_best_sellers(self) -> bool {
        matches!(self, Self::Home | Self::NoResults)
    }
}

/// One question while its rows are filled.
struct Rows<'a> {
    recommender: &'a Recommender,
    live: &'a Live,
    ask: &'a Ask<'a>,
    history: History,
    /// What the question is about: the items, else what the shopper was interested in last.
    about: Vec<u32>,
    /// What the shopper bought before and goes with the items, as [`Self::goes_with`] came by it.
    beside: Vec<Ranked>,
    /// Still to come first in a row.
    pins: Vec<u32>,
    picker: Picker<'a>,
    /// Days since the recommender was built.
    day: f32,
}

impl Recommender {
    /// The rows of a placement, in the order they are to be shown. In stock only, nothing asked about or excluded,
    /// nothing twice. With nothing but a catalog there is one row that says so. The same question at the same time gets
    /// the same answer until something is learnt.
    pub fn place(&self, ask: &Ask<'_>) -> Vec<Row> {
        let live = self.live();
        let items = self.places_of(ask.items);
        let profile = ask
            .profile
            .map(|profile| History::of(profile, &self.catalog));
        let history = profile.unwrap_or_default();
        let about = match items.is_empty() {
            true => history.interests(),
            false => items.clone(),
        };
        let pins = self.shelf.pinned(ask.placement, &about, &self.catalog);
        let mut rows = Rows {
            recommender: self,
            live: &live,
            ask,
            history,
            pins: pins.collect(),
            beside: Vec::new(),
            about,
            picker: self.picker(&items, self.places_of(ask.exclude), ask.limit),
            day: self.days(ask.now),
        };
        let mut found: Vec<Row> = Vec::new();
        for kind in ask.placement.kinds() {
            let goes_with = found.iter().find(|row| row.kind == RowKind::GoesWith);
            let is_filled = goes_with.is_some_and(|row| row.items.len() >= ask.limit);
            if *kind == RowKind::BestSellers
                && is_filled
                && !ask.placement.always_shows_best_sellers()
            {
                continue;
            }
            let items = rows.row(*kind);
            if !items.is_empty() {
                let nothing_sold = *kind == RowKind::BestSellers && live.sales.is_empty();
                let kind = if nothing_sold {
                    RowKind::Catalog
                } else {
                    *kind
                };
                found.push(Row { kind, items });
            }
        }
        found
    }
}

impl Rows<'_> {
    fn row(&mut self, kind: RowKind) -> Vec<Recommendation> {
        let dearest = self.picker.dearest;
        if matches!(kind, RowKind::BuyAgain | RowKind::Reorder | RowKind::Viewed) {
            // What it costs did not keep them from it before.
            self.picker.dearest = None;
        }
        let row = self.fill(kind);
        self.picker.dearest = dearest;
        row
    }

    fn fill(&mut self, kind: RowKind) -> Vec<Recommendation> {
        match kind {
            RowKind::GoesWith => self.goes_with(),
            RowKind::BuyAgain => self.buy_again(),
            RowKind::Reorder => self.reorder(),
            RowKind::Viewed => self.viewed(),
            RowKind::Similar => self.similar(),
            RowKind::Trending => self.trending(),
            RowKind::New => self.new_ones(),
            RowKind::BestSellers | RowKind::Catalog => self.best_sellers(),
        }
    }

    /// Begins a row with what the shop wants first.
    fn pinned(&mut self) -> Taken {
        let mut taken = Taken::default();
        for item in std::mem::take(&mut self.pins) {
            self.picker.take(&mut taken, Ranked { item, score: 1.0 });
        }
        taken
    }

    /// With reasons, the first `pinned` because the shop wants them.
    fn told(
        &self,
        taken: &Taken,
        pinned: usize,
        reason: impl Fn(u32) -> Reason,
    ) -> Vec<Recommendation> {
        let row = taken.items.iter().enumerate();
        row.map(|(place, one)| {
            let reason = match place < pinned {
                true => Reason::Pinned,
                false => reason(one.item),
            };
            self.recommender.recommendation(*one, reason)
        })
        .collect()
    }

    /// What others bought or looked at with it. What the shopper bought before has a row of its own.
    fn goes_with(&mut self) -> Vec<Recommendation> {
        if self.about.is_empty() {
            return Vec::new();
        }
        let mut taken = self.pinned();
        let pinned = taken.items.len();
        let explored = self.explored();
        let limit = self.picker.limit;
        self.picker.limit -= usize::from(explored.is_some() && limit > pinned);
        let (history, picker) = (&self.history, &mut self.picker);
        let (about, shelf) = (&self.about, &self.recommender.shelf);
        let complements = self.ask.placement.wants_complements();
        let is_twin = |item: u32| {
            about
                .iter()
                .any(|other| shelf.family(*other) == shelf.family(item))
        };
        let twins = |item: u32| complements && is_twin(item);
        let beside = &mut self.beside;
        self.recommender.ranked(
            self.live,
            &self.about,
            |tally| tally.together > 0.0 || tally.viewed > 0.0,
            |ranked, _| {
                let bought = ranked.iter().filter(|one| history.has_bought(one.item));
                beside.extend(bought);
                ranked.retain(|one| !history.has_bought(one.item) && !twins(one.item));
                picker.fill_diverse(&mut taken, ranked);
            },
        );
        self.picker.limit = limit;
        let found = taken.items.len();
        // Alone it would be no row of what goes with something.
        if let Some((item, _)) = explored
            && found > 0
        {
            self.picker.take(&mut taken, Ranked { item, score: 0.0 });
        }
        self.told(&taken, pinned, |item| match explored {
            Some((new, days)) if new == item => Reason::New { days },
            _ => self.recommender.companion(self.live, &self.about, item),
        })
    }

    /// The new product whose turn it is beside this, on a share of days and products.
    fn explored(&self) -> Option<(u32, u32)> {
        let last = *self.about.last()?;
        let shelf = &self.recommender.shelf;
        let dice = self.dice(last) % 1000;
        if dice as f32 >= shelf.explore * 1000.0 {
            return None;
        }
        let new = shelf.new_on(self.day, NEW_DAYS).take(NEW_ONES);
        let may = |item: u32| self.picker.may(item) && !self.history.has_bought(item);
        let kindred = new.filter(|(item, _)| shelf.are_of_a_kind(*item, last) && may(*item));
        let best = kindred.max_by(|a, b| self.chance(a.0).cmp(&self.chance(b.0)));
        best.map(|(item, age)| (item, age as u32))
    }

    /// A number of the day for a product: the same for all who ask.
    fn dice(&self, item: u32) -> u64 {
        let sku = &self.recommender.catalog.products()[item as usize].sku;
        let day = self.ask.now.as_second().div_euclid(86_400).to_le_bytes();
        // FNV-1a, and SplitMix64's last step to spread it.
        let fnv = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        let hash = sku
            .as_bytes()
            .iter()
            .chain(&day)
            .fold(0xcbf2_9ce4_8422_2325, fnv);
        let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 27)
    }

    /// How good a product may be: the upper bound of its share of clicks (Wilson, 95 %), so that what was seldom shown
    /// gets its chance; then whose turn it is today.
    fn chance(&self, item: u32) -> (u64, u64) {
        const Z: f64 = 1.96;
        let (seen, followed) = self.live.shown[item as usize];
        let (n, followed) = (f64::from(seen.max(followed)), f64::from(followed));
        let spread = match n > 0.0 {
            true => (followed * (n - followed) / n + Z * Z / 4.0).sqrt(),
            false => Z / 2.0,
        };
        let upper = (followed + Z * Z / 2.0 + Z * spread) / (n + Z * Z);
        ((upper * 1e6) as u64, self.dice(item))
    }

    fn buy_again(&mut self) -> Vec<Recommendation> {
        let all: Vec<_> = self.history.again(self.ask.now).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let top = all.iter().map(|one| one.score).fold(0.0, f32::max);
        let score = |item: u32, own: f32| {
            let beside = self.beside.iter().find(|one| one.item == item);
            OWN * own / top + beside.map_or(0.0, |one| one.score)
        };
        let ranked = all.iter().map(|one| Ranked {
            item: one.item,
            score: score(one.item, one.score),
        });
        let mut taken = Taken::default();
        self.picker.fill(&mut taken, &mut ranked.collect());
        self.told(&taken, 0, |item| {
            let known = all.iter().find(|one| one.item == item);
            known.map_or(Reason::Catalog, |one| Reason::BuyAgain {
                times: one.times,
                last: one.last,
            })
        })
    }

    fn reorder(&mut self) -> Vec<Recommendation> {
        let all: Vec<_> = self.history.due(self.ask.now).collect();
        let ranked = all.iter().map(|due| Ranked {
            item: due.item,
            score: due.elapsed,
        });
        let mut taken = Taken::default();
        self.picker.fill(&mut taken, &mut ranked.collect());
        self.told(&taken, 0, |item| {
            let known = all.iter().find(|due| due.item == item);
            known.map_or(Reason::Catalog, |due| Reason::Reorder {
                every_days: due.every_days,
                last: due.last,
            })
        })
    }

    fn viewed(&mut self) -> Vec<Recommendation> {
        let mut taken = Taken::default();
        for (place, (item, _)) in self.history.viewed().iter().enumerate() {
            let score = 1.0 / (place + 1) as f32;
            self.picker.take(&mut taken, Ranked { item: *item, score });
        }
        self.told(&taken, 0, |item| {
            let known = self
                .history
                .viewed()
                .iter()
                .find(|(known, _)| *known == item);
            known.map_or(Reason::Catalog, |(_, last)| Reason::Viewed { last: *last })
        })
    }

    fn similar(&mut self) -> Vec<Recommendation> {
        let Some(last) = self.about.last().copied() else {
            return Vec::new();
        };
        let mut taken = Taken::default();
        self.picker
            .fill(&mut taken, &mut self.recommender.likest(last));
        self.told(&taken, 0, |item| self.recommender.likeness(last, item))
    }

    fn trending(&mut self) -> Vec<Recommendation> {
        let (sales, day) = (&self.live.sales, self.day);
        let times = |item: u32| {
            let times = sales.times_usual(item, day);
            times.filter(|times| *times >= TRENDS_FROM)
        };
        let rising = sales.rising().iter().filter(|item| times(**item).is_some());
        let mut ranked: BinaryHeap<Ranked> = rising
            .map(|item| Ranked {
                item: *item,
                score: sales.trend(*item),
            })
            .collect();
        if ranked.is_empty() {
            return Vec::new();
        }
        let mut taken = self.pinned();
        let pinned = taken.items.len();
        self.picker.fill(&mut taken, &mut ranked);
        self.told(&taken, pinned, |item| Reason::Trending {
            times: times(item).unwrap_or(1.0),
        })
    }

    fn new_ones(&mut self) -> Vec<Recommendation> {
        let new = self
            .recommender
            .shelf
            .new_on(self.day, NEW_DAYS)
            .take(NEW_ONES);
        let mut new: Vec<(u32, f32)> = new.filter(|(item, _)| self.picker.may(*item)).collect();
        new.sort_by_cached_key(|(item, _)| std::cmp::Reverse(self.chance(*item)));
        let mut taken = Taken::default();
        for (place, (item, _)) in new.iter().enumerate() {
            let score = 1.0 / (place + 1) as f32;
            self.picker.take(&mut taken, Ranked { item: *item, score });
        }
        self.told(&taken, 0, |item| {
            let known = new.iter().find(|(known, _)| *known == item);
            known.map_or(Reason::Catalog, |(_, age)| Reason::New {
                days: *age as u32,
            })
        })
    }

    fn best_sellers(&mut self) -> Vec<Recommendation> {
        let mut taken = self.pinned();
        let pinned = taken.items.len();
        self.recommender
            .fill_with_best_sellers(self.live, &mut self.picker, &mut taken);
        let row = taken.items.iter().enumerate();
        row.map(|(place, one)| match place < pinned {
            true => self.recommender.recommendation(*one, Reason::Pinned),
            false => self.recommender.best_seller(self.live, *one),
        })
        .collect()
    }
}

#[cfg(test)]
mod tests;
