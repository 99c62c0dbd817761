//! "Tell me when it is back", "let me know if it gets cheaper": asked for here, told once in the chat or by e-mail.

mod answer;
mod ask;
mod told;
mod which;

pub(super) use answer::chosen;
pub(super) use ask::{offer_beside, prepare, question};
pub(in crate::dialogue) use told::{letter, page, tell};

use super::{Skill, find, text};
use crate::catalog::{Product, Variant};
use crate::dialogue::alerts::{AlertAnswer, AlertPlace, AlertWish, Waiting};
use crate::dialogue::block::{Choice, Source};
use crate::dialogue::script::{Action, TextSpec};
use crate::dialogue::state::OpenFlow;
use crate::dialogue::talk::Talk;
use crate::mail::Address;
use crate::orders::masked_email;
use crate::watches::{Kind, MOST_OPEN};

/// Slots of the files.
const PRODUCT: &str = "product";
const VARIANT: &str = "variant";
const WHERE: &str = "where";
const EMAIL: &str = "email";
/// Slots beside those of the files: the product as it was found, what is told with its options, the price below which
/// it is told, option values that were named, and the text that was agreed to.
const FOUND: &str = "found";
const TITLE: &str = "title";
const BELOW: &str = "below";
const OPTIONS: &str = "options";
const CONSENT: &str = "consent";
/// Stands in a slot for what needs no asking.
const KNOWN: &str = "";
/// Answers to "where?".
const CHAT: &str = "chat";
const MAIL: &str = "mail";
const NOWHERE: &str = "no";

/// Skills that ask for an alert.
const ASKING: [Skill; 2] = [Skill::AlertBackInStock, Skill::AlertPriceDrop];
/// Between the values of a slot that holds several.
const AND: char = '|';
/// "Any of them".
const ANY: &str = "any";

pub(super) const TEXTS: &[TextSpec] = &[
    text("alert.off", &[]),
    text("alert.unknown", &[]),
    text("alert.which_variant", &["title"]),
    text("alert.no_such", &["title", "value"]),
    text("alert.in_stock", &["title"]),
    text("alert.costs_already", &["title", "price"]),
    text("alert.where_back", &["title"]),
    text("alert.where_price", &["title", "price"]),
    text("alert.here_back", &["title"]),
    text("alert.here_price", &["title", "price"]),
    text("alert.on_chat", &["title"]),
    text("alert.on_mail", &["title", "email"]),
    text("alert.confirm_sent", &["title", "email"]),
    text("alert.again", &["title"]),
    text("alert.too_many", &["count"]),
    text("alert.too_soon", &["email"]),
    text("alert.bad_address", &[]),
    text("alert.unavailable", &[]),
    text("alert.dropped", &[]),
    text("alert.back_to_flow", &["question"]),
    text("alert.list", &[]),
    text("alert.item_back", &["title", "place"]),
    text("alert.item_price", &["title", "price", "place"]),
    text("alert.place_chat", &[]),
    text("alert.place_mail", &["email"]),
    text("alert.place_unconfirmed", &["email"]),
    text("alert.none", &[]),
    text("alert.stopped", &["count"]),
    text("alert.told_back", &["title", "price"]),
    text("alert.told_price", &["title", "price"]),
    text("alert.tap_back", &["title"]),
    text("alert.tap_cart", &["value"]),
    text("alert.confirm_subject", &["shop"]),
    text(
        "alert.confirm_back",
        &["title", "shop", "price", "link", "stop"],
    ),
    text(
        "alert.confirm_price",
        &["title", "shop", "price", "link", "stop"],
    ),
    text("alert.mail_back_subject", &["title", "shop", "price"]),
    text("alert.mail_price_subject", &["title", "shop", "price"]),
    text("alert.mail_back", &["title", "shop", "price", "url"]),
    text("alert.mail_price", &["title", "shop", "price", "url"]),
    text("alert.mail_end", &["shop", "stop"]),
    text("alert.page_confirm", &["shop"]),
    text("alert.page_confirm_text", &["shop"]),
    text("alert.page_confirm_button", &["shop"]),
    text("alert.page_confirmed", &["shop"]),
    text("alert.page_confirmed_text", &["shop"]),
    text("alert.page_gone", &["shop"]),
    text("alert.page_gone_text", &["shop"]),
    text("alert.page_stop", &["shop"]),
    text("alert.page_stop_text", &["shop"]),
    text("alert.page_stop_button", &["shop"]),
    text("alert.page_stopped", &["shop"]),
    text("alert.page_stopped_text", &["shop"]),
    text("choice.alert_back", &[]),
    text("choice.alert_here", &[]),
    text("choice.alert_mail", &[]),
    text("choice.alert_no", &[]),
    text("choice.alert_any", &[]),
    text("choice.alert_cart", &[]),
    text("choice.my_alerts", &[]),
    text("choice.stop_alerts", &[]),
];

