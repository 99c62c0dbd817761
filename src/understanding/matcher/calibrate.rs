//! From scores to probabilities: how often a candidate with such evidence was right, on examples training did not see.

use crate::understanding::logistic::{Labelled, Logistic};

/// What speaks for a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// Margin and cosine together.
    pub(super) score: f32,
    /// Score above the best other candidate; negative for all but the first.
    pub(super) lead: f32,
    /// Share of the message's content words that training has seen.
    pub(super) known: f32,
}

/// A candidate of a held-out example.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    pub(super) evidence: Evidence,
    pub(super) right: bool,
    pub(super) weight: f32,
}

/// A held-out example, with the evidence for its best candidate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message {
    pub(super) best: Evidence,
    /// Its class was trained.
    pub(super) inside: bool,
    pub(super) weight: f32,
}

const INPUTS: usize = 4;

/// Logistic in the evidence (Platt, 1999, with more than one input). Few numbers can be learned from few examples,
/// and more evidence never lowers a probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    /// Is this candidate right?
    right: Logistic<INPUTS>,
    /// Is any class? Here the lead says nothing: two classes that share a message both know it.
    inside: Logistic<3>,
}

/// What public intent sets of 60 to 150 classes with ten examples agree on.
const START: [f64; INPUTS] = [-1.0, 2.2, 3.2, 0.3];
const START_INSIDE: [f64; 3] = [0.9, 3.0, 1.9];
/// Strength of the starting point, as a Gaussian prior: so many trials' worth of doubt before data counts.
const PRIOR: f64 = 3.0;
/// Where no content word was ever seen, what is left ("my", "is") may still tell the few classes of a small bot apart,
/// and so few examples cannot teach the calibration better. Of such messages, public sets get 13 to 24 % right.
const MOST_UNKNOWN: f32 = 0.25;

impl Default for Calibration {
    fn default() -> Self {
        Self::fit(&[], &[])
    }
}

impl Calibration {
    /// The most probable weights given what was tried. Nothing tried leaves the starting points.
    pub(super) fn fit(trials: &[Trial], messages: &[Message]) -> Self {
        let labelled = |trial: &Trial| Labelled {
            inputs: inputs(trial.evidence),
            right: trial.right,
            weight: f64::from(trial.weight),
        };
        let trials: Vec<_> = trials.iter().map(labelled).collect();
        let known = |message: &Message| Labelled {
            inputs: message_inputs(message.best),
            right: message.inside,
            weight: f64::from(message.weight),
        };
        let messages: Vec<_> = messages.iter().map(known).collect();
        Self {
            right: Logistic::fit(START, PRIOR, &trials),
            inside: Logistic::fit(START_INSIDE, PRIOR, &messages),
        }
    }

    /// Probability that a message with this evidence for its best candidate is about any class at all.
    pub(super) fn inside(&self, best: Evidence) -> f32 {
        self.inside.probability(&message_inputs(best)) as f32
    }

    /// 0 to 1, without the ends.
    pub(super) fn probability(&self, evidence: Evidence) -> f32 {
        let fitted = self.right.probability(&inputs(evidence)) as f32;
        if evidence.known > 0.0 {
            fitted
        } else {
            fitted.min(MOST_UNKNOWN)
        }
    }
}

fn message_inputs(best: Evidence) -> [f64; 3] {
    [1.0, f64::from(best.score), f64::from(best.known)]
}

fn inputs(evidence: Evidence) -> [f64; INPUTS] {
    [
        1.0,
        f64::from(evidence.score),
        f64::from(evidence.lead),
        f64::from(evidence.known),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn evidence(score: f32, lead: f32) -> Evidence {
        Evidence {
            score,
            lead,
            known: 1.0,
        }
    }

    #[test]
    fn without_trials_the_start_stands() {
        assert_eq!(Calibration::fit(&[], &[]), Calibration::default());
    }

    #[test]
    fn a_fitted_probability_is_how_often_such_a_candidate_was_right() {
        // Three in four are right whatever the score says.
        let trials: Vec<Trial> = (0..4000)
            .map(|n| Trial {
                evidence: evidence((n % 7) as f32 / 7.0, 0.5),
                right: n % 4 != 0,
                weight: 1.0,
            })
            .collect();
        let fitted = Calibration::fit(&trials, &[]);
        assert!((fitted.probability(evidence(0.4, 0.5)) - 0.75).abs() < 0.05);
    }

    proptest! {
        #[test]
        fn a_probability_is_one_and_grows_with_the_evidence(
            trials in prop::collection::vec((-2f32..2.0, -2f32..2.0, any::<bool>()), 0..60),
            score in -3f32..3.0,
        ) {
            let trials: Vec<Trial> = trials
                .into_iter()
                .map(|(score, lead, right)| Trial { evidence: evidence(score, lead), right, weight: 1.0 })
                .collect();
            let fitted = Calibration::fit(&trials, &[]);
            let low = fitted.probability(evidence(score, 0.0));
            let high = fitted.probability(evidence(score + 0.5, 0.0));
            prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high) && low <= high);
        }
    }
}
