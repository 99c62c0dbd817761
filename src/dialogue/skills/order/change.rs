//! Cancelling an order and sending it elsewhere, while it is not too late: asked back once, then written down for the
//! shop's people.

use super::{KNOWN, again, card, look_up};
use crate::dialogue::block::{Block, HandoffState, Line};
use crate::dialogue::port::ChangeAnswer;
use crate::dialogue::script::{Slot, SlotKind};
use crate::dialogue::skills::Skill;
use crate::dialogue::talk::Talk;
use crate::orders::{Change, Order, RequestState, TooLate};

/// Slots beside those of the files: what was looked up before asking back.
const LOOKED_UP: &str = "looked_up";
const ITEMS: &str = "items";
const TOTAL: &str = "total";

/// Looks the order up as soon as it is proven: nobody types an address for a parcel that has left.
pub(super) async fn prepare(talk: &mut Talk<'_>, skill: Skill) -> bool {
    let slot = |talk: &Talk<'_>, name: &str| {
        let flow = talk.state.open_flow();
        flow.and_then(|flow| flow.slots.get(name).cloned())
    };
    let (Some(number), Some(secret)) = (slot(talk, "order_number"), slot(talk, "secret")) else {
        return true;
    };
    if slot(talk, LOOKED_UP).as_ref() == Some(&number) {
        return true;
    }
    let Some(order) = look_up(talk, &number, &secret).await else {
        again::remember(talk, skill, &number, &secret);
        return false;
    };
    if let Err(late) = talk.shop.facts.changes.allow(&order, talk.now) {
        too_late(talk, skill, &order, late);
        return false;
    }
    let pieces: i64 = order.lines.iter().map(|line| line.quantity).sum();
    let total = talk.money(order.total);
    if let Some(flow) = talk.state.flows.last_mut() {
        let number = order.number.to_string();
        for (name, value) in [
            ("order_number", number.clone()),
            ("secret", KNOWN.to_owned()),
            (LOOKED_UP, number),
            (ITEMS, pieces.to_string()),
            (TOTAL, total),
        ] {
            flow.slots.insert(name.to_owned(), value);
        }
        // A yes was for the order it was asked about.
        flow.slots.remove("confirm");
    }
    true
}

pub(super) fn question(talk: &Talk<'_>, skill: Skill, slot: &Slot) -> Option<Line> {
    if slot.kind != SlotKind::YesNo {
        return None;
    }
    let slots = &talk.state.open_flow()?.slots;
    let value = |name: &str| slots.get(name).map_or("", String::as_str);
    let number = ("number", value("order_number"));
    Some(if skill == Skill::CancelOrder {
        let order = [number, ("items", value(ITEMS)), ("total", value(TOTAL))];
        talk.line("order.cancel_confirm", &order)
    } else {
        let order = [number, ("address", value("address"))];
        talk.line("order.address_confirm", &order)
    })
}

pub(super) fn offer_beside(talk: &mut Talk<'_>, skill: Skill, slot: &Slot) {
    match (&slot.kind, skill) {
        (SlotKind::YesNo, Skill::CancelOrder) => {
            talk.offer(&["choice.yes_cancel", "choice.no_keep_order"]);
        }
        (SlotKind::YesNo, _) => {
            talk.offer(&["choice.yes_send_there", "choice.no_leave_address"]);
        }
        _ => {}
    }
}

pub(in crate::dialogue::skills) async fn cancel(talk: &mut Talk<'_>) {
    let kept = "order.cancel_kept";
    change(talk, Skill::CancelOrder, Change::Cancel, kept).await;
}

pub(in crate::dialogue::skills) async fn change_address(talk: &mut Talk<'_>) {
    let to = talk.slot("address");
    let kept = "order.address_kept";
    change(talk, Skill::ChangeAddress, Change::Address { to }, kept).await;
}

