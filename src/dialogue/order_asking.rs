//! How a turn asks for orders: the look-up behind the port, its answers as the dialogue knows them.

use super::port::{ChangeAnswer, CodeAnswer, CodeProof, OrderAnswer, OwnAnswer};
use super::shop::Shop;
use crate::orders::{
    self, Asker, Change, Changed, CodeChecked, CodeLetter, CodeSent, Finding, Known, OrderNumber,
    OwnOrders, Owner, Wish,
};
use crate::shoppers::SignedIn;
use jiff::Timestamp;

impl Shop {
    pub(super) async fn order(
        &self,
        number: &str,
        secret: &str,
        shopper: &str,
        now: Timestamp,
    ) -> OrderAnswer {
        let number = self.order_number(number);
        let asker = Asker {
            shopper: shopper.to_owned(),
        };
        match self.orders.find(&number, secret, &asker, now).await {
            Ok(Finding::Found(Known { order, as_of })) => OrderAnswer::Found { order, as_of },
            Ok(Finding::NotFound) => self.not_found(),
            Ok(Finding::LockedOut { until }) => OrderAnswer::Locked {
                minutes: minutes_to(until, now),
            },
            Err(error) => {
                tracing::warn!(%error, "orders could not be asked");
                OrderAnswer::Unavailable
            }
        }
    }

    /// An order that was proven before.
    pub(super) async fn order_again(&self, number: &str) -> OrderAnswer {
        match self.orders.again(&self.order_number(number)).await {
            Ok(Some(Known { order, as_of })) => OrderAnswer::Found { order, as_of },
            Ok(None) => self.not_found(),
            Err(error) => {
                tracing::warn!(%error, "orders could not be asked");
                OrderAnswer::Unavailable
            }
        }
    }

    /// What was asked for an order that was proven.
    pub(super) async fn order_requests(&self, number: &str) -> Vec<orders::Request> {
        let number = self.order_number(number);
        self.orders.requests(&number).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what was asked for an order could not be read");
            Vec::new()
        })
    }

    fn not_found(&self) -> OrderAnswer {
        OrderAnswer::NotFound {
            days: self.orders.days_back(),
        }
    }

    /// The orders of someone who is signed in, else of the one whose address a code has proven.
    pub(super) async fn own_orders(
        &self,
        signed_in: Option<&SignedIn>,
        proven: Option<&str>,
    ) -> OwnAnswer {
        let found = match (signed_in, proven) {
            (Some(who), _) => self.orders.of_signed_in(who).await,
            (None, Some(owner)) => {
                let owner = Owner::from_stored(owner);
                let orders = self.orders.of_owner(&owner).await;
                orders.map(|orders| OwnOrders {
                    orders,
                    as_of: None,
                })
            }
            (None, None) => Ok(OwnOrders::default()),
        };
        match found {
            Ok(OwnOrders { orders, as_of }) => OwnAnswer {
                orders,
                as_of,
                unavailable: false,
            },
            Err(error) => {
                tracing::warn!(%error, "orders could not be asked");
                OwnAnswer {
                    unavailable: true,
                    ..OwnAnswer::default()
                }
            }
        }
    }

    /// Sends a one-time code to an address that has orders.
    pub(super) async fn send_code(
        &self,
        email: &str,
        letter: CodeLetter<'_>,
        shopper: &str,
        now: Timestamp,
    ) -> CodeAnswer {
        let asker = Asker {
            shopper: shopper.to_owned(),
        };
        match self.orders.send_code(email, &asker, letter, now).await {
            Ok(CodeSent::OnItsWay) => CodeAnswer::OnItsWay,
            Ok(CodeSent::LockedOut { until }) => CodeAnswer::Locked {
                minutes: minutes_to(until, now),
            },
            Err(error) => {
                tracing::warn!(%error, "a code could not be sent");
                CodeAnswer::Unavailable
            }
        }
    }

    pub(super) async fn check_code(&self, code: &str, shopper: &str, now: Timestamp) -> CodeProof {
        let asker = Asker {
            shopper: shopper.to_owned(),
        };
        match self.orders.check_code(code, &asker, now).await {
            Ok(CodeChecked::Right { owner }) => CodeProof::Right {
                owner: owner.as_str().to_owned(),
            },
            Ok(CodeChecked::Wrong) => CodeProof::Wrong,
            Err(error) => {
                tracing::warn!(%error, "a code could not be checked");
                CodeProof::Unavailable
            }
        }
    }

    /// Has an order that was proven before changed.
    pub(super) async fn change_order(
        &self,
        number: &str,
        change: &Change,
        shopper: &str,
        now: Timestamp,
    ) -> ChangeAnswer {
        let number = self.order_number(number);
        let asker = Asker {
            shopper: shopper.to_owned(),
        };
        let wish = Wish {
            number: &number,
            change,
            rules: self.facts.changes,
        };
        match self.orders.change(wish, &asker, now).await {
            Ok(Changed::Asked) => ChangeAnswer::Asked,
            Ok(Changed::Done { refund }) => ChangeAnswer::Done { refund },
            Ok(Changed::Refused { reason }) => ChangeAnswer::Refused { reason },
            Ok(Changed::Unclear) => ChangeAnswer::Unclear,
            Ok(Changed::TooLate { order }) => ChangeAnswer::TooLate { order },
            Err(error) => {
                tracing::warn!(%error, "an order could not be changed");
                ChangeAnswer::Unavailable
            }
        }
    }

    /// What is not an order number at all is looked up all the same: it costs a try and the same time.
    fn order_number(&self, typed: &str) -> OrderNumber {
        let normal = self.order_numbers.normalise(typed);
        normal.unwrap_or_else(|| OrderNumber::new(typed))
    }
}

/// At least one.
fn minutes_to(until: Timestamp, now: Timestamp) -> u64 {
    let seconds = until.duration_since(now).as_secs().max(0).unsigned_abs();
    seconds.div_ceil(60).max(1)
}
