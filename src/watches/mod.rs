//! What shoppers asked to be told: that something is back, or costs less. Each is told once, and only to one who agreed.
//!
//! Never here: the words in which it is told, or how a conversation tells it.

mod fire;
mod limit;
mod list;
mod privacy;
mod table;
mod watch;

pub use fire::{Fired, due};
pub use list::{Watchlist, Words};
pub use privacy::{Export, any_of, erase_of, export_of, forget_old};
pub use table::{MOST_OPEN, NotTaken, Taken};
pub use watch::{Channel, Digest, Kind, Watch, Wish};
