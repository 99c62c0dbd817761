//! Words of a message, each with its place.

use super::{Language, fold_into};
use std::borrow::Cow;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A word of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded; with its apostrophe: `don't`.
    pub text: String,
    /// Bytes of the message as it was handed in.
    pub span: Range<usize>,
}

/// The words by Unicode's rules: `e-mail` is two, `don't` and `19.90` are one.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for_each_word(text, |span, folded| {
        found.push(Word {
            text: folded.to_owned(),
            span,
        });
    });
    found
}

/// The beginning of a long message: what somebody wants stands there or nowhere, and the cost of reading stays bounded.
pub fn opening(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(MOST_LETTERS)
        .map_or(text.len(), |(end, _)| end);
    &text[..end]
}

/// Characters of a message's [`opening`].
const MOST_LETTERS: usize = 1_000;

/// [`words`] without an allocation a word; the folded word lives for the call only.
pub fn for_each_word(text: &str, mut each: impl FnMut(Range<usize>, &str)) {
    let mut folded = String::with_capacity(24);
    for (start, word) in as_meant(text).unicode_word_indices() {
        folded.clear();
        fold_into(word, &mut folded);
        let trimmed = folded.trim_matches('\'');
        if !trimmed.is_empty() {
            each(start..start + word.len(), trimmed);
        }
    }
}

/// Keyboards put `don´t` and don`t where an apostrophe is meant; and by the rules of word boundaries a narrow blank joins
/// what stands beside it. Each stand-in has as many bytes as what it stands for, so places do not move.
fn as_meant(text: &str) -> Cow<'_, str> {
    match text.contains(['´', '`', '\u{202f}']) {
        true => Cow::Owned(
            text.replace('`', "'")
                .replace('´', "\u{2bc}")
                .replace('\u{202f}', "\u{2009}"),
        ),
        false => Cow::Borrowed(text),
    }
}

/// [`spoken`] by the habits of a language.
pub(super) fn spoken_in(language: Language, folded: &str, mut each: impl FnMut(&str)) {
    let Some((head, tail)) = folded.split_once('\'') else {
        return match language {
            Language::English => spoken(folded, each),
            _ => pieces(folded, &mut each),
        };
    };
    match language {
        Language::English => spoken(folded, each),
        // Before a vowel the first word loses its own: l'article, dell'ordine, j'ai.
        Language::French | Language::Italian => {
            let whole = ELIDED.iter().find(|(short, _)| *short == head);
            each_word(whole.map_or(head, |(_, whole)| whole), &mut each);
            pieces(tail, &mut each);
        }
        Language::German if tail == "s" => {
            pieces(head, &mut each);
            each("es");
        }
        _ => {
            pieces(head, &mut each);
            if tail.len() > 1 {
                pieces(tail, &mut each);
            }
        }
    }
}

fn each_word(words: &str, each: &mut impl FnMut(&str)) {
    words.split_ascii_whitespace().for_each(each);
}

/// What the apostrophe cut off; an article says nothing.
const ELIDED: &[(&str, &str)] = &[
    ("l", ""),
    ("d", "de"),
    ("j", "je"),
    ("m", "me"),
    ("t", "te"),
    ("s", "se"),
    ("n", "ne"),
    ("c", "ce"),
    ("qu", "que"),
    ("jusqu", "jusque"),
    ("lorsqu", "lorsque"),
    ("puisqu", "puisque"),
    ("un", ""),
    ("dell", ""),
    ("all", ""),
    ("nell", ""),
    ("sull", ""),
    ("dall", ""),
    ("quell", "quello"),
    ("quest", "questo"),
    ("com", "come"),
    ("cos", "cosa"),
    ("dov", "dove"),
];

/// Spells a folded word out as it would be spoken slowly: `don't` is `do` and `not`, `what's` is `what is`, the
/// shopper's possessive `'s` goes. Digits become `0`: which number it is says nothing about the request.
pub fn spoken(folded: &str, mut each: impl FnMut(&str)) {
    if let Ok(found) = CONTRACTED.binary_search_by_key(&folded, |(short, _)| short) {
        for piece in CONTRACTED[found].1.split(' ') {
            each(piece);
        }
        return;
    }
    let (head, tail) = folded.split_once('\'').unwrap_or((folded, ""));
    let (head, tail) = match (head.strip_suffix('n'), tail) {
        (Some(verb), "t") => (verb, "not"),
        _ => (head, long_ending(tail)),
    };
    pieces(head, &mut each);
    if !tail.is_empty() {
        each(tail);
    }
}

