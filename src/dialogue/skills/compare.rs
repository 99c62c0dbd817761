//! Two or three products side by side: what differs, then what is the same.

use super::suggest::shown;
use super::{critique, find, named, text, verdict};
use crate::catalog::{Naming, Product};
use crate::dialogue::block::{Block, ComparedField, Line, ProductCard, Source};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::Shown;
use crate::dialogue::talk::Talk;
use crate::text::stem;
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
/// Of a kind so many are looked at for the heaviest of them.
const LOOKED_AT: usize = 10;
/// Words that hold things against each other.
const COMPARING: [&str; 13] = [
    "compare",
    "comparison",
    "difference",
    "differences",
    "differ",
    "versus",
    "vs",
    "vergleich",
    "vergleiche",
    "vergleichen",
    "unterschied",
    "unterschiede",
    "unterscheiden",
];
/// Words between two of them.
const JOINING: [&str; 8] = ["and", "or", "vs", "versus", "with", "und", "oder", "mit"];
/// Fields that a shopper decides by come first; then the others by name.
const FIRST: [&str; 3] = ["price", "rating", "material"];

pub(super) fn compare(talk: &mut Talk<'_>) {
    let asked = asked(talk);
    let products: Vec<Product> = asked
        .iter()
        .filter_map(|one| talk.ports.product(&one.sku))
        .collect();
    let mut products = verdict::ordered(talk, products);
    products.truncate(MOST);
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
    let cards: Vec<ProductCard> = products
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
    if once.len() < 2 && !points(talk) {
        let kinds = of_kinds(talk);
        if kinds.len() > once.len() {
            once = kinds;
        }
    }
    if once.is_empty() {
        once = on_screen;
    }
    if once.len() == 1 {
        // What was spoken of before it.
        once.extend(talk.state.before.clone());
    }
    once
}

/// Whether the message speaks of what is on the screen.
fn points(talk: &Talk<'_>) -> bool {
    talk.reading.reference().is_some()
}

/// Whether the message holds kinds of goods against each other: two of them, or those of one.
pub(in crate::dialogue) fn compares_kinds(talk: &mut Talk<'_>) -> bool {
    let reading = &talk.reading;
    let says = |words: &[&str]| {
        let mut said = reading.words.iter();
        said.any(|word| words.contains(&word.text.as_str()))
    };
    let measured = reading.superlative().and_then(critique::names_of);
    let which = says(&["which", "welcher", "welche", "welches"])
        && (measured.is_some() || reading.comparative().is_some());
    (says(&COMPARING) || which) && !points(talk) && of_kinds(talk).len() > 1
}

/// The best of each kind that the message names; of one kind alone the best few.
fn of_kinds(talk: &mut Talk<'_>) -> Vec<Shown> {
    let left = talk.reading.search_words();
    let words = crate::text::words(&left);
    let sides = words.split(|word| JOINING.contains(&word.text.as_str()));
    let goods = &talk.shop.goods;
    let names = |word: &str| {
        let asks = word == "between" || COMPARING.contains(&word);
        !asks && !crate::text::is_stop_word(word) && goods.knows(word)
    };
    let content = |side: &[crate::text::Word]| -> Vec<String> {
        let words = side.iter().map(|word| word.text.clone());
        words.filter(|word| names(word)).collect()
    };
    let sides: Vec<Vec<String>> = sides.map(content).filter(|side| !side.is_empty()).collect();
    let alone = sides.len() == 1;
    let mut found: Vec<Shown> = Vec::new();
    for side in sides {
        let goods = side.join(" ");
        if named::kind(talk, &goods) < Some(Naming::Partly) {
            continue;
        }
        let head = side.last().map_or("", String::as_str);
        let called = |product: &Product, word: &str| {
            let names = std::iter::once(&product.title).chain(&product.category);
            let mut words = names.flat_map(|name| crate::text::words(name));
            words.any(|known| stem(&known.text) == stem(word))
        };
        let cards = find::best(talk, &goods, LOOKED_AT).into_iter();
        let products = cards.filter_map(|card| {
            let product = talk.ports.product(&card.sku)?;
            Some((card, product))
        });
        let mut products: Vec<(ProductCard, Product)> = products.collect();
        let all = |product: &Product| side.iter().all(|word| called(product, word));
        // A spirit level is of "Measuring" too, and no tape measure.
        if products.iter().any(|(_, product)| all(product)) {
            products.retain(|(_, product)| all(product));
        } else {
            products.retain(|(_, product)| called(product, head));
        }
        let cards: Vec<ProductCard> = products.into_iter().map(|(card, _)| card).collect();
        let most = if alone { LOOKED_AT } else { 1 };
        for card in cards.iter().take(most) {
            if found.iter().all(|known| known.sku != card.sku) {
                found.push(shown(card));
            }
        }
    }
    found
}
