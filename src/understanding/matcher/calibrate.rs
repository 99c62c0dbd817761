//! From scores to probabilities: how often a candidate with such evidence was right, on examples training did not see.

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

const INPUTS: usize = 4;

/// Logistic in the evidence (Platt, 1999, with more than one input). Four numbers can be learned from few examples,
/// and more evidence never lowers the probability: no weight is negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration([f64; INPUTS]);

impl Default for Calibration {
    /// What public intent sets of 60 to 150 classes with ten examples agree on; the starting point of [`Self::fit`].
    fn default() -> Self {
        Self([-1.0, 2.2, 3.2, 0.5])
    }
}

/// Strength of the starting point, as a Gaussian prior: so many trials' worth of doubt before data counts.
const PRIOR: f64 = 3.0;
/// Where no content word was ever seen, what is left ("my", "is") may still tell the few classes of a small bot apart,
/// and so few examples cannot teach the calibration better. Of such messages, public sets get 13 to 24 % right.
const MOST_UNKNOWN: f32 = 0.25;
const ROUNDS: usize = 30;

impl Calibration {
    /// The most probable weights given the trials, by Newton's method. No trials leave the default.
    pub(super) fn fit(trials: &[Trial]) -> Self {
        let start = Self::default();
        let mut weights = start.0;
        for _ in 0..ROUNDS {
            let mut gradient = [0.0; INPUTS];
            let mut hessian = [[0.0; INPUTS]; INPUTS];
            for place in 0..INPUTS {
                gradient[place] = PRIOR * (weights[place] - start.0[place]);
                hessian[place][place] = PRIOR;
            }
            for trial in trials {
                let inputs = inputs(trial.evidence);
                let p = logistic(dot(&weights, &inputs));
                let target = f64::from(u8::from(trial.right));
                let weight = f64::from(trial.weight);
                for row in 0..INPUTS {
                    gradient[row] += weight * (p - target) * inputs[row];
                    for column in 0..INPUTS {
                        hessian[row][column] +=
                            weight * p * (1.0 - p) * inputs[row] * inputs[column];
                    }
                }
            }
            let step = solve(hessian, gradient);
            for place in 0..INPUTS {
                weights[place] -= step[place];
            }
            for weight in &mut weights[1..] {
                *weight = weight.max(0.0);
            }
            if step.iter().all(|part| part.abs() < 1e-6) {
                break;
            }
        }
        Self(weights)
    }

    /// 0 to 1, without the ends.
    pub(super) fn probability(&self, evidence: Evidence) -> f32 {
        let fitted = logistic(dot(&self.0, &inputs(evidence))) as f32;
        if evidence.known > 0.0 {
            fitted
        } else {
            fitted.min(MOST_UNKNOWN)
        }
    }
}

fn inputs(evidence: Evidence) -> [f64; INPUTS] {
    [
        1.0,
        f64::from(evidence.score),
        f64::from(evidence.lead),
        f64::from(evidence.known),
    ]
}

fn dot(a: &[f64; INPUTS], b: &[f64; INPUTS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x.clamp(-30.0, 30.0)).exp())
}

/// Gaussian elimination; the prior keeps `matrix` positive definite, so no pivot is zero.
fn solve(mut matrix: [[f64; INPUTS]; INPUTS], mut right: [f64; INPUTS]) -> [f64; INPUTS] {
    for pivot in 0..INPUTS {
        for row in pivot + 1..INPUTS {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            for (cell, above) in matrix[row].iter_mut().zip(above) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..INPUTS).rev() {
        for column in row + 1..INPUTS {
            right[row] -= matrix[row][column] * right[column];
        }
        right[row] /= matrix[row][row];
    }
    right
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
        assert_eq!(Calibration::fit(&[]), Calibration::default());
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
        let fitted = Calibration::fit(&trials);
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
            let fitted = Calibration::fit(&trials);
            let low = fitted.probability(evidence(score, 0.0));
            let high = fitted.probability(evidence(score + 0.5, 0.0));
            prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high) && low <= high);
        }
    }
}
