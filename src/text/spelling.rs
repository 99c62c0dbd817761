//! Typing mistakes: one letter too many, too few, wrong, or two swapped.

use super::hashed::{WordSet, hash_of};
use super::{COMMON_WORDS, stem};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Words below this many letters have too many neighbours to guess.
const SHORTEST_REPAIRED: usize = 4;
/// Longer ones are no words, and would cost the square of their length.
const LONGEST_REPAIRED: usize = 40;
/// Two slips in a shorter one leave too little of it.
const LONG_ENOUGH_FOR_TWO: usize = 7;
/// From here on even the first letter may be the wrong one.
const LONG_ENOUGH_FOR_FIRST_LETTER: usize = 5;

/// Repairs words towards a vocabulary. A word that is known anyhow, here or in [`COMMON_WORDS`], is never touched:
/// without that guard, messages about something else would be pulled towards the vocabulary.
///
/// The index holds every word with each of its letters left out in turn; two words one edit apart always share such
/// a form, so a look-up costs as much as the word is long, whatever the size of the vocabulary.
#[derive(Debug, Clone, Default)]
pub struct Spelling {
    /// Sorted; with how often each was seen.
    words: Vec<(String, u32)>,
    /// Hashes of the stems of `words`; those of [`COMMON_WORDS`] are shared by all.
    known_stems: WordSet,
    /// (hash of a shortened form, index into `words`), sorted.
    forms: Vec<(u32, u32)>,
}

impl Spelling {
    /// `words` are folded, each with how often it is used; a word may come several times.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
        for (word, times) in words {
            *counted.entry(word).or_default() += times;
        }
        let known_stems = counted.keys().map(|word| hash_of(stem(word))).collect();

        let mut forms = Vec::new();
        for (index, word) in (0u32..).zip(counted.keys()) {
            if word.chars().count() + 1 >= SHORTEST_REPAIRED {
                shortened(word, |form| forms.push((form, index)));
            }
        }
        forms.sort_unstable();
        forms.dedup();
        let words = counted
            .into_iter()
            .map(|(word, times)| (word.to_owned(), times))
            .collect();
        Self {
            words,
            known_stems,
            forms,
        }
    }

    /// With words that need no repair either, and that nothing is repaired to.
    pub fn knowing<'a>(mut self, words: impl IntoIterator<Item = &'a str>) -> Self {
        let stems = words.into_iter().map(|word| hash_of(stem(word)));
        self.known_stems.extend(stems);
        self
    }

    /// Memory of its tables, without the common words that all share.
    pub fn bytes(&self) -> usize {
        let words: usize = self.words.iter().map(|(word, _)| word.capacity()).sum();
        words
            + size_of_val(&self.words[..])
            + size_of_val(&self.forms[..])
            + self.known_stems.capacity() * 9
    }

    /// Whether a folded word, or another form of it, needs no repair.
    pub fn knows(&self, word: &str) -> bool {
        let base = ["er", "est"].iter().find_map(|end| word.strip_suffix(end));
        [Some(word), base].into_iter().flatten().any(|form| {
            let hash = hash_of(stem(form));
            COMMON_STEMS.contains(&hash) || self.known_stems.contains(&hash)
        })
    }

    /// The word of the vocabulary two edits away that is most used, for long words that [`Spelling::repair`] finds nothing
    /// for; the first letter and what is used but once are left alone. Costs a comparison for each word that begins with
    /// the same letter.
    pub fn repair_far(&self, word: &str) -> Option<&str> {
        let letters = word.chars().count();
        if !(LONG_ENOUGH_FOR_TWO..=LONGEST_REPAIRED).contains(&letters)
            || !word.chars().all(char::is_alphabetic)
            || self.knows(word)
        {
            return None;
        }
        let first = word.chars().next()?;
        let from = self
            .words
            .partition_point(|(known, _)| known.chars().next() < Some(first));
        let alike = self.words[from..]
            .iter()
            .take_while(|(known, _)| known.starts_with(first))
            .filter(|(known, times)| *times > 1 && known.chars().count().abs_diff(letters) <= 2);
        let near = alike.filter(|(known, _)| strsim::osa_distance(word, known) == 2);
        let best = near.max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
        best.map(|(known, _)| known.as_str())
    }

    /// The most used word of the vocabulary one edit away; ties go to the alphabet. `None` for what is known, short,
    /// or holds anything but letters.
    pub fn repair(&self, word: &str) -> Option<&str> {
        let letters = word.chars().count();
        if !(SHORTEST_REPAIRED..=LONGEST_REPAIRED).contains(&letters)
            || !word.chars().all(char::is_alphabetic)
            || self.knows(word)
        {
            return None;
        }
        let mut best: Option<&(String, u32)> = None;
        shortened(word, |form| {
            let from = self.forms.partition_point(|&(hash, _)| hash < form);
            for &(_, index) in self.forms[from..]
                .iter()
                .take_while(|(hash, _)| *hash == form)
            {
                let candidate = &self.words[index as usize];
                let better =
                    best.is_none_or(|best| (candidate.1, &best.0) > (best.1, &candidate.0));
                if better && may_replace(word, letters, &candidate.0) {
                    best = Some(candidate);
                }
            }
        });
        best.map(|(word, _)| word.as_str())
    }
}

