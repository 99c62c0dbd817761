//! How good a ranked list is when the truth is a set: each measure over one basket, 0 to 1.

/// One of the first `k` is right.
pub fn hit(ranked: &[u32], truth: &[u32], k: usize) -> f64 {
    if rights(ranked, truth, k).any(|right| right) {
        1.0
    } else {
        0.0
    }
}

/// Rights among the first `k`, of those that could be: `k`, or all when the truth is smaller. 0 for no truth.
pub fn recall(ranked: &[u32], truth: &[u32], k: usize) -> f64 {
    let found = rights(ranked, truth, k).filter(|right| *right).count();
    match truth.len().min(k) {
        0 => 0.0,
        possible => found as f64 / possible as f64,
    }
}

/// One over the rank of the first right one, 0 when it comes after `k`.
pub fn reciprocal_rank(ranked: &[u32], truth: &[u32], k: usize) -> f64 {
    rights(ranked, truth, k)
        .position(|right| right)
        .map_or(0.0, |place| 1.0 / (place + 1) as f64)
}

/// Gain 1 for each right one, discounted by log2 of rank + 1, over the best that could be reached. 0 for no truth.
pub fn ndcg(ranked: &[u32], truth: &[u32], k: usize) -> f64 {
    let discount = |place: usize| 1.0 / ((place + 2) as f64).log2();
    let gained: f64 = rights(ranked, truth, k)
        .enumerate()
        .filter(|(_, right)| *right)
        .map(|(place, _)| discount(place))
        .sum();
    let best: f64 = (0..truth.len().min(k)).map(discount).sum();
    if best > 0.0 { gained / best } else { 0.0 }
}

fn rights<'a>(ranked: &'a [u32], truth: &'a [u32], k: usize) -> impl Iterator<Item = bool> + 'a {
    ranked.iter().take(k).map(|item| truth.contains(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_gives_the_number_worked_out_by_hand() {
        let (ranked, truth) = ([7, 3, 9, 1], [3, 1, 8]);
        assert_eq!(hit(&ranked, &truth, 1), 0.0);
        assert_eq!(hit(&ranked, &truth, 2), 1.0);
        assert_eq!(recall(&ranked, &truth, 4), 2.0 / 3.0);
        assert_eq!(recall(&ranked, &truth, 2), 0.5);
        assert_eq!(reciprocal_rank(&ranked, &truth, 4), 0.5);
        assert_eq!(reciprocal_rank(&ranked, &truth, 1), 0.0);
        // Rights at ranks 2 and 4: 1/log2(3) + 1/log2(5), over 1 + 1/log2(3) + 1/log2(4).
        let by_hand = (0.630_929_753_571 + 0.430_676_558_073) / (1.0 + 0.630_929_753_571 + 0.5);
        assert!((ndcg(&ranked, &truth, 4) - by_hand).abs() < 1e-9);
    }

    #[test]
    fn a_perfect_list_gets_one_and_an_empty_truth_nothing() {
        for measure in [hit, recall, reciprocal_rank, ndcg] {
            assert_eq!(measure(&[4, 2], &[2, 4], 10), 1.0);
            assert_eq!(measure(&[4, 2], &[], 10), 0.0);
            assert_eq!(measure(&[], &[2, 4], 10), 0.0);
        }
    }
}
