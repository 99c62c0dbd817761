//! Into the cart: which product, how many, and which size or colour of it.

use super::several::each_named;
use super::tapped::tapped;
use super::{held, present, tell_limit};
use crate::cart::Cart;
use crate::catalog::{Naming, Product, Variant};
use crate::dialogue::block::{Choice, Source};
use crate::dialogue::skills::chosen::{self, chosen};
use crate::dialogue::skills::{alert, find, named, suggest};
use crate::dialogue::state::{Picking, Shown, Wanted};
use crate::dialogue::talk::Talk;
use crate::text::fold;
use crate::understanding::{Reference, Value, VocabularyKind};

/// More words than this say something else besides an answer.
const MOST_WORDS: usize = 5;

/// Puts what the message names or points at into the cart.
pub(in crate::dialogue::skills) fn add(talk: &mut Talk<'_>) {
    let before = talk.state.cart.clone();
    if let Some(wanted) = tapped(talk) {
        put_all(talk, &[wanted]);
        finish(talk, &before);
        return;
    }
    let named = each_named(talk);
    if named.len() > 1 {
        put_all(talk, &named);
        finish(talk, &before);
        return;
    }
    let wanted = wanted(talk);
    let quantity = quantity(talk).unwrap_or(1);
    let options = find::options(talk);
    if wanted.is_empty() {
        // "Add a teapot", of which there are several: shown first.
        if names_kind(talk) {
            find::find(talk);
            wait_for_which(talk, quantity, options);
        } else {
            ask_which(talk, quantity, options);
        }
        return;
    }
    let mut wanted = alike(wanted, quantity, &options);
    for one in &mut wanted {
        // What was asked about before, where nothing else is said now.
        let spoken = chosen::spoken(talk, &one.sku).into_iter();
        let unsaid = spoken.filter(|(name, _)| options.iter().all(|(known, _)| known != name));
        one.options.extend(unsaid);
    }
    put_all(talk, &wanted);
    finish(talk, &before);
}

/// So many of each, in this size or colour.
fn alike(shown: Vec<Shown>, quantity: u32, options: &[(String, String)]) -> Vec<Wanted> {
    let wanted = shown.into_iter().map(|one| Wanted {
        sku: one.sku,
        quantity,
        options: options.to_vec(),
    });
    wanted.collect()
}

/// One after the other, until a size or colour has to be asked for; the others wait for the answer.
fn put_all(talk: &mut Talk<'_>, wanted: &[Wanted]) {
    for (at, one) in wanted.iter().enumerate() {
        let Some(product) = talk.ports.product(&one.sku) else {
            talk.say("cart.gone", &[("title", &one.sku)]);
            continue;
        };
        let mut options = one.options.clone();
        // "250 g of it" is neither a size nor a colour.
        if wanted.len() == 1 {
            let said = chosen(talk, &product).into_iter();
            options.extend(said.filter(|(name, _)| {
                let mut known = one.options.iter();
                known.all(|(known, _)| known != name)
            }));
        }
        let picking = Picking {
            sku: product.sku.clone(),
            quantity: one.quantity,
            options,
            asked: String::new(),
            values: Vec::new(),
            instead_of: None,
            then: wanted[at + 1..].to_vec(),
        };
        pick(talk, &product, picking);
        if talk.state.picking.is_some() {
            break;
        }
    }
}

/// Shows the cart, where it is another than before, and what can be done next.
pub(super) fn finish(talk: &mut Talk<'_>, before: &Cart) {
    if talk.state.cart == *before {
        return;
    }
    talk.state.cart.undo = Some(before.lines.clone());
    let held = held(talk);
    present(talk, &held);
    if talk.state.picking.is_none() {
        talk.offer(&["choice.checkout", "choice.goes_with"]);
    }
}

/// Pieces that the message names.
pub(super) fn quantity(talk: &Talk<'_>) -> Option<u32> {
    let mut entities = talk.reading.entities.iter();
    entities.find_map(|entity| match entity.value {
        Value::Quantity(pieces) => Some(pieces),
        _ => None,
    })
}

/// What is to go in: several where "both" and "the first two" say so, else the one meant. None where it is not clear.
fn wanted(talk: &mut Talk<'_>) -> Vec<Shown> {
    let shown = talk.state.shown.clone();
    match talk.reading.reference() {
        Some(Reference::All) => return shown,
        Some(Reference::FirstFew(few)) => return shown.into_iter().take(few as usize).collect(),
        Some(Reference::LastFew(few)) => {
            let from = shown.len().saturating_sub(few as usize);
            return shown[from..].to_vec();
        }
        _ => {}
    }
    let points = talk
        .reading
        .reference()
        .is_some_and(|reference| !matches!(reference, Reference::That));
    let names = !talk.reading.mentions.is_empty() || suggest::spoken_of(talk).is_some();
    let words = find::goods_words(talk);
    let named = !words.is_empty() && talk.ports.named(&words).is_some();
    if !points && !named && names_elsewhere(talk) {
        return Vec::new();
    }
    let names = names || named;
    let clear = points || names || talk.state.focus.is_some() || shown.len() == 1;
    let meant = clear.then(|| suggest::meant(talk)).flatten();
    meant.into_iter().collect()
}

