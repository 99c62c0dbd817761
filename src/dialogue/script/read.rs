//! One file as written: every key known, every value of its kind, nothing looked up yet. Complains
//! about all of it at once.

pub(super) use super::raw::{At, RawEntity, RawIntent, RawRule, RawSlot, RawText, Topic};
use super::template::{Template, Text, Variant, When};
use super::tree::{self, Tree, key_span, value_span};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::text::nearest;
use serde_saphyr::Spanned;
use std::ops::Range;
use std::sync::Arc;

const INTENT_KEYS: [&str; 8] = [
    "title", "examples", "tests", "rules", "slots", "skill", "reply", "choices",
];

/// Reads a file; nothing only when it is no YAML at all.
pub(super) fn topic(source: &Arc<SourceText>, problems: &mut Diagnostics) -> Option<Topic> {
    let tree = tree::parse(source, problems)?;
    let mut reader = Reader {
        source: Arc::clone(source),
        problems,
    };
    let mut topic = Topic {
        source: Arc::clone(source),
        language: None,
        intents: Vec::new(),
        texts: Vec::new(),
        entities: Vec::new(),
        guides: Vec::new(),
    };
    let Tree::Table(entries) = tree else {
        if !matches!(tree, Tree::Nothing) {
            reader.complain(
                "wrong-kind",
                0..1,
                "a topic is keys with values",
                "begin with `topic:`, then `intents:` and `texts:`",
            );
        }
        return Some(topic);
    };
    for (key, value) in &entries {
        match key.value.as_str() {
            "topic" => {
                reader.words(value, "the topic's name");
            }
            "language" => topic.language = reader.words(value, "a language, like `de`"),
            "intents" => {
                for (id, intent) in reader.table(value, "intents by their names") {
                    topic.intents.push(reader.intent(id, intent));
                }
            }
            "entities" => {
                for (name, value) in reader.table(value, "entities by their names") {
                    let entity = reader.entity(name, value);
                    topic.entities.push(entity);
                }
            }
            "guides" => {
                for (category, value) in reader.table(value, "guides by their categories") {
                    let guide = reader.guide(category, value);
                    topic.guides.push(guide);
                }
            }
            "texts" => {
                for (id, text) in reader.table(value, "texts by their ids") {
                    let id = At {
                        value: id.value.clone(),
                        span: key_span(source, id),
                    };
                    if let Some(text) = reader.text(text) {
                        topic.texts.push((id, text));
                    }
                }
            }
            _ => reader.unknown(
                key,
                "a topic",
                &[
                    "topic", "language", "intents", "texts", "entities", "guides",
                ],
            ),
        }
    }
    Some(topic)
}

pub(super) struct Reader<'p> {
    pub(super) source: Arc<SourceText>,
    problems: &'p mut Diagnostics,
}

