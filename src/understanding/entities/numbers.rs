//! Numbers in words and digits.

use super::Message;

/// The number at token `index`, and how many tokens it takes: `3`, `three`, `twenty five`, `a dozen`.
pub(super) fn number_at(message: &Message<'_>, index: usize) -> Option<(usize, u32)> {
    let word = message.word(index);
    if !word.is_empty() && word.len() <= 9 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((1, word.parse().ok()?));
    }
    if let Some(tens) = value_in(TENS, word) {
        return match value_in(SMALL, message.word(index + 1)) {
            Some(ones @ 1..=9) => Some((2, tens + ones)),
            _ => Some((1, tens)),
        };
    }
    value_in(SMALL, word).map(|number| (1, number))
}

/// `second`, `2nd`: counted from 1.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end));
    match digits.map(str::parse) {
        Some(Ok(number @ 1..=99)) => Some(number),
        _ => value_in(ORDINALS, word),
    }
}

fn value_in(table: &[(&str, u32)], word: &str) -> Option<u32> {
    table
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

const SMALL: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("hundred", 100),
];

const TENS: &[(&str, u32)] = &[
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

const ORDINALS: &[(&str, u32)] = &[
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
];
