//! What is sold out: said so when it is asked for by name, with the day it is expected where the shop knows.

use super::detail::say_field;
use super::{alert, find, suggest, text};
use crate::catalog::{Product, Variant};
use crate::dialogue::block::Line;
use crate::dialogue::port::Offer;
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::understanding::VocabularyKind;

pub(super) const TEXTS: &[TextSpec] = &[
    text("detail.back_on", &["title", "date"]),
    text("detail.back_unknown", &["title"]),
    text("detail.later", &["title"]),
    text("detail.later_on", &["title", "date"]),
];

/// A product by its own name, which search would leave out because it is sold out, or is in the size or colour named.
pub(super) fn named_sold_out(talk: &mut Talk<'_>) -> bool {
    let named = talk.reading.mentions.iter().find(|mention| {
        mention.kind == VocabularyKind::Product && mention.exact && mention.phrase.contains(' ')
    });
    let Some(sku) = named.map(|mention| mention.id.clone()) else {
        return false;
    };
    let options = find::options(talk).into_iter().map(|(_, value)| value);
    let options: Vec<String> = options.collect();
    let is_out = |product: &Product| {
        let fitting = alert::fitting(product, &options);
        fitting.iter().all(|variant| !variant.in_stock())
    };
    let Some(product) = talk.ports.product(&sku).filter(is_out) else {
        return false;
    };
    let said = say_field(talk, &product, "stock");
    if let Some(card) = talk.ports.card(&sku) {
        let offer = Offer {
            card,
            about: None,
            why: Vec::new(),
        };
        suggest::show(talk, vec![offer], "");
    }
    alert::offer(talk, &product);
    said
}

/// What can be ordered though none is on hand, with the day it is expected where the shop knows.
pub(super) fn later(talk: &Talk<'_>, title: &str, variants: &[&Variant]) -> Line {
    let today = talk.date(talk.now);
    let dates = variants.iter().filter_map(|variant| variant.available_on);
    match dates.filter(|day| *day >= today).min() {
        Some(day) => {
            let date = talk.day_in_words(day);
            talk.line("detail.later_on", &[("title", title), ("date", &date)])
        }
        None => talk.line("detail.later", &[("title", title)]),
    }
}

/// When what is sold out is expected, as far as the shop says.
pub(super) fn back(talk: &Talk<'_>, product: &Product) -> Option<Line> {
    if product.in_stock() {
        return None;
    }
    let today = talk.date(talk.now);
    let dates = product
        .variants
        .iter()
        .filter_map(|variant| variant.available_on);
    let Some(day) = dates.filter(|day| *day >= today).min() else {
        return Some(talk.line("detail.back_unknown", &[("title", &product.title)]));
    };
    let date = talk.day_in_words(day);
    Some(talk.line(
        "detail.back_on",
        &[("title", &product.title), ("date", &date)],
    ))
}
