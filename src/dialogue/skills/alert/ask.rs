//! What has to be known for an alert, and asking for it.

use super::{
    AND, ANY, BELOW, CONSENT, EMAIL, FOUND, KNOWN, MAIL, NOWHERE, OPTIONS, PRODUCT, TITLE, VARIANT,
    WHERE, offer_cart, which,
};
use crate::catalog::{Product, Variant};
use crate::dialogue::block::{Choice, Line, Source};
use crate::dialogue::port::Offer;
use crate::dialogue::script::Slot;
use crate::dialogue::skills::{Skill, find, suggest};
use crate::dialogue::talk::Talk;
use crate::mail::Address;
use crate::money::Money;
use crate::understanding::{Entity, PriceWish, Value};

/// Variants to choose from at once.
const OFFERED: usize = 8;

/// Finds out what needs no question. False when there is nothing to wait for, which has been said then.
pub(in crate::dialogue::skills) async fn prepare(talk: &mut Talk<'_>, skill: Skill) -> bool {
    if talk.shop.watches.is_none() {
        talk.say("alert.off", &[]);
        return false;
    }
    if slot(talk, WHERE).as_deref() == Some(NOWHERE) {
        for name in [PRODUCT, VARIANT, EMAIL] {
            put(talk, name, KNOWN);
        }
        return true;
    }
    let Some(product) = product(talk) else {
        return true;
    };
    if slot(talk, VARIANT).is_none_or(|said| said.contains(AND)) {
        take_options(talk, &product, skill);
        let goes_on = match skill {
            Skill::AlertPriceDrop => below(talk, &product),
            _ => sold_out(talk, &product),
        };
        if !goes_on {
            return false;
        }
    }
    place(talk).await;
    true
}

pub(super) fn slot(talk: &Talk<'_>, name: &str) -> Option<String> {
    talk.state.open_flow()?.slots.get(name).cloned()
}

fn put(talk: &mut Talk<'_>, name: &str, value: &str) {
    if let Some(flow) = talk.state.flows.last_mut() {
        flow.slots.insert(name.to_owned(), value.to_owned());
    }
}

fn drop_slot(talk: &mut Talk<'_>, name: &str) {
    if let Some(flow) = talk.state.flows.last_mut() {
        flow.slots.remove(name);
    }
}

/// The product, as soon as it is known.
fn product(talk: &mut Talk<'_>) -> Option<Product> {
    let said = slot(talk, PRODUCT);
    if let Some(sku) = slot(talk, FOUND).filter(|found| said.as_ref() == Some(found)) {
        return talk.ports.product(&sku);
    }
    let found = which::wanted(talk).and_then(|shown| talk.ports.product(&shown.sku));
    match &found {
        Some(product) => {
            put(talk, PRODUCT, &product.sku);
            put(talk, FOUND, &product.sku);
        }
        None => {
            if said.is_some() {
                talk.say("alert.unknown", &[]);
            }
            drop_slot(talk, PRODUCT);
        }
    }
    found
}

/// Keeps which size or colour is meant, from the wish or from the answer to "which one?".
fn take_options(talk: &mut Talk<'_>, product: &Product, skill: Skill) {
    let kept = slot(talk, OPTIONS).unwrap_or_default();
    let mut named: Vec<String> = kept.split(AND).map(str::to_owned).collect();
    let answer = slot(talk, VARIANT).unwrap_or_default();
    named.extend(answer.split(AND).map(str::to_owned));
    let own = find::options(talk).into_iter().map(|(_, value)| value);
    let own = which::values_of(product, own.collect());
    let colour = talk.reading.colour().map(|colour| colour.name.to_owned());
    let as_said = colour.into_iter().chain(talk.reading.size());
    named.extend(match skill {
        // What it does not come in is said so; but "below 50" is no size.
        Skill::AlertBackInStock if own.is_empty() => as_said.collect(),
        _ => own,
    });
    let said = talk.reading.search_words().replace(&product.title, " ");
    named.extend(which::values_in(product, &said));
    named.retain(|value| !value.is_empty());
    let mut once: Vec<String> = Vec::new();
    for value in named {
        if !once.iter().any(|known| known.eq_ignore_ascii_case(&value)) {
            once.push(value);
        }
    }
    put(talk, OPTIONS, &once.join(&AND.to_string()));
    drop_slot(talk, VARIANT);
}

