//! What stands in a file, with its places: nothing looked up yet.

use super::guides::RawGuide;
use super::template::Text;
use crate::diagnostic::SourceText;
use std::ops::Range;
use std::sync::Arc;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Topic {
    pub(super) source: Arc<SourceText>,
    /// Translates what other files say.
    pub(super) language: Option<At<String>>,
    pub(super) intents: Vec<RawIntent>,
    pub(super) texts: Vec<(At<String>, RawText)>,
    pub(super) entities: Vec<RawEntity>,
    pub(super) guides: Vec<RawGuide>,
}

/// An entity of the shop's own.
#[derive(Debug)]
pub(super) struct RawEntity {
    pub(super) name: At<String>,
    pub(super) values: Vec<(At<String>, Vec<At<String>>)>,
    pub(super) pattern: Option<At<String>>,
}

#[derive(Debug)]
pub(super) struct RawIntent {
    pub(super) id: At<String>,
    pub(super) title: Option<At<String>>,
    pub(super) examples: Vec<At<String>>,
    pub(super) tests: Vec<At<String>>,
    pub(super) rules: Vec<At<RawRule>>,
    pub(super) slots: Vec<RawSlot>,
    pub(super) skill: Option<At<String>>,
    pub(super) reply: Option<RawText>,
    pub(super) choices: Vec<At<String>>,
}

#[derive(Debug)]
pub(super) enum RawRule {
    Phrase(String),
    Keywords(Vec<String>),
    Regex(String),
    Exact(String),
}

#[derive(Debug)]
pub(super) struct RawSlot {
    pub(super) name: At<String>,
    pub(super) kind: Option<At<String>>,
    pub(super) ask: Option<RawText>,
    pub(super) refuse: Option<RawText>,
}

/// A text with the places of its variables, for the check of their names.
#[derive(Debug, Clone)]
pub(super) struct RawText {
    pub(super) text: Text,
    pub(super) spans: Vec<Range<usize>>,
}
