use super::lockout::subjects;
use super::secret::{Digest, Seal};
use super::{
    Asker, Finding, ImportedOrder, LockOut, Lookup, NumberPatterns, Order, OrderNumber,
    OrdersError, SecretKind,
};
use crate::store::{Connection, Store, StoreError, insert_rows};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
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
        let seal = seal(&store).await?;
        Ok(Self {
            store,
            seal,
            lock_out,
            counting: Mutex::new(()),
        })
    }

    /// The configured forms of an order number, then those that at least one order in a hundred has.
    pub async fn patterns(&self, configured: &[String]) -> Result<NumberPatterns, OrdersError> {
        const SHAPES: &str = "SELECT shape FROM orders GROUP BY shape
            HAVING count(*) * ? >= (SELECT count(*) FROM orders) ORDER BY count(*) DESC, shape";
        let mut connection = self.store.read().await?;
        let met: Vec<String> = sqlx::query_scalar(SHAPES)
            .bind(RARE)
            .fetch_all(&mut *connection)
            .await?;
        Ok(NumberPatterns::new(configured.iter().cloned().chain(met)))
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
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM orders")
            .fetch_one(&mut *connection)
            .await?;
        Ok(count.unsigned_abs())
    }

    async fn look_up(
        &self,
        number: &OrderNumber,
        typed: &str,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Finding, OrdersError> {
        let subjects = subjects(asker, number);
        let _alone = self.counting.lock().await;
        let mut reading = self.store.read().await?;
        if let Some(until) = self.lock_out.until(&mut reading, &subjects, now).await? {
            return Ok(Finding::LockedOut { until });
        }
        let secrets = secrets_of(&mut reading, number).await?;
        if self.seal.proves(typed, &secrets) {
            let order = Box::new(body_of(&mut reading, number).await?);
            return Ok(Finding::Found { order });
        }
        drop(reading);
        let mut write = self.store.begin().await?;
        self.lock_out.count(&mut write, subjects, now).await?;
        write.commit().await?;
        Ok(Finding::NotFound)
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
}

type Secrets = [Option<Digest>; 4];

/// One row whether or not there is such an order: both take the same way.
async fn secrets_of(
    connection: &mut Connection,
    number: &OrderNumber,
) -> Result<Secrets, OrdersError> {
    const SECRETS: &str = "SELECT email, postcode, phone, customer_number
        FROM (SELECT 1) LEFT JOIN orders ON number = ?";
    type Row = (
        Option<Vec<u8>>,
        Option<Vec<u8>>,
        Option<Vec<u8>>,
        Option<Vec<u8>>,
    );
    let (email, postcode, phone, customer): Row = sqlx::query_as(SECRETS)
        .bind(number.as_str())
        .fetch_one(connection)
        .await?;
    Ok([email, postcode, phone, customer].map(|digest| digest?.try_into().ok()))
}

async fn body_of(connection: &mut Connection, number: &OrderNumber) -> Result<Order, OrdersError> {
    let body: String = sqlx::query_scalar("SELECT body FROM orders WHERE number = ?")
        .bind(number.as_str())
        .fetch_one(connection)
        .await?;
    serde_json::from_str(&body).map_err(|source| OrdersError::Broken {
        number: number.to_string(),
        source,
    })
}

/// The store's own salt, drawn when it is first needed.
async fn seal(store: &Store) -> Result<Seal, OrdersError> {
    let mut write = store.begin().await?;
    let salt = salt(&mut write).await?;
    write.commit().await?;
    Ok(salt)
}

async fn salt(connection: &mut Connection) -> Result<Seal, StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ('orders.salt', randomblob(32)) ON CONFLICT DO NOTHING")
        .execute(&mut *connection)
        .await?;
    let salt: Vec<u8> = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'orders.salt'")
        .fetch_one(connection)
        .await?;
    // A salt of another length is as good, and as fixed, when hashed to ours.
    let salt = salt
        .try_into()
        .unwrap_or_else(|other: Vec<u8>| Sha256::digest(other).into());
    Ok(Seal::new(salt))
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Upserted {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// Adds orders and replaces those that have changed. Of an order that comes twice the last stays.
pub async fn upsert_orders(
    connection: &mut Connection,
    orders: &[ImportedOrder],
) -> Result<Upserted, OrdersError> {
    let seal = salt(connection).await?;
    let known = hashes(connection).await?;
    let mut counts = Upserted::default();
    let mut rows: Vec<Row> = Vec::new();
    let mut place: HashMap<&OrderNumber, usize> = HashMap::new();
    for imported in orders {
        let row = Row::of(imported, &seal)?;
        match place.get(&imported.order.number) {
            Some(&at) => rows[at] = row,
            None => {
                place.insert(&imported.order.number, rows.len());
                rows.push(row);
            }
        }
    }
    rows.retain(|row| match known.get(&row.number) {
        Some(hash) if hash[..] == row.hash[..] => {
            counts.unchanged += 1;
            false
        }
        Some(_) => {
            counts.changed += 1;
            true
        }
        None => {
            counts.added += 1;
            true
        }
    });
    const HEAD: &str =
        "INSERT INTO orders (number, shape, hash, email, postcode, phone, customer_number, body)";
    const TAIL: &str = " ON CONFLICT (number) DO UPDATE SET hash = excluded.hash, email = excluded.email,
        postcode = excluded.postcode, phone = excluded.phone, customer_number = excluded.customer_number,
        body = excluded.body";
    insert_rows(connection, HEAD, TAIL, 8, rows, |mut columns, row| {
        let [email, postcode, phone, customer] =
            row.secrets.map(|digest| digest.map(|d| d.to_vec()));
        columns
            .push_bind(row.number)
            .push_bind(row.shape)
            .push_bind(row.hash.to_vec());
        columns
            .push_bind(email)
            .push_bind(postcode)
            .push_bind(phone)
            .push_bind(customer);
        columns.push_bind(row.body);
    })
    .await?;
    Ok(counts)
}

struct Row {
    number: String,
    shape: String,
    hash: [u8; 32],
    secrets: Secrets,
    body: String,
}

impl Row {
    fn of(imported: &ImportedOrder, seal: &Seal) -> Result<Self, OrdersError> {
        let order = &imported.order;
        let broken = |source| OrdersError::Broken {
            number: order.number.to_string(),
            source,
        };
        let body = serde_json::to_string(order).map_err(broken)?;
        let mut secrets: Secrets = [None; 4];
        for secret in &imported.secrets {
            secrets[secret.kind as usize] = seal.digest(secret.kind, &secret.text);
        }
        let mut hash = Sha256::new_with_prefix(&body);
        for digest in &secrets {
            hash.update(digest.unwrap_or_default());
        }
        let (number, shape) = (order.number.to_string(), order.number.shape());
        Ok(Self {
            number,
            shape,
            hash: hash.finalize().into(),
            secrets,
            body,
        })
    }
}

async fn hashes(connection: &mut Connection) -> Result<HashMap<String, Vec<u8>>, OrdersError> {
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT number, hash FROM orders")
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}
