//! What the recommender learns from, one event each.

use super::Basket;
use jiff::Timestamp;

/// Something that happened in the shop. SKUs of products or variants; what the catalog does not know teaches nothing.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// An order was placed.
    Purchase(&'a Basket),
    /// A product's page was opened. `before` are the products of the same visit, oldest first; the last ten count.
    View {
        sku: &'a str,
        before: &'a [String],
        at: Timestamp,
    },
    /// A suggestion was seen.
    Impression { sku: &'a str, at: Timestamp },
    /// A suggestion was followed.
    Click { sku: &'a str, at: Timestamp },
}
