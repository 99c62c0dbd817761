//! Of which product, and of which of its variants.

use crate::catalog::{Product, Variant};
use crate::dialogue::skills::{detail, find, suggest};
use crate::dialogue::state::Shown;
use crate::dialogue::talk::Talk;
use crate::text::{self, Language, fold};
use crate::understanding::VocabularyKind;

/// Words of the wish itself, which name nothing: "email me as soon as the price drops".
const OF_WISH: [&str; 76] = [
    "again",
    "alert",
    "alerts",
    "anymore",
    "available",
    "availability",
    "back",
    "becomes",
    "below",
    "can",
    "cancel",
    "cheaper",
    "comes",
    "costs",
    "cost",
    "down",
    "drop",
    "drops",
    "email",
    "e-mail",
    "end",
    "falls",
    "gets",
    "get",
    "goes",
    "hear",
    "if",
    "inform",
    "it's",
    "know",
    "less",
    "let",
    "letter",
    "lower",
    "mail",
    "me",
    "message",
    "news",
    "notification",
    "notifications",
    "notify",
    "once",
    "order",
    "ping",
    "please",
    "price",
    "reduced",
    "remind",
    "restocked",
    "returns",
    "sale",
    "send",
    "size",
    "soon",
    "stock",
    "stop",
    "tell",
    "under",
    "update",
    "wait",
    "waiting",
    "want",
    "watch",
    "when",
    "write",
    "bescheid",
    "benachrichtigen",
    "billiger",
    "günstiger",
    "lager",
    "lieferbar",
    "preis",
    "sobald",
    "verfügbar",
    "wieder",
    "sinkt",
];

/// The product the wish is about: named, pointed at, or the one spoken of last where nothing else is named. None where
/// it is not clear.
pub(super) fn wanted(talk: &mut Talk<'_>) -> Option<Shown> {
    let pointed = talk.reading.reference();
    if let Some(found) = pointed.and_then(|reference| suggest::pointed_at(talk, reference)) {
        return Some(found);
    }
    if let Some(found) = named(talk) {
        return Some(found);
    }
    if !words(talk).is_empty() {
        return None;
    }
    let only = match &talk.state.shown[..] {
        [only] => Some(only.clone()),
        _ => None,
    };
    talk.state.focus.clone().or(only)
}

/// The product that the message names.
pub(super) fn named(talk: &mut Talk<'_>) -> Option<Shown> {
    let mut mentions = talk.reading.mentions.iter();
    let exact = mentions.find(|mention| mention.kind == VocabularyKind::Product && mention.exact);
    if let Some(sku) = exact.map(|mention| mention.id.clone()) {
        return talk.ports.card(&sku).as_ref().map(suggest::shown);
    }
    let words = words(talk);
    if words.is_empty() {
        return None;
    }
    let is_title = |shown: &&Shown| {
        let title = fold(&shown.title).into_owned();
        words.iter().all(|word| title.contains(word.as_str()))
    };
    let focus = talk.state.focus.as_ref().filter(is_title);
    if let Some(found) = focus.or_else(|| talk.state.shown.iter().find(is_title)) {
        return Some(found.clone());
    }
    let goods = find::goods_words(talk);
    let goods: Vec<String> = goods.split_whitespace().map(str::to_owned).collect();
    // The words as typed, then put right: "the trail vst".
    let repaired = (goods.len() >= words.len()).then_some(goods);
    let card = [Some(words), repaired]
        .into_iter()
        .flatten()
        .find_map(|words| {
            let card = talk.ports.named(&words.join(" "))?;
            let title = fold(&card.title).into_owned();
            let told = words.iter().filter(|word| title.contains(word.as_str()));
            // "The unicorn saddle" is not another saddle.
            (2 * told.count() > words.len()).then_some(card)
        });
    card.as_ref().map(suggest::shown)
}

/// "The alert for the saddle": something is named that [`named`] does not find.
pub(super) fn names_unknown(talk: &Talk<'_>) -> bool {
    let mut said = talk.reading.words.iter();
    let of = said.any(|word| ["for", "of", "on", "für", "zu"].contains(&word.text.as_str()));
    of && !words(talk).is_empty()
}

/// Words that may name goods, folded.
fn words(talk: &Talk<'_>) -> Vec<String> {
    let left = talk.reading.search_words();
    let language = Language::of(talk.language());
    let words = find::text_words(&left, language);
    words
        .filter(|word| !OF_WISH.contains(&word.as_str()) && !detail::names_field(word))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect()
}

/// Those of the values that are options of the product.
pub(super) fn values_of(product: &Product, values: Vec<String>) -> Vec<String> {
    let is_option = |value: &String| {
        let mut variants = product.variants.iter();
        variants.any(|variant| has(variant, value))
    };
    values.into_iter().filter(is_option).collect()
}

/// Variants that have all of the values.
pub(super) fn fitting<'p>(product: &'p Product, values: &[String]) -> Vec<&'p Variant> {
    let fits = |variant: &&Variant| values.iter().all(|value| has(variant, value));
    product.variants.iter().filter(fits).collect()
}

fn has(variant: &Variant, value: &str) -> bool {
    let mut own = variant.options.values();
    own.any(|own| fold(own) == fold(value))
}

/// Values of the product's options that stand in a text: "XL", "sea green".
pub(super) fn values_in(product: &Product, said: &str) -> Vec<String> {
    let said: Vec<String> = text::words(said)
        .into_iter()
        .map(|word| word.text.to_string())
        .collect();
    let mut found: Vec<String> = Vec::new();
    for variant in &product.variants {
        for value in variant.options.values() {
            let words: Vec<String> = text::words(value)
                .into_iter()
                .map(|word| word.text.to_string())
                .collect();
            let stands = !words.is_empty() && said.windows(words.len()).any(|some| some == words);
            if stands && !found.contains(value) {
                found.push(value.clone());
            }
        }
    }
    found
}

/// "navy, XL"
pub(super) fn in_words(variant: &Variant) -> String {
    let values: Vec<&str> = variant.options.values().map(String::as_str).collect();
    values.join(", ")
}

/// "Trail vest (XL)"; the product alone where it has no such variant, or no choice.
pub(super) fn titled(product: &Product, variant: Option<&str>) -> String {
    let mut variants = product.variants.iter();
    let variant = variant.and_then(|sku| variants.find(|variant| variant.sku == sku));
    match variant.map(in_words).unwrap_or_default() {
        words if words.is_empty() => product.title.clone(),
        words => format!("{} ({words})", product.title),
    }
}
