//! `shoptalk returns`: what comes back, and how far it has come.

use super::{Place, generation};
use crate::returns::{ReturnTable, State, set_state};
use crate::uploads::{self, Uploads};
use anyhow::{Context, bail};
use clap::Subcommand;
use jiff::Timestamp;
use std::process::ExitCode;

/// Returns listed at most.
const LISTED: u32 = 1000;

#[derive(Debug, clap::Args)]
pub(super) struct ReturnsArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print them as JSON lines, the latest first, a thousand at most
    List {
        /// Those that are done as well
        #[arg(long)]
        all: bool,
    },
    /// Print one as JSON, with the files of its photos
    Show {
        /// Its number, `RT-7F3K2`
        rma: String,
    },
    /// Move one on: open, received, refunded, rejected or closed
    Set {
        /// Its number, `RT-7F3K2`
        rma: String,
        state: String,
    },
}

pub(super) async fn run(place: &Place, args: ReturnsArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    match args.what {
        What::List { all } => {
            let table = ReturnTable::new(store.clone());
            for one in table
                .list(all, LISTED)
                .await
                .context("reading the returns")?
            {
                println!("{}", serde_json::to_string(&one)?);
            }
        }
        What::Show { rma } => {
            let rma = rma.trim().to_uppercase();
            let found = ReturnTable::new(store.clone())
                .get(&rma)
                .await
                .context("reading the return")?;
            let files = Uploads::new(store.clone(), config.uploads.clone());
            let photos = uploads::of_return(&store, &rma)
                .await
                .context("reading its photos")?;
            let photos: Vec<_> = photos.iter().map(|photo| files.path(&photo.id)).collect();
            let mut document = serde_json::to_value(&found)?;
            document["photos"] = serde_json::to_value(&photos)?;
            println!("{}", serde_json::to_string_pretty(&document)?);
        }
        What::Set { rma, state } => {
            let known = State::ALL.map(State::as_str).join(", ");
            let state = State::named(&state).with_context(|| {
                format!("`{state}` is no state of a return; write one of {known}")
            })?;
            let mut write = store.begin().await?;
            let moved = set_state(&mut write, &rma, state, Timestamp::now()).await?;
            write.commit().await?;
            println!("{}: {}", moved.rma, moved.state.as_str());
        }
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}
