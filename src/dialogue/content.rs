//! All of staff's files together: intents checked against what the program can do, articles beside
//! them.

use super::script::{self, Script};
use super::{skills, synonyms};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceText};
use crate::knowledge::{self, Article};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What staff wrote, ready to be used.
#[derive(Debug)]
pub struct Content {
    pub script: Script,
    pub articles: Vec<Article>,
    /// The files of the articles.
    pub files: Vec<Arc<SourceText>>,
    /// Those of the intents.
    pub topics: Vec<Arc<SourceText>>,
    /// By language: words that mean the same in this shop, a group a line.
    pub synonyms: BTreeMap<String, String>,
}

/// The outcome of reading: content unless there is an error, and everything worth saying.
#[derive(Debug)]
pub struct Read {
    pub content: Option<Content>,
    pub problems: Diagnostics,
}

/// Reads both folders.
///
/// `language` is the shop's own: that of files which name none.
pub fn read(intents: &Path, knowledge: &Path, language: &str) -> Read {
    let mut problems = Diagnostics::default();
    let topics = folder(intents, &["yml", "yaml"], &mut problems);
    let (script, found) = script::read(&topics, &skills::specs(), &skills::texts(), language);
    problems.extend(found);
    let sources = folder(knowledge, &["md"], &mut problems);
    let (articles, found) = articles(&sources);
    problems.extend(found);
    let synonyms = folder(knowledge, &["txt"], &mut Diagnostics::default());
    let synonyms = synonyms::read(&synonyms, language, &mut problems);
    let content = match script {
        Some(script) if !problems.has_errors() => Some(Content {
            script,
            articles,
            files: sources,
            topics,
            synonyms,
        }),
        _ => None,
    };
    Read { content, problems }
}

/// The files of a folder by name, read whole. Hidden and unfinished files of editors are passed over.
fn folder(folder: &Path, endings: &[&str], problems: &mut Diagnostics) -> Vec<Arc<SourceText>> {
    let name = folder.display().to_string();
    let mut paths = Vec::new();
    match std::fs::read_dir(folder) {
        Ok(entries) => paths.extend(entries.flatten().map(|entry| entry.path())),
        Err(error) => {
            let source = SourceText::new(name, "");
            let help = "make the folder, or name another one under [content] in config.toml";
            problems.push(Diagnostic::error(
                "no-folder",
                &source,
                0..0,
                error.to_string(),
                help,
            ));
        }
    }
    paths.retain(|path| {
        let stem = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(".");
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or("");
        !stem.starts_with(['.', '~', '#']) && endings.contains(&ending)
    });
    paths.sort();
    let mut sources = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match std::fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => sources.push(SourceText::new(name, text)),
            Ok(Err(_)) => {
                let source = SourceText::new(name, "");
                problems.push(Diagnostic::error(
                    "not-utf8",
                    &source,
                    0..0,
                    "the file is not UTF-8 text",
                    "save it as UTF-8",
                ));
            }
            Err(error) => {
                let source = SourceText::new(name, "");
                problems.push(Diagnostic::error(
                    "unreadable",
                    &source,
                    0..0,
                    error.to_string(),
                    "check who may read the file",
                ));
            }
        }
    }
    sources
}

fn articles(sources: &[Arc<SourceText>]) -> (Vec<Article>, Diagnostics) {
    let mut articles: Vec<Article> = Vec::new();
    let mut problems = Diagnostics::default();
    for source in sources {
        let (found, complaints) = knowledge::parse(&source.name, &source.text);
        articles.extend(found);
        for complaint in complaints {
            let start = source.byte(complaint.line, complaint.column);
            let end = source.byte(complaint.line, complaint.column + complaint.length);
            let problem = Diagnostic::error(
                complaint.code,
                source,
                start..end,
                complaint.message,
                complaint.help,
            );
            problems.push(match complaint.severity {
                knowledge::Severity::Error => problem,
                knowledge::Severity::Warning => Diagnostic {
                    severity: Severity::Warning,
                    ..problem
                },
            });
        }
    }
    twice(&articles, sources, &mut problems);
    (articles, problems)
}

/// Two articles with one id cannot both be found.
fn twice(articles: &[Article], sources: &[Arc<SourceText>], problems: &mut Diagnostics) {
    let mut first: BTreeMap<&str, &Article> = BTreeMap::new();
    let place = |article: &Article| {
        let source = sources.iter().find(|source| source.name == article.file)?;
        let start = source.byte(article.line, 1);
        Some((source, start..start + article.question.len() + 3))
    };
    for article in articles {
        let Some(other) = first.insert(&article.id, article) else {
            continue;
        };
        let (Some((source, span)), Some((there, at))) = (place(article), place(other)) else {
            continue;
        };
        let problem = Diagnostic::error(
            "same-article",
            source,
            span,
            format!("`{}` is asked and answered twice", article.question),
            "put both answers under one heading, or word the questions differently",
        );
        problems.push(problem.with_related(there, at, "the other one"));
    }
}
