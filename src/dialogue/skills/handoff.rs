//! A person, one tap away: recorded at once, with an honest word on when they answer.

use super::text;
use crate::dialogue::block::{Block, Choice, Field, HandoffState};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::{Handoff, Pending};
use crate::dialogue::talk::Talk;

pub(super) const TEXTS: &[TextSpec] = &[
    text("mood.sorry", &[]),
    text("handoff.open", &["hours"]),
    text("handoff.closed", &["opens", "hours"]),
    text("handoff.ask_email", &[]),
    text("handoff.email_label", &[]),
    text("handoff.send", &[]),
    text("handoff.kept", &["email"]),
    text("handoff.already", &["hours"]),
    text("choice.person", &[]),
    text("choice.keep_asking", &[]),
];

/// Anger gets a word first, and a person.
pub(super) fn complain(talk: &mut Talk<'_>) {
    talk.say("mood.sorry", &[]);
    ask_for_person(talk);
}

pub(super) fn ask_for_person(talk: &mut Talk<'_>) {
    let hours = talk.hours_in_words();
    if let Some(handoff) = &talk.state.handoff
        && (handoff.state == HandoffState::Waiting || handoff.email.is_some())
    {
        talk.say("handoff.already", &[("hours", &hours)]);
        talk.offer(&["choice.keep_asking"]);
        return;
    }
    if talk.is_open() {
        let message = talk.line("handoff.open", &[("hours", &hours)]);
        talk.reply.block(Block::Handoff {
            state: HandoffState::Waiting,
            message,
        });
        talk.state.handoff = Some(Handoff {
            state: HandoffState::Waiting,
            email: None,
        });
        talk.offer(&["choice.keep_asking"]);
        return;
    }
    let opens = talk.next_opening_in_words();
    let message = talk.line("handoff.closed", &[("opens", &opens), ("hours", &hours)]);
    talk.reply.block(Block::Handoff {
        state: HandoffState::OutOfHours,
        message,
    });
    talk.state.handoff = Some(Handoff {
        state: HandoffState::OutOfHours,
        email: None,
    });
    ask_email(talk);
}

fn ask_email(talk: &mut Talk<'_>) {
    let prompt = talk.line("handoff.ask_email", &[]);
    let label = talk.line("handoff.email_label", &[]);
    let send = talk.line("handoff.send", &[]);
    talk.reply.block(Block::Form {
        prompt,
        fields: vec![Field {
            kind: "email".into(),
            label,
            autocomplete: Some("email".into()),
        }],
        submit: Choice {
            label: send.text,
            say: None,
            source: send.source,
        },
    });
    talk.offer(&["choice.keep_asking"]);
    talk.state.pending = Some(Pending::HandoffEmail);
}

/// The address the team will answer to has arrived.
pub(in crate::dialogue) fn kept_email(talk: &mut Talk<'_>, email: &str) {
    if let Some(handoff) = &mut talk.state.handoff {
        handoff.email = Some(email.to_owned());
    }
    talk.state.pending = None;
    talk.say("handoff.kept", &[("email", email)]);
}
