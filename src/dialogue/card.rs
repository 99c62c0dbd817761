//! A product as a card: its price, what is in stock, and what it leaves to choose.

use super::block::{OptionValues, ProductCard, Stock, VariantCard};
use crate::catalog::{Product, Variant};
use crate::money::Money;

/// "Only 5 left" begins here.
const LOW_STOCK: u32 = 5;
/// More are chosen on the product's page, or in words.
const MOST_VARIANTS: usize = 60;

/// A product as a card, priced by its cheapest variant that can be bought. None for a product
/// without variants, which no importer makes.
pub fn card(product: &Product) -> Option<ProductCard> {
    let on_sale = |variant: &&Variant| variant.stock.is_none_or(|left| left > 0);
    let buyable = product
        .variants
        .iter()
        .filter(on_sale)
        .min_by_key(|variant| variant.price);
    let cheapest =
        buyable.or_else(|| product.variants.iter().min_by_key(|variant| variant.price))?;
    let stock = stock_of(product.variants.iter());
    let from = product
        .variants
        .iter()
        .any(|variant| variant.price != cheapest.price);
    let mut card = ProductCard {
        was: cheapest.was,
        stock,
        from,
        ..bare_card(product, cheapest.price)
    };
    card.variants = choosable(&card, product, product.variants.iter());
    Some(card)
}

pub(super) fn bare_card(product: &Product, price: Money) -> ProductCard {
    let mut options: Vec<OptionValues> = Vec::new();
    for variant in &product.variants {
        for (name, value) in &variant.options {
            match options.iter_mut().find(|known| known.name == *name) {
                Some(known) if known.values.contains(value) => {}
                Some(known) => known.values.push(value.clone()),
                None => options.push(OptionValues {
                    name: name.clone(),
                    values: vec![value.clone()],
                }),
            }
        }
    }
    ProductCard {
        sku: product.sku.clone(),
        title: product.title.clone(),
        url: product.url.clone(),
        image: product.image().map(str::to_owned),
        price,
        from: false,
        was: None,
        stock: Stock::InStock,
        variants: Vec::new(),
        options,
        rating: product.rating,
        why: Vec::new(),
        add: None,
    }
}

/// The variants among which a card of this product leaves a choice.
pub(super) fn choosable<'a>(
    card: &ProductCard,
    product: &Product,
    variants: impl Iterator<Item = &'a Variant>,
) -> Vec<VariantCard> {
    let variant = |variant: &Variant| {
        let value = |option: &OptionValues| variant.options.get(&option.name).cloned();
        let values = card
            .options
            .iter()
            .map(|option| value(option).unwrap_or_default());
        let differs = variant.price != card.price || variant.was != card.was;
        VariantCard {
            sku: variant.sku.clone(),
            values: values.collect(),
            price: differs.then_some(variant.price),
            was: variant.was.filter(|_| differs),
            stock: stock_of(std::iter::once(variant)),
            image: variant
                .image
                .clone()
                .filter(|image| Some(image.as_str()) != product.image()),
        }
    };
    let all: Vec<VariantCard> = variants.map(variant).collect();
    if (2..=MOST_VARIANTS).contains(&all.len()) {
        all
    } else {
        Vec::new()
    }
}

pub(super) fn stock_of<'v>(variants: impl Iterator<Item = &'v Variant>) -> Stock {
    let (mut left, mut later) = (0_u32, false);
    for variant in variants {
        match variant.stock {
            _ if variant.backorder => later = true,
            None => return Stock::InStock,
            Some(count) => left = left.saturating_add(count),
        }
    }
    match left {
        0 if later => Stock::BackOrder,
        0 => Stock::Out,
        left if left <= LOW_STOCK => Stock::Low { left },
        _ => Stock::InStock,
    }
}
