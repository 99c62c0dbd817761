//! Promo codes: given in any sentence, held against their terms, and counted in the sums.

use super::{check, held, present, sums};
use crate::cart::CodeRefusal;
use crate::dialogue::state::Pending;
use crate::dialogue::talk::Talk;

/// A code somebody made up looks like one: letters and digits, or capitals only.
const SHORTEST: usize = 4;

/// "I have a code", with or without it.
pub(in crate::dialogue::skills) fn promo(talk: &mut Talk<'_>) {
    match said(talk) {
        Some(code) => take(talk, &code),
        None => {
            talk.say("cart.code_ask", &[]);
            talk.state.pending = Some(Pending::PromoCode);
        }
    }
}

/// Whether the message is nothing but a word that can be a code.
pub(in crate::dialogue) fn looks_like_code(talk: &Talk<'_>) -> bool {
    talk.reading.words.len() <= 3 && said(talk).is_some()
}

/// Whether the message has one of the shop's codes in it, written as codes are: AUTUMN is one, autumn is a season.
pub(in crate::dialogue) fn names_code(talk: &Talk<'_>) -> bool {
    let terms = &talk.shop.facts.cart;
    let mut words = talk
        .reading
        .text
        .split(|c: char| !c.is_alphanumeric() && c != '-');
    words.any(|word| {
        let written =
            word.chars().all(|c| !c.is_lowercase()) || word.chars().any(|c| c.is_ascii_digit());
        written && !word.is_empty() && terms.code(word).is_some()
    })
}

/// The answer to "which code?".
pub(in crate::dialogue) fn given(talk: &mut Talk<'_>) {
    talk.state.pending = None;
    if let Some(code) = said(talk) {
        take(talk, &code);
    }
}

/// A code the shop has, else a word that looks like one.
fn said(talk: &Talk<'_>) -> Option<String> {
    let words = || talk.reading.text.split_whitespace();
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let terms = &talk.shop.facts.cart;
    let known = words().map(plain).find(|word| terms.code(word).is_some());
    let looks = |word: &String| {
        let has = |test: fn(char) -> bool| word.chars().any(test);
        let letters = has(char::is_alphabetic);
        word.len() >= SHORTEST
            && word.chars().all(|c| c.is_alphanumeric() || c == '-')
            && letters
            && (has(|c| c.is_ascii_digit()) || word.chars().all(|c| !c.is_lowercase()))
    };
    known.or_else(|| words().map(plain).find(looks))
}

fn take(talk: &mut Talk<'_>, said: &str) {
    let code = said.to_uppercase();
    talk.state.cart.code = Some(code.clone());
    let held = held(talk);
    let goods = {
        let before = talk.state.cart.code.take();
        let (_, plain) = sums(talk, &held);
        talk.state.cart.code = before;
        plain.goods
    };
    let refused = match check(talk, goods) {
        Some(Err(refusal)) => Some(refusal),
        _ => None,
    };
    let day = |talk: &Talk<'_>, day| talk.day_in_words(day);
    match refused {
        None if held.is_empty() => talk.say("cart.code_waits", &[("code", &code)]),
        None => talk.say("cart.code_good", &[("code", &code)]),
        Some(CodeRefusal::Least(price)) => {
            // It stays: the cart may still grow.
            let price = talk.money(price);
            talk.say("cart.code_least", &[("code", &code), ("price", &price)]);
        }
        Some(refusal) => {
            talk.state.cart.code = None;
            match refusal {
                CodeRefusal::From(from) => {
                    let from = day(talk, from);
                    talk.say("cart.code_from", &[("code", &code), ("day", &from)]);
                }
                CodeRefusal::Over(until) => {
                    let until = day(talk, until);
                    talk.say("cart.code_over", &[("code", &code), ("day", &until)]);
                }
                CodeRefusal::Spent => talk.say("cart.code_spent", &[("code", &code)]),
                CodeRefusal::Unknown | CodeRefusal::Least(_) => {
                    talk.say("cart.code_unknown", &[("code", &code)]);
                }
            }
        }
    }
    if !held.is_empty() {
        present(talk, &held);
        talk.offer(&["choice.checkout"]);
    }
}
