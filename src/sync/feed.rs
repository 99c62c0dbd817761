//! A file of products on the web.

use super::table::Mark;
use super::{SyncError, patience};
use crate::catalog::feed::{self, Feed, Format, Reading};
use crate::config::{FeedSettings, Secret};
use crate::money::Currency;
use crate::remote::{Ask, Remote, RemoteError};
use crate::sheet::{Map, SheetError};
use jiff::tz::TimeZone;
use reqwest::StatusCode;
use url::Url;

/// Bytes of a feed: a hundred thousand products with long descriptions are a fifth of it.
const MOST: usize = 1_000_000_000;
const WHO: &str = "the feed's server";

pub(super) struct FeedSource {
    url: Url,
    reading: Reading,
    authorization: Option<Secret>,
}

/// What the server said.
pub(super) enum Fetched {
    Unchanged,
    New { feed: Feed, mark: Mark },
}

impl FeedSource {
    /// # Errors
    /// When the settings name no address or no map.
    pub(super) fn new(
        settings: &FeedSettings,
        currency: Currency,
        zone: TimeZone,
    ) -> Result<Self, SyncError> {
        let url = settings.url.parse();
        let url = url.map_err(|_| RemoteError::Address(settings.url.clone()))?;
        let format = match settings.format.as_str() {
            "jsonl" => Some(Format::Jsonl),
            "table" => Some(Format::Table),
            "shopify" => Some(Format::Shopify),
            "woocommerce" => Some(Format::WooCommerce),
            "merchant" => Some(Format::Merchant),
            _ => None,
        };
        let map =
            Map::parse(&settings.map).map_err(|error: SheetError| SyncError::Feed(error.into()))?;
        Ok(Self {
            url,
            reading: Reading {
                format,
                map,
                currency,
                zone,
            },
            authorization: settings.authorization.clone(),
        })
    }

    /// Fetches the feed unless it is the one marked so.
    pub(super) async fn fetch(&self, remote: &Remote, mark: &Mark) -> Result<Fetched, SyncError> {
        let mut ask = Ask::get(self.url.clone(), MOST);
        if !mark.etag.is_empty() {
            ask = ask.with("if-none-match", &mark.etag);
        }
        if !mark.modified.is_empty() {
            ask = ask.with("if-modified-since", &mark.modified);
        }
        if let Some(secret) = &self.authorization {
            ask = ask.with_secret("authorization", secret.reveal());
        }
        let answer = patience::fetch(WHO, remote, ask).await?;
        match answer.status {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED => return Ok(Fetched::Unchanged),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let help = "it wants a password; put the whole header into SHOPTALK_FEED_AUTHORIZATION, like `Basic …`";
                return Err(refused(help.to_owned()));
            }
            StatusCode::NOT_FOUND => {
                return Err(refused("there is nothing at feed.url".to_owned()));
            }
            other => return Err(refused(format!("it answered {other}"))),
        }
        let header = |name| answer.header(name).unwrap_or_default().to_owned();
        let mark = Mark {
            etag: header("etag"),
            modified: header("last-modified"),
        };
        let reading = self.reading.clone();
        let read =
            tokio::task::spawn_blocking(move || feed::read(answer.body, &reading, |_| {})).await;
        let feed = read.map_err(|error| SyncError::Strange {
            who: WHO,
            reason: error.to_string(),
        })??;
        if feed.products.is_empty() {
            return Err(SyncError::Empty {
                refused: feed.refused.len(),
                first: feed
                    .refused
                    .first()
                    .map(|row| format!("line {}: {}", row.line, row.reason)),
            });
        }
        Ok(Fetched::New { feed, mark })
    }
}

fn refused(help: String) -> SyncError {
    SyncError::Refused { who: WHO, help }
}
