use super::Reason;
use crate::config::ReturnSettings;
use crate::orders::{Order, OrderStatus};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

/// What the shop's settings say about returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Days from the delivery in which things may come back.
    pub days: u32,
    /// Working days from the parcel's arrival to the refund.
    pub refund_days: u32,
    /// Address of the label with `{rma}` in it; may be empty.
    pub label: String,
    /// Codes, or names of categories, lower case.
    pub not_returnable: Vec<String>,
    /// Another size or colour may be sent instead.
    pub exchange: bool,
    /// For sending back what is as it should be.
    pub who_pays: WhoPays,
}

/// Who pays for sending something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoPays {
    Shop,
    Shopper,
    /// On what an article says.
    Depends,
}

/// When something may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The day it is counted from.
    pub from: Date,
    /// The order says that it arrived on that day, rather than that it was expected or ordered.
    pub arrived: bool,
    /// The last day.
    pub until: Date,
}

impl Window {
    pub fn is_open(self, today: Date) -> bool {
        today <= self.until
    }
}

impl Policy {
    pub fn new(settings: &ReturnSettings) -> Self {
        let lower = |one: &String| one.trim().to_lowercase();
        Self {
            days: settings.days,
            refund_days: settings.refund_days,
            label: settings.label.clone(),
            not_returnable: settings.not_returnable.iter().map(lower).collect(),
            exchange: settings.exchange,
            who_pays: match settings.who_pays.as_str() {
                "shop" => WhoPays::Shop,
                "shopper" => WhoPays::Shopper,
                _ => WhoPays::Depends,
            },
        }
    }

    /// Nobody pays for what is the shop's fault but the shop.
    pub fn postage(&self, reason: Reason) -> WhoPays {
        if reason.is_ours() || reason == Reason::NotAsDescribed {
            WhoPays::Shop
        } else {
            self.who_pays
        }
    }

    /// The last working day by which the money is back, when the parcel arrived on `day`. Holidays are not counted out.
    pub fn refund_by(&self, day: Date) -> Date {
        let mut day = day;
        for _ in 0..self.refund_days.min(366) {
            day = day.saturating_add(jiff::Span::new().days(1));
            while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                day = day.saturating_add(jiff::Span::new().days(1));
            }
        }
        day
    }

    /// Counted from the delivery; where the order does not tell it, from the day it was expected or ordered, whichever is
    /// later, so that nobody loses a day by what we do not know.
    pub fn window(&self, order: &Order, zone: &TimeZone) -> Window {
        let day = |at: jiff::Timestamp| at.to_zoned(zone.clone()).date();
        let delivered = order.timeline.iter().rev();
        let mut delivered = delivered.filter(|event| event.status == OrderStatus::Delivered);
        let delivered = delivered.next().map(|event| day(event.at));
        let from = delivered.unwrap_or_else(|| {
            let placed = day(order.placed_at);
            order
                .expected_on
                .map_or(placed, |expected| expected.max(placed))
        });
        let until = from.saturating_add(jiff::Span::new().days(i64::from(self.days.min(3650))));
        Window {
            from,
            arrived: delivered.is_some(),
            until,
        }
    }

    /// Whether a thing with one of these codes, or in one of these categories, may come back.
    pub fn takes_back<'a>(
        &self,
        mut codes: impl Iterator<Item = &'a str>,
        mut categories: impl Iterator<Item = &'a str>,
    ) -> bool {
        let kept = |name: &str| self.not_returnable.contains(&name.to_lowercase());
        !codes.any(kept) && !categories.any(kept)
    }

    /// Where the label of a return is; none when the shop has no such page.
    pub fn label_of(&self, rma: &str) -> Option<String> {
        (!self.label.is_empty()).then(|| self.label.replace("{rma}", rma))
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::order;
    use super::*;
    use crate::orders::Event;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn policy(days: u32) -> Policy {
        Policy {
            days,
            refund_days: 5,
            label: "https://shop.example/label/{rma}".into(),
            not_returnable: vec!["gift cards".into(), "cap-1".into()],
            exchange: true,
            who_pays: WhoPays::Shopper,
        }
    }

    #[test]
    fn what_is_our_fault_costs_the_shopper_nothing() {
        assert_eq!(policy(30).postage(Reason::ChangedMind), WhoPays::Shopper);
        assert_eq!(policy(30).postage(Reason::Damaged), WhoPays::Shop);
        assert_eq!(policy(30).postage(Reason::NotAsDescribed), WhoPays::Shop);
    }

    #[test]
    fn money_is_back_after_so_many_working_days() {
        let friday = date(2026, 11, 20);
        assert_eq!(policy(30).refund_by(friday), date(2026, 11, 27));
        assert_eq!(policy(30).refund_by(date(2026, 11, 22)), date(2026, 11, 27));
    }

    #[test]
    fn days_are_counted_from_the_delivery_else_from_what_is_expected_else_from_the_order() {
        let mut order = order("SH-1", 2);
        order.placed_at = "2026-11-01T10:00:00Z".parse().unwrap();
        let zone = TimeZone::UTC;
        let window = policy(30).window(&order, &zone);
        assert_eq!((window.from, window.arrived), (date(2026, 11, 1), false));
        order.expected_on = Some(date(2026, 11, 6));
        assert_eq!(policy(30).window(&order, &zone).until, date(2026, 12, 6));
        order.timeline.push(Event {
            status: OrderStatus::Delivered,
            at: "2026-11-09T23:30:00Z".parse().unwrap(),
        });
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let window = policy(30).window(&order, &oslo);
        assert_eq!((window.from, window.arrived), (date(2026, 11, 10), true));
    }

    #[test]
    fn what_the_shop_keeps_is_named_by_code_or_category_in_any_case() {
        let policy = policy(30);
        assert!(!policy.takes_back(["CAP-1"].into_iter(), ["Hats"].into_iter()));
        assert!(!policy.takes_back(["X"].into_iter(), ["Gift Cards"].into_iter()));
        assert!(policy.takes_back(["X"].into_iter(), ["Socks"].into_iter()));
    }

    proptest! {
        #[test]
        fn the_last_day_is_open_and_the_next_is_not(days in 0_u32..4000, placed in 0_i64..4_000_000_000) {
            let mut order = order("SH-1", 1);
            order.placed_at = jiff::Timestamp::from_second(placed).unwrap();
            let window = policy(days).window(&order, &TimeZone::UTC);
            prop_assert!(window.is_open(window.from) && window.is_open(window.until));
            prop_assert!(!window.is_open(window.until.tomorrow().unwrap()));
        }
    }
}
