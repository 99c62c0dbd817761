//! A return as a card beside the words: what comes back, why, what for, and what happens next.

use super::{from_order, of_order, paid};
use crate::dialogue::block::{LabelLink, Line as Said, OrderItem, ReturnCard};
use crate::dialogue::port::OrderReturns;
use crate::dialogue::returning::Returning;
use crate::dialogue::talk::Talk;
use crate::returns::{Line, Reason, Return, State, Wish, refund};

/// Shown before it is opened.
pub(super) fn proposed(talk: &Talk<'_>, returning: &Returning, known: &OrderReturns) -> ReturnCard {
    let number = known.order.number.to_string();
    let headline = talk.line("returns.card_proposed", &[("number", &number)]);
    let wish = returning.wish.as_ref().unwrap_or(&Wish::Refund);
    ReturnCard {
        rma: None,
        order: number,
        state: "proposed".into(),
        headline: from_order(headline, known, "number"),
        items: items(&returning.lines, known),
        reason: reason(talk, returning.reason, known),
        wish: instead(talk, wish, &returning.lines, known),
        next: Vec::new(),
        label: None,
    }
}

/// A return that has its number.
pub(super) fn of(
    talk: &Talk<'_>,
    one: &Return,
    known: &OrderReturns,
    next: Vec<Said>,
) -> ReturnCard {
    let headline = talk.line("returns.card", &[("rma", &one.rma)]);
    let waits = one.state == State::Open && !one.reason.is_ours();
    let url = talk.shop.facts.returns.label_of(&one.rma);
    let label = url.filter(|_| waits).map(|url| LabelLink {
        label: talk.line("returns.label", &[]),
        url,
    });
    ReturnCard {
        rma: Some(one.rma.clone()),
        order: one.order.to_string(),
        state: one.state.as_str().into(),
        headline: from_order(headline, known, "return"),
        items: items(&one.lines, known),
        reason: reason(talk, Some(one.reason), known),
        wish: instead(talk, &one.wish, &one.lines, known),
        next,
        label,
    }
}

fn items(lines: &[Line], known: &OrderReturns) -> Vec<OrderItem> {
    let item = |line: &Line| {
        let one = Line {
            quantity: 1,
            ..line.clone()
        };
        OrderItem {
            title: line.title.clone(),
            variant: line.variant.clone(),
            quantity: line.quantity,
            price: refund(&known.order, &[one]),
        }
    };
    lines.iter().map(item).collect()
}

/// "Another reason" says nothing.
fn reason(talk: &Talk<'_>, reason: Option<Reason>, known: &OrderReturns) -> Option<Said> {
    let reason = reason.filter(|one| *one != Reason::Other)?;
    let mut line = talk.line(&format!("returns.reason.{}", reason.as_str()), &[]);
    line.source = of_order(known, "return");
    Some(line)
}

fn instead(talk: &Talk<'_>, wish: &Wish, lines: &[Line], known: &OrderReturns) -> Said {
    let line = match wish {
        Wish::Exchange { variant, .. } => talk.line("returns.card_swap", &[("variant", variant)]),
        Wish::Replacement => talk.line("returns.card_new", &[]),
        Wish::Refund => {
            let price = paid(talk, lines, known);
            talk.line("returns.card_refund", &[("price", &price)])
        }
    };
    from_order(line, known, "return")
}
