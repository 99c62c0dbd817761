//! A batch as it comes: strict, bounded, and refused whole with the place of the first thing that is wrong.

use super::{Batch, Event, Kind};
use jiff::{SignedDuration, Timestamp};

/// Events of a batch.
pub const MOST_EVENTS: usize = 100;
/// Items of a purchase.
const MOST_ITEMS: usize = 100;
/// Bytes of an id of an event, a visit or a shopper.
const LONGEST_ID: usize = 64;
/// Bytes of a product's code, and of the words of a search.
const LONGEST_WORDS: usize = 200;
const LONGEST_PLACEMENT: usize = 32;
const MOST_PIECES: u32 = 10_000;
/// What a page kept while it was offline is still told.
const OLDEST: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Clocks differ.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Why a batch is refused. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("this is not a batch of events: {0}")]
    NotABatch(String),
    #[error("a batch has at most {MOST_EVENTS} events; send the rest in another one")]
    TooMany,
    #[error("`{field}` of the batch is not right: {help}")]
    Batch {
        field: &'static str,
        help: &'static str,
    },
    #[error("`events[{index}].{field}` is not right: {help}")]
    Event {
        index: usize,
        field: &'static str,
        help: &'static str,
    },
}

/// Reads a batch. Products need not be known: the catalog may be newer or older than the page.
///
/// # Errors
/// The first thing that is wrong.
pub fn read(body: &[u8], now: Timestamp) -> Result<Batch, ReadError> {
    let batch: Batch =
        serde_json::from_slice(body).map_err(|error| ReadError::NotABatch(error.to_string()))?;
    if batch.events.len() > MOST_EVENTS {
        return Err(ReadError::TooMany);
    }
    for (field, id) in [("session", &batch.session), ("shopper", &batch.shopper)] {
        if id
            .as_deref()
            .is_some_and(|id| !is_id(id, field == "shopper"))
        {
            let help = "1 to 64 letters, digits or signs";
            return Err(ReadError::Batch { field, help });
        }
    }
    for (index, event) in batch.events.iter().enumerate() {
        check(event, now).map_err(|(field, help)| ReadError::Event { index, field, help })?;
    }
    Ok(batch)
}

fn is_id(id: &str, any_sign: bool) -> bool {
    let fits = |c: char| match any_sign {
        true => !c.is_control(),
        false => c.is_ascii_alphanumeric() || "-_.:".contains(c),
    };
    (1..=LONGEST_ID).contains(&id.len()) && id.chars().all(fits)
}

/// A product's code or the words of a search.
fn is_words(words: &str) -> bool {
    !words.trim().is_empty() && words.len() <= LONGEST_WORDS && !words.chars().any(char::is_control)
}

fn check(event: &Event, now: Timestamp) -> Result<(), (&'static str, &'static str)> {
    const WORDS: &str = "1 to 200 bytes, no control characters";
    const PIECES: &str = "1 to 10000";
    let pieces = |count: u32| (1..=MOST_PIECES).contains(&count);
    if !is_id(&event.id, false) {
        return Err(("id", "1 to 64 letters, digits, `-`, `_`, `.` or `:`"));
    }
    if let Some(at) = event.at
        && (at < now - OLDEST || at > now + AHEAD)
    {
        return Err(("at", "at most seven days ago, and not in the future"));
    }
    let needs_sku = matches!(
        event.kind,
        Kind::View | Kind::Add | Kind::Remove | Kind::Impression | Kind::Click
    );
    match &event.sku {
        Some(sku) if !is_words(sku) => return Err(("sku", WORDS)),
        None if needs_sku => return Err(("sku", "this type of event needs one")),
        _ => {}
    }
    if event.quantity.is_some_and(|quantity| !pieces(quantity)) {
        return Err(("quantity", PIECES));
    }
    let needs_items = matches!(event.kind, Kind::Checkout | Kind::Purchase);
    if needs_items == event.items.is_empty() {
        return Err((
            "items",
            "`checkout` and `purchase` need them, and no other does",
        ));
    }
    if event.items.len() > MOST_ITEMS {
        return Err(("items", "at most 100"));
    }
    for item in &event.items {
        if !is_words(&item.sku) {
            return Err(("items.sku", WORDS));
        }
        if !pieces(item.quantity) {
            return Err(("items.quantity", PIECES));
        }
        if item.price.is_some_and(|price| price.minor < 0) {
            return Err(("items.price", "not below zero"));
        }
    }
    match &event.query {
        Some(query) if !is_words(query) => return Err(("query", WORDS)),
        None if event.kind == Kind::Search => return Err(("query", "`search` needs one")),
        _ => {}
    }
    if event
        .order
        .as_deref()
        .is_some_and(|order| !is_id(order, true))
    {
        return Err(("order", "1 to 64 letters, digits or signs"));
    }
    let is_placement = |name: &str| {
        (1..=LONGEST_PLACEMENT).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    if event
        .placement
        .as_deref()
        .is_some_and(|name| !is_placement(name))
    {
        return Err((
            "placement",
            "1 to 32 small letters or `_`, like `after_purchase`",
        ));
    }
    if event.position.is_some_and(|position| !pieces(position)) {
        return Err(("position", PIECES));
    }
    Ok(())
}
