//! From one Markdown file to its articles, or everything that is wrong with it.

use super::front_matter::{self, Complaint, FrontMatter};
use super::{Article, Problem, Severity};
use crate::text;
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::ops::Range;

/// A larger file is refused: nobody can answer from a book.
pub const MOST_BYTES: usize = 1 << 20;

/// Reads `text` of the file called `file` (its stem becomes part of the ids). The articles are those that
/// parsed; use them only when no problem is an error.
pub fn parse(file: &str, text: &str) -> (Vec<Article>, Vec<Problem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sheet = Sheet {
        file,
        text,
        problems: Vec::new(),
    };
    if text.len() > MOST_BYTES {
        let message = format!(
            "the file has {} bytes; an article file may have {MOST_BYTES}",
            text.len()
        );
        sheet.complain(
            Severity::Error,
            0..1,
            "too_large",
            message,
            "split it into several files",
        );
        return (Vec::new(), sheet.problems);
    }
    if let Some(at) = text.find('\0') {
        let message = "the file contains a NUL character, so it is not text".to_owned();
        sheet.complain(
            Severity::Error,
            at..at + 1,
            "nul",
            message,
            "save it as UTF-8 text",
        );
        return (Vec::new(), sheet.problems);
    }
    let mut complaints: Vec<Complaint> = Vec::new();
    let (front, start) = front_matter::read(text, &mut complaints);
    for (range, code, message, help) in complaints {
        sheet.complain(Severity::Error, range, code, message, &help);
    }
    let headings = sheet.headings(start);
    let articles = sheet.articles(&front, start, &headings);
    sheet
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    (articles, sheet.problems)
}

/// The file at hand and what has been found wrong with it.
struct Sheet<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
}

/// A `#` or `##` line.
struct Heading {
    level: HeadingLevel,
    text: String,
    /// Of the whole heading, in bytes of the file.
    range: Range<usize>,
}

/// What stands above other phrasings, in the languages that articles are written in.
const ALSO_ASKED: [&str; 8] = [
    "also asked",
    "auch gefragt",
    "aussi demandé",
    "también se pregunta",
    "chiesto anche",
    "ook gevraagd",
    "também se pergunta",
    "også spurt",
];

/// An answer's parts, in bytes of the file.
struct Section {
    also_asked: Vec<String>,
    answer: Range<usize>,
}

