//! What each measure counts. The defaults were measured on a real gift shop (docs/recommending.md); a shop with history
//! enough gets its own.

/// What counts how much in what goes with what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// What an item of the basket counts beside the one put in after it.
    pub position_decay: f32,
    /// How much a pair is discounted by the frequency of the one asked about; the rest to 1 is the discount by that of
    /// the one suggested. Lower lets rarer things in.
    pub asked_power: f32,
    /// Likeness by words, beside being bought together, which counts 1.
    pub alike: f32,
    /// What sells this week.
    pub trend: f32,
    /// Being looked at together. From the literature: the table that the others were measured on has no visits.
    pub viewed: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            position_decay: 0.75,
            asked_power: 0.8,
            alike: 0.1,
            trend: 0.05,
            viewed: 0.2,
        }
    }
}
