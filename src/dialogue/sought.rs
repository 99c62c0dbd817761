//! What a message finds, to as many places as a measurement looks at: a turn shows three.

use super::port::{Asked, SearchQuestion, Tape};
use super::read::Reading;
use super::shop::Shop;
use super::skills;
use super::state::State;
use super::turn::{Said, begin, turn};
use crate::text::Language;
use jiff::Timestamp;

/// Codes of the products that a message asks for, best first: prices, colours, sizes and what must not be are conditions,
/// the rest is searched by. Whether goods are meant at all is not asked.
pub fn sought(shop: &Shop, text: &str, limit: usize, now: Timestamp) -> Vec<String> {
    let said = Said {
        text,
        ..Said::nothing()
    };
    let mut talk = begin(shop, &State::default(), said, now, Tape::live());
    let language = Language::of(talk.language());
    talk.reading = Reading::of(shop, text, language);
    skills::sought(&mut talk, limit)
}

/// The same, said to the assistant as a first message: nothing where it does not take it as a wish for goods.
pub async fn sought_when_said(
    shop: &Shop,
    text: &str,
    limit: usize,
    now: Timestamp,
) -> Vec<String> {
    let said = Said {
        text,
        ..Said::nothing()
    };
    let turned = turn(shop, &State::default(), said, now, Tape::live()).await;
    let asked = turned.trace.asked.into_iter().rev();
    let mut searches = asked.filter_map(|asked| match asked {
        Asked::Search { question, .. } => Some(*question),
        _ => None,
    });
    let Some(question) = searches.next() else {
        return Vec::new();
    };
    let answer = shop.search(&SearchQuestion {
        asked: None,
        limit,
        ..question
    });
    let found = answer.items.into_iter();
    found.map(|offer| offer.card.sku).collect()
}
