//! Index and matcher together: each is right where the other is not.
//!
//! The index knows rare words and long answers; the matcher, for which every article is a class, knows which words
//! tell articles apart, and reads letters where words are mistyped. Both are brought to mean 0 and deviation 1 over
//! all articles and added.

use crate::search::{Scored, by_score};

/// What a deviation of the index's scores counts beside one of the matcher's. Flat from .3 to .6 on public sets.
const INDEX_COUNTS: f32 = 0.4;

/// An article as both see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Blended {
    pub(super) document: u32,
    /// For comparing what one question found.
    pub(super) score: f32,
    /// The index's score alone.
    pub(super) found: f32,
    /// The matcher's score alone.
    pub(super) vote: f32,
}

/// All documents that `keep` lets pass, best first, at most `most`. `votes` are the matcher's, by document; where there
/// is no matcher, or it knows none of the words, none.
pub(super) fn blend(
    found: &[Scored],
    votes: &[f32],
    most: usize,
    keep: impl Fn(u32) -> bool,
) -> Vec<Blended> {
    let mut all: Vec<Blended> = Vec::new();
    if votes.is_empty() {
        all.extend(found.iter().map(|scored| Blended {
            document: scored.document,
            score: scored.score,
            found: scored.score,
            vote: 0.0,
        }));
    } else {
        let mut scores = vec![0.0_f32; votes.len()];
        for scored in found {
            scores[scored.document as usize] = scored.score;
        }
        let (of_index, of_matcher) = (Spread::of(&scores), Spread::of(votes));
        all.extend(
            (0_u32..)
                .zip(scores.iter().zip(votes))
                .map(|(document, (found, vote))| Blended {
                    document,
                    score: INDEX_COUNTS * of_index.standing(*found) + of_matcher.standing(*vote),
                    found: *found,
                    vote: *vote,
                }),
        );
    }
    all.retain(|blended| keep(blended.document));
    let key = |blended: &Blended| Scored {
        document: blended.document,
        score: blended.score,
        matched: 0,
    };
    all.sort_by(|a, b| by_score(&key(a), &key(b)));
    all.truncate(most);
    all
}

struct Spread {
    mean: f32,
    deviation: f32,
}

impl Spread {
    fn of(scores: &[f32]) -> Self {
        let all = scores.len().max(1) as f32;
        let mean = scores.iter().sum::<f32>() / all;
        let square = scores.iter().map(|score| (score - mean).powi(2));
        Self {
            mean,
            deviation: (square.sum::<f32>() / all).sqrt(),
        }
    }

    fn standing(&self, score: f32) -> f32 {
        if self.deviation > f32::EPSILON {
            (score - self.mean) / self.deviation
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(document: u32, score: f32) -> Scored {
        Scored {
            document,
            score,
            matched: 1,
        }
    }

    #[test]
    fn what_both_find_comes_before_what_one_finds() {
        let found = [scored(1, 9.0), scored(2, 8.0)];
        let votes = [0.9, -1.0, 0.8, -1.0];
        let order = |keep: fn(u32) -> bool| {
            let blended = blend(&found, &votes, 3, keep);
            blended.iter().map(|b| b.document).collect::<Vec<_>>()
        };
        assert_eq!(order(|_| true)[0], 2);
        assert_eq!(order(|document| document != 2)[0], 0);
    }

    #[test]
    fn without_votes_the_index_decides_alone() {
        let found = [scored(4, 1.0), scored(7, 2.0)];
        let blended = blend(&found, &[], 3, |_| true);
        let order: Vec<u32> = blended.iter().map(|b| b.document).collect();
        assert_eq!(order, [7, 4]);
    }
}
