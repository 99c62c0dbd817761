//! Why the assistant said it: what was read, what was considered, what was decided, and every answer
//! a port gave. Stored with the turn, so that the turn can be played again.

use super::port::Asked;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The clock the turn was given.
    pub now: Timestamp,
    /// The message as it was taken, when a tap or a number stood for other words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_as: Option<String>,
    /// The shop's page had vouched for who is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed_in: bool,
    /// What the page said is in its cart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cart: Option<Vec<crate::cart::Item>>,
    /// Ids of photos that came along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<String>,
    /// Promo codes that turned out to be used in another conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<String>,
    /// Misspelt words and what they were read as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repaired: Vec<(String, String)>,
    /// What was found in the message: order numbers, prices, products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Noticed>,
    /// What the message might have meant, likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Considered>,
    /// The decisions of the turn in the order they were made; a message with two requests has two.
    pub decisions: Vec<Decision>,
    /// What words without a name were taken to mean: "`it` is Alder wool socks".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<String>,
    /// How it was said, where that was noticed: `anger 0.8`, `urgent`, `asked again`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mood: Vec<String>,
    /// Every question to a port with its answer, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    pub kind: String,
    pub text: String,
}

/// One thing the message might have meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Considered {
    pub what: Kind,
    pub id: String,
    /// Calibrated: of messages given this figure, about this share means it.
    pub probability: f32,
    /// The example, rule or phrasing that spoke for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Intent,
    Article,
    Rule,
}

/// What was decided, and by what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub by: By,
    /// The intent acted on, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// 0 to 1.
    pub confidence: f32,
    /// The skill that did the work; `reply` for a plain text of an intent.
    pub skill: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// "Never mind", "start over", "what did you say?".
    Repair,
    /// The open question got its answer.
    Slot,
    /// The open question did not get an answer that fits.
    Refusal,
    /// "Yes", "no" or an address after such a question.
    Pending,
    Rule,
    Intent,
    Article,
    /// What was shown or said before settles it.
    Context,
    /// A product, colour or price alone, or a refinement of what was shown.
    Products,
    /// Several were close: the shopper is asked.
    Clarify,
    Fallback,
    /// What the shopper waited for has happened.
    Alert,
    /// A person is in the conversation: the assistant keeps quiet.
    Silent,
}

impl Trace {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            now,
            taken_as: None,
            signed_in: false,
            cart: None,
            photos: Vec::new(),
            spent: Vec::new(),
            repaired: Vec::new(),
            entities: Vec::new(),
            candidates: Vec::new(),
            decisions: Vec::new(),
            resolved: Vec::new(),
            mood: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// The decision the turn is known by: its first.
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.first()
    }
}
