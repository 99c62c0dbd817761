//! Whether what staff wrote fits the messengers that are set up, and what becomes of it where it does not.

use crate::channels::abilities::{self, Abilities, Buttons};
use crate::channels::channel;
use crate::channels::render::{length, split};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::dialogue::Content;
use regex::Regex;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// What does not fit, as warnings.
pub(super) fn fits(config: &Config, content: &Content) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let names: BTreeSet<&str> = config
        .channels
        .iter()
        .map(|one| channel(one, &config.server.url).abilities().platform)
        .collect();
    let platforms: Vec<&Abilities> = names.into_iter().filter_map(Abilities::of).collect();
    if platforms.is_empty() {
        return problems;
    }
    for source in &content.topics {
        for (span, label) in labels(&source.text) {
            choice(source, span, &label, &platforms, &mut problems);
        }
    }
    for article in &content.articles {
        let source = content.files.iter().find(|file| file.name == article.file);
        let Some(source) = source else { continue };
        for platform in &platforms {
            let fits = |part: &str| length(part, platform.unit) <= platform.text;
            let parts = split(&article.answer, &fits).len();
            if parts < 2 {
                continue;
            }
            let start = source.byte(article.line, 1);
            let end = source.text[start..]
                .find('\n')
                .map_or(source.text.len(), |at| start + at);
            let message = format!(
                "on {} this answer is told in {parts} messages",
                platform.platform
            );
            let help = format!(
                "one message takes {}; a shorter answer, or two questions with an answer each, reads better there",
                platform.text
            );
            let found = Diagnostic::error("long-for-messenger", source, start..end, message, help);
            problems.push(found.as_warning());
        }
    }
    problems
}

/// Choices as staff write them: `choice.returns: "Returns"`.
fn labels(text: &str) -> Vec<(Range<usize>, String)> {
    let Ok(line) = Regex::new("(?m)^ +choice\\.[a-z_.]+: *\"?([^\"\n]+)\"?") else {
        return Vec::new();
    };
    let found = line.captures_iter(text).filter_map(|found| found.get(1));
    found
        .map(|label| (label.range(), label.as_str().to_owned()))
        .collect()
}

fn choice(
    source: &Arc<SourceText>,
    span: Range<usize>,
    label: &str,
    platforms: &[&Abilities],
    problems: &mut Diagnostics,
) {
    let length = length(label, abilities::Unit::Characters);
    let mut becomes = Vec::new();
    for platform in platforms {
        let Some(Buttons { title, .. }) = platform.buttons else {
            continue;
        };
        if title == 0 || length <= title {
            continue;
        }
        let name = platform.platform;
        becomes.push(match platform.list {
            Some(list) if length <= list.title => {
                format!("on {name}, where a button takes {title}, a list")
            }
            Some(list) => format!(
                "on {name}, where a button takes {title} and a row {}, a list with its end below",
                list.title
            ),
            None => format!("on {name}, where a button takes {title}, numbered lines"),
        });
    }
    if !becomes.is_empty() {
        let message = format!(
            "{length} characters: choices with it become, {}",
            becomes.join("; ")
        );
        let help = "a shorter label stays a button";
        let found = Diagnostic::error("long-for-messenger", source, span, message, help);
        problems.push(found.as_warning());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_a_long_choice_is_said_for_each_messenger() {
        let text = "texts:\n  choice.a: \"Something arrived damaged\"\n  choice.b: Short\n  other: \"Something arrived damaged\"\n";
        let source = SourceText::new("x.yml", text);
        let mut problems = Diagnostics::default();
        let platforms = [&abilities::WHATSAPP, &abilities::MESSENGER, &abilities::SMS];
        for (span, label) in labels(text) {
            choice(&source, span, &label, &platforms, &mut problems);
        }
        let said = problems.render(false);
        assert!(said.contains("x.yml:2:14"), "{said}");
        assert!(
            said.contains("on whatsapp, where a button takes 20 and a row 24, a list"),
            "{said}"
        );
        assert!(
            said.contains("on messenger, where a button takes 20, numbered lines"),
            "{said}"
        );
        assert_eq!(said.matches("25 characters").count(), 1, "{said}");
    }
}
