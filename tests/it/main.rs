//! Everything that is tested through public doors: one binary, one link.

#![allow(clippy::unwrap_used, clippy::expect_used)] // tests may fail loudly

mod bridges;
mod dependencies;
mod docs;
mod enumeration;
mod floors;
mod fuzz;
mod imports;
mod promises;
mod sentences;
mod sources;
mod turns;
