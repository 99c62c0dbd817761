//! Order numbers, by the shop's own patterns, and by the word "order" before them.

use super::{Entity, Message, Value};
use crate::text::{Language, is_stop_word};
use regex::Regex;
use std::sync::LazyLock;

/// An order pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("pattern `{0}` has no digit; write `#` for each, like `SH-#####`")]
    NoDigit(String),
    #[error("pattern `{0}` is longer than {MOST_SYMBOLS} symbols")]
    TooLong(String),
}

const MOST_SYMBOLS: usize = 64;

/// A number behind the word "order", whatever the shop's own look like: `order 1006`, `Bestellung Nr. A-2007`. One behind
/// another joins it: "orders 1006 and 1007". Of less than three digits it counts or points.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = "#?[A-Z]{0,4}-?[0-9]{3,}(?:-[0-9]+)?";
    let word = "orders?|bestellung(?:en)?|bestellnummer|auftrag";
    let between = r"(?:\s+(?:number|no|nr|id|is|nummer))?[\s.:]*";
    let joined = format!(r"(?:\s*(?:,|&|and|or|und|oder)\s*{number})*");
    Regex::new(&format!(r"(?i)\b(?:{word}){between}({number}{joined})")).ok()
});
static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)[A-Z]{0,4}-?[0-9]{3,}(?:-[0-9]+)?").ok());

/// Words that may stand behind the number of an order; before any other it says how many of something.
const BEHIND: [&str; 12] = [
    "email", "e", "mail", "postcode", "zip", "plz", "phone", "please", "pls", "bitte", "status",
    "telefon",
];

/// Finds numbers that the word "order" stands before. Those that a pattern found as well are the pattern's.
pub(super) fn find_named(message: &Message<'_>, found: &mut Vec<Entity>) {
    let start = crate::text::opening(message.text);
    let (Some(named), Some(number)) = (&*NAMED, &*NUMBER) else {
        return;
    };
    for numbers in named.captures_iter(start).filter_map(|hit| hit.get(1)) {
        if !stands_alone(message.text, numbers.start(), numbers.end())
            || counts_what_follows(message, numbers.end())
        {
            continue;
        }
        for hit in number.find_iter(numbers.as_str()) {
            let span = numbers.start() + hit.start()..numbers.start() + hit.end();
            name(message, span, found);
        }
    }
}

/// "Order 200 of them", "order 150 mugs".
fn counts_what_follows(message: &Message<'_>, end: usize) -> bool {
    let Some(next) = message.tokens.get(message.token_from(end)) else {
        return false;
    };
    let gap = &message.text[end..next.span.start];
    let word = next.text.as_str();
    let is_small = is_stop_word(word) || Language::German.is_stop_word(word);
    gap.trim().is_empty() && (word == "of" || !(is_small || BEHIND.contains(&word)))
}

fn name(message: &Message<'_>, span: std::ops::Range<usize>, found: &mut Vec<Entity>) {
    let meets = |other: &&mut Entity| other.span.start < span.end && span.start < other.span.end;
    let by_pattern =
        |value: &Value| matches!(value, Value::OrderNumber(_) | Value::PossibleOrderNumber(_));
    match found
        .iter_mut()
        .filter(meets)
        .find(|one| by_pattern(&one.value))
    {
        Some(known) => {
            if let Value::PossibleOrderNumber(number) = &known.value {
                known.value = Value::OrderNumber(number.clone());
            }
        }
        None => {
            let number = message.text[span.clone()].to_uppercase();
            found.push(message.entity_at(span, Value::OrderNumber(number)));
        }
    }
}

/// A pattern such as `SH-#####`, ready to search.
#[derive(Debug)]
pub(super) struct OrderPattern {
    pattern: String,
    regex: Regex,
    digits: usize,
    has_letters: bool,
}

