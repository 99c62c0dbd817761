//! Why a product was found: the field that shows each wish and word.

use super::profile::contains;
use super::{Catalog, Filters, Match, MatchField};
use crate::search::Asked;

/// An attribute of more words is a sentence in which the wish stands by the way: "wool programme".
const SHORT_VALUE: usize = 4;

impl Catalog {
    /// The field that best shows each wish and word: an attribute says more than a title already read.
    pub(super) fn matches(
        &self,
        place: usize,
        variants: &[usize],
        asked: &Asked,
        filters: &Filters,
    ) -> Vec<Match> {
        let (product, profile) = (&self.products[place], &self.profiles[place]);
        let shown = |wish: &[String]| -> Option<Match> {
            let shown = |field: MatchField, value: &str| {
                Some(Match {
                    field,
                    value: value.to_owned(),
                })
            };
            let has = |(_, value): &&(String, Vec<String>)| {
                value.len() <= SHORT_VALUE && contains(value, wish)
            };
            if let Some((name, _)) = profile
                .attributes
                .iter()
                .filter(has)
                .min_by_key(|(_, value)| value.len())
            {
                return shown(
                    MatchField::Attribute(name.clone()),
                    product.attributes.get(name)?,
                );
            }
            for variant in variants {
                let mut options = profile.options[*variant].iter();
                if let Some((name, _)) = options.find(|(_, value)| contains(value, wish)) {
                    let value = product.variants[*variant].options.get(name)?;
                    return shown(MatchField::Attribute(name.clone()), value);
                }
            }
            if let Some(level) = profile
                .category
                .iter()
                .rposition(|level| contains(level, wish))
            {
                return shown(MatchField::Category, &product.category[level]);
            }
            if contains(&profile.brand, wish) {
                return shown(MatchField::Brand, product.brand.as_deref()?);
            }
            if contains(&profile.title, wish) {
                return shown(MatchField::Title, &product.title);
            }
            contains(&profile.description, wish).then(|| Match {
                field: MatchField::Description,
                value: String::new(),
            })
        };
        let wished = filters
            .attributes
            .iter()
            .map(|(_, value)| super::terms(value));
        let words = asked.terms.iter().map(|term| vec![term.clone()]);
        let mut found: Vec<Match> = wished
            .chain(words)
            .filter_map(|wish| shown(&wish))
            .collect();
        found.sort_by(|a, b| a.field.cmp(&b.field));
        found.dedup();
        found
    }
}
