//! `shoptalk orders`: what shoppers asked to have done with their orders, for the people who do it.

use super::{Place, generation};
use crate::orders::{RequestState, close_request, list_requests};
use anyhow::{Context, bail};
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct OrdersArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print what was asked for as JSON lines, the oldest first
    Requests {
        /// What is done or refused as well
        #[arg(long)]
        all: bool,
    },
    /// Note that it is done: the shopper hears it when they ask about the order
    Done {
        /// The first six characters of its id, or more
        id: String,
    },
    /// Note that it cannot be done
    Refuse {
        /// The first six characters of its id, or more
        id: String,
        /// Why, in words for the shopper
        #[arg(long, value_name = "WORDS")]
        why: String,
    },
}

pub(super) async fn run(place: &Place, args: OrdersArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    let closed = match &args.what {
        What::Requests { all } => {
            let requests = list_requests(&store, *all).await;
            for (id, request) in requests.context("reading what was asked for")? {
                let mut line = serde_json::json!({ "id": id });
                if let (Some(line), serde_json::Value::Object(request)) =
                    (line.as_object_mut(), serde_json::to_value(&request)?)
                {
                    line.extend(request);
                }
                println!("{line}");
            }
            None
        }
        What::Done { id } => Some(close_request(&store, id, RequestState::Done, "").await?),
        What::Refuse { id, why } => {
            Some(close_request(&store, id, RequestState::Refused, why.trim()).await?)
        }
    };
    if let Some(request) = closed {
        println!(
            "{}: {} {}",
            request.number,
            request.kind,
            request.state.as_str()
        );
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}
