//! Colours and sizes that every shop shares; the shop's own come from its vocabulary.

use super::numbers::number_at;
use super::phrases::Phrases;
use super::{Colour, Entity, Message, Value};

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        if let Some((length, colour)) = COLOURS.at(&message.tokens[index..]) {
            found.push(message.entity(index..index + length, Value::Colour(colour)));
        }
        if let Some((length, size)) = size_at(message, index) {
            found.push(message.entity(index..index + length, Value::Size(size)));
        }
    }
}

impl Colour {
    /// The colour of this folded name, if it is one.
    pub fn named(name: &str) -> Option<Self> {
        COLOURS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, colour)| *colour)
    }
}

fn size_at(message: &Message<'_>, index: usize) -> Option<(usize, String)> {
    let word = message.word(index);
    if word == "size" || word == "sizes" {
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
]);

const fn colour(name: &'static str, family: &'static str) -> Colour {
    Colour { name, family }
}

/// (as typed, colour). A name of two words stands for itself; spellings share a name.
static COLOURS: Phrases<Colour> = Phrases::new(&[
    ("black", colour("black", "black")),
    ("anthracite", colour("anthracite", "grey")),
    ("charcoal", colour("charcoal", "grey")),
    ("grey", colour("grey", "grey")),
    ("gray", colour("grey", "grey")),
    ("light grey", colour("light grey", "grey")),
    ("light gray", colour("light grey", "grey")),
    ("dark grey", colour("dark grey", "grey")),
    ("dark gray", colour("dark grey", "grey")),
    ("silver", colour("silver", "grey")),
    ("white", colour("white", "white")),
    ("off white", colour("off-white", "white")),
    ("ivory", colour("ivory", "white")),
    ("cream", colour("cream", "white")),
    ("ecru", colour("ecru", "white")),
    ("beige", colour("beige", "brown")),
    ("sand", colour("sand", "brown")),
    ("tan", colour("tan", "brown")),
    ("camel", colour("camel", "brown")),
    ("khaki", colour("khaki", "green")),
    ("brown", colour("brown", "brown")),
    ("dark brown", colour("dark brown", "brown")),
    ("red", colour("red", "red")),
    ("dark red", colour("dark red", "red")),
    ("burgundy", colour("burgundy", "red")),
    ("maroon", colour("maroon", "red")),
    ("crimson", colour("crimson", "red")),
    ("rust", colour("rust", "orange")),
    ("orange", colour("orange", "orange")),
    ("coral", colour("coral", "orange")),
    ("mustard", colour("mustard", "yellow")),
    ("yellow", colour("yellow", "yellow")),
    ("gold", colour("gold", "yellow")),
    ("green", colour("green", "green")),
    ("dark green", colour("dark green", "green")),
    ("light green", colour("light green", "green")),
    ("olive", colour("olive", "green")),
    ("mint", colour("mint", "green")),
    ("sage", colour("sage", "green")),
    ("teal", colour("teal", "blue")),
    ("turquoise", colour("turquoise", "blue")),
    ("blue", colour("blue", "blue")),
    ("light blue", colour("light blue", "blue")),
    ("dark blue", colour("dark blue", "blue")),
    ("sky blue", colour("sky blue", "blue")),
    ("navy", colour("navy", "blue")),
    ("navy blue", colour("navy", "blue")),
    ("indigo", colour("indigo", "blue")),
    ("purple", colour("purple", "purple")),
    ("violet", colour("violet", "purple")),
    ("lilac", colour("lilac", "purple")),
    ("lavender", colour("lavender", "purple")),
    ("plum", colour("plum", "purple")),
    ("pink", colour("pink", "pink")),
    ("rose", colour("rose", "pink")),
    ("fuchsia", colour("fuchsia", "pink")),
    ("magenta", colour("magenta", "pink")),
]);
