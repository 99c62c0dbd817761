//! Playing a conversation test against the same engine that serves.

use super::dialogue::{Conversation, Exchange};
use super::expect::{self, Outcome};
use crate::channels::plain;
use crate::cli::generation::{LoadError, config, load_with};
use crate::cli::{Loaded, Place};
use crate::config::ShopsSettings;
use crate::dialogue::block::{Block, Choice};
use crate::dialogue::{Said, State, Tape, greeting, turn};
use crate::mail;
use crate::recommend::Profile;
use crate::relay::{Links, Messenger};
use crate::returns;
use crate::shoppers::SignedIn;
use crate::store::Store;
use anyhow::{Context, bail};
use jiff::{SignedDuration, Timestamp};

/// Clocks by name, all in the demo shop's zone: what day and hour it is there.
const CLOCKS: [(&str, &str); 6] = [
    ("weekday_noon", "2026-11-20T12:00:00+01:00"),
    ("weekday_morning", "2026-11-20T09:30:00+01:00"),
    ("weekday_evening", "2026-11-20T19:30:00+01:00"),
    ("weekday_night", "2026-11-20T02:30:00+01:00"),
    ("saturday", "2026-11-21T12:00:00+01:00"),
    ("monday_morning", "2026-11-23T09:30:00+01:00"),
];
/// Stands for the code that was mailed last.
const CODE: &str = "{code}";
/// The day the demo orders are told from.
const TODAY: &str = "2026-11-20T12:00:00+01:00";

pub(super) struct Fixtures {
    demo: Loaded,
    /// Messengers of the demo, so that there is somewhere to go on.
    links: Links,
    /// Kept until the tests are over: the demo orders live in it.
    _folder: Folder,
}

/// A folder that is gone when the run is.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing to do about a folder that cannot be removed; the system clears its temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Fixtures {
    /// The shop of `place` with the demo's goods and orders, in a folder of its own.
    pub(super) async fn open(place: &Place) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("shoptalk-test-{}", uuid::Uuid::now_v7()));
        let place = Place {
            data: Some(folder.clone()),
            ..place.clone()
        };
        let today = TODAY.parse().context("the tests' own clock")?;
        let mut config = config(&place).map_err(LoadError::Content)?;
        // The conversations are about the demo's goods, wherever the shop's own come from.
        config.shops = ShopsSettings::default();
        let demo = load_with(config, today).await?;
        let messenger = |name: &str, invite: Option<&str>| Messenger {
            name: name.to_owned(),
            invite: invite.map(str::to_owned),
        };
        let messengers = vec![
            messenger(
                "WhatsApp",
                Some("https://wa.me/4930123456?text=link%20{code}"),
            ),
            messenger("Telegram", Some("https://t.me/alder_bot?start={code}")),
            messenger("Slack", None),
        ];
        Ok(Self {
            links: Links::new(demo.store.clone(), messengers),
            demo,
            _folder: Folder(folder),
        })
    }
}

/// A conversation as it went.
pub(super) struct Played {
    pub(super) talk: Vec<Heard>,
    pub(super) misses: Vec<String>,
}

pub(super) struct Heard {
    pub(super) line: u64,
    pub(super) shopper: String,
    pub(super) reply: String,
    pub(super) misses: Vec<String>,
}

