//! `shoptalk check`: everything staff and owners write, without serving it.

use super::{FOUND_PROBLEMS, Place, demo_articles, fits, generation, hearings};
use crate::catalog;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Severity};
use crate::dialogue::Content;
use crate::dialogue::review::review;
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
    let read = generation::content(&config);
    problems.extend(read.problems);
    let (goods, sells) = goods(&config).await?;
    let held_out = match &read.content {
        Some(content) => {
            problems.extend(demo_articles::told(&config, sells, content));
            problems.extend(fits::fits(&config, content));
            Some(learnt(&config, content, &mut problems)?)
        }
        None => None,
    };
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

/// The stored catalog, read whole: a row that cannot be read is an error of its own. And whether any of it is not the
/// demo shop's.
async fn goods(config: &Config) -> anyhow::Result<(String, bool)> {
    if !config.data.dir.join("shoptalk.db").is_file() {
        return Ok(("no catalog stored yet".to_owned(), false));
    }
    let store = generation::open(config).await?;
    let products = catalog::table::load(&store)
        .await
        .context("reading the catalog")?;
    let sells = catalog::table::has_own(&store).await?;
    Ok((format!("{} products", products.len()), sells))
}

/// How staff's own held-out sentences are read.
struct HeldOut {
    right: usize,
    all: usize,
    misread: Vec<(String, String, String)>,
}

/// Each language by itself, as a shopper meets it; what is doubtful in the files goes to `problems`.
fn learnt(
    config: &Config,
    content: &Content,
    problems: &mut Diagnostics,
) -> anyhow::Result<HeldOut> {
    let mut outcome = HeldOut {
        right: 0,
        all: 0,
        misread: Vec::new(),
    };
    let (hearings, _) = hearings::learn(config, content, &[])?;
    for (place, hearing) in hearings.iter().enumerate() {
        let own = place == 0;
        problems.extend(review(content, hearing, own));
        for intent in content.script.intents() {
            let tests = match intent.translations.get(&hearing.code) {
                Some(translation) => &translation.tests,
                None if own => &intent.tests,
                None => continue,
            };
            for said in tests {
                outcome.all += 1;
                let ranked = hearing.matcher.rank(said, &[]);
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
    Ok(outcome)
}
