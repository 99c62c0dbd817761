//! Two or three products side by side: what differs, then what is the same.

use super::suggest::shown;
use super::{find, text, verdict};
use crate::catalog::Product;
use crate::dialogue::block::{Block, ComparedField, Line, ProductCard, Source};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::Shown;
use crate::dialogue::talk::Talk;
use crate::understanding::{Reference, Value, VocabularyKind};
use std::collections::BTreeMap;

pub(super) const TEXTS: &[TextSpec] = &[
    text("compare.head", &["titles"]),
    text("compare.alike", &[]),
    text("compare.ask_which", &[]),
    text("compare.label", &[]),
    text("compare.tap", &["what"]),
];

/// More columns cannot be read on a telephone.
const MOST: usize = 3;
/// Fields that a shopper decides by come first; then the others by name.
const FIRST: [&str; 3] = ["price", "rating", "material"];

pub(super) fn compare(talk: &mut Talk<'_>) {
    let asked = asked(talk);
    let products: Vec<Product> = asked
        .iter()
        .filter_map(|one| talk.ports.product(&one.sku))
        .collect();
    if products.len() < 2 && !talk.reading.mentions.is_empty() {
        // One thing by its name is a wish for it.
        find::find(talk);
        return;
    }
    if products.len() < 2 {
        talk.say("compare.ask_which", &[]);
        return;
    }
    let titles: Vec<&str> = products
        .iter()
        .map(|product| product.title.as_str())
        .collect();
    talk.resolved(format!("compared are {}", titles.join(", ")));
    talk.say("compare.head", &[("titles", &titles.join(" · "))]);

    verdict::say(talk, &products);
    let fields: Vec<BTreeMap<String, String>> = products
        .iter()
        .map(|product| fields(talk, product))
        .collect();
    let (same, differing) = split(&fields);
    if differing.is_empty() {
        talk.say("compare.alike", &[]);
    }
    let row = |name: &str, alike: bool| ComparedField {
        name: name.to_owned(),
        alike,
        values: products
            .iter()
            .zip(&fields)
            .map(|(product, values)| {
                Some(Line {
                    text: values.get(name)?.clone(),
                    source: Source::Product {
                        sku: product.sku.clone(),
                        field: name.to_owned(),
                    },
                })
            })
            .collect(),
    };
    let differing = differing.into_iter().map(|name| row(name, false));
    let rows = differing
        .chain(same.into_iter().map(|name| row(name, true)))
        .collect();
    let cards: Vec<ProductCard> = asked
        .iter()
        .filter_map(|one| talk.ports.card(&one.sku))
        .map(|card| ProductCard {
            variants: Vec::new(),
            ..card
        })
        .collect();
    talk.state.show(cards.iter().map(shown).collect());
    talk.reply.block(Block::Comparison {
        products: cards,
        rows,
    });
}

/// Everything the product says of itself in a few words.
fn fields(talk: &Talk<'_>, product: &Product) -> BTreeMap<String, String> {
    let mut fields = product.attributes.clone();
    let prices = || product.variants.iter().map(|variant| variant.price);
    if let (Some(low), Some(high)) = (prices().min(), prices().max()) {
        let price = match low == high {
            true => talk.money(low),
            false => format!("{low}–{}", talk.money(high)),
        };
        fields.insert("price".to_owned(), price);
    }
    if let Some(rating) = product.rating {
        fields.insert("rating".to_owned(), format!("{rating:.1}/5"));
    }
    let mut options: BTreeMap<&String, Vec<&str>> = BTreeMap::new();
    for (name, value) in product.variants.iter().flat_map(|variant| &variant.options) {
        let values = options.entry(name).or_default();
        if !values.contains(&value.as_str()) {
            values.push(value);
        }
    }
    for (name, values) in options {
        fields.insert(name.clone(), values.join(", "));
    }
    fields
}

/// Names of the fields all have alike, and of the others; what only one of them has compares with nothing.
fn split(fields: &[BTreeMap<String, String>]) -> (Vec<&str>, Vec<&str>) {
    let mut names: Vec<&str> = fields
        .iter()
        .flat_map(|one| one.keys().map(String::as_str))
        .collect();
    names.sort_by_key(|name| {
        let first = FIRST.iter().position(|known| known == name);
        (first.unwrap_or(FIRST.len()), *name)
    });
    names.dedup();
    names.retain(|name| fields.iter().filter(|one| one.contains_key(*name)).count() > 1);
    let alike = |name: &&str| {
        fields
            .windows(2)
            .all(|two| two[0].get(*name) == two[1].get(*name))
    };
    names.into_iter().partition(alike)
}

/// What is to be compared: what the message points at or names, with what was spoken of; else what is shown.
fn asked(talk: &mut Talk<'_>) -> Vec<Shown> {
    let on_screen = talk.state.shown.clone();
    let nth = |n: u32| on_screen.get((n as usize).checked_sub(1)?).cloned();
    let mut found: Vec<Shown> = Vec::new();
    let mut numbers: Vec<u32> = Vec::new();
    for entity in &talk.reading.entities {
        match &entity.value {
            Value::Reference(Reference::Nth(n)) => found.extend(nth(*n)),
            Value::Reference(Reference::Last) => found.extend(on_screen.last().cloned()),
            Value::Reference(Reference::FirstFew(n)) => {
                found.extend(on_screen.iter().take(*n as usize).cloned());
            }
            Value::Reference(Reference::LastFew(n)) => {
                let from = on_screen.len().saturating_sub(*n as usize);
                found.extend(on_screen[from..].iter().cloned());
            }
            Value::Reference(Reference::That) => found.extend(talk.state.focus.clone()),
            Value::Number(digits) => numbers.extend(digits.parse::<u32>().ok()),
            _ => {}
        }
    }
    match numbers[..] {
        // "These 2" counts, "1 and 3" and "the first and 3" point.
        [count] if found.is_empty() => {
            found.extend(on_screen.iter().take(count as usize).cloned());
        }
        _ => found.extend(numbers.into_iter().filter_map(nth)),
    }
    let mut said = talk.reading.text.to_lowercase();
    let mut by_length: Vec<&Shown> = on_screen.iter().collect();
    by_length.sort_by_key(|one| std::cmp::Reverse(one.title.len()));
    let mut titles: Vec<(usize, Shown)> = Vec::new();
    for one in by_length {
        let title = one.title.to_lowercase();
        if let Some(at) = said.find(&title) {
            titles.push((at, one.clone()));
            // A shorter title within it is not meant.
            said.replace_range(at..at + title.len(), &" ".repeat(title.len()));
        }
    }
    titles.sort_by_key(|(at, _)| *at);
    found.extend(titles.into_iter().map(|(_, one)| one));
    let mentions = talk.reading.mentions.iter();
    let named: Vec<String> = mentions
        .filter(|mention| mention.kind == VocabularyKind::Product)
        .map(|mention| mention.id.clone())
        .collect();
    let cards = named.iter().filter_map(|sku| talk.ports.card(sku));
    found.extend(cards.map(|card| shown(&card)));
    if found.len() == 1 {
        found.extend(talk.state.focus.clone());
    }
    let mut once: Vec<Shown> = Vec::new();
    for one in found {
        if once.iter().all(|known| known.sku != one.sku) {
            once.push(one);
        }
    }
    if once.is_empty() {
        once = on_screen;
    }
    once.truncate(MOST);
    once
}
