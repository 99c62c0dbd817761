//! What a conversation remembers between turns. Bounded, and apart from the log: a turn costs the
//! same at the hundredth message as at the first.

use crate::cart::Cart;
use crate::catalog::Money;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The shape of [`State`] this program writes. A higher number than this is refused by
/// [`State::read`]; a lower one is read, its missing fields taking their defaults.
pub const STATE_VERSION: u16 = 1;

/// Products kept for "the second one"; more than a reply ever shows.
const SHOWN_KEPT: usize = 10;
/// Questions that may wait for each other. The oldest is dropped when a shopper nests deeper.
const FLOWS_KEPT: usize = 4;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    pub version: u16,
    /// Turns so far; chooses among a text's variants.
    pub turns: u64,
    /// Open questions, the one being asked last.
    pub flows: Vec<OpenFlow>,
    /// Products last shown, in the order shown.
    pub shown: Vec<Shown>,
    /// The one product that "it" means.
    pub focus: Option<Shown>,
    /// The size and colour that were last asked about, and of which product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Wanted>,
    /// What was last asked of a product, for "and the other one?".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The one that "it" meant before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Shown>,
    /// The last search, so that "in navy" and "cheaper" can refine it.
    pub search: Option<LastSearch>,
    /// Choices last offered: a number or a label picks one.
    pub offered: Vec<Offered>,
    /// The question last asked or text last said, for "what did you say?".
    pub last_said: Vec<super::block::Line>,
    /// Unanswered messages in a row.
    pub misses: u8,
    pub handoff: Option<Handoff>,
    /// Orders shown in this conversation, for "what do you know about me".
    pub orders_seen: Vec<String>,
    /// Orders whose secret was given in this conversation.
    pub proven: Vec<Proven>,
    /// Whose address was proven in this conversation, by a code: their orders need no other proof.
    pub owner: Option<Proven>,
    /// The order that could not be proven, while a second try may come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<Tried>,
    /// Orders to be cancelled after the one under way: the same message named them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cancel_later: Vec<String>,
    /// The question last answered from an article, for "and to Austria?".
    pub topic: Option<String>,
    /// Of the last message that asked something, to notice when it is asked again.
    pub asked: u64,
    /// Code of the language spoken; `None` is the shop's own.
    pub language: Option<String>,
    /// A question that "yes" or "no" answers.
    pub pending: Option<Pending>,
    /// A question that narrows the last search.
    pub guide: Option<OpenGuide>,
    pub cart: Cart,
    /// No suggestions that go by what the shopper did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub impersonal: bool,
    /// What is to go into the cart once its size or colour is known.
    pub picking: Option<Picking>,
    /// A return that is being put together.
    pub returning: Option<super::returning::Returning>,
    pub returns_later: Option<super::returning::Later>,
    /// The order of the last return opened here, for "and the cap too".
    pub returned_from: Option<String>,
    /// Ids of photos that came and wait for a return or a person they are for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<String>,
    /// The number of the return that photos are for: a person looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photos_for: Option<String>,
    /// How it was has been asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rating_asked: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            version: STATE_VERSION,
            turns: 0,
            flows: Vec::new(),
            shown: Vec::new(),
            focus: None,
            variant: None,
            fields: Vec::new(),
            before: None,
            search: None,
            offered: Vec::new(),
            last_said: Vec::new(),
            misses: 0,
            handoff: None,
            orders_seen: Vec::new(),
            proven: Vec::new(),
            owner: None,
            tried: None,
            cancel_later: Vec::new(),
            topic: None,
            asked: 0,
            language: None,
            pending: None,
            guide: None,
            cart: Cart::default(),
            impersonal: false,
            picking: None,
            returning: None,
            returns_later: None,
            returned_from: None,
            photos: Vec::new(),
            photos_for: None,
            rating_asked: false,
        }
    }
}

/// Why a stored state could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(
        "the conversation's state has version {found}, this program knows up to {STATE_VERSION}; start the newer program"
    )]
    Newer { found: u16 },
    #[error("the conversation's state cannot be read: {0}")]
    Broken(#[from] serde_json::Error),
}

impl State {
    /// Reads a stored state of this version or an older one.
    pub fn read(json: &str) -> Result<Self, StateError> {
        let state: Self = serde_json::from_str(json)?;
        if state.version > STATE_VERSION {
            return Err(StateError::Newer {
                found: state.version,
            });
        }
        Ok(Self {
            version: STATE_VERSION,
            ..state
        })
    }

    pub fn open_flow(&self) -> Option<&OpenFlow> {
        self.flows.last()
    }

    pub(super) fn push_flow(&mut self, flow: OpenFlow) {
        if self.flows.len() == FLOWS_KEPT {
            self.flows.remove(0);
        }
        self.flows.push(flow);
    }

