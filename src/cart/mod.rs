//! What a shopper means to buy, what it comes to, and the way to pay for it.
//!
//! Never here: anything about how it is paid. A cart ends in a link to the shop's own checkout.

mod spent;
mod terms;
mod totals;

pub use spent::{note_spent, spent_of};
pub use terms::{Code, CodeRefusal, Terms};
pub use totals::{Totals, totals};

use crate::catalog::{Catalog, Variant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Different things in one cart, at most.
pub const MOST_LINES: usize = 50;

/// Codes and numbers only: prices and stock are the catalog's whenever the cart is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cart {
    pub lines: Vec<Line>,
    /// What the page has in its cart and the catalog does not know: not ours to sum up, and not ours to lose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Item>,
    /// The lines before the last change that was asked for here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<Vec<Line>>,
    /// A promo code that was good when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// A code good for one order that went to the checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed: Option<String>,
    /// Codes good for one order that was made, here or in another conversation of the shopper's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<String>,
}

/// A line of a page's cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Of the variant.
    pub sku: String,
    pub quantity: u32,
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
        self.beside.clear();
        self.code = None;
    }

    /// Takes the last change back, and taking it back as well. False when there was none.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.undo.take() else {
            return false;
        };
        self.undo = Some(std::mem::replace(&mut self.lines, before));
        true
    }

    /// Learns which codes were used in other conversations; returns those it did not know.
    pub fn spent_elsewhere(&mut self, codes: &[String]) -> Vec<String> {
        let unknown = codes.iter().filter(|code| !self.spent.contains(*code));
        let unknown: Vec<String> = unknown.cloned().collect();
        self.spent.extend(unknown.iter().cloned());
        unknown
    }

    /// The page's cart takes the place of this one. One that is empty after a checkout has been ordered.
    pub fn take_over(&mut self, items: &[Item], catalog: &Catalog) {
        let is_ordered = items.is_empty() && !self.lines.is_empty();
        if let Some(code) = self.handed.take_if(|_| is_ordered) {
            self.code = None;
            self.spent.push(code);
        }
        self.lines.clear();
        self.beside.clear();
        for item in items.iter().filter(|item| item.quantity > 0) {
            let known = catalog.variant(&item.sku);
            let known = known.filter(|(product, at)| product.variants[*at].sku == item.sku);
            let same = self.lines.iter_mut().find(|line| line.sku == item.sku);
            match (known, same) {
                // Engraved with two names, it is two lines of the page's cart.
                (Some(_), Some(line)) => {
                    line.quantity = line.quantity.saturating_add(item.quantity);
                }
                (Some((product, _)), None) => self.lines.push(Line {
                    product: product.sku.clone(),
                    sku: item.sku.clone(),
                    quantity: item.quantity,
                }),
                (None, _) => self.beside.push(item.clone()),
            }
        }
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

    #[test]
    fn the_pages_cart_is_taken_over_with_what_only_the_page_knows() {
        let catalog = crate::catalog::shop::small();
        let item = |sku: &str, quantity| Item {
            sku: sku.to_owned(),
            quantity,
        };
        let mut cart = Cart::default();
        let page = [
            item("BIRCH-CAP-0", 2),
            item("GIFT-WRAP", 1),
            item("STORM-JACKET-0", 0),
        ];
        cart.take_over(&page, &catalog);
        assert_eq!(cart.quantity("BIRCH-CAP-0"), 2);
        assert_eq!(cart.lines.len(), 1);
        assert_eq!(cart.beside, [item("GIFT-WRAP", 1)]);
        // Engraved with another name, or by subscription: another line there, and the same goods here.
        let page = [item("BIRCH-CAP-0", 2), item("BIRCH-CAP-0", 3)];
        cart.take_over(&page, &catalog);
        assert_eq!((cart.lines.len(), cart.quantity("BIRCH-CAP-0")), (1, 5));
    }

    #[test]
    fn a_code_for_one_order_counts_until_the_page_has_ordered() {
        let catalog = crate::catalog::shop::small();
        let page = [Item {
            sku: "BIRCH-CAP-0".to_owned(),
            quantity: 1,
        }];
        let mut cart = Cart {
            code: Some("ONCE".to_owned()),
            ..Cart::default()
        };
        cart.take_over(&page, &catalog);
        cart.handed = Some("ONCE".to_owned());
        cart.take_over(&page, &catalog);
        assert_eq!(cart.code.as_deref(), Some("ONCE"));
        cart.take_over(&[], &catalog);
        assert_eq!((cart.code, cart.spent), (None, vec!["ONCE".to_owned()]));
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
