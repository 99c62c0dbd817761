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
mod tests {
    use super::super::{OrderLine, OrderStatus, Secret, Upserted, upsert_orders};
    use super::*;
    use crate::money::{Currency, Money};
    use crate::store::scratch::{Scratch, scratch};
    use jiff::SignedDuration;

    fn order(number: &str, secrets: &[(SecretKind, &str)]) -> ImportedOrder {
        let currency: Currency = "EUR".parse().unwrap();
        let price = Money {
            minor: 1400,
            currency,
        };
        let line = OrderLine {
            sku: "SOCKS".into(),
            title: "Alder wool socks".into(),
            variant: "M, navy".into(),
            quantity: 2,
            price,
        };
        let order = Order {
            number: OrderNumber::new(number),
            placed_at: noon(),
            status: OrderStatus::Shipped,
            parcels: Vec::new(),
            expected_on: None,
            refunded: None,
            timeline: Vec::new(),
            lines: vec![line],
            shipping: None,
            total: price,
        };
        let secret = |(kind, text): &(SecretKind, &str)| Secret {
            kind: *kind,
            text: (*text).to_owned(),
        };
        ImportedOrder {
            order,
            secrets: secrets.iter().map(secret).collect(),
        }
    }

    fn noon() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    async fn import(scratch: &Scratch, orders: &[ImportedOrder]) -> Upserted {
        let mut write = scratch.store.begin().await.unwrap();
        let counts = upsert_orders(&mut write, orders).await.unwrap();
        write.commit().await.unwrap();
        counts
    }

    /// Ana's order and Ben's.
    async fn shop() -> (Scratch, OrderTable) {
        let scratch = scratch().await;
        let ana = [
            (SecretKind::Email, "Ana@example.com"),
            (SecretKind::Postcode, "0150"),
            (SecretKind::Phone, "+47 90 00 00 01"),
        ];
        let ben = [(SecretKind::Email, "ben@example.com")];
        import(
            &scratch,
            &[order("SH-10023", &ana), order("SH-10024", &ben)],
        )
        .await;
        let table = OrderTable::open(scratch.store.clone(), LockOut::default())
            .await
            .unwrap();
        (scratch, table)
    }

    fn asker(shopper: &str) -> Asker {
        Asker {
            shopper: shopper.to_owned(),
        }
    }

