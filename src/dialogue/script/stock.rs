//! The words the program comes with. They stand in where staff's files, written for an older program, lack a text: a
//! shop that updates goes on, and `check` names what it should read.

use super::read::{self, RawText, Topic};
use crate::diagnostic::{Diagnostics, SourceText};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "intents"]
struct Files;

/// What files that name no language are written in.
const LANGUAGE: &str = "en";

pub(super) struct Stock {
    topics: Vec<Topic>,
}

impl Stock {
    /// Parses all of them: only to be done when something lacks.
    pub(super) fn read() -> Self {
        let mut names: Vec<_> = Files::iter().collect();
        names.retain(|name| name.ends_with(".yml"));
        names.sort();
        let topics = names.iter().filter_map(|name| {
            let file = Files::get(name)?;
            let text = String::from_utf8_lossy(&file.data).into_owned();
            let source = SourceText::new(name.to_string(), text);
            read::topic(&source, &mut Diagnostics::default())
        });
        Self {
            topics: topics.collect(),
        }
    }

    /// A text for a shop that speaks `own`: in its language, else in English.
    pub(super) fn text(&self, id: &str, own: &str) -> Option<RawText> {
        self.translation(id, own)
            .or_else(|| self.translation(id, LANGUAGE))
    }

    pub(super) fn translation(&self, id: &str, code: &str) -> Option<RawText> {
        let speaks = |topic: &&Topic| {
            let named = topic.language.as_ref();
            named
                .map_or(LANGUAGE, |language| &language.value)
                .eq_ignore_ascii_case(code)
        };
        let mut texts = self.topics.iter().filter(speaks).flat_map(|t| &t.texts);
        texts
            .find(|(known, _)| known.value == id)
            .map(|(_, text)| text.clone())
    }
}
