//! One file a promise, held through the program's own doors: a process, a socket, a file.

pub mod alerts;
mod commands;
mod content;
mod disk;
mod doctor;
mod edit;
mod events;
mod feedback;
mod floods;
mod frames;
mod identity;
mod kill;
mod languages;
pub mod mail;
mod orders;
mod origin;
mod other_goods;
mod privacy;
mod raw;
mod replay;
mod returns;
mod search;
pub mod server;
mod start;
pub mod uploads;