    async fn find(
        table: &OrderTable,
        number: &str,
        secret: &str,
        who: &str,
        at: Timestamp,
    ) -> Finding {
        table
            .find(&OrderNumber::new(number), secret, &asker(who), at)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn any_of_its_secrets_opens_an_order_and_shows_none_of_them() {
        let (_shop, table) = shop().await;
        for secret in [" ana@EXAMPLE.com", "01 50", "90000001", "004790000001"] {
            let Finding::Found(Known { order, .. }) =
                find(&table, "sh-10023", secret, "s", noon()).await
            else {
                panic!("{secret}");
            };
            let shown = serde_json::to_string(&order).unwrap();
            assert!(!shown.contains("example.com") && !shown.contains("0150"));
        }
    }

    #[tokio::test]
    async fn unknown_number_wrong_secret_and_anothers_secret_are_answered_alike() {
        let (_shop, table) = shop().await;
        for (number, secret) in [
            ("SH-99999", "ana@example.com"),
            ("SH-10023", "eve@example.com"),
            ("SH-10024", "ana@example.com"),
            ("SH-10024", ""),
            ("' OR 1=1 --", "\" OR name:*"),
        ] {
            let who = format!("{number}{secret}");
            let found = find(&table, number, secret, &who, noon()).await;
            assert_eq!(found, Finding::NotFound, "{number} {secret}");
        }
    }

    #[tokio::test]
    async fn failures_lock_a_shopper_out_even_from_what_is_theirs() {
        let (_shop, table) = shop().await;
        let minute = |n: i64| noon() + SignedDuration::from_mins(n);
        for n in 0..5 {
            let number = format!("SH-{n}");
            assert_eq!(
                find(&table, &number, "x@y.z", "eve", minute(n)).await,
                Finding::NotFound
            );
        }
        let until = minute(15);
        let locked = find(&table, "SH-10023", "ana@example.com", "eve", minute(5)).await;
        assert_eq!(locked, Finding::LockedOut { until });
        let other = find(&table, "SH-10023", "ana@example.com", "ana", minute(5)).await;
        assert!(matches!(other, Finding::Found { .. }));
        let after = find(&table, "SH-10023", "ana@example.com", "eve", until).await;
        assert!(matches!(after, Finding::Found { .. }));
    }

    #[tokio::test]
    async fn failures_lock_a_number_whether_or_not_it_exists() {
        let (shop, table) = shop().await;
        for number in ["SH-10023", "SH-77777"] {
            for n in 0..5 {
                let who = format!("visitor {n} of {number}");
                let secret = format!("{n}@{number}.example");
                assert_eq!(
                    find(&table, number, &secret, &who, noon()).await,
                    Finding::NotFound
                );
            }
            let right = find(&table, number, "ana@example.com", "fresh", noon()).await;
            assert!(matches!(right, Finding::LockedOut { .. }), "{number}");
        }
        // Counted on the disk: a restart forgets nothing.
        let restarted = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        let right = find(&restarted, "SH-10023", "ana@example.com", "fresh", noon()).await;
        assert!(matches!(right, Finding::LockedOut { .. }));
    }

    #[tokio::test]
    async fn failures_lock_an_address_but_not_a_postcode() {
        let (_shop, table) = shop().await;
        for n in 0..5 {
            for secret in ["ana@example.com", "0150"] {
                let who = format!("visitor {n} with {secret}");
                let number = format!("SH-{n}{}", secret.len());
                let found = find(&table, &number, secret, &who, noon()).await;
                assert_eq!(found, Finding::NotFound);
            }
        }
        let address = find(&table, "SH-10023", "Ana@example.com", "ana", noon()).await;
        assert!(matches!(address, Finding::LockedOut { .. }));
        let postcode = find(&table, "SH-10023", "0150", "ana", noon()).await;
        assert!(matches!(postcode, Finding::Found { .. }));
    }

    #[tokio::test]
    async fn a_wish_is_written_once_while_the_order_allows_it_and_erased_with_its_shopper() {
        let shop = scratch().await;
        let mut ana = order("SH-10023", &[(SecretKind::Email, "ana@example.com")]);
        ana.order.status = OrderStatus::Paid;
        import(&shop, std::slice::from_ref(&ana)).await;
        let table = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        let number = OrderNumber::new("SH-10023");
        let to = "Storgata 5, 0155 Oslo".to_owned();
        let changes = [
            super::super::Change::Cancel,
            super::super::Change::Address { to },
        ];
        let wish = |change| Wish {
            number: &number,
            change,
            rules: super::super::ChangeRules::default(),
        };
        for change in changes.iter().chain(&changes) {
            let changed = table.change(wish(change), &asker("ana"), noon()).await;
            assert_eq!(changed.unwrap(), Changed::Asked);
        }
        let asked = requests::requests_of(&shop.store, "ana").await.unwrap();
        let mut told: Vec<_> = asked.iter().map(|one| (&*one.kind, &*one.detail)).collect();
        told.sort_unstable();
        assert_eq!(told, [("address", "Storgata 5, 0155 Oslo"), ("cancel", "")]);

        ana.order.status = OrderStatus::Packed;
        import(&shop, &[ana]).await;
        let late = table.change(wish(&changes[0]), &asker("ben"), noon()).await;
        assert!(matches!(late.unwrap(), Changed::TooLate { .. }));
        let none = requests::requests_of(&shop.store, "ben").await.unwrap();
        assert!(none.is_empty());
        let gone = Wish {
            number: &OrderNumber::new("SH-99999"),
            ..wish(&changes[0])
        };
        assert!(table.change(gone, &asker("ana"), noon()).await.is_err());

        let mut write = shop.store.begin().await.unwrap();
        requests::erase_requests_of(&mut write, "ana")
            .await
            .unwrap();
        write.commit().await.unwrap();
        let left = requests::requests_of(&shop.store, "ana").await.unwrap();
        assert!(left.is_empty());
    }

    #[tokio::test]
    async fn what_the_shops_server_told_is_forgotten_when_nobody_asks_and_what_was_imported_is_not()
    {
        let shop = scratch().await;
        let table = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        import(&shop, &[order("SH-1", &[])]).await;
        let day = |n: i64| noon() + SignedDuration::from_hours(24 * n);
        for (number, source, at) in [
            ("SH-2", super::super::SERVER, day(0)),
            ("SH-3", super::super::SERVER, day(9)),
            ("SH-4", "shopify", day(0)),
        ] {
            let told = [order(number, &[])];
            table.take_over(&told, None, source, at).await.unwrap();
        }
        let seen = table.seen_at(&OrderNumber::new("SH-3")).await.unwrap();
        assert_eq!(seen, Some(day(9)));
        let gone = super::super::forget_taken_over(&shop.store, day(5)).await;
        assert_eq!(gone.unwrap(), 1);
        for (number, there) in [
            ("SH-1", true),
            ("SH-2", false),
            ("SH-3", true),
            ("SH-4", true),
        ] {
            let known = table.again(&OrderNumber::new(number)).await.unwrap();
            assert_eq!(known.is_some(), there, "{number}");
        }
    }

    #[tokio::test]
    async fn a_wish_that_is_sent_stands_there_first_and_goes_out_under_one_key() {
        use super::super::{Change, ChangeRules};
        let shop = scratch().await;
        let mut ana = order("SH-10023", &[]);
        ana.order.status = OrderStatus::Paid;
        import(&shop, std::slice::from_ref(&ana)).await;
        let table = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        let number = OrderNumber::new("SH-10023");
        let at = |n: i64| noon() + SignedDuration::from_secs(n);
        let to = |to: &str| Change::Address { to: to.to_owned() };
        let (oslo, bergen, cancel) = (to("Oslo"), to("Bergen"), Change::Cancel);
        let begin = async |change: &Change, refunds: bool, n: i64| {
            let wish = Wish {
                number: &number,
                change,
                rules: ChangeRules::default(),
            };
            let begun = table
                .begin_change(wish, &asker("ana"), refunds, at(n))
                .await;
            begun.unwrap()
        };
        let end = async |id: &str, changed: &Changed, n: i64| {
            table.end_change(id, changed, at(n)).await.unwrap();
        };
        let done = Changed::Done { refund: false };
        let Begun::Send { id, key } = begin(&oslo, true, 1).await else {
            panic!("a new wish is sent");
        };
        // After a crash it comes again, as the same one.
        let again = begin(&oslo, true, 2).await;
        assert_eq!(
            again,
            Begun::Send {
                id: id.clone(),
                key: key.clone()
            }
        );
        end(&id, &done, 3).await;
        assert_eq!(begin(&oslo, true, 4).await, Begun::Settled(done.clone()));
        // There and back again is a wish of its own.
        let Begun::Send { id: other, .. } = begin(&bergen, true, 5).await else {
            panic!("another address is sent");
        };
        end(&other, &done, 6).await;
        let Begun::Send { id: back, key: new } = begin(&oslo, true, 7).await else {
            panic!("the first address is sent again");
        };
        assert_eq!(back, id);
        assert_ne!(new, key);
        let reason = "address".to_owned();
        let refused = Changed::Refused { reason };
        end(&back, &refused, 8).await;
        assert_eq!(begin(&oslo, true, 9).await, Begun::Settled(refused));

        // Cancelled, and nobody heard: seen in the order itself; the money is somebody's to send.
        let Begun::Send { .. } = begin(&cancel, false, 10).await else {
            panic!("a cancellation is sent");
        };
        ana.order.status = OrderStatus::Cancelled;
        ana.order.timeline = vec![super::super::Event {
            status: OrderStatus::Paid,
            at: noon(),
        }];
        import(&shop, &[ana]).await;
        let owed = Changed::Done { refund: true };
        assert_eq!(begin(&cancel, false, 11).await, Begun::Settled(owed));
        let open = requests::list_requests(&shop.store, false).await.unwrap();
        let open: Vec<_> = open.iter().map(|(_, one)| one.kind.as_str()).collect();
        assert_eq!(open, ["refund"]);
    }

    #[tokio::test]
    async fn an_owner_has_their_orders_newest_first_and_nobody_elses() {
        let shop = scratch().await;
        let of = |n: i64, email: &str| {
            let mut one = order(&format!("SH-{n}"), &[(SecretKind::Email, email)]);
            one.order.placed_at = noon() + SignedDuration::from_hours(n % 7);
            one
        };
        let orders: Vec<_> = (1..=7)
            .map(|n| of(n, "Ana@example.com"))
            .chain([of(8, "ben@example.com")])
            .collect();
        import(&shop, &orders).await;
        let table = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        let owner = table.owner(" ana@EXAMPLE.com").unwrap();
        let told = table.of_owner(&owner).await.unwrap();
        let numbers: Vec<_> = told.iter().map(|order| order.number.as_str()).collect();
        assert_eq!(numbers, ["SH-6", "SH-5", "SH-4", "SH-3", "SH-2"]);
        let stranger = table.owner("eve@example.com").unwrap();
        assert!(table.of_owner(&stranger).await.unwrap().is_empty());
        assert_eq!(table.owner("no address"), None);
    }

    const LETTER: CodeLetter<'_> = CodeLetter {
        subject: "Your code",
        body: "It is {code}.",
    };

