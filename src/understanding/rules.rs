//! Rules staff write where examples are not sure enough.

use crate::text::{fold, spoken, stem, words};
use regex::Regex;
use std::borrow::Cow;
use std::cell::OnceCell;

/// When a message belongs to a class for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// These words in this order, side by side, anywhere.
    Phrase(String),
    /// All of these words, in any form, anywhere.
    Keywords(Vec<String>),
    /// A regular expression, looked for in the folded message.
    Regex(String),
    /// The whole message, but for case and punctuation.
    Exact(String),
}

/// A rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("`{pattern}` is not a regular expression: {reason}")]
    Regex { pattern: String, reason: String },
    #[error("a rule without words matches nothing; write what the message must contain")]
    Empty,
}

impl Rule {
    /// Whether the rule can be used; for checking one at a time, where it is written.
    pub fn check(&self) -> Result<(), RuleError> {
        Test::of(self).map(|_| ())
    }
}

/// A rule that matches a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleHit {
    /// As handed to [`RuleSet::new`].
    pub class: usize,
    /// Index of the rule as handed to [`RuleSet::new`].
    pub rule: usize,
}

/// All rules of a generation of content.
#[derive(Debug, Default)]
pub struct RuleSet {
    tests: Vec<(usize, Test)>,
}

/// A rule, ready to be asked.
#[derive(Debug)]
enum Test {
    Phrase(Vec<String>),
    /// Stems.
    Keywords(Vec<String>),
    Regex(Regex),
    Exact(Vec<String>),
}

impl RuleSet {
    /// From (class, rule); the class is the caller's index. Fails on the first rule that cannot be used.
    pub fn new(rules: &[(usize, Rule)]) -> Result<Self, RuleError> {
        let tests = rules
            .iter()
            .map(|(class, rule)| Ok((*class, Test::of(rule)?)));
        Ok(Self {
            tests: tests.collect::<Result<_, _>>()?,
        })
    }

    /// The rules that match, in the order handed in.
    pub fn matches(&self, text: &str) -> Vec<RuleHit> {
        if self.tests.is_empty() {
            return Vec::new();
        }
        let words = spoken_words(text);
        let message = Message {
            text,
            folded: OnceCell::new(),
            stems: words.iter().map(|word| stem(word).to_owned()).collect(),
            words,
        };
        let hits = self
            .tests
            .iter()
            .enumerate()
            .filter(|(_, (_, test))| test.holds(&message));
        hits.map(|(rule, (class, _))| RuleHit {
            class: *class,
            rule,
        })
        .collect()
    }
}

struct Message<'t> {
    text: &'t str,
    /// Only regular expressions look at it.
    folded: OnceCell<Cow<'t, str>>,
    words: Vec<String>,
    stems: Vec<String>,
}

impl Test {
    fn of(rule: &Rule) -> Result<Self, RuleError> {
        let filled = |words: Vec<String>| {
            if words.is_empty() {
                Err(RuleError::Empty)
            } else {
                Ok(words)
            }
        };
        match rule {
            Rule::Phrase(text) => Ok(Self::Phrase(filled(spoken_words(text))?)),
            Rule::Exact(text) => Ok(Self::Exact(filled(spoken_words(text))?)),
            Rule::Keywords(keywords) => {
                let words = keywords.iter().flat_map(|keyword| spoken_words(keyword));
                Ok(Self::Keywords(filled(
                    words.map(|word| stem(&word).to_owned()).collect(),
                )?))
            }
            Rule::Regex(pattern) if pattern.trim().is_empty() => Err(RuleError::Empty),
            Rule::Regex(pattern) => {
                let compiled = regex::RegexBuilder::new(pattern)
                    .case_insensitive(true)
                    .build();
                compiled.map(Self::Regex).map_err(|error| RuleError::Regex {
                    pattern: pattern.clone(),
                    reason: reason(&error),
                })
            }
        }
    }

    fn holds(&self, message: &Message<'_>) -> bool {
        match self {
            Self::Phrase(phrase) => message
                .words
                .windows(phrase.len())
                .any(|words| words == phrase),
            Self::Keywords(stems) => stems.iter().all(|wanted| message.stems.contains(wanted)),
            Self::Regex(regex) => regex.is_match(message.folded.get_or_init(|| fold(message.text))),
            Self::Exact(whole) => message.words == *whole,
        }
    }
}

/// Folded and spelled out, so that a rule for "where is" hears "where's".
fn spoken_words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in words(text) {
        spoken(&word.text, |piece| out.push(piece.to_owned()));
    }
    out
}

/// The last line of the regex parser's drawing says what is wrong.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: Rule, matching: &[&str], other: &[&str]) {
        let rules = RuleSet::new(&[(7, rule.clone())]).unwrap();
        for text in matching {
            assert_eq!(
                rules.matches(text),
                [RuleHit { class: 7, rule: 0 }],
                "{rule:?}: {text}"
            );
        }
        for text in other {
            assert_eq!(rules.matches(text), [], "{rule:?}: {text}");
        }
    }

    #[test]
    fn each_kind_of_rule_hears_its_messages() {
        check(
            Rule::Phrase("where is my order".to_owned()),
            &["hi, WHERE’S my order?", "where is my order"],
            &["where my order is", "where is my orderly"],
        );
        check(
            Rule::Keywords(vec!["tracking".to_owned(), "numbers".to_owned()]),
            &["the number for tracking", "track number?"],
            &["tracking"],
        );
        check(
            Rule::Regex(r"^(call|ring) me\b".to_owned()),
            &["Call me", "ring me back"],
            &["please call me", "call mexico"],
        );
        check(
            Rule::Exact("Menu".to_owned()),
            &["menu", "MENU!"],
            &["the menu", ""],
        );
    }

    #[test]
    fn a_bad_regex_is_named_with_what_is_wrong() {
        let error = Rule::Regex("order (".to_owned()).check().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`order (` is not a regular expression: unclosed group"
        );
    }

    #[test]
    fn a_rule_without_words_is_refused() {
        for rule in [
            Rule::Phrase("?!".to_owned()),
            Rule::Exact(String::new()),
            Rule::Keywords(Vec::new()),
            Rule::Regex(" ".to_owned()),
        ] {
            assert_eq!(rule.check(), Err(RuleError::Empty));
        }
    }

    #[test]
    fn hits_come_in_the_order_of_the_rules() {
        let rules = [
            (2, Rule::Phrase("order".to_owned())),
            (1, Rule::Exact("menu".to_owned())),
            (0, Rule::Keywords(vec!["order".to_owned()])),
        ];
        let hits = RuleSet::new(&rules).unwrap().matches("my order");
        let rules: Vec<usize> = hits.iter().map(|hit| hit.rule).collect();
        assert_eq!(rules, [0, 2]);
        assert!(RuleSet::default().matches("my order").is_empty());
    }
}
