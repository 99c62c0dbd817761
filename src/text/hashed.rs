//! Words by their hashes.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Hashes of words, and of other things that are hashed well already. 64 bits tell a hundred thousand words apart but for
/// one chance in a billion, and what is asked of such a set bears one chance meeting.
pub type WordSet = HashSet<u64, BuildHasherDefault<Hashed>>;

/// FNV-1a, its ends mixed so that a table may look at either.
pub fn hash_of(word: &str) -> u64 {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^ (hash >> 32)
}

/// Takes what is hashed already as it is.
#[derive(Debug, Default, Clone, Copy)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes
            .iter()
            .fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
