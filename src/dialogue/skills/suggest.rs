//! "What goes with it?", "something like this", best sellers: each product with its reason in words.

use super::{critique, text};
use crate::dialogue::block::{Block, Choice, Line, ProductCard, Source, Stock};
use crate::dialogue::port::{Offer, Why};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::Shown;
use crate::dialogue::talk::Talk;
use crate::understanding::{Reference, VocabularyKind};
use jiff::Timestamp;

pub(super) const TEXTS: &[TextSpec] = &[
    text("with.results", &["title"]),
    text("with.none", &["title"]),
    text("with.ask_which", &[]),
    text("similar.results", &["title"]),
    text("similar.none", &["title"]),
    text("popular.results", &[]),
    text("popular.none", &[]),
    text("why.together", &["count", "baskets", "title"]),
    text("why.similar", &["title"]),
    text("why.popular", &["count"]),
    text("why.viewed_together", &["count", "visits", "title"]),
    text("why.trending", &["times"]),
    text("why.new", &["days"]),
    text("why.buy_again", &["times", "days"]),
    text("why.reorder", &["every_days", "days"]),
    text("why.viewed", &[]),
    text("why.pinned", &[]),
    text("why.catalog", &[]),
    text("why.match", &["field", "value"]),
    text("why.price", &["price", "limit"]),
    text("why.rating", &["rating"]),
];

/// Products shown at once.
pub(super) const SHOWN: usize = 3;

pub(super) fn goes_with(talk: &mut Talk<'_>) {
    let Some(product) = meant(talk) else {
        talk.say("with.ask_which", &[]);
        return;
    };
    let offers = talk
        .ports
        .goes_with(std::slice::from_ref(&product.sku), SHOWN);
    talk.state.focus = Some(product.clone());
    let id = if offers.is_empty() {
        "with.none"
    } else {
        "with.results"
    };
    talk.say(id, &[("title", &product.title)]);
    show(talk, offers, &product.title);
    // "It" still is what the shopper asked about, not what was suggested beside it.
    talk.state.focus = Some(product);
}

pub(super) fn similar(talk: &mut Talk<'_>) {
    if critique::around(talk, true) {
        return;
    }
    let Some(product) = meant(talk) else {
        talk.say("with.ask_which", &[]);
        return;
    };
    let offers = talk.ports.similar(&product.sku, SHOWN);
    let id = if offers.is_empty() {
        "similar.none"
    } else {
        "similar.results"
    };
    talk.say(id, &[("title", &product.title)]);
    show(talk, offers, &product.title);
}

pub(super) fn best_sellers(talk: &mut Talk<'_>) {
    let offers = talk.ports.popular(SHOWN);
    talk.say(
        if offers.is_empty() {
            "popular.none"
        } else {
            "popular.results"
        },
        &[],
    );
    show(talk, offers, "");
}

/// Shows offers as cards with their reasons and remembers them for "the second one".
pub(super) fn show(talk: &mut Talk<'_>, offers: Vec<Offer>, about: &str) {
    if offers.is_empty() {
        return;
    }
    let items = cards(talk, offers, about);
    let shown = items.iter().map(shown).collect();
    let block = products(talk, items);
    talk.reply.block(block);
    talk.state.show(shown);
}

/// Cards in a row, each with its way into the cart, and the way to have some side by side.
pub(super) fn products(talk: &Talk<'_>, mut items: Vec<ProductCard>) -> Block {
    let tap = |label: &str, say: &str| {
        let Line { text, source } = talk.line(label, &[]);
        Choice {
            label: text,
            say: Some(talk.line(say, &[("what", "{what}")]).text),
            source,
        }
    };
    for card in &mut items {
        card.add = (card.stock != Stock::Out).then(|| tap("cart.add_label", "cart.tap_add"));
    }
    let compare = (items.len() > 1).then(|| tap("compare.label", "compare.tap"));
    Block::Products { items, compare }
}

