//! One visitor on one socket: who they are, which conversation they are in, and what is sent to
//! bring their screen up to date.

use super::Door;
use super::frames::{
    Hello, Keeps, MOST_ENTRIES, MOST_PHOTOS, ServerFrame, ShopCard, UploadTerms, Welcome,
};
use super::guests::Guest;
use super::socket::PROTOCOL;
use crate::conversation::{Attachment, ConversationId, Entry, JournalError, Talk};
use crate::dialogue;
use crate::feedback;
use crate::shoppers::{
    Identity, Shopper, ShopperId, ShoppersError, SignedIn, TokenDigest, TokenError,
};
use crate::store::StoreError;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Entries waiting for one socket; a client that is further behind starts over from the journal.
const QUEUED: usize = 64;

pub(super) struct Session {
    pub(super) talk: Talk,
    pub(super) entries: mpsc::Receiver<Arc<Entry>>,
    /// Up to this one the client has been told.
    pub(super) told: u64,
    /// Whom the shop's page has vouched for.
    pub(super) signed_in: Option<SignedIn>,
    /// What is wrong with what the page said about who is there; the chat goes on without it.
    pub(super) unidentified: Option<TokenError>,
    /// Known by their token from here on, stored or not.
    _guest: Guest,
    _attachment: Attachment,
}

impl Session {
    /// Tells what the shopper waited for and has happened meanwhile; it comes as an entry like any other.
    pub(super) async fn tell_news(&self, door: &Door) {
        let (talk, shop) = (self.talk.clone(), door.shop.load_full());
        let told = door.conversations.tell(talk, shop, Timestamp::now()).await;
        if let Err(error) = told {
            tracing::warn!(%error, "what a shopper waits for could not be told; it waits for their next visit");
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Shoppers(#[from] ShoppersError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("nobody has this token, or no longer")]
    Gone,
    #[error("the welcome cannot be written: {0}")]
    Frame(#[from] serde_json::Error),
}

/// Finds or begins the visitor's conversation, takes a seat in it, and writes the welcome.
pub(super) async fn open(door: &Door, hello: &Hello) -> Result<(Session, String), OpenError> {
    let (shopper, token) = who(door, hello.token.as_deref()).await?;
    let journal = door.conversations.journal();
    let latest = journal.latest_of(&shopper.id).await?;
    let conversation = latest.unwrap_or_else(|| ConversationId::from(fresh()));
    let (sender, entries) = mpsc::channel(QUEUED);
    let attachment = door.conversations.attach(&conversation, sender).await?;
    let last_seq = attachment.last_seq;
    let known = hello.last_seq.unwrap_or(0);
    // A number from the future, or a gap too wide to fill: the client takes the newest and forgets the rest.
    let resync =
        hello.last_seq.is_some() && (known > last_seq || last_seq - known > MOST_ENTRIES as u64);
    let missed = if hello.last_seq.is_some() && !resync {
        journal
            .entries_after(&conversation, known, MOST_ENTRIES)
            .await?
    } else {
        journal
            .entries_before(&conversation, last_seq + 1, MOST_ENTRIES)
            .await?
    };
    let said = match last_seq {
        0 => feedback::Said::default(),
        _ => feedback::said_of(&door.store, conversation.as_str()).await?,
    };
    let now = Timestamp::now();
    let shop = door.shop.load();
    let greeting = (last_seq == 0).then(|| dialogue::greeting(&shop, now));
    let welcome = Welcome {
        protocol: PROTOCOL,
        conversation: conversation.as_str(),
        token: &token,
        last_seq,
        resync,
        shop: ShopCard {
            name: &shop.facts.name,
            currency: shop.facts.currency.to_string(),
            language: &shop.facts.language,
            languages: shop.languages().collect(),
            people: if shop.facts.hours.is_open(now) {
                "open"
            } else {
                "closed"
            },
            hours: shop
                .facts
                .hours
                .in_words(crate::text::Language::of(&shop.facts.language)),
            uploads: door.uploads.settings().on.then(|| UploadTerms {
                most_bytes: door.uploads.settings().most_bytes(),
                per_message: MOST_PHOTOS,
            }),
            keeps: Keeps {
                days: shop.facts.retention_days,
                days_known: shop.facts.retention_days_known,
            },
            asks_helpful: door.feedback.helpful,
        },
        more: missed.first().is_some_and(|first| first.seq > 1)
            && (hello.last_seq.is_none() || resync),
        entries: &missed,
        greeting: greeting.as_deref(),
        now,
        feedback: said,
    };
    let frame = serde_json::to_string(&ServerFrame::Welcome(Box::new(welcome)))?;
    let (signed_in, unidentified) = match identified(door, hello, now) {
        Ok(signed_in) => (signed_in, None),
        Err(error) => (None, Some(error)),
    };
    if let Some(person) = &signed_in {
        door.shoppers.name(&shopper.id, &person.customer).await?;
    }
    let guest = door.guests.admit(&shopper);
    let talk = Talk {
        conversation,
        shopper,
    };
    Ok((
        Session {
            talk,
            entries,
            told: last_seq,
            signed_in,
            unidentified,
            _guest: guest,
            _attachment: attachment,
        },
        frame,
    ))
}

/// Whom the shop's page says is there; nobody when it says nothing or the shop signs nothing.
fn identified(door: &Door, hello: &Hello, now: Timestamp) -> Result<Option<SignedIn>, TokenError> {
    match (&hello.identity, &door.identity_secret) {
        (Some(token), Some(secret)) => SignedIn::read(token, secret.reveal(), now).map(Some),
        (Some(_), None) => Err(TokenError::Signature),
        (None, _) => Ok(None),
    }
}

/// The visitor a token belongs to. An unknown token is not adopted: whoever made it up would know it.
async fn who(door: &Door, token: Option<&str>) -> Result<(Shopper, String), OpenError> {
    if let Some(token) = token {
        let shopper = door.shoppers.by_token(&TokenDigest::of(token)).await?;
        return Ok((shopper.ok_or(OpenError::Gone)?, token.to_owned()));
    }
    let token = fresh_token();
    let identity = Identity::Visitor(TokenDigest::of(&token));
    Ok((
        Shopper {
            id: ShopperId::from(fresh()),
            identity,
        },
        token,
    ))
}

/// 256 random bits: what a visitor's browser keeps.
pub fn fresh_token() -> String {
    let bits = rand::random::<[u8; 32]>();
    bits.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn fresh() -> String {
    uuid::Uuid::now_v7().to_string()
}
