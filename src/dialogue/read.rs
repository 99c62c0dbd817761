//! Reading a message: what stands in it, before anything is decided.

use super::shop::Shop;
use super::trace::Noticed;
use crate::catalog::Naming;
use crate::text::{self, Language};
use crate::understanding::{
    Colour, Comparative, Entity, Measure, Mention, PriceWish, Reference, Repair, Value,
    VocabularyKind,
};
use std::ops::Range;
use std::sync::OnceLock;

/// Sizes written out, which are misspelt more often than letters.
const WRITTEN_OUT: [(&str, &str); 3] = [("small", "S"), ("medium", "M"), ("large", "L")];

/// A message, or one of two requests in it, with everything noticed in it.
/// What catalogs call it, whatever the shop's data does.
const COLOUR: &str = "colour";

#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) text: String,
    language: Language,
    pub(super) words: Vec<text::Word>,
    pub(super) entities: Vec<Entity>,
    /// Words of the live catalog.
    pub(super) mentions: Vec<Mention>,
    /// Words that describe several of the things last shown: "the waterproof ones".
    pub(super) described: Option<String>,
    /// Whether it is nothing but the name of a thing, once somebody has asked: it costs a search.
    pub(super) named: OnceLock<Option<(String, Naming)>>,
}

impl Reading {
    pub(super) fn of(shop: &Shop, text: &str, language: Language) -> Self {
        let words = text::words(text);
        let mut entities = shop.scanner.scan_words(text, &words);
        if !shop.catalog.attributes().contains_key(COLOUR) {
            // Where nothing comes in colours, "white tea" and "earl grey" are names.
            entities.retain(|entity| !matches!(entity.value, Value::Colour(_)));
        }
        let mentions = shop.vocabulary.mentions_in(&words);
        entities.retain(|entity| {
            !matches!(entity.value, Value::Colour(_))
                || !is_in_name(shop, &words, &mentions, &entity.span)
        });
        Self {
            language,
            entities,
            mentions,
            text: text.to_owned(),
            words,
            described: None,
            named: OnceLock::new(),
        }
    }

    pub(super) fn noticed(&self) -> Vec<Noticed> {
        let entities = self
            .entities
            .iter()
            .map(|entity| (kind_of(&entity.value), &entity.text));
        let mentions = self
            .mentions
            .iter()
            .map(|mention| (kind_of_mention(&mention.kind), &mention.phrase));
        entities
            .chain(mentions)
            .map(|(kind, text)| Noticed {
                kind: kind.to_owned(),
                text: text.clone(),
            })
            .collect()
    }

    /// Byte ranges that name things of the catalog. A word that only resembles one (`cancle`, a candle?) may as
    /// well be one of the request, and is left for the matcher to read.
    pub(super) fn masked(&self) -> Vec<Range<usize>> {
        self.mentions
            .iter()
            .filter(|mention| mention.exact)
            .map(|mention| mention.span.clone())
            .collect()
    }

    fn first<T>(&self, pick: impl Fn(&Value) -> Option<T>) -> Option<T> {
        self.entities.iter().find_map(|entity| pick(&entity.value))
    }

    pub(super) fn email(&self) -> Option<String> {
        self.first(|value| {
            if let Value::Email(email) = value {
                Some(email.clone())
            } else {
                None
            }
        })
    }

    pub(super) fn price(&self) -> Option<PriceWish> {
        self.first(|value| match value {
            Value::Price(wish) => Some(*wish),
            _ => None,
        })
    }

    pub(super) fn cheap(&self) -> bool {
        self.first(|value| matches!(value, Value::Cheap).then_some(()))
            .is_some()
    }

    pub(super) fn reference(&self) -> Option<Reference> {
        self.first(|value| {
            if let Value::Reference(reference) = value {
                Some(*reference)
            } else {
                None
            }
        })
    }

    pub(super) fn measure(&self) -> Option<Measure> {
        self.first(|value| match value {
            Value::Measure(measure) => Some(*measure),
            _ => None,
        })
    }

