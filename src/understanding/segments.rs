//! Two requests in one message: "cancel my order pls and do you have gift cards".

use crate::text::{Word, is_stop_word, opening, words};

/// The requests of a message, in order; mostly the whole message alone. Cut at sentence ends and at "and", "also",
/// but only where both sides can stand by themselves: a wrong cut costs more than a missed one.
pub fn segments(text: &str) -> Vec<&str> {
    let words = words(opening(text));
    let mut pieces = Vec::new();
    let mut from = 0;
    for at in 1..words.len() {
        let Some(cut) = cut_before(text, &words, at).filter(|cut| cut.left > from) else {
            continue;
        };
        if stands_alone(&words[from..cut.left]) && stands_alone(&words[cut.right..]) {
            pieces.push(from..cut.left);
            from = cut.right;
        }
    }
    pieces.push(from..words.len());
    if pieces.len() == 1 {
        return vec![text];
    }
    let slice = |piece: std::ops::Range<usize>| {
        let first = words.get(piece.start)?.span.start;
        let last = words.get(piece.end.checked_sub(1)?)?.span.end;
        text.get(first..last)
    };
    pieces.into_iter().filter_map(slice).collect()
}

/// Words up to `left` are one side, words from `right` the other; the joining words between are neither.
struct Cut {
    left: usize,
    right: usize,
}

fn cut_before(text: &str, words: &[Word], at: usize) -> Option<Cut> {
    let gap = &text[words[at - 1].span.end..words[at].span.start];
    let is = |index: usize, word: &str| words.get(index).is_some_and(|w| w.text == word);
    let joining = |from: usize| {
        let joins = [
            "and",
            "also",
            "plus",
            "btw",
            "then",
            "und",
            "ausserdem",
            "et",
            "y",
            "e",
            "en",
            "également",
            "además",
            "anche",
            "ook",
            "também",
            "noch",
            "dann",
        ];
        words[from..]
            .iter()
            .take_while(|word| joins.contains(&word.text.as_str()))
            .count()
    };
    if gap.contains(['.', '?', '!', ';', '\n']) {
        return Some(Cut {
            left: at,
            right: at + joining(at),
        });
    }
    // Without a sentence's end, what follows must open like a request of its own.
    let joined = joining(at);
    let strong = ["and", "also", "plus", "und", "et", "y", "e", "en"]
        .iter()
        .any(|word| is(at, word));
    let opens = words
        .get(at + joined)
        .is_some_and(|word| OPENERS.contains(&word.text.as_str()));
    (joined > 0 && strong && opens).then_some(Cut {
        left: at,
        right: at + joined,
    })
}

/// Two words with content, or a word that opens a request with one.
fn stands_alone(words: &[Word]) -> bool {
    let content = words
        .iter()
        .filter(|word| !is_stop_word(&word.text) && !COURTESIES.contains(&word.text.as_str()));
    let opened = words
        .first()
        .is_some_and(|word| OPENERS.contains(&word.text.as_str()));
    let enough = if opened { 1 } else { 2 };
    content.take(enough).count() == enough && words.len() >= 2
}

const COURTESIES: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "thanks",
    "thank",
    "thx",
    "please",
    "pls",
    "sorry",
    "ok",
    "okay",
    "yes",
    "no",
    "good",
    "morning",
    "evening",
    "afternoon",
    "day",
    "hallo",
    "danke",
    "bitte",
    "bonjour",
    "merci",
    "hola",
    "gracias",
    "buongiorno",
    "grazie",
    "hoi",
    "bedankt",
    "olá",
    "obrigado",
    "obrigada",
];

/// Words a request begins with.
const OPENERS: &[&str] = &[
    "are",
    "am",
    "can",
    "cancel",
    "change",
    "check",
    "could",
    "did",
    "do",
    "does",
    "find",
    "give",
    "has",
    "have",
    "how",
    "i",
    "i'd",
    "i'm",
    "is",
    "may",
    "return",
    "send",
    "ship",
    "should",
    "show",
    "tell",
    "track",
    "what",
    "what's",
    "whats",
    "when",
    "when's",
    "where",
    "where's",
    "wheres",
    "which",
    "who",
    "why",
    "will",
    "would",
    "your",
    // In German, French, Spanish, Italian, Dutch and Portuguese.
    "wo",
    "wann",
    "wie",
    "was",
    "welche",
    "kann",
    "könnt",
    "habt",
    "gibt",
    "liefert",
    "ist",
    "ich",
    "verschickt",
    "où",
    "quand",
    "comment",
    "combien",
    "est",
    "avez",
    "livrez",
    "puis",
    "je",
    "dónde",
    "cuándo",
    "cómo",
    "cuánto",
    "hacéis",
    "enviáis",
    "puedo",
    "tenéis",
    "tienen",
    "dove",
    "quando",
    "quanto",
    "spedite",
    "posso",
    "avete",
    "waar",
    "wanneer",
    "hoe",
    "kan",
    "hebben",
    "leveren",
    "onde",
    "como",
    "enviam",
    "têm",
    "fazem",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_requests_are_taken_apart() {
        for (text, parts) in [
            (
                "cancel SH-10031 pls and do you have gift cards",
                &["cancel SH-10031 pls", "do you have gift cards"][..],
            ),
            (
                "Where is my order? Also, how do returns work?",
                &["Where is my order", "how do returns work"],
            ),
            (
                "do you ship to norway and what does it cost",
                &["do you ship to norway", "what does it cost"],
            ),
        ] {
            assert_eq!(segments(text), parts);
        }
    }

    #[test]
    fn what_belongs_together_stays_together() {
        for text in [
            "hi! where is my order",
            "socks and gloves",
            "black and white striped shirt",
            "something warm for my dad, around 50, not wool",
            "order SH-10023. thanks!",
            "hello. thank you. bye",
            "between 20 and 50",
            "i bought it online and it broke",
            "",
        ] {
            assert_eq!(segments(text), [text]);
        }
    }

    proptest! {
        #[test]
        fn segments_are_parts_of_the_message_in_order(text in "(\\PC|and |where is my order|how much|[.?!] ){0,20}") {
            let mut from = 0;
            for part in segments(&text) {
                let found = text[from..].find(part);
                prop_assert!(found.is_some());
                from += found.unwrap_or(0) + part.len();
            }
        }
    }
}
