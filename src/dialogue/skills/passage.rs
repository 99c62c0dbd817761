//! A question about a product, answered by the sentence of its description that speaks of it.

use crate::catalog::Product;
use crate::text::{is_stop_word, stem, words};
use std::collections::BTreeSet;

/// Of what is asked, this much must stand in the sentence.
const LEAST: f32 = 0.5;
/// Words that ask without naming what about.
const ASKING: [&str; 24] = [
    "any", "come", "comes", "does", "find", "get", "give", "have", "how", "info", "know", "like",
    "long", "many", "much", "need", "one", "please", "product", "quite", "really", "take", "tell",
    "use",
];

/// The sentence that says most of what is asked, when it says enough. O(words of the description).
pub(super) fn passage<'p>(product: &'p Product, question: &str) -> Option<&'p str> {
    let named: BTreeSet<String> = stems(&product.title).collect();
    let asked: BTreeSet<String> = stems(question)
        .filter(|stem| !named.contains(stem) && !ASKING.contains(&stem.as_str()))
        .collect();
    if asked.is_empty() {
        return None;
    }
    let said = |sentence: &str| {
        let stems: BTreeSet<String> = stems(sentence).collect();
        // A number asked for is there or not; what counts is the thing it counts.
        let weight = |stem: &&String| {
            if stem.bytes().all(|byte| byte.is_ascii_digit()) {
                0.25
            } else {
                1.0
            }
        };
        let all: f32 = asked.iter().map(|stem| weight(&stem)).sum();
        let there: f32 = asked
            .iter()
            .filter(|stem| stems.contains(*stem))
            .map(|stem| weight(&stem))
            .sum();
        there / all
    };
    let mut best: Option<(f32, &str)> = None;
    for sentence in sentences(&product.description) {
        let share = said(sentence);
        if share >= LEAST && best.is_none_or(|(most, _)| share > most) {
            best = Some((share, sentence));
        }
    }
    best.map(|(_, sentence)| sentence)
}

fn stems(text: &str) -> impl Iterator<Item = String> {
    let words = words(text).into_iter().map(|word| word.text);
    words
        .filter(|word| !is_stop_word(word))
        .map(|word| stem(&word).to_owned())
}

/// Parts that end with a full stop before a capital letter, or with the line.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().flat_map(|line| {
        let mut parts = Vec::new();
        let mut start = 0;
        for (at, mark) in line
            .char_indices()
            .filter(|(_, c)| matches!(c, '.' | '!' | '?'))
        {
            let rest = &line[at + mark.len_utf8()..];
            let ends = rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase);
            if ends {
                parts.push(&line[start..at + mark.len_utf8()]);
                start = at + mark.len_utf8();
            }
        }
        parts.push(&line[start..]);
        parts
    });
    lines
        .map(|part| part.trim().trim_start_matches("- "))
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Variant;

    fn pack() -> Product {
        let price = crate::money::Money::parse("80", "EUR".parse().unwrap()).unwrap();
        Product {
            title: "Quay backpack".to_owned(),
            description: "A town backpack of 18 litres with a padded sleeve for a laptop up to 16 inches. Opens wide with a \
                two-way zip.\n- Approx. 2 cm thick straps."
                .to_owned(),
            variants: vec![Variant::new("QUAY", price)],
            ..Product::default()
        }
    }

    #[test]
    fn the_sentence_that_speaks_of_it_answers() {
        let pack = pack();
        let asked = |question| passage(&pack, question);
        assert_eq!(
            asked("has the quay backpack got a zip?"),
            Some("Opens wide with a two-way zip.")
        );
        assert!(
            asked("is there a laptop sleeve")
                .unwrap()
                .starts_with("A town backpack")
        );
        assert_eq!(
            asked("how thick are the straps"),
            Some("Approx. 2 cm thick straps.")
        );
    }

    #[test]
    fn what_nothing_speaks_of_is_not_answered() {
        for question in [
            "is it vegan",
            "does it have wheels and a lock",
            "quay backpack?",
            "",
        ] {
            assert_eq!(passage(&pack(), question), None, "{question}");
        }
    }
}
