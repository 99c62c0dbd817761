//! What happens in the shop, told by its pages and its server: read strictly, kept once, forgotten in time.
//!
//! Never here: what is learnt from it, or who the shopper is.

mod event;
mod read;
mod table;

pub use event::{Batch, Event, Item, Kind};
pub use read::{MOST_EVENTS, ReadError, read};
pub use table::{
    Kept, Origin, any_of, delete_older_than, export_of, forget, insert, newest, of_shopper,
};

#[cfg(test)]
mod tests;
