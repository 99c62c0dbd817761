//! An order that comes again: by the right secret after a wrong one, or as the second of two to be cancelled.

use crate::dialogue::flow;
use crate::dialogue::script::Action;
use crate::dialogue::skills::Skill;
use crate::dialogue::state::Tried;
use crate::dialogue::talk::Talk;
use crate::understanding::Value;
use std::collections::BTreeMap;

/// Orders of one message that are cancelled after the first.
const MOST_OTHERS: usize = 4;

/// The order was not proven: what was wanted of it is remembered, for a second try.
pub(super) fn remember(talk: &mut Talk<'_>, skill: Skill, number: &str, secret: &str) {
    talk.state.tried = Some(Tried {
        skill: skill.name().to_owned(),
        number: number.to_owned(),
        digits: secret.chars().all(|letter| letter.is_ascii_digit()),
    });
}

/// Takes an e-mail address or a postcode alone as the second try. False when the message is about something else.
pub(in crate::dialogue) async fn tried_again(talk: &mut Talk<'_>) -> bool {
    let Some(tried) = talk.state.tried.clone() else {
        return false;
    };
    let reading = &talk.reading;
    let is_number =
        |value: &Value| matches!(value, Value::OrderNumber(_) | Value::PossibleOrderNumber(_));
    let by_number = talk.shop.facts.secret_is_customer_number;
    let secret = reading.entities.iter().find_map(|one| match &one.value {
        Value::Email(value) | Value::Postcode(value) | Value::Phone(value) => Some((one, value)),
        Value::Number(value) if by_number => Some((one, value)),
        _ => None,
    });
    let Some((span, secret)) = secret.map(|(one, value)| (one.span.clone(), value.clone())) else {
        return false;
    };
    // Digits may be a number put right or a postcode put right: whichever was tried before.
    let other_number = reading
        .entities
        .iter()
        .any(|one| is_number(&one.value) && (one.span != span || !tried.digits));
    if other_number || reading.rest_words() > 1 || !reading.mentions.is_empty() {
        return false;
    }
    let mut intents = talk.shop.script.intents().iter();
    let wanted = |action: &Action| matches!(action, Action::Skill(name) if *name == tried.skill);
    let Some(intent) = intents.find(|one| wanted(&one.action)) else {
        return false;
    };
    talk.reading.entities.retain(|one| !is_number(&one.value));
    let slots = BTreeMap::from([
        ("order_number".to_owned(), tried.number),
        ("secret".to_owned(), secret),
    ]);
    flow::begin_with(talk, intent, slots).await;
    true
}

/// "Cancel SH-10031 and SH-10056": the others wait for the first.
pub(super) fn keep_others(talk: &mut Talk<'_>, number: &str) {
    let normal = |number: &str| {
        let known = talk.shop.order_numbers.normalise(number);
        known.map_or_else(|| number.to_owned(), |known| known.to_string())
    };
    let mut others: Vec<String> = Vec::new();
    for entity in &talk.reading.entities {
        if let Value::OrderNumber(other) = &entity.value
            && normal(other) != normal(number)
            && !others.contains(other)
            && others.len() < MOST_OTHERS
        {
            others.push(other.clone());
        }
    }
    if !others.is_empty() {
        talk.state.cancel_later = others;
    }
}

/// The next order to be cancelled, once the one before it is done.
pub(in crate::dialogue) async fn next_to_cancel(talk: &mut Talk<'_>) {
    let waits = !talk.state.flows.is_empty() || talk.state.tried.is_some();
    if talk.state.cancel_later.is_empty() || waits {
        return;
    }
    let number = talk.state.cancel_later.remove(0);
    let name = Skill::CancelOrder.name();
    let mut intents = talk.shop.script.intents().iter();
    let cancels = |action: &Action| matches!(action, Action::Skill(skill) if skill == name);
    let Some(intent) = intents.find(|one| cancels(&one.action)) else {
        return;
    };
    let line = talk.line("order.cancel_next", &[("number", &number)]);
    talk.reply.bubble(line);
    // The numbers of the message are taken care of, and a yes was for the order before.
    let is_secret = |value: &Value| matches!(value, Value::Email(_) | Value::Phone(_));
    talk.reading.entities.retain(|one| is_secret(&one.value));
    let slots = BTreeMap::from([("order_number".to_owned(), number)]);
    flow::begin_with(talk, intent, slots).await;
}
