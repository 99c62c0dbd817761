//! What an order's owner may still have changed.

use super::{Order, OrderNumber, OrderStatus};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What is to be done with an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    Cancel,
    /// Send it elsewhere: an address as it was typed.
    Address {
        to: String,
    },
}

impl Change {
    /// As stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Address { .. } => "address",
        }
    }

    pub(super) fn detail(&self) -> &str {
        match self {
            Self::Cancel => "",
            Self::Address { to } => to,
        }
    }
}

/// Until when a shop lets an order be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRules {
    /// `orders.change_until`: no longer once an order has come this far.
    pub until: OrderStatus,
    /// `orders.change_minutes` after it was placed; 0 for as long as `until` allows.
    pub minutes: u32,
}

impl Default for ChangeRules {
    fn default() -> Self {
        Self {
            until: OrderStatus::Packed,
            minutes: 0,
        }
    }
}

/// Why an order stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TooLate {
    /// It has come too far; its status says how far.
    Status,
    /// Its time for changes is over.
    Time,
}

impl ChangeRules {
    pub fn allow(self, order: &Order, now: Timestamp) -> Result<(), TooLate> {
        if order.status >= self.until {
            return Err(TooLate::Status);
        }
        let over = order.placed_at + SignedDuration::from_mins(i64::from(self.minutes));
        if self.minutes > 0 && now >= over {
            return Err(TooLate::Time);
        }
        Ok(())
    }
}

/// What is wished, and until when the shop allows it.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    pub number: &'a OrderNumber,
    pub change: &'a Change,
    pub rules: ChangeRules,
}

/// What became of a wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    /// Written down for the shop's people, who do it.
    Asked,
    /// Done where the orders are kept.
    Done {
        /// It was paid, and the shop's people have to send the money back.
        refund: bool,
    },
    /// Refused where the orders are kept, with a code for why.
    Refused { reason: String },
    /// Sent to where the orders are kept, which did not say what became of it: the shop's people look.
    Unclear,
    /// The order went on since it was shown.
    TooLate { order: Box<Order> },
}

/// What whoever keeps the orders says to a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// A code: `packed`, `shipped`, `address`, or one of the shop's own.
    Refused {
        reason: String,
    },
    /// Cannot be done by a machine: it may not, or does not understand.
    ForPeople,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;

    #[test]
    fn an_order_may_be_changed_until_its_status_or_its_time_says_no() {
        let placed_at = Timestamp::from_second(1_795_000_000).unwrap();
        let order = |status| Order {
            number: OrderNumber::new("SH-1"),
            placed_at,
            status,
            parcels: Vec::new(),
            expected_on: None,
            refunded: None,
            timeline: Vec::new(),
            lines: Vec::new(),
            shipping: None,
            total: Money {
                minor: 100,
                currency: "EUR".parse().unwrap(),
            },
        };
        let rules = ChangeRules {
            until: OrderStatus::Packed,
            minutes: 60,
        };
        let after = |minutes| placed_at + SignedDuration::from_mins(minutes);
        for (status, at, allowed) in [
            (OrderStatus::Placed, after(1), Ok(())),
            (OrderStatus::Paid, after(59), Ok(())),
            (OrderStatus::Paid, after(60), Err(TooLate::Time)),
            (OrderStatus::Packed, after(1), Err(TooLate::Status)),
            (OrderStatus::Cancelled, after(1), Err(TooLate::Status)),
            (OrderStatus::Recorded, after(1), Err(TooLate::Status)),
        ] {
            assert_eq!(rules.allow(&order(status), at), allowed, "{status:?}");
        }
        let always = ChangeRules {
            minutes: 0,
            ..rules
        };
        assert_eq!(always.allow(&order(OrderStatus::Paid), after(9999)), Ok(()));
    }
}
