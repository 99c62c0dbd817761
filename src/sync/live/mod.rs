//! Orders asked where they are kept, each time one is asked for: at the shop's own server, Shopify or WooCommerce.
//!
//! Who keeps them says which orders there are and by what they can be proven. Whether they are, how often it may be tried
//! and what is said stays here: an answer is taken over into the table, and the table decides as it always does.

mod keeper;

use super::platform::Told;
use super::table;
use crate::config::ShopsSettings;
use crate::money::Currency;
use crate::orders::{
    Asker, Begun, Change, Changed, CodeChecked, CodeLetter, CodeSent, Finding, Known, Lookup,
    MOST_ORDERS, Order, OrderNumber, OrderTable, OrdersError, Outcome, OwnOrders, Owner, Request,
    SecretKind, Wish,
};
use crate::shoppers::SignedIn;
use crate::store::Store;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use keeper::Keeper;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

/// What is wrong comes at whole steps: how long it took to find that out is heard no finer. Longer than who keeps the
/// orders takes by far, so that nearly all comes at the first.
const STEP: Duration = Duration::from_secs(2);

/// The table, and behind it who keeps the orders.
struct LiveOrders {
    table: OrderTable,
    store: Store,
    keeper: Keeper,
    /// Whether wishes are sent to where the orders are kept; else they are for the shop's people.
    sends_changes: bool,
    /// One change at a time.
    changing: Mutex<()>,
    /// Days that the keeper tells of; 0 for all of them, or as long as it is not known.
    days_back: AtomicU32,
}

/// Where this shop's orders are looked up: in the table, and first asked for where they are kept, if the settings name
/// such a place. `sends_changes`: whether wishes are sent there, or are for the shop's people.
///
/// # Errors
/// When an address or a secret cannot be one.
pub fn order_lookup(
    settings: &ShopsSettings,
    sends_changes: bool,
    currency: Currency,
    store: Store,
    table: OrderTable,
) -> Result<Arc<dyn Lookup>, OrdersError> {
    Ok(match Keeper::new(settings, currency)? {
        Some(keeper) => Arc::new(LiveOrders {
            table,
            store,
            keeper,
            sends_changes,
            changing: Mutex::new(()),
            days_back: AtomicU32::new(0),
        }),
        None => Arc::new(table),
    })
}

impl LiveOrders {
    /// Has the table know what the keeper knows of a number now. Whether it told of it.
    async fn refresh(&self, number: &OrderNumber, now: Timestamp) -> Result<bool, OrdersError> {
        let told = self.keeper.order(number).await?;
        let is_there = !told.orders.is_empty();
        // A platform that finds nothing may have looked in other places than where the order is: it stays as it was seen.
        let gone = matches!(self.keeper, Keeper::Server(_)) && !is_there;
        self.take_over(&told, gone.then_some(number), now).await?;
        Ok(is_there || gone)
    }

    async fn take_over(
        &self,
        told: &Told,
        gone: Option<&OrderNumber>,
        now: Timestamp,
    ) -> Result<(), OrdersError> {
        if let Some(days) = told.days {
            self.days_back.store(days, Ordering::Relaxed);
        }
        let source = self.keeper.name();
        self.table.take_over(&told.orders, gone, source, now).await
    }

    /// The same where what is known already will do: false when the keeper could not say more just now.
    async fn try_to_refresh(
        &self,
        number: &OrderNumber,
        now: Timestamp,
    ) -> Result<bool, OrdersError> {
        match (self.refresh(number, now).await, &self.keeper) {
            (Err(error), Keeper::Platform { .. }) => {
                tracing::warn!("an order is told as it was seen last: {error}");
                Ok(false)
            }
            (refreshed, _) => refreshed,
        }
    }

