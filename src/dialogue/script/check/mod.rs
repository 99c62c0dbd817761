//! All topics held against each other and against what the program can do.

use super::read::{At, RawIntent, RawSlot, RawText, Topic};
use super::stock::Stock;
use super::translate::{translate, translate_stand_ins, unsaid};
use super::utterances::OWN;
use super::{Action, Intent, Place, Script, SkillSpec, Slot, SlotKind, TextSpec};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What a plain reply and a question may say.
pub(super) const REPLY_VARIABLES: [&str; 2] = ["hours", "shop"];
pub(super) const ASK_VARIABLES: [&str; 1] = ["example"];

pub(super) fn check(
    topics: Vec<Topic>,
    skills: &[SkillSpec],
    texts: &[TextSpec],
    own_language: &str,
    problems: &mut Diagnostics,
) -> Script {
    let mut script = Script::default();
    let mut seen = Seen::default();
    let mut last: Option<Arc<SourceText>> = None;
    let (translations, topics): (Vec<Topic>, Vec<Topic>) = topics
        .into_iter()
        .partition(|topic| topic.language.is_some());
    for topic in &topics {
        for raw in &topic.entities {
            let mut checker = Checker {
                source: &topic.source,
                problems: &mut *problems,
                seen: &mut seen,
            };
            script.entities.extend(checker.entity(raw));
        }
    }
    for topic in topics {
        for raw in topic.intents {
            let mut checker = Checker {
                source: &topic.source,
                problems: &mut *problems,
                seen: &mut seen,
            };
            if let Some(intent) = checker.intent(raw, skills) {
                script
                    .places
                    .insert(intent.id.clone(), script.intents.len());
                script.intents.push(intent);
            }
        }
        for raw in topic.guides {
            let mut checker = Checker {
                source: &topic.source,
                problems: &mut *problems,
                seen: &mut seen,
            };
            script.guides.push(checker.guide(raw));
        }
        for (id, text) in topic.texts {
            let mut checker = Checker {
                source: &topic.source,
                problems: &mut *problems,
                seen: &mut seen,
            };
            checker.text(&id, &text, texts);
            if texts.iter().any(|spec| spec.id == id.value) {
                script.texts.insert(id.value, text.text);
            }
        }
        last = Some(topic.source);
    }
    let lacking: Vec<&TextSpec> = texts
        .iter()
        .filter(|spec| script.text(spec.id).is_none())
        .collect();
    let stock = (!lacking.is_empty()).then(Stock::read);
    if let Some(stock) = &stock {
        stand_in(&mut script, stock, &lacking, own_language);
        missing(&script, &lacking, last, problems);
    }
    let mut spoken: BTreeMap<String, Place> = BTreeMap::new();
    for topic in translations {
        if let Some(language) = &topic.language {
            let place = (Arc::clone(&topic.source), language.span.clone());
            spoken.entry(language.value.to_lowercase()).or_insert(place);
        }
        translate(&mut script, topic, texts, &mut seen, problems);
    }
    for (code, place) in spoken {
        if let Some(stock) = &stock {
            let ids = lacking.iter().map(|spec| spec.id);
            translate_stand_ins(&mut script, stock, ids, &code);
        }
        unsaid(&script, &code, &place, problems);
    }
    script
}

/// Takes the program's own words for what no file says.
fn stand_in(script: &mut Script, stock: &Stock, lacking: &[&TextSpec], own_language: &str) {
    for spec in lacking {
        if let Some(raw) = stock.text(spec.id, own_language) {
            script.texts.insert(spec.id.to_owned(), raw.text);
        }
    }
}

/// Texts the program says that stand in no file: told, or an error where it has no words of its own either.
fn missing(
    script: &Script,
    lacking: &[&TextSpec],
    last: Option<Arc<SourceText>>,
    problems: &mut Diagnostics,
) {
    let source = last.unwrap_or_else(|| SourceText::new("intents", ""));
    let end = source.text.len();
    let (said, unsaid): (Vec<&TextSpec>, Vec<&TextSpec>) = lacking
        .iter()
        .partition(|spec| script.text(spec.id).is_some());
    if !said.is_empty() {
        let names: Vec<String> = said.iter().map(|spec| format!("`{}`", spec.id)).collect();
        let message = match names.as_slice() {
            [one] => format!("no file has the text {one}; the program's own words stand in"),
            many => format!(
                "no file has {} texts; the program's own words stand in: {}",
                many.len(),
                many.join(", ")
            ),
        };
        let help = "read them in the intents the program came with, and write them under `texts:` to say them your way";
        let told = Diagnostic::error("missing-text", &source, end..end, message, help);
        problems.push(told.as_warning());
    }
    for spec in unsaid {
        let may: Vec<String> = spec
            .variables
            .iter()
            .map(|name| format!("{{{name}}}"))
            .collect();
        let with = if may.is_empty() {
            String::new()
        } else {
            format!("; it may say {}", may.join(", "))
        };
        let help = format!("add `{}: \"…\"` under `texts:`{with}", spec.id);
        problems.push(Diagnostic::error(
            "missing-text",
            &source,
            end..end,
            format!("no file has the text `{}`", spec.id),
            help,
        ));
    }
}

/// What was met before, for "the other one is here".
#[derive(Default)]
pub(super) struct Seen {
    intents: BTreeMap<String, Place>,
    pub(super) texts: BTreeMap<String, Place>,
    pub(super) entities: BTreeMap<String, Place>,
    pub(super) guides: BTreeMap<String, Place>,
    /// (language, folded example) → its intent and place.
    pub(super) examples: BTreeMap<(String, String), (String, Place)>,
    /// Folded exact rules, and all other rules as written.
    pub(super) rules: BTreeMap<String, (String, Place)>,
}

