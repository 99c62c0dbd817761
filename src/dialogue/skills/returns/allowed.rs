//! Whether something may come back, and why not.

use super::ask::keep;
use super::{from_order, from_setting, titles};
use crate::dialogue::port::OrderReturns;
use crate::dialogue::returning::{Returning, Step};
use crate::dialogue::talk::Talk;
use crate::orders::OrderStatus;
use crate::returns::Reason;

/// Whether the order has been sent, and the days for it have not passed. Faulty things know no days.
pub(super) fn order(talk: &mut Talk<'_>, returning: &Returning, known: &OrderReturns) -> bool {
    let number = known.order.number.to_string();
    let refusal = match known.order.status {
        OrderStatus::Cancelled => Some("returns.cancelled"),
        OrderStatus::Returned => Some("returns.came_back"),
        OrderStatus::Refunded => Some("returns.refunded"),
        OrderStatus::Placed
        | OrderStatus::PaymentFailed
        | OrderStatus::OnHold
        | OrderStatus::Paid
        | OrderStatus::Packed => Some("returns.not_sent"),
        _ => None,
    };
    if let Some(id) = refusal {
        let line = talk.line(id, &[("number", &number)]);
        talk.reply.line(from_order(line, known, "status"));
        talk.offer(&["choice.person"]);
        return false;
    }
    if returning.reason.is_some_and(Reason::is_ours) {
        return true;
    }
    let policy = &talk.shop.facts.returns;
    let window = policy.window(&known.order, &talk.shop.facts.zone);
    if window.is_open(talk.date(talk.now)) {
        return true;
    }
    let title = match titles(&returning.lines) {
        none if none.is_empty() => number,
        titles => titles,
    };
    let day = talk.day_in_words(window.from);
    let until = talk.day_in_words(window.until);
    let days = policy.days.to_string();
    let variables = [
        ("title", title.as_str()),
        ("day", &day),
        ("days", &days),
        ("until", &until),
    ];
    let id = if window.arrived {
        "returns.arrived"
    } else {
        "returns.counted"
    };
    let line = talk.line(id, &variables);
    talk.reply.line(from_order(line, known, "timeline"));
    unless_faulty(talk, returning);
    false
}

/// Whether any of the things is one that may come back; those that may not are named and left out.
pub(super) fn things(talk: &mut Talk<'_>, returning: &mut Returning) -> bool {
    if returning.reason.is_some_and(Reason::is_ours) {
        return true;
    }
    let mut stay = Vec::new();
    for line in &returning.lines {
        let product = talk.ports.product_of_variant(&line.sku);
        let codes = product.iter().map(|one| one.sku.as_str());
        let codes = codes.chain([line.sku.as_str()]);
        let category = product.iter().flat_map(|one| &one.category);
        let category = category.map(String::as_str);
        if !talk.shop.facts.returns.takes_back(codes, category) {
            stay.push(line.clone());
        }
    }
    for line in &stay {
        let said = talk.line("returns.kept", &[("title", &line.title)]);
        talk.reply.line(from_setting(said, "not_returnable"));
    }
    if stay.len() == returning.lines.len() {
        unless_faulty(talk, returning);
        return false;
    }
    returning.lines.retain(|line| !stay.contains(line));
    true
}

fn unless_faulty(talk: &mut Talk<'_>, returning: &Returning) {
    talk.offer(&["choice.faulty", "choice.person"]);
    keep(talk, returning, Step::Faulty);
}