    async fn letters(scratch: &Scratch, who: &str) -> Vec<String> {
        let letters = crate::mail::export_of(&scratch.store, who).await.unwrap();
        let text = |letter: crate::mail::LetterExport| {
            letter.letter.unwrap()["text"].as_str().unwrap().to_owned()
        };
        letters.into_iter().map(text).collect()
    }

    /// Sends a code and reads it in the mail.
    async fn code(scratch: &Scratch, table: &OrderTable, email: &str, who: &str) -> String {
        let sent = table.send_code(email, &asker(who), LETTER, noon()).await;
        assert_eq!(sent.unwrap(), CodeSent::OnItsWay);
        let last = letters(scratch, who).await.pop().unwrap_or_default();
        last.chars().filter(char::is_ascii_digit).collect()
    }

    #[tokio::test]
    async fn a_code_proves_its_address_once_to_the_one_who_asked_for_it() {
        let (shop, table) = shop().await;
        let digits = code(&shop, &table, "Ana@example.com", "ana").await;
        assert_eq!(digits.len(), 6);
        let check = async |who: &str, typed: &str, at| {
            table.check_code(typed, &asker(who), at).await.unwrap()
        };
        assert_eq!(check("eve", &digits, noon()).await, CodeChecked::Wrong);
        let owner = table.owner("ana@example.com").unwrap();
        assert_eq!(
            check("ana", &digits, noon()).await,
            CodeChecked::Right { owner }
        );
        assert_eq!(check("ana", &digits, noon()).await, CodeChecked::Wrong);

        let late = noon() + SignedDuration::from_mins(10);
        let digits = code(&shop, &table, "ana@example.com", "ana").await;
        assert_eq!(check("ana", &digits, late).await, CodeChecked::Wrong);
        let wrong = if digits == "000000" {
            "000001"
        } else {
            "000000"
        };
        for _ in 0..5 {
            assert_eq!(check("ana", wrong, noon()).await, CodeChecked::Wrong);
        }
        assert_eq!(check("ana", &digits, noon()).await, CodeChecked::Wrong);
        let stored = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM order_code WHERE code = ?")
            .bind(digits.as_bytes())
            .fetch_one(&mut *shop.store.read().await.unwrap())
            .await
            .unwrap();
        assert_eq!(stored, 0, "only its digest is kept");
    }

