//! `shoptalk privacy`: everything stored about one shopper, to hand over or to erase.

use super::{Place, generation};
use crate::cart;
use crate::conversation::Journal;
use crate::events;
use crate::feedback;
use crate::mail;
use crate::orders;
use crate::relay;
use crate::returns::ReturnTable;
use crate::shoppers::{Shopper, ShopperId, Shoppers};
use crate::store::Store;
use crate::uploads::{self, Uploads};
use crate::watches;
use anyhow::{Context, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use clap::Subcommand;
use jiff::Timestamp;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct PrivacyArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print all of it as one JSON document
    Export(WhoArgs),
    /// Delete all of it, for good
    Erase {
        #[command(flatten)]
        who: WhoArgs,
        /// Do it: nothing is asked again
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, clap::Args)]
struct WhoArgs {
    /// The shop's name for the shopper, or the shopper's id here
    #[arg(long, value_name = "ID")]
    shopper: String,
}

pub(super) async fn run(place: &Place, args: PrivacyArgs) -> anyhow::Result<ExitCode> {
    let config = match generation::config(place) {
        Ok(config) => config,
        Err(problems) => bail!("{}", problems.render(false)),
    };
    let store = generation::open(&config).await?;
    let shoppers = Shoppers::new(store.clone());
    let journal = Journal::start(store.clone());
    match args.what {
        What::Export(who) => {
            let shopper = find(&shoppers, &who.shopper).await?;
            let known = shoppers
                .export(&shopper.id)
                .await
                .context("reading the shopper")?;
            let mut conversations = journal
                .export_of(&shopper.id)
                .await
                .context("reading the conversations")?;
            for before in shoppers_behind(&store, &shopper.id).await? {
                conversations.extend(
                    journal
                        .export_of(&before)
                        .await
                        .context("reading the conversations of messengers")?,
                );
            }
            let returns = ReturnTable::new(store.clone())
                .of_shopper(shopper.id.as_str())
                .await
                .context("reading the returns")?;
            let events = events::export_of(&store, shopper.id.as_str())
                .await
                .context("reading the events")?;
            let asked = orders::requests_of(&store, shopper.id.as_str())
                .await
                .context("reading what was asked for")?;
            let codes = cart::spent_of(&store, shopper.id.as_str())
                .await
                .context("reading the promo codes")?;
            let letters = mail::export_of(&store, shopper.id.as_str())
                .await
                .context("reading the letters")?;
            let alerts = watches::export_of(&store, shopper.id.as_str())
                .await
                .context("reading the alerts")?;
            let ratings = feedback::export_of(&store, shopper.id.as_str())
                .await
                .context("reading the ratings")?;
            let photos = uploads::export_of(&store, shopper.id.as_str())
                .await
                .context("reading the photos")?;
            let files = Uploads::new(store.clone(), config.uploads.clone());
            let photos = photos.iter().map(|photo| {
                // A file that is gone is told by its absence.
                let jpeg = std::fs::read(files.path(&photo.id)).unwrap_or_default();
                serde_json::json!({ "id": photo.id, "jpeg": BASE64_STANDARD.encode(jpeg) })
            });
            let photos: Vec<_> = photos.collect();
            let messengers = relay::export_of(&store, shopper.id.as_str())
                .await
                .context("reading the messengers")?;
            let document = serde_json::json!({
                "shopper": known,
                "conversations": conversations,
                "events": events,
                "order_requests": asked,
                "promo_codes_used": codes,
                "letters": letters,
                "returns": returns,
                "photos": photos,
                "ratings": ratings,
                "alerts": alerts,
                "messengers": messengers,
            });
            println!("{}", serde_json::to_string_pretty(&document)?);
        }
        What::Erase { who, yes } => {
            let shopper = find(&shoppers, &who.shopper).await?;
            anyhow::ensure!(yes, "erasing cannot be undone; add --yes to do it");
            let conversations = journal
                .erase(&shopper, Timestamp::now())
                .await
                .context("erasing")?;
            println!("erased: the shopper, {conversations} conversations and all events of theirs");
        }
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Who they were on messengers before those were linked.
async fn shoppers_behind(store: &Store, shopper: &ShopperId) -> anyhow::Result<Vec<ShopperId>> {
    let mut connection = store.read().await.context("reading the links")?;
    let behind = relay::shoppers_behind(&mut connection, shopper.as_str()).await;
    let behind = behind.context("reading the links")?;
    Ok(behind.into_iter().map(ShopperId::from).collect())
}

async fn find(shoppers: &Shoppers, id: &str) -> anyhow::Result<Shopper> {
    let named = shoppers
        .by_name(id)
        .await
        .context("looking the shopper up")?;
    let found = match named {
        Some(shopper) => Some(shopper),
        None => shoppers
            .by_id(&ShopperId::from(id))
            .await
            .context("looking the shopper up")?,
    };
    found.with_context(|| {
        format!("there is no shopper `{id}`; give the shop's name for them, or their id")
    })
}
