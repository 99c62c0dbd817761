//! A message that is nothing but the name of a thing: "apron", "christmas decorations, not red", "cooking pot for one".

use super::find::text_words;
use super::refine::FILLING;
use crate::catalog::Naming;
use crate::dialogue::talk::Talk;
use crate::text::{Language, is_stop_word, words};

/// A name of more words is a sentence.
const LONGEST: usize = 6;

/// Small words that stand in names; all others make a sentence of it.
const IN_NAMES: [&str; 22] = [
    "a", "an", "and", "any", "for", "from", "in", "of", "on", "or", "some", "the", "to", "with",
    "aus", "das", "der", "die", "ein", "eine", "für", "mit",
];
/// What the thing is stands before these.
const BEHIND: [&str; 7] = ["for", "from", "in", "of", "on", "to", "with"];
/// Words that ask, and that say something is not so.
const ASKING: [&str; 11] = [
    "how", "no", "not", "what", "when", "where", "which", "who", "whose", "why", "without",
];

/// How one asks whether something is sold.
const HAVE_YOU: [&[&str]; 9] = [
    &["do", "you", "have"],
    &["do", "you", "sell"],
    &["do", "you", "stock"],
    &["do", "you", "carry"],
    &["have", "you", "got"],
    &["you", "got"],
    &["haben", "sie"],
    &["habt", "ihr"],
    &["verkaufen", "sie"],
];

/// The words to search by, where the message names goods that surely.
pub(in crate::dialogue) fn goods(talk: &Talk<'_>, least: Naming) -> Option<String> {
    let named = talk.reading.named.get_or_init(|| read(talk)).as_ref();
    let (text, _) = named.filter(|(_, naming)| *naming >= least)?;
    Some(text.clone())
}

/// Whether the message asks if there is something that is sold: "do you have earl grey?".
pub(in crate::dialogue) fn is_asked_for(talk: &Talk<'_>) -> bool {
    let left = talk.reading.search_words();
    let said = words(&left);
    let begins = |lead: &&&[&str]| {
        let mut both = lead.iter().zip(&said);
        said.len() > lead.len() && both.all(|(lead, word)| word.text == *lead)
    };
    let Some(lead) = HAVE_YOU.iter().find(begins) else {
        return false;
    };
    let rest = &left[said[lead.len()].span.start..];
    named(talk, rest).is_some_and(|(_, naming)| naming == Naming::Whole)
}

/// "And a beanie": another thing, named in full.
pub(in crate::dialogue) fn and_another(talk: &Talk<'_>) -> bool {
    let left = talk.reading.search_words();
    let said = words(&left);
    let (Some(first), Some(second)) = (said.first(), said.get(1)) else {
        return false;
    };
    first.text == "and"
        && !BEHIND.contains(&second.text.as_str())
        && named(talk, &left[second.span.start..])
            .is_some_and(|(_, naming)| naming == Naming::Whole)
}

/// How surely these words are a kind of goods or the name of some.
pub(in crate::dialogue) fn kind(talk: &Talk<'_>, words: &str) -> Option<Naming> {
    if words.is_empty() {
        return None;
    }
    talk.shop.catalog.naming(words, words)
}

fn read(talk: &Talk<'_>) -> Option<(String, Naming)> {
    named(talk, &talk.reading.search_words())
}

/// What these words of the message name.
fn named(talk: &Talk<'_>, left: &str) -> Option<(String, Naming)> {
    let language = Language::of(talk.language());
    let said = words(left);
    let is_sentence = |word: &str| {
        // "What's" asks as "what" does.
        let word = word.split(['\'', '’']).next().unwrap_or_default();
        let is_small = is_stop_word(word) || language.is_stop_word(word);
        ASKING.contains(&word) || (is_small && !IN_NAMES.contains(&word))
    };
    // "And to Norway?" goes on with what was asked before.
    let goes_on = |word: &str| word == "and" || word == "or" || BEHIND.contains(&word);
    if said.iter().any(|word| is_sentence(&word.text))
        || said.first().is_some_and(|word| goes_on(&word.text))
    {
        return None;
    }
    let content: Vec<String> = text_words(left, language)
        .filter(|word| !FILLING.contains(&word.as_str()))
        .collect();
    if content.is_empty() || content.len() > LONGEST {
        return None;
    }
    let text = content.join(" ");
    // In "a school bag for a child" the bag is what is wanted.
    let before = said
        .iter()
        .find(|word| BEHIND.contains(&word.text.as_str()));
    let thing = before.map_or(left, |word| &left[..word.span.start]);
    let naming = talk.shop.catalog.naming(&text, thing)?;
    Some((text, naming))
}
