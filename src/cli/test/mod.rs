//! `shoptalk test`: the conversation tests that anyone in the shop can read and write.

mod dialogue;
mod expect;
mod run;

use super::{FOUND_PROBLEMS, Place};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct TestArgs {
    /// Files or folders of conversation tests
    #[arg(default_value = "tests/conversations")]
    paths: Vec<PathBuf>,
    /// Only conversations whose name contains this
    #[arg(long, value_name = "WORDS")]
    only: Option<String>,
    /// Print every conversation as it went
    #[arg(long)]
    show: bool,
}

pub(super) async fn run(place: &Place, args: TestArgs) -> anyhow::Result<ExitCode> {
    let files = files(&args.paths)?;
    anyhow::ensure!(
        !files.is_empty(),
        "no conversation tests (*.yml) in {:?}",
        args.paths
    );
    let fixtures = run::Fixtures::open(place).await?;
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for file in &files {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let conversations = match parse(&text) {
            Ok(conversations) => conversations,
            Err(error) => {
                failed += 1;
                println!("{}: {error}", file.display());
                continue;
            }
        };
        for conversation in conversations {
            if args.only.as_ref().is_some_and(|only| {
                !conversation
                    .name
                    .to_lowercase()
                    .contains(&only.to_lowercase())
            }) {
                continue;
            }
            let played = run::play(&fixtures, &conversation).await?;
            if played.misses.is_empty() {
                passed += 1;
            } else {
                failed += 1;
            }
            if args.show || !played.misses.is_empty() {
                report(file, &conversation.name, &played);
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FOUND_PROBLEMS)
    })
}

/// One conversation, or several as a list.
fn parse(text: &str) -> Result<Vec<dialogue::Conversation>, String> {
    let listed = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .is_some_and(|line| line.starts_with("- "));
    if listed {
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    } else {
        serde_saphyr::from_str(text)
            .map(|one| vec![one])
            .map_err(|error| error.to_string())
    }
}

fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries =
                std::fs::read_dir(path).with_context(|| format!("reading {}", path.display()))?;
            for entry in entries {
                let path = entry
                    .with_context(|| format!("reading {}", path.display()))?
                    .path();
                if path
                    .extension()
                    .is_some_and(|ending| ending == "yml" || ending == "yaml")
                {
                    found.push(path);
                }
            }
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    Ok(found)
}

/// The conversation as it went, each miss under the exchange it belongs to.
fn report(file: &Path, name: &str, played: &run::Played) {
    println!("--- {name} ({})", file.display());
    for said in &played.talk {
        println!("  line {:>3} shopper  {}", said.line, said.shopper);
        for line in said.reply.lines() {
            println!("           bot      {line}");
        }
        for miss in &said.misses {
            println!("       ✗            {miss}");
        }
    }
    println!();
}