pub(super) async fn play(
    fixtures: &Fixtures,
    conversation: &Conversation,
) -> anyhow::Result<Played> {
    if conversation.shop != "demo" {
        bail!(
            "{}: there is no fixture `{}`; write `shop: demo`",
            conversation.name,
            conversation.shop
        );
    }
    let now = clock(&conversation.now).with_context(|| format!("{}: now", conversation.name))?;
    // Each conversation has its own shopper, so that lock-outs do not leak from one test into another.
    let shopper = conversation.name.as_str();
    let shop = &fixtures.demo.shop;
    let hour_ago = now - SignedDuration::from_hours(1);
    let viewed = conversation.viewed.iter().flatten();
    let profile = Profile {
        viewed: viewed.map(|sku| (hour_ago, sku.clone())).collect(),
        purchases: Vec::new(),
    };
    let mut state = State::default();
    let mut last: Vec<Block> = Vec::new();
    let mut words = Vec::new();
    let mut opened = Vec::new();
    let mut played = Played {
        talk: Vec::new(),
        misses: Vec::new(),
    };
    for (nth, exchange) in conversation.talk.iter().enumerate() {
        let at = exchange.referenced.line();
        let exchange: &Exchange = &exchange.value;
        let (said, outcome) = if exchange.open {
            let reply = greeting(shop, now);
            (
                "(opens the chat)".to_owned(),
                Outcome {
                    reply,
                    state: state.clone(),
                    trace: None,
                },
            )
        } else {
            let text = match (&exchange.shopper, &exchange.tap) {
                (Some(text), None) if text.contains(CODE) => {
                    let code = code_sent(&fixtures.demo.store, shopper).await?;
                    text.replace(CODE, &code)
                }
                (Some(text), None) => text.clone(),
                (None, None) if exchange.photos > 0 => String::new(),
                (None, Some(label)) => tapped(&last, label).with_context(|| {
                    format!(
                        "{}, line {at}: no choice `{label}` was offered",
                        conversation.name
                    )
                })?,
                _ => bail!(
                    "{}, line {at}: write either `shopper:` or `tap:`",
                    conversation.name
                ),
            };
            let photos = (0..exchange.photos).map(|photo| format!("photo-{at}-{photo}"));
            let photos: Vec<String> = photos.collect();
            let owner = conversation.signed_in.as_ref().map(|email| SignedIn {
                customer: "17".to_owned(),
                email: Some(email.clone()),
            });
            let turned = turn(
                shop,
                &state,
                Said {
                    text: &text,
                    photos: &photos,
                    shopper,
                    owner: owner.as_ref(),
                    cart: exchange.page_cart.as_deref(),
                    spent: &conversation.spent_codes,
                    profile: conversation.viewed.as_ref().map(|_| &profile),
                    links: Some(&fixtures.links),
                },
                now,
                Tape::live(),
            )
            .await;
            for one in &turned.returns {
                let mut write = fixtures.demo.store.begin().await?;
                returns::insert(&mut write, &returns::Row::of(one)?, None).await?;
                write.commit().await?;
            }
            opened.extend(turned.returns);
            let outcome = Outcome {
                reply: turned.reply,
                state: turned.state,
                trace: Some(turned.trace),
            };
            (text, outcome)
        };
        let misses = expect::misses(&exchange.must, &outcome, &words);
        let numbered = misses
            .iter()
            .map(|miss| format!("exchange {}: {miss}", nth + 1));
        played.misses.extend(numbered);
        words.push(expect::words(&outcome.reply));
        played.talk.push(Heard {
            line: at,
            shopper: said,
            reply: plain::render(&outcome.reply),
            misses,
        });
        last = outcome.reply;
        state = outcome.state;
    }
    // What one conversation sends back is not missing in the next.
    for one in opened {
        let mut write = fixtures.demo.store.begin().await?;
        returns::remove(&mut write, &one.rma).await?;
        write.commit().await?;
    }
    Ok(played)
}

/// The digits of the last letter to this shopper; some that are wrong when there is none.
async fn code_sent(store: &Store, shopper: &str) -> anyhow::Result<String> {
    let letters = mail::export_of(store, shopper)
        .await
        .context("reading the letters")?;
    let last = letters.last().and_then(|letter| letter.letter.as_ref());
    let text = last
        .and_then(|letter| letter["text"].as_str())
        .unwrap_or("none sent");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    Ok(if digits.is_empty() {
        "000000".to_owned()
    } else {
        digits
    })
}

/// What tapping the choice with this label says.
fn tapped(reply: &[Block], label: &str) -> Option<String> {
    let rows = reply.iter().filter_map(|block| {
        if let Block::Choices { choices, .. } = block {
            Some(choices)
        } else {
            None
        }
    });
    let found: &Choice = rows
        .flatten()
        .find(|choice| choice.label.eq_ignore_ascii_case(label))?;
    Some(found.say.clone().unwrap_or_else(|| found.label.clone()))
}

fn clock(name: &str) -> anyhow::Result<Timestamp> {
    let moment = CLOCKS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(name, |(_, moment)| moment);
    moment.parse().with_context(|| {
        let known: Vec<&str> = CLOCKS.iter().map(|(name, _)| *name).collect();
        format!("`{name}` is neither a moment like {TODAY} nor one of {known:?}")
    })
}
