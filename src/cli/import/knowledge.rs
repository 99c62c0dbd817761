//! Questions and answers from a table or JSON lines: they become a Markdown file in `knowledge/`, where staff
//! edit them from then on.

use super::{FOUND_PROBLEMS, FileArgs, Format};
use crate::config::Config;
use crate::sheet::{Map, Refused, Sheet, text};
use anyhow::{Context, bail};
use serde::Deserialize;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

const FIELDS: [&str; 3] = ["question", "answer", "also_asked"];

pub(super) fn run(config: &Config, args: &FileArgs) -> anyhow::Result<ExitCode> {
    let format = args.format.map_or_else(|| Format::of(&args.file), Ok)?;
    let bytes =
        std::fs::read(&args.file).with_context(|| format!("opening {}", args.file.display()))?;
    let read = text(bytes).with_context(|| format!("reading {}", args.file.display()))?;
    let stem = args
        .file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("imported");
    let (markdown, count, refused) = match format {
        Format::Csv => from_table(&read, stem, &args.map)?,
        Format::Jsonl => from_lines(&read, stem),
        Format::Markdown => (read, 0, Vec::new()),
        other => bail!("articles cannot be read from {other:?}; give CSV, JSON lines or Markdown"),
    };
    let rejects = super::batch::write_rejects(&args.file, &refused)?;
    if let Some(path) = &rejects {
        eprintln!(
            "refused: {} rows, listed in {}",
            refused.len(),
            path.display()
        );
        if !args.keep_going {
            eprintln!("nothing was stored; mend the file, or use --keep-going to store the rest");
            return Ok(ExitCode::from(FOUND_PROBLEMS));
        }
    }
    let name = format!("{}.md", slug(stem));
    let (articles, problems) = crate::knowledge::parse(&name, &markdown);
    let errors: Vec<_> = problems
        .iter()
        .filter(|problem| problem.severity == crate::knowledge::Severity::Error)
        .collect();
    if let Some(first) = errors.first() {
        bail!(
            "{name}:{}:{}: {}; {}",
            first.line,
            first.column,
            first.message,
            first.help
        );
    }
    let path = config.content.knowledge.join(&name);
    let same = std::fs::read_to_string(&path).is_ok_and(|known| known == markdown);
    if same {
        println!(
            "articles: {} unchanged in {}",
            articles.len(),
            path.display()
        );
    } else {
        write_whole(&path, &markdown)?;
        println!(
            "articles: {} written to {}",
            articles.len().max(count),
            path.display()
        );
    }
    Ok(if rejects.is_some() {
        ExitCode::from(FOUND_PROBLEMS)
    } else {
        ExitCode::SUCCESS
    })
}

fn from_table(
    read: &str,
    stem: &str,
    map: &[String],
) -> anyhow::Result<(String, usize, Vec<Refused>)> {
    let table = Sheet::open(read)?;
    let columns = Map::parse(map)?.columns(&table, &FIELDS, &["question", "answer"])?;
    let mut markdown = title(stem);
    let mut refused = Vec::new();
    let mut count = 0;
    for row in table.rows() {
        let cell = |name: &str| columns.of(&row, name);
        let (question, answer) = (cell("question"), cell("answer"));
        let reason = match (&row.broken, question.is_empty(), answer.is_empty()) {
            (Some(reason), _, _) => Some(reason.clone()),
            (None, true, _) => Some("question: the cell is empty".to_owned()),
            (None, _, true) => Some("answer: the cell is empty".to_owned()),
            _ => None,
        };
        if let Some(reason) = reason {
            refused.push(Refused {
                line: row.line,
                reason,
                row: row.raw(),
            });
            continue;
        }
        count += 1;
        let phrases = cell("also_asked").split(['|', '\n']);
        article(&mut markdown, question, phrases, answer);
    }
    Ok((markdown, count, refused))
}

/// A line of JSON lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    question: String,
    answer: String,
    #[serde(default, alias = "phrasings")]
    also_asked: Vec<String>,
    /// Read and not kept: an article is known by its question.
    #[serde(default, rename = "id")]
    _id: Option<String>,
}

fn from_lines(read: &str, stem: &str) -> (String, usize, Vec<Refused>) {
    let mut markdown = title(stem);
    let mut refused = Vec::new();
    let mut count = 0;
    let lines = read
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    for (text, line) in lines {
        let reason = match serde_json::from_str::<Entry>(text) {
            Ok(entry) if entry.question.trim().is_empty() => "question: it is empty".to_owned(),
            Ok(entry) if entry.answer.trim().is_empty() => "answer: it is empty".to_owned(),
            Ok(entry) => {
                count += 1;
                let phrases = entry.also_asked.iter().map(String::as_str);
                article(&mut markdown, &entry.question, phrases, &entry.answer);
                continue;
            }
            Err(error) => error.to_string(),
        };
        refused.push(Refused {
            line,
            reason,
            row: text.to_owned(),
        });
    }
    (markdown, count, refused)
}

fn title(stem: &str) -> String {
    format!("# {}\n", stem.replace(['-', '_'], " "))
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn article<'p>(
    markdown: &mut String,
    question: &str,
    phrases: impl Iterator<Item = &'p str>,
    answer: &str,
) {
    let _ = write!(markdown, "\n## {}\n", in_one_line(question));
    let phrases: Vec<String> = phrases.map(in_one_line).filter(|p| !p.is_empty()).collect();
    if !phrases.is_empty() {
        let _ = writeln!(markdown, "Also asked:");
        for phrase in phrases {
            let _ = writeln!(markdown, "- {phrase}");
        }
    }
    // A heading inside an answer would begin another article.
    let answer: Vec<&str> = answer
        .lines()
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    let _ = write!(markdown, "\n{}\n", answer.join("\n"));
}

/// Beside the file first, then in its place: a crash leaves the old one or the new one.
fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_extension("md.part");
    std::fs::write(&beside, text).with_context(|| format!("writing {}", beside.display()))?;
    std::fs::rename(&beside, path).with_context(|| format!("writing {}", path.display()))
}

fn slug(stem: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    stem.chars().map(plain).collect()
}
