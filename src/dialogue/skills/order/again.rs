//! The right secret after a wrong one: the number of the order need not be typed again.

use crate::dialogue::flow;
use crate::dialogue::script::Action;
use crate::dialogue::skills::Skill;
use crate::dialogue::state::Tried;
use crate::dialogue::talk::Talk;
use crate::understanding::Value;
use std::collections::BTreeMap;

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
