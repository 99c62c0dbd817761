//! Days: "last tuesday", "two weeks ago", "12 Nov", "2026-11-12". What they are on a calendar depends on today, which
//! this room does not know: see [`Day::resolve`].

use super::calendar::{AGO, BEFORE_COUNT, GREETED_BY, MONTHS, NAMED, UNITS, WEEKDAYS, WHICH};
use super::numbers::number_at;
use super::{Entity, Message, Value};
use crate::text::opening;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use regex::Regex;
use std::sync::LazyLock;

/// A day or a stretch of days, as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Days from today: −1 is yesterday.
    Away(i32),
    /// "last tuesday", "on friday": in which week, −1 the last that was, 0 the next that comes.
    Weekday { nth: i8, weekday: Weekday },
    /// "last week", "this month": whole weeks, months or years from this one.
    Whole { unit: Unit, away: i32 },
    /// "two months ago", "in 3 weeks": a day about there.
    About { unit: Unit, away: i32 },
    /// "12 Nov"; without a year the one nearest to today.
    On {
        year: Option<i16>,
        month: i8,
        day: i8,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Day {
    /// First and last day meant. `None` for what no calendar has, like 31 February.
    pub fn resolve(self, today: Date) -> Option<(Date, Date)> {
        let one = |day: Option<Date>| day.map(|day| (day, day));
        match self {
            Self::Away(days) => one(today.checked_add(days.days()).ok()),
            Self::Weekday { nth: -1, weekday } => one(today.nth_weekday(-1, weekday).ok()),
            Self::Weekday { nth: 0, weekday } if today.weekday() == weekday => one(Some(today)),
            Self::Weekday { weekday, .. } => one(today.nth_weekday(1, weekday).ok()),
            Self::Whole { unit, away } => whole(today, unit, away),
            Self::About { unit, away } => one(moved(today, unit, away)),
            Self::On { year, month, day } => one(on(today, year, month, day)),
        }
    }
}

fn moved(from: Date, unit: Unit, by: i32) -> Option<Date> {
    let span = match unit {
        Unit::Day => by.days(),
        Unit::Week => by.weeks(),
        Unit::Month => by.months(),
        Unit::Year => by.years(),
    };
    from.checked_add(span).ok()
}

fn whole(today: Date, unit: Unit, away: i32) -> Option<(Date, Date)> {
    let there = moved(today, unit, away)?;
    match unit {
        Unit::Day => Some((there, there)),
        Unit::Week => {
            let since_monday = i32::from(there.weekday().to_monday_zero_offset());
            let monday = there.checked_sub(since_monday.days()).ok()?;
            Some((monday, monday.checked_add(6.days()).ok()?))
        }
        Unit::Month => Some((there.first_of_month(), there.last_of_month())),
        Unit::Year => Some((there.first_of_year(), there.last_of_year())),
    }
}

fn on(today: Date, year: Option<i16>, month: i8, day: i8) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let near = (-1..=1).filter_map(|off| Date::new(today.year() + off, month, day).ok());
    near.min_by_key(|date| (*date - today).get_days().abs())
}

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        let here = &message.tokens[index..];
        if let Some((length, days)) = NAMED.at(here) {
            let greets = GREETED_BY.contains(&message.word(index.wrapping_sub(1)));
            if !greets {
                found.push(message.entity(index..index + length, Value::Day(Day::Away(days))));
            }
        }
        if let Some((length, day)) = relative(message, index).or_else(|| counted(message, index)) {
            found.push(message.entity(index..index + length, Value::Day(day)));
        }
        if let Some((length, day)) = spelled(message, index) {
            found.push(message.entity(index..index + length, Value::Day(day)));
        }
    }
    if message.text.bytes().any(|byte| byte.is_ascii_digit()) {
        written(message, found);
    }
}

/// "last tuesday", "next week", "on friday", "friday" as the whole message.
fn relative(message: &Message<'_>, index: usize) -> Option<(usize, Day)> {
    let (led, which) = match WHICH.at(&message.tokens[index..]) {
        Some((length, which)) => (length, which),
        None if message.tokens.len() == 1 => (0, Which::Coming),
        None => return None,
    };
    let next = message.tokens.get(index + led..)?;
    if let Some((length, weekday)) = WEEKDAYS.at(next) {
        let nth = if which == Which::Last { -1 } else { 0 };
        return Some((led + length, Day::Weekday { nth, weekday }));
    }
    let (length, unit) = UNITS.at(next)?;
    let away = match which {
        Which::Last => -1,
        Which::This => 0,
        Which::Next => 1,
        Which::Coming => return None,
    };
    Some((led + length, Day::Whole { unit, away }))
}

/// "two weeks ago", "a month ago", "vor 3 tagen", "in 3 days".
fn counted(message: &Message<'_>, index: usize) -> Option<(usize, Day)> {
    let (led, before) = match BEFORE_COUNT.at(&message.tokens[index..]) {
        Some((length, sign)) => (length, Some(sign)),
        None => (0, None),
    };
    let at = index + led;
    let (length, count) = match message.word(at) {
        "a" | "an" | "einer" | "einem" | "une" | "un" | "una" | "een" | "uma" | "um" => (1, 1),
        _ => number_at(message, at)?,
    };
    let count = i32::try_from(count).ok().filter(|count| *count <= 999)?;
    let (named, unit) = UNITS.at(message.tokens.get(at + length..)?)?;
    let behind = message.tokens.get(at + length + named..)?;
    let (trailing, sign) = match (before, AGO.at(behind)) {
        (Some(sign), _) => (0, sign),
        (None, Some((trailing, ()))) => (trailing, -1),
        (None, None) => return None,
    };
    let away = sign * count;
    Some((led + length + named + trailing, Day::About { unit, away }))
}

