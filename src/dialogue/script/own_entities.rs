//! Entities that staff define, held against the built-in ones.

use super::SlotKind;
use super::check::{Checker, is_id};
use super::read::{At, RawEntity};
use crate::understanding::CustomEntity;

impl Checker<'_> {
    pub(super) fn entity(&mut self, raw: &RawEntity) -> Option<CustomEntity> {
        let name = &raw.name.value;
        if !is_id(name) || SlotKind::ALL.iter().any(|(known, _)| known == name) {
            self.complain(
                "bad-id",
                raw.name.span.clone(),
                format!("`{name}` cannot be an entity's name"),
                "use lower-case letters, digits and `_`, and no name of a built-in type",
            );
        }
        let here = self.here(&raw.name.span);
        if let Some(other) = self.seen.entities.insert(name.clone(), here) {
            self.clash(
                "same-entity",
                raw.name.span.clone(),
                format!("there are two entities `{name}`"),
                "put both into one",
                &other,
                "the other one",
            );
        }
        if raw.values.is_empty() && raw.pattern.is_none() {
            self.complain(
                "empty-entity",
                raw.name.span.clone(),
                format!("nothing can be `{name}`"),
                "add `values:` with their wordings, or `pattern:` with `#` for each digit",
            );
            return None;
        }
        let text = |at: &At<String>| at.value.clone();
        let entity = CustomEntity {
            name: name.clone(),
            values: raw
                .values
                .iter()
                .map(|(value, said)| (text(value), said.iter().map(text).collect()))
                .collect(),
            pattern: raw.pattern.as_ref().map(text),
        };
        if let Err(error) = entity.check() {
            let span = raw.pattern.as_ref().map_or(&raw.name.span, |at| &at.span);
            self.complain(
                "bad-pattern",
                span.clone(),
                error.to_string(),
                "write `#` for each digit, like `TK-######`",
            );
            return None;
        }
        Some(entity)
    }
}
