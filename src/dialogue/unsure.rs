//! Not sure, or not knowing at all: asking which, or saying so plainly.

use super::block::{Choice, HandoffState, Source};
use super::port::ArticleHit;
use super::script::TextSpec;
use super::skills;
use super::talk::Talk;
use super::trace::By;
use crate::text::Language;

/// What is said when no skill is.
pub(super) const TEXTS: &[TextSpec] = &[
    TextSpec {
        id: "fallback.unknown",
        variables: &[],
    },
    TextSpec {
        id: "fallback.nearest",
        variables: &[],
    },
    TextSpec {
        id: "fallback.second",
        variables: &[],
    },
    TextSpec {
        id: "fallback.language",
        variables: &["languages"],
    },
    TextSpec {
        id: "clarify.which",
        variables: &[],
    },
    TextSpec {
        id: "clarify.perhaps",
        variables: &["question"],
    },
    TextSpec {
        id: "clarify.none",
        variables: &[],
    },
];

/// Several meanings are close: ask which.
pub(super) fn clarify(talk: &mut Talk<'_>, choices: Vec<Choice>) {
    // Apart from what answered the message's other half.
    let line = talk.line("clarify.which", &[]);
    talk.reply.bubble(line);
    talk.reply.choices(choices);
    talk.offer(&["clarify.none", "choice.person"]);
}

/// The article that is the only thing near, where it speaks of something that was said. Words that nobody knows are near
/// to anything.
pub(super) fn only_article(talk: &mut Talk<'_>, choices: &[(Choice, f32)]) -> Option<ArticleHit> {
    let [(choice, _)] = choices else { return None };
    let Source::Article { id, .. } = &choice.source else {
        return None;
    };
    let hit = talk.ports.article(id)?;
    let language = Language::of(talk.language());
    let repaired = talk.trace.repaired.iter();
    let repaired: Vec<&str> = repaired.map(|(_, right)| right.as_str()).collect();
    let said = format!("{} {}", talk.reading.text, repaired.join(" "));
    let told = language.content_stems(&format!("{} {}", hit.question, hit.answer));
    let speaks = !language.content_stems(&said).is_disjoint(&told);
    speaks.then_some(hit)
}

/// One article is near and nothing else: it is told with the question it answers, so that nobody takes it for more.
pub(super) fn perhaps(talk: &mut Talk<'_>, hit: &ArticleHit) {
    let line = talk.line("clarify.perhaps", &[("question", &hit.question)]);
    talk.reply.bubble(line);
    skills::answer(talk, hit);
    talk.offer(&["clarify.none", "choice.person"]);
}

/// Nothing is known: say so, offer what is nearest and a person, and keep the question for staff.
pub(super) fn lost(talk: &mut Talk<'_>) {
    if talk
        .state
        .handoff
        .as_ref()
        .is_some_and(|handoff| handoff.state == HandoffState::Waiting)
    {
        // A person has been asked for and will read this; the assistant only says what it is sure of.
        talk.decided(By::Silent, None, 0.0, "silent");
        return;
    }
    talk.decided(By::Fallback, None, 0.0, "fallback");
    talk.unanswered = true;
    talk.state.misses = talk.state.misses.saturating_add(1);
    let again = talk.state.misses > 1;
    talk.say(
        if again {
            "fallback.second"
        } else {
            "fallback.unknown"
        },
        &[],
    );
    if again {
        // Two failed answers: a person comes first.
        talk.offer(&["choice.person"]);
    }
    let nearest = skills::nearest(talk);
    if !nearest.is_empty() {
        talk.say("fallback.nearest", &[]);
        talk.reply.choices(nearest);
    }
    talk.offer(&["choice.person"]);
}

/// Said in a language that nobody here speaks: say which are spoken, rather than guess.
pub(super) fn foreign(talk: &mut Talk<'_>, language: Language) {
    talk.decided(By::Fallback, None, 0.0, "foreign_language");
    talk.resolved(format!("spoken in {language:?}"));
    talk.unanswered = true;
    talk.state.misses = talk.state.misses.saturating_add(1);
    let spoken = talk
        .shop
        .hearings
        .iter()
        .map(|hearing| own_name(&hearing.code));
    let spoken = spoken.collect::<Vec<_>>().join(", ");
    talk.say("fallback.language", &[("languages", &spoken)]);
    talk.offer(&["choice.person"]);
}

/// What speakers of a language call it; its code where that is not known.
fn own_name(code: &str) -> &str {
    match Language::of(code) {
        Language::English => "English",
        Language::German => "Deutsch",
        Language::French => "Français",
        Language::Spanish => "Español",
        Language::Italian => "Italiano",
        Language::Dutch => "Nederlands",
        Language::Portuguese => "Português",
        Language::Danish => "Dansk",
        Language::Norwegian => "Norsk",
        Language::Swedish => "Svenska",
        Language::Finnish => "Suomi",
        Language::Polish => "Polski",
        Language::Turkish => "Türkçe",
        Language::Other => code,
    }
}

/// A choice made of an intent's title or an article's question: words a shopper could type.
pub(super) fn choice(label: &str, source: Source) -> Choice {
    Choice {
        label: label.to_owned(),
        say: None,
        source,
    }
}
