//! The widget's door: `shoptalk.v1` over a WebSocket, as docs/protocol.md describes it.

pub mod frames;
mod guests;
mod known;
mod limits;
mod session;
mod socket;
mod wire;

pub use guests::Guests;
pub use known::assistant_of;
pub use limits::Limits;
pub use session::fresh_token;
pub use socket::{MOST_BYTES, PROTOCOL, upgrade};

use super::Tally;
use crate::config::{FeedbackSettings, Secret};
use crate::conversation::Conversations;
use crate::dialogue::Shop;
use crate::relay::Links;
use crate::shoppers::Shoppers;
use crate::store::Store;
use crate::uploads::Uploads;
use crate::watches::Watchlist;
use arc_swap::ArcSwap;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What every socket shares.
pub struct Door {
    /// The generation that serves; swapped whole.
    pub shop: Arc<ArcSwap<Shop>>,
    pub store: Store,
    pub conversations: Conversations,
    pub shoppers: Shoppers,
    /// What shoppers wait for: links in letters work whether alerts are offered or not.
    pub watches: Watchlist,
    /// Photos that shoppers send.
    pub uploads: Uploads,
    /// Where shoppers get a code to go on in a messenger.
    pub links: Links,
    /// What shoppers are asked about the chat itself.
    pub feedback: FeedbackSettings,
    /// Who is here of whom nothing is stored yet.
    pub guests: Guests,
    pub limits: Limits,
    /// Signs what the shop's page says about who is there.
    pub identity_secret: Option<Secret>,
    /// Pages that may open the chat: scheme, host and port, compared exactly.
    pub origins: Vec<String>,
    /// Rung when something may have happened that shoppers wait for.
    pub news: Notify,
    pub tally: Tally,
    /// Cancelled when the server begins to drain: sockets say goodbye.
    pub closing: CancellationToken,
    /// Sockets that are still open; the drain waits for them.
    pub sockets: TaskTracker,
}

impl Door {
    /// Whether a page of this origin may open the chat and tell what happens. `null` and no origin at all may not.
    pub fn admits(&self, origin: Option<&str>) -> bool {
        origin.is_some_and(|origin| self.origins.iter().any(|known| known == origin))
    }
}
