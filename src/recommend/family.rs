//! Near-twins: the same thing in another colour or size.

use crate::catalog::Product;
use crate::search::words;

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
    let words = words::words(&product.title);
    let telling = words.iter().filter(|word| {
        !COLOURS.contains(&word.as_str()) && !word.chars().all(|c| c.is_ascii_digit())
    });
    let stems: Vec<String> = telling.map(|word| words::stem(word)).collect();
    if stems.is_empty() {
        product.sku.clone()
    } else {
        stems.join(" ")
    }
}
