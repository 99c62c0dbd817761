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
const BEHIND: [&str; 11] = [
    "for", "from", "in", "of", "on", "to", "with", "aus", "für", "mit", "von",
];
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
/// How one wishes for something, which may be no thing at all.
const WISH_FOR: [&[&str]; 20] = [
    &["i", "need"],
    &["i", "want"],
    &["i'd", "like"],
    &["i'm", "looking", "for"],
    &["im", "looking", "for"],
    &["i", "am", "looking", "for"],
    &["looking", "for"],
    &["i'm", "after"],
    &["got"],
    &["show", "me"],
    &["find", "me"],
    &["is", "anything"],
    &["is", "there"],
    &["are", "there"],
    &["anything"],
    &["ich", "suche"],
    &["ich", "brauche"],
    &["ich", "möchte"],
    &["gibt", "es"],
    &["zeig", "mir"],
];
/// Stand for any goods, behind what says which: "vegan options".
const ANY_GOODS: [&str; 12] = [
    "alternatives",
    "choices",
    "items",
    "kind",
    "kinds",
    "models",
    "options",
    "pieces",
    "products",
    "stuff",
    "things",
    "versions",
];
/// Said with a wish, and no part of it.
const POLITE: [&str; 8] = [
    "bitte", "danke", "please", "pls", "plz", "thank", "thanks", "thx",
];
/// The shortest word that is taken for the name of a thing.
const SHORTEST_NAME: usize = 3;

/// The words to search by, where the message names goods that surely.
pub(in crate::dialogue) fn goods(talk: &Talk<'_>, least: Naming) -> Option<String> {
    let named = talk.reading.named.get_or_init(|| read(talk)).as_ref();
    let (text, _) = named.filter(|(_, naming)| *naming >= least)?;
    Some(text.clone())
}

/// Whether the message asks if there is something that is sold: "do you have earl grey?".
pub(in crate::dialogue) fn is_asked_for(talk: &Talk<'_>) -> bool {
    let left = talk.reading.search_words();
    let rest = behind(&left, &HAVE_YOU).and_then(|rest| named(talk, rest));
    rest.is_some_and(|(_, naming)| naming == Naming::Whole)
}

/// The thing that is asked or wished for, "do you have decaf?", where neither the catalog nor anything that staff wrote knows
/// the word: it is not sold here, whatever it is. `may_be_wish` says that the message was near to one anyway.
pub(in crate::dialogue) fn unknown_thing(talk: &Talk<'_>, may_be_wish: bool) -> Option<String> {
    let left = talk.reading.search_words();
    let wish = wished(&left).or_else(|| may_be_wish.then_some(left.as_str()))?;
    let content = thing(talk, wish)?;
    let is_strange = |word: &String| !is_sold(talk, word);
    let name = content.last().filter(|name| is_unheard(talk, name))?;
    // The catalog may have it by another name: a head torch is a headlamp.
    let is_elsewhere = || talk.shop.catalog.calls(&content.join(" "));
    (content.iter().all(is_strange) && !is_elsewhere()).then(|| name.clone())
}

/// "Merino underwear": what stands before the thing's name is sold here, the thing is not.
fn partly_unknown(talk: &Talk<'_>) -> Option<String> {
    let left = talk.reading.search_words();
    let content = thing(talk, wished(&left).unwrap_or(&left))?;
    let [.., before, name] = &content[..] else {
        return None;
    };
    let is_strange = is_sold(talk, before) && !is_sold(talk, name) && is_unheard(talk, name);
    is_strange.then(|| name.clone())
}

/// Whether goods are wished for of which a word is strange here: "show me adidas jackets".
pub(in crate::dialogue) fn is_strange_wish(talk: &Talk<'_>) -> bool {
    let left = talk.reading.search_words();
    let wishes = wished(&left).is_some_and(|wish| thing(talk, wish).is_some());
    partly_unknown(talk).is_some() || (wishes && strange(talk).is_some())
}

