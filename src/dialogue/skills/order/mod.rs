//! Orders behind two secrets. A wrong secret and an unknown number get the same words; what was proven once is not
//! asked for again in the same conversation, for a while.

mod again;
mod card;
mod change;
mod mine;

use super::{Skill, text};
use crate::dialogue::block::Line;
use crate::dialogue::port::OrderAnswer;
use crate::dialogue::script::{Slot, SlotKind, TextSpec};
use crate::dialogue::talk::Talk;
use crate::orders::Order;
use jiff::Timestamp;

pub(in crate::dialogue) use again::{next_to_cancel, tried_again};
pub(super) use change::{cancel, change_address};
pub(super) use mine::mine;

/// The slot with the address that a code was sent to.
pub(in crate::dialogue) const CODE_SENT: &str = "code_sent";
/// Stands in a slot for what needs no asking.
const KNOWN: &str = "";
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

/// Words that mean the newest order.
const LAST: [&str; 6] = ["last", "latest", "newest", "recent", "letzte", "neueste"];

pub(super) const TEXTS: &[TextSpec] = &[
    text("order.ask_customer_number", &[]),
    text("order.refuse_customer_number", &[]),
    text("order.found", &["number"]),
    text("order.not_found", &[]),
    text("order.not_found_by_customer_number", &[]),
    text("order.locked", &["minutes"]),
    text("order.unavailable", &[]),
    text("order.as_of", &["day", "time"]),
    text("order.only_recent", &["days"]),
    text("order.cancel_done_now", &["number"]),
    text("order.cancel_refund", &[]),
    text("order.cancel_refused_now", &["number"]),
    text("order.cancel_unclear", &["number"]),
    text("order.address_done_now", &["number", "address"]),
    text("order.address_refused_now", &["number"]),
    text("order.address_unclear", &["number", "address"]),
    text("order.why.packed", &[]),
    text("order.why.shipped", &[]),
    text("order.why.address", &[]),
    text("order.why.other", &[]),
    text("order.expected", &["day"]),
    text("order.back_to_flow", &["question"]),
    text("order.cancel_open", &["day"]),
    text("order.cancel_done", &["day"]),
    text("order.cancel_refused", &["why"]),
    text("order.address_open", &["day"]),
    text("order.address_done", &["day"]),
    text("order.address_refused", &["why"]),
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
    text("order.status.payment_failed", &["number", "carrier", "day"]),
    text("order.status.on_hold", &["number", "carrier", "day"]),
    text("order.status.partly_shipped", &["number", "carrier", "day"]),
    text("order.status.refunded", &["number", "carrier", "day"]),
    text("order.refunded_all", &["amount"]),
    text("order.refunded_part", &["amount"]),
    text("order.step.payment_failed", &[]),
    text("order.step.on_hold", &[]),
    text("order.step.partly_shipped", &[]),
    text("order.step.refunded", &[]),
    text("order.step.recorded", &[]),
    text("order.step.placed", &[]),
    text("order.step.paid", &[]),
    text("order.step.packed", &[]),
    text("order.step.shipped", &[]),
    text("order.step.out_for_delivery", &[]),
    text("order.step.delivered", &[]),
    text("order.step.cancelled", &[]),
    text("order.step.returned", &[]),
    text("order.number_needed", &[]),
    text("order.code_sent", &["email"]),
    text("order.code_wrong", &[]),
    text("order.code_locked", &["minutes"]),
    text("order.code_mail_subject", &["code", "shop"]),
    text("order.code_mail", &["code", "shop"]),
    text("order.none", &[]),
    text("choice.no_number", &[]),
    text("choice.new_code", &[]),
    text("order.cancel_confirm", &["number", "items", "total"]),
    text("order.cancel_asked", &["number"]),
    text("order.cancel_kept", &["number"]),
    text("order.cancel_next", &["number"]),
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
    if skill == Skill::MyOrders {
        return mine::prepare(talk).await;
    }
    let proven = talk.owner();
    let own = talk.ports.own_orders(proven.as_deref()).await.orders;
    let begins = talk
        .state
        .open_flow()
        .is_some_and(|flow| flow.asking.is_none());
    recall(talk, skill, &own);
    let named = talk
        .state
        .open_flow()
        .and_then(|flow| flow.slots.get("order_number").cloned());
    if let Some(number) = named.filter(|_| begins && skill == Skill::CancelOrder) {
        again::keep_others(talk, &number);
    }
    match skill {
        Skill::CancelOrder | Skill::ChangeAddress => change::prepare(talk, skill).await,
        _ => true,
    }
}

/// A question that tells what was looked up for it.
pub(super) fn question(talk: &Talk<'_>, skill: Skill, slot: &Slot) -> Option<Line> {
    match skill {
        Skill::CancelOrder | Skill::ChangeAddress => change::question(talk, skill, slot),
        Skill::MyOrders => mine::question(talk, slot),
        _ => None,
    }
}

/// What is offered beside the question.
pub(super) fn offer_beside(talk: &mut Talk<'_>, skill: Skill, slot: &Slot) {
    let by_code = talk.shop.facts.mails && !talk.shop.facts.secret_is_customer_number;
    if slot.kind == SlotKind::OrderNumber && by_code {
        talk.offer(&["choice.no_number"]);
    }
    if matches!(skill, Skill::CancelOrder | Skill::ChangeAddress) {
        change::offer_beside(talk, skill, slot);
    }
}

