use crate::dialogue::Shop;
use crate::dialogue::block::Block;
use crate::relay::{Contact, Outgoing};
use jiff::Timestamp;

/// Who writes what is said unasked for the messenger that a shopper is on.
pub trait Herald: Send + Sync {
    /// The calls to queue; none where the messenger is no longer set up, or takes nothing so long after their last message.
    fn outgoing(
        &self,
        to: &Contact,
        said: &[Block],
        language: Option<&str>,
        shop: &Shop,
        now: Timestamp,
    ) -> Option<Outgoing>;
}
