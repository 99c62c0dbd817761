//! "Did you get my parcel back?"

use super::{card, in_words, proof};
use crate::dialogue::block::{Block, Source};
use crate::dialogue::talk::Talk;
use crate::returns::{Return, State};

/// Returns told of at once; the latest are.
const TOLD: usize = 3;

/// "Cancel my return": which one is open, and what becomes of it when nothing is sent.
pub(in crate::dialogue::skills) async fn call_off(talk: &mut Talk<'_>) {
    let mut open = Vec::new();
    for number in proof::known(talk).await {
        if let Some(known) = talk.ports.returns_of(&number).await {
            let returns = known.returns.clone().into_iter();
            let waiting = returns.filter(|one| one.state == State::Open);
            open.extend(waiting.map(|one| (one, known.clone())));
        }
    }
    let said = talk.reading.text.to_uppercase();
    if open.iter().any(|(one, _)| said.contains(&one.rma)) {
        open.retain(|(one, _)| said.contains(&one.rma));
    }
    open.sort_by_key(|(one, _)| std::cmp::Reverse(one.at));
    let Some((one, known)) = open.first() else {
        talk.say("returns.keep_things", &[]);
        talk.offer(&["choice.where_is_return", "choice.person"]);
        return;
    };
    tell(talk, one);
    let card = card::of(talk, one, known, Vec::new());
    talk.reply.block(Block::Return(card));
    talk.say("returns.keep_things", &[]);
    talk.offer(&["choice.person"]);
}

/// Tells what became of the returns of the orders that are known here; of the one that is named, where one is.
pub(in crate::dialogue::skills) async fn status(talk: &mut Talk<'_>) {
    let numbers = proof::known(talk).await;
    if numbers.is_empty() {
        Box::pin(proof::for_status(talk)).await;
        return;
    }
    let mut all = Vec::new();
    for number in numbers {
        let Some(known) = talk.ports.returns_of(&number).await else {
            continue;
        };
        let returns = known.returns.clone().into_iter();
        all.extend(returns.map(|one| (one, known.clone())));
    }
    let said = talk.reading.text.to_uppercase();
    if all.iter().any(|(one, _)| said.contains(&one.rma)) {
        all.retain(|(one, _)| said.contains(&one.rma));
    }
    if all.is_empty() {
        talk.say("returns.status_none", &[]);
        talk.offer(&["choice.another_order", "choice.person"]);
        return;
    }
    all.sort_by_key(|(one, _)| std::cmp::Reverse(one.at));
    for (one, known) in all.iter().take(TOLD) {
        tell(talk, one);
        let card = card::of(talk, one, known, Vec::new());
        talk.reply.block(Block::Return(card));
    }
}

fn tell(talk: &mut Talk<'_>, one: &Return) {
    let (opened, changed) = (talk.date(one.at), talk.date(one.changed_at));
    let until = talk.shop.facts.returns.refund_by(changed);
    let until = talk.day_in_words(until);
    let (opened, changed) = (talk.day_in_words(opened), talk.day_in_words(changed));
    let things = in_words(&one.lines);
    let variables = [
        ("rma", one.rma.as_str()),
        ("things", &things),
        ("day", &opened),
    ];
    let reached = [("day", changed.as_str()), ("until", &until)];
    let state = format!("returns.state.{}", one.state.as_str());
    for mut line in [
        talk.line("returns.status", &variables),
        talk.line(&state, &reached),
    ] {
        line.source = Source::Order {
            number: one.order.to_string(),
            field: format!("return {}", one.rma),
        };
        talk.reply.line(line);
    }
}
