use sha2::{Digest as _, Sha256};
use std::fmt;

/// Letters and digits of which none looks like another: no O and 0, I, L and 1, S and 5, Z and 2, B and 8.
const ALPHABET: &[u8] = b"ACDEFGHJKMNPQRTUVWXY34679";
const LENGTH: usize = 6;

/// Six letters and digits, at least one of them a digit: no word is one. Whoever has it is its shopper, so no log and no
/// table does.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    pub(super) fn fresh() -> Self {
        loop {
            let letters = (0..LENGTH).map(|_| ALPHABET[rand::random_range(0..ALPHABET.len())]);
            let code: String = letters.map(char::from).collect();
            if let Some(code) = Self::read(&code) {
                return code;
            }
        }
    }

    /// A code as people write it: in any case, with a dash or a space in it.
    pub fn read(text: &str) -> Option<Self> {
        let kept = text.chars().filter(|c| !matches!(c, '-' | ' ' | '.'));
        let code: String = kept
            .take(LENGTH + 1)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let known = code.bytes().all(|byte| ALPHABET.contains(&byte));
        let right = code.len() == LENGTH && known && code.bytes().any(|byte| byte.is_ascii_digit());
        right.then_some(Self(code))
    }

    /// For the one who asked for it, and nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn digest(&self) -> Vec<u8> {
        Sha256::digest(format!("shoptalk link {}", self.0)).to_vec()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}
