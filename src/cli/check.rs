//! `shoptalk check`: everything staff and owners write, without serving it.

use super::{FOUND_PROBLEMS, Place, generation, hearings};
use crate::catalog;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Severity};
use crate::dialogue::{Content, content};
use crate::understanding::{Class, Matcher};
use anyhow::Context;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// One JSON document for editors and CI
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: CheckArgs) -> anyhow::Result<ExitCode> {
    let mut problems = Diagnostics::default();
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(found) => {
            problems.extend(found);
            // The rest is checked as far as the defaults lead to it.
            Config::defaults()
        }
    };
    let read = content::read(
        &config.content.intents,
        &config.content.knowledge,
        &config.shop.language,
    );
    problems.extend(read.problems);
    let goods = goods(&config).await?;
    let held_out = read
        .content
        .as_ref()
        .map(|content| held_out(&config, content));
    let errors = problems.count(Severity::Error);
    let warnings = problems.count(Severity::Warning);
    let mut out = std::io::stdout().lock();
    if args.json {
        let document = serde_json::json!({
            "errors": errors,
            "warnings": warnings,
            "diagnostics": problems.sorted(),
        });
        writeln!(out, "{document}")?;
    } else {
        if !problems.is_empty() {
            let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            writeln!(out, "{}\n", problems.render(colour))?;
        }
        if let Some(content) = &read.content {
            let intents = content.script.intents().len();
            writeln!(
                out,
                "{intents} intents, {} articles, {goods}",
                content.articles.len()
            )?;
        }
        if let Some(HeldOut {
            right,
            all,
            misread,
        }) = held_out
        {
            writeln!(out, "{right} of {all} held-out tests are read as meant")?;
            for (said, meant, read) in misread.iter().take(10) {
                writeln!(out, "  `{said}` of {meant} is read as {read}")?;
            }
        }
        writeln!(out, "{errors} errors, {warnings} warnings")?;
    }
    Ok(if errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FOUND_PROBLEMS)
    })
}

/// The stored catalog, read whole: a row that cannot be read is an error of its own.
async fn goods(config: &Config) -> anyhow::Result<String> {
    if !config.data.dir.join("shoptalk.db").is_file() {
        return Ok("no catalog stored yet".to_owned());
    }
    let store = generation::open(config).await?;
    let products = catalog::table::load(&store)
        .await
        .context("reading the catalog")?;
    Ok(format!("{} products", products.len()))
}

/// How staff's own held-out sentences are read.
struct HeldOut {
    right: usize,
    all: usize,
    misread: Vec<(String, String, String)>,
}

/// Each language by itself, as a shopper meets it.
fn held_out(config: &Config, content: &Content) -> HeldOut {
    let own = config.shop.language.as_str();
    let mut outcome = HeldOut {
        right: 0,
        all: 0,
        misread: Vec::new(),
    };
    for code in std::iter::once(own).chain(content.script.languages()) {
        let intents = content.script.intents().iter();
        let articles = hearings::articles_in(config, content, code);
        let articles = articles.iter().map(hearings::class_of_article);
        let classes: Vec<Class> = intents
            .map(|intent| hearings::class_of(intent, code))
            .chain(articles)
            .collect();
        let matcher = Matcher::train(&classes, &hearings::tongue(content, code));
        for intent in content.script.intents() {
            let tests = match intent.translations.get(code) {
                Some(translation) => &translation.tests,
                None if code == own => &intent.tests,
                None => continue,
            };
            for said in tests {
                outcome.all += 1;
                let ranked = matcher.rank(said, &[]);
                let first = ranked.candidates.first();
                let read = first.map_or("nothing", |candidate| candidate.id);
                if read == intent.id {
                    outcome.right += 1;
                } else {
                    let missed = (said.clone(), intent.id.clone(), read.to_owned());
                    outcome.misread.push(missed);
                }
            }
        }
    }
    outcome
}
