//! A first look at a word, before it is compared with a list.

/// The first bytes and lengths of a list of words. Most words of a message stand in none of the many lists they are
/// held against; this says so with one look, and never says so of a word that does.
#[derive(Debug, Clone, Copy)]
pub struct Outline {
    /// By first byte: a bit for each length.
    lengths: [u32; 256],
}

/// Longer words share a bit.
const LONGEST: usize = 31;

impl Outline {
    pub const fn empty() -> Self {
        Self { lengths: [0; 256] }
    }

    pub const fn of(words: &[&str]) -> Self {
        let mut outline = Self::empty();
        let mut place = 0;
        while place < words.len() {
            outline = outline.with(words[place]);
            place += 1;
        }
        outline
    }

    /// Adds a word; of a phrase, its first word.
    pub const fn with(mut self, phrase: &str) -> Self {
        let bytes = phrase.as_bytes();
        let mut length = 0;
        while length < bytes.len() && length < LONGEST && bytes[length] != b' ' {
            length += 1;
        }
        if length > 0 {
            self.lengths[bytes[0] as usize] |= 1 << length;
        }
        self
    }

    /// False for certain.
    pub fn may_have(&self, word: &str) -> bool {
        let length = word.len().min(LONGEST);
        let first = word.bytes().next();
        first.is_some_and(|first| self.lengths[usize::from(first)] & (1 << length) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_list_may_be_and_most_of_the_rest_may_not() {
        let long = "a".repeat(40);
        let outline = Outline::of(&["socks", "never mind", "a", &long]);
        for word in ["socks", "never", "a", &long, "sacks"] {
            assert!(outline.may_have(word), "{word}");
        }
        for word in ["sock", "mind", "", "b", "ab"] {
            assert!(!outline.may_have(word), "{word}");
        }
    }
}
