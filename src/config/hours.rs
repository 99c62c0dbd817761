//! When people are there, in the shop's own time.

use crate::text::Language;
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
    pub fn next_opening_in_words(&self, now: Timestamp, language: Language) -> String {
        let said = Said::of(language);
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
                0 => format!("{} {time}", said.today),
                1 => format!("{} {time}", said.tomorrow),
                2..=6 => said.on_day(said.name(day.weekday()), &time),
                _ => said.on_day(&day.strftime(said.date).to_string(), &time),
            };
        }
        said.later.to_owned()
    }

    /// `Monday to Friday 9:00–17:00, Saturday 10:00–14:00`; `by e-mail only` when never open.
    pub fn in_words(&self, language: Language) -> String {
        let said = Said::of(language);
        let mut spans: Vec<(usize, usize, (Time, Time))> = Vec::new();
        for (nth, hours) in self.week.iter().enumerate() {
            let Some(hours) = hours else { continue };
            match spans.last_mut() {
                Some((_, last, same)) if *last + 1 == nth && same == hours => *last = nth,
                _ => spans.push((nth, nth, *hours)),
            }
        }
        if spans.is_empty() {
            return said.never.to_owned();
        }
        let words = spans.into_iter().map(|(first, last, (from, to))| {
            let days = match last - first {
                0 => said.days[first].to_owned(),
                1 => format!("{} {} {}", said.days[first], said.and, said.days[last]),
                _ => format!("{} {} {}", said.days[first], said.to, said.days[last]),
            };
            format!("{days} {}–{}", clock(from), clock(to))
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// How a language says when.
struct Said {
    /// From Monday.
    days: [&'static str; 7],
    to: &'static str,
    and: &'static str,
    today: &'static str,
    tomorrow: &'static str,
    /// With `{day}`.
    on: &'static str,
    date: &'static str,
    later: &'static str,
    never: &'static str,
}

impl Said {
    /// English where the language has no words here.
    fn of(language: Language) -> &'static Self {
        match language {
            Language::German => &GERMAN,
            Language::French => &FRENCH,
            Language::Spanish => &SPANISH,
            Language::Italian => &ITALIAN,
            Language::Dutch => &DUTCH,
            Language::Portuguese => &PORTUGUESE,
            _ => &ENGLISH,
        }
    }

    fn name(&self, day: Weekday) -> &'static str {
        self.days[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0) % 7]
    }

    fn on_day(&self, day: &str, time: &str) -> String {
        format!("{} {time}", self.on.replace("{day}", day))
    }
}

static ENGLISH: Said = Said {
    days: [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
    to: "to",
    and: "and",
    today: "today at",
    tomorrow: "tomorrow at",
    on: "on {day} at",
    date: "%-d %b",
    later: "later",
    never: "by e-mail only",
};

static GERMAN: Said = Said {
    days: [
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    ],
    to: "bis",
    and: "und",
    today: "heute um",
    tomorrow: "morgen um",
    on: "am {day} um",
    date: "%-d.%-m.",
    later: "später",
    never: "nur per E-Mail",
};

static FRENCH: Said = Said {
    days: [
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    ],
    to: "à",
    and: "et",
    today: "aujourd'hui à",
    tomorrow: "demain à",
    on: "{day} à",
    date: "%-d/%-m",
    later: "plus tard",
    never: "par e-mail seulement",
};

static SPANISH: Said = Said {
    days: [
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
    ],
    to: "a",
    and: "y",
    today: "hoy a las",
    tomorrow: "mañana a las",
    on: "el {day} a las",
    date: "%-d/%-m",
    later: "más tarde",
    never: "solo por correo electrónico",
};

static ITALIAN: Said = Said {
    days: [
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
    ],
    to: "–",
    and: "e",
    today: "oggi alle",
    tomorrow: "domani alle",
    on: "{day} alle",
    date: "%-d/%-m",
    later: "più tardi",
    never: "solo per e-mail",
};

static DUTCH: Said = Said {
    days: [
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ],
    to: "t/m",
    and: "en",
    today: "vandaag om",
    tomorrow: "morgen om",
    on: "op {day} om",
    date: "%-d-%-m",
    later: "later",
    never: "alleen per e-mail",
};

static PORTUGUESE: Said = Said {
    days: [
        "segunda-feira",
        "terça-feira",
        "quarta-feira",
        "quinta-feira",
        "sexta-feira",
        "sábado",
        "domingo",
    ],
    to: "a",
    and: "e",
    today: "hoje às",
    tomorrow: "amanhã às",
    on: "{day} às",
    date: "%-d/%-m",
    later: "mais tarde",
    never: "apenas por e-mail",
};

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
            shop().next_opening_in_words(at("2026-11-19T20:00:00Z"), Language::English),
            "tomorrow at 9:00"
        );
        assert_eq!(
            shop().next_opening_in_words(at("2026-11-20T05:00:00Z"), Language::English),
            "today at 9:00"
        );
        assert_eq!(
            shop().next_opening_in_words(at("2026-11-21T15:00:00Z"), Language::English),
            "on Monday at 9:00"
        );
        assert_eq!(
            shop().next_opening_in_words(at("2026-12-24T20:00:00Z"), Language::English),
            "on Saturday at 10:00"
        );
    }

    #[test]
    fn a_week_is_said_in_few_words() {
        assert_eq!(
            shop().in_words(Language::English),
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
