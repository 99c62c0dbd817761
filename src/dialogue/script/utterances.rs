//! What shoppers say, as staff write it: examples and rules, held against those of other intents.

use super::Place;
use super::alternation::{self, AlternationError};
use super::check::Checker;
use super::read::{At, RawRule};
use crate::diagnostic::Diagnostic;
use crate::text::fold;
use crate::understanding::Rule;
use std::ops::Range;
use std::sync::Arc;

/// Stands for the shop's own language where a language is named.
pub(super) const OWN: &str = "";
/// Fewer examples than this teach little.
const FEW: usize = 3;

impl Checker<'_> {
    /// Alternations opened up, each utterance with its place. `language` is [`OWN`] or a code; `ruled`: rules tell the
    /// intent as well.
    pub(super) fn examples(
        &mut self,
        language: &str,
        id: &str,
        span: &Range<usize>,
        raw: &[At<String>],
        ruled: bool,
    ) -> (Vec<String>, Vec<Place>) {
        if raw.len() < FEW && !ruled {
            let message = format!("`{id}` has {} examples", raw.len());
            let help = "write at least three, better ten, as shoppers say it";
            self.problems.push(
                Diagnostic::error("few-examples", self.source, span.clone(), message, help)
                    .as_warning(),
            );
        }
        let (mut all, mut places) = (Vec::new(), Vec::new());
        for example in raw {
            match alternation::expand(&example.value) {
                Ok(said) => {
                    for one in said {
                        self.collision(language, id, &one, &example.span);
                        all.push(one);
                        places.push(self.here(&example.span));
                    }
                }
                Err(error) => {
                    let (message, help) = match error {
                        AlternationError::Unbalanced => (
                            "a bracket is not closed or not opened",
                            "write alternatives as `(order|parcel)`",
                        ),
                        AlternationError::Nested => {
                            ("brackets stand inside brackets", "write two examples")
                        }
                        AlternationError::TooMany => (
                            "this stands for more than 32 utterances",
                            "write fewer alternatives in one example",
                        ),
                    };
                    self.complain("bad-alternation", example.span.clone(), message, help);
                }
            }
        }
        (all, places)
    }

    /// The same utterance for two intents of one language teaches that they are the same.
    fn collision(&mut self, language: &str, id: &str, example: &str, span: &Range<usize>) {
        let here = self.here(span);
        let key = (language.to_owned(), fold(example).into_owned());
        let Some((other, place)) = self.seen.examples.insert(key, (id.to_owned(), here)) else {
            return;
        };
        if other != id {
            let message = format!("`{example}` is an example of `{id}` and of `{other}`");
            self.clash(
                "same-example",
                span.clone(),
                message,
                "keep it where it belongs",
                &place,
                "the other one",
            );
        }
    }

    /// Those that can be used, each with its place.
    pub(super) fn rules(&mut self, id: &str, raw: &[At<RawRule>]) -> (Vec<Rule>, Vec<Place>) {
        let usable = raw.iter().filter_map(|raw| {
            let rule = self.rule(id, raw)?;
            Some((rule, (Arc::clone(self.source), raw.span.clone())))
        });
        usable.unzip()
    }

    fn rule(&mut self, id: &str, raw: &At<RawRule>) -> Option<Rule> {
        let rule = match &raw.value {
            RawRule::Phrase(words) => Rule::Phrase(words.clone()),
            RawRule::Keywords(words) => Rule::Keywords(words.clone()),
            RawRule::Regex(pattern) => Rule::Regex(pattern.clone()),
            RawRule::Exact(words) => Rule::Exact(words.clone()),
        };
        if let Err(error) = rule.check() {
            self.complain(
                "bad-rule",
                raw.span.clone(),
                error.to_string(),
                "mend the rule, or write it as examples",
            );
            return None;
        }
        let key = fold(&format!("{rule:?}")).into_owned();
        let here = self.here(&raw.span);
        if let Some((other, place)) = self.seen.rules.get(&key).cloned() {
            let message = format!("this rule of `{id}` never fires: `{other}` has it before");
            self.clash(
                "unreachable-rule",
                raw.span.clone(),
                message,
                "remove one of them",
                &place,
                "this one fires",
            );
            return None;
        }
        self.seen.rules.insert(key, (id.to_owned(), here));
        Some(rule)
    }
}