/// Offers as cards, each reason in words.
pub(super) fn cards(talk: &Talk<'_>, offers: Vec<Offer>, about: &str) -> Vec<ProductCard> {
    let card = |offer: Offer| {
        let about = offer.about.as_deref().unwrap_or(about);
        let why = offer
            .why
            .iter()
            .map(|why| reason(talk, why, about, &offer.card.sku))
            .collect();
        ProductCard { why, ..offer.card }
    };
    offers.into_iter().map(card).collect()
}

pub(super) fn shown(card: &ProductCard) -> Shown {
    Shown {
        sku: card.sku.clone(),
        title: card.title.clone(),
        price: card.price,
        why: card.why.clone(),
    }
}

/// A reason that the recommender counted.
fn counted(talk: &Talk<'_>, why: &Why, about: &str) -> (Line, Source) {
    let say = |measure: &str, id: &str, values: &[(&str, String)]| {
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let source = Source::Recommendation {
            measure: measure.to_owned(),
        };
        (talk.line(id, &values), source)
    };
    let about = || ("title", about.to_owned());
    let number = |name: &'static str, number: &u32| (name, number.to_string());
    let days_since = |last: &Timestamp| {
        let hours = talk.now.duration_since(*last).as_hours();
        ("days", (hours.max(0) / 24).to_string())
    };
    match why {
        Why::Together { count, baskets } => {
            let values = [number("count", count), number("baskets", baskets), about()];
            say("bought_together", "why.together", &values)
        }
        Why::ViewedTogether { count, visits } => {
            let values = [number("count", count), number("visits", visits), about()];
            say("viewed_together", "why.viewed_together", &values)
        }
        Why::Popular { count } => say("popular", "why.popular", &[number("count", count)]),
        Why::Trending { times } => say(
            "trending",
            "why.trending",
            &[("times", format!("{times:.1}"))],
        ),
        Why::New { days } => say("new", "why.new", &[number("days", days)]),
        Why::BuyAgain { times, last } => say(
            "buy_again",
            "why.buy_again",
            &[number("times", times), days_since(last)],
        ),
        Why::Reorder { every_days, last } => {
            let every = number("every_days", every_days);
            say("reorder", "why.reorder", &[every, days_since(last)])
        }
        Why::Viewed => say("viewed", "why.viewed", &[]),
        Why::Pinned => say("pinned", "why.pinned", &[]),
        Why::Catalog => say("catalog", "why.catalog", &[]),
        // What is left compares contents; fields, prices and ratings were told above.
        Why::Similar | Why::Matched { .. } | Why::Price { .. } | Why::Rated { .. } => {
            say("similar", "why.similar", &[about()])
        }
    }
}

/// A reason in staff's words, its source the data it rests on.
fn reason(talk: &Talk<'_>, why: &Why, about: &str, sku: &str) -> Line {
    let product = |field: &str| Source::Product {
        sku: sku.to_owned(),
        field: field.to_owned(),
    };
    let (mut line, source) = match why {
        Why::Matched { field, value } => (
            talk.line("why.match", &[("field", field), ("value", value)]),
            product(field),
        ),
        Why::Price { price, limit } => {
            let (price, limit) = (price.to_string(), limit.to_string());
            (
                talk.line("why.price", &[("price", &price), ("limit", &limit)]),
                product("price"),
            )
        }
        Why::Rated { rating } => (
            talk.line("why.rating", &[("rating", &format!("{rating:.1}"))]),
            product("rating"),
        ),
        told => counted(talk, told, about),
    };
    line.source = source;
    line
}

/// The product a message is about: named, pointed at, or the one last spoken of.
pub(super) fn meant(talk: &mut Talk<'_>) -> Option<Shown> {
    let pointed = talk.reading.reference();
    if let Some(found) = pointed.and_then(|reference| pointed_at(talk, reference)) {
        talk.resolved(format!(
            "the message points at {} ({})",
            found.title, found.sku
        ));
        return Some(found);
    }
    if let Some(found) = named(talk) {
        return Some(found);
    }
    let last = talk
        .state
        .focus
        .clone()
        .or_else(|| talk.state.shown.first().cloned())?;
    talk.resolved(format!(
        "nothing is named: {} ({}), spoken of last",
        last.title, last.sku
    ));
    Some(last)
}