pub(super) async fn status(talk: &mut Talk<'_>) {
    let (number, secret) = (talk.slot("order_number"), talk.slot("secret"));
    let Some((order, as_of)) = look_up_dated(talk, &number, &secret).await else {
        again::remember(talk, Skill::OrderStatus, &number, &secret);
        return;
    };
    card::show(talk, &order);
    card::date(talk, &order, as_of);
    change::tell_requests(talk, &order).await;
    super::returns::proven_by_the_way(talk);
}

/// The order, or what there is to say about not having it.
pub(super) async fn look_up(talk: &mut Talk<'_>, number: &str, secret: &str) -> Option<Box<Order>> {
    let (order, _) = look_up_dated(talk, number, secret).await?;
    Some(order)
}

/// The same, with when it was last seen where it could not be asked for now.
async fn look_up_dated(
    talk: &mut Talk<'_>,
    number: &str,
    secret: &str,
) -> Option<(Box<Order>, Option<Timestamp>)> {
    let answer = if secret == KNOWN {
        talk.ports.order_again(number).await
    } else {
        talk.ports.order(number, secret).await
    };
    match answer {
        OrderAnswer::Found { order, as_of } => {
            talk.remember_order(order.number.as_str(), secret != KNOWN);
            talk.state.tried = None;
            return Some((order, as_of));
        }
        OrderAnswer::NotFound { days } => {
            let id = if talk.shop.facts.secret_is_customer_number {
                "order.not_found_by_customer_number"
            } else {
                "order.not_found"
            };
            talk.say(id, &[]);
            if let Some(days) = days {
                talk.say("order.only_recent", &[("days", &days.to_string())]);
            }
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
fn recall(talk: &mut Talk<'_>, skill: Skill, own: &[Order]) {
    let Some(flow) = talk.state.open_flow() else {
        return;
    };
    let named = flow.slots.get("order_number").cloned();
    let begins = flow.asking.is_none();
    let number = match named {
        Some(number) => Some(number),
        None if begins => meant(talk, skill, own),
        None => None,
    };
    let Some(number) = number else {
        return;
    };
    let proven = talk.is_proven(&number) || is_among(talk, own, &number);
    if let Some(flow) = talk.state.flows.last_mut() {
        flow.slots.insert("order_number".to_owned(), number);
        if proven {
            flow.slots.insert("secret".to_owned(), KNOWN.to_owned());
        } else if flow
            .slots
            .get("secret")
            .is_some_and(|secret| secret == KNOWN)
        {
            flow.slots.remove("secret");
        }
    }
}

fn is_among(talk: &Talk<'_>, orders: &[Order], number: &str) -> bool {
    let normal = talk.shop.order_numbers.normalise(number);
    orders
        .iter()
        .any(|order| order.number.as_str() == number || Some(&order.number) == normal.as_ref())
}

/// The order that is meant without its number: the one spoken of, else the last of somebody who is signed in. Their
/// others are offered.
fn meant(talk: &mut Talk<'_>, skill: Skill, own: &[Order]) -> Option<String> {
    if let Some(number) = spoken_of(talk, own) {
        return Some(number);
    }
    let last = talk.state.orders_seen.last();
    let fits = |order: &&Order| match skill {
        Skill::OrderStatus | Skill::ReturnOrder => true,
        _ => talk.shop.facts.changes.allow(order, talk.now).is_ok(),
    };
    let others = own.iter().filter(fits);
    let others: Vec<&Order> = if means_another(talk) {
        let seen = |order: &&Order| Some(order.number.as_str()) != last.map(String::as_str);
        others.filter(seen).collect()
    } else {
        others.collect()
    };
    let chosen = match (&others[..], skill) {
        ([only], _) => Some(only.number.to_string()),
        ([newest, ..], Skill::OrderStatus) if !means_another(talk) => {
            Some(newest.number.to_string())
        }
        _ => None,
    };
    let rest = others.into_iter();
    let rest = rest.filter(|order| Some(order.number.as_str()) != chosen.as_deref());
    mine::offer_numbers(talk, rest);
    chosen
}

/// "My last order" is the newest, whichever was spoken of.
fn says_last(talk: &Talk<'_>) -> bool {
    let last = |word: &crate::text::Word| LAST.contains(&word.text.as_str());
    talk.reading.words.iter().any(last)
}

fn means_another(talk: &Talk<'_>) -> bool {
    let another = |word: &crate::text::Word| ANOTHER.contains(&word.text.as_str());
    talk.reading.words.iter().any(another)
}

/// The order shown last, unless another is meant.
fn spoken_of(talk: &Talk<'_>, own: &[Order]) -> Option<String> {
    let again = talk.line("choice.try_again", &[]).text;
    let newest = !own.is_empty() && says_last(talk);
    if means_another(talk)
        || newest
        || talk.reading.text.trim().eq_ignore_ascii_case(&again)
        || talk.reading.email().is_some()
    {
        return None;
    }
    let last = talk.state.orders_seen.last()?;
    talk.is_proven(last).then(|| last.clone())
}
