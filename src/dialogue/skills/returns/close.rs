//! The end of a return: its record, and what happens next. What is the shop's fault goes to a person.

use super::{card, from_order, from_setting, in_words, paid};
use crate::dialogue::block::{Block, Line as Said};
use crate::dialogue::port::OrderReturns;
use crate::dialogue::returning::Returning;
use crate::dialogue::skills::{handoff, photo};
use crate::dialogue::talk::Talk;
use crate::orders::OrderStatus;
use crate::returns::{Reason, Return, State, WhoPays, Wish};

fn record(talk: &mut Talk<'_>, returning: &Returning, known: &OrderReturns) -> Return {
    let opened = Return {
        rma: known.next.clone(),
        order: known.order.number.clone(),
        lines: returning.lines.clone(),
        reason: returning.reason.unwrap_or(Reason::Other),
        wish: returning.wish.clone().unwrap_or(Wish::Refund),
        state: State::Open,
        at: talk.now,
        changed_at: talk.now,
    };
    talk.opened.push(opened.clone());
    talk.state.returning = None;
    talk.state.returned_from = Some(known.order.number.to_string());
    opened
}

/// "Yes": the return has its number.
pub(super) fn open(talk: &mut Talk<'_>, returning: &Returning, known: &OrderReturns) {
    let opened = record(talk, returning, known);
    let rma = opened.rma.as_str();
    let things = in_words(&opened.lines);
    talk.say("returns.opened", &[("rma", rma), ("things", &things)]);
    if matches!(
        known.order.status,
        OrderStatus::PartlyShipped | OrderStatus::Shipped | OrderStatus::OutForDelivery
    ) {
        let number = known.order.number.to_string();
        let line = talk.line("returns.on_its_way", &[("number", &number)]);
        talk.reply.line(from_order(line, known, "status"));
    }
    let steps = match talk.shop.facts.returns.label_of(rma) {
        Some(url) => {
            let line = talk.line("returns.steps_label", &[("rma", rma), ("url", &url)]);
            from_setting(line, "label")
        }
        None => talk.line("returns.steps", &[("rma", rma)]),
    };
    talk.reply.line(steps);
    let mut next = vec![expected(talk, &opened, known)];
    next.extend(postage(talk, &opened));
    for line in next.clone() {
        talk.reply.line(line);
    }
    if !photo::given_to(talk, rma).is_empty() {
        talk.say("returns.photo_there", &[]);
    }
    let asks_cost =
        next.len() > 1 && talk.shop.facts.returns.postage(opened.reason) == WhoPays::Depends;
    let card = card::of(talk, &opened, known, next);
    talk.reply.block(Block::Return(card));
    if asks_cost {
        talk.offer(&["choice.return_cost"]);
    }
}

/// When the money or the other one comes.
fn expected(talk: &Talk<'_>, opened: &Return, known: &OrderReturns) -> Said {
    let line = match &opened.wish {
        Wish::Exchange { variant, .. } => talk.line("returns.swap_when", &[("variant", variant)]),
        Wish::Refund | Wish::Replacement => {
            let price = paid(talk, &opened.lines, known);
            let days = talk.shop.facts.returns.refund_days.to_string();
            talk.line("returns.refund_when", &[("price", &price), ("days", &days)])
        }
    };
    from_setting(line, "refund_days")
}

/// Who pays for sending it back, as far as the settings tell.
fn postage(talk: &Talk<'_>, opened: &Return) -> Option<Said> {
    let id = match talk.shop.facts.returns.postage(opened.reason) {
        WhoPays::Shop => "returns.postage.shop",
        WhoPays::Shopper => "returns.postage.shopper",
        // A swap is a sale that goes on.
        WhoPays::Depends if matches!(opened.wish, Wish::Exchange { .. }) => return None,
        WhoPays::Depends => "returns.postage.depends",
    };
    Some(from_setting(talk.line(id, &[]), "who_pays"))
}

/// Damaged, wrong or missing: a person takes over with everything in hand.
pub(super) fn hand_over(talk: &mut Talk<'_>, returning: &Returning, known: &OrderReturns) {
    let opened = record(talk, returning, known);
    let things = in_words(&opened.lines);
    let noted = [("rma", opened.rma.as_str()), ("things", &things)];
    talk.say("returns.noted", &noted);
    let photos = photo::given_to(talk, &opened.rma);
    match () {
        () if !photos.is_empty() => talk.say("returns.photo_there", &[]),
        () if opened.reason == Reason::Missing => {}
        () if talk.shop.facts.uploads => talk.say("returns.photo", &[]),
        () => talk.say("returns.photo_ready", &[]),
    }
    let card = card::of(talk, &opened, known, Vec::new());
    talk.reply.block(Block::Return(card));
    let case = case(&opened, &things, returning.note.as_deref());
    talk.case = Some(photo::noted(case, &photos));
    handoff::ask_for_person(talk);
}

/// For staff, who read the record's own names: "return RT-7F3K2, order SH-10023, reason damaged, …".
fn case(opened: &Return, things: &str, note: Option<&str>) -> String {
    let (rma, order, reason) = (&opened.rma, &opened.order, opened.reason.as_str());
    let wish = opened.wish.as_str();
    let mut case = format!("return {rma}, order {order}, reason {reason}, wish {wish}: {things}");
    if let Some(note) = note {
        case.push_str(&format!(" \u{201c}{note}\u{201d}"));
    }
    case
}
