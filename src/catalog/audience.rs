//! Whom goods are made for, where a shop says so: in a field for it, in a category or in the title.

use super::Product;
use crate::text::words;
use serde::{Deserialize, Serialize};

/// Whom something is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Men,
    Women,
    /// Grown up; nobody knows more.
    Adults,
}

impl std::fmt::Display for Audience {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Men => "a man",
            Self::Women => "a woman",
            Self::Adults => "somebody grown up",
        })
    }
}

/// Names of fields that say it. Folded; sorted.
const FIELDS: [&str; 14] = [
    "age",
    "age group",
    "altersgruppe",
    "audience",
    "department",
    "for",
    "fur",
    "für",
    "gender",
    "geschlecht",
    "recommended for",
    "suitable for",
    "target group",
    "zielgruppe",
];
const MEN: [&str; 5] = ["gentlemen", "herren", "men", "mens", "männer"];
const WOMEN: [&str; 5] = ["damen", "frauen", "ladies", "women", "womens"];
const CHILDREN: [&str; 8] = [
    "boys",
    "children",
    "childrens",
    "girls",
    "kids",
    "kinder",
    "toddler",
    "toddlers",
];
/// In a field for it, these are plain too; elsewhere a man is in Spider-Man and a baby in spinach.
const MAN: [&str; 3] = ["male", "man", "mann"];
const WOMAN: [&str; 3] = ["female", "frau", "woman"];
const CHILD: [&str; 7] = [
    "babies", "baby", "child", "infant", "kid", "kind", "newborn",
];
const ANYBODY: [&str; 7] = [
    "adult",
    "adults",
    "all",
    "alle",
    "erwachsene",
    "everyone",
    "unisex",
];

/// What a product says of whom it is made for; nothing said is for anybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MadeFor {
    men: bool,
    women: bool,
    children: bool,
    anybody: bool,
}

impl MadeFor {
    pub(super) fn of(product: &Product) -> Self {
        let mut made_for = Self::default();
        let named = product.category.iter().chain([&product.title]);
        named.for_each(|text| made_for.hear(text, false));
        for (name, value) in &product.attributes {
            let name = name.trim().to_lowercase().replace('_', " ");
            if FIELDS.binary_search(&name.as_str()).is_ok() {
                made_for.hear(value, true);
            }
        }
        made_for
    }

    fn hear(&mut self, text: &str, in_field: bool) {
        for word in words(text) {
            let word = word.text.trim_end_matches("'s").trim_end_matches('\'');
            self.men |= MEN.contains(&word) || (in_field && MAN.contains(&word));
            self.women |= WOMEN.contains(&word) || (in_field && WOMAN.contains(&word));
            self.children |= CHILDREN.contains(&word) || (in_field && CHILD.contains(&word));
            self.anybody |= in_field && ANYBODY.contains(&word);
        }
    }

    /// Whether it is for them too.
    pub(super) fn suits(self, audience: Audience) -> bool {
        let says_nothing = !(self.men || self.women || self.children);
        says_nothing
            || self.anybody
            || match audience {
                Audience::Men => self.men,
                Audience::Women => self.women,
                Audience::Adults => self.men || self.women,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shop::product;
    use super::*;

    fn suits(title: &str, category: &str, field: Option<(&str, &str)>) -> [bool; 3] {
        let mut product = product(title, category, "", &[("", "9.00", 4)]);
        let field = field.map(|(name, value)| (name.to_owned(), value.to_owned()));
        product.attributes.extend(field);
        let made_for = MadeFor::of(&product);
        [Audience::Men, Audience::Women, Audience::Adults].map(|one| made_for.suits(one))
    }

    #[test]
    fn what_says_nothing_is_for_anybody_and_the_rest_for_those_it_names() {
        assert_eq!(suits("Fjord jacket", "Jackets", None), [true; 3]);
        assert_eq!(
            suits("Women's jacket", "Jackets", None),
            [false, true, true]
        );
        assert_eq!(suits("Mittens", "Clothing > Kids", None), [false; 3]);
        assert_eq!(
            suits("Moss", "Fleece", Some(("for", "men"))),
            [true, false, true]
        );
        assert_eq!(
            suits("Moss", "Fleece", Some(("Age_Group", "infant"))),
            [false; 3]
        );
        assert_eq!(
            suits(
                "Socks for men and women",
                "Socks",
                Some(("gender", "unisex"))
            ),
            [true; 3]
        );
        // Neither is made for anybody by its name.
        assert_eq!(suits("Baby spinach", "Greens", None), [true; 3]);
        assert_eq!(suits("Old man's beard", "Seeds", None), [true; 3]);
    }

    #[test]
    fn the_fields_are_sorted() {
        assert!(FIELDS.is_sorted());
    }
}
