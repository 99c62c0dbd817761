//! Alerts: what a turn asks of the watches, and what is said outside of turns: notices, letters, pages.

use super::block::Block;
use super::finished;
use super::port::Tape;
use super::shop::Shop;
use super::skills::alert;
use super::state::State;
use super::trace::{By, Trace};
use super::turn::{self, Said};
use crate::mail::Address;
use crate::money::Money;
use crate::orders::masked_email;
use crate::watches::{Channel, Fired, Kind, NotTaken, Taken, Watch, Wish, Words};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A wish as a trace keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertWish {
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Money>,
    /// Id of the text that was agreed to.
    pub consent: String,
    pub place: AlertPlace,
}

/// Where it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum AlertPlace {
    Chat,
    /// The address is masked.
    Mail {
        to: String,
    },
    /// The address that this shopper confirmed before.
    KnownMail,
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertAnswer {
    Live,
    /// Once the link of a letter is tapped.
    Unconfirmed,
    /// It is waited for already.
    Again,
    TooMany,
    /// This address was asked to confirm not long ago.
    TooSoon,
    Unavailable,
}

/// One thing a shopper waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Of a price drop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Money>,
    /// The masked address; absent when it is told in the chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    pub confirmed: bool,
}

/// A page that a letter leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertPage {
    Confirm,
    Confirmed,
    /// Nobody has this link, or no longer.
    Gone,
    Stop,
    Stopped,
}

/// Its words; plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageWords {
    /// `en`
    pub language: String,
    pub head: String,
    pub text: String,
    pub button: Option<String>,
}

/// What the assistant says by itself, and what it remembers then.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub state: State,
    pub blocks: Vec<Block>,
    pub trace: Trace,
}

/// Tells a shopper in their conversation what they waited for; at least one thing.
pub fn notice(shop: &Shop, state: &State, told: &[(Watch, Fired)], now: Timestamp) -> Notice {
    let mut talk = turn::begin(shop, state, Said::nothing(), now, Tape::live());
    talk.decided(By::Alert, None, 1.0, "alert");
    alert::tell(&mut talk, told);
    let turned = finished::finish(talk);
    Notice {
        state: turned.state,
        blocks: turned.reply,
        trace: turned.trace,
    }
}

/// The letter that tells what has happened, in the language of the wish; `{stop}` is still open in it.
pub fn alert_letter(shop: &Shop, watch: &Watch, fired: &Fired, now: Timestamp) -> Words {
    let state = speaking(Some(&watch.wish.language));
    let mut talk = turn::begin(shop, &state, Said::nothing(), now, Tape::live());
    alert::letter(&mut talk, watch, fired)
}

/// The words of a page in a language; in the shop's own for one it does not speak.
pub fn alert_page(
    shop: &Shop,
    page: AlertPage,
    language: Option<&str>,
    now: Timestamp,
) -> PageWords {
    let state = speaking(language);
    let talk = turn::begin(shop, &state, Said::nothing(), now, Tape::live());
    alert::page(&talk, page)
}

fn speaking(language: Option<&str>) -> State {
    State {
        language: language.map(str::to_owned),
        ..State::default()
    }
}

/// Who asks for an alert, and in which language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) shopper: &'a str,
    pub(super) language: &'a str,
}

impl Shop {
    /// Takes a wish. `address` is the one typed, for [`AlertPlace::Mail`].
    pub(super) async fn alert(
        &self,
        wish: &AlertWish,
        address: Option<&Address>,
        letter: &Words,
        asker: Asker<'_>,
        now: Timestamp,
    ) -> AlertAnswer {
        let Some(watches) = &self.watches else {
            return AlertAnswer::Unavailable;
        };
        let channel = match &wish.place {
            AlertPlace::Chat => Channel::Chat,
            AlertPlace::Mail { .. } => match address {
                Some(address) => Channel::Mail(address.clone()),
                None => return AlertAnswer::Unavailable,
            },
            AlertPlace::KnownMail => match watches.address_of(asker.shopper).await {
                Ok(Some(address)) => Channel::Mail(address),
                Ok(None) => return AlertAnswer::Unavailable,
                Err(error) => {
                    tracing::warn!(%error, "alerts could not be asked");
                    return AlertAnswer::Unavailable;
                }
            },
        };
        let wish = Wish {
            shopper: asker.shopper.into(),
            product: wish.product.clone(),
            variant: wish.variant.clone(),
            kind: wish.kind,
            below: wish.below,
            channel,
            language: asker.language.to_owned(),
            consent: wish.consent.clone(),
        };
        match watches.sign_up(&wish, letter, now).await {
            Ok(Ok(Taken::Live)) => AlertAnswer::Live,
            Ok(Ok(Taken::Unconfirmed)) => AlertAnswer::Unconfirmed,
            Ok(Err(NotTaken::Again)) => AlertAnswer::Again,
            Ok(Err(NotTaken::TooMany)) => AlertAnswer::TooMany,
            Ok(Err(NotTaken::TooSoon)) => AlertAnswer::TooSoon,
            Err(error) => {
                tracing::warn!(%error, "an alert could not be kept");
                AlertAnswer::Unavailable
            }
        }
    }

    /// What a shopper waits for.
    pub(super) async fn alerts(&self, shopper: &str) -> Vec<Waiting> {
        let Some(watches) = &self.watches else {
            return Vec::new();
        };
        let open = watches.open_of(shopper).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "alerts could not be asked");
            Vec::new()
        });
        let waiting = |watch: Watch| Waiting {
            to: match &watch.wish.channel {
                Channel::Chat => None,
                Channel::Mail(address) => Some(masked_email(address.as_str())),
            },
            product: watch.wish.product,
            variant: watch.wish.variant,
            below: watch.wish.below,
            confirmed: watch.confirmed_at.is_some(),
        };
        open.into_iter().map(waiting).collect()
    }

    /// The address that this shopper confirmed, masked.
    pub(super) async fn alert_address(&self, shopper: &str) -> Option<String> {
        let address = self.watches.as_ref()?.address_of(shopper).await;
        let address = address.unwrap_or_else(|error| {
            tracing::warn!(%error, "alerts could not be asked");
            None
        });
        address.map(|address| masked_email(address.as_str()))
    }

    /// Ends what a shopper waits for; how many there were. None when that could not be done.
    pub(super) async fn stop_alerts(&self, shopper: &str, product: Option<&str>) -> Option<u64> {
        let Some(watches) = &self.watches else {
            return Some(0);
        };
        match watches.stop_of(shopper, product).await {
            Ok(stopped) => Some(stopped),
            Err(error) => {
                tracing::warn!(%error, "alerts could not be ended");
                None
            }
        }
    }
}
