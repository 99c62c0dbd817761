//! One linear separator a class against all others.
//!
//! Squared hinge loss, L2 regularised, C = 1, by coordinate descent on the dual with shrinking (Hsieh et al., "A dual
//! coordinate descent method for large-scale linear SVM", 2008). Examples are visited in a fixed pseudo-random order,
//! so the same examples give the same weights on any number of threads.

use super::lexicon::Vector;

/// 0.5 / C, on the diagonal of the dual.
const SOFTNESS: f32 = 0.5;
/// Largest violation left. Accuracy is flat from 0.01 up to here.
const CLOSE_ENOUGH: f32 = 0.5;
/// Weights nearer to zero move no decision; a third of all.
const NOTHING: f32 = 6e-3;
const MOST_ROUNDS: usize = 60;
/// Examples of other classes that a class is told apart from at first: at least so many, and twice its own.
const FIRST_RIVALS: usize = 500;
/// Then those join that the separator so found does not keep away, so often at most …
const MOST_GATHERINGS: usize = 4;
/// … and until they are less than one in so many …
const FEW: usize = 50;
/// … where a margin this far short of 1 is good enough.
const NEAR: f32 = 0.05;

/// A class's separator; above 0 is inside.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Separator {
    /// (feature, weight) by feature; what is next to nothing left out.
    pub(super) weights: Vec<(u32, f32)>,
    pub(super) bias: f32,
}

/// One separator a class, in class order. `labels[i]` is the class of `rows[i]`.
pub(super) fn separate(
    rows: &[Vector],
    labels: &[usize],
    classes: usize,
    features: usize,
) -> Vec<Separator> {
    // Two threads: a small server has two cores, and the shoppers need the others.
    let half = classes.div_ceil(2);
    let train = |range: std::ops::Range<usize>| -> Vec<Separator> {
        let mut solver = Solver::new(rows, features);
        range.map(|class| solver.solve(labels, class)).collect()
    };
    std::thread::scope(|scope| {
        let rest = scope.spawn(|| train(half..classes));
        let mut separators = train(0..half);
        match rest.join() {
            Ok(more) => separators.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        separators
    })
}

struct Solver<'a> {
    rows: &'a [Vector],
    /// Diagonal of the dual, by row.
    curvature: Vec<f32>,
    weights: Vec<f32>,
    bias: f32,
    /// Dual variable by row.
    alpha: Vec<f32>,
    order: Vec<u32>,
}

impl<'a> Solver<'a> {
    fn new(rows: &'a [Vector], features: usize) -> Self {
        let square = |row: &Vector| -> f32 { row.entries.iter().map(|(_, v)| v * v).sum() };
        Self {
            rows,
            curvature: rows
                .iter()
                .map(|row| square(row) + 1.0 + SOFTNESS)
                .collect(),
            weights: vec![0.0; features],
            bias: 0.0,
            alpha: vec![0.0; rows.len()],
            order: Vec::with_capacity(rows.len()),
        }
    }

    fn solve(&mut self, labels: &[usize], class: usize) -> Separator {
        self.weights.fill(0.0);
        self.alpha.fill(0.0);
        self.bias = 0.0;
        self.gather(labels, class);
        for _ in 0..MOST_GATHERINGS {
            self.descend(labels, class);
            if !self.gather_trespassers() {
                break;
            }
        }
        self.separator()
    }

    /// Adds the rows left out so far that the separator has on its wrong side or too near; whether there were many.
    fn gather_trespassers(&mut self) -> bool {
        let known = self.order.len();
        // All rows of the class itself are there from the start.
        let mut considered = vec![false; self.rows.len()];
        for row in &self.order {
            considered[*row as usize] = true;
        }
        let outside = (0..self.rows.len()).filter(|row| !considered[*row]);
        let trespassing: Vec<u32> = outside
            .filter(|row| self.margin(*row) > NEAR - 1.0)
            .map(|row| row as u32)
            .collect();
        self.order.extend(&trespassing);
        trespassing.len() * FEW > known
    }

    fn descend(&mut self, labels: &[usize], class: usize) {
        let mut active = self.order.len();
        let mut shrink_above = f32::INFINITY;
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..MOST_ROUNDS {
            shuffle(&mut self.order[..active], &mut random);
            let (mut highest, mut lowest) = (f32::NEG_INFINITY, f32::INFINITY);
            let mut at = 0;
            while at < active {
                let row = self.order[at] as usize;
                let sign = if labels[row] == class { 1.0 } else { -1.0 };
                let gradient = sign * self.margin(row) - 1.0 + SOFTNESS * self.alpha[row];
                let at_bound = self.alpha[row] == 0.0;
                if at_bound && gradient > shrink_above {
                    active -= 1;
                    self.order.swap(at, active);
                    continue;
                }
                let violation = if at_bound {
                    gradient.min(0.0)
                } else {
                    gradient
                };
                highest = highest.max(violation);
                lowest = lowest.min(violation);
                if violation != 0.0 {
                    self.step(row, sign, gradient);
                }
                at += 1;
            }
            if highest - lowest <= CLOSE_ENOUGH {
                if active == self.order.len() {
                    break;
                }
                // What was set aside gets one more look.
                active = self.order.len();
                shrink_above = f32::INFINITY;
            } else {
                shrink_above = if highest > 0.0 {
                    highest
                } else {
                    f32::INFINITY
                };
            }
        }
    }

    /// Fills `order` with the class's rows and the others that are most like them. What shares nothing with a class
    /// says nothing about where it ends, and would be most of the work where there are many classes.
    fn gather(&mut self, labels: &[usize], class: usize) {
        let rows = self.rows;
        let (own, others): (Vec<u32>, Vec<u32>) =
            (0..rows.len() as u32).partition(|row| labels[*row as usize] == class);
        self.order.clear();
        self.order.extend(&own);
        let most = FIRST_RIVALS.max(2 * own.len());
        if others.len() <= most {
            self.order.extend(others);
            return;
        }
        for &(feature, value) in own.iter().flat_map(|row| &rows[*row as usize].entries) {
            self.weights[feature as usize] += value;
        }
        let mut likeness: Vec<(f32, u32)> = others
            .iter()
            .map(|row| (self.margin(*row as usize), *row))
            .collect();
        self.weights.fill(0.0);
        likeness.select_nth_unstable_by(most, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        likeness.truncate(most);
        let mut rivals: Vec<u32> = likeness.into_iter().map(|(_, row)| row).collect();
        rivals.sort_unstable();
        self.order.extend(rivals);
    }

    fn margin(&self, row: usize) -> f32 {
        let entries = &self.rows[row].entries;
        let sum: f32 = entries
            .iter()
            .map(|&(feature, value)| value * self.weights[feature as usize])
            .sum();
        sum + self.bias
    }

    fn step(&mut self, row: usize, sign: f32, gradient: f32) {
        let before = self.alpha[row];
        let after = (before - gradient / self.curvature[row]).max(0.0);
        self.alpha[row] = after;
        let by = (after - before) * sign;
        for &(feature, value) in &self.rows[row].entries {
            self.weights[feature as usize] += by * value;
        }
        self.bias += by;
    }

    fn separator(&self) -> Separator {
        let numbered = (0_u32..).zip(&self.weights);
        Separator {
            weights: numbered
                .filter(|(_, w)| w.abs() > NOTHING)
                .map(|(f, w)| (f, *w))
                .collect(),
            bias: self.bias,
        }
    }
}

fn shuffle(order: &mut [u32], random: &mut u64) {
    for last in (1..order.len()).rev() {
        // xorshift64
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        order.swap(last, (*random % (last as u64 + 1)) as usize);
    }
}
