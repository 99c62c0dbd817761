//! Which order a return is from, and that it is the shopper's own.

use super::hear::{self, Heard};
use super::{ask, status};
use crate::dialogue::flow;
use crate::dialogue::returning::{Returning, Step, beginning};
use crate::dialogue::script::Action;
use crate::dialogue::skills::{Skill, order};
use crate::dialogue::talk::Talk;
use crate::orders::OrderStatus;
use crate::returns::Reason;
use std::collections::BTreeMap;

/// Orders offered to choose from.
const OFFERED: usize = 5;

/// Numbers of the orders that may be told here: those proven, the one spoken of last first, then what else belongs to
/// whoever is signed in and can have arrived.
pub(super) async fn known(talk: &mut Talk<'_>) -> Vec<String> {
    let owner = talk.owner();
    let own = talk.ports.own_orders(owner.as_deref()).await.orders;
    let is_own = |number: &String| own.iter().any(|order| order.number.as_str() == *number);
    let seen = talk.state.orders_seen.iter().rev();
    let mut known: Vec<String> = seen
        .filter(|number| talk.is_proven(number) || is_own(number))
        .cloned()
        .collect();
    let sent = own.iter().filter(|order| {
        use OrderStatus::{Delivered, OutForDelivery, PartlyShipped, Shipped};
        matches!(
            order.status,
            PartlyShipped | Shipped | OutForDelivery | Delivered
        )
    });
    for number in sent.map(|order| order.number.to_string()) {
        if !known.contains(&number) {
            known.push(number);
        }
    }
    known.truncate(OFFERED);
    known
}

/// Whether the order may still be told: a browser may have been left to somebody else.
pub(super) async fn still_holds(talk: &mut Talk<'_>, returning: &Returning) -> bool {
    known(talk).await.contains(&returning.order)
}

/// Goes on with the order that the message names, that has what it names, or that the shopper picks.
pub(super) async fn with_order(talk: &mut Talk<'_>, mut returning: Returning, said: Heard) {
    let known = known(talk).await;
    match &said.order {
        Some(number) if !known.contains(number) => {
            let number = number.clone();
            prove(talk, returning, Some(number)).await;
            return;
        }
        Some(number) => returning.order.clone_from(number),
        None if said.other_order => {}
        None => returning.order = meant(talk, &returning.named, &known).await,
    }
    if !returning.order.is_empty() {
        super::go_on(talk, returning, &said).await;
    } else if known.is_empty() || (said.other_order && known.len() == 1) {
        prove(talk, returning, None).await;
    } else {
        ask::order(talk, returning, &known).await;
    }
}

/// The one order that has what is named; else the only one there is. Empty where that leaves several.
async fn meant(talk: &mut Talk<'_>, said: &str, known: &[String]) -> String {
    let mut having = Vec::new();
    for number in known {
        let order = talk.ports.returns_of(number).await;
        if order.is_some_and(|one| !hear::named_by(said, &one.order).is_empty()) {
            having.push(number);
        }
    }
    let last = talk.state.returned_from.as_ref();
    let one = match (&having[..], known) {
        ([only], _) => Some(*only),
        ([], [only]) => Some(only),
        (several, _) => several.iter().find(|one| Some(**one) == last).copied(),
    };
    one.cloned().unwrap_or_default()
}

/// A return is asked about, and its order is not proven.
pub(super) async fn for_status(talk: &mut Talk<'_>) {
    let returning = Returning {
        tell: true,
        ..Returning::default()
    };
    prove(talk, returning, None).await;
}

/// Asks for number and secret of the order; before it begins, says what a return is bound to.
pub(super) async fn prove(talk: &mut Talk<'_>, returning: Returning, number: Option<String>) {
    let number = number.map(|number| ("order_number".to_owned(), number));
    prove_with(talk, returning, number.into_iter().collect()).await;
}

/// The same, with what is known of number and secret.
pub(super) async fn prove_with(
    talk: &mut Talk<'_>,
    returning: Returning,
    slots: BTreeMap<String, String>,
) {
    let shop = talk.shop;
    let skill = Skill::ReturnOrder.name();
    let mut intents = shop.script.intents().iter();
    let intent = intents.find(|one| matches!(&one.action, Action::Skill(name) if name == skill));
    let Some(intent) = intent else {
        super::unavailable(talk);
        return;
    };
    // Whoever brings number and secret along hears the rest soon enough.
    let begins = returning.asked.is_none() && talk.reading.email().is_none();
    if begins && returning.reason.is_some_and(Reason::is_ours) {
        talk.say("returns.sorry", &[]);
    } else if begins && !returning.tell {
        let days = shop.facts.returns.days.to_string();
        let id = match returning.exchange {
            true if shop.facts.returns.exchange => "returns.window_exchange",
            _ => "returns.window",
        };
        let line = talk.line(id, &[("days", &days)]);
        talk.reply.line(super::from_setting(line, "days"));
    }
    talk.state.returning = Some(Returning {
        asked: Some(Step::Order),
        ..returning
    });
    flow::begin_with(talk, intent, slots).await;
}

/// Number and secret have been given.
pub(in crate::dialogue::skills) async fn proven(talk: &mut Talk<'_>) {
    let (number, secret) = (talk.slot("order_number"), talk.slot("secret"));
    let returning = talk.state.returning.take().unwrap_or_default();
    let Some(order) = order::look_up(talk, &number, &secret).await else {
        talk.state.returning = Some(Returning {
            asked: Some(Step::Proof),
            tried: beginning(&number),
            ..returning
        });
        return;
    };
    if returning.tell {
        status::status(talk).await;
        return;
    }
    // The thing was named before anything was known of the order.
    let said = Heard {
        order: None,
        ..hear::heard_in(talk, &returning.named)
    };
    let number = order.number.to_string();
    let mut returning = returning;
    if returning.order != number {
        returning.order = number;
        returning.lines.clear();
    }
    Box::pin(super::go_on(talk, returning, &said)).await;
}