    async fn look_up(
        &self,
        number: &OrderNumber,
        typed: &str,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Finding, OrdersError> {
        let refreshed = self.refresh(number, now).await;
        let found = match (&refreshed, &self.keeper) {
            (Err(_), Keeper::Server(_)) => return refreshed.map(|_| Finding::NotFound),
            _ => self.table.find(number, typed, asker, now).await?,
        };
        match (found, refreshed) {
            (Finding::Found(known), Ok(true)) => Ok(Finding::Found(known)),
            (Finding::Found(known), refreshed) => {
                if let Err(error) = refreshed {
                    tracing::warn!("an order is told as it was seen last: {error}");
                }
                Ok(Finding::Found(self.dated(known).await?))
            }
            // There may be one that nobody has told us of: not to be denied.
            (Finding::NotFound, Err(error)) => Err(error),
            (other, _) => Ok(other),
        }
    }

    /// With when it was last seen: when it came, or when everything was last compared.
    async fn dated(&self, known: Known) -> Result<Known, OrdersError> {
        let seen = self.table.seen_at(&known.order.number).await?;
        let compared = table::orders_at(&self.store, self.keeper.name()).await?;
        Ok(Known {
            as_of: seen.max(compared),
            ..known
        })
    }

    async fn read_again(&self, number: &OrderNumber) -> Result<Option<Known>, OrdersError> {
        let fresh = self.try_to_refresh(number, Timestamp::now()).await?;
        match self.table.again(number).await? {
            Some(known) if !fresh => Ok(Some(self.dated(known).await?)),
            known => Ok(known),
        }
    }

    async fn of_person(&self, who: &SignedIn) -> Result<OwnOrders, OrdersError> {
        let now = Timestamp::now();
        let email = who.email.as_deref();
        let email = email.and_then(|email| SecretKind::Email.normalise(email));
        let told = self
            .keeper
            .orders_of(Some(&who.customer), email.as_deref())
            .await;
        let (told, failure) = match told {
            Ok(told) => (told, None),
            Err(error) => (Told::default(), Some(error)),
        };
        match (&self.keeper, failure) {
            (Keeper::Server(_), Some(error)) => Err(error),
            (Keeper::Server(_), None) => {
                self.take_over(&told, None, now).await?;
                let mut orders: Vec<Order> = told.orders.into_iter().map(|one| one.order).collect();
                orders.sort_by(|a, b| (b.placed_at, &b.number).cmp(&(a.placed_at, &a.number)));
                orders.truncate(MOST_ORDERS);
                Ok(OwnOrders {
                    orders,
                    as_of: None,
                })
            }
            (Keeper::Platform { .. }, None) => {
                self.take_over(&told, None, now).await?;
                self.table.of_signed_in(who).await
            }
            (Keeper::Platform { .. }, Some(error)) => {
                let known = self.table.of_signed_in(who).await?;
                if known.orders.is_empty() {
                    return Err(error);
                }
                tracing::warn!("orders are told as they were seen last: {error}");
                let as_of = table::orders_at(&self.store, self.keeper.name()).await?;
                Ok(OwnOrders { as_of, ..known })
            }
        }
    }

    /// Takes over what there is for an address, before a code is sent to it.
    async fn refresh_of(&self, email: &str, now: Timestamp) -> Result<(), OrdersError> {
        let Some(email) = SecretKind::Email.normalise(email) else {
            return Ok(());
        };
        let told = self.keeper.orders_of(None, Some(&email)).await;
        match (told, &self.keeper) {
            (Ok(told), _) => self.take_over(&told, None, now).await,
            (Err(error), Keeper::Server(_)) => Err(error),
            (Err(error), Keeper::Platform { .. }) => {
                tracing::warn!("orders are known as they were seen last: {error}");
                Ok(())
            }
        }
    }

    async fn carry_out(
        &self,
        wish: Wish<'_>,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Changed, OrdersError> {
        let _alone = self.changing.lock().await;
        let fresh = self.try_to_refresh(wish.number, now).await?;
        // What is not known to be as it is now is not changed by a machine.
        if !self.sends_changes || !fresh {
            return self.table.change(wish, asker, now).await;
        }
        let refunds = self.keeper.refunds();
        let begun = self.table.begin_change(wish, asker, refunds, now).await?;
        let (id, key) = match begun {
            Begun::Send { id, key } => (id, key),
            Begun::Settled(changed) => return Ok(changed),
        };
        let paid = match self.table.again(wish.number).await? {
            Some(known) => known.order.was_paid(),
            None => false,
        };
        let changed = match self.keeper.change(wish.number, wish.change, &key).await {
            Ok(Outcome::Done) => Changed::Done {
                refund: !refunds && paid && *wish.change == Change::Cancel,
            },
            Ok(Outcome::Refused { reason }) => Changed::Refused { reason },
            Ok(Outcome::ForPeople) => Changed::Asked,
            Err(error) => {
                tracing::warn!(key, "what became of a change is not known: {error}");
                Changed::Unclear
            }
        };
        self.table.end_change(&id, &changed, now).await?;
        if let Changed::Done { .. } = changed {
            self.try_to_refresh(wish.number, now).await.ok();
        }
        Ok(changed)
    }
}

/// Ends at the next whole step after it began, where `tells` says that the time would tell something.
async fn in_steps<T>(work: impl Future<Output = T>, tells: impl FnOnce(&T) -> bool) -> T {
    let began = Instant::now();
    let done = work.await;
    if tells(&done) {
        let steps = began.elapsed().as_millis() / STEP.as_millis() + 1;
        sleep_until(began + STEP * u32::try_from(steps).unwrap_or(u32::MAX)).await;
    }
    done
}

impl Lookup for LiveOrders {
    fn find<'a>(
        &'a self,
        number: &'a OrderNumber,
        secret: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Finding, OrdersError>> {
        Box::pin(async move {
            // Who is locked out costs the keeper nothing.
            let locked = self.table.locked_until(number, secret, asker, now).await?;
            if let Some(until) = locked {
                return Ok(Finding::LockedOut { until });
            }
            let work = self.look_up(number, secret, asker, now);
            in_steps(work, |found| !matches!(found, Ok(Finding::Found(_)))).await
        })
    }