impl Sheet<'_> {
    fn complain(
        &mut self,
        severity: Severity,
        range: Range<usize>,
        code: &'static str,
        message: String,
        help: &str,
    ) {
        let before = &self.text[..range.start.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let marked = self.text.get(range.clone()).unwrap_or_default();
        let marked = marked.lines().next().unwrap_or_default();
        self.problems.push(Problem {
            severity,
            code,
            file: self.file.to_owned(),
            line: before.matches('\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
            length: (marked.chars().count() as u32).max(1),
            message,
            help: help.to_owned(),
        });
    }

    fn headings(&self, start: usize) -> Vec<Heading> {
        let mut found: Vec<Heading> = Vec::new();
        let mut open: Option<Heading> = None;
        let mut depth = 0;
        for (event, range) in
            Parser::new_ext(&self.text[start..], Options::empty()).into_offset_iter()
        {
            match event {
                // Headings inside quotes and lists belong to the answer.
                Event::Start(Tag::BlockQuote(_) | Tag::Item) => depth += 1,
                Event::End(TagEnd::BlockQuote(_) | TagEnd::Item) => depth -= 1,
                Event::Start(Tag::Heading { level, .. })
                    if depth == 0 && level <= HeadingLevel::H2 =>
                {
                    let range = start + range.start..start + range.end;
                    open = Some(Heading {
                        level,
                        text: String::new(),
                        range,
                    });
                }
                Event::End(TagEnd::Heading(_)) => found.extend(open.take()),
                Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
                    if let Some(heading) = &mut open {
                        heading.text.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn articles(
        &mut self,
        front: &FrontMatter,
        start: usize,
        headings: &[Heading],
    ) -> Vec<Article> {
        let title = headings
            .iter()
            .find(|heading| heading.level == HeadingLevel::H1);
        let has_questions = headings
            .iter()
            .any(|heading| heading.level == HeadingLevel::H2);
        let asked: Vec<usize> = (0..headings.len())
            .filter(|at| {
                headings[*at].level == HeadingLevel::H2
                    || (!has_questions
                        && headings[*at].range == title.map_or(0..0, |title| title.range.clone()))
            })
            .collect();
        if asked.is_empty() {
            let message = "the file has no question and no title".to_owned();
            let help = "begin each question with `## `, and the file with `# ` and a title";
            self.complain(
                Severity::Error,
                start..start + 1,
                "no_question",
                message,
                help,
            );
        }
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut articles = Vec::new();
        for (nth, at) in asked.iter().enumerate() {
            let heading = &headings[*at];
            let end = asked
                .get(nth + 1)
                .map_or(self.text.len(), |next| headings[*next].range.start);
            let section = self.section(heading.range.end..end);
            let question = heading.text.trim().to_owned();
            if question.is_empty() {
                let message = "a question without words".to_owned();
                self.complain(
                    Severity::Error,
                    heading.range.clone(),
                    "empty_question",
                    message,
                    "write the question after `##`",
                );
                continue;
            }
            let line = self.text[..heading.range.start].matches('\n').count() as u32 + 1;
            let slug = slug(&question);
            if let Some(first) = seen.insert(slug.clone(), line) {
                let message = format!("`{question}` is asked twice; the first is on line {first}");
                self.complain(
                    Severity::Error,
                    heading.range.clone(),
                    "duplicate_question",
                    message,
                    "make it one question, or say how they differ",
                );
            }
            let answer = self.text[section.answer.clone()].trim().to_owned();
            if answer.is_empty() {
                let message = format!("`{question}` has no answer");
                self.complain(
                    Severity::Error,
                    heading.range.clone(),
                    "empty_answer",
                    message,
                    "write the answer under the question, or remove the question",
                );
            }
            if section.also_asked.is_empty() {
                let message = format!("`{question}` is phrased in one way only");
                let help =
                    "add `Also asked:` and a list with two or more other ways shoppers put it";
                self.complain(
                    Severity::Warning,
                    heading.range.clone(),
                    "one_phrasing",
                    message,
                    help,
                );
            }
            articles.push(Article {
                id: format!("{}#{slug}", stem(self.file)),
                title: title.map_or_else(
                    || stem(self.file).to_owned(),
                    |title| title.text.trim().to_owned(),
                ),
                question,
                also_asked: section.also_asked,
                answer: answer.replace("\r\n", "\n"),
                file: self.file.to_owned(),
                line,
                tags: front.tags.clone(),
                language: front.language.clone(),
                valid_from: front.valid_from,
                valid_until: front.valid_until,
            });
        }
        articles
    }

    /// Splits what follows a question into the other phrasings and the answer, and looks the answer over.
    fn section(&mut self, body: Range<usize>) -> Section {
        let text = self.text;
        let mut section = Section {
            also_asked: Vec::new(),
            answer: body.clone(),
        };
        let mut phrase: Option<String> = None;
        // 0: before the first block; 1: in its paragraph; 2: that was "Also asked:"; 3: in its list; 4: the answer.
        let (mut stage, mut first) = (0, String::new());
        for (event, range) in
            Parser::new_ext(&text[body.clone()], Options::empty()).into_offset_iter()
        {
            let range = body.start + range.start..body.start + range.end;
            match (&event, stage) {
                (Event::Start(Tag::Paragraph), 0) => stage = 1,
                (Event::Text(text), 1) => first.push_str(text),
                (Event::End(TagEnd::Paragraph), 1) => {
                    let said = crate::text::fold(first.trim()).into_owned();
                    let said = said.trim_end_matches([':', ' ', '\u{a0}']);
                    stage = if ALSO_ASKED.contains(&said) { 2 } else { 4 };
                }
                (Event::Start(Tag::List(_)), 2) => stage = 3,
                (Event::Start(Tag::Item), 3) => phrase = Some(String::new()),
                (Event::End(TagEnd::Item), 3) => {
                    section.also_asked.extend(
                        phrase
                            .take()
                            .map(|text| text.trim().to_owned())
                            .filter(|text| !text.is_empty()),
                    );
                }
                (Event::End(TagEnd::List(_)), 3) => {
                    section.answer = range.end..body.end;
                    stage = 4;
                }
                (Event::Text(text) | Event::Code(text), 3) => {
                    if let Some(phrase) = &mut phrase {
                        phrase.push_str(text);
                    }
                }
                (Event::SoftBreak, 3) => phrase.iter_mut().for_each(|phrase| phrase.push(' ')),
                (Event::Start(_), 0 | 2) => stage = 4,
                _ => {}
            }
            self.look_over(&event, range);
        }
        section
    }

    fn look_over(&mut self, event: &Event, range: Range<usize>) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let message = format!("HTML is shown as text: `{}`", html.trim());
                self.complain(
                    Severity::Error,
                    range,
                    "html",
                    message,
                    "write it in Markdown: `**strong**`, `*emphasis*`, `[label](https://…)`",
                );
            }
            Event::Start(Tag::Link {
                link_type: LinkType::Inline | LinkType::Autolink,
                dest_url,
                ..
            }) if !is_allowed(dest_url) => {
                let message = format!("`{dest_url}` is not an address a shopper may be sent to");
                self.complain(
                    Severity::Error,
                    range,
                    "link",
                    message,
                    "begin it with `https://`, `mailto:`, `tel:` or `/`",
                );
            }
            Event::Text(text) => {
                if let Some(at) = text.find("](") {
                    let place = range.start + at..range.start + at + 2;
                    let message = "a link that does not end".to_owned();
                    self.complain(
                        Severity::Error,
                        place,
                        "link",
                        message,
                        "write `[label](https://…)`, with both kinds of brackets closed",
                    );
                }
            }
            _ => {}
        }
    }
}

fn is_allowed(url: &str) -> bool {
    ["https://", "http://", "mailto:", "tel:", "/", "#"]
        .iter()
        .any(|start| url.starts_with(start))
        && !url.starts_with("//")
}

/// The file's name without folders and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

/// `Do you ship to Norway?` → `do-you-ship-to-norway`.
fn slug(question: &str) -> String {
    let words: Vec<String> = text::words(question)
        .into_iter()
        .map(|word| word.text)
        .collect();
    words.join("-")
}
