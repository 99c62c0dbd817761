//! What a shopper means to buy, what it comes to, and the way to pay for it.
//!
//! Never here: anything about how it is paid. A cart ends in a link to the shop's own checkout.

mod terms;
mod totals;

pub use terms::{Code, CodeRefusal, Terms};
pub use totals::{Totals, totals};

use crate::catalog::Variant;
use serde::{Deserialize, Serialize};

/// Different things in one cart, at most.
pub const MOST_LINES: usize = 50;

/// Codes and numbers only: prices and stock are the catalog's whenever the cart is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cart {
    pub lines: Vec<Line>,
    /// A promo code that was good when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Codes good for one order that went to the checkout.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// SKU of the product.
    pub product: String,
    /// SKU of the variant.
    pub sku: String,
    /// 1 or more.
    pub quantity: u32,
}

/// What became of a wish for so many pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// In the cart now.
    pub now: u32,
    /// Why it is not what was asked for.
    pub limit: Option<Limit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    SoldOut,
    /// The shop has no more than these.
    Stock(u32),
    /// The shop sells no more than these to one shopper at once.
    Most(u32),
    /// The cart holds no more different things.
    Full,
}

impl Cart {
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Pieces of a variant in the cart.
    pub fn quantity(&self, sku: &str) -> u32 {
        let line = self.lines.iter().find(|line| line.sku == sku);
        line.map_or(0, |line| line.quantity)
    }

    /// So many more of a variant, or as many as may be.
    pub fn add(&mut self, product: &str, variant: &Variant, more: u32, most: u32) -> Outcome {
        let wanted = self.quantity(&variant.sku).saturating_add(more);
        self.set(product, variant, wanted, most)
    }

    /// So many of a variant in all, or as many as may be; 0 takes it out.
    pub fn set(&mut self, product: &str, variant: &Variant, quantity: u32, most: u32) -> Outcome {
        let (allowed, limit) = match variant.stock {
            _ if quantity == 0 => (0, None),
            _ if !variant.in_stock() => (0, Some(Limit::SoldOut)),
            Some(stock) if quantity > stock && stock <= most => (stock, Some(Limit::Stock(stock))),
            _ if quantity > most => (most, Some(Limit::Most(most))),
            _ => (quantity, None),
        };
        let at = self.lines.iter().position(|line| line.sku == variant.sku);
        match at {
            Some(at) if allowed == 0 => {
                self.lines.remove(at);
            }
            Some(at) => self.lines[at].quantity = allowed,
            None if allowed == 0 => {}
            None if self.lines.len() >= MOST_LINES => {
                return Outcome {
                    now: 0,
                    limit: Some(Limit::Full),
                };
            }
            None => self.lines.push(Line {
                product: product.to_owned(),
                sku: variant.sku.clone(),
                quantity: allowed,
            }),
        }
        Outcome {
            now: allowed,
            limit,
        }
    }

    /// Takes a variant out.
    pub fn remove(&mut self, sku: &str) {
        self.lines.retain(|line| line.sku != sku);
    }

    /// Takes everything out, the code as well; what was spent stays spent.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.code = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn variant(stock: Option<u32>) -> Variant {
        Variant {
            stock,
            ..Variant::new("SOCK-M", crate::catalog::shop::eur("9.00"))
        }
    }

    #[test]
    fn more_than_there_is_becomes_what_there_is() {
        let mut cart = Cart::default();
        let few = variant(Some(3));
        assert_eq!(cart.add("SOCK", &few, 2, 20).now, 2);
        let outcome = cart.add("SOCK", &few, 2, 20);
        assert_eq!((outcome.now, outcome.limit), (3, Some(Limit::Stock(3))));
        let outcome = cart.set("SOCK", &variant(None), 30, 20);
        assert_eq!((outcome.now, outcome.limit), (20, Some(Limit::Most(20))));
        assert_eq!(cart.set("SOCK", &few, 0, 20).now, 0);
        assert!(cart.is_empty());
        let none = cart.add("SOCK", &variant(Some(0)), 1, 20);
        assert_eq!(none.limit, Some(Limit::SoldOut));
        assert!(cart.is_empty());
    }

    proptest! {
        #[test]
        fn no_line_is_ever_empty_twice_or_beyond_its_limits(
            steps in proptest::collection::vec((0..4_u8, 0..3_usize, 0..60_u32, 0..30_u32), 0..40)
        ) {
            let mut cart = Cart::default();
            for (what, which, quantity, stock) in steps {
                let sku = ["A", "B", "C"][which];
                let variant = Variant { stock: Some(stock), ..Variant::new(sku, crate::catalog::shop::eur("1.00")) };
                match what {
                    0 => { cart.add("P", &variant, quantity, 20); }
                    1 => { cart.set("P", &variant, quantity, 20); }
                    2 => cart.remove(sku),
                    _ => {}
                }
                let mut seen: Vec<&str> = cart.lines.iter().map(|line| line.sku.as_str()).collect();
                seen.sort_unstable();
                seen.dedup();
                prop_assert_eq!(seen.len(), cart.lines.len());
                prop_assert!(cart.lines.iter().all(|line| (1..=20).contains(&line.quantity)));
            }
        }
    }
}