impl Reader<'_> {
    fn complain(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems
            .push(Diagnostic::error(code, &self.source, span, message, help));
    }

    pub(super) fn unknown(&mut self, key: &Spanned<String>, place: &str, known: &[&str]) {
        let help = match nearest(&key.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", known.join(", ")),
        };
        let span = key_span(&self.source, key);
        self.complain(
            "unknown-key",
            span,
            format!("{place} has no key `{}`", key.value),
            help,
        );
    }

    pub(super) fn wrong(&mut self, value: &Spanned<Tree>, wanted: &str) {
        let span = value_span(&self.source, value);
        let message = format!(
            "here stands {}, where {wanted} should be",
            value.value.kind()
        );
        self.complain("wrong-kind", span, message, format!("write {wanted}"));
    }

    pub(super) fn words(&mut self, value: &Spanned<Tree>, wanted: &str) -> Option<At<String>> {
        match &value.value {
            Tree::Words(words) if !words.trim().is_empty() => Some(At {
                value: words.trim().to_owned(),
                span: value_span(&self.source, value),
            }),
            _ => {
                self.wrong(value, wanted);
                None
            }
        }
    }

    /// A list of words; words alone are a list of one.
    fn list(&mut self, value: &Spanned<Tree>, wanted: &str) -> Vec<At<String>> {
        match &value.value {
            Tree::List(items) => items
                .iter()
                .filter_map(|item| self.words(item, wanted))
                .collect(),
            Tree::Words(_) => self.words(value, wanted).into_iter().collect(),
            _ => {
                self.wrong(value, &format!("a list of {wanted}"));
                Vec::new()
            }
        }
    }

    pub(super) fn table<'t>(
        &mut self,
        value: &'t Spanned<Tree>,
        wanted: &str,
    ) -> &'t [(Spanned<String>, Spanned<Tree>)] {
        match &value.value {
            Tree::Table(entries) => entries,
            Tree::Nothing => &[],
            _ => {
                self.wrong(value, wanted);
                &[]
            }
        }
    }

    fn intent(&mut self, id: &Spanned<String>, value: &Spanned<Tree>) -> RawIntent {
        let mut intent = RawIntent {
            id: At {
                value: id.value.clone(),
                span: key_span(&self.source, id),
            },
            title: None,
            examples: Vec::new(),
            tests: Vec::new(),
            rules: Vec::new(),
            slots: Vec::new(),
            skill: None,
            reply: None,
            choices: Vec::new(),
        };
        for (key, value) in self.table(value, "the intent's keys") {
            match key.value.as_str() {
                "title" => intent.title = self.words(value, "a title"),
                "examples" => intent.examples = self.list(value, "what shoppers say"),
                "tests" => intent.tests = self.list(value, "what shoppers say"),
                "rules" => intent.rules = self.rules(value),
                "slots" => {
                    for (name, slot) in self.table(value, "slots by their names") {
                        let slot = self.slot(name, slot);
                        intent.slots.push(slot);
                    }
                }
                "skill" => intent.skill = self.words(value, "the name of a skill"),
                "reply" => intent.reply = self.text(value),
                "choices" => intent.choices = self.list(value, "what a button says"),
                _ => self.unknown(key, "an intent", &INTENT_KEYS),
            }
        }
        intent
    }

    fn entity(&mut self, name: &Spanned<String>, value: &Spanned<Tree>) -> RawEntity {
        let mut entity = RawEntity {
            name: At {
                value: name.value.clone(),
                span: key_span(&self.source, name),
            },
            values: Vec::new(),
            pattern: None,
        };
        for (key, value) in self.table(value, "`values:` or `pattern:`") {
            match key.value.as_str() {
                "pattern" => entity.pattern = self.words(value, "a pattern, like `TK-######`"),
                "values" => {
                    for (said, wordings) in self.table(value, "values with their wordings") {
                        let at = At {
                            value: said.value.clone(),
                            span: key_span(&self.source, said),
                        };
                        let wordings = match &wordings.value {
                            Tree::Nothing => Vec::new(),
                            _ => self.list(wordings, "how shoppers say it"),
                        };
                        entity.values.push((at, wordings));
                    }
                }
                _ => self.unknown(key, "an entity", &["values", "pattern"]),
            }
        }
        entity
    }

    fn rules(&mut self, value: &Spanned<Tree>) -> Vec<At<RawRule>> {
        let Tree::List(items) = &value.value else {
            self.wrong(value, "a list of rules, like `- phrase: track my order`");
            return Vec::new();
        };
        let mut rules = Vec::new();
        for item in items {
            for (key, value) in self.table(item, "a rule, like `phrase: track my order`") {
                let span = value_span(&self.source, value);
                let rule = match key.value.as_str() {
                    "phrase" => self
                        .words(value, "words")
                        .map(|words| RawRule::Phrase(words.value)),
                    "exact" => self
                        .words(value, "words")
                        .map(|words| RawRule::Exact(words.value)),
                    "regex" => self
                        .words(value, "a regular expression")
                        .map(|words| RawRule::Regex(words.value)),
                    "keywords" => {
                        let words = self.list(value, "words").into_iter().map(|word| word.value);
                        Some(RawRule::Keywords(words.collect()))
                    }
                    _ => {
                        self.unknown(key, "a rule", &["phrase", "keywords", "regex", "exact"]);
                        None
                    }
                };
                rules.extend(rule.map(|value| At { value, span }));
            }
        }
        rules
    }

    fn slot(&mut self, name: &Spanned<String>, value: &Spanned<Tree>) -> RawSlot {
        let name = At {
            value: name.value.clone(),
            span: key_span(&self.source, name),
        };
        let mut slot = RawSlot {
            name,
            kind: None,
            ask: None,
            refuse: None,
        };
        for (key, value) in self.table(value, "the slot's keys") {
            match key.value.as_str() {
                "type" => slot.kind = self.words(value, "a type"),
                "ask" => slot.ask = self.text(value),
                "refuse" => slot.refuse = self.text(value),
                _ => self.unknown(key, "a slot", &["type", "ask", "refuse"]),
            }
        }
        slot
    }

    /// Words, or a list of variants.
    pub(super) fn text(&mut self, value: &Spanned<Tree>) -> Option<RawText> {
        let mut raw = RawText {
            text: Text::default(),
            spans: Vec::new(),
        };
        match &value.value {
            Tree::Words(_) => self.variant(value, &mut raw),
            Tree::List(items) if !items.is_empty() => {
                items.iter().for_each(|item| self.variant(item, &mut raw))
            }
            Tree::Table(_) => self.variant(value, &mut raw),
            _ => {
                self.wrong(value, "words to say");
                return None;
            }
        }
        (!raw.text.variants.is_empty()).then_some(raw)
    }

    fn variant(&mut self, value: &Spanned<Tree>, raw: &mut RawText) {
        let mut variant = Variant {
            words: Template::default(),
            when: None,
            language: None,
        };
        let said = match &value.value {
            Tree::Table(entries) => {
                let mut said = None;
                for (key, value) in entries {
                    match key.value.as_str() {
                        "say" => said = Some(value),
                        "when" => variant.when = self.when(value),
                        "lang" => {
                            variant.language = self
                                .words(value, "a language, like `de`")
                                .map(|words| words.value)
                        }
                        _ => self.unknown(key, "a variant", &["say", "when", "lang"]),
                    }
                }
                if said.is_none() {
                    let span = value_span(&self.source, value);
                    self.complain(
                        "nothing-said",
                        span,
                        "a variant says nothing",
                        "add `say: \"…\"`",
                    );
                }
                said
            }
            _ => Some(value),
        };
        let Some(said) = said else { return };
        let Some(words) = self.words(said, "words to say") else {
            return;
        };
        match Template::parse(&words.value) {
            Ok(template) => {
                variant.words = template;
                raw.text.variants.push(variant);
                raw.spans.push(words.span);
            }
            Err(error) => {
                // Inside quotes and over several lines the place is near, not exact.
                let at = self.source.text[words.span.start..].find(&words.value[error.at.clone()]);
                let start = words.span.start + at.unwrap_or(0);
                self.complain(
                    "bad-template",
                    start..start + error.at.len(),
                    error.message,
                    error.help,
                );
            }
        }
    }

    fn when(&mut self, value: &Spanned<Tree>) -> Option<When> {
        let words = self.words(value, "a condition")?;
        let found = When::ALL
            .iter()
            .find(|(name, _)| *name == words.value)
            .map(|(_, when)| *when);
        if found.is_none() {
            let names: Vec<&str> = When::ALL.iter().map(|(name, _)| *name).collect();
            self.complain(
                "unknown-condition",
                words.span,
                format!("there is no condition `{}`", words.value),
                format!("known are {}", names.join(", ")),
            );
        }
        found
    }
}