/// Variants that fit what was named; all of them, said honestly, when none does.
fn fitting<'p>(talk: &mut Talk<'_>, product: &'p Product) -> (Vec<String>, Vec<&'p Variant>) {
    let named = slot(talk, OPTIONS).unwrap_or_default();
    let named: Vec<String> = named
        .split(AND)
        .filter(|value| !value.is_empty() && *value != ANY)
        .map(str::to_owned)
        .collect();
    let has_choice = product.variants.len() > 1;
    let fitting = which::fitting(product, &named);
    if !fitting.is_empty() {
        return (named, fitting);
    }
    if has_choice {
        let said = [
            ("title", product.title.as_str()),
            ("value", &named.join(", ")),
        ];
        talk.say("alert.no_such", &said);
    }
    put(talk, OPTIONS, "");
    (Vec::new(), product.variants.iter().collect())
}

/// Which of the variants that are sold out is waited for. False when it can be had now.
fn sold_out(talk: &mut Talk<'_>, product: &Product) -> bool {
    let any = slot(talk, OPTIONS).is_some_and(|named| named.split(AND).any(|value| value == ANY));
    let (named, fitting) = fitting(talk, product);
    let out: Vec<&Variant> = fitting.into_iter().filter(|one| !one.in_stock()).collect();
    match out[..] {
        [] => {
            let value = named.join(", ");
            let title = match value.as_str() {
                "" => product.title.clone(),
                value => format!("{} ({value})", product.title),
            };
            talk.say("alert.in_stock", &[("title", &title)]);
            show(talk, product);
            offer_cart(talk, product, &value);
            return false;
        }
        [only] => {
            put(talk, VARIANT, &only.sku);
            put(talk, TITLE, &which::titled(product, Some(&only.sku)));
        }
        _ if any && !product.in_stock() => {
            put(talk, VARIANT, KNOWN);
            put(talk, TITLE, &product.title);
        }
        _ => put(talk, TITLE, &product.title),
    }
    true
}

/// Below which price it is told: the one named, else today's. False when it costs less already.
fn below(talk: &mut Talk<'_>, product: &Product) -> bool {
    let (named, fitting) = fitting(talk, product);
    let Some(cheapest) = fitting.iter().min_by_key(|variant| variant.price) else {
        return false;
    };
    let asked = price(talk);
    let own = cheapest.price.currency;
    if asked.is_some_and(|asked| asked.currency != own) {
        talk.say("find.other_currency", &[("currency", &own.to_string())]);
    }
    let asked = asked.filter(|asked| asked.currency == own);
    let variant = match (&fitting[..], named.is_empty()) {
        ([only], false) => Some(only.sku.as_str()),
        _ => None,
    };
    let title = which::titled(product, variant);
    let buyable = fitting.iter().filter(|variant| variant.in_stock());
    let buyable = buyable.map(|variant| variant.price).min();
    if let Some(price) = buyable.filter(|price| asked.is_some_and(|asked| *price < asked)) {
        let price = talk.money(price);
        talk.say(
            "alert.costs_already",
            &[("title", &title), ("price", &price)],
        );
        show(talk, product);
        offer_cart(talk, product, &named.join(", "));
        return false;
    }
    let below = asked.unwrap_or(cheapest.price);
    put(
        talk,
        BELOW,
        &serde_json::to_string(&below).unwrap_or_default(),
    );
    put(talk, VARIANT, variant.unwrap_or(KNOWN));
    put(talk, TITLE, &title);
    true
}

/// The price named: it is told when it costs less. "At most 50" is told at 50, too.
fn price(talk: &Talk<'_>) -> Option<Money> {
    let over = |money: Money| Money {
        minor: money.minor.saturating_add(1),
        ..money
    };
    let amount = |entity: &Entity| match entity.value {
        Value::Amount(money) => Some(over(money)),
        _ => None,
    };
    let wish = talk.reading.price().map(|wish| match wish {
        PriceWish::AtMost(money) | PriceWish::Between(_, money) => over(money),
        PriceWish::Under(money)
        | PriceWish::Over(money)
        | PriceWish::AtLeast(money)
        | PriceWish::Around(money) => money,
    });
    wish.or_else(|| talk.reading.entities.iter().find_map(amount))
}

fn show(talk: &mut Talk<'_>, product: &Product) {
    if let Some(card) = talk.ports.card(&product.sku) {
        let offer = Offer {
            card,
            about: None,
            why: Vec::new(),
        };
        suggest::show(talk, vec![offer], "");
    }
}

