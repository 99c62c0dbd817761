//! Order numbers, by the shop's own patterns.

use super::{Entity, Message, Value};
use regex::Regex;

/// An order pattern that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("pattern `{0}` has no digit; write `#` for each, like `SH-#####`")]
    NoDigit(String),
    #[error("pattern `{0}` is longer than {MOST_SYMBOLS} symbols")]
    TooLong(String),
}

const MOST_SYMBOLS: usize = 64;

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
