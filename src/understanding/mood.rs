//! How somebody says it: anger, hurry, thanks. A small lexicon with negation and emphasis (after Hutto and Gilbert,
//! "VADER", 2014), capitals and repeated marks. It decides whether a person is offered first, and is never said.

use crate::text::{Outline, Word};

/// Of one message.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Mood {
    /// 0 to 1.
    pub anger: f32,
    pub urgent: bool,
    pub thankful: bool,
}

impl Mood {
    /// Anger from here on is plain.
    pub const ANGRY: f32 = 0.6;

    pub fn is_angry(self) -> bool {
        self.anger >= Self::ANGRY
    }

    /// `words` are those of `text`.
    pub fn of(text: &str, words: &[Word]) -> Self {
        let words = &words[..words.len().min(MOST_WORDS)];
        let mut anger = 0.0_f32;
        let (mut urgent, mut thankful) = (false, false);
        for place in 0..words.len() {
            let here = &words[place..];
            if let Some(weight) = worth(here) {
                anger += weight * turned(words, place);
            }
            urgent |= URGENT_OUTLINE.may_have(&here[0].text)
                && URGENT.iter().any(|said| begins(here, said));
            thankful |= THANKS.iter().any(|said| here[0].text.starts_with(said));
        }
        if is_shouted(text, words) {
            anger += 0.25;
        }
        let marks = text.chars().filter(|mark| *mark == '!').count();
        anger += match marks {
            0 | 1 => 0.0,
            2 => 0.1,
            _ => 0.2,
        };
        if text.contains("??") || text.contains("?!") {
            anger += 0.1;
        }
        // "Thank you so much!!!" is no anger.
        if thankful {
            anger *= 0.4;
        }
        Self {
            anger: anger.clamp(0.0, 1.0),
            urgent,
            thankful,
        }
    }
}

/// Words of a message that are listened to.
const MOST_WORDS: usize = 200;

/// What stands in front of a word does to it: "not angry", "so angry".
fn turned(words: &[Word], place: usize) -> f32 {
    let before = &words[place.saturating_sub(2)..place];
    let is = |table: &[&str]| {
        before
            .iter()
            .any(|word| table.contains(&word.text.as_str()))
    };
    match (is(NEGATED), is(EMPHASISED)) {
        (true, _) => 0.15,
        (false, true) => 1.4,
        (false, false) => 1.0,
    }
}

/// Two words of three letters or more in capitals, and most of the message.
fn is_shouted(text: &str, words: &[Word]) -> bool {
    let long = words.iter().filter(|word| {
        word.text.chars().count() >= 3 && word.text.chars().all(char::is_alphabetic)
    });
    let (mut shouted, mut all) = (0, 0);
    for word in long {
        all += 1;
        let typed = text.get(word.span.clone()).unwrap_or_default();
        shouted += usize::from(!typed.chars().any(char::is_lowercase));
    }
    shouted >= 2 && shouted * 2 > all
}

fn begins(words: &[Word], phrase: &str) -> bool {
    let mut at = 0;
    for said in phrase.split(' ') {
        match words.get(at) {
            Some(word) if word.text == said => at += 1,
            _ => return false,
        }
    }
    true
}

fn worth(words: &[Word]) -> Option<f32> {
    // Most words of most messages begin no such phrase.
    if !ANGRY_OUTLINE.may_have(&words[0].text) {
        return None;
    }
    let found = ANGRY_WORDS.iter().find(|(phrase, _)| begins(words, phrase));
    found.map(|(_, weight)| *weight)
}

static ANGRY_OUTLINE: Outline = {
    let mut outline = Outline::empty();
    let mut place = 0;
    while place < ANGRY_WORDS.len() {
        outline = outline.with(ANGRY_WORDS[place].0);
        place += 1;
    }
    outline
};

static URGENT_OUTLINE: Outline = Outline::of(URGENT);

const NEGATED: &[&str] = &[
    "not", "no", "never", "isn't", "don't", "isnt", "dont", "aren't", "nicht", "kein", "pas",
    "non", "niet", "não",
];

const EMPHASISED: &[&str] = &[
    "so",
    "very",
    "really",
    "absolutely",
    "totally",
    "completely",
    "extremely",
    "sehr",
    "total",
    "so",
    "très",
    "muy",
    "molto",
    "heel",
    "muito",
    "such",
];

