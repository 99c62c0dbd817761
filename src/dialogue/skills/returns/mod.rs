//! A return from "want to return the socks" to its number: order, thing, pieces, reason, swap or money, yes. Any of them
//! may come in any message and be put right in any later one.

mod allowed;
mod answer;
mod ask;
mod card;
mod close;
mod hear;
mod instead;
mod proof;
mod status;
mod texts;

use crate::dialogue::block::{Line as Said, Source};
use crate::dialogue::port::OrderReturns;
use crate::dialogue::returning::{Later, Returning, beginning};
use crate::dialogue::script::{Action, Intent};
use crate::dialogue::skills::Skill;
use crate::dialogue::state::OpenFlow;
use crate::dialogue::talk::Talk;
use crate::returns::{Line, Reason, refund};

pub(in crate::dialogue) use answer::{answered, ask_again, still_asks};
pub(super) use proof::proven;
pub(super) use status::{call_off, status};
pub(super) use texts::TEXTS;

/// What a return begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Return,
    Exchange,
    Damaged,
    Missing,
}

impl Wanted {
    fn by(skill: Skill) -> Option<Self> {
        match skill {
            Skill::ReturnItem => Some(Self::Return),
            Skill::ExchangeItem => Some(Self::Exchange),
            Skill::ReportDamaged => Some(Self::Damaged),
            Skill::ReportMissing => Some(Self::Missing),
            _ => None,
        }
    }
}

fn reason_of(wanted: Wanted, said: &hear::Heard) -> Option<Reason> {
    let ours = said.reason.filter(|one| one.is_ours());
    match wanted {
        Wanted::Damaged => Some(Reason::Damaged),
        Wanted::Missing => ours.or(Some(Reason::Missing)),
        Wanted::Return | Wanted::Exchange => said.reason,
    }
}

/// "Want to return the socks."
pub(super) async fn begin(talk: &mut Talk<'_>, wanted: Wanted) {
    let said = hear::heard(talk);
    if said.is_plain() && answer::is_more_of_the_same(talk, wanted).await {
        return;
    }
    let reason = reason_of(wanted, &said);
    let exchange = wanted == Wanted::Exchange || said.exchange;
    talk.state.returns_later = (!said.more_orders.is_empty()).then(|| Later {
        orders: said.more_orders.clone(),
        said: beginning(&talk.reading.text),
        exchange,
    });
    let returning = Returning {
        reason,
        exchange,
        named: beginning(&talk.reading.text),
        ..Returning::default()
    };
    talk.state.returning = None;
    proof::with_order(talk, returning, said).await;
}

/// "My thermos is broken", and then "I want to send it back", before anything is proven: one return. False when the
/// message is about something else.
pub(in crate::dialogue) fn says_more(talk: &mut Talk<'_>, open: &Intent, id: &str) -> bool {
    let shop = talk.shop;
    let skill = |intent: &Intent| match &intent.action {
        Action::Skill(name) => Skill::named(name),
        Action::Reply(_) => None,
    };
    let wanted = shop.script.intent(id).and_then(skill);
    let Some(wanted) = wanted.and_then(Wanted::by) else {
        return false;
    };
    if skill(open) != Some(Skill::ReturnOrder) {
        return false;
    }
    let said = hear::heard(talk);
    if said.order.is_some() {
        return false;
    }
    let more = talk.reading.text.clone();
    let Some(returning) = &mut talk.state.returning else {
        return false;
    };
    returning.reason = reason_of(wanted, &said).or(returning.reason);
    returning.tell = false;
    returning.exchange |= wanted == Wanted::Exchange || said.exchange;
    returning.named = beginning(&format!("{} {more}", returning.named));
    true
}

/// Takes what was said, and goes on.
async fn go_on(talk: &mut Talk<'_>, mut returning: Returning, said: &hear::Heard) {
    let Some(known) = talk.ports.returns_of(&returning.order).await else {
        unavailable(talk);
        return;
    };
    hear::take(talk, &mut returning, said, &known);
    advance(talk, returning, &known, false);
    next(talk).await;
}

/// Asks for the first thing that is missing. When nothing is, what is the shop's fault goes to a person, and anything
/// else is opened once the shopper has said `yes` to it.
fn advance(talk: &mut Talk<'_>, mut returning: Returning, known: &OrderReturns, yes: bool) {
    talk.state.returning = None;
    let returning = &mut returning;
    if !allowed::order(talk, returning, known)
        || ask::thing(talk, returning, known)
        || !allowed::things(talk, returning)
        || ask::what_is_wrong(talk, returning)
        || ask::pieces(talk, returning, known)
        || ask::reason(talk, returning)
        || ask::what_is_wrong(talk, returning)
        || instead::wish(talk, returning, known)
    {
        return;
    }
    if returning.reason.is_some_and(Reason::is_ours) {
        close::hand_over(talk, returning, known);
    } else if yes {
        close::open(talk, returning, known);
    } else {
        ask::confirm(talk, returning, known);
    }
}

/// The next order that was spoken of, once the one before it is done.
async fn next(talk: &mut Talk<'_>) {
    if talk.state.returning.is_some() {
        return;
    }
    let Some(mut later) = talk.state.returns_later.take() else {
        return;
    };
    let number = later.orders.remove(0);
    let said = hear::Heard {
        order: Some(number.clone()),
        ..hear::heard_in(talk, &later.said)
    };
    let returning = Returning {
        exchange: later.exchange,
        named: later.said.clone(),
        ..Returning::default()
    };
    talk.state.returns_later = (!later.orders.is_empty()).then_some(later);
    let line = talk.line("returns.next_order", &[("number", &number)]);
    talk.reply.bubble(line);
    Box::pin(proof::with_order(talk, returning, said)).await;
}

/// An order was proven for another reason while a return asks for one: it need not ask any more.
pub(super) fn proven_by_the_way(talk: &mut Talk<'_>) {
    if talk.state.returning.is_none() {
        return;
    }
    let shop = talk.shop;
    let asks = |flow: &OpenFlow| {
        let action = shop.script.intent(&flow.intent).map(|one| &one.action);
        matches!(action, Some(Action::Skill(name)) if name == Skill::ReturnOrder.name())
    };
    talk.state.flows.retain(|flow| !asks(flow));
}

fn unavailable(talk: &mut Talk<'_>) {
    talk.state.returning = None;
    talk.say("returns.unavailable", &[]);
    talk.offer(&["choice.person"]);
}

/// "2 × Alder wool socks (M, navy)"
fn in_words(lines: &[Line]) -> String {
    let one = |line: &Line| match line.variant.as_str() {
        "" => format!("{} × {}", line.quantity, line.title),
        variant => format!("{} × {} ({variant})", line.quantity, line.title),
    };
    lines.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// "Alder wool socks, Birch cap"
fn titles(lines: &[Line]) -> String {
    let titles = lines.iter().map(|line| line.title.as_str());
    titles.collect::<Vec<_>>().join(", ")
}

/// What was paid for these pieces.
fn paid(talk: &Talk<'_>, lines: &[Line], known: &OrderReturns) -> String {
    talk.money(refund(&known.order, lines))
}

fn of_order(known: &OrderReturns, field: &str) -> Source {
    Source::Order {
        number: known.order.number.to_string(),
        field: field.to_owned(),
    }
}

fn from_order(line: Said, known: &OrderReturns, field: &str) -> Said {
    Said {
        source: of_order(known, field),
        ..line
    }
}

fn from_setting(line: Said, key: &str) -> Said {
    let source = Source::Setting {
        key: format!("returns.{key}"),
    };
    Said { source, ..line }
}