    #[tokio::test]
    async fn an_address_without_orders_gets_no_letter_and_the_same_answer() {
        let (shop, table) = shop().await;
        assert_eq!(code(&shop, &table, "eve@example.com", "eve").await, "");
        assert!(letters(&shop, "eve").await.is_empty());
        for typed in ["", "000000"] {
            let checked = table
                .check_code(typed, &asker("eve"), noon())
                .await
                .unwrap();
            assert_eq!(checked, CodeChecked::Wrong);
        }
    }

    #[tokio::test]
    async fn three_codes_an_hour_go_to_an_address_and_to_a_shopper() {
        let (shop, table) = shop().await;
        for email in ["ana@example.com", "nobody@example.com"] {
            for n in 0..3 {
                code(&shop, &table, email, &format!("{n} {email}")).await;
            }
            let fourth = table
                .send_code(email, &asker("fresh"), LETTER, noon())
                .await;
            let until = noon() + SignedDuration::from_hours(1);
            assert_eq!(fourth.unwrap(), CodeSent::LockedOut { until }, "{email}");
        }
        for n in 0..3 {
            code(&shop, &table, &format!("{n}@example.com"), "eve").await;
        }
        let fourth = table
            .send_code("x@y.z", &asker("eve"), LETTER, noon())
            .await;
        assert!(matches!(fourth.unwrap(), CodeSent::LockedOut { .. }));
    }