/// At everything that is no letter or digit.
fn pieces(word: &str, each: &mut impl FnMut(&str)) {
    for piece in word.split(|letter: char| !letter.is_alphanumeric()) {
        if piece.bytes().any(|byte| byte.is_ascii_digit()) {
            each(&digits_as_one(piece));
        } else if !piece.is_empty() {
            each(piece);
        }
    }
}

fn long_ending(short: &str) -> &str {
    match short {
        "re" => "are",
        "ll" => "will",
        "ve" => "have",
        "d" => "would",
        "m" => "am",
        "s" | "t" => "",
        other => other,
    }
}

fn digits_as_one(piece: &str) -> String {
    let mut out = String::with_capacity(piece.len());
    for letter in piece.chars() {
        match letter {
            _ if !letter.is_ascii_digit() => out.push(letter),
            _ if !out.ends_with('0') => out.push('0'),
            _ => {}
        }
    }
    out
}

/// What the general rule would get wrong, and what is typed without its apostrophe. Sorted.
const CONTRACTED: &[(&str, &str)] = &[
    ("arent", "are not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("cant", "can not"),
    ("couldnt", "could not"),
    ("didnt", "did not"),
    ("doesnt", "does not"),
    ("dont", "do not"),
    ("hasnt", "has not"),
    ("havent", "have not"),
    ("here's", "here is"),
    ("how's", "how is"),
    ("hows", "how is"),
    ("i'm", "i am"),
    ("im", "i am"),
    ("isnt", "is not"),
    ("it's", "it is"),
    ("ive", "i have"),
    ("shouldnt", "should not"),
    ("that's", "that is"),
    ("thats", "that is"),
    ("there's", "there is"),
    ("theres", "there is"),
    ("wasnt", "was not"),
    ("what's", "what is"),
    ("whats", "what is"),
    ("when's", "when is"),
    ("whens", "when is"),
    ("where's", "where is"),
    ("wheres", "where is"),
    ("who's", "who is"),
    ("whos", "who is"),
    ("won't", "will not"),
    ("wont", "will not"),
    ("wouldnt", "would not"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spoken_text(text: &str) -> String {
        let mut out = Vec::new();
        for word in words(text) {
            spoken(&word.text, |piece| out.push(piece.to_owned()));
        }
        out.join(" ")
    }

    #[test]
    fn words_know_where_they_stood() {
        let text = "Größe M, don’t 19.90€";
        let found: Vec<(String, &str)> = words(text)
            .into_iter()
            .map(|word| (word.text, &text[word.span]))
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), *b)).collect();
        assert_eq!(
            found,
            [
                ("grösse", "Größe"),
                ("m", "M"),
                ("don't", "don’t"),
                ("19.90", "19.90")
            ]
        );
    }

    #[test]
    fn a_narrow_blank_parts_words_as_any_other() {
        let found: Vec<String> = words("warm\u{202f}socks under 20\u{202f}€")
            .into_iter()
            .map(|word| word.text)
            .collect();
        assert_eq!(found, ["warm", "socks", "under", "20"]);
    }

    #[test]
    fn contractions_are_spelled_out() {
        for (typed, said) in [
            ("Don’t", "do not"),
            ("don´t", "do not"),
            ("wheres my order", "where is my order"),
            ("where's mum's parcel", "where is mum parcel"),
            ("we're sure they'll", "we are sure they will"),
            ("can't won't cannot", "can not will not can not"),
            ("order 10023", "order 0"),
            ("t-shirt 19.90", "t shirt 0 0"),
        ] {
            assert_eq!(spoken_text(typed), said);
        }
    }

    #[test]
    fn the_table_of_contractions_is_sorted() {
        assert!(CONTRACTED.is_sorted_by_key(|(short, _)| short));
    }

    proptest! {
        #[test]
        fn spans_are_always_on_character_boundaries(text in "\\PC*") {
            for word in words(&text) {
                prop_assert!(text.get(word.span).is_some());
                spoken(&word.text, |piece| assert!(!piece.is_empty()));
            }
        }
    }
}
