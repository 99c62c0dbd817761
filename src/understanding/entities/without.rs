//! Wishes turned down: "not wool", "no leather or suede", "without zips".

use super::numbers::number_at;
use super::phrases::Phrases;
use super::{Entity, Message, Value};
use crate::text::{Language, is_stop_word};

pub(super) fn find(message: &Message<'_>, found: &mut Vec<Entity>) {
    for index in 0..message.tokens.len() {
        free_of(message, index, found);
    }
    let mut index = 0;
    while index < message.tokens.len() {
        let Some((length, certain)) = OPENINGS.at(&message.tokens[index..]) else {
            index += 1;
            continue;
        };
        let mut start = index;
        let mut thing = index + length;
        // "not wool or leather": each on its own.
        while is_thing(message, thing, certain) {
            let wish = message.word(thing).to_owned();
            found.push(message.entity(start..thing + 1, Value::Without(wish)));
            let after = thing + 1;
            let joined = matches!(message.word(after), "or" | "nor");
            thing = after;
            if !joined {
                break;
            }
            thing += 1;
            start = thing;
        }
        index = thing.max(index + 1);
    }
}

/// "Caffeine-free", "lactose free milk", "zuckerfrei"; but not "is shipping free".
fn free_of(message: &Message<'_>, index: usize, found: &mut Vec<Entity>) {
    let Some(token) = message.tokens.get(index) else {
        return;
    };
    let (word, next) = (message.word(index), message.word(index + 1));
    if let Some(thing) = word.strip_suffix("frei").filter(|thing| thing.len() >= 4) {
        let thing = thing.to_owned();
        found.push(message.entity(index..index + 1, Value::Without(thing)));
    }
    let Some(free) = message.tokens.get(index + 1).filter(|_| next == "free") else {
        return;
    };
    let tied = &message.text[token.span.end..free.span.start] == "-";
    let behind = message.tokens.len() > index + 2 && !is_stop_word(message.word(index + 2));
    let costs = COSTING.split_ascii_whitespace().any(|other| other == word);
    if (tied || behind) && !costs && is_thing(message, index, false) {
        let thing = word.to_owned();
        found.push(message.entity(index..index + 2, Value::Without(thing)));
    }
}

/// What may cost nothing.
const COSTING: &str = "
shipping delivery postage returns return exchange exchanges wrapping samples sample gift gifts hands duty tax toll
buy two three offer totally completely absolutely scot
";

/// A word that can name a quality. Behind "not" and "no", words that only deny ("not working", "no problem") are none.
fn is_thing(message: &Message<'_>, index: usize, certain: bool) -> bool {
    let word = message.word(index);
    let small = is_stop_word(word) || Language::German.is_stop_word(word);
    let content = word.len() >= 2 && !small && word.chars().all(char::is_alphabetic);
    let denial = DENIED.split_ascii_whitespace().any(|denied| denied == word)
        // "Not arrived", "not working"; "not red" is short.
        || (word.len() > 4 && ["ing", "ed", "ly"].iter().any(|end| word.ends_with(end)));
    // "No, three" puts a number right.
    content && (certain || !denial) && number_at(message, index).is_none()
}

/// (opening, whatever follows is a thing)
static OPENINGS: Phrases<bool> = Phrases::new(&[
    ("without", true),
    ("without any", true),
    ("except", true),
    ("anything but", true),
    ("free of", true),
    ("free from", true),
    ("ohne", true),
    ("frei von", true),
    ("no", false),
    ("not", false),
    ("non", false),
    ("not in", false),
    ("not made of", true),
    ("not of", true),
    ("dont want", false),
    ("dont like", false),
    ("hate", false),
    ("allergic to", true),
]);

/// Said with "not" and "no" about the conversation or the order, not about a product. Blanks between words.
const DENIED: &str = "
again all bad been clear come correct enough ever expensive fair find fine fit get give go good got
great happy help here hurry idea know less let like longer love make matter mean mind more much need
new no not now one order other over pay problem read ready reply right say see seen sent show start
stock sure thank thanks think time today under understand use want way what when where why work
works worries worry wrong yet
";