    #[tokio::test]
    async fn a_success_does_not_wipe_failures_out() {
        let (_shop, table) = shop().await;
        for n in 0..4 {
            find(&table, &format!("SH-{n}"), "x@y.z", "eve", noon()).await;
        }
        let own = find(&table, "SH-10024", "ben@example.com", "eve", noon()).await;
        assert!(matches!(own, Finding::Found { .. }));
        find(&table, "SH-5", "x@y.z", "eve", noon()).await;
        let locked = find(&table, "SH-10024", "ben@example.com", "eve", noon()).await;
        assert!(matches!(locked, Finding::LockedOut { .. }));
    }

    #[tokio::test]
    async fn many_guesses_at_once_count_one_by_one() {
        let (_shop, table) = shop().await;
        let guesses = (0..40).map(|n| {
            let table = &table;
            // The right one comes last, from a shopper of its own.
            let secret = if n == 39 {
                "ana@example.com".to_owned()
            } else {
                format!("{n}@y.z")
            };
            async move { find(table, "SH-10023", &secret, &format!("visitor {n}"), noon()).await }
        });
        let answers = futures_util::future::join_all(guesses).await;
        let heard = answers
            .iter()
            .filter(|answer| **answer == Finding::NotFound)
            .count();
        assert_eq!(heard, 5);
        assert!(matches!(answers[39], Finding::LockedOut { .. }));
    }

    #[tokio::test]
    async fn an_import_says_what_it_did_and_done_again_does_nothing() {
        let shop = scratch().await;
        let mut orders: Vec<_> = (0..1000)
            .map(|n| order(&format!("{n:06}"), &[(SecretKind::CustomerNumber, "17850")]))
            .collect();
        let added = Upserted {
            added: 1000,
            ..Upserted::default()
        };
        assert_eq!(import(&shop, &orders).await, added);
        let unchanged = Upserted {
            unchanged: 1000,
            ..Upserted::default()
        };
        assert_eq!(import(&shop, &orders).await, unchanged);
        orders[3].order.status = OrderStatus::Delivered;
        orders[4].secrets.clear();
        orders.push(order("C000001", &[]));
        orders.push(order("C000001", &[(SecretKind::CustomerNumber, "1")]));
        let counts = import(&shop, &orders).await;
        assert_eq!(
            counts,
            Upserted {
                added: 1,
                changed: 2,
                unchanged: 998
            }
        );
        let table = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        assert_eq!(table.count().await.unwrap(), 1001);
        assert_eq!(
            find(&table, "000004", "17850", "s", noon()).await,
            Finding::NotFound
        );
        assert!(matches!(
            find(&table, "000005", "17850", "s", noon()).await,
            Finding::Found { .. }
        ));
    }

    #[tokio::test]
    async fn the_shop_is_asked_what_numbers_look_like_and_what_proves_an_order() {
        let shop = scratch().await;
        let table = OrderTable::open(shop.store.clone(), LockOut::default())
            .await
            .unwrap();
        assert!(table.secret_kinds().await.unwrap().is_empty());
        let configured = ["SH-#####".to_owned()];
        assert_eq!(
            table.patterns(&configured).await.unwrap().as_slice(),
            ["SH-#####"]
        );
        let mut orders: Vec<_> = (0..300)
            .map(|n| order(&format!("{}", 536_000 + n), &[]))
            .collect();
        orders.extend((0..5).map(|n| order(&format!("C{}", 536_000 + n), &[])));
        orders.push(order("A1", &[(SecretKind::CustomerNumber, "17850")]));
        import(&shop, &orders).await;
        let patterns = table.patterns(&configured).await.unwrap();
        assert_eq!(patterns.as_slice(), ["######", "C######", "SH-#####"]);
        let configured = ["C######".to_owned()];
        let patterns = table.patterns(&configured).await.unwrap();
        assert_eq!(patterns.as_slice(), ["C######", "######"]);
        assert_eq!(
            table.secret_kinds().await.unwrap(),
            [SecretKind::CustomerNumber]
        );
    }

    #[tokio::test]
    async fn the_store_holds_no_address_of_a_customer() {
        let (shop, _table) = shop().await;
        shop.store.checkpoint().await.unwrap();
        let bytes = std::fs::read(shop.folder.path().join("shop.db")).unwrap();
        for secret in ["ana@example.com", "ben@example.com", "90000001"] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window.eq_ignore_ascii_case(secret.as_bytes()));
            assert!(!found, "{secret}");
        }
    }
}
