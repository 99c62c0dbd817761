//! What anger changes: a word of regret, and a person offered first.

use super::block::Choice;
use super::skills::Skill;
use super::talk::Talk;
use crate::text;
use crate::understanding::Mood;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Shorter messages are said again for other reasons: "yes", "and in blue".
const A_QUESTION: usize = 3;

/// After a message is answered: notes its mood, and offers a person first to who is angry or asks the same again.
pub(super) fn soothe(talk: &mut Talk<'_>, said: &str) {
    let words = text::words(said);
    let mood = Mood::of(said, &words);
    let again = asked_again(talk, &words);
    if mood.anger > 0.0 {
        talk.trace.mood.push(format!("anger {:.1}", mood.anger));
    }
    for (noticed, name) in [
        (mood.urgent, "urgent"),
        (mood.thankful, "thanks"),
        (again, "asked again"),
    ] {
        if noticed {
            talk.trace.mood.push(name.to_owned());
        }
    }
    let people = [Skill::Complaint.name(), Skill::Handoff.name()];
    let mut decisions = talk.trace.decisions.iter();
    let has_person = decisions.any(|decision| people.contains(&decision.skill.as_str()));
    if has_person || talk.reply.is_empty() || talk.state.handoff.is_some() {
        return;
    }
    if mood.is_angry() {
        let line = talk.line("mood.sorry", &[]);
        talk.reply.lead(line);
    }
    if mood.is_angry() || again {
        let line = talk.line("choice.person", &[]);
        talk.reply.first_choice(Choice {
            label: line.text,
            say: None,
            source: line.source,
        });
    }
}

/// Whether the last question is asked once more, word for word.
fn asked_again(talk: &mut Talk<'_>, words: &[text::Word]) -> bool {
    if words.len() < A_QUESTION {
        return false;
    }
    // The hasher's keys are fixed, so a stored conversation plays the same again.
    let mut hasher = DefaultHasher::new();
    super::read::bare(words).hash(&mut hasher);
    let asked = hasher.finish();
    let again = talk.state.asked == asked;
    talk.state.asked = asked;
    again
}
