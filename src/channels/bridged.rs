//! The assistant as a messenger's conversation meets it: what a turn says is queued for the platform with the turn itself.

use super::account::{Account, Saying};
use super::bridge::{Call, Place};
use super::photos::Refused;
use crate::conversation::{Assistant, Engine, EngineError, Message, Turned};
use crate::dialogue::State;
use crate::dialogue::block::Block;
use crate::relay::{Contact, Outgoing};
use crate::shoppers::{Identity, Shopper, ShopperId, TokenDigest};
use jiff::Timestamp;
use std::sync::Arc;

/// A visitor whose token nobody has: they come back by the messenger's word for them.
pub(super) fn shopper(contact: &Contact) -> Shopper {
    let token = TokenDigest::of(&format!("{:032x}", rand::random::<u128>()));
    Shopper {
        id: ShopperId::from(contact.shopper.as_str()),
        identity: Identity::Visitor(token),
    }
}

/// The assistant, and what it says written for a messenger.
pub(super) struct Bridged {
    pub(super) assistant: Assistant,
    pub(super) account: Arc<Account>,
    pub(super) place: Place,
    pub(super) base: String,
    pub(super) first: bool,
    pub(super) courtesy: Option<Call>,
    /// Said before the reply, on the messenger alone.
    pub(super) before: Vec<Refused>,
}

impl Engine for Bridged {
    fn greeting(&self, now: Timestamp) -> Vec<Block> {
        self.assistant.greeting(now)
    }

    async fn turn(
        &self,
        state: Option<&str>,
        message: &Message,
        now: Timestamp,
    ) -> Result<Turned, EngineError> {
        let mut turned = self.assistant.turn(state, message, now).await?;
        let language = State::read(&turned.state)?.language;
        let saying = Saying {
            shop: &self.assistant.shop,
            base: &self.base,
            language: language.as_deref(),
            now,
            first: self.first,
            courtesy: self.courtesy.clone(),
        };
        let mut said = Vec::with_capacity(turned.reply.len() + 1);
        if !self.before.is_empty() {
            said.push(Block::Text {
                lines: self.before.iter().map(|one| one.line(&saying)).collect(),
            });
        }
        said.extend_from_slice(&turned.reply);
        let outgoing: Outgoing = self.account.outgoing(&self.place, &said, &saying);
        turned.outbox = vec![outgoing];
        Ok(turned)
    }
}