    pub(super) fn show(&mut self, products: Vec<Shown>) {
        // "And in blue?" is about these now.
        self.topic = None;
        let focus = match &products[..] {
            [only] => Some(only.clone()),
            _ => None,
        };
        let moved = |last: &Shown| focus.as_ref().is_some_and(|now| now.sku != last.sku);
        self.before = match self.focus.take() {
            Some(last) if moved(&last) => Some(last),
            _ => self.before.take().filter(moved),
        };
        self.focus = focus;
        self.shown = products;
        self.shown.truncate(SHOWN_KEPT);
    }
}

/// A request whose slots are being filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenFlow {
    pub intent: String,
    #[serde(default)]
    pub slots: BTreeMap<String, String>,
    /// The slot the last question was about.
    #[serde(default)]
    pub asking: Option<String>,
    /// Answers in a row that did not fit.
    #[serde(default)]
    pub refused: u8,
    /// Times in a row that something else was answered and the question put again.
    #[serde(default)]
    pub reminded: u8,
}

impl OpenFlow {
    pub(super) fn new(intent: &str) -> Self {
        Self {
            intent: intent.to_owned(),
            slots: BTreeMap::new(),
            asking: None,
            refused: 0,
            reminded: 0,
        }
    }
}

/// How long a proof holds: a browser may be left to somebody else.
const PROOF: SignedDuration = SignedDuration::from_mins(30);

/// An order or an owner, and when that was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// The order's number, or what the orders know the owner by.
    pub what: String,
    pub at: Timestamp,
}

impl Proven {
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) < PROOF
    }
}

/// An order whose secret was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What was wanted of it.
    pub skill: String,
    pub number: String,
    /// The secret was all digits: a postcode, a telephone number.
    #[serde(default)]
    pub digits: bool,
}

/// A product as it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub sku: String,
    pub title: String,
    pub price: Money,
    /// Why it was shown, as it was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<super::block::Line>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LastSearch {
    pub text: String,
    pub min: Option<Money>,
    pub max: Option<Money>,
    /// Option and attribute wishes: `colour` → `navy`.
    pub wishes: Vec<(String, String)>,
    pub without: Vec<String>,
    /// Whom it is wanted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<crate::catalog::Audience>,
    /// Little for its kind.
    pub cheap: bool,
    /// Costs less than before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reduced: bool,
    /// A category chosen among several.
    pub category: Option<String>,
    /// Codes of products turned down; the oldest are forgotten.
    pub except: Vec<String>,
    pub measured: Option<super::port::Measured>,
    /// What has been asked about to narrow it, answered or not.
    pub asked: Vec<String>,
}

/// The question that narrows the last search, while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenGuide {
    /// An attribute's name, `kind` or `price`.
    pub about: String,
    pub values: Vec<String>,
}

/// A product whose variant is still to be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picking {
    pub sku: String,
    pub quantity: u32,
    /// What has been chosen: `size` → `M`.
    pub options: Vec<(String, String)>,
    /// The option asked for, and its values.
    pub asked: String,
    pub values: Vec<String>,
    /// The variant it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// What goes in after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Wanted>,
}

/// What a shopper wants in the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Of the product.
    pub sku: String,
    pub quantity: u32,
    /// `size` → `M`, as far as it was said.
    pub options: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub label: String,
    pub say: String,
}

/// A person was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    pub state: super::block::HandoffState,
    /// Where to write when nobody is there.
    #[serde(default)]
    pub email: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pending {
    /// "Shall I delete everything?"
    DeleteEverything,
    /// An e-mail address for the team to answer to.
    HandoffEmail,
    /// A promo code.
    PromoCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_written_before_a_field_existed_is_read() {
        let old = State::read(r#"{"version":1,"turns":3}"#).unwrap();
        assert_eq!(old.turns, 3);
        assert!(old.flows.is_empty());
    }

    #[test]
    fn a_state_of_a_newer_program_is_refused_with_its_version() {
        let error = State::read(r#"{"version":99}"#).unwrap_err();
        assert!(error.to_string().contains("99"), "{error}");
    }

    #[test]
    fn a_proof_holds_for_half_an_hour() {
        let at = Timestamp::from_second(1_795_000_000).unwrap();
        let what = "SH-10024".to_owned();
        let proven = Proven { what, at };
        assert!(proven.holds(at + SignedDuration::from_mins(29)));
        assert!(!proven.holds(at + SignedDuration::from_mins(30)));
    }

    #[test]
    fn open_questions_are_bounded() {
        let mut state = State::default();
        for n in 0..50 {
            state.push_flow(OpenFlow::new(&format!("intent_{n}")));
        }
        assert_eq!(state.flows.len(), FLOWS_KEPT);
        assert_eq!(state.open_flow().unwrap().intent, "intent_49");
    }
}
