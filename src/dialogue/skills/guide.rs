//! Guided selling: one question at a time about what is left, each answered by a tap, each can be skipped. The answers
//! shown stand above the question, so nobody has to answer to see something.

use super::text;
use super::{critique, find};
use crate::dialogue::block::{Choice, Line, Source};
use crate::dialogue::port::NextQuestion;
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::OpenGuide;
use crate::dialogue::talk::Talk;
use crate::text::{fold, nearest};
use crate::understanding::Repair;

pub(super) const TEXTS: &[TextSpec] = &[
    text("guide.ask", &["about"]),
    text("guide.ask_kind", &[]),
    text("guide.ask_price", &[]),
    text("guide.under", &["price"]),
    text("guide.between", &["low", "high"]),
    text("guide.over", &["price"]),
    text("guide.enough", &[]),
    text("choice.no_matter", &[]),
];

/// More words than this say something else besides an answer.
const MOST_WORDS: usize = 4;
/// What else says that it does not matter. Folded.
const NO_MATTER: [&str; 15] = [
    "any",
    "anything",
    "dont care",
    "i dont care",
    "doesnt matter",
    "it doesnt matter",
    "dont mind",
    "either",
    "egal",
    "no preference",
    "whatever",
    "both",
    "no",
    "nope",
    "nein",
];

/// Asks it below what is shown.
pub(super) fn ask(talk: &mut Talk<'_>, next: NextQuestion) {
    let guide = next
        .guide
        .as_deref()
        .and_then(|category| talk.shop.script.guide(&[category.to_owned()]));
    let step = guide.and_then(|guide| guide.steps.iter().find(|step| step.about == next.about));
    let prompt = match (step, next.about.as_str()) {
        (Some(step), about) => Line {
            text: step
                .ask
                .render(&[], &talk.conditions, talk.language(), talk.state.turns)
                .unwrap_or_default(),
            source: Source::Text {
                id: format!(
                    "guides.{}.{about}",
                    next.guide.as_deref().unwrap_or_default()
                ),
            },
        },
        (None, "kind") => talk.line("guide.ask_kind", &[]),
        (None, "price") => talk.line("guide.ask_price", &[]),
        (None, about) => talk.line("guide.ask", &[("about", about)]),
    };
    let counted = || Source::Recommendation {
        measure: "what_is_left".to_owned(),
    };
    let mut choices: Vec<Choice> = Vec::new();
    if let Some((low, high)) = next.bounds {
        let (from, to) = (talk.money(low), talk.money(high));
        for line in [
            talk.line("guide.under", &[("price", &from)]),
            talk.line("guide.between", &[("low", &low.to_string()), ("high", &to)]),
            talk.line("guide.over", &[("price", &to)]),
        ] {
            choices.push(Choice {
                label: line.text,
                say: None,
                source: line.source,
            });
        }
    }
    for value in &next.values {
        let labels = step.into_iter().flat_map(|step| &step.labels);
        let label = labels
            .into_iter()
            .find(|(of, _)| value.eq_ignore_ascii_case(of))
            .map(|(_, label)| label.clone());
        // Of what is there or not, the name is the answer: "Waterproof".
        let bare = if fold(value) == "yes" {
            &next.about
        } else {
            value
        };
        let label = label.unwrap_or_else(|| capitalised(bare));
        choices.push(Choice {
            say: (fold(&label) != fold(value)).then(|| value.clone()),
            label,
            source: counted(),
        });
    }
    let Line {
        text: label,
        source,
    } = talk.line("choice.no_matter", &[]);
    choices.push(Choice {
        label,
        say: None,
        source,
    });
    talk.reply.question(prompt, choices);
    if let Some(search) = &mut talk.state.search {
        search.asked.push(next.about.clone());
    }
    talk.state.guide = Some(OpenGuide {
        about: next.about,
        values: next.values,
    });
}

/// Takes the message as the answer to the open question. False when it is something else; the question is over then.
pub(in crate::dialogue) fn answered(talk: &mut Talk<'_>) -> bool {
    let (Some(guide), Some(mut search)) = (talk.state.guide.take(), talk.state.search.clone())
    else {
        return false;
    };
    let polite = |word: &&str| {
        !matches!(
            *word,
            "please" | "pls" | "plz" | "bitte" | "then" | "thanks"
        )
    };
    let said = fold(talk.reading.text.trim().trim_end_matches(['.', '!'])).replace(['\'', '’'], "");
    let said = said
        .split_whitespace()
        .filter(polite)
        .collect::<Vec<_>>()
        .join(" ");
    let no_matter = fold(&talk.line("choice.no_matter", &[]).text).into_owned();
    let skips = said == no_matter
        || NO_MATTER.contains(&said.as_str())
        || talk.reading.only_repair() == Some(Repair::Skip);
    if skips {
        talk.resolved(format!("`{}` does not matter", guide.about));
        match find::next_question(talk, &search) {
            Some(next) => ask(talk, next),
            None => talk.say("guide.enough", &[]),
        }
        return true;
    }
    // "Less warm" is none of the values, however near it is to one.
    if critique::less_of(talk).is_some() {
        return false;
    }
    if guide.about == "price" {
        let Some(wish) = talk
            .reading
            .price()
            .filter(|_| talk.reading.rest_words() == 0)
        else {
            return false;
        };
        (search.min, search.max) = wish.bounds();
        talk.resolved("the price narrows the last search".to_owned());
        return find::run(talk, search);
    }
    let Some(value) = value_said(&guide, &said) else {
        return false;
    };
    talk.resolved(format!("`{}` is `{value}`", guide.about));
    match guide.about.as_str() {
        "kind" => search.category = Some(value),
        _ => search.wishes.push((guide.about.clone(), value)),
    }
    find::run(talk, search)
}

/// Which of the values it is: as it is written, nearly so, or among a few other words.
fn value_said(guide: &OpenGuide, said: &str) -> Option<String> {
    let values = || guide.values.iter();
    let yes = |value: &&String| fold(value) == "yes" && said == guide.about;
    let same = |value: &&String| fold(value) == said;
    let words: Vec<&str> = said.split_whitespace().collect();
    let among = |value: &&String| {
        let folded = fold(value);
        let parts: Vec<&str> = folded.split_whitespace().collect();
        words.len() <= MOST_WORDS
            && words
                .windows(parts.len().max(1))
                .any(|window| window == parts)
    };
    let near = || {
        let near = nearest(said, guide.values.iter().map(String::as_str))?;
        values().find(|value| *value == near)
    };
    let found = values()
        .find(same)
        .or_else(|| values().find(yes))
        .or_else(near)
        .or_else(|| values().filter(among).max_by_key(|value| value.len()));
    found.cloned()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