    pub(super) fn prices(&self) -> impl Iterator<Item = PriceWish> {
        let entities = self.entities.iter();
        entities.filter_map(|entity| match &entity.value {
            Value::Price(wish) => Some(*wish),
            _ => None,
        })
    }

    pub(super) fn comparative(&self) -> Option<Comparative> {
        self.first(|value| {
            if let Value::Comparative(comparative) = value {
                Some(*comparative)
            } else {
                None
            }
        })
    }

    pub(super) fn superlative(&self) -> Option<Comparative> {
        self.first(|value| {
            if let Value::Superlative(comparative) = value {
                Some(*comparative)
            } else {
                None
            }
        })
    }

    pub(super) fn colour(&self) -> Option<Colour> {
        self.first(|value| {
            if let Value::Colour(colour) = value {
                Some(*colour)
            } else {
                None
            }
        })
    }

    /// Whether one of these words stands before the span, alone or with a small word between: "postcode 0150", "zip is
    /// 0150".
    pub(super) fn is_called(&self, span: &Range<usize>, names: &[&str]) -> bool {
        const SMALL: [&str; 5] = ["is", "ist", "code", "number", "nummer"];
        let at = self
            .words
            .partition_point(|word| word.span.start < span.start);
        let mut before = self.words[..at].iter().rev().map(|word| word.text.as_str());
        let named = before.find(|word| !SMALL.contains(word));
        named.is_some_and(|word| names.contains(&word))
    }

    /// The colour as the shop writes it, where its own name for it is longer: "sage green".
    pub(super) fn colour_here(&self) -> Option<String> {
        let colour = |entity: &&Entity| matches!(entity.value, Value::Colour(_));
        let entity = self.entities.iter().find(colour)?;
        let own = self.mentions.iter().find(|mention| {
            let around =
                mention.span.start <= entity.span.start && entity.span.end <= mention.span.end;
            let is_colour =
                matches!(&mention.kind, VocabularyKind::Attribute { name } if name == COLOUR);
            is_colour && around && mention.span != entity.span
        });
        match own {
            Some(own) => Some(own.id.clone()),
            None => self.colour().map(|colour| colour.name.to_owned()),
        }
    }

    /// A size as the shop writes it; "larg" is a large.
    pub(super) fn size(&self) -> Option<String> {
        let said = self.first(|value| {
            if let Value::Size(size) = value {
                Some(size.clone())
            } else {
                None
            }
        });
        said.or_else(|| self.misspelt_size())
    }

    fn misspelt_size(&self) -> Option<String> {
        let near = |typed: &str, written: &str| {
            // The first letter is rarely mistyped, and looking at it first is cheap.
            typed.chars().next() == written.chars().next()
                && typed.len().abs_diff(written.len()) <= 1
                && typed != "smell"
                && text::nearest(typed, [written]).is_some()
        };
        let size = |word: &text::Word| {
            WRITTEN_OUT
                .iter()
                .find(|(written, _)| near(&word.text, written))
        };
        self.words
            .iter()
            .find_map(size)
            .map(|(_, size)| (*size).to_owned())
    }

    pub(super) fn without(&self) -> Vec<String> {
        let all = self
            .entities
            .iter()
            .filter_map(|entity| match &entity.value {
                Value::Without(what) => Some(what.clone()),
                _ => None,
            });
        all.collect()
    }

    pub(super) fn says(&self, repair: Repair) -> bool {
        self.entities
            .iter()
            .any(|entity| entity.value == Value::Repair(repair))
    }

    /// The repair that is all the message says: "never mind please", but not "no, in blue".
    pub(super) fn only_repair(&self) -> Option<Repair> {
        let repair = self.first(|value| {
            if let Value::Repair(repair) = value {
                Some(*repair)
            } else {
                None
            }
        })?;
        let others = self
            .entities
            .iter()
            .any(|entity| !matches!(entity.value, Value::Repair(_)));
        (!others && self.mentions.is_empty() && self.rest_words() == 0).then_some(repair)
    }

    /// Content words that no entity and no catalog mention accounts for.
    pub(super) fn rest_words(&self) -> usize {
        self.rest().count()
    }