/// Longer phrases before their beginnings.
const ANGRY_WORDS: &[(&str, f32)] = &[
    ("fed up", 0.7),
    ("had enough", 0.7),
    ("rip off", 0.7),
    ("a joke", 0.6),
    ("what a joke", 0.7),
    ("third time", 0.4),
    ("never again", 0.5),
    ("waste of time", 0.6),
    ("waste of money", 0.6),
    ("nobody answers", 0.5),
    ("no one answers", 0.5),
    ("ridiculous", 0.7),
    ("unacceptable", 0.7),
    ("scam", 0.7),
    ("scammers", 0.8),
    ("thieves", 0.8),
    ("useless", 0.65),
    ("worst", 0.65),
    ("disgusting", 0.7),
    ("disgrace", 0.7),
    ("pathetic", 0.7),
    ("furious", 0.8),
    ("wtf", 0.7),
    ("fuck", 0.8),
    ("fucking", 0.8),
    ("bullshit", 0.8),
    ("shit", 0.65),
    ("crap", 0.6),
    ("idiots", 0.8),
    ("damn", 0.35),
    ("angry", 0.6),
    ("mad", 0.35),
    ("annoyed", 0.5),
    ("annoying", 0.45),
    ("disappointed", 0.45),
    ("frustrated", 0.55),
    ("frustrating", 0.55),
    ("terrible", 0.5),
    ("awful", 0.5),
    ("horrible", 0.5),
    ("upset", 0.45),
    ("outrageous", 0.7),
    ("unverschämt", 0.7),
    ("frechheit", 0.7),
    ("saftladen", 0.8),
    ("stinksauer", 0.8),
    ("sauer", 0.5),
    ("wütend", 0.7),
    ("scheisse", 0.7),
    ("betrug", 0.7),
    ("inacceptable", 0.7),
    ("honteux", 0.7),
    ("arnaque", 0.7),
    ("furieux", 0.8),
    ("estafa", 0.7),
    ("vergüenza", 0.7),
    ("inaceptable", 0.7),
    ("harto", 0.6),
    ("inaccettabile", 0.7),
    ("truffa", 0.7),
    ("vergogna", 0.7),
    ("schandalig", 0.7),
    ("oplichting", 0.7),
    ("belachelijk", 0.7),
    ("vergonha", 0.7),
    ("inaceitável", 0.7),
    ("burla", 0.6),
];

const URGENT: &[&str] = &[
    "asap",
    "urgent",
    "urgently",
    "immediately",
    "right now",
    "hurry",
    "emergency",
    "as soon as possible",
    "dringend",
    "sofort",
    "urgente",
    "subito",
    "vite",
    "con urgencia",
];

/// Beginnings of words.
const THANKS: &[&str] = &[
    "thank",
    "thx",
    "appreciat",
    "cheers",
    "danke",
    "merci",
    "gracias",
    "grazie",
    "bedankt",
    "obrigad",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;
    use proptest::prelude::*;

    fn mood(text: &str) -> Mood {
        Mood::of(text, &words(text))
    }

    #[test]
    fn anger_is_heard_in_words_capitals_and_marks() {
        for text in [
            "this is ridiculous",
            "WHERE IS MY ORDER!!! I AM ANGRY",
            "you people are useless!!",
            "i'm so frustrated",
            "THIRD TIME I ASK WHERE IS IT!!!",
            "das ist eine Frechheit",
            "c'est une arnaque",
        ] {
            assert!(mood(text).is_angry(), "{text}: {:?}", mood(text));
        }
    }

    #[test]
    fn what_only_looks_like_anger_is_none() {
        for text in [
            "i'm not angry, just asking",
            "where is my order",
            "THANK YOU SO MUCH!!!",
            "do you ship to NORWAY",
            "SH-10023",
            "XXL please!",
            "never mind",
        ] {
            assert!(!mood(text).is_angry(), "{text}: {:?}", mood(text));
        }
    }

    #[test]
    fn hurry_and_thanks_are_noticed() {
        assert!(mood("i need it asap").urgent && mood("right now please").urgent);
        assert!(mood("thanks a lot").thankful && mood("muito obrigada").thankful);
        assert!(!mood("where is it").urgent && !mood("where is it").thankful);
    }

    proptest! {
        #[test]
        fn any_words_have_a_mood_within_bounds(text in "(\\PC|so |ANGRY |!!){0,30}") {
            prop_assert!((0.0..=1.0).contains(&mood(&text).anger));
        }
    }
}
