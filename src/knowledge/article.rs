//! One question and its answer.

use jiff::civil::Date;

/// A question as staff wrote it, the ways it is asked, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// `shipping#do-you-ship-to-norway`: the file's stem and the question. Unique in a folder that checks.
    pub id: String,
    /// The file's heading, shown as the source of the answer.
    pub title: String,
    pub question: String,
    pub also_asked: Vec<String>,
    /// Markdown subset, as written; never empty.
    pub answer: String,
    /// As handed to [`super::parse()`].
    pub file: String,
    /// Of the question, from 1.
    pub line: u32,
    pub tags: Vec<String>,
    /// `en`; `None` is the shop's language.
    pub language: Option<String>,
    /// First and last day of the answer, both included.
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
}

impl Article {
    /// The question and its other phrasings.
    pub fn phrasings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.question.as_str()).chain(self.also_asked.iter().map(String::as_str))
    }

    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| day >= from)
            && self.valid_until.is_none_or(|until| day <= until)
    }
}
