//! `shoptalk eval`: how well the assistant reads, in figures, on staff's own files or on labelled ones.

mod intents;
mod knowledge;
mod recommend;
mod search;

use super::{Place, generation};
use crate::config::Config;
use crate::dialogue::Content;
use anyhow::{Context, bail};
use clap::Subcommand;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(Debug, clap::Args)]
pub(super) struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Which request a message is: on your own files by cross-validation, or trained and tested on tables
    Intents(intents::IntentsArgs),
    /// Which article answers a question
    Knowledge(knowledge::KnowledgeArgs),
    /// Which products a query finds, against grades
    Search(search::SearchArgs),
    /// What goes with what, on orders that came later
    Recommend(recommend::RecommendArgs),
}

pub(super) async fn run(place: &Place, args: EvalArgs) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Intents(args) => intents::run(place, &args).await,
        What::Knowledge(args) => knowledge::run(place, &args),
        What::Recommend(args) => recommend::run(place, &args).await,
        What::Search(args) => search::run(place, &args).await,
    }
}

/// What staff wrote, when nothing is wrong with it, and the settings it is read with.
fn own_files(place: &Place) -> anyhow::Result<(Config, Content)> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let read = generation::content(&config);
    match read.content {
        Some(content) => Ok((config, content)),
        None => bail!("{}", read.problems.render(false)),
    }
}

/// `text<TAB>id` lines.
fn pairs(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let pair = |(line, nth): (&str, usize)| {
        let (text, id) = line.split_once('\t').with_context(|| {
            format!(
                "{}:{nth}: a line is a text, a tab and an id",
                path.display()
            )
        })?;
        Ok((text.trim().to_owned(), id.trim().to_owned()))
    };
    text.lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty())
        .map(pair)
        .collect()
}

/// Microseconds a call: mean and 99th percentile, each text asked once after a round to warm up.
fn timed<'t>(
    texts: impl Iterator<Item = &'t str> + Clone,
    mut ask: impl FnMut(&str),
) -> (f64, f64) {
    texts.clone().take(200).for_each(&mut ask);
    let mut took: Vec<Duration> = texts
        .map(|text| {
            let began = Instant::now();
            ask(text);
            began.elapsed()
        })
        .collect();
    took.sort();
    let micros = |duration: Duration| duration.as_secs_f64() * 1e6;
    let mean = took.iter().copied().map(micros).sum::<f64>() / took.len().max(1) as f64;
    let last = took.get(took.len().saturating_sub(1) * 99 / 100);
    (mean, last.copied().map_or(0.0, micros))
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
