use super::lockout::Subjects;
use super::secret::{Seal, Secrets};
use super::{
    Asker, Begun, Changed, CodeChecked, CodeLetter, CodeSent, Finding, ImportedOrder, Known,
    LockOut, Lookup, MOST_ORDERS, NumberPatterns, Order, OrderNumber, OrdersError, OwnOrders,
    Owner, Request, SecretKind, Wish, code, import, proven, requests,
};
use crate::shoppers::SignedIn;
use crate::store::{Connection, Store, time};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::Mutex;

/// Shapes that fewer than one order in this many has are accidents, not patterns.
const RARE: i64 = 100;

/// The shop's orders in the store.
pub struct OrderTable {
    store: Store,
    seal: Seal,
    lock_out: LockOut,
    /// One look-up at a time, so that many at once cannot outrun the counting of failures.
    counting: Mutex<()>,
}

impl OrderTable {
    pub async fn open(store: Store, lock_out: LockOut) -> Result<Self, OrdersError> {
        let mut write = store.begin().await?;
        let seal = Seal::of(&mut write).await?;
        write.commit().await?;
        Ok(Self {
            store,
            seal,
            lock_out,
            counting: Mutex::new(()),
        })
    }

    /// The forms of an order number: those configured and those that at least one order in a hundred has. A configured
    /// form that orders have comes first, one that none has comes last.
    pub async fn patterns(&self, configured: &[String]) -> Result<NumberPatterns, OrdersError> {
        const SHAPES: &str = "SELECT shape FROM orders GROUP BY shape
            HAVING count(*) * ? >= (SELECT count(*) FROM orders) ORDER BY count(*) DESC, shape";
        let mut connection = self.store.read().await?;
        let met: Vec<String> = sqlx::query_scalar(SHAPES)
            .bind(RARE)
            .fetch_all(&mut *connection)
            .await?;
        let configured = NumberPatterns::new(configured.iter().cloned());
        let (used, unused): (Vec<String>, Vec<String>) = configured
            .as_slice()
            .iter()
            .cloned()
            .partition(|form| met.contains(form));
        Ok(NumberPatterns::new(
            used.into_iter().chain(met).chain(unused),
        ))
    }

    /// What an order can be proven by in this shop, so that nobody is asked for what it does not have.
    pub async fn secret_kinds(&self) -> Result<Vec<SecretKind>, OrdersError> {
        const KINDS: &str = "SELECT EXISTS (SELECT 1 FROM orders WHERE email IS NOT NULL),
            EXISTS (SELECT 1 FROM orders WHERE postcode IS NOT NULL),
            EXISTS (SELECT 1 FROM orders WHERE phone IS NOT NULL),
            EXISTS (SELECT 1 FROM orders WHERE customer_number IS NOT NULL)";
        let mut connection = self.store.read().await?;
        let (email, postcode, phone, customer): (bool, bool, bool, bool) =
            sqlx::query_as(KINDS).fetch_one(&mut *connection).await?;
        let has = [email, postcode, phone, customer];
        Ok(SecretKind::ALL
            .into_iter()
            .zip(has)
            .filter_map(|(kind, has)| has.then_some(kind))
            .collect())
    }

    pub async fn count(&self) -> Result<u64, OrdersError> {
        let mut connection = self.store.read().await?;
        import::count_orders(&mut connection).await
    }

