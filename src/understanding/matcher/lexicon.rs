//! The features that training saw, and what each is worth.

use super::features::Features;

/// From a feature's hash to its number and weight. An open-addressing table: the hashes are mixed already, and a
/// message asks for a hundred of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    /// (hash, number); a power of two of them, at most half taken.
    slots: Vec<(u64, u32)>,
    /// By number: (ln((1 + n) / (1 + df)) + 1)^0.5 for n messages, df of which have the feature.
    worth: Vec<f32>,
    /// The same for df = 0.
    worth_unseen: f32,
    /// Of word vectors; each is a feature behind all others.
    dimensions: usize,
}

/// How well a word is known when only one of its kindred was seen.
const LIKE_IS_KNOWN: f32 = 0.8;
/// … and when only a table of word vectors may know it: too little to act on it alone without being surer.
const MAY_BE_KNOWN: f32 = 0.5;
const FREE: u32 = u32::MAX;

/// A message in numbers: each group of features has length 1, what training never saw counted in.
#[derive(Debug, Clone, Default)]
pub(super) struct Vector {
    /// (feature, value); words first.
    pub(super) entries: Vec<(u32, f32)>,
    /// How many of `entries` are words.
    pub(super) words: usize,
    /// 0 to 1: share of the content words' weight that training has seen.
    pub(super) known_share: f32,
}

impl Lexicon {
    pub(super) fn new<'a>(messages: impl Iterator<Item = &'a Features>) -> Self {
        let mut hashes = Vec::new();
        let mut total = 0_usize;
        let mut dimensions = 0;
        for message in messages {
            total += 1;
            dimensions = dimensions.max(message.meaning.len());
            let all = message.words.iter().chain(&message.letters);
            hashes.extend(all.map(|(hash, _)| *hash));
        }
        hashes.sort_unstable();
        let worth_of = |found_in: usize| {
            let share = (1.0 + total as f32) / (1.0 + found_in as f32);
            (share.ln() + 1.0).sqrt()
        };
        let mut lexicon = Self {
            slots: Vec::new(),
            worth: Vec::new(),
            worth_unseen: worth_of(0),
            dimensions,
        };
        let runs = hashes.chunk_by(|a, b| a == b);
        lexicon.slots = vec![(0, FREE); (runs.count() * 2).next_power_of_two().max(2)];
        for run in hashes.chunk_by(|a, b| a == b) {
            let slot = lexicon.slot(run[0]);
            lexicon.slots[slot] = (run[0], lexicon.worth.len() as u32);
            lexicon.worth.push(worth_of(run.len()));
        }
        lexicon
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.slots[..]) + size_of_val(&self.worth[..])
    }

    /// Number of features.
    pub(super) fn len(&self) -> usize {
        self.worth.len() + self.dimensions
    }

    pub(super) fn knows(&self, hash: u64) -> bool {
        self.number(hash).is_some()
    }

    fn number(&self, hash: u64) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let (_, number) = self.slots[self.slot(hash)];
        (number != FREE).then_some(number)
    }

    /// Where the hash is, or would go.
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot].1 != FREE && self.slots[slot].0 != hash {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Replaces what `vector` held.
    pub(super) fn weigh(&self, message: &Features, vector: &mut Vector) {
        vector.entries.clear();
        vector.known_share = self.known_share(message);
        self.weigh_group(&message.words, &mut vector.entries);
        vector.words = vector.entries.len();
        self.weigh_group(&message.letters, &mut vector.entries);
        let numbers = self.worth.len() as u32..;
        let meaning = numbers.zip(message.meaning.iter().take(self.dimensions).copied());
        vector.entries.extend(meaning);
    }

    fn weigh_group(&self, group: &[(u64, f32)], entries: &mut Vec<(u32, f32)>) {
        let from = entries.len();
        let (mut known, mut unseen) = (0.0_f32, 0.0_f32);
        for &(hash, times) in group {
            match self.number(hash) {
                Some(number) => {
                    let value = times * self.worth[number as usize];
                    known += value * value;
                    entries.push((number, value));
                }
                None => unseen += (times * self.worth_unseen).powi(2),
            }
        }
        if known == 0.0 {
            return;
        }
        let scale = (known + unseen).sqrt().recip();
        for (_, value) in &mut entries[from..] {
            *value *= scale;
        }
    }

    fn known_share(&self, message: &Features) -> f32 {
        let (mut known, mut unseen) = (0.0_f32, 0.0_f32);
        let may_be_known = match message.meaning.is_empty() {
            true => 0.0,
            false => MAY_BE_KNOWN,
        };
        for (stem, group) in &message.content {
            match (self.number(*stem), self.number(*group)) {
                (Some(number), _) => known += self.worth[number as usize],
                (None, Some(_)) => {
                    known += LIKE_IS_KNOWN * self.worth_unseen;
                    unseen += (1.0 - LIKE_IS_KNOWN) * self.worth_unseen;
                }
                (None, None) => {
                    known += may_be_known * self.worth_unseen;
                    unseen += (1.0 - may_be_known) * self.worth_unseen;
                }
            }
        }
        known / (known + unseen).max(f32::MIN_POSITIVE)
    }
}
