//! Files that say in another language what the others say: `language: de` at their top.

use super::check::{ASK_VARIABLES, Checker, REPLY_VARIABLES, Seen};
use super::read::{At, RawIntent, RawText, Topic};
use super::stock::Stock;
use super::{Action, Place, Script, Text, TextSpec, Translation};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::text::nearest;

/// Adds a translating file to what it translates.
pub(super) fn translate(
    script: &mut Script,
    topic: Topic,
    texts: &[TextSpec],
    seen: &mut Seen,
    problems: &mut Diagnostics,
) {
    let Some(language) = topic.language else {
        return;
    };
    let mut checker = Checker {
        source: &topic.source,
        problems,
        seen,
    };
    let code = language.value.to_lowercase();
    if !is_code(&code) {
        checker.complain(
            "bad-language",
            language.span,
            format!("`{}` is no language", language.value),
            "write its two letters, like `de`, with a region where it matters, like `pt-br`",
        );
        return;
    }
    script.languages.insert(code.clone());
    for raw in topic.intents {
        checker.translated_intent(script, raw, &code);
    }
    for (id, raw) in topic.texts {
        checker.translated_text(script, &id, raw, texts, &code);
    }
}

/// The program's own words in another language the files speak, for the texts it stands in for.
pub(super) fn translate_stand_ins<'a>(
    script: &mut Script,
    stock: &Stock,
    ids: impl Iterator<Item = &'a str>,
    code: &str,
) {
    for id in ids {
        let Some(text) = script.texts.get_mut(id).filter(|text| !text.speaks(code)) else {
            continue;
        };
        if let Some(raw) = stock.translation(id, code) {
            text.translate(raw, code);
        }
    }
}

/// Warns of texts that a shopper would meet in the shop's own language.
pub(super) fn unsaid(script: &Script, code: &str, place: &Place, problems: &mut Diagnostics) {
    let unsaid: Vec<&str> = script
        .texts
        .iter()
        .filter(|(_, text)| !text.speaks(code))
        .map(|(id, _)| id.as_str())
        .collect();
    if unsaid.is_empty() {
        return;
    }
    let first: Vec<String> = unsaid.iter().take(3).map(|id| format!("`{id}`")).collect();
    let more = if unsaid.len() > 3 { ", …" } else { "" };
    let message = format!("{} texts are not said in `{code}`", unsaid.len());
    let help = format!(
        "until they are, the shop's own language is used; add {}{more}",
        first.join(", ")
    );
    let (source, span) = place;
    problems.push(
        Diagnostic::error("not-translated", source, span.clone(), message, help).as_warning(),
    );
}

impl Checker<'_> {
    fn translated_intent(&mut self, script: &mut Script, raw: RawIntent, code: &str) {
        let id = raw.id.value.clone();
        let Some(place) = script.places.get(&id).copied() else {
            let help = match nearest(&id, script.places.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write it in the shop's own language first".to_owned(),
            };
            let message = format!("there is no intent `{id}` to translate");
            self.complain("unknown-intent", raw.id.span, message, help);
            return;
        };
        if let Some(skill) = &raw.skill {
            self.complain(
                "translated-skill",
                skill.span.clone(),
                "what an intent does is the same in every language",
                "remove `skill:` here",
            );
        }
        let (examples, written) = self.examples(
            code,
            &id,
            &raw.id.span,
            &raw.examples,
            !raw.rules.is_empty(),
        );
        let translation = Translation {
            title: raw.title.map(|title| title.value),
            examples,
            written,
            tests: raw.tests.into_iter().map(|test| test.value).collect(),
            choices: raw.choices.into_iter().map(|choice| choice.value).collect(),
        };
        let (rules, rules_written) = self.rules(&id, &raw.rules);
        if let Some(reply) = &raw.reply {
            self.variables(reply, &REPLY_VARIABLES);
        }
        let intent = &mut script.intents[place];
        match (&mut intent.action, raw.reply) {
            (Action::Reply(text), Some(reply)) => text.translate(reply, code),
            (Action::Skill(_), Some(_)) => self.complain(
                "two-actions",
                raw.id.span.clone(),
                format!("`{id}` has a skill and needs no reply"),
                "remove `reply:` here",
            ),
            (_, None) => {}
        }
        let intent = &mut script.intents[place];
        intent.rules.extend(rules);
        intent.rules_written.extend(rules_written);
        for slot in raw.slots {
            let Some(known) = intent
                .slots
                .iter_mut()
                .find(|known| known.name == slot.name.value)
            else {
                let message = format!("`{id}` has no slot `{}`", slot.name.value);
                let names: Vec<&str> = intent.slots.iter().map(|slot| slot.name.as_str()).collect();
                let help = match names.as_slice() {
                    [] => "it asks nothing".to_owned(),
                    names => format!("it has {}", names.join(", ")),
                };
                self.complain("unknown-slot", slot.name.span, message, help);
                continue;
            };
            for (raw, own) in [
                (slot.ask, Some(&mut known.ask)),
                (slot.refuse, known.refuse.as_mut()),
            ] {
                if let Some(raw) = raw {
                    self.variables(&raw, &ASK_VARIABLES);
                    if let Some(own) = own {
                        own.translate(raw, code);
                    }
                }
            }
        }
        intent.translations.insert(code.to_owned(), translation);
    }

    fn translated_text(
        &mut self,
        script: &mut Script,
        id: &At<String>,
        raw: RawText,
        texts: &[TextSpec],
        code: &str,
    ) {
        let spec = texts.iter().find(|spec| spec.id == id.value);
        let (Some(spec), Some(text)) = (spec, script.texts.get_mut(&id.value)) else {
            self.unknown_text(id, texts);
            return;
        };
        self.variables(&raw, spec.variables);
        text.translate(raw, code);
    }
}

impl Text {
    fn translate(&mut self, raw: RawText, code: &str) {
        self.variants
            .extend(
                raw.text
                    .variants
                    .into_iter()
                    .map(|variant| super::template::Variant {
                        language: Some(code.to_owned()),
                        ..variant
                    }),
            );
    }

    fn speaks(&self, code: &str) -> bool {
        self.variants
            .iter()
            .any(|variant| variant.language.as_deref() == Some(code))
    }
}

/// `de`, `pt-br`.
fn is_code(code: &str) -> bool {
    let mut parts = code.split('-');
    let base = parts.next().unwrap_or_default();
    (2..=3).contains(&base.len())
        && base.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
