//! Logistic regression with few inputs and, often, few trials: what calibration is made of.

/// Weights of `N` inputs. More of an input never lowers the probability: only the first weight, by custom that of a
/// constant, may be negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logistic<const N: usize>([f64; N]);

/// What is known of one trial.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<const N: usize> {
    pub inputs: [f64; N],
    pub right: bool,
    /// How many trials it stands for.
    pub weight: f64,
}

const ROUNDS: usize = 30;

impl<const N: usize> Logistic<N> {
    /// The most probable weights given the trials, by Newton's method. No trials leave `start`; `doubt` is how many
    /// trials' worth of trust it has.
    pub fn fit(start: [f64; N], doubt: f64, trials: &[Labelled<N>]) -> Self {
        let mut weights = start;
        for _ in 0..ROUNDS {
            let mut gradient = [0.0; N];
            let mut hessian = [[0.0; N]; N];
            for place in 0..N {
                gradient[place] = doubt * (weights[place] - start[place]);
                hessian[place][place] = doubt;
            }
            for Labelled {
                inputs,
                right,
                weight,
            } in trials
            {
                let p = logistic(dot(&weights, inputs));
                let target = f64::from(u8::from(*right));
                for row in 0..N {
                    gradient[row] += weight * (p - target) * inputs[row];
                    for column in 0..N {
                        hessian[row][column] +=
                            weight * p * (1.0 - p) * inputs[row] * inputs[column];
                    }
                }
            }
            let step = solve(hessian, gradient);
            for place in 0..N {
                // A full step may overshoot to where every probability is 0 or 1, and never come back.
                weights[place] -= step[place].clamp(-1.0, 1.0);
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
    pub fn probability(&self, inputs: &[f64; N]) -> f64 {
        logistic(dot(&self.0, inputs))
    }
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x.clamp(-30.0, 30.0)).exp())
}

/// Gaussian elimination; the doubt keeps `matrix` positive definite, so no pivot is zero.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            for (cell, above) in matrix[row].iter_mut().zip(above) {
                *cell -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..N).rev() {
        for column in row + 1..N {
            right[row] -= matrix[row][column] * right[column];
        }
        right[row] /= matrix[row][row];
    }
    right
}
