//! The best few of all classes, and what speaks for each.

use super::calibrate::Evidence;

/// How many candidates a message gets.
pub(super) const MOST_CANDIDATES: usize = 5;

/// Below every separator: what the only candidate is compared with.
const NO_RIVAL: f32 = -1.0;

/// A class among the best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) class: usize,
    pub(super) evidence: Evidence,
}

/// At most [`MOST_CANDIDATES`] classes, best first. `in_order` breaks ties: smaller first.
pub(super) fn best(
    scores: &[f32],
    known: f32,
    in_order: impl Fn(usize, usize) -> std::cmp::Ordering,
) -> Vec<Place> {
    let mut top: Vec<usize> = Vec::with_capacity(MOST_CANDIDATES + 1);
    for (class, score) in scores.iter().enumerate() {
        let beats = |other: &usize| {
            score
                .total_cmp(&scores[*other])
                .then_with(|| in_order(*other, class))
                .is_gt()
        };
        let place = top.iter().position(beats).unwrap_or(top.len());
        if place < MOST_CANDIDATES {
            top.insert(place, class);
            top.truncate(MOST_CANDIDATES);
        }
    }
    let total = |rank: usize| {
        top.get(rank)
            .map_or(NO_RIVAL, |class: &usize| scores[*class])
    };
    (0..top.len())
        .map(|rank| {
            let rival = if rank == 0 { total(1) } else { total(0) };
            Place {
                class: top[rank],
                evidence: Evidence {
                    score: total(rank),
                    lead: total(rank) - rival,
                    known,
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_go_by_the_given_order_and_only_the_first_leads() {
        let scores = [0.1, 0.5, 0.5, -0.3, 0.2, 0.0, 0.5];
        let places = best(&scores, 1.0, |a, b| b.cmp(&a));
        let order: Vec<usize> = places.iter().map(|place| place.class).collect();
        assert_eq!(order, [6, 2, 1, 4, 0]);
        assert_eq!(places[0].evidence.lead, 0.0);
        assert!(places[3].evidence.lead < 0.0);
        let alone = best(&scores[..1], 1.0, |a, b| a.cmp(&b));
        assert!(alone[0].evidence.lead > 1.0);
    }
}
