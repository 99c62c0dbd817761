//! Which class (an intent, an article) a message is: examples in, calibrated probabilities out.
//!
//! No model is shipped or fetched. A message is [read](reading), cut into [features], [weighed](lexicon) and given
//! a [score](model) by one linear separator a class; what scores are worth is [tried](trials) on held-out examples
//! and turned into [probabilities](calibrate).

mod calibrate;
mod courtesy;
mod features;
mod lexicon;
mod model;
mod ranking;
mod reading;
mod svm;
mod trials;

use crate::text::{Spelling, Tongue};
use calibrate::Calibration;
use features::{Features, stem_feature};
use lexicon::Vector;
use model::Model;
use ranking::best;
use reading::{Piece, Reading};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use trials::Example;

/// One thing a message can mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Class {
    pub id: String,
    /// In words; trained as one more example, and so are the words of the id.
    pub title: String,
    pub examples: Vec<String>,
}

/// Where to act and where to ask, suggested by cross-validation on the examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Probability from which the best candidate may be acted on.
    pub answer_above: f32,
    /// Probability from which the best candidates are worth a question; below, the message is not understood.
    pub ask_above: f32,
}

impl Default for Limits {
    /// Where there are no examples to learn from.
    fn default() -> Self {
        Self {
            answer_above: 0.6,
            ask_above: 0.3,
        }
    }
}

/// A class the message may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'m> {
    /// Index into the classes handed to [`Matcher::train`].
    pub class: usize,
    pub id: &'m str,
    /// 0 to 1: how often a candidate with such evidence is right, requests about something else counted as wrong.
    /// The probabilities of a message add up to 1 at most.
    pub probability: f32,
    /// The example of this class that shares most with the message; `None` where nothing is shared, and for what is
    /// not first and quite improbable.
    pub nearest_example: Option<&'m str>,
}

/// The best classes of a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranked<'m> {
    /// At most five, best first; equal scores by class id.
    pub candidates: Vec<Candidate<'m>>,
    /// Words read as others: (typed, read as).
    pub repaired: Vec<(String, String)>,
    /// 0 to 1: how much of the content words' weight training has seen.
    pub known_share: f32,
    /// 0 to 1: that the message is about any class at all, whichever.
    pub inside: f32,
}

/// Below this share of known words a message may well be about something else …
const STRANGE: f32 = 0.65;
/// … and is only acted on when so much surer. On public sets this turns down half of what was wrongly acted on of
/// messages about something else, for one in a hundred of the others.
const SURER: f32 = 0.5;
const SURE: f32 = 0.9;

impl Ranked<'_> {
    /// Probability from which the best candidate may be acted on.
    pub fn sure_from(&self, limits: Limits) -> f32 {
        if self.known_share < STRANGE {
            (limits.answer_above + SURER)
                .min(SURE)
                .max(limits.answer_above)
        } else {
            limits.answer_above
        }
    }

    /// Whether any of the words, or one like them, was ever seen.
    pub fn is_known(&self) -> bool {
        self.known_share > 0.0
    }
}

/// A trained matcher; immutable, shared by all conversations.
#[derive(Debug, Default)]
pub struct Matcher {
    tongue: Tongue,
    ids: Vec<String>,
    model: Model,
    calibration: Calibration,
    limits: Limits,
    spelling: Spelling,
    /// By class: each example with its words, the most telling part of it.
    examples: Vec<Vec<Kept>>,
}

/// An example as [`Matcher::nearest_example`] needs it.
#[derive(Debug, Clone)]
struct Kept {
    text: String,
    /// (feature, value); words only.
    words: Vec<(u32, f32)>,
}

/// A candidate that nobody will look at needs no example; finding it costs as much as the rest.
const WORTH_A_REASON: f32 = 0.05;

