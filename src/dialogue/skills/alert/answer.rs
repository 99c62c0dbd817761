//! What the answers to its questions pick.

use super::ask::slot;
use super::{AND, ANY, CHAT, FOUND, MAIL, NOWHERE, PRODUCT, VARIANT, WHERE, which};
use crate::dialogue::script::Slot;
use crate::dialogue::skills::find;
use crate::dialogue::talk::Talk;
use crate::understanding::{Repair, VocabularyKind};

const ANY_WORDS: [&str; 5] = ["any", "either", "whichever", "egal", "irgendeine"];
const CHAT_WORDS: [&str; 3] = ["here", "chat", "hier"];
const MAIL_WORDS: [&str; 5] = ["mail", "email", "e-mail", "mailen", "e"];
/// What may stand beside them in an answer that is nothing else.
const PLACE_WORDS: [&str; 20] = [
    "a", "als", "an", "bitte", "by", "im", "in", "it", "ja", "just", "me", "per", "please", "send",
    "tell", "the", "this", "via", "with", "yes",
];
/// More words than this answer something else.
const MOST_WORDS: usize = 8;

/// What the answer to an open question picks; `plainly` when the message can be nothing but that answer.
pub(in crate::dialogue::skills) fn chosen(
    talk: &Talk<'_>,
    asked: &Slot,
    plainly: bool,
) -> Option<String> {
    let reading = &talk.reading;
    if reading.words.len() > MOST_WORDS {
        return None;
    }
    match asked.name.as_str() {
        PRODUCT => {
            // Which one it is is looked up then.
            let mut mentions = reading.mentions.iter();
            let named = mentions.any(|mention| mention.kind == VocabularyKind::Product);
            let alone = reading.rest_words() == 0;
            let names = (named && (alone || !plainly)) || reading.reference().is_some();
            let may_name = !plainly && !alone;
            (names || may_name).then(|| reading.text.trim().to_owned())
        }
        VARIANT => variant(talk).filter(|_| !plainly || reading.rest_words() == 0),
        WHERE => said_where(talk, plainly).map(str::to_owned),
        _ => None,
    }
}

fn is_label(talk: &Talk<'_>, id: &str) -> bool {
    let said = talk.reading.text.trim();
    said.eq_ignore_ascii_case(&talk.line(id, &[]).text)
}

/// Option values in the answer.
fn variant(talk: &Talk<'_>) -> Option<String> {
    let mut words = talk.reading.words.iter();
    let any = words.any(|word| ANY_WORDS.contains(&word.text.as_str()));
    if any || is_label(talk, "choice.alert_any") {
        return Some(format!("{ANY}{AND}"));
    }
    let product = slot(talk, FOUND)?;
    let product = talk.shop.catalog.product(&product)?;
    let mut values = which::values_in(product, &talk.reading.text);
    let options = find::options(talk).into_iter().map(|(_, value)| value);
    values.extend(which::values_of(product, options.collect()));
    (!values.is_empty()).then(|| format!("{}{AND}", values.join(&AND.to_string())))
}

fn said_where(talk: &Talk<'_>, plainly: bool) -> Option<&'static str> {
    let reading = &talk.reading;
    let mails = talk.shop.facts.mails;
    let is = |word: &str, of: &[&str]| of.contains(&word);
    let says = |of: &[&str]| reading.words.iter().any(|word| is(&word.text, of));
    let labels = [
        ("choice.alert_no", NOWHERE),
        ("choice.alert_here", CHAT),
        ("choice.alert_mail", MAIL),
    ];
    let label = labels.into_iter().find(|(id, _)| is_label(talk, id));
    if let Some((_, place)) = label.filter(|(_, place)| mails || *place != MAIL) {
        return Some(place);
    }
    let known =
        |word: &str| is(word, &PLACE_WORDS) || is(word, &CHAT_WORDS) || is(word, &MAIL_WORDS);
    let only = reading.words.iter().all(|word| known(&word.text));
    if reading.email().is_some() && mails {
        return Some(MAIL);
    }
    if reading.says(Repair::No) || reading.says(Repair::NeverMind) {
        return Some(NOWHERE).filter(|_| !plainly || reading.rest_words() == 0);
    }
    if plainly && !only {
        return None;
    }
    if says(&MAIL_WORDS) {
        return Some(MAIL).filter(|_| mails);
    }
    let yes = !mails && reading.says(Repair::Yes);
    (says(&CHAT_WORDS) || yes).then_some(CHAT)
}
