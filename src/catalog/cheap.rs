//! What is cheap: among its kind, for ten euros are little for a jacket and much for a card.

use super::{Money, Product};
use std::collections::HashMap;
use std::sync::Arc;

/// The cheapest of so many of a kind count as cheap.
const ONE_IN: usize = 3;
/// Fewer of a kind say nothing; those of the category above are looked at then.
const ENOUGH: usize = 6;

/// The price up to which each product would count as cheap, in catalog order. `None` where too few are priced in its
/// currency to say. O(n log n) for n products.
pub(super) fn bounds(products: &[Arc<Product>]) -> Vec<Option<Money>> {
    let lowest: Vec<Option<Money>> = products.iter().map(|product| lowest(product)).collect();
    let mut kinds: HashMap<_, Vec<i64>> = HashMap::new();
    for (product, price) in products.iter().zip(&lowest) {
        let Some(price) = price else { continue };
        for depth in 0..=product.category.len() {
            let kind = (&product.category[..depth], price.currency);
            kinds.entry(kind).or_default().push(price.minor);
        }
    }
    let bounds: HashMap<_, i64> = kinds
        .into_iter()
        .filter(|(_, prices)| prices.len() >= ENOUGH)
        .map(|(kind, mut prices)| {
            let last = (prices.len() - 1) / ONE_IN;
            (kind, *prices.select_nth_unstable(last).1)
        })
        .collect();
    let bound = |(product, price): (&Arc<Product>, &Option<Money>)| {
        let currency = (*price)?.currency;
        let depths = (0..=product.category.len()).rev();
        let minor = depths
            .filter_map(|depth| bounds.get(&(&product.category[..depth], currency)))
            .next()?;
        Some(Money {
            minor: *minor,
            currency,
        })
    };
    products.iter().zip(&lowest).map(bound).collect()
}

fn lowest(product: &Product) -> Option<Money> {
    let prices = product.variants.iter().map(|variant| variant.price);
    prices.min_by_key(|price| price.minor)
}

#[cfg(test)]
mod tests {
    use super::super::shop::{eur, product};
    use super::*;

    fn priced(category: &str, prices: &[&str]) -> Vec<Arc<Product>> {
        let one = |price: &&str| product(price, category, "", &[("", *price, 1)]);
        prices.iter().map(one).map(Arc::new).collect()
    }

    #[test]
    fn a_third_of_a_kind_is_cheap() {
        let mut goods = priced(
            "Home > Jackets",
            &["90", "80", "100", "120", "99", "60", "200"],
        );
        goods.extend(priced("Home > Cards", &["1", "2", "3", "4", "5", "6"]));
        let bounds = bounds(&goods);
        assert_eq!(bounds[0], Some(eur("90")));
        assert_eq!(bounds[7], Some(eur("2")));
    }

    #[test]
    fn where_a_kind_is_small_the_one_above_counts() {
        let mut goods = priced("Home > Lamps", &["50", "60"]);
        goods.extend(priced("Home > Cards", &["1", "2", "3", "4", "5"]));
        assert_eq!(bounds(&goods)[0], Some(eur("3")));
        assert_eq!(bounds(&priced("Home", &["1", "2"])), [None, None]);
    }
}
