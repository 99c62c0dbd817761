//! Who we talk to: tokens, export, erasure.
