//! "The waterproof one": which of the things last shown, by what it is.

use super::read::Reading;
use super::state::Shown;
use crate::catalog::{Catalog, Product};
use crate::text::{Language, Word};
use crate::understanding::{Entity, Reference, Value};

/// Words of a description; more of them are a sentence.
const LONGEST: usize = 3;
/// Values of an attribute that is not so.
const NOT_SO: [&str; 4] = ["no", "none", "false", "nein"];

/// Notes the one of `shown` that the message describes as a reference to it. Where it describes several, the words are
/// kept: they are one thing more that is wished for.
pub(super) fn point(reading: &mut Reading, shown: &[Shown], catalog: &Catalog, language: Language) {
    if shown.is_empty() || reading.reference().is_some() {
        return;
    }
    let Some((from, to)) = description(&reading.words) else {
        return;
    };
    let said = &reading.words[from + 1..to];
    let is_so = |one: &Shown| {
        let product = catalog.product(&one.sku);
        product.is_some_and(|product| said.iter().all(|word| is(product, &word.text, language)))
    };
    let mut fitting = (1..).zip(shown).filter(|(_, one)| is_so(one));
    let Some((place, _)) = fitting.next() else {
        return;
    };
    if fitting.next().is_some() {
        let said: Vec<&str> = said.iter().map(|word| word.text.as_str()).collect();
        reading.described = Some(said.join(" "));
        return;
    }
    let span = reading.words[from].span.start..reading.words[to].span.end;
    reading.entities.push(Entity {
        value: Value::Reference(Reference::Nth(place)),
        text: reading.text[span.clone()].to_owned(),
        span,
    });
}

/// Where "the … one" begins and ends.
fn description(words: &[Word]) -> Option<(usize, usize)> {
    let to = words
        .iter()
        .position(|word| matches!(word.text.as_str(), "one" | "ones"))?;
    let before = words[..to].iter();
    let from = before
        .enumerate()
        .rev()
        .find(|(_, word)| matches!(word.text.as_str(), "the" | "that" | "this"))?
        .0;
    (2..=LONGEST + 1)
        .contains(&(to - from))
        .then_some((from, to))
}

/// Whether the word says what the product is: a word of its name, kind or brand, a value it has, or the name of an
/// attribute that is so.
fn is(product: &Product, word: &str, language: Language) -> bool {
    let stem = language.stem(word);
    let has = |text: &str| {
        let mut own = crate::text::words(text).into_iter();
        own.any(|own| own.text == word || language.stem(&own.text) == stem)
    };
    let so = |(name, value): (&String, &String)| match has(name) {
        true => !NOT_SO.contains(&value.to_lowercase().as_str()),
        false => has(value) && !NOT_SO.iter().any(|no| value.to_lowercase().starts_with(no)),
    };
    let named = [Some(&product.title), product.brand.as_ref()];
    named.into_iter().flatten().any(|name| has(name))
        || product.category.iter().any(|name| has(name))
        || product.attributes.iter().any(so)
        || product
            .variants
            .iter()
            .flat_map(|variant| variant.options.values())
            .any(|value| has(value))
}
