//! Several things in one message, each with its own number, size and colour.

use crate::dialogue::skills::find;
use crate::dialogue::state::Wanted;
use crate::dialogue::talk::Talk;
use crate::understanding::{Value, VocabularyKind};
use std::ops::Range;

/// "Two grey birch caps and the mug in blue": each product that is called by its name, with the number, size and colour
/// that stand nearer to it than to the others.
pub(super) fn each_named(talk: &Talk<'_>) -> Vec<Wanted> {
    let mut named: Vec<(&str, Range<usize>)> = Vec::new();
    for mention in &talk.reading.mentions {
        let is_known = named.iter().any(|(sku, _)| *sku == mention.id);
        if mention.kind == VocabularyKind::Product && !is_known {
            named.push((&mention.id, mention.span.clone()));
        }
    }
    named.sort_by_key(|(_, span)| span.start);
    let distance = |one: &Range<usize>, other: &Range<usize>| {
        let after = other.start.saturating_sub(one.end);
        after.max(one.start.saturating_sub(other.end))
    };
    let nearest = |span: &Range<usize>| {
        let all = named.iter().enumerate();
        let nearest = all.min_by_key(|(_, (_, name))| distance(span, name));
        nearest.map(|(at, _)| at)
    };
    let mut wanted: Vec<Wanted> = named
        .iter()
        .map(|(sku, _)| Wanted {
            sku: (*sku).to_owned(),
            quantity: 1,
            options: Vec::new(),
        })
        .collect();
    for entity in &talk.reading.entities {
        let Some(at) = nearest(&entity.span) else {
            continue;
        };
        match &entity.value {
            Value::Quantity(pieces) => wanted[at].quantity = *pieces,
            Value::Colour(colour) => {
                let own = talk.reading.colour_here().filter(|_| wanted.len() == 1);
                let name = own.unwrap_or_else(|| colour.name.to_owned());
                wanted[at].options.push(("colour".to_owned(), name));
            }
            Value::Size(size) => {
                let size = ("size".to_owned(), find::size_here(talk, size));
                wanted[at].options.push(size);
            }
            _ => {}
        }
    }
    wanted
}
