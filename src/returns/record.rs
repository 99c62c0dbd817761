use crate::money::Money;
use crate::orders::{Order, OrderNumber};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Letters and digits that nobody mistakes for each other: Crockford's base 32.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A return as it is stored: nothing in it names a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Return {
    pub rma: String,
    pub order: OrderNumber,
    pub lines: Vec<Line>,
    pub reason: Reason,
    pub wish: Wish,
    pub state: State,
    pub at: Timestamp,
    /// When the state was reached.
    pub changed_at: Timestamp,
}

/// A line of the order, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Of the variant.
    pub sku: String,
    pub title: String,
    /// "M, navy"; may be empty.
    #[serde(default)]
    pub variant: String,
    pub quantity: u32,
}

/// Why it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    TooSmall,
    TooBig,
    NotAsDescribed,
    ChangedMind,
    Damaged,
    WrongItem,
    Missing,
    Other,
}

impl Reason {
    pub const ALL: [Self; 8] = [
        Self::TooSmall,
        Self::TooBig,
        Self::NotAsDescribed,
        Self::ChangedMind,
        Self::Damaged,
        Self::WrongItem,
        Self::Missing,
        Self::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooSmall => "too_small",
            Self::TooBig => "too_big",
            Self::NotAsDescribed => "not_as_described",
            Self::ChangedMind => "changed_mind",
            Self::Damaged => "damaged",
            Self::WrongItem => "wrong_item",
            Self::Missing => "missing",
            Self::Other => "other",
        }
    }

    /// The shop's fault: a person puts it right, whenever it shows.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Damaged | Self::WrongItem | Self::Missing)
    }
}

/// What is to be had for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    Refund,
    /// The same again.
    Replacement,
    /// Another variant of the product.
    Exchange {
        sku: String,
        variant: String,
    },
}

impl Wish {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Replacement => "replacement",
            Self::Exchange { .. } => "exchange",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Received,
    Refunded,
    Rejected,
    Closed,
}

impl State {
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Received,
        Self::Refunded,
        Self::Rejected,
        Self::Closed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Received => "received",
            Self::Refunded => "refunded",
            Self::Rejected => "rejected",
            Self::Closed => "closed",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Pieces of a line of the order that are not on their way back yet. What was sent back and refused is with the shopper
/// again.
pub fn left(order: &Order, sku: &str, returns: &[Return]) -> u32 {
    let bought = order.lines.iter().filter(|line| line.sku == sku);
    let bought: i64 = bought.map(|line| line.quantity.max(0)).sum();
    let counted = returns.iter().filter(|one| one.state != State::Rejected);
    let lines = counted
        .flat_map(|one| &one.lines)
        .filter(|line| line.sku == sku);
    let back: i64 = lines.map(|line| i64::from(line.quantity)).sum();
    u32::try_from((bought - back).max(0)).unwrap_or(u32::MAX)
}

/// What was paid for these pieces: their prices, less their share of what was taken off the order. Postage stays paid.
pub fn refund(order: &Order, lines: &[Line]) -> Money {
    let price = |sku: &str| {
        let mut bought = order.lines.iter();
        bought
            .find(|one| one.sku == sku)
            .map_or(0, |one| one.price.minor)
    };
    let of = |line: &Line| price(&line.sku).saturating_mul(i64::from(line.quantity));
    let asked: i64 = lines.iter().map(of).sum();
    let bought = order.lines.iter();
    let goods: i64 = bought
        .map(|one| one.price.minor.saturating_mul(one.quantity.max(0)))
        .sum();
    let postage = order.shipping.map_or(0, |postage| postage.minor);
    let paid = order
        .total
        .minor
        .saturating_sub(postage)
        .clamp(0, goods.max(0));
    let share = i128::from(asked) * i128::from(paid) / i128::from(goods.max(1));
    Money {
        minor: i64::try_from(share).unwrap_or(asked),
        currency: order.total.currency,
    }
}

/// The number of an order's `nth` return: four letters from both, and one that tells a slip of the pen.
pub fn number(order: &OrderNumber, nth: u32) -> String {
    let digest = Sha256::digest(format!("{order} {nth}"));
    let letter = |byte: u8| usize::from(byte % 32);
    let places: Vec<usize> = digest.iter().take(4).copied().map(letter).collect();
    let weighed: usize = places
        .iter()
        .zip(1..)
        .map(|(place, weight)| place * weight)
        .sum();
    let mut rma = String::from("RT-");
    for place in places.into_iter().chain([weighed % 32]) {
        rma.push(char::from(LETTERS[place]));
    }
    rma
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::{order, returned};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_short_alike_each_time_and_differ_with_each_return() {
        let order = OrderNumber::new("SH-10024");
        assert_eq!(number(&order, 0), number(&order, 0));
        assert_ne!(number(&order, 0), number(&order, 1));
        assert_eq!(number(&order, 0).len(), 8);
    }

    #[test]
    fn what_was_refused_may_be_sent_again() {
        let order = order("SH-1", 2);
        let mut back = returned("SH-1", 0, 2);
        assert_eq!(left(&order, "SOCKS-M", std::slice::from_ref(&back)), 0);
        back.state = State::Rejected;
        assert_eq!(left(&order, "SOCKS-M", &[back]), 2);
    }

    #[test]
    fn what_was_taken_off_the_order_is_taken_off_the_refund_and_postage_is_no_part_of_it() {
        let mut order = order("SH-1", 2);
        let one = returned("SH-1", 0, 1).lines;
        let currency = order.total.currency;
        let postage = |minor| Money { minor, currency };
        order.shipping = Some(postage(990));
        order.total = postage(2800 + 990);
        assert_eq!(refund(&order, &one).minor, 1400);
        order.total = postage(2520 + 990);
        assert_eq!(refund(&order, &one).minor, 1260, "ten percent less");
        order.total = postage(0);
        assert_eq!(refund(&order, &one).minor, 0);
    }

    proptest! {
        #[test]
        fn never_more_comes_back_than_was_bought(bought in 0_i64..20, asked in prop::collection::vec(1_u32..9, 0..12)) {
            let order = order("SH-1", bought);
            let mut returns = Vec::new();
            for (nth, wanted) in asked.into_iter().enumerate() {
                let pieces = wanted.min(left(&order, "SOCKS-M", &returns));
                returns.push(returned("SH-1", u32::try_from(nth).unwrap(), pieces));
            }
            let back: i64 = returns.iter().flat_map(|one| &one.lines).map(|line| i64::from(line.quantity)).sum();
            prop_assert!(back <= bought);
            prop_assert_eq!(i64::from(left(&order, "SOCKS-M", &returns)), bought - back);
        }
    }
}
