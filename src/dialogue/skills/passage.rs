//! A question about a product, answered by the sentence of its description that speaks of it.

use crate::catalog::Product;
use crate::text::{is_stop_word, stem, words};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Of what is asked, this much must stand in the sentence.
const LEAST: f32 = 0.5;
/// Words that ask without naming what about.
const ASKING: [&str; 24] = [
    "any", "come", "comes", "does", "find", "get", "give", "have", "how", "info", "know", "like",
    "long", "many", "much", "need", "one", "please", "product", "quite", "really", "take", "tell",
    "use",
];

/// Words for one thing in what is asked and in what is told.
const KINDRED: [&[&str]; 4] = [
    &[
        "steep",
        "brew",
        "infuse",
        "draw",
        "soak",
        "ziehen",
        "ziehzeit",
        "brühen",
        "aufgiessen",
    ],
    &["weigh", "weighs", "weight", "heavy", "wiegt", "gewicht"],
    &["long", "length", "länge"],
    &["wash", "washing", "clean", "cleaning"],
];

/// What a number in the answer is of.
struct Told {
    /// How it is asked for: all words of one of these.
    asked: &'static [&'static [&'static str]],
    /// Words that the question has and the answer need not.
    implied: &'static [&'static str],
    unit: &'static LazyLock<Option<Regex>>,
}

static TEMPERATURE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)[0-9]\s*(°|degrees?\b|grad\b)").ok());
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)([0-9]|\b(a|an|one|two|three|eine?))\s*(s|sec|seconds?|min|mins|minutes?|minuten?|h|hours?|stunden?|days?|tage?|weeks?|wochen)\b").ok()
});
static WEIGHT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[0-9]\s*(g|kg|grams?|gramm|kilos?|oz|ounces?|lbs?|pounds?)\b").ok()
});

static TELLING: [Told; 3] = [
    Told {
        asked: &[
            &["how", "hot"],
            &["temperature"],
            &["how", "warm", "water"],
            &["wie", "heiss"],
            &["wie", "heiß"],
            &["temperatur"],
        ],
        implied: &[
            "which",
            "what",
            "welche",
            "der",
            "die",
            "hot",
            "warm",
            "water",
            "temperature",
            "should",
            "right",
            "best",
            "heiss",
            "heiß",
            "wasser",
            "temperatur",
            "soll",
            "sein",
            "wie",
            "das",
        ],
        unit: &TEMPERATURE,
    },
    Told {
        asked: &[
            &["how", "long", "steep"],
            &["how", "long", "brew"],
            &["how", "long", "infuse"],
            &["how", "long", "draw"],
            &["how", "many", "minutes"],
            &["wie", "lange", "ziehen"],
        ],
        implied: &["should", "minutes", "muss", "soll", "lange", "wie", "must"],
        unit: &TIME,
    },
    Told {
        asked: &[
            &["weigh"],
            &["weight"],
            &["weighs"],
            &["how", "heavy"],
            &["wiegt"],
            &["gewicht"],
        ],
        implied: &["was", "viel", "wie"],
        unit: &WEIGHT,
    },
];

/// What is asked for that has a number.
fn told(question: &str) -> Option<&'static Told> {
    let said: Vec<String> = words(question).into_iter().map(|word| word.text).collect();
    let has = |word: &&str| said.iter().any(|one| one == word);
    TELLING
        .iter()
        .find(|told| told.asked.iter().any(|words| words.iter().all(&has)))
}

/// Whether the message asks a product for a number: how hot, how long, how heavy.
pub(super) fn asks_number(question: &str) -> bool {
    told(question).is_some()
}

/// The sentence that says most of what is asked, when it says enough. O(words of the description).
pub(super) fn passage<'p>(product: &'p Product, question: &str) -> Option<&'p str> {
    let named: BTreeSet<String> = stems(&product.title).collect();
    let told = told(question);
    let implied: BTreeSet<String> = told
        .iter()
        .flat_map(|told| told.implied)
        .map(|word| stem(word).to_owned())
        .collect();
    let asked: BTreeSet<String> = stems(question)
        .filter(|stem| !named.contains(stem) && !ASKING.contains(&stem.as_str()))
        .filter(|stem| !implied.contains(stem))
        .collect();
    if asked.is_empty() && told.is_none() {
        return None;
    }
    let tells = |sentence: &str| {
        let unit = told.and_then(|told| told.unit.as_ref());
        unit.is_none_or(|unit| unit.is_match(sentence))
    };
    let said = |sentence: &str| {
        if asked.is_empty() {
            return 1.0;
        }
        let mut stems: BTreeSet<String> = stems(sentence).collect();
        for group in KINDRED {
            let group: Vec<&str> = group.iter().map(|word| stem(word)).collect();
            if group.iter().any(|one| stems.contains(*one)) {
                stems.extend(group.into_iter().map(str::to_owned));
            }
        }
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
    for sentence in sentences(&product.description).filter(|one| tells(one)) {
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
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
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
    fn a_number_that_is_asked_for_is_in_the_sentence() {
        let tea = Product {
            title: "Sencha Makinohara".to_owned(),
            description: "Grassy, fresh, keeps for two years.\nBrew: 70 °C, 1–2 minutes."
                .to_owned(),
            ..pack()
        };
        for question in [
            "how hot should the water be for sencha?",
            "how long do I steep it",
            "which temperature for the sencha",
            "wie lange soll der sencha ziehen",
        ] {
            assert_eq!(
                passage(&tea, question),
                Some("Brew: 70 °C, 1–2 minutes."),
                "{question}"
            );
        }
        assert_eq!(passage(&tea, "how much does it weigh"), None);
        let ladder = Product {
            title: "Ladder".to_owned(),
            description: "Aluminium, 150 kg load. Weighs 9.8 kg.".to_owned(),
            ..pack()
        };
        assert_eq!(
            passage(&ladder, "how heavy is the ladder"),
            Some("Weighs 9.8 kg.")
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
