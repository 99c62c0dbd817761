//! The dialogue as a conversation's engine: state and trace to and from JSON, nothing else.

use super::engine::{Engine, EngineError, Turned};
use super::mailbox::Message;
use crate::cart;
use crate::dialogue::block::{Block, HandoffState};
use crate::dialogue::{self, Said, Shop, State, Tape};
use crate::recommend::Profile;
use crate::relay::Links;
use crate::returns::Row;
use crate::shoppers::SignedIn;
use jiff::Timestamp;
use std::sync::Arc;

/// One generation of the shop, answering one shopper.
pub struct Assistant {
    pub shop: Arc<Shop>,
    /// Opaque id; limits on order look-ups count against it.
    pub shopper: String,
    /// Whom the shop's page has vouched for.
    pub signed_in: Option<SignedIn>,
    /// The page's own cart, where it says what is in it.
    pub cart: Option<Vec<cart::Item>>,
    /// Promo codes good for one order that they have used.
    pub spent: Vec<String>,
    /// What the shopper did in the shop, where they consented.
    pub profile: Option<Profile>,
    /// Where a code to go on in a messenger is had; none where others read what is said.
    pub links: Option<Links>,
}

impl Engine for Assistant {
    fn greeting(&self, now: Timestamp) -> Vec<Block> {
        dialogue::greeting(&self.shop, now)
    }

    async fn turn(
        &self,
        state: Option<&str>,
        message: &Message,
        now: Timestamp,
    ) -> Result<Turned, EngineError> {
        let before = state.map(State::read).transpose()?.unwrap_or_default();
        let owner = self.signed_in.as_ref();
        let said = Said {
            owner: owner.filter(|who| self.shop.orders.knows(who)),
            text: &message.text,
            photos: &message.photos,
            shopper: &self.shopper,
            cart: self.cart.as_deref(),
            spent: &self.spent,
            profile: self.profile.as_ref(),
            links: self.links.as_ref(),
        };
        let turned = dialogue::turn(&self.shop, &before, said, now, Tape::live()).await;
        let returns = turned.returns.iter().map(Row::of);
        let returns = returns.collect::<Result<Vec<Row>, _>>()?;
        Ok(Turned {
            handoff: match (asked_for(&turned.reply), &turned.case) {
                (Some(how), Some(case)) => Some(format!("{how}: {case}")),
                // They have been asked for already, and should know of this too.
                (None, Some(case)) => Some(case.clone()),
                (how, None) => how.map(str::to_owned),
            },
            returns,
            state: serde_json::to_string(&turned.state)?,
            trace: serde_json::to_string(&turned.trace)?,
            reply: turned.reply,
            unanswered: turned.unanswered,
            erase: turned.erase,
            spent: turned.spent,
            shown: turned.shown,
            outbox: Vec::new(),
        })
    }
}

/// Whether the reply hands over to a person, and how.
fn asked_for(reply: &[Block]) -> Option<&'static str> {
    reply.iter().find_map(|block| match block {
        Block::Handoff {
            state: HandoffState::Waiting,
            ..
        } => Some("waiting"),
        Block::Handoff {
            state: HandoffState::OutOfHours,
            ..
        } => Some("out_of_hours"),
        _ => None,
    })
}
