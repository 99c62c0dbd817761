//! What is said while a return is being put together: an answer, something put right, or something else.

use super::hear::{self, Heard};
use super::{Wanted, advance, begin, go_on, next, proof, unavailable};
use crate::dialogue::decide::{self, Meaning};
use crate::dialogue::returning::{Returning, Step, beginning};
use crate::dialogue::script::Action;
use crate::dialogue::skills::Skill;
use crate::dialogue::talk::Talk;
use crate::returns::Reason;
use crate::understanding::{Repair, Value};
use std::collections::BTreeMap;

/// Messages about something else after which a return is not asked about any more.
const PATIENCE: u8 = 2;

/// Puts the open question once more, to who sent a photo in place of words.
pub(in crate::dialogue) async fn still_asks(talk: &mut Talk<'_>) {
    if let Some(returning) = &mut talk.state.returning {
        returning.aside = 0;
    }
    ask_again(talk).await;
}

/// Takes an answer to what a return asked, or a correction of it. False when the message is about something else.
pub(in crate::dialogue) async fn answered(talk: &mut Talk<'_>) -> bool {
    let Some(returning) = talk.state.returning.clone() else {
        return goes_on(talk).await;
    };
    if talk.reading.only_repair() == Some(Repair::NeverMind) {
        dropped(talk).await;
        return true;
    }
    let said = hear::heard(talk);
    let returning = Returning {
        aside: 0,
        ..returning
    };
    match returning.asked {
        Some(Step::Proof) => tried_again(talk, returning, &said).await,
        Some(Step::Note) if talk.reading.text.contains('?') || hear::is_ruled(talk) => false,
        asked if asked != Some(Step::Note) && hear::is_elsewhere(talk, &said, &returning) => false,
        Some(Step::Order) => picked_order(talk, returning, said).await,
        _ if !proof::still_holds(talk, &returning).await => {
            let order = Some(returning.order.clone());
            proof::prove(talk, returning, order).await;
            true
        }
        Some(Step::Note) => noted(talk, returning, said).await,
        _ => put_right(talk, returning, said).await,
    }
}

/// What is wrong with it, in their words.
async fn noted(talk: &mut Talk<'_>, mut returning: Returning, said: Heard) -> bool {
    let Some(known) = talk.ports.returns_of(&returning.order).await else {
        unavailable(talk);
        return true;
    };
    returning.note = Some(beginning(&talk.reading.text));
    // Other words of it describe the thing, and name none.
    returning.wish = said.wish.or(returning.wish);
    advance(talk, returning, &known, false);
    next(talk).await;
    true
}

async fn tried_again(talk: &mut Talk<'_>, returning: Returning, said: &Heard) -> bool {
    let again = talk.line("choice.try_again", &[]).text;
    let again = talk.reading.text.trim().eq_ignore_ascii_case(&again);
    let secret = talk
        .reading
        .entities
        .iter()
        .find_map(|one| match &one.value {
            Value::Email(value) | Value::Postcode(value) | Value::Phone(value) => {
                Some(value.clone())
            }
            _ => None,
        });
    let slots = match (secret, &said.order) {
        _ if again => BTreeMap::new(),
        // The number stands, and the secret is put right.
        (Some(secret), None) => BTreeMap::from([
            ("order_number".to_owned(), returning.tried.clone()),
            ("secret".to_owned(), secret),
        ]),
        (_, Some(_)) => BTreeMap::new(),
        (None, None) => {
            talk.state.returning = None;
            return false;
        }
    };
    proof::prove_with(talk, returning, slots).await;
    true
}

async fn picked_order(talk: &mut Talk<'_>, returning: Returning, said: Heard) -> bool {
    if said.order.is_none() && !said.other_order {
        return false;
    }
    let named = hear::heard_in(talk, &returning.named);
    if said.order.is_none() {
        proof::prove(talk, returning, None).await;
        return true;
    }
    let order = said.order;
    proof::with_order(talk, returning, Heard { order, ..named }).await;
    true
}

async fn put_right(talk: &mut Talk<'_>, mut returning: Returning, mut said: Heard) -> bool {
    let other = said.order.as_ref();
    if said.other_order || other.is_some_and(|order| *order != returning.order) {
        returning.lines.clear();
        returning.order.clear();
        proof::with_order(talk, returning, said).await;
        return true;
    }
    let Some(known) = talk.ports.returns_of(&returning.order).await else {
        return false;
    };
    let pointed = returning.asked == Some(Step::Item) && talk.reading.reference().is_some();
    let names = hear::named(talk, &known.order);
    let renames = names
        .iter()
        .any(|name| returning.lines.iter().all(|line| line.sku != name.sku));
    if returning.asked == Some(Step::Confirm) && said.is_plain() && !renames {
        if talk.reading.says(Repair::Yes) {
            advance(talk, returning, &known, true);
            next(talk).await;
            return true;
        }
        if talk.reading.says(Repair::No) {
            dropped(talk).await;
            return true;
        }
    }
    if returning.asked == Some(Step::Reason) && returning.misfit && said.is_plain() {
        said.reason = hear::which_way(talk);
    }
    if said.is_plain() && !pointed && names.is_empty() {
        if let Some(order) = of_another(talk, &returning).await {
            returning.lines.clear();
            returning.named = beginning(&talk.reading.text);
            let order = Some(order);
            proof::with_order(talk, returning, Heard { order, ..said }).await;
            return true;
        }
        if returning.asked != Some(Step::Reason) {
            return false;
        }
        let Some(reason) = in_own_words(talk) else {
            return false;
        };
        said.reason = Some(reason);
        if reason.is_ours() {
            returning.note = Some(beginning(&talk.reading.text));
        }
    }
    go_on(talk, returning, &said).await;
    true
}

