//! What staff write in `intents/*.yml`: read with positions, checked against each other and against
//! what the program can do, and only then a [`Script`], in which nothing can be wrong.

mod alternation;
mod check;
mod guides;
mod own_entities;
mod raw;
mod read;
mod stock;
mod template;
mod translate;
mod tree;
mod utterances;
mod wording;

pub use guides::{Guide, GuideStep};
pub use template::{Conditions, Text};

use crate::diagnostic::{Diagnostics, SourceText};
use crate::understanding::{CustomEntity, Rule};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// A place in a file, kept to point back at.
pub type Place = (Arc<SourceText>, Range<usize>);

/// A skill the program has, and the slots an intent must give it.
#[derive(Debug, Clone, Copy)]
pub struct SkillSpec {
    pub name: &'static str,
    pub slots: &'static [&'static str],
}

/// A text the program says, and the variables it may hold.
#[derive(Debug, Clone, Copy)]
pub struct TextSpec {
    pub id: &'static str,
    pub variables: &'static [&'static str],
}

/// All topics, agreed with each other.
#[derive(Debug, Default)]
pub struct Script {
    intents: Vec<Intent>,
    /// Id → place among the intents.
    places: BTreeMap<String, usize>,
    texts: BTreeMap<String, Text>,
    entities: Vec<CustomEntity>,
    guides: Vec<Guide>,
    /// Languages that files translate into.
    languages: BTreeSet<String>,
}

#[derive(Debug, Clone)]
pub struct Intent {
    pub id: String,
    /// What a button for it says.
    pub title: String,
    /// Utterances, alternations opened up.
    pub examples: Vec<String>,
    /// Where each of them is written.
    pub written: Vec<Place>,
    /// Utterances held out: never trained on, only tested.
    pub tests: Vec<String>,
    pub rules: Vec<Rule>,
    /// Where each of them is written.
    pub rules_written: Vec<Place>,
    /// In the order they are asked.
    pub slots: Vec<Slot>,
    pub action: Action,
    pub choices: Vec<String>,
    /// By language; what is missing there is said in the shop's own.
    pub translations: BTreeMap<String, Translation>,
}

/// What an intent is in another language. Its replies and questions are variants of the intent's own.
#[derive(Debug, Clone, Default)]
pub struct Translation {
    pub title: Option<String>,
    pub examples: Vec<String>,
    /// Where each of them is written.
    pub written: Vec<Place>,
    pub tests: Vec<String>,
    pub choices: Vec<String>,
}

impl Intent {
    /// The words of its button in a language.
    pub fn title_in(&self, language: &str) -> &str {
        let translated = self.translations.get(language);
        let title = translated.and_then(|translation| translation.title.as_deref());
        title.unwrap_or(&self.title)
    }

    pub fn choices_in(&self, language: &str) -> &[String] {
        match self.translations.get(language) {
            Some(translation) if !translation.choices.is_empty() => &translation.choices,
            _ => &self.choices,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Slot {
    pub name: String,
    pub kind: SlotKind,
    pub ask: Text,
    pub refuse: Option<Text>,
}

/// What a slot takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotKind {
    OrderNumber,
    OrderSecret,
    Email,
    Quantity,
    Text,
    YesNo,
    /// Where a parcel goes, in one message.
    Address,
    /// Six digits.
    Code,
    /// A day, kept as `2026-11-20`.
    Date,
    /// One of what the skill offers beside its question.
    Choice,
    /// An entity that staff define.
    Custom(String),
}

impl SlotKind {
    pub const ALL: [(&'static str, Self); 10] = [
        ("order_number", Self::OrderNumber),
        ("order_secret", Self::OrderSecret),
        ("email", Self::Email),
        ("quantity", Self::Quantity),
        ("text", Self::Text),
        ("yes_no", Self::YesNo),
        ("date", Self::Date),
        ("address", Self::Address),
        ("code", Self::Code),
        ("choice", Self::Choice),
    ];
}

/// What an intent does once its slots are filled.
#[derive(Debug, Clone)]
pub enum Action {
    /// A skill by its name, which the program has.
    Skill(String),
    /// Words of staff.
    Reply(Text),
}

impl Script {
    pub fn intents(&self) -> &[Intent] {
        &self.intents
    }

    pub fn intent(&self, id: &str) -> Option<&Intent> {
        self.intents.get(*self.places.get(id)?)
    }

    /// Defined by staff.
    pub fn entities(&self) -> &[CustomEntity] {
        &self.entities
    }

    /// The guide for a category that stands in this path; the one for its deepest level.
    pub fn guide(&self, path: &[String]) -> Option<&Guide> {
        let of = |level: &String| {
            let mut guides = self.guides.iter();
            guides.find(|guide| guide.category.eq_ignore_ascii_case(level))
        };
        path.iter().rev().find_map(of)
    }

    /// Codes of the languages that files translate into, the shop's own left out.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(String::as_str)
    }

    pub fn text(&self, id: &str) -> Option<&Text> {
        self.texts.get(id)
    }
}

/// Reads and checks all files together. A script only when there is no error; all complaints in any case.
pub fn read(
    files: &[Arc<SourceText>],
    skills: &[SkillSpec],
    texts: &[TextSpec],
    own_language: &str,
) -> (Option<Script>, Diagnostics) {
    let mut problems = Diagnostics::default();
    let topics = files.iter().filter_map(|file| {
        let mut topic = read::topic(file, &mut problems)?;
        // A file that names the shop's own language translates nothing.
        let named = topic.language.as_ref();
        if named.is_some_and(|language| language.value.eq_ignore_ascii_case(own_language)) {
            topic.language = None;
        }
        Some(topic)
    });
    let topics: Vec<read::Topic> = topics.collect();
    let script = check::check(topics, skills, texts, own_language, &mut problems);
    (
        if problems.has_errors() {
            None
        } else {
            Some(script)
        },
        problems,
    )
}