pub(super) fn pointed_at(talk: &Talk<'_>, reference: Reference) -> Option<Shown> {
    let shown = &talk.state.shown;
    match reference {
        Reference::Nth(n) => shown.get((n as usize).checked_sub(1)?).cloned(),
        Reference::Last => shown.last().cloned(),
        Reference::Other => {
            let focus = talk.state.focus.as_ref();
            shown
                .iter()
                .find(|one| focus.is_none_or(|focus| focus.sku != one.sku))
                .cloned()
        }
        Reference::That => talk.state.focus.clone().or_else(|| shown.first().cloned()),
        Reference::FirstFew(_) | Reference::LastFew(_) | Reference::All => None,
    }
}

/// Words of goods that name one product well enough: "the quay backpack" for one whose whole name is longer.
pub(in crate::dialogue) fn spoken_of(talk: &mut Talk<'_>) -> Option<String> {
    named_by_several(talk).or_else(|| named_by_one(talk))
}

/// "How hot should the water be for sencha?": one word of a name, where a number of the product is asked for.
fn named_by_one(talk: &mut Talk<'_>) -> Option<String> {
    if !super::passage::asks_number(&talk.reading.text) {
        return None;
    }
    let words = super::find::goods_words(talk);
    let mut cards = words.split(' ').filter_map(|word| {
        let card = talk.ports.named(word)?;
        let named = card.title.to_lowercase().contains(word);
        (named && !super::detail::names_field(word)).then_some(card)
    });
    cards.next().map(|card| card.sku)
}

fn named_by_several(talk: &mut Talk<'_>) -> Option<String> {
    let words = super::find::goods_words(talk);
    if words.split(' ').count() < 2 {
        return None;
    }
    // A word before or behind the name may be what is asked: "how long does the pine candle burn".
    let without_last = words.rsplit_once(' ').map_or("", |(name, _)| name);
    let without_first = words.split_once(' ').map_or("", |(_, name)| name);
    let names = [words.as_str(), without_last, without_first];
    let mut names = names.into_iter().filter(|name| name.contains(' '));
    let card = names.find_map(|name| talk.ports.named(name))?;
    let title = card.title.to_lowercase();
    let named = words
        .split(' ')
        .filter(|word| title.contains(*word))
        .count();
    (named >= 2).then_some(card.sku)
}

/// A product by its name: among those just shown first, then in the whole catalog.
fn named(talk: &mut Talk<'_>) -> Option<Shown> {
    let said = talk.reading.text.to_lowercase();
    let on_screen = talk
        .state
        .shown
        .iter()
        .find(|one| said.contains(&one.title.to_lowercase()))
        .cloned();
    if on_screen.is_some() {
        return on_screen;
    }
    let exact = talk
        .reading
        .mentions
        .iter()
        .find(|mention| mention.kind == VocabularyKind::Product);
    let card = match exact {
        Some(mention) => {
            let sku = mention.id.clone();
            talk.ports.card(&sku)
        }
        None => {
            let words = super::find::goods_words(talk);
            let text = talk.reading.text.clone();
            // "Is it waterproof?" asks for a field and names no spray.
            if !words.is_empty() && words.split(' ').all(super::detail::names_field) {
                return None;
            }
            let found = if words.is_empty() {
                None
            } else {
                talk.ports.named(&words)
            };
            found.or_else(|| talk.ports.named(&text)).or_else(|| {
                let sku = spoken_of(talk)?;
                talk.ports.card(&sku)
            })
        }
    }?;
    talk.resolved(format!("the message names {} ({})", card.title, card.sku));
    Some(shown(&card))
}
