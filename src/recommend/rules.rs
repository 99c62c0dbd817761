//! What the shop itself wants shown and not shown, as its settings say.

use super::Placement;
use crate::catalog::Catalog;

/// The shop's rules. The defaults exclude nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Never suggested: SKUs, categories of any level, brands; the latter two in any case of letters.
    pub exclude: Vec<String>,
    pub pins: Vec<Pin>,
    /// Near-twins, such as colours of one thing, in one row.
    pub per_family: usize,
    /// Products of one brand in one row; 0 for any number.
    pub per_brand: usize,
    /// Suggestions cost at most so many times the dearest that is looked at; 0 for any price.
    pub price_band: f32,
    /// The attribute with a product's margin, a number; it weighs lightly.
    pub margin: Option<String>,
    /// In this share of rows, 0 to 1, the last place goes to a new product of the same kind.
    pub explore: f32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            exclude: Vec::new(),
            pins: Vec::new(),
            per_family: 2,
            per_brand: 0,
            price_band: 0.0,
            margin: None,
            explore: 0.1,
        }
    }
}

/// A product that comes first at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    pub at: PinnedAt,
    pub sku: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinnedAt {
    Placement(Placement),
    /// Wherever what goes with this product is shown.
    Beside(String),
}

impl Pin {
    /// Reads `home: SKU` and `SKU: SKU`.
    pub fn read(text: &str) -> Option<Self> {
        let (at, sku) = text.split_once(": ")?;
        let (at, sku) = (at.trim(), sku.trim());
        if at.is_empty() || sku.is_empty() {
            return None;
        }
        let at = match Placement::parse(at) {
            Some(placement) => PinnedAt::Placement(placement),
            None => PinnedAt::Beside(at.to_owned()),
        };
        let sku = sku.to_owned();
        Some(Self { at, sku })
    }
}

impl Rules {
    /// What the rules name and the catalog does not know: misspelt, or no longer on sale.
    pub fn unknown<'a>(&'a self, catalog: &Catalog) -> Vec<&'a str> {
        let is_word = |name: &str| {
            let is = |word: &String| word.eq_ignore_ascii_case(name);
            let mut products = catalog.products().iter();
            products.any(|one| one.category.iter().any(is) || one.brand.as_ref().is_some_and(is))
        };
        let skus = self.pins.iter().flat_map(|pin| {
            let beside = match &pin.at {
                PinnedAt::Beside(sku) => Some(sku),
                PinnedAt::Placement(_) => None,
            };
            beside.into_iter().chain([&pin.sku])
        });
        let skus = skus.filter(|sku| catalog.place(sku).is_none());
        let excluded = self.exclude.iter();
        let excluded = excluded.filter(|name| catalog.place(name).is_none() && !is_word(name));
        skus.chain(excluded).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shop;

    #[test]
    fn a_pin_names_a_placement_or_the_product_it_stands_beside() {
        let at = |text: &str| Pin::read(text).map(|pin| (pin.at, pin.sku));
        let placement = PinnedAt::Placement(Placement::AfterPurchase);
        assert_eq!(
            at("after_purchase: TEA"),
            Some((placement, "TEA".to_owned()))
        );
        let beside = PinnedAt::Beside("SKU:1".to_owned());
        assert_eq!(at("SKU:1: TEA"), Some((beside, "TEA".to_owned())));
        for wrong in ["TEA", "home:", ": TEA", "home: "] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn rules_that_name_nothing_on_sale_are_told() {
        let rules = Rules {
            exclude: ["socks", "BIRCH-CAP", "hats"].map(str::to_owned).to_vec(),
            pins: vec![Pin::read("BIRCH-CAP: TEA").unwrap()],
            ..Rules::default()
        };
        assert_eq!(rules.unknown(&shop::small()), ["TEA", "hats"]);
    }
}
