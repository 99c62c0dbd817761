//! How well a matcher reads messages whose meaning is known.

use super::{Class, Limits, Matcher, Ranked};
use crate::text::Tongue;
use std::collections::{BTreeMap, BTreeSet};

/// A message and the id of the class it means.
pub type Labelled = (String, String);

/// A tenth of the range of probabilities, and how often its messages were read right.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    pub messages: usize,
    /// Mean probability that was given.
    pub said: f64,
    /// Share that was right.
    pub right: f64,
}

/// Messages of one class read as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    pub meant: String,
    pub read_as: String,
    pub times: usize,
    /// One of them.
    pub example: String,
}

/// What a matcher makes of messages it has not seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// Share of messages whose likeliest class is the right one.
    pub accuracy: f64,
    /// Mean of the classes' F1, each class counting once.
    pub macro_f1: f64,
    /// Chance that a message about something known is surer than one about something else; without such messages
    /// none.
    pub auroc: Option<f64>,
    /// Share of messages that are right and sure enough to act on.
    pub in_scope_accuracy_at_threshold: f64,
    /// Share of messages about something else that are not acted on.
    pub oos_recall_at_threshold: Option<f64>,
    /// Expected calibration error over ten bins: by how much the probabilities are off.
    pub ece: f64,
    pub reliability: [Bin; 10],
    /// Most frequent first.
    pub confusions: Vec<Confusion>,
}

/// Reads `test` and, about nothing that was trained, `elsewhere`. "Sure enough" is the matcher's own limit.
pub fn evaluate(matcher: &Matcher, test: &[Labelled], elsewhere: &[String]) -> Evaluation {
    let limits = matcher.limits();
    let mut tally = Tally::default();
    for (text, meant) in test {
        tally.note(text, meant, &matcher.rank(text, &[]), limits);
    }
    let (mut strange, mut declined) = (Vec::new(), 0);
    for text in elsewhere {
        let ranked = matcher.rank(text, &[]);
        let best = ranked.candidates.first();
        declined +=
            usize::from(best.is_none_or(|best| best.probability < ranked.sure_from(limits)));
        strange.push(ranked.inside);
    }
    let mut evaluation = tally.settle();
    if !strange.is_empty() {
        evaluation.auroc = Some(auroc(&tally.inside, &strange));
        evaluation.oos_recall_at_threshold = Some(declined as f64 / strange.len() as f64);
    }
    evaluation
}

/// Splits the examples of all classes into `folds`, trains on all but one and reads that one. Flatters files whose
/// examples were written by one hand: a shopper's words are further off.
pub fn cross_validate(classes: &[Class], tongue: &Tongue, folds: usize) -> Evaluation {
    let mut tally = Tally::default();
    for fold in 0..folds {
        let held_out = |nth: usize| nth % folds == fold;
        let part = |class: &Class| Class {
            examples: class
                .examples
                .iter()
                .enumerate()
                .filter(|(nth, _)| !held_out(*nth))
                .map(|(_, example)| example.clone())
                .collect(),
            ..class.clone()
        };
        let matcher = Matcher::train(&classes.iter().map(part).collect::<Vec<_>>(), tongue);
        let limits = matcher.limits();
        for class in classes {
            for (_, text) in class
                .examples
                .iter()
                .enumerate()
                .filter(|(nth, _)| held_out(*nth))
            {
                tally.note(text, &class.id, &matcher.rank(text, &[]), limits);
            }
        }
    }
    tally.settle()
}

#[derive(Default)]
struct Tally {
    all: usize,
    right: usize,
    acted_right: usize,
    /// How surely each message is about any class.
    inside: Vec<f32>,
    /// Messages, sum of probabilities, rights.
    bins: [(usize, f64, usize); 10],
    /// (meant, read as) → times and one of them.
    read: BTreeMap<(String, String), (usize, String)>,
}

