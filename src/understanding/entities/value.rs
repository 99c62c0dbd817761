//! What an entity can be: one enum, so that a flow can ask for exactly the reading it waits for.

use super::{Day, Measure};
use crate::money::Money;
use std::ops::Range;

/// Words of a message that name a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    pub value: Value,
    /// Bytes of the message as it was handed in; always on character boundaries.
    pub span: Range<usize>,
    /// The words as typed.
    pub text: String,
}

/// One reading of some words. The same words may have several readings: `10024` is a number, possibly an order
/// number and possibly a postcode; what was asked decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// In the shop's own form (`SH-10023`), however it was typed.
    OrderNumber(String),
    /// Digits that would be an order number if its letters were in front; in the shop's own form.
    PossibleOrderNumber(String),
    /// Lower case.
    Email(String),
    /// Digits only, with a leading `+` when one was typed.
    Phone(String),
    /// Upper case, one space where there was any.
    Postcode(String),
    /// A plain run of digits, as typed: a customer number, a numbered choice.
    Number(String),
    /// A bound or a range: "under 20", "20-50€", "around 50".
    Price(PriceWish),
    /// An amount with its currency and no bound: "20 euro".
    Amount(Money),
    /// "cheap", "on a budget": a wish for low prices that names none.
    Cheap,
    /// Pieces: "two", "3x", "a pair of".
    Quantity(u32),
    /// Something shown before: "the second one", "it".
    Reference(Reference),
    /// "cheaper", "a bit bigger".
    Comparative(Comparative),
    /// "the cheapest", "warmest".
    Superlative(Comparative),
    /// What a shopper says to the conversation itself: yes, no, never mind.
    Repair(Repair),
    Colour(Colour),
    /// Upper case: `S` to `4XL`, `EU 42`, `UK 9`, `ONE SIZE`.
    Size(String),
    /// A day or some days, to be resolved against today.
    Day(Day),
    Measure(Measure),
    /// Of an entity that staff define.
    Custom {
        name: String,
        value: String,
    },
    /// A wish turned down, normalised: `wool` of "not wool". A wish only when the shop knows the word.
    Without(String),
}

/// Which prices are welcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceWish {
    /// "under 20"
    Under(Money),
    /// "up to 20", "max 20"
    AtMost(Money),
    /// "over 30"
    Over(Money),
    /// "from 30", "at least 30"
    AtLeast(Money),
    /// "between 20 and 50"; the lower one first, both included.
    Between(Money, Money),
    /// "around 50"
    Around(Money),
}

impl PriceWish {
    /// The lowest and the highest welcome price, both included. Around is a tenth either way.
    pub fn bounds(self) -> (Option<Money>, Option<Money>) {
        let moved = |money: Money, by: i64| Money {
            minor: money.minor.saturating_add(by).max(0),
            currency: money.currency,
        };
        match self {
            Self::Under(limit) => (None, Some(moved(limit, -1))),
            Self::AtMost(limit) => (None, Some(limit)),
            Self::Over(limit) => (Some(moved(limit, 1)), None),
            Self::AtLeast(limit) => (Some(limit), None),
            Self::Between(low, high) => (Some(low), Some(high)),
            Self::Around(about) => {
                let tenth = about.minor / 10;
                (Some(moved(about, -tenth)), Some(moved(about, tenth)))
            }
        }
    }
}

/// Which of the things last shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// Counted from 1.
    Nth(u32),
    /// "the first two"; at least 2.
    FirstFew(u32),
    /// "the last two"; at least 2.
    LastFew(u32),
    /// "the last one"
    Last,
    /// "both", "all of them"
    All,
    /// "the other one"
    Other,
    /// "it", "that one", "this": whatever was spoken of last.
    That,
}

/// A quality that one thing has more of than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparative {
    Cheaper,
    Dearer,
    Bigger,
    Smaller,
    Longer,
    Shorter,
    Lighter,
    Heavier,
    Warmer,
    Thinner,
    Darker,
    Brighter,
    Newer,
    Better,
    Softer,
    /// Bought more.
    Popular,
}

impl Comparative {
    /// The plain word that a product with much of it is described by; none for prices, dates and ratings.
    pub fn plain(self) -> Option<&'static str> {
        Some(match self {
            Self::Cheaper | Self::Dearer | Self::Newer | Self::Better | Self::Popular => {
                return None;
            }
            Self::Bigger => "large",
            Self::Smaller => "small",
            Self::Longer => "long",
            Self::Shorter => "short",
            Self::Lighter => "light",
            Self::Heavier => "heavy",
            Self::Warmer => "warm",
            Self::Thinner => "thin",
            Self::Darker => "dark",
            Self::Brighter => "bright",
            Self::Softer => "soft",
        })
    }
}

/// Talk about the conversation, understood in every flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repair {
    Yes,
    No,
    /// Drop what was asked: "never mind", "forget it".
    NeverMind,
    StartOver,
    /// "say that again", "what did you ask?"
    Repeat,
    /// Leave this question out: "skip", "I don't know it".
    Skip,
    /// To the question before: "go back".
    Back,
    /// What follows replaces what was said: "sorry, it's…", "no, I meant…".
    Correction,
    /// Any will do: "no matter", "I don't mind".
    NoMatter,
}

/// A colour word and the family it belongs to: navy is a blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour {
    /// `navy`
    pub name: &'static str,
    /// `blue`; the name itself where it is a family.
    pub family: &'static str,
}
