//! Texts held against what says them: every id is known, every variable is there, and there is
//! something to say at all times.

use super::check::Checker;
use super::read::{At, RawText};
use super::{Text, TextSpec};
use crate::diagnostic::Diagnostic;
use crate::text::nearest;

impl Checker<'_> {
    pub(super) fn text(&mut self, id: &At<String>, raw: &RawText, texts: &[TextSpec]) {
        let here = self.here(&id.span);
        if let Some(other) = self.seen.texts.insert(id.value.clone(), here) {
            self.clash(
                "same-text",
                id.span.clone(),
                format!("there are two texts `{}`", id.value),
                "keep one of them",
                &other,
                "the other one",
            );
        }
        match texts.iter().find(|spec| spec.id == id.value) {
            Some(spec) => {
                self.variables(raw, spec.variables);
                self.always_says(id, &raw.text);
            }
            None => self.unknown_text(id, texts),
        }
    }

    /// No error: a text that a newer program no longer says must not keep a shop from starting.
    pub(super) fn unknown_text(&mut self, id: &At<String>, texts: &[TextSpec]) {
        let help = match nearest(&id.value, texts.iter().map(|spec| spec.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove it: nothing says it".to_owned(),
        };
        let message = format!("nothing says the text `{}`", id.value);
        let span = id.span.clone();
        let told = Diagnostic::error("unknown-text", self.source, span, message, help);
        self.problems.push(told.as_warning());
    }

    pub(super) fn variables(&mut self, raw: &RawText, known: &[&str]) {
        for (variant, span) in raw.text.variants.iter().zip(&raw.spans) {
            for name in variant
                .words
                .variables()
                .filter(|name| !known.contains(name))
            {
                let help = match (nearest(name, known.iter().copied()), known.is_empty()) {
                    (Some(near), _) => format!("did you mean `{{{near}}}`?"),
                    (None, true) => "this text has no variables; write `{{` for a brace".to_owned(),
                    (None, false) => format!(
                        "it may say {}",
                        known
                            .iter()
                            .map(|name| format!("{{{name}}}"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                };
                let needle = format!("{{{name}");
                let at = self.source.text[span.start..].find(&needle).unwrap_or(0);
                let start = span.start + at;
                let problem = Diagnostic::error(
                    "unknown-variable",
                    self.source,
                    start..start + needle.len() + 1,
                    format!("there is no variable `{name}` here"),
                    help,
                );
                self.problems.push(problem);
            }
        }
    }

    /// Conditions on every variant may leave nothing to say.
    fn always_says(&mut self, id: &At<String>, text: &Text) {
        use super::template::When::{Afternoon, Closed, Evening, Morning, Night, Open};
        let has = |when| {
            text.variants
                .iter()
                .any(|variant| variant.when == Some(when))
        };
        let always = text.variants.iter().any(|variant| variant.when.is_none())
            || (has(Open) && has(Closed))
            || [Morning, Afternoon, Evening, Night].into_iter().all(has);
        if !always {
            let help = "add a variant without `when`";
            self.complain(
                "sometimes-silent",
                id.span.clone(),
                format!("`{}` has nothing to say at some times", id.value),
                help,
            );
        }
    }
}
