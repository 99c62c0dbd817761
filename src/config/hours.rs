//! When people are there, in the shop's own time.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Days looked ahead for the next opening: a fortnight of holidays is found.
const LOOK_AHEAD: i32 = 30;

/// Opening hours of a week, and the days that are none.
#[derive(Debug, Clone)]
pub struct Hours {
    zone: TimeZone,
    /// Monday first.
    week: [Option<(Time, Time)>; 7],
    holidays: Vec<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("`{0}` is not from and to")]
    Form(String),
    #[error("`{0}` ends before it begins")]
    Backwards(String),
}

impl Hours {
    pub fn new(zone: TimeZone, week: [Option<(Time, Time)>; 7], holidays: Vec<Date>) -> Self {
        Self {
            zone,
            week,
            holidays,
        }
    }

    /// Reads `9:00-17:00`; nothing between the quotes is a closed day.
    pub fn day(text: &str) -> Result<Option<(Time, Time)>, HoursError> {
        let wrong = || HoursError::Form(text.to_owned());
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(None);
        }
        let (from, to) = trimmed.split_once(['-', '–']).ok_or_else(wrong)?;
        let time = |part: &str| {
            let (hour, minute) = part.trim().split_once(':').unwrap_or((part.trim(), "0"));
            let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
            // Midnight as the end of a day.
            if (hour, minute) == (24, 0) {
                Some(Time::MAX)
            } else {
                Time::new(hour, minute, 0, 0).ok()
            }
        };
        let (from, to) = (time(from).ok_or_else(wrong)?, time(to).ok_or_else(wrong)?);
        if from >= to {
            return Err(HoursError::Backwards(text.to_owned()));
        }
        Ok(Some((from, to)))
    }

    fn of(&self, day: Date) -> Option<(Time, Time)> {
        if self.holidays.contains(&day) {
            return None;
        }
        let nth = day.weekday().to_monday_zero_offset();
        self.week
            .get(usize::try_from(nth).unwrap_or(0))
            .copied()
            .flatten()
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = at.to_zoned(self.zone.clone());
        self.of(local.date())
            .is_some_and(|(from, to)| (from..to).contains(&local.time()))
    }

    /// `today at 9:00`, `tomorrow at 9:00`, `on Monday at 9:00`, `on 2 Jan at 9:00`; `later` when
    /// there is no opening within a month.
    pub fn next_opening_in_words(&self, now: Timestamp) -> String {
        let local = now.to_zoned(self.zone.clone());
        for ahead in 0..LOOK_AHEAD {
            let Ok(day) = local.date().checked_add(ahead.days()) else {
                break;
            };
            let Some((from, _)) = self.of(day) else {
                continue;
            };
            if ahead == 0 && local.time() >= from {
                continue;
            }
            let time = clock(from);
            return match ahead {
                0 => format!("today at {time}"),
                1 => format!("tomorrow at {time}"),
                2..=6 => format!("on {} at {time}", name(day.weekday())),
                _ => format!("on {} at {time}", day.strftime("%-d %b")),
            };
        }
        "later".to_owned()
    }

    /// `Monday to Friday 9:00–17:00, Saturday 10:00–14:00`; `by e-mail only` when never open.
    pub fn in_words(&self) -> String {
        let mut spans: Vec<(usize, usize, (Time, Time))> = Vec::new();
        for (nth, hours) in self.week.iter().enumerate() {
            let Some(hours) = hours else { continue };
            match spans.last_mut() {
                Some((_, last, same)) if *last + 1 == nth && same == hours => *last = nth,
                _ => spans.push((nth, nth, *hours)),
            }
        }
        if spans.is_empty() {
            return "by e-mail only".to_owned();
        }
        let words = spans.into_iter().map(|(first, last, (from, to))| {
            let days = match last - first {
                0 => DAYS[first].to_owned(),
                1 => format!("{} and {}", DAYS[first], DAYS[last]),
                _ => format!("{} to {}", DAYS[first], DAYS[last]),
            };
            format!("{days} {}–{}", clock(from), clock(to))
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

fn name(day: Weekday) -> &'static str {
    DAYS[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0) % 7]
}

fn clock(time: Time) -> String {
    if time == Time::MAX {
        "24:00".to_owned()
    } else {
        time.strftime("%-H:%M").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> Hours {
        let weekday = Hours::day("9:00-17:00").unwrap();
        let saturday = Hours::day("10-14").unwrap();
        let week = [weekday, weekday, weekday, weekday, weekday, saturday, None];
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        Hours::new(zone, week, vec!["2026-12-25".parse().unwrap()])
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_shop_is_open_in_its_own_time_summer_and_winter() {
        assert!(shop().is_open(at("2026-11-20T08:30:00Z")));
        assert!(!shop().is_open(at("2026-11-20T07:30:00Z")));
        assert!(shop().is_open(at("2026-07-01T07:30:00Z")));
        assert!(!shop().is_open(at("2026-12-25T10:00:00Z")));
    }

    #[test]
    fn the_next_opening_skips_closed_days() {
        assert_eq!(
            shop().next_opening_in_words(at("2026-11-19T20:00:00Z")),
            "tomorrow at 9:00"
        );
        assert_eq!(
            shop().next_opening_in_words(at("2026-11-20T05:00:00Z")),
            "today at 9:00"
        );
        assert_eq!(
            shop().next_opening_in_words(at("2026-11-21T15:00:00Z")),
            "on Monday at 9:00"
        );
        assert_eq!(
            shop().next_opening_in_words(at("2026-12-24T20:00:00Z")),
            "on Saturday at 10:00"
        );
    }

    #[test]
    fn a_week_is_said_in_few_words() {
        assert_eq!(
            shop().in_words(),
            "Monday to Friday 9:00–17:00, Saturday 10:00–14:00"
        );
    }

    #[test]
    fn hours_that_are_none_are_refused() {
        for wrong in [
            "nine to five",
            "9",
            "17:00-9:00",
            "25:00-26:00",
            "9:00-9:00",
        ] {
            assert!(Hours::day(wrong).is_err(), "{wrong}");
        }
    }
}
