//! Choices written out as the shop writes them.

use crate::catalog::Product;
use crate::text::fold;

/// Sizes, colours and other choices that stand beside the title as the shop writes them, "24-27" or "0.5 l": of two
/// that stand in one place, the longer.
pub(super) fn spelt_out(product: &Product, said: &str) -> Vec<(String, String)> {
    let said = fold(said).replace(fold(&product.title).as_ref(), ",");
    let stands = |value: &str| {
        let value = fold(value);
        said.match_indices(value.as_ref()).any(|(at, found)| {
            let before = said[..at].chars().next_back();
            let after = said[at + found.len()..].chars().next();
            before.is_none_or(|letter| matches!(letter, ' ' | ',' | '('))
                && after.is_none_or(|letter| matches!(letter, ' ' | ',' | ')' | '.'))
        })
    };
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, value) in product.variants.iter().flat_map(|one| &one.options) {
        if !stands(value) {
            continue;
        }
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) if known.len() >= value.len() => {}
            Some((_, known)) => known.clone_from(value),
            None => found.push((name.clone(), value.clone())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_beside_the_title_are_read_and_letters_within_words_are_not() {
        let catalog = crate::catalog::shop::small();
        let product = catalog
            .products()
            .iter()
            .find(|product| product.variants.iter().any(|one| one.options.len() > 1))
            .unwrap();
        let variant = product.variants.last().unwrap();
        let values: Vec<&str> = variant.options.values().map(String::as_str).collect();
        let said = format!("Put {}, {} in my cart", product.title, values.join(", "));
        let mut found = spelt_out(product, &said);
        found.sort();
        let own: Vec<(String, String)> = variant.options.clone().into_iter().collect();
        assert_eq!(found, own);
        assert_eq!(spelt_out(product, "it's for m's"), []);
    }
}
