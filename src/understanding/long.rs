//! Messages as long as a socket lets through, of anything: read by everything here, in time that grows with their
//! length and no faster.

use super::*;
use crate::text::{Tongue, words};
use std::time::{Duration, Instant};

/// Characters of the longest message.
const LONGEST: usize = 4_000;

struct Reader {
    scanner: EntityScanner,
    vocabulary: Vocabulary,
    matcher: Matcher,
    languages: Languages,
}

impl Reader {
    fn new() -> Self {
        let class = |id: &str, examples: &[&str]| Class {
            id: id.to_owned(),
            title: id.to_owned(),
            examples: examples.iter().map(|text| (*text).to_owned()).collect(),
        };
        let phrases = ["wool socks", "rain jacket", "socks", "navy"];
        let named = |phrase: &str| {
            (
                phrase.to_owned(),
                VocabularyKind::Product,
                phrase.to_owned(),
            )
        };
        Self {
            scanner: EntityScanner::new(EntitySettings {
                order_patterns: &["SH-#####".to_owned()],
                currency: "EUR".parse().unwrap(),
                custom: &[],
            })
            .unwrap(),
            vocabulary: Vocabulary::new(phrases.map(named)),
            matcher: Matcher::train(
                &[
                    class(
                        "order",
                        &["where is my order", "track my parcel", "it has not arrived"],
                    ),
                    class(
                        "return",
                        &["send it back", "return the socks", "i want a refund"],
                    ),
                ],
                &Tongue::english(),
            ),
            languages: Languages::new([
                ("en", vec!["where is my order"]),
                ("de", vec!["wo ist es"]),
            ]),
        }
    }

    fn read(&self, text: &str) -> Duration {
        let began = Instant::now();
        let said = words(text);
        std::hint::black_box((
            self.scanner.scan_words(text, &said),
            self.vocabulary.mentions_in(&said),
            self.matcher.rank(text, &[]),
            self.languages.hear(text, 0),
            Mood::of(text, &said),
            segments(text),
            wanted(text),
        ));
        began.elapsed()
    }
}

/// The worst that each room could be given.
const UNPLEASANT: [&str; 16] = [
    "a",
    "a ",
    "1 ",
    "20 ",
    "SH-10023 ",
    "me@example.com ",
    "under 20 ",
    "not wool or ",
    "and where is my order? ",
    "the second one ",
    "last friday ",
    "m ",
    "ü̈",
    "靴下",
    "don't, i want ",
    "💥!? ",
];

#[test]
fn messages_of_any_length_are_read_without_a_panic() {
    let reader = Reader::new();
    for part in UNPLEASANT {
        for length in [0, 1, 160, LONGEST] {
            reader.read(&part.chars().cycle().take(length).collect::<String>());
        }
    }
}

/// `cargo test --release --lib long -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn how_long_the_longest_messages_take() {
    let reader = Reader::new();
    for part in UNPLEASANT {
        let of = |length: usize| part.chars().cycle().take(length).collect::<String>();
        let (short, long) = (of(LONGEST / 4), of(LONGEST));
        let least = |text: &str| (0..20).map(|_| reader.read(text)).min().unwrap_or_default();
        let (quarter, whole) = (least(&short), least(&long));
        let growth = whole.as_secs_f64() / quarter.as_secs_f64();
        println!("{part:<24} {whole:>10.1?}, {growth:.1} times a quarter of it");
    }
}
