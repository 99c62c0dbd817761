//! What somebody does not want, said before what they do: "I don't want to return it, I want to exchange it".

use crate::text::{Word, is_stop_word, opening, words};

/// The part of a message that says what is wanted: all of it, unless it begins with what is not and another wish
/// follows.
pub fn wanted(text: &str) -> &str {
    let words = words(opening(text));
    let is = |at: usize, table: &[&str]| words.get(at).is_some_and(|word| is_in(word, table));
    let Some(denied) = (0..words.len().min(MOST_BEFORE)).find(|at| is(*at, DENIALS)) else {
        return text;
    };
    for at in denied + 2..words.len() {
        let between = &text[words[at - 1].span.end..words[at].span.start];
        let turns = is(at, TURNS);
        // Behind a comma a new wish must begin; "but", "instead" and "sondern" begin one by themselves.
        let begins = between.contains([',', ';', '.', '!', '-', '–']) && is(at, WISHES);
        if !turns && !begins {
            continue;
        }
        let rest = &words[at..];
        let mut first = rest.iter().take(4);
        if first.any(|word| is_in(word, DENIALS) || word.text == "without") {
            continue;
        }
        let says =
            |word: &Word| !is_stop_word(&word.text) && !is_in(word, TURNS) && !is_in(word, WISHES);
        if rest.iter().any(says) {
            return &text[words[at].span.start..];
        }
    }
    text
}

fn is_in(word: &Word, table: &[&str]) -> bool {
    table.contains(&word.text.as_str())
}

/// A denial further back denies something else: "socks, but not wool".
const MOST_BEFORE: usize = 3;

/// "I don't …", "ich will nicht …", "je ne …": how such a message begins.
const DENIALS: &[&str] = &[
    "don't", "dont", "not", "didn't", "didnt", "nicht", "kein", "keine", "ne", "n'ai", "no", "non",
    "niet", "geen", "não",
];

const TURNS: &[&str] = &[
    "but", "instead", "rather", "sondern", "mais", "sino", "ma", "bensì", "maar", "mas",
];

const WISHES: &[&str] = &[
    "i",
    "i'd",
    "i'm",
    "just",
    "only",
    "please",
    "can",
    "could",
    "ich",
    "je",
    "j'aimerais",
    "quiero",
    "voglio",
    "vorrei",
    "ik",
    "quero",
    "want",
    "need",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_wanted_is_found_behind_what_is_not() {
        for (text, rest) in [
            (
                "i don't want to return it, i want to exchange it",
                "i want to exchange it",
            ),
            ("I do not want a refund but a new one", "but a new one"),
            (
                "ich will nicht stornieren, sondern die adresse ändern",
                "sondern die adresse ändern",
            ),
            (
                "don't cancel it, just change the address",
                "just change the address",
            ),
        ] {
            assert_eq!(wanted(text), rest);
        }
    }

    #[test]
    fn a_denial_that_belongs_to_the_wish_stays() {
        for text in [
            "socks but not wool please",
            "my order did not arrive",
            "something warm, not wool",
            "not wool, not leather",
            "i don't know my order number",
            "no, the blue one",
            "it doesn't fit, i want to return it",
            "",
        ] {
            assert_eq!(wanted(text), text);
        }
    }

    proptest! {
        #[test]
        fn it_is_always_the_end_of_the_message(text in "(\\PC|don't |but |, i |want ){0,20}") {
            prop_assert!(text.ends_with(wanted(&text)));
        }
    }
}
