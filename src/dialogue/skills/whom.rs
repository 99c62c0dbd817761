//! "For my dad": whom something is wanted for. What is made for others is left out.

use crate::catalog::Audience;
use crate::dialogue::talk::Talk;

/// Folded. Brothers, sons and nieces may be children or not: nothing follows from them.
const MEN: [&str; 24] = [
    "boyfriend",
    "dad",
    "daddy",
    "ehemann",
    "father",
    "fiance",
    "grandad",
    "granddad",
    "grandfather",
    "grandpa",
    "gramps",
    "großvater",
    "grossvater",
    "him",
    "hubby",
    "husband",
    "man",
    "mann",
    "onkel",
    "opa",
    "papa",
    "schwiegervater",
    "uncle",
    "vater",
];
const WOMEN: [&str; 24] = [
    "aunt",
    "auntie",
    "ehefrau",
    "fiancee",
    "frau",
    "freundin",
    "girlfriend",
    "grandma",
    "grandmother",
    "granny",
    "großmutter",
    "grossmutter",
    "her",
    "mama",
    "mom",
    "mother",
    "mum",
    "mummy",
    "mutter",
    "nan",
    "oma",
    "schwiegermutter",
    "tante",
    "wife",
];
const ADULTS: [&str; 14] = [
    "boss",
    "chef",
    "chefin",
    "colleague",
    "colleagues",
    "eltern",
    "grandparents",
    "großeltern",
    "kollege",
    "kollegin",
    "lehrerin",
    "neighbour",
    "parents",
    "teacher",
];
/// Whoever says for whom it is made needs nothing read into it: "women's socks for my dad".
const SAID: [&str; 14] = [
    "boys",
    "children",
    "childrens",
    "damen",
    "girls",
    "herren",
    "kids",
    "kinder",
    "ladies",
    "men",
    "mens",
    "unisex",
    "women",
    "womens",
];
/// Words behind "for" among which they stand: "for my dear old dad".
const NEAR: usize = 4;

/// Whom the message wants it for, where that tells what would not suit them.
pub(super) fn whom(talk: &Talk<'_>) -> Option<Audience> {
    let words: Vec<&str> = talk
        .reading
        .words
        .iter()
        .map(|word| word.text.trim_end_matches("'s").trim_end_matches('\''))
        .collect();
    if words.iter().any(|word| SAID.contains(word)) {
        return None;
    }
    let is_for = |word: &str| matches!(word, "for" | "für" | "fuer" | "fur");
    let behind = words.iter().enumerate().filter(|(_, word)| is_for(word));
    let behind = behind.map(|(at, _)| words[at + 1..].iter().take(NEAR));
    behind.flatten().find_map(|word| {
        let of = |list: &[&str], audience| list.contains(word).then_some(audience);
        of(&MEN, Audience::Men)
            .or_else(|| of(&WOMEN, Audience::Women))
            .or_else(|| of(&ADULTS, Audience::Adults))
    })
}