/// "Add socks", with hats on the screen: a kind that nothing spoken of is of, and no product by its name.
fn names_elsewhere(talk: &mut Talk<'_>) -> bool {
    let mut mentions = talk.reading.mentions.iter();
    if mentions.any(|mention| mention.kind == VocabularyKind::Product) {
        return false;
    }
    let mut mentions = talk.reading.mentions.iter();
    let category = mentions.find(|mention| mention.kind == VocabularyKind::Category);
    let Some(category) = category.map(|mention| mention.id.clone()) else {
        return false;
    };
    let spoken_of = talk.state.shown.iter().chain(&talk.state.focus);
    let spoken_of: Vec<String> = spoken_of.map(|one| one.sku.clone()).collect();
    let is_of = |product: Product| product.category.join(" > ").starts_with(&category);
    !spoken_of
        .iter()
        .any(|sku| talk.ports.product(sku).is_some_and(is_of))
}

/// Goods by their kind, and none by its name.
fn names_kind(talk: &Talk<'_>) -> bool {
    named::kind(talk, &find::goods_words(talk)) >= Some(Naming::Partly)
}

/// The next message says which, and what was wanted of it is not forgotten.
fn wait_for_which(talk: &mut Talk<'_>, quantity: u32, options: Vec<(String, String)>) {
    talk.state.picking = Some(Picking {
        sku: String::new(),
        quantity,
        options,
        asked: String::new(),
        values: Vec::new(),
        instead_of: None,
        then: Vec::new(),
    });
}

fn ask_which(talk: &mut Talk<'_>, quantity: u32, options: Vec<(String, String)>) {
    talk.say("cart.which", &[]);
    wait_for_which(talk, quantity, options);
    let shown = talk.state.shown.clone();
    let choice = |(place, one): (usize, &Shown)| Choice {
        label: one.title.clone(),
        say: Some(format!("number {}", place + 1)),
        source: Source::Product {
            sku: one.sku.clone(),
            field: "title".to_owned(),
        },
    };
    let choices = shown.iter().enumerate().map(choice).collect();
    talk.reply.choices(choices);
}

/// "M" or "navy" after "which size?". False when the message answers something else.
pub(in crate::dialogue) fn picked(talk: &mut Talk<'_>) -> bool {
    let Some(mut picking) = talk.state.picking.take() else {
        return false;
    };
    if talk.reading.words.len() > MOST_WORDS {
        return false;
    }
    if picking.sku.is_empty() {
        return picked_product(talk, picking);
    }
    let said = fold(talk.reading.text.trim()).into_owned();
    let is_said = |value: &&String| {
        let value = fold(value);
        said == value || said.split_whitespace().any(|word| word == value)
    };
    // "The first" of the sizes that were offered.
    let nth = match talk.reading.reference() {
        Some(Reference::Nth(n)) => picking.values.get((n as usize).saturating_sub(1)),
        Some(Reference::Last) => picking.values.last(),
        _ => None,
    };
    let answer = picking.values.iter().find(is_said).or(nth).cloned();
    let Some(product) = talk.ports.product(&picking.sku) else {
        return false;
    };
    let mut options = find::options(talk);
    for (name, value) in chosen(talk, &product) {
        options.retain(|(known, _)| *known != name);
        options.push((name, value));
    }
    if let Some(value) = answer {
        options.retain(|(name, _)| *name != picking.asked);
        options.push((picking.asked.clone(), value));
    }
    if options.is_empty() {
        return false;
    }
    for (name, value) in options {
        picking.options.retain(|(known, _)| *known != name);
        picking.options.push((name, value));
    }
    if let Some(quantity) = quantity(talk) {
        picking.quantity = quantity;
    }
    let then = picking.then.clone();
    let before = talk.state.cart.clone();
    pick(talk, &product, picking);
    if talk.state.picking.is_none() {
        put_all(talk, &then);
    }
    finish(talk, &before);
    true
}

/// "The second" after "which one?".
fn picked_product(talk: &mut Talk<'_>, picking: Picking) -> bool {
    let points = talk.reading.reference().is_some() || !talk.reading.mentions.is_empty();
    let wanted = if points { wanted(talk) } else { Vec::new() };
    if wanted.is_empty() {
        return false;
    }
    let mut options = picking.options;
    options.extend(find::options(talk));
    let quantity = quantity(talk).unwrap_or(picking.quantity);
    let before = talk.state.cart.clone();
    put_all(talk, &alike(wanted, quantity, &options));
    finish(talk, &before);
    true
}