/// The words for the thing itself in the words of a wish: in "a school bag for a child" those before the child.
fn thing(talk: &Talk<'_>, wish: &str) -> Option<Vec<String>> {
    let language = Language::of(talk.language());
    let said = words(wish);
    let of_sentence = |word: &str| !POLITE.contains(&word) && is_of_sentence(word, language);
    if said.iter().any(|word| of_sentence(&word.text)) {
        return None;
    }
    let end = said
        .iter()
        .find(|word| BEHIND.contains(&word.text.as_str()))
        .map_or(wish.len(), |word| word.span.start);
    let says_nothing =
        |word: &str| FILLING.contains(&word) || ANY_GOODS.contains(&word) || POLITE.contains(&word);
    let content: Vec<String> = text_words(&wish[..end], language)
        .filter(|word| !says_nothing(word))
        .collect();
    (content.len() <= LONGEST).then_some(content)
}

fn is_sold(talk: &Talk<'_>, word: &str) -> bool {
    let goods = &talk.shop.goods;
    let tongue = &talk.hearing().tongue;
    let instead = tongue.kindred.instead_of(&tongue.language.stem(word));
    goods.knows(word)
        || goods.repair(word).is_some()
        || instead.iter().any(|other| goods.knows(other))
}

/// A word that may name a thing and that staff wrote nothing about.
fn is_unheard(talk: &Talk<'_>, word: &str) -> bool {
    word.chars().count() >= SHORTEST_NAME
        && word.chars().all(char::is_alphabetic)
        && !talk.hearing().serves(word)
}

/// The word that says which of a thing is meant and that nothing here has: a "sleeping" bag, "nike" socks; or the thing's own.
pub(super) fn strange(talk: &Talk<'_>) -> Option<String> {
    if let Some(name) = partly_unknown(talk) {
        return Some(name);
    }
    let left = talk.reading.search_words();
    let said = words(&left);
    let language = Language::of(talk.language());
    let is_strange = |word: &str| {
        !is_stop_word(word)
            && !language.is_stop_word(word)
            && !talk.shop.goods.is_everyday(word)
            && word.chars().all(char::is_alphabetic)
            && !is_sold(talk, word)
    };
    let mut beside = said.windows(2);
    let found =
        beside.find(|two| talk.shop.goods.knows(&two[1].text) && is_strange(&two[0].text))?;
    Some(found[0].text.clone())
}

/// What stands behind the words that ask or wish for it.
fn wished(text: &str) -> Option<&str> {
    behind(text, &HAVE_YOU).or_else(|| behind(text, &WISH_FOR))
}

/// What stands behind one of the ways to begin.
fn behind<'t>(text: &'t str, leads: &[&[&str]]) -> Option<&'t str> {
    let said = words(text);
    let begins = |lead: &&&[&str]| {
        let mut both = lead.iter().zip(&said);
        said.len() > lead.len() && both.all(|(lead, word)| word.text == *lead)
    };
    let lead = leads.iter().find(begins)?;
    Some(&text[said[lead.len()].span.start..])
}

/// A word that stands in sentences and in no name.
fn is_of_sentence(word: &str, language: Language) -> bool {
    // "What's" asks as "what" does.
    let word = word.split(['\'', '’']).next().unwrap_or_default();
    let is_small = is_stop_word(word) || language.is_stop_word(word);
    ASKING.contains(&word) || (is_small && !IN_NAMES.contains(&word))
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
    // "And to Norway?" goes on with what was asked before.
    let goes_on = |word: &str| word == "and" || word == "or" || BEHIND.contains(&word);
    if said.iter().any(|word| is_of_sentence(&word.text, language))
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
    let catalog = &talk.shop.catalog;
    if let Some(naming) = catalog.naming(&text, thing) {
        return Some((text, naming));
    }
    // What it is for may be more than the catalog says: "comfy pants for home".
    let alone: Vec<String> = text_words(thing, language).collect();
    let told = !alone.is_empty() && alone.len() < content.len();
    let text = told.then(|| alone.join(" "))?;
    let naming = catalog.naming(&text, thing)?;
    Some((text, naming.min(Naming::Partly)))
}
