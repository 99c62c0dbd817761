//! YAML as a tree in which every key and value knows its place. Reading it ourselves, rather than
//! straight into structs, is what lets one file have several complaints at once.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Larger files are not read: nobody writes them by hand.
const LARGEST: usize = 1024 * 1024;

#[derive(Debug, Clone)]
pub(super) enum Tree {
    Nothing,
    /// Words, and whatever looks like a number or a switch.
    Words(String),
    List(Vec<Spanned<Tree>>),
    Table(Vec<(Spanned<String>, Spanned<Tree>)>),
}

impl Tree {
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Words(_) => "words",
            Self::List(_) => "a list",
            Self::Table(_) => "keys with values",
        }
    }
}

/// The tree of a file, or nothing when it is not YAML; then the complaint says where.
pub(super) fn parse(source: &Arc<SourceText>, problems: &mut Diagnostics) -> Option<Tree> {
    if source.text.len() > LARGEST {
        let help = "split it: one topic a file";
        problems.push(Diagnostic::error(
            "too-large",
            source,
            0..1,
            "the file is larger than 1 MiB",
            help,
        ));
        return None;
    }
    if let Some(at) = source.text.find('\0') {
        let help = "save the file as plain text";
        problems.push(Diagnostic::error(
            "nul",
            source,
            at..at + 1,
            "a NUL byte is no text",
            help,
        ));
        return None;
    }
    let text = source.text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Some(Tree::Nothing);
    }
    match serde_saphyr::from_str::<Spanned<Tree>>(text) {
        Ok(tree) => Some(tree.value),
        Err(error) => {
            let span = error
                .location()
                .map_or(0..0, |location| line_end(source, location));
            let message = error.without_snippet().to_string();
            let message = message
                .lines()
                .next()
                .unwrap_or("this is not YAML")
                .to_owned();
            let help = if source.text[..span.end.min(source.text.len())]
                .lines()
                .last()
                .is_some_and(|line| line.starts_with('\t'))
            {
                "indent with spaces, not tabs"
            } else {
                "check indentation, quotes and colons here; put words with `: ` or `#` in quotes"
            };
            problems.push(Diagnostic::error("not-yaml", source, span, message, help));
            None
        }
    }
}

/// From a place to the end of its line: where the eye should go when the length is not known.
fn line_end(source: &SourceText, location: Location) -> Range<usize> {
    let start = place(source, location);
    let end = source.text[start..]
        .find('\n')
        .map_or(source.text.len(), |at| start + at);
    start..end
}

fn place(source: &SourceText, location: Location) -> usize {
    let start = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    source.byte(start(location.line()), start(location.column()))
}

/// The bytes of a key.
pub(super) fn key_span(source: &SourceText, key: &Spanned<String>) -> Range<usize> {
    let start = place(source, key.referenced);
    start..start + key.value.len()
}

/// The bytes of a value: its words on the line it begins.
pub(super) fn value_span(source: &SourceText, value: &Spanned<Tree>) -> Range<usize> {
    let line = line_end(source, value.referenced);
    match &value.value {
        Tree::Words(words) => {
            line.start..(line.start + words.len().max(1)).min(line.end.max(line.start))
        }
        _ => line,
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("words, a list, or keys with values")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, switch: bool) -> Result<Tree, E> {
        Ok(Tree::Words(switch.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Words(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Words(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Words(number.to_string()))
    }

    fn visit_str<E>(self, words: &str) -> Result<Tree, E> {
        Ok(Tree::Words(words.to_owned()))
    }

    fn visit_string<E>(self, words: String) -> Result<Tree, E> {
        Ok(Tree::Words(words))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = table.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Table(entries))
    }
}
