//! The questions of a return, each put only where its answer is not known.

use super::card;
use super::{from_order, in_words, of_order, paid, titles};
use crate::dialogue::block::{Block, Choice, Line as Said, Source};
use crate::dialogue::port::OrderReturns;
use crate::dialogue::returning::{Returning, Step};
use crate::dialogue::talk::Talk;
use crate::returns::{Line, Reason, Wish, left};

/// Pieces offered as taps; more are typed.
const TAPS: u32 = 6;

pub(super) fn keep(talk: &mut Talk<'_>, returning: &Returning, asked: Step) {
    talk.asked_return = true;
    talk.state.returning = Some(Returning {
        asked: Some(asked),
        ..returning.clone()
    });
}

pub(super) fn tap(label: String, say: Option<String>, source: Source) -> Choice {
    Choice { label, say, source }
}

/// From which of the orders that are known here, or from another.
pub(super) async fn order(talk: &mut Talk<'_>, returning: Returning, numbers: &[String]) {
    talk.say("returns.which_order", &[]);
    let mut taps = Vec::new();
    for number in numbers {
        let Some(known) = talk.ports.returns_of(number).await else {
            continue;
        };
        let placed = talk.date(known.order.placed_at);
        let day = talk.day_in_words(placed);
        let variables = [("number", number.as_str()), ("day", &day)];
        let Said { text, .. } = talk.line("returns.order_choice", &variables);
        taps.push(tap(text, Some(number.clone()), of_order(&known, "number")));
    }
    talk.reply.choices(taps);
    talk.offer(&["choice.another_order"]);
    keep(talk, &returning, Step::Order);
}

/// Which line of the order. What is on its way back already is named and left out.
pub(super) fn thing(talk: &mut Talk<'_>, returning: &mut Returning, known: &OrderReturns) -> bool {
    let number = known.order.number.to_string();
    let spent = |line: &Line| left(&known.order, &line.sku, &known.returns) == 0;
    let gone: Vec<Line> = returning
        .lines
        .iter()
        .filter(|line| spent(line))
        .cloned()
        .collect();
    for line in &gone {
        let variables = [("title", line.title.as_str()), ("number", &number)];
        let said = talk.line("returns.none_left", &variables);
        talk.reply.line(from_order(said, known, "returns"));
    }
    returning.lines.retain(|line| !gone.contains(line));
    if !returning.lines.is_empty() {
        return false;
    }
    let open = known.order.lines.iter();
    let open: Vec<_> = open
        .filter(|line| left(&known.order, &line.sku, &known.returns) > 0)
        .collect();
    let all = &known.order.lines;
    if open.is_empty() {
        if gone.is_empty() {
            let titles: Vec<&str> = all.iter().map(|line| line.title.as_str()).collect();
            let titles = titles.join(", ");
            let variables = [("title", titles.as_str()), ("number", &number)];
            let said = talk.line("returns.none_left", &variables);
            talk.reply.line(from_order(said, known, "returns"));
        }
        talk.offer(&["choice.another_order", "choice.person"]);
        return true;
    }
    if let ([only], true) = (&open[..], gone.is_empty()) {
        returning.lines = vec![Line {
            sku: only.sku.clone(),
            title: only.title.clone(),
            variant: only.variant.clone(),
            quantity: 0,
        }];
        return false;
    }
    let id = match returning.reason {
        Some(Reason::Missing) => "returns.which_missing",
        _ => "returns.which_item",
    };
    talk.say(id, &[("number", &number)]);
    let taps = open.iter().map(|line| {
        let label = match line.variant.as_str() {
            "" => line.title.clone(),
            variant => format!("{} ({variant})", line.title),
        };
        tap(label, None, of_order(known, "lines"))
    });
    talk.reply.choices(taps.collect());
    if open.len() > 1 {
        talk.offer(&["choice.everything"]);
    }
    talk.offer(&["choice.another_order"]);
    keep(talk, returning, Step::Item);
    true
}

/// How many of them, where there is more than one.
pub(super) fn pieces(talk: &mut Talk<'_>, returning: &mut Returning, known: &OrderReturns) -> bool {
    for place in 0..returning.lines.len() {
        let line = returning.lines[place].clone();
        let most = left(&known.order, &line.sku, &known.returns);
        if line.quantity == 0 && most == 1 {
            returning.lines[place].quantity = 1;
        }
        let quantity = returning.lines[place].quantity;
        if (1..=most).contains(&quantity) {
            continue;
        }
        returning.lines[place].quantity = 0;
        let id = match returning.reason {
            _ if quantity > most => "returns.only",
            Some(Reason::Missing) => "returns.how_many_missing",
            _ => "returns.how_many",
        };
        let count = most.to_string();
        let variables = [("count", count.as_str()), ("title", line.title.as_str())];
        let question = talk.line(id, &variables);
        talk.reply.line(from_order(question, known, "lines"));
        let counts = 1..=most.min(TAPS);
        let taps = counts.map(|count| tap(count.to_string(), None, of_order(known, "lines")));
        talk.reply.choices(taps.collect());
        // What is asked about stands last, where a number goes.
        let line = returning.lines.remove(place);
        returning.lines.push(line);
        keep(talk, returning, Step::Quantity);
        return true;
    }
    false
}

/// Why it comes back.
pub(super) fn reason(talk: &mut Talk<'_>, returning: &mut Returning) -> bool {
    if returning.reason.is_some() {
        return false;
    }
    if returning.misfit && returning.wanted.is_empty() {
        talk.say("returns.too_small_or_big", &[]);
        talk.offer(&["returns.reason.too_small", "returns.reason.too_big"]);
        keep(talk, returning, Step::Reason);
        return true;
    }
    // "For another size" is reason enough.
    if returning.exchange {
        returning.reason = Some(Reason::Other);
        return false;
    }
    talk.say("returns.why", &[]);
    let asked = Reason::ALL.into_iter();
    let asked = asked.filter(|one| *one != Reason::Missing);
    let labels: Vec<String> = asked
        .map(|one| format!("returns.reason.{}", one.as_str()))
        .collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    talk.offer(&labels);
    keep(talk, returning, Step::Reason);
    true
}

/// What is wrong with what arrived; what did not needs no description.
pub(super) fn what_is_wrong(talk: &mut Talk<'_>, returning: &Returning) -> bool {
    let id = match returning.reason {
        _ if returning.note.is_some() => return false,
        Some(Reason::Damaged) => "returns.what_is_wrong",
        Some(Reason::WrongItem) => "returns.what_came_instead",
        _ => return false,
    };
    talk.say(id, &[("title", &titles(&returning.lines))]);
    keep(talk, returning, Step::Note);
    true
}

/// All is known: shall it be opened?
pub(super) fn confirm(talk: &mut Talk<'_>, returning: &Returning, known: &OrderReturns) {
    let number = known.order.number.to_string();
    let things = in_words(&returning.lines);
    let price = paid(talk, &returning.lines, known);
    let (id, last) = match &returning.wish {
        Some(Wish::Exchange { variant, .. }) => {
            ("returns.confirm_swap", ("variant", variant.as_str()))
        }
        _ => ("returns.confirm_refund", ("price", price.as_str())),
    };
    let variables = [("things", things.as_str()), ("number", &number), last];
    let line = talk.line(id, &variables);
    talk.reply.line(from_order(line, known, "lines"));
    let card = card::proposed(talk, returning, known);
    talk.reply.block(Block::Return(card));
    talk.offer(&["choice.yes_return", "choice.no_return"]);
    keep(talk, returning, Step::Confirm);
}
