//! Examples in, a score a class out: separators and centroids, small and in one pass.

use super::features::Features;
use super::lexicon::{Lexicon, Vector};
use super::svm::{Separator, separate};

/// What a feature says about a class, in steps of the feature's row.
#[derive(Debug, Clone, Copy)]
struct Vote {
    class: u16,
    weight: i8,
}

/// A feature's votes, and what one step of them is worth.
#[derive(Debug, Clone, Copy)]
struct Row {
    step: f32,
    votes: Votes,
}

#[derive(Debug, Clone, Copy)]
enum Votes {
    /// From here to there in `Model::few`.
    Few(u32, u32),
    /// From here on in `Model::many`, one for each class.
    Many(u32),
}

/// From this share of the classes on, a vote for each of them takes less room than a list of some, and much less
/// time: most of a message's votes are those of a few letters that stand in every class.
const MANY_FROM_ONE_IN: usize = 4;

/// One byte a weight costs no accuracy and an eighth of the memory; a feature's votes lie side by side because a
/// message needs all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) lexicon: Lexicon,
    rows: Vec<Row>,
    few: Vec<Vote>,
    many: Vec<i8>,
    bias: Vec<f32>,
}

impl Model {
    /// `labels[i]` is the class of `messages[i]`; `classes` of them, numbered from 0, at most 65,536.
    pub(super) fn fit(messages: &[&Features], labels: &[usize], classes: usize) -> Self {
        let lexicon = Lexicon::new(messages.iter().copied());
        let vectors: Vec<Vector> = messages
            .iter()
            .map(|message| {
                let mut vector = Vector::default();
                lexicon.weigh(message, &mut vector);
                vector
            })
            .collect();
        let separators = separate(&vectors, labels, classes, lexicon.len());
        let centroids = centroids(&vectors, labels, classes, lexicon.len());
        let mut model = Self {
            rows: Vec::with_capacity(lexicon.len()),
            few: Vec::new(),
            many: Vec::new(),
            bias: separators.iter().map(|separator| separator.bias).collect(),
            lexicon,
        };
        for weights in by_feature(&separators, &centroids, model.lexicon.len()) {
            model.push(&weights);
        }
        model
    }

    fn push(&mut self, weights: &[(u16, f32)]) {
        let absolute = weights.iter().map(|(_, weight)| weight.abs());
        let step = absolute.fold(f32::MIN_POSITIVE, f32::max) / f32::from(i8::MAX);
        let in_steps = weights
            .iter()
            .map(|&(class, weight)| Vote {
                class,
                weight: (weight / step).round() as i8,
            })
            .filter(|vote| vote.weight != 0);
        let classes = self.bias.len();
        let votes = if weights.len() * MANY_FROM_ONE_IN >= classes {
            let start = self.many.len();
            self.many.resize(start + classes, 0);
            for vote in in_steps {
                self.many[start + usize::from(vote.class)] = vote.weight;
            }
            Votes::Many(start as u32)
        } else {
            let start = self.few.len() as u32;
            self.few.extend(in_steps);
            Votes::Few(start, self.few.len() as u32)
        };
        self.rows.push(Row { step, votes });
    }

    pub(super) fn bytes(&self) -> usize {
        self.lexicon.bytes()
            + size_of_val(&self.rows[..])
            + size_of_val(&self.few[..])
            + size_of_val(&self.many[..])
            + size_of_val(&self.bias[..])
    }

    /// Replaces `scores` by one a class, in class order: the distance from its separator, and the likeness to its
    /// mean message on top, which tells a message about something else better than the distance alone.
    pub(super) fn score(&self, message: &Vector, scores: &mut Vec<f32>) {
        scores.clear();
        scores.extend(&self.bias);
        for &(feature, value) in &message.entries {
            let row = self.rows[feature as usize];
            let value = value * row.step;
            match row.votes {
                Votes::Few(start, end) => {
                    for vote in &self.few[start as usize..end as usize] {
                        scores[usize::from(vote.class)] += value * f32::from(vote.weight);
                    }
                }
                Votes::Many(start) => {
                    for (score, weight) in scores.iter_mut().zip(&self.many[start as usize..]) {
                        *score += value * f32::from(*weight);
                    }
                }
            }
        }
    }
}

/// The mean message of each class at length 1, as (feature, weight) by feature.
fn centroids(
    vectors: &[Vector],
    labels: &[usize],
    classes: usize,
    features: usize,
) -> Vec<Vec<(u32, f32)>> {
    let mut members: Vec<Vec<&Vector>> = vec![Vec::new(); classes];
    for (vector, &class) in vectors.iter().zip(labels) {
        members[class].push(vector);
    }
    let mut sum = vec![0.0_f32; features];
    let mut out = Vec::with_capacity(classes);
    for members in members {
        let mut touched: Vec<u32> = Vec::new();
        for &(feature, value) in members.iter().flat_map(|vector| &vector.entries) {
            sum[feature as usize] += value;
            touched.push(feature);
        }
        touched.sort_unstable();
        touched.dedup();
        let length = touched
            .iter()
            .map(|&f| sum[f as usize].powi(2))
            .sum::<f32>()
            .sqrt();
        out.push(
            touched
                .iter()
                .map(|&f| (f, sum[f as usize] / length))
                .collect(),
        );
        for feature in touched {
            sum[feature as usize] = 0.0;
        }
    }
    out
}

/// (class, weight) by class, for each feature: separator and centroid together.
fn by_feature(
    separators: &[Separator],
    centroids: &[Vec<(u32, f32)>],
    features: usize,
) -> Vec<Vec<(u16, f32)>> {
    // Two groups of length 1 each: a message's length is the root of 2.
    let scale = std::f32::consts::FRAC_1_SQRT_2;
    let mut rows: Vec<Vec<(u16, f32)>> = vec![Vec::new(); features];
    for (class, (separator, centroid)) in (0..=u16::MAX).zip(separators.iter().zip(centroids)) {
        for &(feature, weight) in &separator.weights {
            rows[feature as usize].push((class, weight));
        }
        for &(feature, weight) in centroid {
            let row = &mut rows[feature as usize];
            match row.last_mut() {
                Some(last) if last.0 == class => last.1 += weight * scale,
                _ => row.push((class, weight * scale)),
            }
        }
    }
    rows
}
