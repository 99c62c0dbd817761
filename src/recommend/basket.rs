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

impl Basket {
    /// Places in the catalog, each once, in the catalog's order. What it does not know is left out.
    pub(super) fn places(&self, catalog: &Catalog) -> Vec<u32> {
        let places = self.items.iter().filter_map(|sku| catalog.place(sku));
        let mut places: Vec<u32> = places.map(|place| place as u32).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// A basket as places in the catalog and its time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    /// After the start of the recommender's time, negative before it.
    pub(super) days: f32,
    pub(super) items: Vec<u32>,
}
