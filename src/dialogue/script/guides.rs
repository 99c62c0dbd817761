//! Guides: which questions lead to a product of a category, in staff's order and words.

use super::Text;
use super::check::Checker;
use super::read::{At, RawText, Reader};
use super::tree::{Tree, key_span};
use serde_saphyr::Spanned;

/// The questions for one category.
#[derive(Debug, Clone)]
pub struct Guide {
    /// As the catalog names it, on any level.
    pub category: String,
    pub steps: Vec<GuideStep>,
}

#[derive(Debug, Clone)]
pub struct GuideStep {
    /// An attribute or option by its name, `kind` or `price`.
    pub about: String,
    pub ask: Text,
    /// What a button says instead of the value.
    pub labels: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct RawGuide {
    category: At<String>,
    steps: Vec<RawStep>,
}

#[derive(Debug)]
struct RawStep {
    about: At<String>,
    ask: RawText,
    labels: Vec<(String, String)>,
}

impl Reader<'_> {
    pub(super) fn guide(&mut self, category: &Spanned<String>, value: &Spanned<Tree>) -> RawGuide {
        let category = At {
            value: category.value.clone(),
            span: key_span(&self.source, category),
        };
        let mut steps = Vec::new();
        match &value.value {
            Tree::List(items) => steps.extend(items.iter().filter_map(|item| self.step(item))),
            _ => self.wrong(value, "a list of questions, each with `about:` and `ask:`"),
        }
        RawGuide { category, steps }
    }

    fn step(&mut self, value: &Spanned<Tree>) -> Option<RawStep> {
        let (mut about, mut ask, mut labels) = (None, None, Vec::new());
        for (key, value) in self.table(value, "`about:` and `ask:`") {
            match key.value.as_str() {
                "about" => about = self.words(value, "what is asked about, like `material`"),
                "ask" => ask = self.text(value),
                "choices" => {
                    for (value, label) in self.table(value, "values with what their buttons say") {
                        let label = self.words(label, "what the button says");
                        labels.extend(label.map(|label| (value.value.to_lowercase(), label.value)));
                    }
                }
                _ => self.unknown(key, "a question of a guide", &["about", "ask", "choices"]),
            }
        }
        match (about, ask) {
            (Some(about), Some(ask)) => Some(RawStep { about, ask, labels }),
            _ => {
                self.wrong(value, "a question with `about:` and `ask:`");
                None
            }
        }
    }
}

impl Checker<'_> {
    pub(super) fn guide(&mut self, raw: RawGuide) -> Guide {
        let here = self.here(&raw.category.span);
        let name = raw.category.value.to_lowercase();
        if let Some(other) = self.seen.guides.insert(name, here) {
            self.clash(
                "same-guide",
                raw.category.span.clone(),
                format!("there are two guides for `{}`", raw.category.value),
                "put all questions into one",
                &other,
                "the other one",
            );
        }
        let mut steps: Vec<GuideStep> = Vec::new();
        for step in raw.steps {
            let about = step.about.value.to_lowercase();
            if steps.iter().any(|known| known.about == about) {
                self.complain(
                    "asked-twice",
                    step.about.span.clone(),
                    format!("`{about}` is asked about twice"),
                    "take one of the questions away",
                );
            }
            self.variables(&step.ask, &[]);
            steps.push(GuideStep {
                about,
                ask: step.ask.text,
                labels: step.labels,
            });
        }
        Guide {
            category: raw.category.value,
            steps,
        }
    }
}