/// Where it is told, and to which address: an address that was proven before is not asked for again.
async fn place(talk: &mut Talk<'_>) {
    let mails = talk.shop.facts.mails;
    let named = slot(talk, EMAIL).filter(|email| !email.is_empty());
    let is_first = slot(talk, WHERE).is_none();
    if mails && is_first && (named.is_some() || asks_for_mail(talk)) {
        put(talk, WHERE, MAIL);
    }
    let by_mail = slot(talk, WHERE).as_deref() == Some(MAIL);
    if by_mail && named.is_some() {
        if named.as_deref().and_then(Address::parse).is_none() {
            talk.say("alert.bad_address", &[]);
            drop_slot(talk, EMAIL);
        }
    } else if by_mail {
        if talk.ports.alert_address().await.is_some() {
            put(talk, EMAIL, KNOWN);
        }
    } else if slot(talk, WHERE).is_some() {
        put(talk, EMAIL, KNOWN);
    }
    if slot(talk, CONSENT).is_none() {
        // Where no question is asked, the reply says what was agreed to.
        put(talk, CONSENT, "alert.on_mail");
    }
}

/// "Email me when it is back".
fn asks_for_mail(talk: &Talk<'_>) -> bool {
    let asks = ["email", "e-mail", "mail", "mailen", "maile"];
    let mut words = talk.reading.words.iter();
    words.any(|word| asks.contains(&word.text.as_str()))
}

pub(in crate::dialogue::skills) fn question(
    talk: &Talk<'_>,
    skill: Skill,
    asked: &Slot,
) -> Option<Line> {
    let title = slot(talk, TITLE).unwrap_or_default();
    let title = ("title", title.as_str());
    match asked.name.as_str() {
        VARIANT => Some(talk.line("alert.which_variant", &[title])),
        WHERE => {
            let id = where_text(talk, skill);
            let below: Option<Money> = slot(talk, BELOW)
                .as_deref()
                .and_then(|below| serde_json::from_str(below).ok());
            Some(match below {
                Some(below) => talk.line(id, &[title, ("price", &talk.money(below))]),
                None => talk.line(id, &[title]),
            })
        }
        _ => None,
    }
}

fn where_text(talk: &Talk<'_>, skill: Skill) -> &'static str {
    match (skill, talk.shop.facts.mails) {
        (Skill::AlertPriceDrop, true) => "alert.where_price",
        (Skill::AlertPriceDrop, false) => "alert.here_price",
        (_, true) => "alert.where_back",
        (_, false) => "alert.here_back",
    }
}

pub(in crate::dialogue::skills) fn offer_beside(talk: &mut Talk<'_>, skill: Skill, asked: &Slot) {
    match asked.name.as_str() {
        PRODUCT => {
            let shown = talk.state.shown.clone();
            let choice = |shown: &crate::dialogue::state::Shown| Choice {
                label: shown.title.clone(),
                say: None,
                source: Source::Product {
                    sku: shown.sku.clone(),
                    field: "title".to_owned(),
                },
            };
            let choices = shown.iter().take(OFFERED).map(choice).collect();
            talk.reply.choices(choices);
        }
        VARIANT => offer_variants(talk),
        WHERE if talk.shop.facts.mails => {
            talk.offer(&["choice.alert_here", "choice.alert_mail", "choice.alert_no"]);
        }
        WHERE => talk.offer(&["choice.alert_here", "choice.alert_no"]),
        _ => {}
    }
    if matches!(asked.name.as_str(), WHERE | EMAIL) {
        let intent = talk.open_intent().map(|intent| intent.id.clone());
        let consent = match asked.name.as_str() {
            WHERE => where_text(talk, skill).to_owned(),
            name => format!("{}.{name}.ask", intent.unwrap_or_default()),
        };
        put(talk, CONSENT, &consent);
    }
}

fn offer_variants(talk: &mut Talk<'_>) {
    let Some(product) = slot(talk, FOUND).and_then(|sku| talk.ports.product(&sku)) else {
        return;
    };
    let (_, fitting) = fitting(talk, &product);
    let out = fitting.into_iter().filter(|variant| !variant.in_stock());
    let choice = |variant: &Variant| Choice {
        label: which::in_words(variant),
        say: None,
        source: Source::Product {
            sku: product.sku.clone(),
            field: "stock".to_owned(),
        },
    };
    let choices = out.take(OFFERED).map(choice).collect();
    talk.reply.choices(choices);
    if !product.in_stock() {
        talk.offer(&["choice.alert_any"]);
    }
}
