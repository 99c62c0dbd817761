//! What goes with what, each with its reason in words.
