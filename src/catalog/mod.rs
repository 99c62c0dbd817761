//! What the shop sells: products, their index, and the filters a shopper's words become.

mod money;
mod product;

pub use money::{Currency, Money};
pub use product::{Product, Variant};