impl OrderPattern {
    pub(super) fn new(pattern: &str) -> Result<Self, PatternError> {
        let digits = pattern.chars().filter(|symbol| *symbol == '#').count();
        if digits == 0 {
            return Err(PatternError::NoDigit(pattern.to_owned()));
        }
        let too_long = || PatternError::TooLong(pattern.to_owned());
        if pattern.chars().count() > MOST_SYMBOLS {
            return Err(too_long());
        }
        Ok(Self {
            pattern: pattern.to_owned(),
            regex: Regex::new(&as_regex(pattern)).map_err(|_| too_long())?,
            digits,
            has_letters: pattern.chars().any(char::is_alphanumeric),
        })
    }

    /// Where it stands in a text, each in the pattern's own form.
    pub(super) fn hits<'p>(
        &'p self,
        text: &'p str,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, String)> + 'p {
        self.regex
            .find_iter(text)
            .filter(|hit| stands_alone(text, hit.start(), hit.end()))
            .map(|hit| (hit.range(), self.in_own_form(hit.as_str())))
    }

    pub(super) fn find(&self, message: &Message<'_>, found: &mut Vec<Entity>) {
        for (range, number) in self.hits(message.text) {
            found.push(message.entity_at(range, Value::OrderNumber(number)));
        }
        if !self.has_letters {
            return;
        }
        for (index, token) in message.tokens.iter().enumerate() {
            let digits_only = token.text.bytes().all(|byte| byte.is_ascii_digit());
            if digits_only && token.text.len() == self.digits {
                let number = self.in_own_form(&token.text);
                found.push(message.entity(index..index + 1, Value::PossibleOrderNumber(number)));
            }
        }
    }

    /// The pattern with its `#` replaced by the digits typed.
    fn in_own_form(&self, typed: &str) -> String {
        // The pattern's own digits are literals: they come first among what was typed only where they stand.
        let literal_digits = self.pattern.chars().any(|symbol| symbol.is_ascii_digit());
        if literal_digits {
            return self.aligned(typed);
        }
        let mut digits = typed.chars().filter(char::is_ascii_digit);
        let fill = |symbol| {
            if symbol == '#' {
                digits.next().unwrap_or('#')
            } else {
                symbol
            }
        };
        self.pattern.chars().map(fill).collect()
    }

    /// As above where literal digits and typed ones must be told apart.
    fn aligned(&self, typed: &str) -> String {
        let count = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let literals_typed = count(typed) > self.digits;
        let mut digits = typed.chars().filter(char::is_ascii_digit);
        let mut out = String::with_capacity(self.pattern.len());
        for symbol in self.pattern.chars() {
            if symbol == '#' {
                out.push(digits.next().unwrap_or('#'));
            } else {
                if symbol.is_ascii_digit() && literals_typed {
                    digits.next();
                }
                out.push(symbol);
            }
        }
        out
    }
}

/// Letters in any case; up to three separators wherever the pattern has one or letters meet digits.
fn as_regex(pattern: &str) -> String {
    const SEPARATOR: &str = r"[\s\-_/.#:\u{2010}-\u{2015}]{0,3}";
    let mut out = String::from("(?i)");
    let mut before = None;
    for symbol in pattern.chars() {
        let kind = match symbol {
            '#' => Kind::Digit,
            _ if symbol.is_alphanumeric() => Kind::Literal,
            _ => Kind::Separator,
        };
        let gap = kind == Kind::Separator || before.is_some_and(|before| before != kind);
        if gap && before != Some(Kind::Separator) && before.is_some() {
            out.push_str(SEPARATOR);
        }
        match kind {
            Kind::Digit => out.push_str("[0-9]"),
            Kind::Literal => out.push_str(&regex::escape(&symbol.to_string())),
            Kind::Separator => {}
        }
        before = Some(kind);
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Literal,
    Separator,
}

/// No letter or digit touches it: `ASH-10023` and `SH-100234` are something else. Letters of scripts written without
/// blanks may stand next to it.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let touches = |letter: Option<char>| letter.is_some_and(|l| l.is_ascii_alphanumeric());
    !touches(text[..start].chars().next_back()) && !touches(text[end..].chars().next())
}