/// Puts the variant in, or asks for what still leaves a choice.
pub(super) fn pick(talk: &mut Talk<'_>, product: &Product, picking: Picking) {
    let has = |variant: &&Variant, name: &str, value: &str| {
        let own = variant.options.get(name);
        own.is_some_and(|own| fold(own) == fold(value))
    };
    // What the product has no choice of is no condition: "two in M" of a mug.
    let told: Vec<(String, String)> = picking
        .options
        .iter()
        .filter(|(name, _)| {
            let mut variants = product.variants.iter();
            variants.any(|variant| variant.options.contains_key(name))
        })
        .cloned()
        .collect();
    let fits = |variant: &&Variant| told.iter().all(|(name, value)| has(variant, name, value));
    let fitting: Vec<&Variant> = product.variants.iter().filter(fits).collect();
    if fitting.is_empty() {
        // XXL is looked for as 48 as well, but it was XXL that was asked for.
        let mut entities = talk.reading.entities.iter();
        let size = entities.find(|entity| matches!(entity.value, Value::Size(_)));
        let value = told
            .iter()
            .map(|(name, value)| match (name.as_str(), size) {
                ("size", Some(size)) => size.text.as_str(),
                _ => value.as_str(),
            });
        let value: Vec<&str> = value.collect();
        talk.say(
            "cart.no_such",
            &[("title", &product.title), ("value", &value.join(", "))],
        );
        let rest: Vec<&Variant> = product.variants.iter().collect();
        let picking = Picking {
            options: Vec::new(),
            ..picking
        };
        ask_option(talk, product, &rest, picking);
        return;
    }
    let stocked: Vec<&Variant> = fitting
        .iter()
        .copied()
        .filter(|one| one.in_stock())
        .collect();
    match stocked[..] {
        [] => {
            talk.say("cart.sold_out", &[("title", &product.title)]);
            let rest: Vec<&Variant> = product.variants.iter().collect();
            let picking = Picking {
                options: Vec::new(),
                ..picking
            };
            ask_option(talk, product, &rest, picking);
            alert::offer(talk, product);
        }
        [variant] => put_in(talk, product, variant, &picking),
        _ => ask_option(talk, product, &stocked, picking),
    }
}

/// Asks for the first option in which what is in stock differs.
fn ask_option(talk: &mut Talk<'_>, product: &Product, of: &[&Variant], mut picking: Picking) {
    let stocked = || of.iter().filter(|variant| variant.in_stock());
    let Some(first) = stocked().next() else {
        return;
    };
    let values = |name: &String| {
        let mut values: Vec<String> = Vec::new();
        for value in stocked().filter_map(|variant| variant.options.get(name)) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    };
    let open = first
        .options
        .keys()
        .map(|name| (name.clone(), values(name)))
        .find(|(name, values)| {
            values.len() > 1 && picking.options.iter().all(|(known, _)| known != name)
        });
    let Some((name, values)) = open else {
        // They differ in nothing a shopper could choose by.
        let first = Variant::clone(first);
        put_in(talk, product, &first, &picking);
        return;
    };
    talk.say(
        "cart.which_option",
        &[("option", &name), ("title", &product.title)],
    );
    let choice = |value: &String| Choice {
        label: value.clone(),
        say: None,
        source: Source::Product {
            sku: product.sku.clone(),
            field: name.clone(),
        },
    };
    talk.reply.choices(values.iter().map(choice).collect());
    picking.asked = name;
    picking.values = values;
    talk.state.picking = Some(picking);
    // Whoever asks about "it" now means the one the question is about.
    talk.state.focus = Some(shown(product, first));
}

fn shown(product: &Product, variant: &Variant) -> Shown {
    Shown {
        sku: product.sku.clone(),
        title: product.title.clone(),
        price: variant.price,
        why: Vec::new(),
    }
}

fn put_in(talk: &mut Talk<'_>, product: &Product, variant: &Variant, picking: &Picking) {
    let terms = &talk.shop.facts.cart;
    if variant.price.currency != terms.currency {
        talk.say("cart.other_currency", &[("title", &product.title)]);
        return;
    }
    if let Some(old) = &picking.instead_of {
        talk.state.cart.remove(old);
    }
    let before = talk.state.cart.quantity(&variant.sku);
    let cart = &mut talk.state.cart;
    let outcome = cart.add(&product.sku, variant, picking.quantity, terms.most);
    tell_limit(talk, &product.title, outcome);
    let options = super::variant_in_words(variant);
    let title = match options.as_str() {
        "" => product.title.clone(),
        options => format!("{} ({options})", product.title),
    };
    if outcome.now > before {
        let count = (outcome.now - before).to_string();
        talk.say("cart.added", &[("count", &count), ("title", &title)]);
    }
    talk.state.focus = Some(shown(product, variant));
}
