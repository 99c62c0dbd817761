//! Which of a product's variants a message speaks of.

use crate::catalog::{Product, Variant};
use crate::dialogue::talk::Talk;

/// Of what the product's variants differ in, what the message names: its sizes and colours, and "250 g" of a tea.
pub(super) fn chosen(talk: &Talk<'_>, product: &Product) -> Vec<(String, String)> {
    let squeezed = |text: &str| -> String {
        let words = crate::text::words(text).into_iter();
        words.map(|word| format!(" {}", word.text)).collect()
    };
    // "250g" and "250 g" are one amount.
    let said = squeezed(&talk.reading.text) + " ";
    let tight: Vec<String> = talk
        .reading
        .text
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, value) in product.variants.iter().flat_map(|variant| &variant.options) {
        let words = squeezed(value);
        let is_said = !words.is_empty()
            && (said.contains(&(words.clone() + " ")) || tight.contains(&words.replace(' ', "")));
        if is_said && all.iter().all(|(known, _)| known != name) {
            all.push((name.clone(), value.clone()));
        }
    }
    let parsed = [
        ("size", talk.reading.size()),
        ("colour", talk.reading.colour_here()),
    ];
    for (name, value) in parsed {
        let known = all.iter().any(|(known, _)| known == name);
        if let (Some(value), false) = (value, known) {
            all.push((name.to_owned(), value));
        }
    }
    all
}

/// A variant without the option fits any.
pub(super) fn has(variant: &Variant, name: &str, value: &str) -> bool {
    let own = variant.options.get(name);
    own.is_none_or(|own| own.eq_ignore_ascii_case(value))
}

/// "Assam (250 g)"
pub(super) fn titled(product: &Product, said: &[(String, String)]) -> String {
    let known = |(name, _): &&(String, String)| {
        let mut variants = product.variants.iter();
        variants.any(|variant| variant.options.contains_key(name))
    };
    let values: Vec<&str> = said
        .iter()
        .filter(known)
        .map(|(_, value)| value.as_str())
        .collect();
    match values[..] {
        [] => product.title.clone(),
        _ => format!("{} ({})", product.title, values.join(", ")),
    }
}