static COMMON_STEMS: LazyLock<WordSet> = LazyLock::new(|| {
    let words = COMMON_WORDS.split_ascii_whitespace();
    words.map(|word| hash_of(stem(word))).collect()
});

fn may_replace(word: &str, letters: usize, candidate: &str) -> bool {
    (letters >= LONG_ENOUGH_FOR_FIRST_LETTER || word.chars().next() == candidate.chars().next())
        && strsim::osa_distance(word, candidate) == 1
}

/// Hashes of the word and of the word without each letter in turn.
fn shortened(word: &str, mut each: impl FnMut(u32)) {
    each(hash(word, usize::MAX));
    for (place, _) in word.char_indices() {
        each(hash(word, place));
    }
}

/// FNV-1a over the letters, leaving out the one that starts at byte `without`. Chance equals are sorted out by
/// comparing the words.
fn hash(word: &str, without: usize) -> u32 {
    word.char_indices()
        .filter(|(place, _)| *place != without)
        .fold(0x811c_9dc5, |hash, (_, letter)| {
            (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193)
        })
}

/// Did you mean: the candidate closest to `word`, if it is close at all (a third of its letters, at least one).
/// Equals go to the first. Letter case is ignored.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = word.to_lowercase();
    let allowed = (typed.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::osa_distance(&typed, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelling() -> Spelling {
        Spelling::new([
            ("parcel", 9),
            ("tracking", 5),
            ("order", 20),
            ("refund", 3),
            ("mug", 1),
        ])
    }

    #[test]
    fn one_slip_is_repaired() {
        for (typed, meant) in [
            ("prcel", "parcel"),
            ("parcell", "parcel"),
            ("pacrel", "parcel"),
            ("psrcel", "parcel"),
            ("trakcing", "tracking"),
            ("xrder", "order"),
        ] {
            assert_eq!(spelling().repair(typed), Some(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_known_short_or_far_is_left_alone() {
        for word in [
            "parcel", "orders", "older", "mog", "muh", "banana", "parcl5", "",
        ] {
            assert_eq!(spelling().repair(word), None, "{word}");
        }
    }

    #[test]
    fn two_slips_are_repaired_in_a_long_word_that_is_used() {
        let spelling = Spelling::new([("backpack", 3), ("bedspread", 1), ("backrest", 2)]);
        assert_eq!(spelling.repair_far("bagpack"), Some("backpack"));
        assert_eq!(spelling.repair_far("bedspraid"), None);
        assert_eq!(spelling.repair_far("rucksack"), None);
        assert_eq!(spelling.repair_far("bag"), None);
    }

    #[test]
    fn of_two_neighbours_the_more_used_one_wins() {
        let spelling = Spelling::new([("boots", 2), ("boats", 7)]);
        assert_eq!(spelling.repair("boits"), Some("boats"));
    }

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        let keys = ["listen", "allowed_origins", "drain_seconds"];
        assert_eq!(nearest("lisen", keys), Some("listen"));
        assert_eq!(nearest("alowed_orgins", keys), Some("allowed_origins"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("", keys), None);
    }

    proptest! {
        #[test]
        fn a_swapped_pair_inside_a_long_word_is_always_found(place in 1usize..7) {
            let spelling = Spelling::new([("quizmaker", 1)]);
            let mut typed: Vec<char> = "quizmaker".chars().collect();
            typed.swap(place, place + 1);
            let typed: String = typed.into_iter().collect();
            prop_assert_eq!(spelling.repair(&typed), Some("quizmaker"));
        }

        #[test]
        fn any_text_can_be_looked_up(word in "\\PC*") {
            let _ = spelling().repair(&word);
            let _ = spelling().repair_far(&word);
            let _ = nearest(&word, ["listen"]);
        }
    }
}