impl Tally {
    fn note(&mut self, text: &str, meant: &str, ranked: &Ranked<'_>, limits: Limits) {
        let best = ranked.candidates.first();
        let (read_as, probability) = best.map_or(("", 0.0), |best| (best.id, best.probability));
        let right = meant == read_as;
        self.all += 1;
        self.right += usize::from(right);
        self.acted_right += usize::from(right && probability >= ranked.sure_from(limits));
        self.inside.push(ranked.inside);
        let bin = &mut self.bins[((probability * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += f64::from(probability);
        bin.2 += usize::from(right);
        let pair = (meant.to_owned(), read_as.to_owned());
        let entry = self
            .read
            .entry(pair)
            .or_insert_with(|| (0, text.to_owned()));
        entry.0 += 1;
    }

    fn settle(&self) -> Evaluation {
        let all = self.all.max(1) as f64;
        let off: f64 = self
            .bins
            .iter()
            .map(|(_, said, right)| (said - *right as f64).abs())
            .sum();
        let reliability = self.bins.map(|(messages, said, right)| {
            let count = messages.max(1) as f64;
            Bin {
                messages,
                said: said / count,
                right: right as f64 / count,
            }
        });
        let confused = self
            .read
            .iter()
            .filter(|((meant, read_as), _)| meant != read_as);
        let mut confusions: Vec<Confusion> = confused
            .map(|((meant, read_as), (times, example))| Confusion {
                meant: meant.clone(),
                read_as: read_as.clone(),
                times: *times,
                example: example.clone(),
            })
            .collect();
        confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.times));
        Evaluation {
            accuracy: self.right as f64 / all,
            macro_f1: self.macro_f1(),
            in_scope_accuracy_at_threshold: self.acted_right as f64 / all,
            ece: off / all,
            reliability,
            confusions,
            ..Evaluation::default()
        }
    }

    fn macro_f1(&self) -> f64 {
        let classes: BTreeSet<&String> = self.read.keys().map(|(meant, _)| meant).collect();
        let of = |pick: &dyn Fn(&(String, String)) -> bool| -> usize {
            self.read
                .iter()
                .filter(|(pair, _)| pick(pair))
                .map(|(_, (times, _))| times)
                .sum()
        };
        let f1 = |class: &&String| {
            let both = of(&|pair| pair.0 == **class && pair.1 == **class);
            let either = of(&|pair| pair.0 == **class) + of(&|pair| pair.1 == **class);
            2.0 * both as f64 / either.max(1) as f64
        };
        classes.iter().map(f1).sum::<f64>() / classes.len().max(1) as f64
    }
}

/// Share of pairs in which the one from `high` is larger; equals count half (Mann-Whitney).
fn auroc(high: &[f32], low: &[f32]) -> f64 {
    let mut low = low.to_vec();
    low.sort_by(f32::total_cmp);
    let wins: f64 = high
        .iter()
        .map(|value| {
            let below = low.partition_point(|other| other < value);
            let up_to = low.partition_point(|other| other <= value);
            below as f64 + (up_to - below) as f64 / 2.0
        })
        .sum();
    wins / (high.len().max(1) * low.len().max(1)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(id: &str, examples: &[&str]) -> Class {
        Class {
            id: id.to_owned(),
            title: String::new(),
            examples: examples.iter().map(|&example| example.to_owned()).collect(),
        }
    }

    #[test]
    fn rights_wrongs_and_strangers_are_counted() {
        let matcher = Matcher::train(
            &[
                class(
                    "order",
                    &["where is my order", "track my order", "order status please"],
                ),
                class(
                    "returns",
                    &["send it back", "how do i return this", "return an item"],
                ),
            ],
            &Tongue::english(),
        );
        let test: Vec<Labelled> = [
            ("where is the order", "order"),
            ("return the item", "returns"),
            ("track a return", "order"),
        ]
        .map(|(text, id)| (text.to_owned(), id.to_owned()))
        .to_vec();
        let found = evaluate(&matcher, &test, &["zebras dance".to_owned()]);
        assert!(found.accuracy >= 2.0 / 3.0 - 1e-9);
        assert_eq!(
            found
                .reliability
                .iter()
                .map(|bin| bin.messages)
                .sum::<usize>(),
            3
        );
        assert_eq!(found.auroc, Some(1.0));
        assert_eq!(found.oos_recall_at_threshold, Some(1.0));
        assert!(found.macro_f1 > 0.5 && found.ece <= 1.0);
        assert_eq!(evaluate(&matcher, &[], &[]).accuracy, 0.0);
    }

    #[test]
    fn the_area_counts_pairs() {
        assert_eq!(auroc(&[0.9, 0.4], &[0.1, 0.5]), 0.75);
        assert_eq!(auroc(&[0.5], &[0.5]), 0.5);
    }
}
