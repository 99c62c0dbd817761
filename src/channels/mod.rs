//! Doors a message comes in by.