/// "12 nov", "nov 12", "12th of november 2026".
fn spelled(message: &Message<'_>, index: usize) -> Option<(usize, Day)> {
    let day_at = |index: usize| {
        let word = message.word(index);
        let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
        let suffix = &word[digits.len()..];
        let day: i8 = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
        matches!(suffix, "" | "st" | "nd" | "rd" | "th").then_some(day)
    };
    let month_at = |index: usize| MONTHS.at(message.tokens.get(index..)?);
    let (length, day, month) = if let Some(day) = day_at(index) {
        let of = usize::from(matches!(message.word(index + 1), "of" | "de" | "di"));
        let (words, month) = month_at(index + 1 + of)?;
        (1 + of + words, day, month)
    } else {
        let (words, month) = month_at(index)?;
        (words + 1, day_at(index + words)?, month)
    };
    let year = message.word(index + length).parse().ok();
    let year: Option<i16> = year.filter(|year| (1990..2100).contains(year));
    let length = length + usize::from(year.is_some());
    Some((length, Day::On { year, month, day }))
}

/// `2026-11-12`, `12.11.2026`, `12.11.`, `12/11/2026`: the day first, unless only the other way is a date.
fn written(message: &Message<'_>, found: &mut Vec<Entity>) {
    let start = opening(message.text);
    for hit in NUMERIC.iter().flat_map(|regex| regex.captures_iter(start)) {
        let number = |name: &str| {
            hit.name(name)
                .and_then(|part| part.as_str().parse::<i16>().ok())
        };
        let year = number("y").or_else(|| number("y2").map(|y| if y < 100 { 2000 + y } else { y }));
        let (Some(month), Some(day)) = (number("m").or(number("m2")), number("d").or(number("d2")))
        else {
            continue;
        };
        let (month, day) = if month > 12 {
            (day, month)
        } else {
            (month, day)
        };
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            continue;
        };
        let whole = hit.get(0).map_or(0..0, |whole| whole.range());
        if (1..=12).contains(&month) && (1..=31).contains(&day) && !whole.is_empty() {
            found.push(message.entity_at(whole, Value::Day(Day::On { year, month, day })));
        }
    }
}

// A pattern that does not compile finds nothing; a test finds with it.
static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b|\b(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})(?:[./](?P<y2>(?:19|20)\d\d|\d\d)\b|\.(?:\s|$))";
    Regex::new(pattern).ok()
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Last,
    This,
    Next,
    /// "On friday": the one that comes.
    Coming,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;
    use proptest::prelude::*;

    /// A Friday.
    const TODAY: Date = Date::constant(2026, 11, 20);

    fn days(text: &str) -> Vec<String> {
        let words = words(text);
        let message = Message {
            text,
            tokens: words
                .iter()
                .map(super::super::phrases::Token::from)
                .collect(),
            currency: "EUR".parse().unwrap(),
        };
        let mut found = Vec::new();
        find(&message, &mut found);
        let found = super::super::longest(found);
        let read = |entity: &Entity| match entity.value {
            Value::Day(day) => day.resolve(TODAY).map(|(from, to)| match from == to {
                true => format!("{}={from}", entity.text),
                false => format!("{}={from}..{to}", entity.text),
            }),
            _ => None,
        };
        found.iter().filter_map(read).collect()
    }

    #[test]
    fn days_are_read_as_people_say_them() {
        for (text, wanted) in [
            ("i ordered yesterday", "yesterday=2026-11-19"),
            ("it came last tuesday", "last tuesday=2026-11-17"),
            ("i ordered last friday", "last friday=2026-11-13"),
            ("can you deliver on monday", "on monday=2026-11-23"),
            ("i bought it two weeks ago", "two weeks ago=2026-11-06"),
            ("a month ago", "a month ago=2026-10-20"),
            ("in 3 days", "in 3 days=2026-11-23"),
            ("i ordered last week", "last week=2026-11-09..2026-11-15"),
            ("this month", "this month=2026-11-01..2026-11-30"),
            ("on 12 nov", "12 nov=2026-11-12"),
            ("november 12th", "november 12th=2026-11-12"),
            ("the 3rd of january", "3rd of january=2027-01-03"),
            ("5 march 2024", "5 march 2024=2024-03-05"),
            ("2026-11-12", "2026-11-12=2026-11-12"),
            ("12.11.2026", "12.11.2026=2026-11-12"),
            ("am 12.11. bestellt", "12.11. =2026-11-12"),
            ("11/25/2026", "11/25/2026=2026-11-25"),
            ("vor zwei wochen bestellt", ""),
            ("vor 2 wochen bestellt", "vor 2 wochen=2026-11-06"),
            ("letzten dienstag", "letzten dienstag=2026-11-17"),
            ("il y a 3 jours", "il y a 3 jours=2026-11-17"),
            ("monday", "monday=2026-11-23"),
        ] {
            assert_eq!(days(text).join(" "), wanted, "{text}");
        }
    }

    #[test]
    fn what_names_no_day_is_left_alone() {
        for text in [
            "guten morgen",
            "a sunday mug",
            "under 20.50",
            "31 february",
            "may i return it",
            "3 days of rain",
            "version 1.2.3",
            "size 42",
            "",
        ] {
            assert!(days(text).is_empty(), "{text}: {:?}", days(text));
        }
    }

    proptest! {
        #[test]
        fn any_day_resolves_in_order_or_not_at_all(
            text in "(last |next |in |[0-9]{1,4}|[./-]|days |weeks |ago |nov |friday ){0,12}",
        ) {
            for day in days(&text) {
                prop_assert!(!day.is_empty());
            }
        }
    }
}
