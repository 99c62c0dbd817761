//! A few products for the tests of every room that needs a catalog.

use super::{Catalog, Money, Product, Variant};

pub(crate) fn eur(amount: &str) -> Money {
    Money::parse(amount, "EUR".parse().unwrap()).unwrap()
}

/// `options` are written `size=M colour=navy`, a variant each; `attributes` likewise.
pub(crate) fn product(
    title: &str,
    category: &str,
    attributes: &str,
    variants: &[(&str, &str, u32)],
) -> Product {
    let pairs = |text: &str| {
        let pairs = text.split(", ").filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    let sku = title.to_uppercase().replace(' ', "-");
    Product {
        title: title.to_owned(),
        category: category
            .split(" > ")
            .map(str::to_owned)
            .filter(|level| !level.is_empty())
            .collect(),
        attributes: pairs(attributes),
        variants: variants
            .iter()
            .enumerate()
            .map(|(place, (options, price, stock))| Variant {
                options: pairs(options),
                stock: Some(*stock),
                ..Variant::new(format!("{sku}-{place}"), eur(price))
            })
            .collect(),
        sku,
        ..Product::default()
    }
}

pub(crate) fn small() -> Catalog {
    let mut products = vec![
        product(
            "Alder wool socks",
            "Clothing > Socks",
            "material=merino wool, warmth=warm",
            &[
                ("size=M, colour=navy", "14.00", 5),
                ("size=L, colour=red", "15.00", 0),
            ],
        ),
        product(
            "Birch cap",
            "Clothing > Caps",
            "material=cotton",
            &[("colour=green", "19.00", 3)],
        ),
        product(
            "Fjord fleece jacket",
            "Clothing > Jackets",
            "material=fleece, warmth=warm, waterproof=no",
            &[("size=M", "59.00", 2)],
        ),
        product(
            "Trail vest",
            "Clothing > Vests",
            "material=nylon, waterproof=yes",
            &[("size=L", "45.00", 0)],
        ),
        product(
            "Storm jacket",
            "Clothing > Jackets",
            "material=nylon, waterproof=yes",
            &[("size=M, colour=navy", "89.00", 4)],
        ),
        product(
            "Summer socks",
            "Clothing > Socks",
            "material=cotton",
            &[("size=M", "6.00", 9)],
        ),
    ];
    products[2].description = "Warm without any wool, and free of plastic.".to_owned();
    Catalog::new(products).unwrap()
}
