//! Examples in, a score a class out: separators and centroids, small and in one pass.

use super::features::Features;
use super::lexicon::{Lexicon, Vector};
use super::svm::{Separator, separate};

/// What a feature says about a class.
#[derive(Debug, Clone, Copy)]
struct Vote {
    class: u16,
    /// Of the separator, in steps of the feature's scale.
    margin: i8,
    /// Of the class's centroid, likewise.
    cosine: i8,
}

/// Where a feature's votes are, and what one step of them is worth.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    start: u32,
    end: u32,
    margin: f32,
    cosine: f32,
}

/// A class's standing for one message.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Score {
    /// Distance from the separator.
    pub(super) margin: f32,
    /// To the class's centroid; 0 to 1.
    pub(super) cosine: f32,
}

impl Score {
    pub(super) fn total(self) -> f32 {
        self.margin + self.cosine
    }
}

/// One byte a weight costs no accuracy and an eighth of the memory; a feature's votes lie side by side because a
/// message needs all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) lexicon: Lexicon,
    rows: Vec<Row>,
    votes: Vec<Vote>,
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
        let bias = separators.iter().map(|separator| separator.bias).collect();
        let (rows, votes) = pack(&separators, &centroids, lexicon.len());
        Self {
            lexicon,
            rows,
            votes,
            bias,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.lexicon.bytes()
            + size_of_val(&self.rows[..])
            + size_of_val(&self.votes[..])
            + size_of_val(&self.bias[..])
    }

    /// Replaces `scores` by one a class, in class order.
    pub(super) fn score(&self, message: &Vector, scores: &mut Vec<Score>) {
        scores.clear();
        scores.extend(self.bias.iter().map(|&margin| Score {
            margin,
            cosine: 0.0,
        }));
        for &(feature, value) in &message.entries {
            let row = self.rows[feature as usize];
            let (margin, cosine) = (value * row.margin, value * row.cosine);
            for vote in &self.votes[row.start as usize..row.end as usize] {
                let score = &mut scores[usize::from(vote.class)];
                score.margin += margin * f32::from(vote.margin);
                score.cosine += cosine * f32::from(vote.cosine);
            }
        }
        // Two groups of length 1 each: the message's length is the root of 2, and so is the centroid's scale.
        for score in scores {
            score.cosine *= std::f32::consts::FRAC_1_SQRT_2;
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

fn pack(
    separators: &[Separator],
    centroids: &[Vec<(u32, f32)>],
    features: usize,
) -> (Vec<Row>, Vec<Vote>) {
    let margins = by_feature(
        separators
            .iter()
            .map(|separator| separator.weights.as_slice()),
        features,
    );
    let cosines = by_feature(centroids.iter().map(Vec::as_slice), features);
    let mut rows = Vec::with_capacity(features);
    let mut votes = Vec::new();
    for (margins, cosines) in margins.iter().zip(&cosines) {
        let row = Row {
            start: votes.len() as u32,
            end: 0,
            margin: step_of(margins),
            cosine: step_of(cosines),
        };
        let (mut margins, mut cosines) = (margins.iter().peekable(), cosines.iter().peekable());
        while let Some(class) = first_class(margins.peek(), cosines.peek()) {
            let weight = |found: Option<&(u16, f32)>| found.map_or(0.0, |(_, weight)| *weight);
            let vote = Vote {
                class,
                margin: steps(weight(margins.next_if(|next| next.0 == class)), row.margin),
                cosine: steps(weight(cosines.next_if(|next| next.0 == class)), row.cosine),
            };
            if vote.margin != 0 || vote.cosine != 0 {
                votes.push(vote);
            }
        }
        rows.push(Row {
            end: votes.len() as u32,
            ..row
        });
    }
    (rows, votes)
}

/// The lower class of two lists' next entries.
fn first_class(one: Option<&&(u16, f32)>, other: Option<&&(u16, f32)>) -> Option<u16> {
    let next = one.into_iter().chain(other);
    next.map(|(class, _)| *class).min()
}

/// (class, weight) by class, for each feature.
fn by_feature<'a>(
    classes: impl Iterator<Item = &'a [(u32, f32)]>,
    features: usize,
) -> Vec<Vec<(u16, f32)>> {
    let mut rows: Vec<Vec<(u16, f32)>> = vec![Vec::new(); features];
    for (class, weights) in (0..=u16::MAX).zip(classes) {
        for &(feature, weight) in weights {
            rows[feature as usize].push((class, weight));
        }
    }
    rows
}

fn step_of(weights: &[(u16, f32)]) -> f32 {
    let absolute = weights.iter().map(|(_, weight)| weight.abs());
    absolute.fold(f32::MIN_POSITIVE, f32::max) / f32::from(i8::MAX)
}

fn steps(weight: f32, step: f32) -> i8 {
    (weight / step).round() as i8
}
