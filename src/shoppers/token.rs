use super::Identity;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// SHA-256 of a visitor's token. A token is 256 random bits, so a plain digest cannot be guessed back.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest(pub(super) [u8; 32]);

impl TokenDigest {
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// Not even the digest is worth a place in a log.
impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest")
    }
}

/// What is kept of a shopper who was erased: enough to know them again, nothing to learn from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tombstone(pub(super) [u8; 32]);

impl Tombstone {
    pub fn of(identity: &Identity) -> Self {
        let hash = match identity {
            Identity::Visitor(digest) => Sha256::new_with_prefix(b"visitor").chain_update(digest.0),
            Identity::Known(name) => Sha256::new_with_prefix(b"known").chain_update(name),
        };
        Self(hash.finalize().into())
    }
}
