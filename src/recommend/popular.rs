//! What sells: baskets of the last months, recent ones counting more.

use super::basket::Placed;

/// A sale counts half after so many days.
const HALF_LIFE_DAYS: f32 = 30.0;
/// The window of the count that is shown.
pub(super) const SHOWN_DAYS: u32 = 90;

#[derive(Debug, Default)]
pub(super) struct Popular {
    /// By product: decayed sales, and baskets within [`SHOWN_DAYS`].
    sales: Vec<(f32, u32)>,
}

impl Popular {
    pub(super) fn learn(baskets: &[Placed], items: usize) -> Self {
        let mut sales = vec![(0.0, 0); items];
        for basket in baskets {
            let weight = 0.5_f32.powf(basket.age / HALF_LIFE_DAYS);
            for item in &basket.items {
                let (score, count) = &mut sales[*item as usize];
                *score += weight;
                *count += u32::from(basket.age <= SHOWN_DAYS as f32);
            }
        }
        Self { sales }
    }

    /// Decayed sales of a product, 0 when it never sold.
    pub(super) fn score(&self, item: u32) -> f32 {
        self.sales[item as usize].0
    }

    /// Baskets with the product in the last [`SHOWN_DAYS`] days.
    pub(super) fn count(&self, item: u32) -> u32 {
        self.sales[item as usize].1
    }
}