pub(super) struct Checker<'c> {
    pub(super) source: &'c Arc<SourceText>,
    pub(super) problems: &'c mut Diagnostics,
    pub(super) seen: &'c mut Seen,
}

impl Checker<'_> {
    pub(super) fn complain(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems
            .push(Diagnostic::error(code, self.source, span, message, help));
    }

    pub(super) fn clash(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        help: &str,
        other: &Place,
        label: &str,
    ) {
        let problem = Diagnostic::error(code, self.source, span, message, help);
        self.problems
            .push(problem.with_related(&other.0, other.1.clone(), label));
    }

    pub(super) fn here(&self, span: &Range<usize>) -> Place {
        (Arc::clone(self.source), span.clone())
    }

    fn intent(&mut self, raw: RawIntent, skills: &[SkillSpec]) -> Option<Intent> {
        let id = raw.id.value.clone();
        let span = raw.id.span.clone();
        if !is_id(&id) {
            self.complain(
                "bad-id",
                span.clone(),
                format!("`{id}` is no id"),
                "use lower-case letters, digits and `_`, like `order_status`",
            );
        }
        let here = self.here(&span);
        if let Some(other) = self.seen.intents.insert(id.clone(), here) {
            self.clash(
                "same-intent",
                span.clone(),
                format!("there are two intents `{id}`"),
                "rename one, or put both into one",
                &other,
                "the other one",
            );
        }
        let Some(title) = raw.title else {
            self.complain(
                "no-title",
                span,
                format!("`{id}` has no title"),
                "add `title: …`, the words of its button",
            );
            return None;
        };
        let (examples, written) =
            self.examples(OWN, &id, &raw.id.span, &raw.examples, !raw.rules.is_empty());
        let (rules, rules_written) = self.rules(&id, &raw.rules);
        let action = self.action(&id, &raw.id.span, raw.skill, raw.reply, &raw.slots, skills);
        let slots = raw
            .slots
            .into_iter()
            .filter_map(|slot| self.slot(slot))
            .collect();
        Some(Intent {
            id,
            title: title.value,
            examples,
            written,
            tests: raw.tests.into_iter().map(|test| test.value).collect(),
            rules,
            rules_written,
            slots,
            action: action?,
            choices: raw.choices.into_iter().map(|choice| choice.value).collect(),
            translations: BTreeMap::new(),
        })
    }

    fn action(
        &mut self,
        id: &str,
        span: &Range<usize>,
        skill: Option<At<String>>,
        reply: Option<RawText>,
        slots: &[RawSlot],
        skills: &[SkillSpec],
    ) -> Option<Action> {
        match (skill, reply) {
            (Some(skill), None) => {
                let Some(spec) = skills.iter().find(|spec| spec.name == skill.value) else {
                    let names: Vec<&str> = skills.iter().map(|spec| spec.name).collect();
                    let help = match nearest(&skill.value, names.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("known are {}", names.join(", ")),
                    };
                    self.complain(
                        "unknown-skill",
                        skill.span,
                        format!("there is no skill `{}`", skill.value),
                        help,
                    );
                    return None;
                };
                for needed in spec
                    .slots
                    .iter()
                    .filter(|needed| !slots.iter().any(|slot| slot.name.value == **needed))
                {
                    let message = format!("skill `{}` needs a slot `{needed}`", spec.name);
                    self.complain(
                        "missing-slot",
                        skill.span.clone(),
                        message,
                        format!("add `{needed}:` under `slots:`"),
                    );
                }
                Some(Action::Skill(skill.value))
            }
            (None, Some(reply)) => {
                self.variables(&reply, &REPLY_VARIABLES);
                Some(Action::Reply(reply.text))
            }
            (Some(_), Some(_)) => {
                self.complain(
                    "two-actions",
                    span.clone(),
                    format!("`{id}` has a skill and a reply"),
                    "keep one of them",
                );
                None
            }
            (None, None) => {
                self.complain(
                    "no-action",
                    span.clone(),
                    format!("`{id}` does nothing"),
                    "add `reply: \"…\"` or `skill: …`",
                );
                None
            }
        }
    }

    fn slot(&mut self, raw: RawSlot) -> Option<Slot> {
        let Some(kind) = raw.kind else {
            self.complain(
                "no-type",
                raw.name.span,
                format!("slot `{}` has no type", raw.name.value),
                "add `type: order_number`, or another type",
            );
            return None;
        };
        let built_in = SlotKind::ALL
            .into_iter()
            .find(|(name, _)| *name == kind.value);
        let own = || self.seen.entities.contains_key(&kind.value);
        let found = match built_in {
            Some((_, found)) => Some(found),
            None => own().then(|| SlotKind::Custom(kind.value.clone())),
        };
        let Some(found) = found else {
            let own = self.seen.entities.keys().map(String::as_str);
            let built_in = SlotKind::ALL.iter().map(|(name, _)| *name);
            let names: Vec<&str> = built_in.chain(own).collect();
            self.complain(
                "unknown-type",
                kind.span,
                format!("there is no slot type `{}`", kind.value),
                format!("known are {}", names.join(", ")),
            );
            return None;
        };
        let Some(ask) = raw.ask else {
            self.complain(
                "no-question",
                raw.name.span,
                format!("slot `{}` asks nothing", raw.name.value),
                "add `ask: \"…\"`",
            );
            return None;
        };
        self.variables(&ask, &ASK_VARIABLES);
        if let Some(refuse) = &raw.refuse {
            self.variables(refuse, &ASK_VARIABLES);
        }
        let refuse = raw.refuse.map(|raw| raw.text);
        Some(Slot {
            name: raw.name.value,
            kind: found,
            ask: ask.text,
            refuse,
        })
    }
}

pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests;
