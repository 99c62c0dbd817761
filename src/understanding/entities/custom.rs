//! Entities that staff define: a list of values with their wordings, or a pattern.

use super::order_number::OrderPattern;
use super::{Entity, Message, PatternError, Value};
use crate::text::{stem, words};
use std::collections::HashMap;

/// An entity of the shop's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomEntity {
    /// As slots name it: `carrier`.
    pub name: String,
    /// (value, its wordings); the value itself is one of them.
    pub values: Vec<(String, Vec<String>)>,
    /// `#` stands for a digit: `TK-######`.
    pub pattern: Option<String>,
}

impl CustomEntity {
    /// Whether it can be looked for; for checking where it is written.
    pub fn check(&self) -> Result<(), PatternError> {
        Custom::new(self).map(|_| ())
    }
}

/// The same, ready to be looked for.
#[derive(Debug, Default)]
pub(super) struct Custom {
    name: String,
    /// First stem → (all stems, value).
    wordings: HashMap<String, Vec<(Vec<String>, String)>>,
    pattern: Option<OrderPattern>,
}

impl Custom {
    pub(super) fn new(entity: &CustomEntity) -> Result<Self, PatternError> {
        let mut wordings: HashMap<String, Vec<(Vec<String>, String)>> = HashMap::new();
        for (value, said) in &entity.values {
            for wording in said.iter().chain([value]) {
                let stems: Vec<String> = stems(wording);
                if let Some(first) = stems.first() {
                    let entry = wordings.entry(first.clone()).or_default();
                    entry.push((stems, value.clone()));
                }
            }
        }
        Ok(Self {
            name: entity.name.clone(),
            wordings,
            pattern: entity
                .pattern
                .as_deref()
                .map(OrderPattern::new)
                .transpose()?,
        })
    }

    pub(super) fn find(&self, message: &Message<'_>, found: &mut Vec<Entity>) {
        let value = |value: &str| Value::Custom {
            name: self.name.clone(),
            value: value.to_owned(),
        };
        for index in 0..message.tokens.len() {
            let Some(all) = self.wordings.get(stem(message.word(index))) else {
                continue;
            };
            let stands = |wanted: &[String]| {
                let mut places = wanted.iter().enumerate();
                places.all(|(at, wanted)| stem(message.word(index + at)) == wanted)
            };
            let standing = all.iter().filter(|(stems, _)| stands(stems));
            if let Some((stems, said)) = standing.max_by_key(|(stems, _)| stems.len()) {
                found.push(message.entity(index..index + stems.len(), value(said)));
            }
        }
        if let Some(pattern) = &self.pattern {
            for (range, said) in pattern.hits(message.text) {
                found.push(message.entity_at(range, value(&said)));
            }
        }
    }
}

fn stems(text: &str) -> Vec<String> {
    let mut without_marks = words(text);
    without_marks
        .iter_mut()
        .for_each(|word| word.text.retain(|letter| letter != '\''));
    without_marks
        .iter()
        .map(|word| stem(&word.text).to_owned())
        .collect()
}