/// The questions are answered: takes the wish, and says what will happen.
pub(super) async fn take(talk: &mut Talk<'_>, kind: Kind) {
    if talk.slot(WHERE) == NOWHERE {
        talk.say("alert.dropped", &[]);
        return;
    }
    let (title, email) = (talk.slot(TITLE), talk.slot(EMAIL));
    let address = Address::parse(&email);
    let place = match (talk.slot(WHERE).as_str(), &address) {
        (MAIL, Some(address)) => AlertPlace::Mail {
            to: masked_email(address.as_str()),
        },
        (MAIL, None) => AlertPlace::KnownMail,
        _ => AlertPlace::Chat,
    };
    let wish = AlertWish {
        product: talk.slot(PRODUCT),
        variant: Some(talk.slot(VARIANT)).filter(|sku| !sku.is_empty()),
        kind,
        below: serde_json::from_str(&talk.slot(BELOW)).ok(),
        consent: talk.slot(CONSENT),
        place,
    };
    let to = match &wish.place {
        AlertPlace::Mail { to } => to.clone(),
        AlertPlace::KnownMail => talk.ports.alert_address().await.unwrap_or_default(),
        AlertPlace::Chat => String::new(),
    };
    let letter = told::confirmation(talk, &wish, &title);
    let (title, email) = (("title", title.as_str()), ("email", to.as_str()));
    let language = talk.language();
    let asked = talk.ports.alert(&wish, address.as_ref(), &letter, language);
    match asked.await {
        AlertAnswer::Live if wish.place == AlertPlace::Chat => talk.say("alert.on_chat", &[title]),
        AlertAnswer::Live => talk.say("alert.on_mail", &[title, email]),
        AlertAnswer::Unconfirmed => talk.say("alert.confirm_sent", &[title, email]),
        AlertAnswer::Again => talk.say("alert.again", &[title]),
        AlertAnswer::TooMany => {
            talk.say("alert.too_many", &[("count", &MOST_OPEN.to_string())]);
        }
        AlertAnswer::TooSoon => talk.say("alert.too_soon", &[email]),
        AlertAnswer::Unavailable => {
            talk.say("alert.unavailable", &[]);
            talk.offer(&["choice.person"]);
            return;
        }
    }
    talk.offer(&["choice.my_alerts"]);
}

/// "What am I waiting for?"
pub(super) async fn mine(talk: &mut Talk<'_>) {
    let open = talk.ports.alerts().await;
    if open.is_empty() {
        talk.say("alert.none", &[]);
        return;
    }
    talk.say("alert.list", &[]);
    for waiting in open {
        let place = match &waiting.to {
            None => talk.line("alert.place_chat", &[]).text,
            Some(email) => {
                let id = match waiting.confirmed {
                    true => "alert.place_mail",
                    false => "alert.place_unconfirmed",
                };
                talk.line(id, &[("email", email)]).text
            }
        };
        let Waiting { product, below, .. } = waiting;
        let title = match talk.ports.product(&product) {
            Some(found) => which::titled(&found, waiting.variant.as_deref()),
            // No longer in the catalog; it may come again.
            None => product,
        };
        let (title, place) = (("title", title.as_str()), ("place", place.as_str()));
        let line = match below {
            Some(below) => {
                let price = talk.money(below);
                talk.line("alert.item_price", &[title, ("price", &price), place])
            }
            None => talk.line("alert.item_back", &[title, place]),
        };
        talk.reply.line(line);
    }
    talk.offer(&["choice.stop_alerts"]);
}

/// "Stop all alerts", or those of the product that is named.
pub(super) async fn stop(talk: &mut Talk<'_>) {
    let shop = talk.shop;
    let is_alert = |flow: &OpenFlow| {
        let intent = shop.script.intent(&flow.intent);
        let action = intent.map(|intent| &intent.action);
        matches!(action, Some(Action::Skill(name)) if ASKING.iter().any(|skill| skill.name() == name))
    };
    // What is being asked for ends with the others.
    talk.state.flows.retain(|flow| !is_alert(flow));
    let product = which::named(talk).map(|shown| shown.sku);
    if product.is_none() && which::names_unknown(talk) {
        // Ending all where one was meant cannot be undone.
        talk.say("alert.unknown", &[]);
        talk.offer(&["choice.my_alerts", "choice.stop_alerts"]);
        return;
    }
    match talk.ports.stop_alerts(product.as_deref()).await {
        None => {
            talk.say("alert.unavailable", &[]);
            talk.offer(&["choice.person"]);
        }
        Some(0) => talk.say("alert.none", &[]),
        Some(count) => talk.say("alert.stopped", &[("count", &count.to_string())]),
    }
}

/// The variants that have what is named of those values that the product has a choice of; all where it has none.
pub(super) fn fitting<'p>(product: &'p Product, values: &[String]) -> Vec<&'p Variant> {
    let named = which::values_of(product, values.to_vec());
    which::fitting(product, &named)
}

/// Offers to tell when it is back, where all that is asked for of it is sold out.
pub(super) fn offer(talk: &mut Talk<'_>, product: &Product) {
    if talk.shop.watches.is_none() {
        return;
    }
    let named = find::options(talk).into_iter().map(|(_, value)| value);
    let named = which::values_of(product, named.collect());
    let fitting = which::fitting(product, &named);
    if fitting.is_empty() || fitting.iter().any(|variant| variant.in_stock()) {
        return;
    }
    let title = match named.is_empty() {
        true => product.title.clone(),
        false => format!("{} ({})", product.title, named.join(", ")),
    };
    let label = talk.line("choice.alert_back", &[]);
    let say = talk.line("alert.tap_back", &[("title", &title)]).text;
    talk.reply.choices(vec![Choice {
        label: label.text,
        say: Some(say),
        source: label.source,
    }]);
}

/// Offers to put a product into the cart, of which `value` is wanted.
fn offer_cart(talk: &mut Talk<'_>, product: &Product, value: &str) {
    let label = talk.line("choice.alert_cart", &[]);
    let say = match value {
        "" => None,
        value => Some(talk.line("alert.tap_cart", &[("value", value)]).text),
    };
    talk.reply.choices(vec![Choice {
        label: label.text,
        say,
        source: Source::Product {
            sku: product.sku.clone(),
            field: "stock".to_owned(),
        },
    }]);
}