/// "No, the socks", which are in another order that is known here.
async fn of_another(talk: &mut Talk<'_>, returning: &Returning) -> Option<String> {
    let corrects = talk.reading.says(Repair::No) || talk.reading.says(Repair::Correction);
    if !corrects && returning.asked != Some(Step::Item) {
        return None;
    }
    for number in proof::known(talk).await {
        let order = talk.ports.returns_of(&number).await;
        if order.is_some_and(|one| !hear::named(talk, &one.order).is_empty()) {
            return Some(number);
        }
    }
    None
}

/// A reason that is none of those offered: "there is a hole in it", "I found it cheaper". None when the message is about
/// something else.
fn in_own_words(talk: &mut Talk<'_>) -> Option<Reason> {
    let others_ask = talk.state.guide.is_some() || talk.state.picking.is_some();
    if others_ask || talk.reading.only_repair().is_some() {
        return None;
    }
    match decide::meaning(talk) {
        Meaning::Intent { id, .. } => {
            let intent = talk.shop.script.intent(&id)?;
            match &intent.action {
                Action::Skill(name) if name == Skill::ReportDamaged.name() => Some(Reason::Damaged),
                // A part of it is: what they have is not whole.
                Action::Skill(name) if name == Skill::ReportMissing.name() => Some(Reason::Damaged),
                _ => None,
            }
        }
        Meaning::Nothing | Meaning::Close(_) | Meaning::Products => Some(Reason::Other),
        Meaning::Article { .. } | Meaning::Foreign(_) => None,
    }
}

/// "I want to return it" in the middle of returning it; "it is broken" is news, and of the same thing.
pub(super) async fn is_more_of_the_same(talk: &mut Talk<'_>, wanted: Wanted) -> bool {
    let Some(mut returning) = talk.state.returning.clone() else {
        return false;
    };
    let refused = returning.asked == Some(Step::Faulty) && wanted == Wanted::Return;
    if refused || returning.lines.is_empty() || !proof::still_holds(talk, &returning).await {
        return false;
    }
    let Some(known) = talk.ports.returns_of(&returning.order).await else {
        return false;
    };
    if !hear::named(talk, &known.order).is_empty() {
        return false;
    }
    match wanted {
        // Its question is put once more.
        Wanted::Return => {
            returning.aside = 0;
            advance(talk, returning, &known, false);
            return true;
        }
        Wanted::Exchange => returning.exchange = true,
        Wanted::Damaged | Wanted::Missing => {
            returning.reason = Some(match wanted {
                Wanted::Damaged => Reason::Damaged,
                _ => Reason::Missing,
            });
            returning.note = Some(beginning(&talk.reading.text));
        }
    }
    returning.wish = None;
    advance(talk, returning, &known, false);
    Box::pin(next(talk)).await;
    true
}

/// "And the cap too", after a return from the same order.
async fn goes_on(talk: &mut Talk<'_>) -> bool {
    let Some(last) = talk.state.returned_from.clone() else {
        return false;
    };
    let said = hear::heard(talk);
    if !hear::also(talk) || hear::is_elsewhere(talk, &said, &Returning::default()) {
        return false;
    }
    let known = proof::known(talk).await;
    if !known.contains(&last) {
        return false;
    }
    let order = talk.ports.returns_of(&last).await;
    let names = order.is_some_and(|one| !hear::named(talk, &one.order).is_empty());
    if names {
        Box::pin(begin(talk, Wanted::Return)).await;
    }
    names
}

async fn dropped(talk: &mut Talk<'_>) {
    talk.state.returning = None;
    talk.say("returns.dropped", &[]);
    next(talk).await;
}

/// The open question once more, after something else was answered. A person who was asked for asks it themselves, and
/// whoever has turned to other things is left in peace.
pub(in crate::dialogue) async fn ask_again(talk: &mut Talk<'_>) {
    let Some(returning) = talk.state.returning.take() else {
        return;
    };
    let aside = returning.aside.saturating_add(1);
    if talk.reply.hands_over() || aside > PATIENCE {
        return;
    }
    let returning = Returning { aside, ..returning };
    match returning.asked {
        None | Some(Step::Faulty | Step::Proof) => {}
        Some(Step::Order) => {
            if !proof::known(talk).await.is_empty() {
                let said = Heard {
                    order: None,
                    ..hear::heard_in(talk, &returning.named)
                };
                proof::with_order(talk, returning, said).await;
            }
        }
        Some(_) if !proof::still_holds(talk, &returning).await => {}
        Some(_) => match talk.ports.returns_of(&returning.order).await {
            Some(known) => advance(talk, returning, &known, false),
            None => unavailable(talk),
        },
    }
}
