//! Words beside a reply: what a card says where a channel shows it as text, and what is said outside of turns.

use super::script::TextSpec;
use super::shop::Shop;
use jiff::Timestamp;

const fn text(id: &'static str, variables: &'static [&'static str]) -> TextSpec {
    TextSpec { id, variables }
}

pub(super) const TEXTS: &[TextSpec] = &[
    text("messenger.choose", &[]),
    text("messenger.from", &["price"]),
    text("messenger.was", &["price"]),
    text("messenger.in_stock", &[]),
    text("messenger.low", &["left"]),
    text("messenger.later", &[]),
    text("messenger.out", &[]),
    text("messenger.total", &["total"]),
    text("messenger.tracking", &["number"]),
    text("messenger.same", &["values"]),
    text("messenger.number", &[]),
    text("messenger.open", &[]),
    text("messenger.catalog", &[]),
    text("messenger.words_only", &[]),
    text("messenger.encrypted", &[]),
    text("messenger.photo_off", &[]),
    text("messenger.photo_too_large", &["most"]),
    text("messenger.photo_too_big", &[]),
    text("messenger.photo_too_many", &["most"]),
    text("messenger.photo_not_one", &[]),
    text("messenger.photo_damaged", &[]),
    text("messenger.photo_infected", &[]),
    text("messenger.photo_lost", &[]),
    text("link.done", &[]),
    text("link.done_known", &[]),
    text("link.consent", &[]),
    text("link.refused", &[]),
    text("link.same", &[]),
    text("link.wrong", &["minutes"]),
    text("link.too_many", &[]),
    text("link.private_only", &[]),
    text("link.unlinked", &[]),
    text("link.not_linked", &[]),
    text("messenger.not_attached", &[]),
    text("messenger.stopped", &[]),
    text("messenger.started", &[]),
];

/// The words of a text in a language, in the shop's own where there are none; its id where nobody wrote it.
pub fn phrase(
    shop: &Shop,
    id: &str,
    variables: &[(&str, &str)],
    language: Option<&str>,
    now: Timestamp,
) -> String {
    let language = language.unwrap_or(&shop.facts.language);
    let text = shop.script.text(id);
    let said = text.and_then(|text| text.render(variables, &shop.conditions(now), language, 0));
    said.unwrap_or_else(|| id.to_owned())
}
