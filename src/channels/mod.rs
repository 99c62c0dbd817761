//! Doors a message comes in by.

pub mod plain;
