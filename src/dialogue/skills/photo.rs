//! Photos that come with a message. Nobody here looks at them: they go with a return that is the shop's fault, or to the
//! person who takes over.

use super::{returns, text};
use crate::dialogue::flow;
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::dialogue::trace::By;

/// Photos that wait for what they are for; the oldest are let go.
const KEPT: usize = 12;

pub(super) const TEXTS: &[TextSpec] = &[
    text("photo.what", &[]),
    text("photo.kept", &[]),
    text("photo.with_return", &["rma"]),
    text("photo.with_person", &[]),
    text("photo.not_seen", &[]),
    text("choice.arrived_damaged", &[]),
];

/// Photos came along.
pub(in crate::dialogue) fn came(talk: &mut Talk<'_>, photos: &[String]) {
    talk.trace.photos = photos.to_vec();
    talk.state.photos.extend_from_slice(photos);
    let over = talk.state.photos.len().saturating_sub(KEPT);
    talk.state.photos.drain(..over);
}

/// Photos came without a word: they answer no question, but may belong to what is being talked of.
pub(in crate::dialogue) async fn alone(talk: &mut Talk<'_>) {
    talk.decided(By::Context, None, 1.0, "photo");
    if go(talk) {
        return;
    }
    if let Some(open) = talk.open_intent() {
        talk.say("photo.kept", &[]);
        flow::ask_again(talk, open);
    } else if talk.state.returning.is_some() {
        talk.say("photo.kept", &[]);
        returns::still_asks(talk).await;
    } else {
        talk.say("photo.what", &[]);
        talk.offer(&["choice.arrived_damaged", "choice.person"]);
    }
}

/// After a message is answered: what waits goes to whom it is for. `now`: photos came with this message.
pub(in crate::dialogue) fn goes_on(talk: &mut Talk<'_>, now: bool) {
    if talk.state.photos.is_empty() || go(talk) || !now {
        return;
    }
    let asks = talk.state.returning.is_some() || talk.open_intent().is_some();
    let line = match asks {
        true => talk.line("photo.kept", &[]),
        false => talk.line("photo.not_seen", &[]),
    };
    talk.reply.bubble(line);
    if !asks {
        talk.offer(&["choice.person"]);
    }
}

/// Gives what waits to the return or the person it is for, and says so. False where there is neither.
fn go(talk: &mut Talk<'_>) -> bool {
    if talk.state.photos.is_empty() || talk.state.returning.is_some() {
        return false;
    }
    if let Some(rma) = talk.state.photos_for.clone() {
        let photos = given_to(talk, &rma);
        if talk.state.handoff.is_some() {
            tell_person(talk, &format!("return {rma}"), &photos);
        }
        let line = talk.line("photo.with_return", &[("rma", &rma)]);
        talk.reply.bubble(line);
        return true;
    }
    if talk.state.handoff.is_none() {
        return false;
    }
    let photos = std::mem::take(&mut talk.state.photos);
    tell_person(talk, "more from the shopper", &photos);
    let line = talk.line("photo.with_person", &[]);
    talk.reply.bubble(line);
    true
}

/// What waits, and what comes from here on, belongs to this return.
pub(super) fn given_to(talk: &mut Talk<'_>, rma: &str) -> Vec<String> {
    let photos = std::mem::take(&mut talk.state.photos);
    talk.state.photos_for = Some(rma.to_owned());
    if !photos.is_empty() {
        talk.shown.push((rma.to_owned(), photos.clone()));
    }
    photos
}

fn tell_person(talk: &mut Talk<'_>, about: &str, photos: &[String]) {
    let case = talk.case.take().unwrap_or_else(|| about.to_owned());
    talk.case = Some(noted(case, photos));
}

/// For staff: the names of the files.
pub(super) fn noted(case: String, photos: &[String]) -> String {
    match photos {
        [] => case,
        _ => format!("{case}; photos: {}", photos.join(", ")),
    }
}