/// Buffers of a thread, so that ranking allocates for its answer only.
#[derive(Default)]
struct Scratch {
    reading: Reading,
    features: Features,
    vector: Vector,
    scores: Vec<f32>,
    /// By feature: the message's value, 0 for what it lacks.
    values: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Matcher {
    /// Deterministic: the same classes give the same matcher. No class, or classes without examples, are legal.
    /// Classes beyond the 65,536th are never candidates.
    pub fn train(classes: &[Class], tongue: &Tongue) -> Self {
        let (mut matcher, examples) = Self::learn(classes, tongue);
        (matcher.calibration, matcher.limits) = match examples.is_empty() {
            true => Default::default(),
            false => trials::calibrate(&examples, classes.len()),
        };
        matcher
    }

    /// [`Matcher::train`] in a fifth of its time, for those who calibrate [`Matcher::votes`] themselves.
    pub fn train_untried(classes: &[Class], tongue: &Tongue) -> Self {
        Self::learn(classes, tongue).0
    }

    fn learn(classes: &[Class], tongue: &Tongue) -> (Self, Vec<Example>) {
        let mut reading = Reading::default();
        let mut words: BTreeMap<String, u32> = BTreeMap::new();
        let mut lines = Vec::new();
        for (class, line, is_name) in training_lines(classes) {
            reading.read(&line, tongue.language);
            if reading.pieces().is_empty() {
                continue;
            }
            for piece in reading.pieces() {
                *words.entry(piece.text.clone()).or_default() += 1;
            }
            let mut features = Features::default();
            features.fill(reading.pieces(), tongue, |_| true);
            lines.push((
                line,
                Example {
                    class,
                    features,
                    is_name,
                },
            ));
        }
        if lines.is_empty() {
            return (Self::default(), Vec::new());
        }
        let (texts, examples): (Vec<String>, Vec<Example>) = lines.into_iter().unzip();
        let features: Vec<&Features> = examples.iter().map(|example| &example.features).collect();
        let labels: Vec<usize> = examples.iter().map(|example| example.class).collect();
        let model = Model::fit(&features, &labels, classes.len());
        let matcher = Self {
            tongue: tongue.clone(),
            ids: classes.iter().map(|class| class.id.clone()).collect(),
            examples: keep_examples(&model, texts, &examples, classes.len()),
            model,
            calibration: Calibration::default(),
            limits: Limits::default(),
            spelling: Spelling::new(
                words
                    .iter()
                    .map(|(word, times)| (word.as_str(), *times))
                    .chain(tongue.kindred.words().map(|word| (word, 0))),
            ),
        };
        (matcher, examples)
    }

    /// The score of each class, in class order: above 0 is inside. None where training has seen nothing of the
    /// message.
    pub fn votes(&self, text: &str) -> Vec<f32> {
        SCRATCH.with_borrow_mut(|scratch| {
            self.read(scratch, text, &[], &mut Vec::new());
            if scratch.vector.entries.is_empty() {
                return Vec::new();
            }
            self.model.score(&scratch.vector, &mut scratch.scores);
            scratch.scores.clone()
        })
    }

    /// Ranks the classes for `text`. `masked` are byte ranges that name things of the catalog: their words say
    /// little about the request, so those that training never saw are left out.
    pub fn rank(&self, text: &str, masked: &[Range<usize>]) -> Ranked<'_> {
        SCRATCH.with_borrow_mut(|scratch| self.rank_with(scratch, text, masked))
    }

    /// Reads `text` into the scratch's vector.
    fn read(
        &self,
        scratch: &mut Scratch,
        text: &str,
        masked: &[Range<usize>],
        repaired: &mut Vec<(String, String)>,
    ) {
        let lexicon = &self.model.lexicon;
        let is_known = |stem: &str| lexicon.knows(stem_feature(stem));
        let language = self.tongue.language;
        scratch
            .reading
            .read_message(text, masked, language, is_known, &self.spelling, repaired);
        let pieces = scratch.reading.pieces();
        let keep = |piece: &Piece| !piece.masked || is_known(piece.stem());
        scratch.features.fill(pieces, &self.tongue, keep);
        lexicon.weigh(&scratch.features, &mut scratch.vector);
    }

