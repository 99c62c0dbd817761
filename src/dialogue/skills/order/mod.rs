//! Orders behind two secrets. A wrong secret and an unknown number get the same words; what was proven once is not
//! asked for again in the same conversation, for a while.

mod card;
mod change;

use super::{Skill, text};
use crate::dialogue::block::Line;
use crate::dialogue::port::OrderAnswer;
use crate::dialogue::script::{Slot, TextSpec};
use crate::dialogue::talk::Talk;
use crate::orders::Order;

pub(super) use change::{cancel, change_address};

/// Stands in the slot of the secret of an order that was proven before: no secret is empty.
const PROVEN: &str = "";
/// Words that mean an order beside the one shown last.
const ANOTHER: [&str; 8] = [
    "other",
    "another",
    "different",
    "else",
    "andere",
    "anderen",
    "anderer",
    "weitere",
];

pub(super) const TEXTS: &[TextSpec] = &[
    text("order.ask_customer_number", &[]),
    text("order.refuse_customer_number", &[]),
    text("order.found", &["number"]),
    text("order.not_found", &[]),
    text("order.not_found_by_customer_number", &[]),
    text("order.locked", &["minutes"]),
    text("order.unavailable", &[]),
    text("order.expected", &["day"]),
    text("order.back_to_flow", &["question"]),
    text("order.status.placed", &["number", "carrier", "day"]),
    text("order.status.paid", &["number", "carrier", "day"]),
    text("order.status.packed", &["number", "carrier", "day"]),
    text("order.status.shipped", &["number", "carrier", "day"]),
    text(
        "order.status.out_for_delivery",
        &["number", "carrier", "day"],
    ),
    text("order.status.delivered", &["number", "carrier", "day"]),
    text("order.status.cancelled", &["number", "carrier", "day"]),
    text("order.status.returned", &["number", "carrier", "day"]),
    text("order.status.recorded", &["number", "carrier", "day"]),
    text("order.step.recorded", &[]),
    text("order.step.placed", &[]),
    text("order.step.paid", &[]),
    text("order.step.packed", &[]),
    text("order.step.shipped", &[]),
    text("order.step.out_for_delivery", &[]),
    text("order.step.delivered", &[]),
    text("order.step.cancelled", &[]),
    text("order.step.returned", &[]),
    text("order.cancel_confirm", &["number", "items", "total"]),
    text("order.cancel_asked", &["number"]),
    text("order.cancel_kept", &["number"]),
    text("order.cancel_too_late", &["number"]),
    text("order.address_confirm", &["number", "address"]),
    text("order.address_asked", &["number", "address"]),
    text("order.address_kept", &["number"]),
    text("order.address_too_late", &["number"]),
    text("order.time_is_over", &["minutes"]),
    text("choice.try_again", &[]),
    text("choice.yes_cancel", &[]),
    text("choice.no_keep_order", &[]),
    text("choice.yes_send_there", &[]),
    text("choice.no_leave_address", &[]),
    text("choice.return_something", &[]),
];

/// Before a question of the open flow is asked: takes what is known already, and looks whether the wish can be
/// fulfilled at all. False when it cannot, and that has been said.
pub(super) async fn prepare(talk: &mut Talk<'_>, skill: Skill) -> bool {
    recall(talk);
    match skill {
        Skill::CancelOrder | Skill::ChangeAddress => change::prepare(talk, skill).await,
        _ => true,
    }
}

/// A question that tells what was looked up for it.
pub(super) fn question(talk: &Talk<'_>, skill: Skill, slot: &Slot) -> Option<Line> {
    match skill {
        Skill::CancelOrder | Skill::ChangeAddress => change::question(talk, skill, slot),
        _ => None,
    }
}

/// What is offered beside the question.
pub(super) fn offer_beside(talk: &mut Talk<'_>, skill: Skill, slot: &Slot) {
    if matches!(skill, Skill::CancelOrder | Skill::ChangeAddress) {
        change::offer_beside(talk, skill, slot);
    }
}

pub(super) async fn status(talk: &mut Talk<'_>) {
    let (number, secret) = (talk.slot("order_number"), talk.slot("secret"));
    if let Some(order) = look_up(talk, &number, &secret).await {
        card::show(talk, &order);
    }
}

/// The order, or what there is to say about not having it.
async fn look_up(talk: &mut Talk<'_>, number: &str, secret: &str) -> Option<Box<Order>> {
    let answer = if secret == PROVEN {
        talk.ports.order_again(number).await
    } else {
        talk.ports.order(number, secret).await
    };
    match answer {
        OrderAnswer::Found { order } => {
            talk.remember_order(order.number.as_str(), secret != PROVEN);
            return Some(order);
        }
        OrderAnswer::NotFound => {
            let id = if talk.shop.facts.secret_is_customer_number {
                "order.not_found_by_customer_number"
            } else {
                "order.not_found"
            };
            talk.say(id, &[]);
            talk.offer(&["choice.try_again", "choice.person"]);
        }
        OrderAnswer::Locked { minutes } => {
            talk.say("order.locked", &[("minutes", &minutes.to_string())]);
            talk.offer(&["choice.person"]);
        }
        OrderAnswer::Unavailable => {
            talk.say("order.unavailable", &[]);
            talk.offer(&["choice.try_again", "choice.person"]);
        }
    }
    None
}

/// Fills in what this conversation has settled: "my order" is the one spoken of, and who has proven an order is not
/// asked for its secret again.
fn recall(talk: &mut Talk<'_>) {
    let Some(flow) = talk.state.open_flow() else {
        return;
    };
    let named = flow.slots.get("order_number").cloned();
    let begins = flow.asking.is_none();
    let Some(number) = named.or_else(|| spoken_of(talk).filter(|_| begins)) else {
        return;
    };
    let proven = talk.is_proven(&number);
    if let Some(flow) = talk.state.flows.last_mut() {
        flow.slots.insert("order_number".to_owned(), number);
        if proven {
            flow.slots.insert("secret".to_owned(), PROVEN.to_owned());
        } else if flow
            .slots
            .get("secret")
            .is_some_and(|secret| secret == PROVEN)
        {
            flow.slots.remove("secret");
        }
    }
}

/// The order shown last, unless another is meant.
fn spoken_of(talk: &Talk<'_>) -> Option<String> {
    let another = |word: &crate::text::Word| ANOTHER.contains(&word.text.as_str());
    let again = talk.line("choice.try_again", &[]).text;
    if talk.reading.words.iter().any(another)
        || talk.reading.text.trim().eq_ignore_ascii_case(&again)
        || talk.reading.email().is_some()
    {
        return None;
    }
    let last = talk.state.orders_seen.last()?;
    talk.is_proven(last).then(|| last.clone())
}
