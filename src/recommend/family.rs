//! Near-twins: the same thing in another colour or size.

use crate::catalog::{self, Product};
use crate::search;

/// Words that tell twins apart.
const COLOURS: [&str; 32] = [
    "navy",
    "blue",
    "teal",
    "green",
    "olive",
    "sand",
    "cream",
    "white",
    "grey",
    "gray",
    "charcoal",
    "black",
    "red",
    "burgundy",
    "rust",
    "orange",
    "mustard",
    "yellow",
    "pink",
    "lilac",
    "brown",
    "purple",
    "ivory",
    "beige",
    "gold",
    "silver",
    "turquoise",
    "small",
    "medium",
    "large",
    "mini",
    "big",
];

/// Equal for products that differ only in colour, size or number.
pub(super) fn family(product: &Product) -> String {
    let words = search::spoken(&product.title, catalog::LANGUAGE);
    let telling = words.into_iter().filter(|spoken| {
        let is_colour = COLOURS.contains(&spoken.word.as_str());
        !is_colour && !spoken.word.chars().all(|c| c.is_ascii_digit())
    });
    let terms: Vec<String> = telling.map(|spoken| spoken.term).collect();
    if terms.is_empty() {
        product.sku.clone()
    } else {
        terms.join(" ")
    }
}
