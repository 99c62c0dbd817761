//! `shoptalk eval knowledge`.

use super::super::{Place, hearings};
use super::{own_files, pairs, rounded, timed};
use crate::knowledge::{Article, Knowledge, evaluate};
use crate::text::Tongue;
use anyhow::Context;
use jiff::Zoned;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Missed questions shown.
const SHOWN: usize = 10;

#[derive(Debug, clap::Args)]
pub(super) struct KnowledgeArgs {
    /// Articles, one JSON object a line: id, question, answer, phrasings; without it, your own
    #[arg(long, value_name = "JSONL")]
    entries: Option<PathBuf>,
    /// Questions, `text<TAB>id` lines; without it, each of your phrasings is asked as it stands
    #[arg(long, value_name = "TSV")]
    queries: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    question: String,
    #[serde(default)]
    answer: String,
    #[serde(default, alias = "also_asked")]
    phrasings: Vec<String>,
}

pub(super) fn run(place: &Place, args: &KnowledgeArgs) -> anyhow::Result<ExitCode> {
    let (articles, tongue) = match &args.entries {
        Some(path) => (entries(path)?, Tongue::english()),
        None => own(place)?,
    };
    let questions = match &args.queries {
        Some(path) => pairs(path)?,
        None => articles
            .iter()
            .flat_map(|article| {
                article
                    .phrasings()
                    .map(|text| (text.to_owned(), article.id.clone()))
            })
            .collect(),
    };
    let count = articles.len();
    let knowledge = Knowledge::new(articles, &tongue).context("indexing the articles")?;
    let today = Zoned::now().date();
    let found = evaluate(&knowledge, &questions, today);
    let ask = |text: &str| drop(std::hint::black_box(knowledge.find(text, today)));
    let (mean, last) = timed(questions.iter().map(|(text, _)| text.as_str()), ask);
    if args.json {
        let document = serde_json::json!({
            "hit_at_1": rounded(found.hit_at_1),
            "hit_at_3": rounded(found.hit_at_3),
            "mrr": rounded(found.mrr),
            "query_us_mean": rounded(mean),
            "query_us_p99": rounded(last),
        });
        println!("{document}");
        return Ok(ExitCode::SUCCESS);
    }
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    println!("{count} articles, {} questions", questions.len());
    println!("found first           {}", percent(found.hit_at_1));
    println!("among the first three {}", percent(found.hit_at_3));
    println!("mean reciprocal rank  {:.3}", found.mrr);
    println!(
        "answered outright     {}, of which right {}",
        percent(found.answered),
        percent(found.answered_right)
    );
    println!("{mean:.1} us a question (99th percentile {last:.1})");
    if args.queries.is_none() {
        println!(
            "\nThis flatters: the questions are the articles' own phrasings. Give real ones with --queries."
        );
    }
    if !found.missed.is_empty() {
        println!("\nNot found first");
    }
    for (text, id, instead) in found.missed.iter().take(SHOWN) {
        match instead.as_str() {
            "" => println!("- \"{text}\" found nothing; add it to {id} under \"Also asked:\""),
            instead => {
                println!("- \"{text}\" found {instead}; add it to {id} under \"Also asked:\"")
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The articles in the shop's own language, with the words it is read by.
fn own(place: &Place) -> anyhow::Result<(Vec<Article>, Tongue)> {
    let (config, content) = own_files(place)?;
    let code = config.shop.language.as_str();
    let articles = hearings::articles_in(&config, &content, code);
    let table = config.understanding.embeddings.as_deref();
    let tongue = hearings::tongue(&content, code).with(hearings::embeddings(table, None)?);
    Ok((articles, tongue))
}

fn entries(path: &Path) -> anyhow::Result<Vec<Article>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let article = |(line, nth): (&str, u32)| {
        let entry: Entry = serde_json::from_str(line)
            .with_context(|| format!("{}:{nth}: a line is an article", path.display()))?;
        Ok(Article {
            id: entry.id,
            title: String::new(),
            question: entry.question,
            also_asked: entry.phrasings,
            answer: entry.answer,
            file: path.display().to_string(),
            line: nth,
            tags: Vec::new(),
            language: None,
            valid_from: None,
            valid_until: None,
        })
    };
    text.lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty())
        .map(article)
        .collect()
}