    /// Until when the asker is not heard, before anything is asked elsewhere.
    pub async fn locked_until(
        &self,
        number: &OrderNumber,
        typed: &str,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, OrdersError> {
        let email = self.seal.digest(SecretKind::Email, typed);
        let subjects = Subjects::of_look_up(&self.seal, asker, number, email);
        let mut reading = self.store.read().await?;
        Ok(self.lock_out.until(&mut reading, &subjects, now).await?)
    }

    /// Until when no code is sent to this address, or for this asker.
    pub async fn no_code_until(
        &self,
        email: &str,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, OrdersError> {
        let mut reading = self.store.read().await?;
        code::none_until(&mut reading, &self.seal, email, asker, now).await
    }

    /// Takes orders over as they are at `source` now; one that is `gone` there goes here as well.
    pub async fn take_over(
        &self,
        orders: &[ImportedOrder],
        gone: Option<&OrderNumber>,
        source: &str,
        now: Timestamp,
    ) -> Result<(), OrdersError> {
        let mut write = self.store.begin().await?;
        if let Some(number) = gone {
            import::remove(&mut write, number).await?;
        }
        import::upsert_orders(&mut write, orders).await?;
        import::seen(&mut write, orders, source, now).await?;
        write.commit().await?;
        Ok(())
    }

    /// When an order was last seen where it was taken over from. None for one that was imported.
    pub async fn seen_at(&self, number: &OrderNumber) -> Result<Option<Timestamp>, OrdersError> {
        let mut reading = self.store.read().await?;
        let seen: Option<i64> =
            sqlx::query_scalar("SELECT seen_at FROM orders WHERE number = ? AND seen_at > 0")
                .bind(number.as_str())
                .fetch_optional(&mut *reading)
                .await?;
        Ok(seen.map(time))
    }

    /// Whose orders an e-mail address opens; the caller knows that it is the asker's. None for what is no address.
    pub fn owner(&self, email: &str) -> Option<Owner> {
        self.seal.digest(SecretKind::Email, email).map(Owner::of)
    }

    /// Writes down that a wish is about to be sent to where the orders are kept, or says what is known of it. `refunds`:
    /// whether the money of what is cancelled goes back by itself there.
    pub async fn begin_change(
        &self,
        wish: Wish<'_>,
        asker: &Asker,
        refunds: bool,
        now: Timestamp,
    ) -> Result<Begun, OrdersError> {
        let mut write = self.store.begin().await?;
        let Some(order) = proven(&mut write, wish.number).await? else {
            let number = wish.number.to_string();
            return Err(OrdersError::Gone { number });
        };
        let begun = requests::begin(&mut write, wish, asker, order, refunds, now).await?;
        write.commit().await?;
        Ok(begun)
    }

    /// Writes down what became of it.
    pub async fn end_change(
        &self,
        id: &str,
        changed: &Changed,
        now: Timestamp,
    ) -> Result<(), OrdersError> {
        let mut write = self.store.begin().await?;
        requests::end(&mut write, id, changed, now).await?;
        write.commit().await?;
        Ok(())
    }

    async fn look_up(
        &self,
        number: &OrderNumber,
        typed: &str,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Finding, OrdersError> {
        let email = self.seal.digest(SecretKind::Email, typed);
        let subjects = Subjects::of_look_up(&self.seal, asker, number, email);
        let _alone = self.counting.lock().await;
        let mut reading = self.store.read().await?;
        if let Some(until) = self.lock_out.until(&mut reading, &subjects, now).await? {
            return Ok(Finding::LockedOut { until });
        }
        let secrets = secrets_of(&mut reading, number).await?;
        if self.seal.proves(typed, &secrets) {
            let order = proven(&mut reading, number).await?;
            return Ok(order.map_or(Finding::NotFound, |order| Finding::Found(known(order))));
        }
        drop(reading);
        let mut write = self.store.begin().await?;
        self.lock_out.count(&mut write, subjects, now).await?;
        write.commit().await?;
        Ok(Finding::NotFound)
    }

    async fn read_again(&self, number: &OrderNumber) -> Result<Option<Known>, OrdersError> {
        let mut reading = self.store.read().await?;
        Ok(proven(&mut reading, number).await?.map(known))
    }

    async fn read_of(&self, owner: &Owner) -> Result<Vec<Order>, OrdersError> {
        let mut reading = self.store.read().await?;
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT number, body FROM orders WHERE email = ?")
                .bind(owner.digest())
                .fetch_all(&mut *reading)
                .await?;
        let read = |(number, body): (String, String)| {
            serde_json::from_str(&body).map_err(|source| OrdersError::Broken { number, source })
        };
        let orders: Result<Vec<Order>, _> = rows.into_iter().map(read).collect();
        let mut orders = orders?;
        orders.sort_by(|a, b| (b.placed_at, &b.number).cmp(&(a.placed_at, &a.number)));
        orders.truncate(MOST_ORDERS);
        Ok(orders)
    }

    /// Looks and writes in one transaction: an import cannot come in between.
    async fn write_down(
        &self,
        wish: Wish<'_>,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Changed, OrdersError> {
        let mut write = self.store.begin().await?;
        let order = proven(&mut write, wish.number).await?;
        let Some(order) = order.map(Box::new) else {
            let number = wish.number.to_string();
            return Err(OrdersError::Gone { number });
        };
        if wish.rules.allow(&order, now).is_err() {
            return Ok(Changed::TooLate { order });
        }
        requests::write_down(&mut write, wish, asker, now).await?;
        write.commit().await?;
        Ok(Changed::Asked)
    }
}

impl Lookup for OrderTable {
    fn find<'a>(
        &'a self,
        number: &'a OrderNumber,
        secret: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Finding, OrdersError>> {
        Box::pin(self.look_up(number, secret, asker, now))
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
        Box::pin(self.write_down(wish, asker, now))
    }

    fn send_code<'a>(
        &'a self,
        email: &'a str,
        asker: &'a Asker,
        letter: CodeLetter<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<CodeSent, OrdersError>> {
        Box::pin(async move {
            let mut write = self.store.begin().await?;
            let sent = code::send(&mut write, &self.seal, email, asker, letter, now).await?;
            write.commit().await?;
            Ok(sent)
        })
    }

    fn check_code<'a>(
        &'a self,
        typed: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<CodeChecked, OrdersError>> {
        Box::pin(async move {
            let mut write = self.store.begin().await?;
            let checked = code::check(&mut write, &self.seal, typed, asker, now).await?;
            write.commit().await?;
            Ok(checked)
        })
    }

    fn requests<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Vec<Request>, OrdersError>> {
        Box::pin(async move {
            let mut reading = self.store.read().await?;
            requests::requests_for(&mut reading, number).await
        })
    }

    fn knows(&self, who: &SignedIn) -> bool {
        who.email
            .as_deref()
            .is_some_and(|email| self.owner(email).is_some())
    }

    fn of_signed_in<'a>(
        &'a self,
        who: &'a SignedIn,
    ) -> BoxFuture<'a, Result<OwnOrders, OrdersError>> {
        Box::pin(async move {
            let orders = match who.email.as_deref().and_then(|email| self.owner(email)) {
                Some(owner) => self.read_of(&owner).await?,
                None => Vec::new(),
            };
            Ok(OwnOrders {
                orders,
                as_of: None,
            })
        })
    }

    /// What was imported stays.
    fn days_back(&self) -> Option<u32> {
        None
    }

    fn of_owner<'a>(&'a self, owner: &'a Owner) -> BoxFuture<'a, Result<Vec<Order>, OrdersError>> {
        Box::pin(self.read_of(owner))
    }
}

/// As it stands here.
fn known(order: Order) -> Known {
    Known {
        order: Box::new(order),
        as_of: None,
    }
}

/// The order's row, or for want of one the row of the next number: both cost the same to find and to read.
async fn secrets_of(
    connection: &mut Connection,
    number: &OrderNumber,
) -> Result<Secrets, OrdersError> {
    const SECRETS: &str = "SELECT number = ?1, email, postcode, phone, customer_number FROM orders
        WHERE number = coalesce((SELECT min(number) FROM orders WHERE number >= ?1), (SELECT min(number) FROM orders))";
    type Row = (
        bool,
        Option<Vec<u8>>,
        Option<Vec<u8>>,
        Option<Vec<u8>>,
        Option<Vec<u8>>,
    );
    let row: Option<Row> = sqlx::query_as(SECRETS)
        .bind(number.as_str())
        .fetch_optional(connection)
        .await?;
    let (same, email, postcode, phone, customer) = row.unwrap_or_default();
    let digests = [email, postcode, phone, customer];
    Ok(digests.map(|digest| digest?.try_into().ok().filter(|_| same)))
}

#[cfg(test)]
mod tests;
