//! Going on in a messenger, as a turn asks for it. A replay reads the code that was given, and gives none.

use super::{Asked, Ports};
use crate::relay::{CODE_HOLDS, Customer, MESSENGERS, Messenger};
use serde::{Deserialize, Serialize};

/// Where a shopper can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoOn {
    /// The messenger, as shoppers call it.
    pub name: String,
    /// The address that opens it and brings the code; none where it is written by hand.
    pub url: Option<String>,
}

/// What came of asking for a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LinkAnswer {
    Code {
        code: String,
        minutes: i64,
        places: Vec<GoOn>,
        /// Messengers that a shopper may name, and the shop is not on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<String>,
    },
    /// There is nowhere to go on, or too many read along.
    Off,
    Unavailable,
}

impl Ports<'_> {
    pub(in crate::dialogue) async fn link(&mut self) -> LinkAnswer {
        let playing = self.tape.recorded.is_some();
        answer!(self, Asked::Link { answer } if true => answer,
            if playing { LinkAnswer::Unavailable } else { self.link_now().await },
            |answer| Asked::Link { answer })
    }

    async fn link_now(&self) -> LinkAnswer {
        let Some(links) = self.links.filter(|links| !links.messengers().is_empty()) else {
            return LinkAnswer::Off;
        };
        let customer = self.owner.map(|owner| Customer {
            id: owner.customer.clone(),
            email: owner.email.clone(),
        });
        let given = links.code(self.shopper, customer.as_ref(), self.now).await;
        let code = match given {
            Ok(code) => code,
            Err(error) => {
                tracing::warn!(%error, "no code to go on in a messenger could be given");
                return LinkAnswer::Unavailable;
            }
        };
        let place = |messenger: &Messenger| GoOn {
            name: messenger.name.clone(),
            url: messenger
                .invite
                .as_ref()
                .map(|invite| invite.replace("{code}", code.reveal())),
        };
        let is_ours = |name: &str| links.messengers().iter().any(|one| one.name == name);
        let others = MESSENGERS.iter().filter(|name| !is_ours(name));
        LinkAnswer::Code {
            code: code.reveal().to_owned(),
            minutes: CODE_HOLDS.as_mins(),
            places: links.messengers().iter().map(place).collect(),
            others: others.map(|name| (*name).to_owned()).collect(),
        }
    }
}
