//! Cross-validation: what would have happened to the examples had they been messages.

use super::Limits;
use super::calibrate::{Calibration, Message, Trial};
use super::features::Features;
use super::lexicon::Vector;
use super::model::Model;
use super::ranking::best;

const FOLDS: usize = 5;
/// Enough trials for four weights; further folds of big sets only cost time.
const ENOUGH: usize = 600;
/// One message in so many is about something no class covers. Each fold leaves whole classes out of training; their
/// examples then play such messages. They are nearer than most strange messages, so few of them do.
const OUTSIDE_ONE_IN: f32 = 20.0;

/// An example as training knows it.
pub(super) struct Example {
    pub(super) class: usize,
    pub(super) features: Features,
    /// Made of the class's name: always trained on, never tried.
    pub(super) is_name: bool,
}

/// A held-out example's outcome.
struct Outcome {
    /// The class was trained, so there was a right answer.
    inside: bool,
    candidates: Vec<Trial>,
}

/// The calibration, and the limits that follow from it.
pub(super) fn calibrate(examples: &[Example], classes: usize) -> (Calibration, Limits) {
    let mut outcomes = Vec::new();
    for fold in 0..FOLDS {
        if outcomes.len() < ENOUGH {
            try_fold(examples, classes, fold, &mut outcomes);
        }
    }
    let inside = outcomes.iter().filter(|outcome| outcome.inside).count() as f32;
    let outside = outcomes.len() as f32 - inside;
    if inside > 0.0 && outside > 0.0 {
        let weight = inside / (OUTSIDE_ONE_IN - 1.0) / outside;
        for outcome in outcomes.iter_mut().filter(|outcome| !outcome.inside) {
            for trial in &mut outcome.candidates {
                trial.weight = weight;
            }
        }
    }
    let trials: Vec<Trial> = outcomes
        .iter()
        .flat_map(|outcome| outcome.candidates.iter().copied())
        .collect();
    let best = |outcome: &Outcome| {
        outcome.candidates.first().map(|best| Message {
            best: best.evidence,
            inside: outcome.inside,
            weight: best.weight,
        })
    };
    let messages: Vec<Message> = outcomes.iter().filter_map(best).collect();
    let calibration = Calibration::fit(&trials, &messages);
    let limits = limits(&outcomes, &calibration);
    (calibration, limits)
}

fn try_fold(examples: &[Example], classes: usize, fold: usize, outcomes: &mut Vec<Outcome>) {
    // A class is left out of one fold, if enough others are there to be confused with.
    let left_out = |class: usize| classes > 2 && class % FOLDS == fold;
    let mut seen = vec![0_usize; classes];
    let (mut trained, mut tried) = (Vec::new(), Vec::new());
    for example in examples {
        let turn = seen[example.class] + example.class;
        seen[example.class] += usize::from(!example.is_name);
        if left_out(example.class) {
            if !example.is_name {
                tried.push(example);
            }
        } else if !example.is_name && turn % FOLDS == fold {
            tried.push(example);
        } else {
            trained.push(example);
        }
    }
    if trained.is_empty() {
        return;
    }
    let features: Vec<&Features> = trained.iter().map(|example| &example.features).collect();
    let labels: Vec<usize> = trained.iter().map(|example| example.class).collect();
    let model = Model::fit(&features, &labels, classes);
    let (mut vector, mut scores) = (Vector::default(), Vec::new());
    for example in tried {
        model.lexicon.weigh(&example.features, &mut vector);
        model.score(&vector, &mut scores);
        let places = best(&scores, vector.known_share, |a, b| a.cmp(&b));
        outcomes.push(Outcome {
            inside: !left_out(example.class),
            candidates: places
                .iter()
                .map(|place| Trial {
                    evidence: place.evidence,
                    right: place.class == example.class,
                    weight: 1.0,
                })
                .collect(),
        });
    }
}

/// Answer where nine of ten answers would have been right; ask from where only a twentieth of what was right lies
/// below. Both within reason, for a few examples can say anything.
fn limits(outcomes: &[Outcome], calibration: &Calibration) -> Limits {
    let firsts = outcomes
        .iter()
        .filter_map(|outcome| outcome.candidates.first());
    let mut firsts: Vec<(f32, &Trial)> = firsts
        .map(|trial| (calibration.probability(trial.evidence), trial))
        .collect();
    firsts.sort_by(|a, b| b.0.total_cmp(&a.0));

    let (mut right, mut answered) = (0.0, 0.0);
    let mut answer_above = None;
    for (probability, trial) in &firsts {
        answered += trial.weight;
        right += if trial.right { trial.weight } else { 0.0 };
        if right >= 0.9 * answered {
            answer_above = Some(*probability);
        }
    }
    let all_right: Vec<f32> = firsts
        .iter()
        .filter(|(_, trial)| trial.right)
        .map(|(p, _)| *p)
        .collect();
    let ask_above = all_right.get(all_right.len() * 19 / 20).copied();
    let usual = Limits::default();
    Limits {
        answer_above: answer_above.unwrap_or(usual.answer_above).clamp(0.4, 0.7),
        ask_above: ask_above.unwrap_or(usual.ask_above).clamp(0.15, 0.35),
    }
}
