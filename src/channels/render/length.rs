//! How long a text is in a platform's own units, and where it may be cut.

use crate::channels::abilities::Unit;
use unicode_segmentation::UnicodeSegmentation;

/// What GSM-7 has, and what it needs two septets for (GSM 03.38).
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM7_TWO: &str = "^{}\\[~]|€";

/// The length of a text.
pub fn length(text: &str, unit: Unit) -> usize {
    match unit {
        Unit::Characters => text.chars().count(),
        Unit::Utf16 => text.encode_utf16().count(),
        Unit::Bytes => text.len(),
        Unit::Gsm7 => match gsm7(text) {
            Some(septets) => septets,
            // A part takes 153 septets or 67 of these: what fits 1600 of the one fits fewer of the other.
            None => (text.encode_utf16().count() * 153).div_ceil(67),
        },
    }
}

/// Septets of a text that GSM-7 can write.
fn gsm7(text: &str) -> Option<usize> {
    text.chars()
        .map(|c| match c {
            c if GSM7.contains(c) => Some(1),
            c if GSM7_TWO.contains(c) => Some(2),
            _ => None,
        })
        .sum()
}

/// Quotes and dashes that would make a whole SMS cost more than twice, as GSM-7 has them.
pub fn gsm7_friendly(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => plain.push('"'),
            '\u{2010}'..='\u{2014}' => plain.push('-'),
            '\u{2026}' => plain.push_str("..."),
            '\u{a0}' | '\u{202f}' | '\u{2009}' => plain.push(' '),
            '\u{2022}' | '\u{b7}' => plain.push('-'),
            '\u{d7}' | '\u{2713}' => plain.push('x'),
            c => plain.push(c),
        }
    }
    plain
}

/// The text, no longer than `most`, with an ellipsis where something is missing. Whole graphemes only.
pub fn shortened(text: &str, most: usize, unit: Unit) -> String {
    if length(text, unit) <= most {
        return text.to_owned();
    }
    let dots = match unit {
        Unit::Gsm7 => "...",
        _ => "…",
    };
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        let longer = format!("{kept}{grapheme}");
        if length(&format!("{longer}{dots}"), unit) > most {
            break;
        }
        kept = longer;
    }
    format!("{}{dots}", kept.trim_end())
}

/// The text in parts that `fits` takes, cut between paragraphs where that is possible, else between sentences, words, or at
/// last graphemes. Nothing but blanks at the cuts is lost. A grapheme that does not fit alone is left out.
pub fn split(text: &str, fits: &impl Fn(&str) -> bool) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if fits(text) {
        return vec![text.to_owned()];
    }
    let mut parts: Vec<String> = Vec::new();
    let mut held = String::new();
    for (piece, glue) in pieces(text) {
        let joined = match held.is_empty() {
            true => piece.trim_start().to_owned(),
            false => format!("{held}{glue}{piece}"),
        };
        if fits(joined.trim_end()) {
            held = joined;
            continue;
        }
        if !held.trim().is_empty() {
            parts.push(held.trim_end().to_owned());
        }
        held = String::new();
        let piece = piece.trim();
        if fits(piece) {
            held = piece.to_owned();
        } else if piece.graphemes(true).nth(1).is_some() {
            let mut inner = split(piece, fits);
            held = inner.pop().unwrap_or_default();
            parts.extend(inner);
        }
    }
    if !held.trim().is_empty() {
        parts.push(held.trim_end().to_owned());
    }
    parts
}

/// The text cut once, as coarsely as it can be: each piece with what stands before it when it is joined to another.
fn pieces(text: &str) -> Vec<(&str, &'static str)> {
    for glue in ["\n\n", "\n"] {
        if text.contains(glue) {
            return text.split(glue).map(|piece| (piece, glue)).collect();
        }
    }
    let sentences: Vec<&str> = text.split_sentence_bounds().collect();
    if sentences.len() > 1 {
        return sentences.into_iter().map(|piece| (piece, "")).collect();
    }
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    if words.len() > 1 {
        return words.into_iter().map(|piece| (piece, "")).collect();
    }
    text.graphemes(true).map(|piece| (piece, "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_platform_counts_in_its_own_units() {
        let flag = "👋🏽";
        assert_eq!(length(flag, Unit::Characters), 2);
        assert_eq!(length(flag, Unit::Utf16), 4);
        assert_eq!(length(flag, Unit::Bytes), 8);
        assert_eq!(length("Grüße [€]", Unit::Gsm7), 12);
        assert_eq!(
            length("a’", Unit::Gsm7),
            5,
            "one curly quote makes it UCS-2"
        );
        assert_eq!(gsm7_friendly("„Ja“ – don’t…"), "\"Ja\" - don't...");
    }

    #[test]
    fn a_text_is_cut_between_paragraphs_then_sentences_then_words() {
        let fits = |most: usize| move |text: &str| text.chars().count() <= most;
        let text = "One two. Three four.\n\nFive six seven.";
        assert_eq!(
            split(text, &fits(20)),
            ["One two. Three four.", "Five six seven."]
        );
        assert_eq!(
            split(text, &fits(15)),
            ["One two.", "Three four.", "Five six seven."]
        );
        assert_eq!(split("Five six seven.", &fits(9)), ["Five six", "seven."]);
        assert_eq!(split("Incredible", &fits(4)), ["Incr", "edib", "le"]);
        assert_eq!(shortened("Incredible", 5, Unit::Characters), "Incr…");
    }

    proptest! {
        #[test]
        fn every_part_fits_and_nothing_but_blanks_is_lost(text in "(\\PC|[ .\n👋🏽é]){0,200}", most in 16usize..60) {
            let bytes = |part: &str| part.len() <= most;
            let parts = split(&text, &bytes);
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert!(parts.iter().all(|part| part.len() <= most));
            // A grapheme longer than a message cannot be sent at all.
            let long = text.graphemes(true).any(|one| one.len() > most);
            prop_assert!(long || squeezed(&parts.join(" ")) == squeezed(&text), "{parts:?}");
            prop_assert!(shortened(&text, most, Unit::Utf16).encode_utf16().count() <= most);
        }
    }
}
