//! Pieces, and plain numbers: "two", "3x", "a pair of", "17850".

use super::numbers::number_at;
use super::phrases::Phrases;
use super::prices::UNITS;
use super::{Entity, Message, Value};

/// More pieces than this are a number of something else.
const MOST_PIECES: u32 = 999;

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        if let Some((length, pieces)) = PHRASES.at(&message.tokens[index..]) {
            found.push(message.entity(index..index + length, Value::Quantity(pieces)));
        }
        let token = &message.tokens[index];
        if token.text.bytes().all(|byte| byte.is_ascii_digit()) && !token.text.is_empty() {
            let number = token.text.clone();
            found.push(message.entity(index..index + 1, Value::Number(number)));
        }
        found.extend(with_times(message, index));
        found.extend(counted(message, index));
    }
}

/// "two", "2 pairs of"; not "2 weeks", "60%", "the blue one", `0150`, nor the five of "twenty five".
fn counted(message: &Message<'_>, index: usize) -> Option<Entity> {
    let (length, pieces) = number_at(message, index)?;
    let before = message.word(index.wrapping_sub(1));
    let next = message.word(index + length);
    let names = match message.word(index) {
        "one" => index > 0 && !BEFORE_ONE.contains(&before),
        word => word.starts_with('0'),
    };
    let inside = index > 0 && number_at(message, index - 1).is_some_and(|(length, _)| length > 1);
    if !is_pieces(pieces) || names || inside || UNITS.contains(&next) || is_percent(message, index)
    {
        return None;
    }
    let length = length + usize::from(PIECES.contains(&next));
    Some(message.entity(index..index + length, Value::Quantity(pieces)))
}

/// `3x`, `x3`, `3 x`, `x 3`.
fn with_times(message: &Message<'_>, index: usize) -> Option<Entity> {
    let word = message.word(index);
    let marked = word.strip_suffix('x').or_else(|| word.strip_prefix('x'));
    let (length, digits) = match (word, message.word(index + 1)) {
        ("x", digits) | (digits, "x" | "times") => (2, digits),
        _ => (1, marked?),
    };
    let pieces: u32 = digits.parse().ok()?;
    is_pieces(pieces).then(|| message.entity(index..index + length, Value::Quantity(pieces)))
}

fn is_pieces(number: u32) -> bool {
    (1..=MOST_PIECES).contains(&number)
}

fn is_percent(message: &Message<'_>, index: usize) -> bool {
    message.text[message.tokens[index].span.end..]
        .trim_start()
        .starts_with('%')
}

/// Where "one" is a number.
const BEFORE_ONE: &[&str] = &[
    "add", "and", "buy", "for", "get", "have", "it", "just", "make", "need", "of", "only", "or",
    "order", "return", "send", "take", "want", "yes",
];

/// Counted with the number before them.
const PIECES: &[&str] = &["of", "pair", "pairs", "pack", "packs", "set", "sets"];

static PHRASES: Phrases<u32> = Phrases::new(&[
    // Shops sell pairs as one piece.
    ("a pair", 1),
    ("a pair of", 1),
    ("just one", 1),
    ("only one", 1),
    ("a single", 1),
    ("a couple", 2),
    ("a couple of", 2),
    ("half a dozen", 6),
    ("a dozen", 12),
    ("two dozen", 24),
]);
