//! One account on a messenger: its channel, and how it is faring.

use super::abilities::Abilities;
use super::bridge::{Call, Channel, Event, Place};
use super::platform;
use super::render::{self, Piece, Screen, render, written};
use crate::config::ChannelSettings;
use crate::dialogue::block::Block;
use crate::dialogue::{Shop, phrase};
use crate::relay::Outgoing;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Messages of one reply; what is behind them is not sent.
const MOST_PIECES: usize = 20;

pub struct Account {
    pub settings: ChannelSettings,
    pub channel: Box<dyn Channel>,
    /// Rung when something may have to be sent.
    pub(super) wake: Notify,
    pub(super) pace: DefaultDirectRateLimiter,
    rest: Mutex<Rest>,
    /// Of whom messages came that are not for this account.
    others: Mutex<BTreeSet<String>>,
}

/// Until when nothing is sent.
#[derive(Default)]
struct Rest {
    until: Option<Instant>,
    /// The platform does not know us any more; why.
    revoked: Option<String>,
}

impl Account {
    pub fn new(settings: ChannelSettings, server: &str) -> Self {
        let channel = platform::channel(&settings, server);
        let usual = channel.abilities().per_second;
        let pace = match settings.per_second {
            0 => usual,
            own => own,
        };
        let pace = NonZeroU32::new(pace).unwrap_or(NonZeroU32::MIN);
        Self {
            pace: RateLimiter::direct(Quota::per_second(pace)),
            settings,
            channel,
            wake: Notify::new(),
            rest: Mutex::default(),
            others: Mutex::default(),
        }
    }

    pub fn name(&self) -> &str {
        &self.settings.name
    }

    pub fn abilities(&self) -> &'static Abilities {
        self.channel.abilities()
    }

    /// Answers to one person in an hour; none for any number.
    pub(super) fn answers_per_hour(&self) -> Option<u64> {
        let own = self.settings.option("answers_per_hour").parse().ok();
        let most = own.unwrap_or(u64::from(self.abilities().answers_per_hour));
        (most > 0).then_some(most)
    }

    /// Whether it is the first time, since the start, that messages for these come here.
    pub(super) fn is_new_to_us(&self, others: &str) -> bool {
        let mut known = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(others.to_owned())
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long nothing may be sent; none when it may.
    pub(super) fn rests_for(&self) -> Option<Duration> {
        let until = self.rest().until?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Nothing is sent for so long, or for longer where that was asked for already.
    pub(super) fn rest_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut rest = self.rest();
        rest.until = rest.until.max(Some(until));
    }

    /// Nothing is sent until the platform knows us again, which is tried after `wait`. True when that is news.
    pub(super) fn revoke(&self, why: &str, wait: Duration) -> bool {
        let mut rest = self.rest();
        rest.until = Some(Instant::now() + wait);
        rest.revoked.replace(why.to_owned()).is_none()
    }

    /// The platform knows us. True when it did not before.
    pub(super) fn restore(&self) -> bool {
        let mut rest = self.rest();
        let revoked = rest.revoked.take().is_some();
        if revoked {
            rest.until = None;
        }
        revoked
    }

    /// Blocks as calls for the outbox.
    pub(super) fn outgoing(&self, place: &Place, reply: &[Block], saying: &Saying<'_>) -> Outgoing {
        let words = |id: &str, variables: &[(&str, &str)]| saying.words(id, variables);
        let screen = Screen {
            abilities: self.abilities(),
            phrase: &words,
            base: saying.base,
        };
        let mut pieces = Vec::new();
        if saying.first && !self.settings.disclosure.is_empty() {
            pieces.push(plain(&self.settings.disclosure, self.abilities()));
        }
        pieces.extend(render(reply, &screen));
        // Nothing is said where a person has taken over.
        let attached = place.context.get("attached") == Some(&Value::Bool(true));
        if attached && !pieces.is_empty() {
            let words = saying.words("messenger.not_attached", &[]);
            pieces.push(plain(&words, self.abilities()));
        }
        pieces.truncate(MOST_PIECES);
        let mut calls: Vec<(Call, bool)> = saying
            .courtesy
            .iter()
            .map(|one| (one.clone(), true))
            .collect();
        let written = pieces
            .iter()
            .flat_map(|piece| self.channel.write(place, piece));
        let written = self.channel.bundle(written.collect());
        calls.extend(written.into_iter().map(|call| (call, false)));
        if reply
            .iter()
            .any(|block| matches!(block, Block::Handoff { .. }))
        {
            calls.extend(self.channel.hand_over(place).map(|call| (call, false)));
        }
        self.queued(place, calls)
    }

    /// Words alone.
    pub(super) fn words(&self, place: &Place, text: &str, courtesy: Option<Call>) -> Outgoing {
        let mut calls: Vec<(Call, bool)> = courtesy.into_iter().map(|one| (one, true)).collect();
        let written = self.channel.write(place, &plain(text, self.abilities()));
        calls.extend(written.into_iter().map(|call| (call, false)));
        self.queued(place, calls)
    }

    /// What takes us where we were invited to.
    pub(super) fn entering(&self, place: &Place) -> Outgoing {
        let calls = self.channel.enter(place).into_iter();
        self.queued(place, calls.map(|call| (call, false)).collect())
    }

    fn queued(&self, place: &Place, calls: Vec<(Call, bool)>) -> Outgoing {
        let calls = calls.into_iter().filter_map(|(call, courtesy)| {
            // Names and values of ours: this cannot fail.
            let json = serde_json::to_string(&call).ok()?;
            Some((json, courtesy))
        });
        Outgoing {
            account: self.name().to_owned(),
            talk: place.talk.clone(),
            calls: calls.collect(),
        }
    }

    pub(super) fn courtesy(&self, event: &Event) -> Option<Call> {
        self.channel.courtesy(event)
    }
}

/// In which words, and where addresses begin.
pub(super) struct Saying<'a> {
    pub(super) shop: &'a Shop,
    pub(super) base: &'a str,
    pub(super) language: Option<&'a str>,
    pub(super) now: Timestamp,
    /// The first words for a long time.
    pub(super) first: bool,
    pub(super) courtesy: Option<Call>,
}

impl Saying<'_> {
    pub(super) fn words(&self, id: &str, variables: &[(&str, &str)]) -> String {
        phrase(self.shop, id, variables, self.language, self.now)
    }
}

fn plain(text: &str, abilities: &Abilities) -> Piece {
    let text = render::shortened(text, abilities.text, abilities.unit);
    Piece::Text {
        text: written(&text, abilities.markup),
        buttons: Vec::new(),
    }
}
