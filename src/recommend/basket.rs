//! What was bought at once.

use crate::catalog::Catalog;
use jiff::Timestamp;

/// One order's goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    pub at: Timestamp,
    /// SKUs of products or variants, in the order they were put in.
    pub items: Vec<String>,
}

/// A basket as places in the catalog, each once, with its age.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    /// Days before now; a basket from the future counts as one of today.
    pub(super) age: f32,
    pub(super) items: Vec<u32>,
}

impl Placed {
    /// Items that the catalog does not know are left out.
    pub(super) fn new(basket: &Basket, catalog: &Catalog, now: Timestamp) -> Self {
        let mut items: Vec<u32> = Vec::with_capacity(basket.items.len());
        for place in basket.items.iter().filter_map(|sku| catalog.place(sku)) {
            let place = place as u32;
            if !items.contains(&place) {
                items.push(place);
            }
        }
        let seconds = now.duration_since(basket.at).as_secs_f32();
        Self {
            age: (seconds / 86_400.0).max(0.0),
            items,
        }
    }
}
