//! What is wrong with something a person wrote: file, line, column, the line itself, and what to
//! write instead.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde::Serialize;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Diagnostics printed at once; the rest is counted.
const PRINTED: usize = 50;

/// A text with its name, shared by all diagnostics about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// As the person knows it: `intents/orders.yml`.
    pub name: String,
    pub text: String,
}

impl SourceText {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
        })
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn place(&self, byte: usize) -> (u32, u32) {
        let end = self.boundary(byte);
        let before = &self.text[..end];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        (line as u32, before[start..].chars().count() as u32 + 1)
    }

    /// The byte at which a line (from 1) and a column in characters (from 1) stand.
    pub fn byte(&self, line: u32, column: u32) -> usize {
        let mut start = 0;
        for _ in 1..line {
            match self.text[start..].find('\n') {
                Some(at) => start += at + 1,
                None => return self.text.len(),
            }
        }
        let rest = &self.text[start..];
        let ends = rest.find('\n').unwrap_or(rest.len());
        let nth = rest[..ends]
            .char_indices()
            .nth(column.saturating_sub(1) as usize);
        start + nth.map_or(ends, |(at, _)| at)
    }

    fn boundary(&self, byte: usize) -> usize {
        let mut at = byte.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file is used; somebody should look.
    Warning,
}

/// One thing that is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable: `unknown-key`. People search for it.
    pub code: &'static str,
    pub source: Arc<SourceText>,
    /// Bytes of the source.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// Another place that has to do with it.
    pub related: Option<Box<Related>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub source: Arc<SourceText>,
    pub span: Range<usize>,
    pub label: String,
}

impl Diagnostic {
    pub fn error(
        code: &'static str,
        source: &Arc<SourceText>,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            code,
            source: Arc::clone(source),
            span,
            message: message.into(),
            help: help.into(),
            related: None,
        }
    }

    #[must_use]
    pub fn as_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    #[must_use]
    pub fn with_related(
        self,
        source: &Arc<SourceText>,
        span: Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        let related = Related {
            source: Arc::clone(source),
            span,
            label: label.into(),
        };
        Self {
            related: Some(Box::new(related)),
            ..self
        }
    }

    /// Line and column, both from 1.
    pub fn place(&self) -> (u32, u32) {
        self.source.place(self.span.start)
    }

    /// As the Rust compiler shows it: the line, a mark under the words, and what to write.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(self.message.as_str()).id(self.code);
        let name = self.source.name.as_str();
        // Of what has no text, such as a variable that is not there, no line can be shown.
        let mut group = if self.source.text.is_empty() {
            title.element(Origin::path(name))
        } else {
            let span = visible(&self.source, &self.span);
            let snippet = Snippet::source(self.source.text.as_str())
                .path(name)
                .annotation(AnnotationKind::Primary.span(span));
            title.element(snippet)
        };
        if let Some(related) = &self.related {
            let span = visible(&related.source, &related.span);
            let other = Snippet::source(related.source.text.as_str())
                .path(related.source.name.as_str())
                .annotation(
                    AnnotationKind::Context
                        .span(span)
                        .label(related.label.as_str()),
                );
            group = group.element(other);
        }
        if !self.help.is_empty() {
            group = group.element(Level::HELP.message(self.help.as_str()));
        }
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group]).to_string()
    }
}

/// A span that can be pointed at: inside the text, on character boundaries, at least one character.
fn visible(source: &SourceText, span: &Range<usize>) -> Range<usize> {
    let start = source.boundary(span.start);
    let end = source.boundary(span.end).max(start);
    let next = source.text[start..]
        .chars()
        .next()
        .map_or(start, |c| start + c.len_utf8());
    start..end.max(next)
}

/// One line for a log: `intents/orders.yml:12:5: error[unknown-key]: … help: …`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        f.write_str(&self.source.name)?;
        if !self.source.text.is_empty() {
            let (line, column) = self.place();
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {severity}[{}]: {}", self.code, self.message)?;
        if self.help.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.help)
        }
    }
}

/// For editors and CI.
impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let (line, column) = self.place();
        let (end_line, end_column) = self.source.place(self.span.end);
        let mut out = serializer.serialize_struct("Diagnostic", 10)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("code", self.code)?;
        out.serialize_field("file", &self.source.name)?;
        out.serialize_field("line", &line)?;
        out.serialize_field("column", &column)?;
        out.serialize_field("end_line", &end_line)?;
        out.serialize_field("end_column", &end_column)?;
        out.serialize_field("bytes", &[self.span.start, self.span.end])?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("help", &self.help)?;
        out.end()
    }
}

/// Everything that is wrong, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.0
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// By file, then place; errors before warnings on the same spot; each once.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.0.iter().collect();
        all.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span.start, d.severity, d.code);
            a.source
                .name
                .cmp(&b.source.name)
                .then_with(|| key(a).cmp(&key(b)))
        });
        all.dedup();
        all
    }

    /// All of them, the first fifty in full.
    pub fn render(&self, colour: bool) -> String {
        let sorted = self.sorted();
        let mut parts: Vec<String> = sorted
            .iter()
            .take(PRINTED)
            .map(|one| one.render(colour))
            .collect();
        if sorted.len() > PRINTED {
            parts.push(format!("and {} more", sorted.len() - PRINTED));
        }
        parts.join("\n\n")
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Diagnostic {
        let source = SourceText::new("intents/a.yml", "topic: Ørders\nintnts:\n  x: 1\n");
        Diagnostic::error(
            "unknown-key",
            &source,
            15..21,
            "there is no key `intnts`",
            "write `intents`",
        )
    }

    #[test]
    fn a_log_line_says_where_what_and_what_to_write() {
        let expected =
            "intents/a.yml:2:1: error[unknown-key]: there is no key `intnts`; write `intents`";
        assert_eq!(sample().to_string(), expected);
    }

    #[test]
    fn a_diagnostic_looks_like_the_compilers() {
        insta::assert_snapshot!(sample().render(false));
    }

    #[test]
    fn what_has_no_text_is_told_without_a_line() {
        let source = SourceText::new("the environment", "");
        let error = Diagnostic::error("no-secret", &source, 0..0, "X is not set", "set X");
        assert_eq!(
            error.to_string(),
            "the environment: error[no-secret]: X is not set; set X"
        );
        let shown = error.render(false);
        assert!(
            shown.contains("the environment") && shown.contains("set X"),
            "{shown}"
        );
        assert!(!shown.contains('^') && !shown.contains("1:1"), "{shown}");
    }

    #[test]
    fn diagnostics_come_in_reading_order_and_once() {
        let source = SourceText::new("b.yml", "one two");
        let at = |span: Range<usize>| Diagnostic::error("x", &source, span, "m", "h");
        let all: Diagnostics = [at(4..7), sample(), at(0..3), at(0..3)]
            .into_iter()
            .collect();
        let order: Vec<(String, usize)> = all
            .sorted()
            .iter()
            .map(|d| (d.source.name.clone(), d.span.start))
            .collect();
        let expected = [("b.yml", 0), ("b.yml", 4), ("intents/a.yml", 15)];
        assert_eq!(order, expected.map(|(name, at)| (name.to_owned(), at)));
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_can_be_shown(text in "\\PC{0,40}\n?\\PC{0,40}", start in 0usize..120, length in 0usize..40) {
            let source = SourceText::new("any.yml", text);
            let shown = Diagnostic::error("x", &source, start..start + length, "message", "help");
            prop_assert!(!shown.render(false).is_empty());
            prop_assert!(!shown.to_string().is_empty());
        }
    }
}