    fn rank_with(&self, scratch: &mut Scratch, text: &str, masked: &[Range<usize>]) -> Ranked<'_> {
        let lexicon = &self.model.lexicon;
        let mut repaired = Vec::new();
        self.read(scratch, text, masked, &mut repaired);
        let known_share = scratch.vector.known_share;
        if scratch.vector.entries.is_empty() {
            return Ranked {
                repaired,
                ..Ranked::default()
            };
        }
        self.model.score(&scratch.vector, &mut scratch.scores);
        let places = best(&scratch.scores, known_share, |a, b| {
            (&self.ids[a], a).cmp(&(&self.ids[b], b))
        });
        let mut probabilities: Vec<f32> = places
            .iter()
            .map(|place| self.calibration.probability(place.evidence))
            .collect();
        let sum: f32 = probabilities.iter().sum();
        if sum > 1.0 {
            probabilities.iter_mut().for_each(|p| *p /= sum);
        }
        scratch
            .values
            .resize(lexicon.len().max(scratch.values.len()), 0.0);
        for &(feature, value) in &scratch.vector.entries {
            scratch.values[feature as usize] = value;
        }
        let inside = places
            .first()
            .map_or(0.0, |best| self.calibration.inside(best.evidence));
        let candidates = places
            .iter()
            .zip(probabilities)
            .enumerate()
            .map(|(rank, (place, probability))| Candidate {
                class: place.class,
                id: &self.ids[place.class],
                probability,
                nearest_example: (rank == 0 || probability > WORTH_A_REASON)
                    .then(|| self.nearest_example(place.class, &scratch.values))
                    .flatten(),
            })
            .collect();
        for &(feature, _) in &scratch.vector.entries {
            scratch.values[feature as usize] = 0.0;
        }
        Ranked {
            candidates,
            repaired,
            known_share,
            inside,
        }
    }

    fn nearest_example(&self, class: usize, values: &[f32]) -> Option<&str> {
        let shared = |example: &[(u32, f32)]| -> f32 {
            example
                .iter()
                .map(|&(feature, value)| value * values[feature as usize])
                .sum()
        };
        let mut nearest = (0.0, None);
        for Kept { text, words } in &self.examples[class] {
            let shared = shared(words);
            if shared > nearest.0 {
                nearest = (shared, Some(text.as_str()));
            }
        }
        nearest.1
    }

    /// Memory of the trained model: weights, features, spelling; the examples' texts left out.
    pub fn bytes(&self) -> usize {
        self.model.bytes() + self.spelling.bytes()
    }

    /// Where to act and where to ask.
    pub fn limits(&self) -> Limits {
        self.limits
    }
}

/// (class, text, is it made of the class's name), in class order.
fn training_lines(classes: &[Class]) -> impl Iterator<Item = (usize, String, bool)> {
    classes.iter().enumerate().flat_map(|(number, class)| {
        let id = class.id.replace(['_', '-', '#', '.', '/'], " ");
        let examples = class
            .examples
            .iter()
            .map(move |text| (number, text.clone(), false));
        let names = [class.title.clone(), id]
            .into_iter()
            .map(move |text| (number, text, true));
        examples.chain(names)
    })
}

/// What [`Matcher::nearest_example`] compares with.
fn keep_examples(
    model: &Model,
    texts: Vec<String>,
    examples: &[Example],
    classes: usize,
) -> Vec<Vec<Kept>> {
    let mut kept = vec![Vec::new(); classes];
    let mut vector = Vector::default();
    for (text, example) in texts.into_iter().zip(examples) {
        if !example.is_name {
            model.lexicon.weigh(&example.features, &mut vector);
            let words = vector.entries[..vector.words].to_vec();
            kept[example.class].push(Kept { text, words });
        }
    }
    kept
}

#[cfg(test)]
mod tests;
