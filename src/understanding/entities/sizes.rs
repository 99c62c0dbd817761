//! Sizes that every shop shares; the shop's own come from its vocabulary.

use super::numbers::number_at;
use super::phrases::Phrases;
use super::{Entity, Message, Value};

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        if let Some((length, size)) = size_at(message, index) {
            found.push(message.entity(index..index + length, Value::Size(size)));
        }
    }
}

fn size_at(message: &Message<'_>, index: usize) -> Option<(usize, String)> {
    let word = message.word(index);
    if SIZE_WORDS.contains(&word) {
        return plain_size(message, index + 1).map(|(length, size)| (1 + length, size));
    }
    if let Some((length, size)) = SIZE_NAMES.at(&message.tokens[index..]) {
        return Some((length, size.to_owned()));
    }
    let digits = message.word(index + 1);
    // "What size" ends with the word.
    let typed = &message.text[message.tokens.get(index)?.span.clone()];
    // "us" is a word; "US" is a system.
    let system = matches!(word, "eu" | "uk") || typed == "US";
    if system && (1..=2).contains(&digits.len()) && number_at(message, index + 1).is_some() {
        return Some((2, format!("{} {digits}", word.to_uppercase())));
    }
    letter_size(message, index)
}

/// What follows the word "size": letters in any case, or a number.
fn plain_size(message: &Message<'_>, index: usize) -> Option<(usize, String)> {
    let word = message.word(index);
    let number = (1..=3).contains(&word.len()) && number_at(message, index).is_some();
    if number || LETTERS.contains(&word) {
        return Some((1, word.to_uppercase()));
    }
    size_at(message, index)
}

/// `xs` to `5xl`. A single letter must be a capital, stand behind "in" or "a", or be the whole message.
fn letter_size(message: &Message<'_>, index: usize) -> Option<(usize, String)> {
    let word = message.word(index);
    if !LETTERS.contains(&word) {
        return None;
    }
    let typed = &message.text[message.tokens[index].span.clone()];
    let capital = typed.chars().all(|letter| !letter.is_lowercase());
    let shouting = !message.text.chars().any(char::is_lowercase) && message.tokens.len() > 2;
    let led_in = index > 0 && matches!(message.word(index - 1), "in" | "a" | "an" | "the");
    let sure = word.len() > 1 || (capital && !shouting) || led_in || message.tokens.len() == 1;
    sure.then(|| (1, word.to_uppercase()))
}

/// "Size", in the languages shops speak.
const SIZE_WORDS: &[&str] = &[
    "size", "sizes", "grösse", "größe", "taille", "pointure", "talla", "taglia", "misura", "maat",
    "tamanho",
];

const LETTERS: &[&str] = &[
    "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl", "4xl", "5xl",
];

static SIZE_NAMES: Phrases<&'static str> = Phrases::new(&[
    ("extra small", "XS"),
    ("x small", "XS"),
    ("small", "S"),
    ("medium", "M"),
    ("large", "L"),
    ("extra large", "XL"),
    ("x large", "XL"),
    ("one size", "ONE SIZE"),
    ("onesize", "ONE SIZE"),
    ("einheitsgrösse", "ONE SIZE"),
    ("taille unique", "ONE SIZE"),
    ("talla única", "ONE SIZE"),
    ("taglia unica", "ONE SIZE"),
    ("tamanho único", "ONE SIZE"),
]);
