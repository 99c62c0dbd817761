//! A value held against what its key takes.

use super::Value;
use crate::config::Hours;
use crate::config::keys::{Key, Takes};
use crate::config::nudges::{Nudge, is_path};
use crate::config::promo::{self, PromoCode};
use crate::config::shopify::shop_host;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use toml::de::DeValue;

/// The value as its key takes it, or nothing when it does not fit.
pub(in crate::config) fn fit(key: &Key, value: &DeValue<'_>) -> Option<Value> {
    let text = || value.as_str().map(str::to_owned);
    let list = || -> Option<Vec<String>> {
        value
            .as_array()?
            .iter()
            .map(|item| item.get_ref().as_str().map(str::to_owned))
            .collect()
    };
    let number = || -> Option<f64> {
        match value {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        }
    };
    let checked = |fits: bool, text: String| fits.then_some(Value::Text(text));
    match key.takes {
        Takes::Text | Takes::Folder => {
            text().and_then(|text| checked(!text.trim().is_empty(), text))
        }
        Takes::Origin => text().and_then(|text| origin(&text)).map(Value::Text),
        Takes::Origins => list()?
            .iter()
            .map(|one| origin(one))
            .collect::<Option<Vec<_>>>()
            .map(Value::List),
        Takes::Address => text().and_then(|text| checked(text.parse::<SocketAddr>().is_ok(), text)),
        Takes::Currency => text().and_then(|text| {
            let upper = text.to_ascii_uppercase();
            checked(iso_currency::Currency::from_code(&upper).is_some(), upper)
        }),
        Takes::Zone => text().and_then(|text| checked(TimeZone::get(&text).is_ok(), text)),
        Takes::Language => text().and_then(|text| {
            checked(
                text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase()),
                text,
            )
        }),
        Takes::Switch => value.as_bool().map(Value::Switch),
        Takes::Whole { least, most } => match value {
            DeValue::Integer(number) => number
                .as_str()
                .parse()
                .ok()
                .filter(|n| (least..=most).contains(n))
                .map(Value::Whole),
            _ => None,
        },
        Takes::Share => number()
            .filter(|share| (0.0..=1.0).contains(share))
            .map(|share| Value::Share(share as f32)),
        Takes::DayHours => text().and_then(|text| checked(Hours::day(&text).is_ok(), text)),
        Takes::Dates => list()
            .filter(|all| all.iter().all(|day| day.parse::<Date>().is_ok()))
            .map(Value::List),
        Takes::Patterns => list()
            .filter(|all| all.iter().all(|one| one.contains('#')))
            .map(Value::List),
        Takes::Url => text().and_then(|text| address(&text)).map(Value::Text),
        Takes::Graphql => text()
            .and_then(|text| address(&text))
            .and_then(|url| checked(url.ends_with("/graphql.json"), url)),
        Takes::Host => text().and_then(|text| shop_host(&text)).map(Value::Text),
        Takes::Map => list()
            .filter(|all| all.iter().all(|one| one.contains('=')))
            .map(Value::List),
        Takes::Words => text().map(Value::Text),
        Takes::Amount => {
            text().and_then(|text| checked(text.is_empty() || promo::is_amount(&text), text))
        }
        Takes::Checkout => {
            let lists = |text: &str| text.contains("{items}") || text.contains("{ids}");
            text().and_then(|text| checked(text.is_empty() || lists(&text), text))
        }
        Takes::Label => text().and_then(|text| {
            let address = text.starts_with("https://") || text.starts_with("http://");
            checked(text.is_empty() || (address && text.contains("{rma}")), text)
        }),
        Takes::Codes => list()
            .filter(|all| all.iter().all(|one| PromoCode::read(one).is_ok()))
            .map(Value::List),
        Takes::Nudges => Nudge::read_all(value).ok().map(Value::Nudges),
        Takes::Paths => list()
            .filter(|all| all.iter().all(|one| is_path(one)))
            .map(Value::List),
        Takes::Names => list()
            .filter(|all| all.iter().all(|one| !one.trim().is_empty()))
            .map(Value::List),
        Takes::Pins => {
            let is_pin = |one: &String| {
                let halves = one.split_once(": ");
                halves.is_some_and(|(at, sku)| !at.trim().is_empty() && !sku.trim().is_empty())
            };
            list().filter(|all| all.iter().all(is_pin)).map(Value::List)
        }
        Takes::Times => number()
            .filter(|times| *times == 0.0 || (1.0..=1000.0).contains(times))
            .map(|times| Value::Share(times as f32)),
        Takes::Mailbox => text().and_then(|text| checked(is_mailbox(&text), text)),
        Takes::OneOf(words) => {
            text().and_then(|text| checked(words.contains(&text.as_str()), text))
        }
    }
}

/// `hello@shop.example`, a bare address.
pub(in crate::config) fn is_mailbox(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && text.chars().all(plain)
}

/// A whole address without user and password.
pub(in crate::config) fn address(text: &str) -> Option<String> {
    let url = url::Url::parse(text.trim()).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then(|| url.into())
}

/// `https://shop.example:8443` in the form browsers send, without a path.
fn origin(text: &str) -> Option<String> {
    let url = url::Url::parse(text.trim()).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    plain.then(|| url.origin().ascii_serialization())
}
