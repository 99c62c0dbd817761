//! Amounts of money as people type them: `1.000,50 EUR`, `€20`, `20 quid`.

use super::Message;
use crate::money::{Currency, Money};
use crate::text::opening;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A number that may be money.
#[derive(Debug, Clone)]
pub(super) struct Amount {
    pub(super) money: Money,
    /// With its currency.
    pub(super) span: Range<usize>,
    /// A currency was typed; without one it takes other words to make a number an amount.
    pub(super) has_currency: bool,
}

/// All numbers of the message, by place.
pub(super) fn amounts(message: &Message<'_>) -> Vec<Amount> {
    let text = opening(message.text);
    let mut found: Vec<Amount> = Vec::new();
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return found;
    }
    for hit in NUMBER.iter().flat_map(|regex| regex.find_iter(text)) {
        let joins = |letter: Option<char>| letter.is_some_and(char::is_alphabetic);
        let before = currency_before(&text[..hit.start()], message.currency);
        let after = currency_after(&text[hit.end()..], message.currency);
        if before.is_none() && joins(text[..hit.start()].chars().next_back())
            || after.is_none() && joins(text[hit.end()..].chars().next())
        {
            continue;
        }
        // `20-50€ and €30`: a symbol before belongs to this number unless the number before took it.
        let taken = found.last().map_or(0, |last| last.span.end);
        let before = before.filter(|(_, length)| hit.start() - length >= taken);
        let (currency, span) = match (before, after) {
            (Some((currency, length)), _) => (currency, hit.start() - length..hit.end()),
            (None, Some((currency, length))) => (currency, hit.start()..hit.end() + length),
            (None, None) => (message.currency, hit.range()),
        };
        if let Some(money) = read_number(hit.as_str(), currency) {
            found.push(Amount {
                money,
                span,
                has_currency: before.is_some() || after.is_some(),
            });
        }
    }
    found
}

/// The currency that ends `text`, and its bytes with the blank behind it.
fn currency_before(text: &str, shop: Currency) -> Option<(Currency, usize)> {
    let trimmed = text.strip_suffix(' ').unwrap_or(text);
    let from = name_start(trimmed);
    let currency = named(&trimmed[from..], shop)?;
    Some((currency, text.len() - from))
}

fn currency_after(text: &str, shop: Currency) -> Option<(Currency, usize)> {
    let trimmed = text.strip_prefix(' ').unwrap_or(text);
    let blank = text.len() - trimmed.len();
    let first = trimmed.chars().next()?;
    let end = if first.is_alphabetic() {
        trimmed
            .find(|letter: char| !letter.is_alphabetic())
            .unwrap_or(trimmed.len())
    } else {
        first.len_utf8()
    };
    Some((named(&trimmed[..end], shop)?, blank + end))
}

/// Where the run of letters, or the symbol, at the end starts.
fn name_start(text: &str) -> usize {
    match text.chars().next_back() {
        Some(last) if last.is_alphabetic() => {
            let letters = text
                .chars()
                .rev()
                .take_while(|letter| letter.is_alphabetic());
            text.len() - letters.map(char::len_utf8).sum::<usize>()
        }
        Some(last) => text.len() - last.len_utf8(),
        None => 0,
    }
}

/// A currency by symbol, word or code. `$` and `kr` are the shop's own where it has one of that name.
fn named(name: &str, shop: Currency) -> Option<Currency> {
    let lower = name.to_lowercase();
    let (_, codes) = CURRENCIES
        .iter()
        .find(|(names, _)| names.contains(&lower.as_str()))?;
    let own = codes.split(' ').find(|code| *code == shop.code());
    own.or_else(|| codes.split(' ').next())?.parse().ok()
}

/// (names, codes: the most likely first). Codes that are English words (ALL, TRY) are left out.
const CURRENCIES: &[(&[&str], &str)] = &[
    (&["€", "eur", "euro", "euros"], "EUR"),
    (&["£", "gbp", "pound", "pounds", "quid"], "GBP"),
    (
        &["$", "dollar", "dollars", "bucks"],
        "USD CAD AUD NZD SGD HKD",
    ),
    (&["usd"], "USD"),
    (&["cad"], "CAD"),
    (&["aud"], "AUD"),
    (&["nzd"], "NZD"),
    (&["kr", "kroner", "kronor", "crowns"], "NOK SEK DKK ISK"),
    (&["nok"], "NOK"),
    (&["sek"], "SEK"),
    (&["dkk"], "DKK"),
    (&["chf", "fr", "franken", "francs"], "CHF"),
    (&["pln", "zł", "zloty", "zlotys"], "PLN"),
    (&["czk", "kč"], "CZK"),
    (&["huf", "ft", "forint"], "HUF"),
    (&["¥", "jpy", "yen"], "JPY CNY"),
    (&["₹", "inr", "rs", "rupees"], "INR"),
    (&["ron", "lei"], "RON"),
];

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[0-9]{1,3}(?:[.,'’ \u{a0}\u{202f}][0-9]{3})+(?:[.,][0-9]{1,2})?\b|[0-9]{1,12}(?:[.,][0-9]{1,3})?").ok()
});

/// Reads dots and commas by where they stand: the last one with one or two digits behind it is the decimal mark.
pub(super) fn read_number(typed: &str, currency: Currency) -> Option<Money> {
    let mark = typed.rfind(['.', ',']);
    let (whole, cents) = match mark {
        Some(place) if typed.len() - place - 1 != 3 || typed.starts_with("0") => {
            (&typed[..place], &typed[place + 1..])
        }
        _ => (typed, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let kept = cents.len().min(currency.decimals() as usize);
    let plain = if kept == 0 {
        digits
    } else {
        format!("{digits}.{}", &cents[..kept])
    };
    Money::parse(&plain, currency).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_commas_are_read_by_where_they_stand() {
        let eur: Currency = "EUR".parse().unwrap();
        for (typed, minor) in [
            ("20", 2000),
            ("19.90", 1990),
            ("19,9", 1990),
            ("1.000", 100_000),
            ("1,000", 100_000),
            ("1.000,50", 100_050),
            ("1,000.50", 100_050),
            ("1 000", 100_000),
            ("1.000.000", 100_000_000),
            ("0.500", 50),
        ] {
            assert_eq!(read_number(typed, eur).unwrap().minor, minor, "{typed}");
        }
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(read_number("1200.50", yen).unwrap().minor, 1200);
    }

    #[test]
    fn every_currency_of_the_table_exists() {
        for (_, codes) in CURRENCIES {
            for code in codes.split(' ') {
                assert!(code.parse::<Currency>().is_ok(), "{code}");
            }
        }
        assert!(NUMBER.is_some());
    }

    #[test]
    fn a_shared_name_is_the_shops_own_currency() {
        let sek: Currency = "SEK".parse().unwrap();
        let eur: Currency = "EUR".parse().unwrap();
        assert_eq!(named("kr", sek), Some(sek));
        assert_eq!(named("kr", eur).unwrap().code(), "NOK");
        assert_eq!(named("$", "AUD".parse().unwrap()).unwrap().code(), "AUD");
    }
}
