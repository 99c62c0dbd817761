//! Doors a message comes in by. A channel knows blocks and ids, nothing of intents or SQL.
//!
//! The widget has its socket. Messengers share an inbox, an outbox and a renderer; each is one file that reads what its
//! platform sends and writes what it takes ([`Channel`]).

pub mod abilities;
mod account;
mod answering;
pub mod bridge;
mod bridge_tally;
mod bridged;
mod chatwoot;
mod choice;
mod email;
mod linking;
pub mod matrix;
mod messenger;
mod meta;
mod photos;
pub mod plain;
mod platform;
pub mod render;
mod reports;
mod sending;
mod slack;
mod switchboard;
mod tally;
mod telegram;
mod twilio;
mod webhook;
mod whatsapp;
pub mod widget;

pub use bridge::Channel;
pub use bridge_tally::BridgeTally;
pub use linking::messengers;
pub use platform::channel;
pub use switchboard::{Bridges, ReceiveError};
pub use tally::{Closed, Tally};
