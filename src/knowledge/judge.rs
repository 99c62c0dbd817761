//! How sure an article is: from what the question and the article share to a probability, learned from the articles'
//! own phrasings.

use super::Band;
use crate::understanding::{Labelled, Logistic};

/// What speaks for an article as the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Evidence {
    /// Share of what the asked words say that stands in the article's question and phrasings, 0 to 1.
    pub(super) covered: f32,
    /// Likeness to the nearest phrasing, 0 to 1.
    pub(super) likeness: f32,
    /// The score per nat that was asked, brought to 0 to 1.
    pub(super) strength: f32,
    /// The matcher's score; above 0 is inside the article's class.
    pub(super) vote: f32,
    /// How far the blended score is above the best other one, as a share of the larger: −1 to 1.
    pub(super) lead: f32,
}

/// One article found for one phrasing that it was not allowed to see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    pub(super) evidence: Evidence,
    pub(super) right: bool,
    /// It was found first.
    pub(super) first: bool,
    /// How many trials it stands for.
    pub(super) weight: f32,
}

/// From evidence to a probability, and to what to do with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judge {
    logistic: Logistic<INPUTS>,
    /// From here on an article is the answer …
    answer_from: f32,
    /// … and from here on worth offering.
    offer_from: f32,
}

/// What public sets of 64 to 150 questions agree on, for a shop whose articles are too few to learn from.
const INPUTS: usize = 6;
const START: [f64; INPUTS] = [-2.6, 0.7, 2.3, 0.6, 1.0, 2.6];
/// Trials' worth of trust in it.
const DOUBT: f64 = 3.0;
/// Of what is answered outright, this share shall be right.
const RIGHT_ANSWERS: f32 = 0.9;
/// Of the questions that an article does answer, this share shall at least be offered it.
const OFFERED: f32 = 0.95;

impl Judge {
    pub(super) fn fit(trials: &[Trial]) -> Self {
        let labelled = |trial: &Trial| Labelled {
            inputs: inputs(trial.evidence),
            right: trial.right,
            weight: f64::from(trial.weight),
        };
        let labelled: Vec<_> = trials.iter().map(labelled).collect();
        let logistic = Logistic::fit(START, DOUBT, &labelled);
        let mut judge = Self {
            logistic,
            answer_from: RIGHT_ANSWERS,
            offer_from: 1.0 - RIGHT_ANSWERS,
        };
        let judged = trials.iter().filter(|trial| trial.first);
        let mut judged: Vec<Judged> = judged
            .map(|trial| Judged {
                confidence: judge.confidence(trial.evidence),
                right: trial.right,
                weight: trial.weight,
            })
            .collect();
        judged.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        judge.answer_from = answer_from(&judged);
        let right: Vec<f32> = judged
            .iter()
            .filter(|judged| judged.right)
            .map(|judged| judged.confidence)
            .collect();
        let last = (right.len() as f32 * OFFERED) as usize;
        if let Some(confidence) = right.get(last.min(right.len().saturating_sub(1))) {
            judge.offer_from = confidence.min(judge.answer_from);
        }
        judge
    }

    /// 0 to 1.
    pub(super) fn confidence(&self, evidence: Evidence) -> f32 {
        self.logistic.probability(&inputs(evidence)) as f32
    }

    pub(super) fn band(&self, confidence: f32) -> Band {
        match confidence {
            high if high >= self.answer_from => Band::High,
            middle if middle >= self.offer_from => Band::Middle,
            _ => Band::Low,
        }
    }
}

/// The lowest confidence from which on enough of the trials, highest first, were right. The bound itself counts as
/// one trial more, so that few trials do not promise too much; without any it stands alone.
fn answer_from(judged: &[Judged]) -> f32 {
    let (mut right, mut all, mut lowest) = (0.5, 1.0, RIGHT_ANSWERS);
    for (place, trial) in judged.iter().enumerate() {
        all += trial.weight;
        right += if trial.right { trial.weight } else { 0.0 };
        let ends_a_tie = judged
            .get(place + 1)
            .is_none_or(|next| next.confidence < trial.confidence);
        if ends_a_tie && right / all >= RIGHT_ANSWERS {
            lowest = trial.confidence;
        }
    }
    lowest
}

/// A first-found article of a trial.
struct Judged {
    confidence: f32,
    right: bool,
    weight: f32,
}

fn inputs(evidence: Evidence) -> [f64; INPUTS] {
    [
        1.0,
        evidence.covered,
        evidence.likeness,
        evidence.strength,
        evidence.vote,
        evidence.lead.max(-1.0),
    ]
    .map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(covered: f32, right: bool) -> Trial {
        let evidence = Evidence {
            covered,
            likeness: covered,
            strength: covered / 2.0,
            vote: covered - 0.5,
            lead: covered / 2.0,
        };
        Trial {
            evidence,
            right,
            first: true,
            weight: 1.0,
        }
    }

    #[test]
    fn without_trials_only_the_nearly_certain_is_answered() {
        let judge = Judge::fit(&[]);
        let whole = judge.confidence(Evidence {
            covered: 1.0,
            likeness: 1.0,
            strength: 0.6,
            vote: 1.0,
            lead: 1.0,
        });
        let nothing = judge.confidence(Evidence::default());
        assert_eq!(
            (judge.band(whole), judge.band(nothing)),
            (Band::High, Band::Low)
        );
    }

    #[test]
    fn the_bands_move_to_where_the_trials_are_right() {
        // Right from a half on, wrong below it.
        let sharp: Vec<Trial> = (0..200)
            .map(|n| trial(n as f32 / 200.0, n >= 100))
            .collect();
        let judge = Judge::fit(&sharp);
        let band = |covered: f32| judge.band(judge.confidence(trial(covered, true).evidence));
        assert_eq!((band(0.7), band(0.2)), (Band::High, Band::Low));
        // Right or wrong by chance: nothing is answered outright, whatever it shares.
        let blunt: Vec<Trial> = (0..200)
            .map(|n| trial(n as f32 / 200.0, n % 2 == 0))
            .collect();
        let judge = Judge::fit(&blunt);
        assert_ne!(
            judge.band(judge.confidence(trial(0.95, true).evidence)),
            Band::High
        );
    }
}
