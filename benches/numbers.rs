//! Chance for benches.

/// The same numbers in every run (SplitMix64, Steele et al., 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The first is the most frequent, the nth an nth as frequent (Zipf).
    pub fn rank(&mut self, of: usize) -> usize {
        let rank = (of as f64).powf(self.share()) as usize;
        rank.saturating_sub(1).min(of - 1)
    }
}
