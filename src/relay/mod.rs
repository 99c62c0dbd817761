//! What messengers bring and what they are sent: an inbox that is on the disk before a platform hears "taken", an outbox
//! written with the turn that speaks, and whom we know from where.
//!
//! Never here: how a platform writes any of it.

mod contacts;
mod inbox;
mod links;
mod outbox;
mod writer;

pub use contacts::{
    Contact, ContactExport, answers_to, erase_of, export_of, forget_silent, of_person, of_talk,
    shopper_of,
};
pub use inbox::{Arrived, Waiting, cursor, elsewhere, forget_old, of_others, waiting};
pub use links::{
    CODE_HOLDS, Code, Customer, Link, LinkExport, Links, MESSENGERS, Messenger, Redeemed, accept,
    link_of, links, redeem, shoppers_behind, unlink,
};
pub use outbox::{Letter, Outgoing, Report, Reported, Standing, due, enqueue, recover, standing};
pub use writer::{Ended, Job, Relay};

#[cfg(test)]
mod tests;
