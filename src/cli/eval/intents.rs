//! `shoptalk eval intents`.

use super::super::{Place, generation, hearings};
use super::{own_files, pairs, rounded, timed};
use crate::config::Config;
use crate::conversation::Journal;
use crate::text::{Language, Tongue, words};
use crate::understanding::{Class, Confusion, Evaluation, Matcher, cross_validate, evaluate};
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const FOLDS: usize = 5;
/// Confusions shown; the rest are rarer.
const SHOWN: usize = 10;

#[derive(Debug, clap::Args)]
pub(super) struct IntentsArgs {
    /// Examples to train on, `text<TAB>intent` lines; without it, your own files are cross-validated
    #[arg(long, value_name = "TSV", requires = "test")]
    train: Option<PathBuf>,
    /// Messages to read, `text<TAB>intent` lines
    #[arg(long, value_name = "TSV", requires = "train")]
    test: Option<PathBuf>,
    /// Messages that mean none of the intents, one a line; what stands behind a tab is passed over
    #[arg(long, value_name = "TSV", requires = "train")]
    oos: Option<PathBuf>,
    /// Language of the tables, like `de`
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
    /// Read with this table of word vectors; without it, on your own files, with that of config.toml
    #[arg(long, value_name = "FOLDER")]
    embeddings: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// What was measured, with what it was measured on.
struct Report {
    evaluation: Evaluation,
    train_ms: f64,
    query_us: (f64, f64),
    model_bytes: usize,
    trained: usize,
    tested: usize,
    language: Language,
    classes: Vec<Class>,
    /// Messages of real shoppers that nothing answered, with the intent that comes nearest and its probability.
    unanswered: Vec<(String, String, f32)>,
}

/// Unanswered messages shown, latest first.
const UNANSWERED: u32 = 12;

pub(super) async fn run(place: &Place, args: &IntentsArgs) -> anyhow::Result<ExitCode> {
    let own_files = args.train.is_none();
    let report = match (&args.train, &args.test) {
        (Some(train), Some(test)) => {
            let strangers = match &args.oos {
                Some(path) => std::fs::read_to_string(path)
                    .with_context(|| format!("reading {}", path.display()))?
                    .lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(|line| line.split('\t').next().unwrap_or(line).to_owned())
                    .collect(),
                None => Vec::new(),
            };
            let embeddings = hearings::embeddings(args.embeddings.as_deref(), None)?;
            let tongue = Tongue::new(Language::of(&args.language), "").with(embeddings);
            on_tables(pairs(train)?, &pairs(test)?, &strangers, &tongue)
        }
        _ => on_own_files(place, args.embeddings.as_deref()).await?,
    };
    if args.json {
        println!("{}", as_json(&report));
    } else {
        print(&report, own_files);
    }
    Ok(ExitCode::SUCCESS)
}

fn on_tables(
    train: Vec<(String, String)>,
    test: &[(String, String)],
    strangers: &[String],
    tongue: &Tongue,
) -> Report {
    let trained = train.len();
    let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (text, id) in train {
        by_id.entry(id).or_default().push(text);
    }
    let class = |(id, examples)| Class {
        id,
        title: String::new(),
        examples,
    };
    let classes: Vec<Class> = by_id.into_iter().map(class).collect();
    let began = Instant::now();
    let matcher = Matcher::train(&classes, tongue);
    let train_ms = began.elapsed().as_secs_f64() * 1000.0;
    let ask = |text: &str| drop(std::hint::black_box(matcher.rank(text, &[])));
    Report {
        evaluation: evaluate(&matcher, test, strangers),
        train_ms,
        query_us: timed(test.iter().map(|(text, _)| text.as_str()), ask),
        model_bytes: matcher.bytes(),
        trained,
        tested: test.len(),
        language: tongue.language,
        classes,
        unanswered: Vec::new(),
    }
}

async fn on_own_files(place: &Place, table: Option<&Path>) -> anyhow::Result<Report> {
    let (config, content) = own_files(place)?;
    let own = config.shop.language.as_str();
    let table = table.or(config.understanding.embeddings.as_deref());
    let tongue = hearings::tongue(&content, own).with(hearings::embeddings(table, None)?);
    let intents = content.script.intents().iter();
    let classes: Vec<Class> = intents
        .map(|intent| hearings::class_of(intent, own))
        .collect();
    let began = Instant::now();
    let matcher = Matcher::train(&classes, &tongue);
    let train_ms = began.elapsed().as_secs_f64() * 1000.0;
    let examples = || {
        classes
            .iter()
            .flat_map(|class| class.examples.iter().map(String::as_str))
    };
    let ask = |text: &str| drop(std::hint::black_box(matcher.rank(text, &[])));
    let unanswered = unanswered(&config, &matcher).await?;
    Ok(Report {
        evaluation: cross_validate(&classes, &tongue, FOLDS),
        train_ms,
        query_us: timed(examples(), ask),
        model_bytes: matcher.bytes(),
        trained: examples().count(),
        tested: examples().count(),
        language: tongue.language,
        classes,
        unanswered,
    })
}

/// What real shoppers said and nobody answered, where there is a store.
async fn unanswered(
    config: &Config,
    matcher: &Matcher,
) -> anyhow::Result<Vec<(String, String, f32)>> {
    if !config.data.dir.join("shoptalk.db").is_file() {
        return Ok(Vec::new());
    }
    let journal = Journal::start(generation::open(config).await?);
    let latest = journal.unanswered(UNANSWERED).await;
    let latest = latest.context("reading the unanswered messages")?;
    let read = |said: String| {
        let ranked = matcher.rank(&said, &[]);
        let near = ranked.candidates.first();
        let (id, probability) = near.map_or((String::new(), 0.0), |near| {
            (near.id.to_owned(), near.probability)
        });
        (said, id, probability)
    };
    Ok(latest
        .into_iter()
        .map(|message| read(message.said))
        .collect())
}

fn as_json(report: &Report) -> serde_json::Value {
    let found = &report.evaluation;
    serde_json::json!({
        "accuracy": rounded(found.accuracy),
        "macro_f1": rounded(found.macro_f1),
        "auroc": found.auroc.map(rounded),
        "in_scope_accuracy_at_threshold": rounded(found.in_scope_accuracy_at_threshold),
        "oos_recall_at_threshold": found.oos_recall_at_threshold.map(rounded),
        "ece": rounded(found.ece),
        "train_ms": rounded(report.train_ms),
        "query_us_mean": rounded(report.query_us.0),
        "query_us_p99": rounded(report.query_us.1),
        "model_bytes": report.model_bytes,
        "n_train": report.trained,
        "n_test": report.tested,
    })
}

fn print(report: &Report, own_files: bool) {
    let found = &report.evaluation;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    println!(
        "{} intents, {} examples, {} messages read",
        report.classes.len(),
        report.trained,
        report.tested
    );
    println!("read right                   {}", percent(found.accuracy));
    println!(
        "  each intent counting once  {} (macro F1)",
        percent(found.macro_f1)
    );
    println!(
        "right and sure enough to act {}",
        percent(found.in_scope_accuracy_at_threshold)
    );
    if let (Some(declined), Some(auroc)) = (found.oos_recall_at_threshold, found.auroc) {
        println!(
            "about something else, left   {} (AUROC {auroc:.3})",
            percent(declined)
        );
    }
    println!(
        "probabilities are off by     {:.3} (calibration error)",
        found.ece
    );
    println!(
        "trained in {:.0} ms, {:.1} us a message (99th percentile {:.1}), {} kB",
        report.train_ms,
        report.query_us.0,
        report.query_us.1,
        report.model_bytes / 1000
    );
    println!("\nsaid      right  messages");
    for bin in found.reliability.iter().filter(|bin| bin.messages > 0) {
        println!(
            "{:>6}  {:>7}  {:>8}",
            percent(bin.said),
            percent(bin.right),
            bin.messages
        );
    }
    if !found.confusions.is_empty() {
        println!("\nWhat is mixed up most");
    }
    for confusion in found.confusions.iter().take(SHOWN) {
        println!("- {}", advice(confusion, report));
    }
    if own_files {
        println!(
            "\nThis flatters: each example was read by a matcher trained on the others, and one hand wrote them all. \
             Real shoppers are read worse; put what they wrote under `tests:` and run `shoptalk check`."
        );
    }
    if !report.unanswered.is_empty() {
        println!("\nWhat real shoppers said and nothing answered, latest first");
        for (said, near, probability) in &report.unanswered {
            println!(
                "- \"{said}\" (nearest: {near}, {})",
                percent(f64::from(*probability))
            );
        }
    }
}

/// Two intents, what they share, and what to do about it.
fn advice(confusion: &Confusion, report: &Report) -> String {
    let Confusion {
        meant,
        read_as,
        times,
        example,
    } = confusion;
    if read_as.is_empty() {
        return format!(
            "{meant}: \"{example}\" shares nothing with any example; add examples with such words"
        );
    }
    let (one, other) = (report.stems_of(meant), report.stems_of(read_as));
    let shared = one.intersection(&other).count();
    let own: Vec<&str> = report
        .language
        .content_stems(example)
        .iter()
        .filter(|word| !other.contains(*word))
        .filter_map(|word| words_with(report.language, example, word))
        .take(2)
        .collect();
    let hint = match own.as_slice() {
        [] => format!("say in the examples of {meant} what sets it apart"),
        own => format!("add examples to {meant} with \"{}\"", own.join("\", \"")),
    };
    format!(
        "{meant} read as {read_as}, {times} times, like \"{example}\": they share {shared} of {} words; {hint}",
        one.union(&other).count()
    )
}

impl Report {
    fn stems_of(&self, id: &str) -> BTreeSet<String> {
        let of_class = self.classes.iter().filter(|class| class.id == id);
        of_class
            .flat_map(|class| &class.examples)
            .flat_map(|example| self.language.content_stems(example))
            .collect()
    }
}

/// The word of a text that has this stem.
fn words_with<'t>(language: Language, text: &'t str, wanted: &str) -> Option<&'t str> {
    let found = words(text)
        .into_iter()
        .find(|word| language.stem(&word.text) == wanted)?;
    text.get(found.span)
}
