//! What is in the cart, changed: more, fewer, another size, out.

use super::pick::{finish, pick, quantity};
use super::{Held, held, present, tell_limit, variant_in_words};
use crate::dialogue::skills::{find, suggest};
use crate::dialogue::state::Picking;
use crate::dialogue::talk::Talk;
use crate::understanding::Reference;

/// "Make it three", "in M instead".
pub(in crate::dialogue::skills) fn change(talk: &mut Talk<'_>) {
    let held_now = held(talk);
    if held_now.is_empty() {
        super::add(talk);
        return;
    }
    let Some(line) = meant(talk, &held_now) else {
        return;
    };
    let options = find::options(talk);
    let quantity = quantity(talk);
    if !options.is_empty() {
        let mut all: Vec<(String, String)> = line.variant.options.clone().into_iter().collect();
        for (name, value) in options {
            all.retain(|(known, _)| *known != name);
            all.push((name, value));
        }
        let picking = Picking {
            sku: line.product.sku.clone(),
            quantity: quantity.unwrap_or(line.quantity),
            options: all,
            asked: String::new(),
            values: Vec::new(),
            instead_of: Some(line.variant.sku.clone()),
            then: Vec::new(),
        };
        let before = talk.state.cart.clone();
        pick(talk, &line.product, picking);
        finish(talk, &before);
        return;
    }
    let quantity = match (step(talk), quantity) {
        (Some(1), pieces) => line.quantity.saturating_add(pieces.unwrap_or(1)),
        (Some(_), pieces) => line.quantity.saturating_sub(pieces.unwrap_or(1)),
        (None, Some(pieces)) => pieces,
        (None, None) => {
            super::show(talk);
            return;
        }
    };
    let most = talk.shop.facts.cart.most;
    let cart = &mut talk.state.cart;
    cart.undo = Some(cart.lines.clone());
    let outcome = cart.set(&line.product.sku, &line.variant, quantity, most);
    tell_limit(talk, &line.product.title, outcome);
    let title = title(line);
    let count = outcome.now.to_string();
    if outcome.now == 0 && outcome.limit.is_none() {
        talk.say("cart.removed", &[("title", &title)]);
    } else {
        talk.say("cart.now", &[("count", &count), ("title", &title)]);
    }
    talk.state.focus = Some(line.shown());
    let held = held(talk);
    present(talk, &held);
    talk.offer(&["choice.checkout"]);
}

/// "One more", "the same again", "two fewer": 1 up, -1 down; none where a number is the number wanted.
fn step(talk: &Talk<'_>) -> Option<i8> {
    let said = |all: &[&str]| {
        let mut words = talk.reading.words.iter();
        words.any(|word| all.contains(&word.text.as_str()))
    };
    let more = said(&[
        "more", "another", "again", "mehr", "weitere", "weiteren", "nochmal",
    ]);
    let fewer = said(&["less", "fewer", "weniger"]);
    if more {
        Some(1)
    } else if fewer {
        Some(-1)
    } else {
        None
    }
}

/// "Undo that", "put it back".
pub(in crate::dialogue::skills) fn undo(talk: &mut Talk<'_>) {
    if !talk.state.cart.undo() {
        talk.say("cart.nothing_to_undo", &[]);
        return;
    }
    talk.say("cart.undone", &[]);
    let held = held(talk);
    if held.is_empty() {
        talk.say("cart.empty", &[]);
    }
    present(talk, &held);
}

/// "Take the second out", "remove the socks", "I don't want it any more".
pub(in crate::dialogue::skills) fn remove(talk: &mut Talk<'_>) {
    let held_now = held(talk);
    if held_now.is_empty() {
        talk.say("cart.empty", &[]);
        return;
    }
    if matches!(talk.reading.reference(), Some(Reference::All)) {
        empty(talk);
        return;
    }
    let Some(line) = meant(talk, &held_now) else {
        return;
    };
    let cart = &mut talk.state.cart;
    cart.undo = Some(cart.lines.clone());
    cart.remove(&line.variant.sku);
    let title = title(line);
    talk.say("cart.removed", &[("title", &title)]);
    talk.state.focus = None;
    let left = held(talk);
    if left.is_empty() {
        talk.say("cart.empty", &[]);
        present(talk, &[]);
    } else {
        present(talk, &left);
        talk.offer(&["choice.checkout"]);
    }
}

pub(in crate::dialogue::skills) fn empty(talk: &mut Talk<'_>) {
    let cart = &mut talk.state.cart;
    if cart.is_empty() && cart.beside.is_empty() {
        talk.say("cart.empty", &[]);
        return;
    }
    let lines = cart.lines.clone();
    cart.clear();
    cart.undo = Some(lines);
    talk.say("cart.emptied", &[]);
    present(talk, &[]);
}

fn title(line: &Held) -> String {
    match variant_in_words(&line.variant).as_str() {
        "" => line.product.title.clone(),
        options => format!("{} ({options})", line.product.title),
    }
}

/// The line a message is about: by its place in the cart, by its name, by what was spoken of, or the only one.
fn meant<'h>(talk: &mut Talk<'_>, held: &'h [Held]) -> Option<&'h Held> {
    // A tap names the line by its place in the cart, whatever was shown since.
    let mut words_said = talk.reading.words.iter();
    if words_said.any(|word| matches!(word.text.as_str(), "cart" | "basket" | "warenkorb"))
        && let Some(Reference::Nth(n)) = talk.reading.reference()
    {
        return held.get((n as usize).checked_sub(1)?);
    }
    // "The socks": the only line whose name has the word.
    let words = find::goods_words(talk);
    let called = |line: &&Held| {
        let title = line.product.title.to_lowercase();
        words
            .split(' ')
            .any(|word| word.len() > 2 && title.contains(word))
    };
    let mut named = held.iter().filter(called);
    match (named.next(), named.next()) {
        (Some(one), None) => return Some(one),
        (None, _) if words.split(' ').any(|word| word.len() > 2) => {
            talk.say("cart.not_in", &[("title", &words)]);
            present(talk, held);
            return None;
        }
        _ => {}
    }
    if let [only] = held {
        return Some(only);
    }
    let of = |sku: &str| held.iter().find(|line| line.product.sku == sku);
    let by_options = |talk: &Talk<'_>, sku: &str| {
        // Two sizes of one thing: the size said tells which.
        let options = find::options(talk);
        let mut lines = held.iter().filter(|line| line.product.sku == sku);
        lines.find(|line| {
            let mut all = options.iter();
            !options.is_empty()
                && all.all(|(name, value)| line.variant.options.get(name) == Some(value))
        })
    };
    let in_cart = talk.state.shown.len() == held.len()
        && held
            .iter()
            .zip(&talk.state.shown)
            .all(|(line, shown)| line.product.sku == shown.sku);
    match talk.reading.reference() {
        // The cart's own lines stand in its order.
        Some(Reference::Nth(n)) if in_cart => {
            return held.get((n as usize).checked_sub(1)?);
        }
        Some(Reference::Last) => return held.last(),
        _ => {}
    }
    if let Some(meant) = suggest::meant(talk) {
        if let Some(line) = by_options(talk, &meant.sku).or_else(|| of(&meant.sku)) {
            return Some(line);
        }
        talk.say("cart.not_in", &[("title", &meant.title)]);
    }
    present(talk, held);
    None
}
