//! Shoptalk: a shopping assistant and FAQ server for a small online shop.
//!
//! The floors, top to bottom; an import may only point down (tests/it/floors.rs holds them to it):
//!
//! | floor | rooms |
//! | --- | --- |
//! | 7 | `cli` |
//! | 6 | `server` |
//! | 5 | `channels` |
//! | 4 | `conversation` |
//! | 3 | `dialogue`, `sync`, `learning` |
//! | 2 | `understanding`, `knowledge`, `catalog`, `cart`, `recommend`, `orders`, `returns`, `shoppers`, `events`, `watches`, `uploads`, `feedback`, `relay` |
//! | 1 | `store`, `search`, `remote`, `mail` |
//! | 0 | `text`, `money`, `sheet`, `config`, `diagnostic` |

pub mod cart;
pub mod catalog;
pub mod channels;
pub mod cli;
pub mod config;
pub mod conversation;
pub mod diagnostic;
pub mod dialogue;
pub mod events;
pub mod feedback;
pub mod knowledge;
pub mod learning;
pub mod mail;
pub mod money;
pub mod orders;
pub mod recommend;
pub mod relay;
pub mod remote;
pub mod returns;
pub mod search;
pub mod server;
pub mod sheet;
pub mod shoppers;
pub mod store;
pub mod sync;
pub mod text;
pub mod understanding;
pub mod uploads;
pub mod watches;
