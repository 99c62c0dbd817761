//! All topics held against each other and against what the program can do.

use super::read::{At, RawIntent, RawSlot, RawText, Topic};
use super::translate::{translate, unsaid};
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
            script.texts.insert(id.value, text.text);
        }
        last = Some(topic.source);
    }
    missing(&script, texts, last, problems);
    let mut spoken: BTreeMap<String, Place> = BTreeMap::new();
    for topic in translations {
        if let Some(language) = &topic.language {
            let place = (Arc::clone(&topic.source), language.span.clone());
            spoken.entry(language.value.to_lowercase()).or_insert(place);
        }
        translate(&mut script, topic, texts, &mut seen, problems);
    }
    for (code, place) in spoken {
        unsaid(&script, &code, &place, problems);
    }
    script
}

/// Texts the program says that stand in no file.
fn missing(
    script: &Script,
    texts: &[TextSpec],
    last: Option<Arc<SourceText>>,
    problems: &mut Diagnostics,
) {
    let source = last.unwrap_or_else(|| SourceText::new("intents", ""));
    let end = source.text.len();
    for spec in texts.iter().filter(|spec| script.text(spec.id).is_none()) {
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
mod tests {
    use crate::diagnostic::SourceText;
    use crate::dialogue::script::{SkillSpec, TextSpec, read};
    use proptest::prelude::*;

    const SKILLS: [SkillSpec; 2] = [
        SkillSpec {
            name: "greet",
            slots: &[],
        },
        SkillSpec {
            name: "order_status",
            slots: &["order_number", "secret"],
        },
    ];
    const TEXTS: [TextSpec; 1] = [TextSpec {
        id: "greet.hello",
        variables: &["shop"],
    }];
    const GOOD: &str = "topic: Small talk\nintents:\n  hello:\n    title: Hello\n    examples: [hi, hey, good (day|morning)]\n    skill: greet\ntexts:\n  greet.hello: \"Hello from {shop}\"\n";

    fn complaints(files: &[(&str, &str)]) -> String {
        let sources: Vec<_> = files
            .iter()
            .map(|(name, text)| SourceText::new(*name, *text))
            .collect();
        let (script, problems) = read(&sources, &SKILLS, &TEXTS, "en");
        assert_eq!(script.is_none(), problems.has_errors());
        problems
            .sorted()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_good_file_is_a_script() {
        let source = SourceText::new("a.yml", GOOD);
        let (script, problems) = read(&[source], &SKILLS, &TEXTS, "en");
        assert!(problems.is_empty(), "{}", problems.render(false));
        let script = script.unwrap();
        assert_eq!(
            script.intents()[0].examples,
            ["hi", "hey", "good day", "good morning"]
        );
        assert!(script.text("greet.hello").is_some());
    }

    const GERMAN: &str = "language: de\nintents:\n  hello:\n    title: Hallo\n    examples: [hi, hallo, moin, servus, hey]\n    slots: { nix: { ask: Was } }\n  helo:\n    title: Hallo\ntexts:\n  greet.hello: \"Hallo von {shop}\"\n";

    #[test]
    fn a_translation_is_held_against_what_it_translates() {
        insta::assert_snapshot!(complaints(&[("a.yml", GOOD), ("de.yml", GERMAN)]));
    }

    #[test]
    fn two_languages_may_share_an_utterance_and_the_shops_own_may_be_named() {
        let named = format!("language: EN\n{GOOD}");
        let german = GERMAN.replace(
            "    slots: { nix: { ask: Was } }\n  helo:\n    title: Hallo\n",
            "",
        );
        let sources = [
            SourceText::new("a.yml", named),
            SourceText::new("de.yml", german),
        ];
        let (script, problems) = read(&sources, &SKILLS, &TEXTS, "en");
        assert!(!problems.has_errors(), "{}", problems.render(false));
        let script = script.unwrap();
        assert_eq!(script.languages().collect::<Vec<_>>(), ["de"]);
        assert_eq!(script.intents()[0].title_in("de"), "Hallo");
        assert_eq!(script.intents()[0].title_in("fr"), "Hello");
    }

    #[test]
    fn all_of_a_file_is_said_at_once() {
        let wrong = "topc: x\nintents:\n  Hello There:\n    titel: Hello\n    examples: [hi, hey]\n    skill: gret\n  order:\n    title: Order\n    examples: [a, b, (c|d]\n    slots:\n      order_number: { type: order_nr, ask: \"Which?\" }\n    skill: order_status\n    rules:\n      - regex: \"(\"\n      - phrse: x\ntexts:\n  greet.hello: \"Hello from {shp}\"\n  greet.helo: \"Hi {\"\n";
        insta::assert_snapshot!(complaints(&[("intents/a.yml", wrong)]));
    }

    #[test]
    fn collisions_between_files_name_both_places() {
        let other = GOOD.replace("  hello:\n", "  howdy:\n").replace(
            "examples: [hi, hey, good (day|morning)]",
            "examples: [HI, yo, ho]",
        );
        insta::assert_snapshot!(complaints(&[("a.yml", GOOD), ("b.yml", &other)]));
    }

    #[test]
    fn what_is_not_yaml_is_said_with_its_line() {
        insta::assert_snapshot!(complaints(&[
            ("a.yml", GOOD),
            ("b.yml", "intents:\n\thello: x\n"),
            ("c.yml", "intents: [a, b\n")
        ]));
    }

    #[test]
    fn wrong_kinds_and_missing_parts_are_said() {
        let wrong = "intents:\n  a:\n    title: [x]\n    examples: {a: b}\n  b:\n    title: B\n    examples: [p, q, r]\n  c:\n    title: C\n    examples: [s, t, u]\n    skill: greet\n    reply: \"x\"\n  d:\n    title: D\n    examples: [v, w, x]\n    reply: [{ when: noon, say: \"a\" }, { when: open }]\ntexts:\n  greet.hello: { say: \"x\", when: open }\n";
        insta::assert_snapshot!(complaints(&[("a.yml", wrong)]));
    }

    #[test]
    fn a_text_that_no_file_has_is_missed() {
        insta::assert_snapshot!(complaints(&[("a.yml", "topic: Nothing yet\n")]));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([a-z:{}\\[\\]\"'#|>&* -]{0,20}\n){0,8}") {
            let source = SourceText::new("any.yml", text);
            let (_, problems) = read(&[source], &SKILLS, &TEXTS, "en");
            let _ = problems.render(false);
        }
    }
}
