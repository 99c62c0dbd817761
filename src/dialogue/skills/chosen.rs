//! Which of a product's variants a message speaks of.

use crate::catalog::{Product, Variant};
use crate::dialogue::state::Wanted;
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

/// Keeps the size and colour that the message asks about, as far as the product comes in them: whoever says "put it in my
/// cart" next means those.
pub(super) fn remember(talk: &mut Talk<'_>, product: &Product) {
    let of_product = |(name, value): &(String, String)| {
        let mut variants = product.variants.iter();
        variants.any(|variant| {
            variant
                .options
                .get(name)
                .is_some_and(|own| own.eq_ignore_ascii_case(value))
        })
    };
    let mut options = spoken(talk, &product.sku);
    for (name, value) in chosen(talk, product).into_iter().filter(of_product) {
        options.retain(|(known, _)| *known != name);
        options.push((name, value));
    }
    talk.state.variant = (!options.is_empty()).then(|| Wanted {
        sku: product.sku.clone(),
        quantity: 1,
        options,
    });
}

/// What the message names, with what was asked about before and still stands: "M", then "navy" is a navy M. Only what it
/// names where the product does not come in both.
pub(super) fn meant(talk: &Talk<'_>, product: &Product) -> Vec<(String, String)> {
    let said = chosen(talk, product);
    if said.is_empty() {
        return said;
    }
    let mut both = said.clone();
    let before = spoken(talk, &product.sku).into_iter();
    both.extend(before.filter(|(name, _)| said.iter().all(|(known, _)| known != name)));
    let mut variants = product.variants.iter();
    let is_one = variants.any(|one| both.iter().all(|(name, value)| has(one, name, value)));
    if is_one { both } else { said }
}

/// The size and colour of this product that were asked about before.
pub(super) fn spoken(talk: &Talk<'_>, sku: &str) -> Vec<(String, String)> {
    let last = talk.state.variant.as_ref();
    let last = last.filter(|one| one.sku == sku);
    last.map(|one| one.options.clone()).unwrap_or_default()
}

/// A variant without the option fits any.
pub(super) fn has(variant: &Variant, name: &str, value: &str) -> bool {
    let own = variant.options.get(name);
    own.is_none_or(|own| own.eq_ignore_ascii_case(value))
}

/// Does the product come in something else than this, or in nothing of the kind at all? What stands in its name or its
/// field is what it is.
pub(super) fn is_not_in(product: &Product, name: &str, value: &str) -> bool {
    let mut variants = product.variants.iter();
    if variants.any(|variant| variant.options.contains_key(name)) {
        return false;
    }
    let field = product.attributes.get(name).into_iter();
    let mut said = field.chain([&product.title]);
    let value = value.to_lowercase();
    !said.any(|text| {
        let words = crate::text::words(text);
        words.iter().any(|word| word.text == value)
    })
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
