//! Dialogue: from a message and a state to a reply and a state.
//!
//! Never here: HTTP, SQL, the clock, random numbers, the name of any channel.

pub mod block;