async fn change(talk: &mut Talk<'_>, skill: Skill, change: Change, kept: &str) {
    let number = talk.slot("order_number");
    if talk.slot("confirm") != "yes" {
        talk.say(kept, &[("number", &number)]);
        return;
    }
    let to = match &change {
        Change::Cancel => "",
        Change::Address { to } => to.as_str(),
    };
    let kind = change.kind();
    let of_it = [("number", number.as_str()), ("address", to)];
    // The text of a cancellation has no address.
    let of_it = if to.is_empty() { &of_it[..1] } else { &of_it };
    match talk.ports.change_order(&number, &change).await {
        ChangeAnswer::Asked => {
            let message = talk.line(&format!("order.{kind}_asked"), of_it);
            hand_over(talk, message);
        }
        ChangeAnswer::Unclear => {
            let message = talk.line(&format!("order.{kind}_unclear"), of_it);
            hand_over(talk, message);
        }
        ChangeAnswer::Done { refund } => {
            talk.say(&format!("order.{kind}_done_now"), of_it);
            if refund {
                let message = talk.line("order.cancel_refund", &[]);
                hand_over(talk, message);
            }
        }
        ChangeAnswer::Refused { reason } => {
            talk.say(&format!("order.{kind}_refused_now"), &of_it[..1]);
            talk.say(why(&reason).unwrap_or("order.why.other"), &[]);
            talk.offer(&["choice.person"]);
        }
        ChangeAnswer::TooLate { order } => too_late(talk, skill, &order, TooLate::Status),
        ChangeAnswer::Unavailable => {
            talk.say("order.unavailable", &[]);
            talk.offer(&["choice.person"]);
        }
    }
}

/// Staff get to know of it.
fn hand_over(talk: &mut Talk<'_>, message: Line) {
    let state = if talk.is_open() {
        HandoffState::Waiting
    } else {
        HandoffState::OutOfHours
    };
    talk.reply.block(Block::Handoff { state, message });
}

/// The text for a code that says why something was refused, where it is a known one.
fn why(code: &str) -> Option<&'static str> {
    match code {
        "packed" => Some("order.why.packed"),
        "shipped" => Some("order.why.shipped"),
        "address" => Some("order.why.address"),
        _ => None,
    }
}

/// What its owner asked for and what became of it, the last of each kind.
pub(super) async fn tell_requests(talk: &mut Talk<'_>, order: &Order) {
    let requests = talk.ports.order_requests(order.number.as_str()).await;
    for kind in ["cancel", "address"] {
        let Some(last) = requests.iter().find(|request| request.kind == kind) else {
            continue;
        };
        let day = talk.day_in_words(talk.date(last.asked_at));
        let id = format!("order.{kind}_{}", last.state.as_str());
        match last.state {
            RequestState::Refused => {
                // Staff wrote words; who keeps the orders, a code.
                let words = match (why(&last.answer), last.sent_at) {
                    (Some(id), _) => talk.line(id, &[]).text,
                    (None, Some(_)) => talk.line("order.why.other", &[]).text,
                    (None, None) => last.answer.clone(),
                };
                talk.say(&id, &[("why", &words)]);
            }
            RequestState::Open | RequestState::Done => talk.say(&id, &[("day", &day)]),
        }
    }
}

/// Why not, from the order itself, and what can be done instead.
fn too_late(talk: &mut Talk<'_>, skill: Skill, order: &Order, late: TooLate) {
    let id = if skill == Skill::CancelOrder {
        "order.cancel_too_late"
    } else {
        "order.address_too_late"
    };
    talk.say(id, &[("number", order.number.as_str())]);
    match late {
        TooLate::Status => {
            let status = card::headline(talk, order);
            talk.reply.line(status);
        }
        TooLate::Time => {
            let minutes = talk.shop.facts.changes.minutes.to_string();
            talk.say("order.time_is_over", &[("minutes", &minutes)]);
        }
    }
    talk.offer(&["choice.return_something", "choice.person"]);
}
