//! Which column is what where headings are the shop's own: `sku=Code,title=Name`.

use super::{Row, Sheet, SheetError};
use crate::text::nearest;
use std::collections::BTreeMap;

/// Our name → their heading.
#[derive(Debug, Default, Clone)]
pub struct Map(BTreeMap<String, String>);

/// A table's columns by our names.
pub struct Columns(Vec<(String, usize)>);

impl Map {
    /// Reads `["sku=Code", "title=Name"]`.
    pub fn parse(pairs: &[String]) -> Result<Self, SheetError> {
        let mut map = BTreeMap::new();
        for pair in pairs {
            let (ours, theirs) = pair
                .split_once('=')
                .ok_or_else(|| SheetError::Map(pair.clone()))?;
            map.insert(ours.trim().to_owned(), theirs.trim().to_owned());
        }
        Ok(Self(map))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Finds the columns. `known` are the names we have, `needed` those without which nothing can be done. A name
    /// that begins with a known one ending in a dot (`attributes.`) is known, too.
    pub fn columns(
        &self,
        sheet: &Sheet<'_>,
        known: &[&str],
        needed: &[&str],
    ) -> Result<Columns, SheetError> {
        let is_family = |ours: &str, name: &str| {
            name.ends_with('.') && ours.len() > name.len() && ours.starts_with(name)
        };
        let is_known = |ours: &str| {
            known
                .iter()
                .any(|name| *name == ours || is_family(ours, name))
        };
        if let Some(wrong) = self.0.keys().find(|ours| !is_known(ours)) {
            let help = match nearest(wrong, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            let wrong = wrong.clone();
            return Err(SheetError::Unknown { wrong, help });
        }
        let mut places = Vec::new();
        let plain = known.iter().copied().filter(|name| !name.ends_with('.'));
        let families = self.0.keys().map(String::as_str);
        let families = families.filter(|ours| !known.contains(ours));
        for name in plain.chain(families) {
            let theirs = self.0.get(name).map_or(name, String::as_str);
            match sheet.column(theirs) {
                Some(at) => places.push((name.to_owned(), at)),
                None if self.0.contains_key(name) || needed.contains(&name) => {
                    return Err(SheetError::Missing {
                        ours: name.to_owned(),
                        theirs: theirs.to_owned(),
                        headings: sheet.headings().join(", "),
                    });
                }
                None => {}
            }
        }
        Ok(Columns(places))
    }
}

impl Columns {
    /// The cell that is ours by this name; empty where there is no such column.
    pub fn of<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let place = self.0.iter().find(|(known, _)| known == name);
        row.at(place.map(|(_, at)| *at))
    }

    /// Names that begin with `family` (`attributes.`), without it, and their cells.
    pub fn family<'r>(&self, row: &'r Row, family: &str) -> impl Iterator<Item = (&str, &'r str)> {
        let named = self.0.iter();
        named.filter_map(move |(name, at)| Some((name.strip_prefix(family)?, row.at(Some(*at)))))
    }

    /// Whether the column at this place is one of ours.
    pub fn uses(&self, place: usize) -> bool {
        self.0.iter().any(|(_, at)| *at == place)
    }
}
