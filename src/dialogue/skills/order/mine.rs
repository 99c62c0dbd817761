//! Somebody's orders without a number: whoever is signed in, or types the code that was sent to their address.

use super::{CODE_SENT, KNOWN, card};
use crate::dialogue::block::{Choice, Line, Source};
use crate::dialogue::flow;
use crate::dialogue::port::{CodeAnswer, CodeProof};
use crate::dialogue::script::{Action, Slot, SlotKind};
use crate::dialogue::skills::Skill;
use crate::dialogue::state::{OpenFlow, Proven};
use crate::dialogue::talk::Talk;
use crate::orders::{CodeLetter, Order, masked_email};

/// Sends the code once the address is known. False when that cannot be.
pub(super) async fn prepare(talk: &mut Talk<'_>) -> bool {
    drop_questions_for_numbers(talk);
    if talk.ports.signed_in() || talk.owner().is_some() {
        if let Some(flow) = talk.state.flows.last_mut() {
            flow.slots.insert("email".to_owned(), KNOWN.to_owned());
            flow.slots.insert("code".to_owned(), KNOWN.to_owned());
        }
        return true;
    }
    if !talk.shop.facts.mails {
        talk.say("order.number_needed", &[]);
        talk.offer(&["choice.person"]);
        return false;
    }
    let slots = talk.state.open_flow().map(|flow| &flow.slots);
    let slot = |name: &str| slots.and_then(|slots| slots.get(name).cloned());
    let Some(email) = slot("email") else {
        return true;
    };
    if slot(CODE_SENT).as_ref() == Some(&email) {
        return true;
    }
    let shop = talk.shop.facts.name.clone();
    let words = [("code", "{code}"), ("shop", shop.as_str())];
    let subject = talk.line("order.code_mail_subject", &words).text;
    let body = talk.line("order.code_mail", &words).text;
    let letter = CodeLetter {
        subject: &subject,
        body: &body,
    };
    match talk.ports.send_code(&email, letter).await {
        CodeAnswer::OnItsWay => {
            if let Some(flow) = talk.state.flows.last_mut() {
                flow.slots.insert(CODE_SENT.to_owned(), email);
                flow.slots.remove("code");
            }
            true
        }
        CodeAnswer::Locked { minutes } => {
            talk.say("order.code_locked", &[("minutes", &minutes.to_string())]);
            talk.offer(&["choice.person"]);
            false
        }
        CodeAnswer::Unavailable => {
            talk.say("order.unavailable", &[]);
            talk.offer(&["choice.person"]);
            false
        }
    }
}

/// "Which number?" waits no longer for someone who does not have it; "which shall be cancelled?" does.
fn drop_questions_for_numbers(talk: &mut Talk<'_>) {
    let shop = talk.shop;
    let is_status = |flow: &OpenFlow| {
        let intent = shop.script.intent(&flow.intent);
        let action = intent.map(|intent| &intent.action);
        let asks_number = [Skill::OrderStatus.name(), Skill::ReturnOrder.name()];
        matches!(action, Some(Action::Skill(name)) if asks_number.contains(&name.as_str()))
    };
    talk.state.flows.retain(|flow| !is_status(flow));
}

pub(super) fn question(talk: &Talk<'_>, slot: &Slot) -> Option<Line> {
    if slot.kind != SlotKind::Code {
        return None;
    }
    let email = talk.state.open_flow()?.slots.get("email")?;
    Some(talk.line("order.code_sent", &[("email", &masked_email(email))]))
}

pub(in crate::dialogue::skills) async fn mine(talk: &mut Talk<'_>) {
    let code = talk.slot("code");
    if code != KNOWN {
        match talk.ports.check_code(&code).await {
            CodeProof::Right { owner } => {
                talk.state.owner = Some(Proven {
                    what: owner,
                    at: talk.now,
                });
            }
            CodeProof::Wrong => return ask_again(talk),
            CodeProof::Unavailable => {
                talk.say("order.unavailable", &[]);
                talk.offer(&["choice.person"]);
                return;
            }
        }
    }
    let proven = talk.owner();
    let answer = talk.ports.own_orders(proven.as_deref()).await;
    let own = answer.orders;
    let waiting = talk.open_intent();
    let Some(newest) = own.first() else {
        let id = match answer.unavailable {
            true => "order.unavailable",
            false => "order.none",
        };
        talk.say(id, &[]);
        talk.offer(&["choice.person"]);
        return;
    };
    if let Some(intent) = waiting {
        // It was asked which of them shall be cancelled.
        flow::repeat(talk, intent);
        offer_numbers(talk, own.iter());
        return;
    }
    talk.remember_order(newest.number.as_str(), true);
    card::show(talk, newest);
    card::date(talk, newest, answer.as_of);
    super::change::tell_requests(talk, newest).await;
    offer_numbers(talk, own.iter().skip(1));
}

/// A wrong code leaves the question open, and a new one can be had.
fn ask_again(talk: &mut Talk<'_>) {
    let shop = talk.shop;
    let mut intents = shop.script.intents().iter();
    let mine = intents.find(
        |intent| matches!(&intent.action, Action::Skill(name) if name == Skill::MyOrders.name()),
    );
    talk.say("order.code_wrong", &[]);
    talk.offer(&["choice.new_code", "choice.person"]);
    if let Some(intent) = mine {
        let mut flow = OpenFlow::new(&intent.id);
        flow.slots = talk.slots.clone();
        flow.slots.remove("code");
        flow.asking = Some("code".to_owned());
        talk.state.push_flow(flow);
    }
}

/// Numbers to choose from; a tap says the number.
pub(super) fn offer_numbers<'o>(talk: &mut Talk<'_>, orders: impl Iterator<Item = &'o Order>) {
    let choices = orders.map(|order| Choice {
        label: order.number.to_string(),
        say: None,
        source: Source::Order {
            number: order.number.to_string(),
            field: "number".into(),
        },
    });
    let choices = choices.collect();
    talk.reply.choices(choices);
}