    /// The same words.
    pub(super) fn rest(&self) -> impl Iterator<Item = &str> {
        let entities = move || self.entities.iter().map(|entity| &entity.span);
        let mentions = move || self.mentions.iter().map(|mention| &mention.span);
        let free = move |word: &text::Word| {
            !entities()
                .chain(mentions())
                .any(|span| span.start < word.span.end && word.span.start < span.end)
        };
        self.words
            .iter()
            .filter(move |word| !self.language.is_stop_word(&word.text) && free(word))
            .map(|word| word.text.as_str())
    }

    /// The words alone, so that case and punctuation do not matter.
    pub(super) fn bare(&self) -> String {
        bare(&self.words)
    }

    /// The message without the words of entities: what is left to search by. Catalog words stay. The same word may be two
    /// entities: `42`, a number and a size.
    pub(super) fn search_words(&self) -> String {
        let mut spans: Vec<&Range<usize>> =
            self.entities.iter().map(|entity| &entity.span).collect();
        spans.sort_unstable_by_key(|span| span.start);
        text::replaced(&self.text, spans.into_iter().map(|span| (span, " ")))
    }
}

/// Whether the colour at `span` is part of a name of several words, which wins: "earl grey", "cheapest green tea".
fn is_in_name(
    shop: &Shop,
    words: &[text::Word],
    mentions: &[Mention],
    span: &Range<usize>,
) -> bool {
    let longer = |mention: &Mention| {
        let is_colour =
            matches!(&mention.kind, VocabularyKind::Attribute { name } if name == COLOUR);
        let around = mention.span.start <= span.start && span.end <= mention.span.end;
        !is_colour && around && mention.span != *span
    };
    let first = words.partition_point(|word| word.span.start < span.start);
    let behind = words.partition_point(|word| word.span.start < span.end);
    let beside = |at: Option<usize>| {
        let two = at.and_then(|at| words.get(at..at + 2));
        two.is_some_and(|two| shop.goods.is_coloured_name(&two[0].text, &two[1].text))
    };
    mentions.iter().any(longer) || beside(first.checked_sub(1)) || beside(behind.checked_sub(1))
}

/// Words side by side.
pub(super) fn bare(words: &[text::Word]) -> String {
    let mut bare = String::with_capacity(64);
    for word in words {
        if !bare.is_empty() {
            bare.push(' ');
        }
        bare.push_str(&word.text);
    }
    bare
}

/// A kind of entity as a trace names it.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::OrderNumber(_) => "order_number",
        Value::PossibleOrderNumber(_) => "possible_order_number",
        Value::Email(_) => "email",
        Value::Phone(_) => "phone",
        Value::Postcode(_) => "postcode",
        Value::Number(_) => "number",
        Value::Price(_) => "price",
        Value::Amount(_) => "amount",
        Value::Cheap => "cheap",
        Value::Quantity(_) => "quantity",
        Value::Reference(_) => "reference",
        Value::Comparative(_) => "comparative",
        Value::Superlative(_) => "superlative",
        Value::Repair(_) => "repair",
        Value::Colour(_) => "colour",
        Value::Size(_) => "size",
        Value::Without(_) => "without",
        Value::Day(_) => "date",
        Value::Measure(_) => "measure",
        Value::Custom { .. } => "custom",
    }
}

fn kind_of_mention(kind: &VocabularyKind) -> &str {
    match kind {
        VocabularyKind::Product => "product",
        VocabularyKind::Category => "category",
        VocabularyKind::Brand => "brand",
        VocabularyKind::Attribute { name } => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_two_entities_is_left_out_once() {
        let entity = |value| Entity {
            value,
            text: "42".to_owned(),
            span: 6..8,
        };
        let reading = Reading {
            text: "boots 42 größe".to_owned(),
            entities: vec![
                entity(Value::Number("42".to_owned())),
                entity(Value::Size("42".to_owned())),
            ],
            ..Reading::default()
        };
        let left = reading.search_words();
        let left: Vec<&str> = left.split_whitespace().collect();
        assert_eq!(left, ["boots", "größe"]);
    }
}
