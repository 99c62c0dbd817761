//! Text to terms: what the index keeps of each word, the same for what is stored and what is asked.

use crate::text::{self, Language};
use std::ops::Range;

/// A word as it stands in a text and as the index keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Folded, as typed; of a contraction, the word it stands for.
    pub word: String,
    /// Stemmed; a number and its unit are one term.
    pub term: String,
    /// Bytes of the text.
    pub span: Range<usize>,
}

/// Terms in reading order, as the language has them. `don't` gives two, `10 cm` and `10cm` one and the same.
pub fn spoken(text: &str, language: Language) -> Vec<Spoken> {
    let mut found: Vec<Spoken> = Vec::new();
    text::for_each_word(text, |span, word| {
        if let (Some(last), Some(unit)) = (found.last_mut(), unit(word)) {
            let between = text.get(last.span.end..span.start);
            let ends = !text[span.end..].starts_with(|c: char| c.is_whitespace());
            let tied = |between| is_tie(between, word) || (between == " " && ends);
            if is_number(&last.term) && between.is_some_and(tied) {
                last.term.push_str(unit);
                last.word = text::fold(&text[last.span.start..span.end]).into_owned();
                last.span.end = span.end;
                return;
            }
        }
        let mut push = |word: &str, mut term: String| {
            // A blank with a combining mark on it passes for a letter.
            term.retain(|letter| !letter.is_whitespace());
            found.push(Spoken {
                word: word.to_owned(),
                term,
                span: span.clone(),
            });
        };
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            let sign = sign(&text[span.end..]).filter(|_| is_number(word));
            push(word, measured(word) + sign.unwrap_or_default());
        } else if word.bytes().all(|byte| byte != b'\'') {
            push(word, language.index_stem(word).into_owned());
        } else {
            language.spoken(word, |piece| {
                push(piece, language.index_stem(piece).into_owned())
            });
        }
    });
    found
}

/// The terms alone.
pub fn terms(text: &str, language: Language) -> Vec<String> {
    spoken(text, language)
        .into_iter()
        .map(|spoken| spoken.term)
        .collect()
}

/// The terms that carry content.
pub fn content_terms(text: &str, language: Language) -> Vec<String> {
    spoken(text, language)
        .into_iter()
        .filter(|spoken| !language.is_stop_word(&spoken.word))
        .map(|spoken| spoken.term)
        .collect()
}

fn is_number(word: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    word.bytes().all(is_digit)
}

/// The unit that a sign right behind a number stands for: `10"`, `6'`.
fn sign(behind: &str) -> Option<&'static str> {
    let mut behind = behind.chars();
    match (behind.next()?, behind.next()) {
        ('"' | '″' | '”', _) | ('\'' | '’' | '′', Some('\'' | '’' | '′')) => Some("in"),
        ('\'' | '’' | '′', next) if next.is_none_or(|next| !next.is_alphabetic()) => Some("ft"),
        _ => None,
    }
}

/// What may stand between a number and its unit; "5 in stock" is not a length.
fn is_tie(between: &str, word: &str) -> bool {
    matches!(between, "" | "-") || (word != "in" && matches!(between, " " | "\u{a0}" | "\u{202f}"))
}

/// One spelling for each unit of measure.
fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => "mm",
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => "cm",
        "m" | "metre" | "metres" | "meter" | "meters" => "m",
        "in" | "inch" | "inches" => "in",
        "ft" | "foot" | "feet" => "ft",
        "g" | "gram" | "grams" | "gramme" | "grammes" => "g",
        "kg" | "kilo" | "kilos" | "kilogram" | "kilograms" => "kg",
        "oz" | "ounce" | "ounces" => "oz",
        "lb" | "lbs" | "pound" | "pounds" => "lb",
        "ml" | "millilitre" | "millilitres" | "milliliter" | "milliliters" => "ml",
        "cl" => "cl",
        "l" | "litre" | "litres" | "liter" | "liters" => "l",
        "w" | "watt" | "watts" => "w",
        "v" | "volt" | "volts" => "v",
        "kw" | "kilowatt" | "kilowatts" => "kw",
        "mah" => "mah",
        "gb" | "gigabyte" | "gigabytes" => "gb",
        "tb" | "terabyte" | "terabytes" => "tb",
        "hz" | "hertz" => "hz",
        "yd" | "yard" | "yards" => "yd",
        "gal" | "gallon" | "gallons" => "gal",
        "qt" | "quart" | "quarts" => "qt",
        _ => return None,
    })
}

/// `10inches` → `10in`, `2,5` and `2.50` → `2.5`; other words with digits stay as they are.
fn measured(word: &str) -> String {
    let number_ends = word
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
        .unwrap_or(word.len());
    let (number, rest) = word.split_at(number_ends);
    let unit = match rest {
        "" => "",
        _ => match unit(rest) {
            Some(unit) => unit,
            None => return word.to_owned(),
        },
    };
    let number = number.replace(',', ".");
    let number = match number.split_once('.') {
        Some(_) => number.trim_end_matches('0').trim_end_matches('.'),
        None => number.as_str(),
    };
    format!("{number}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_lose_their_endings_and_contractions_their_apostrophe() {
        assert_eq!(terms("Washing socks", Language::English), ["wash", "sock"]);
        assert_eq!(
            content_terms("Don't you ship the Shop's socks?", Language::English),
            ["not", "ship", "shop", "sock"]
        );
    }

    #[test]
    fn a_measure_is_one_term_however_it_is_written() {
        for text in [
            "10 cm",
            "10cm",
            "10-cm",
            "10 centimetres",
            "10.0 cm",
            "10,0cm",
        ] {
            assert_eq!(terms(text, Language::English), ["10cm"], "{text}");
        }
        assert_eq!(
            terms("4x4 and 0.5 l", Language::English),
            ["4x4", "and", "0.5l"]
        );
        // A unit without a number is a word.
        assert_eq!(terms("an inch", Language::English), ["an", "inch"]);
        assert_eq!(terms("5 in stock", Language::English), ["5", "in", "stock"]);
        for ten_inches in [
            "10\"",
            "10 in.",
            "10 in",
            "10''",
            "10 inch",
            "10-inch wide",
            "10in x 2",
        ] {
            assert_eq!(
                terms(ten_inches, Language::English)[0],
                "10in",
                "{ten_inches}"
            );
        }
        assert_eq!(
            terms("a 6' rod, the 70's", Language::English),
            ["a", "6ft", "rod", "the", "70", "s"]
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_terms_without_white_space(text in "\\PC{0,60}") {
            for spoken in spoken(&text, Language::English) {
                prop_assert!(!spoken.term.contains(char::is_whitespace), "{:?}", spoken);
                prop_assert!(text.get(spoken.span.clone()).is_some());
            }
        }
    }
}
