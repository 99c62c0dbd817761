//! Things shown before: "the second one", "the first two", "the last", "it".

use super::numbers::{number_at, ordinal};
use super::phrases::Phrases;
use super::{Entity, Message, Reference, Value};
use std::ops::Range;

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        if let Some((length, reference)) = PHRASES.at(&message.tokens[index..]) {
            found.push(message.entity(index..index + length, Value::Reference(reference)));
        }
        if ["that", "this"].contains(&message.word(index)) && ends_thought(message, index) {
            found.push(message.entity(index..index + 1, Value::Reference(Reference::That)));
        }
        let counted = by_place(message, index).or_else(|| by_number(message, index));
        if let Some((length, reference)) = counted {
            let range = widened(message, index..index + length);
            found.push(message.entity(range, Value::Reference(reference)));
        }
    }
}

/// "second", "first two", "last 3", "last one".
fn by_place(message: &Message<'_>, index: usize) -> Option<(usize, Reference)> {
    let word = message.word(index);
    let next = message.word(index + 1);
    let few = number_at(message, index + 1).filter(|(_, number)| (2..=20).contains(number));
    let last = matches!(word, "last" | "bottom");
    let first = matches!(word, "first" | "top");
    match few {
        Some((length, number)) if last => return Some((1 + length, Reference::LastFew(number))),
        Some((length, number)) if first => return Some((1 + length, Reference::FirstFew(number))),
        _ => {}
    }
    // "the third time", "last week", "a second" are about time.
    let names_one = NOUNS.contains(&next) || next.is_empty() || ends_thought(message, index);
    let after_the = message.word(index.wrapping_sub(1)) == "the";
    let measured =
        ["a", "one", "per", "every", "few"].contains(&message.word(index.wrapping_sub(1)));
    if measured || OTHER_NOUNS.contains(&next) {
        return None;
    }
    if last {
        return names_one.then_some((1, Reference::Last));
    }
    let number = ordinal(word)?;
    // "first, thanks" opens a thought; "the first" and "second one" name something.
    (names_one || after_the || number > 1).then_some((1, Reference::Nth(number)))
}

/// "number two", "no. 2", "#2", "option 3".
fn by_number(message: &Message<'_>, index: usize) -> Option<(usize, Reference)> {
    let small =
        |from: usize| number_at(message, from).filter(|(_, number)| (1..=20).contains(number));
    // "No. 2" is a name, "no, two" an answer.
    let is_answer = message.word(index) == "no" && comma_behind(message, index);
    let names = ["number", "no", "nr", "option", "choice", "item"];
    if names.contains(&message.word(index)) && !is_answer {
        let (length, number) = small(index + 1)?;
        return Some((1 + length, Reference::Nth(number)));
    }
    let start = message.tokens[index].span.start;
    let (length, number) = small(index)?;
    message.text[..start]
        .ends_with('#')
        .then_some((length, Reference::Nth(number)))
}

fn comma_behind(message: &Message<'_>, index: usize) -> bool {
    let end = message.tokens[index].span.end;
    message.text[end..].starts_with(',')
}

/// With "the" before and "one", "product" behind.
fn widened(message: &Message<'_>, range: Range<usize>) -> Range<usize> {
    let start = match message.word(range.start.wrapping_sub(1)) {
        "the" | "your" => range.start - 1,
        _ => range.start,
    };
    let end = range.end + usize::from(NOUNS.contains(&message.word(range.end)));
    start..end
}

/// The last word, or one with a comma or an end behind it.
fn ends_thought(message: &Message<'_>, index: usize) -> bool {
    let end = message.tokens[index].span.end;
    let rest = message.text[end..].trim_start();
    rest.is_empty() || rest.starts_with([',', '.', '?', '!', ';', ')'])
}

const NOUNS: &[&str] = &[
    "one", "ones", "product", "products", "item", "items", "option", "options", "choice",
    "picture", "result",
];

const OTHER_NOUNS: &[&str] = &[
    "time",
    "times",
    "day",
    "days",
    "week",
    "weeks",
    "weekend",
    "month",
    "months",
    "year",
    "years",
    "night",
    "hand",
    "floor",
    "class",
    "order",
    "orders",
    "name",
    "minute",
    "hour",
    "attempt",
    "try",
    "aid",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "summer",
    "winter",
    "christmas",
    "of",
];

static PHRASES: Phrases<Reference> = Phrases::new(&[
    ("it", Reference::That),
    ("that one", Reference::That),
    ("this one", Reference::That),
    ("the one", Reference::That),
    ("that product", Reference::That),
    ("this product", Reference::That),
    ("that item", Reference::That),
    ("this item", Reference::That),
    ("them", Reference::That),
    ("these", Reference::That),
    ("those", Reference::That),
    ("the same", Reference::That),
    ("same one", Reference::That),
    ("the former", Reference::Nth(1)),
    ("the latter", Reference::Last),
    ("both", Reference::All),
    ("both of them", Reference::All),
    ("all of them", Reference::All),
    ("all three", Reference::All),
    ("the other", Reference::Other),
    ("the other one", Reference::Other),
    ("other one", Reference::Other),
]);
