//! `shoptalk replay`: stored conversations through today's code and content, turn by turn.

use super::{FOUND_PROBLEMS, Place, generation};
use crate::channels::plain;
use crate::conversation::{ConversationId, Journal};
use crate::dialogue::{Played, State, Verdict, play};
use anyhow::{Context, bail};
use jiff::Timestamp;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct ReplayArgs {
    /// One conversation by its id [default: all]
    #[arg(long, value_name = "ID")]
    conversation: Option<String>,
    /// Exit with 1 when a reply has changed
    #[arg(long)]
    fail_on_change: bool,
    /// One JSON object for each turn that changed
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(place: &Place, args: ReplayArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    let (shop, _) = generation::generation(&config, &store, Timestamp::now(), &[]).await?;
    let journal = Journal::start(store.clone());
    let conversations = match args.conversation {
        Some(id) => vec![ConversationId::from(id)],
        None => journal
            .conversations()
            .await
            .context("listing conversations")?,
    };
    let (mut identical, mut changed) = (0_usize, 0_usize);
    for conversation in &conversations {
        let turns = journal
            .turns(conversation)
            .await
            .with_context(|| format!("reading {conversation}"))?;
        anyhow::ensure!(
            !turns.is_empty() || conversations.len() > 1,
            "there is no conversation {conversation}"
        );
        let mut before = State::default();
        for turn in turns {
            let after = State::read(&turn.state)
                .with_context(|| format!("{conversation}, entry {}", turn.seq))?;
            if turn.is_notice() {
                // It answered nothing; the turns after it go by what it left.
                before = after;
                continue;
            }
            let trace = serde_json::from_str(&turn.trace)
                .with_context(|| format!("{conversation}, entry {}: the trace", turn.seq))?;
            let played = Played {
                said: turn.said.clone(),
                before,
                reply: turn.reply.clone(),
                trace,
            };
            match play(&shop, &played).await {
                Verdict::Identical => identical += 1,
                Verdict::Differs { now } => {
                    changed += 1;
                    if args.json {
                        println!(
                            "{}",
                            serde_json::json!({ "conversation": conversation, "seq": turn.seq, "said": turn.said, "then": turn.reply, "now": now })
                        );
                    } else {
                        println!("{conversation} entry {}: {}", turn.seq, turn.said);
                        println!("  then: {}", indented(&plain::render(&turn.reply)));
                        println!("  now:  {}\n", indented(&plain::render(&now)));
                    }
                }
            }
            before = after;
        }
    }
    if !args.json {
        println!(
            "{} conversations: {identical} replies identical, {changed} changed",
            conversations.len()
        );
    }
    store.close().await?;
    Ok(if args.fail_on_change && changed > 0 {
        ExitCode::from(FOUND_PROBLEMS)
    } else {
        ExitCode::SUCCESS
    })
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n        ")
}
