//! Two requests in one message.

/// The requests of a message, in order; mostly the whole message alone.
pub fn segments(text: &str) -> Vec<&str> {
    vec![text]
}
