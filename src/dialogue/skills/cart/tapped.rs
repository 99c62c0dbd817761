//! What the Add of a card says: a title, and the values that were picked of it.

use crate::catalog::Product;
use crate::dialogue::state::Wanted;
use crate::dialogue::talk::Talk;
use crate::understanding::VocabularyKind;

/// The product and the choices, exactly as the card named them; none where the message is not a card's.
pub(super) fn tapped(talk: &mut Talk<'_>) -> Option<Wanted> {
    let frame = talk.line("cart.tap_add", &[("what", "\n")]).text;
    let (before, after) = frame.split_once('\n')?;
    let said = talk.reading.text.trim();
    let what = said.strip_prefix(before)?.strip_suffix(after)?;
    let mentions = talk.reading.mentions.iter();
    let mentioned = mentions
        .filter(|mention| mention.kind == VocabularyKind::Product)
        .map(|mention| mention.id.clone());
    let shown = talk.state.shown.iter().map(|one| one.sku.clone());
    let candidates: Vec<String> = mentioned.chain(shown).collect();
    let products = candidates.iter().filter_map(|sku| talk.ports.product(sku));
    // "Alder wool socks" stands in "Little Alder wool socks", too.
    let named = products.filter(|product| picked(product, what).is_some());
    let product = named.max_by_key(|product| product.title.len())?;
    Some(Wanted {
        options: picked(&product, what)?,
        sku: product.sku,
        quantity: 1,
    })
}

/// The choices behind the title, if it is this product's.
fn picked(product: &Product, what: &str) -> Option<Vec<(String, String)>> {
    let mut parts = what.strip_prefix(&product.title)?.split(", ");
    if parts.next() != Some("") {
        return None;
    }
    let all = || product.variants.iter().flat_map(|one| &one.options);
    let option = |value: &str| {
        let found = all().find(|(_, own)| own.as_str() == value)?;
        Some((found.0.clone(), found.1.clone()))
    };
    parts.map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_its_values_is_read_and_another_title_is_not() {
        let catalog = crate::catalog::shop::small();
        let mut products = catalog.products().iter();
        let product = products
            .find(|product| product.variants.iter().any(|one| one.options.len() > 1))
            .unwrap();
        let variant = product.variants.last().unwrap();
        let values: Vec<&str> = variant.options.values().map(String::as_str).collect();
        let own: Vec<(String, String)> = variant.options.clone().into_iter().collect();
        let what = format!("{}, {}", product.title, values.join(", "));
        assert_eq!(picked(product, &what), Some(own));
        assert_eq!(picked(product, &product.title), Some(Vec::new()));
        assert_eq!(picked(product, &format!("{}s", product.title)), None);
        assert_eq!(
            picked(product, &format!("{}, nonsense", product.title)),
            None
        );
    }
}
