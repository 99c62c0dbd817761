//! What the shop sells: products, their index, and the filters a shopper's words become.

mod product;

pub use crate::money::{Currency, Money};
pub use product::{Product, Variant};