    fn again<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Option<Known>, OrdersError>> {
        Box::pin(self.read_again(number))
    }

    fn change<'a>(
        &'a self,
        wish: Wish<'a>,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Changed, OrdersError>> {
        Box::pin(self.carry_out(wish, asker, now))
    }

    fn requests<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Vec<Request>, OrdersError>> {
        self.table.requests(number)
    }

    /// An own server knows its customers' numbers; a platform is asked by the address.
    fn knows(&self, who: &SignedIn) -> bool {
        matches!(self.keeper, Keeper::Server(_)) || self.table.knows(who)
    }

    fn of_signed_in<'a>(
        &'a self,
        who: &'a SignedIn,
    ) -> BoxFuture<'a, Result<OwnOrders, OrdersError>> {
        Box::pin(self.of_person(who))
    }

    fn days_back(&self) -> Option<u32> {
        Some(self.days_back.load(Ordering::Relaxed)).filter(|days| *days > 0)
    }

    fn of_owner<'a>(&'a self, owner: &'a Owner) -> BoxFuture<'a, Result<Vec<Order>, OrdersError>> {
        self.table.of_owner(owner)
    }

    fn send_code<'a>(
        &'a self,
        email: &'a str,
        asker: &'a Asker,
        letter: CodeLetter<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<CodeSent, OrdersError>> {
        Box::pin(async move {
            // Who may have no more codes costs the keeper nothing.
            if let Some(until) = self.table.no_code_until(email, asker, now).await? {
                return Ok(CodeSent::LockedOut { until });
            }
            let work = async {
                self.refresh_of(email, now).await?;
                self.table.send_code(email, asker, letter, now).await
            };
            in_steps(work, |_| true).await
        })
    }

    fn check_code<'a>(
        &'a self,
        code: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<CodeChecked, OrdersError>> {
        self.table.check_code(code, asker, now)
    }
}
