use super::{Return, ReturnsError, State, number};
use crate::orders::{self, Order, OrderNumber};
use crate::store::{Connection, Store, StoreError, millis};
use jiff::Timestamp;

/// Numbers tried before giving up: four letters are a million, and a shop has thousands of returns.
const TRIES: u32 = 64;

/// The shop's returns in the store.
#[derive(Clone)]
pub struct ReturnTable {
    store: Store,
}

impl ReturnTable {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The order with this number, for one who has proven it before; with what came back of it, oldest first.
    pub async fn of_order(
        &self,
        order: &OrderNumber,
    ) -> Result<(Option<Order>, Vec<Return>), ReturnsError> {
        const OF: &str =
            "SELECT rma, body FROM goods_return WHERE order_number = ? ORDER BY opened_at, rma";
        let mut connection = self.store.read().await?;
        let found = orders::proven(&mut connection, order).await?;
        let rows: Vec<(String, String)> = sqlx::query_as(OF)
            .bind(order.as_str())
            .fetch_all(&mut *connection)
            .await?;
        Ok((found, read(rows)?))
    }

    /// The number that the order's next return takes.
    pub async fn next_number(&self, order: &OrderNumber) -> Result<String, ReturnsError> {
        let mut connection = self.store.read().await?;
        for nth in 0..TRIES {
            let rma = number(order, nth);
            let taken: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM goods_return WHERE rma = ?)")
                    .bind(&rma)
                    .fetch_one(&mut *connection)
                    .await?;
            if !taken {
                return Ok(rma);
            }
        }
        let reason = format!("{order} has more than {TRIES} returns");
        Err(StoreError::Unavailable { reason }.into())
    }

    /// Opened in conversations of one shopper; for handing over what is stored about them.
    pub async fn of_shopper(&self, shopper: &str) -> Result<Vec<Return>, ReturnsError> {
        const OF: &str = "SELECT rma, body FROM goods_return
            WHERE conversation IN (SELECT key FROM conversation WHERE shopper = ?) ORDER BY opened_at, rma";
        let mut connection = self.store.read().await?;
        let rows: Vec<(String, String)> = sqlx::query_as(OF)
            .bind(shopper)
            .fetch_all(&mut *connection)
            .await?;
        read(rows)
    }

    /// One return.
    ///
    /// # Errors
    /// When there is none with this number.
    pub async fn get(&self, rma: &str) -> Result<Return, ReturnsError> {
        let mut connection = self.store.read().await?;
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM goods_return WHERE rma = ?")
                .bind(rma)
                .fetch_optional(&mut *connection)
                .await?;
        let rma = rma.to_owned();
        let Some(body) = body else {
            return Err(ReturnsError::Unknown { rma });
        };
        let found = read(vec![(rma.clone(), body)])?.pop();
        found.ok_or(ReturnsError::Unknown { rma })
    }

    /// The latest first; those that are done only on request.
    pub async fn list(&self, all: bool, limit: u32) -> Result<Vec<Return>, ReturnsError> {
        const LATEST: &str = "SELECT rma, body FROM goods_return
            WHERE ?1 OR state IN ('open', 'received') ORDER BY opened_at DESC, rma LIMIT ?2";
        let mut connection = self.store.read().await?;
        let rows: Vec<(String, String)> = sqlx::query_as(LATEST)
            .bind(all)
            .bind(limit)
            .fetch_all(&mut *connection)
            .await?;
        read(rows)
    }
}

fn read(rows: Vec<(String, String)>) -> Result<Vec<Return>, ReturnsError> {
    let one = |(rma, body): (String, String)| {
        serde_json::from_str(&body).map_err(|source| ReturnsError::Broken { rma, source })
    };
    rows.into_iter().map(one).collect()
}

/// A return as it is written: what it is found by, and all of it as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    rma: String,
    order: OrderNumber,
    state: State,
    at: Timestamp,
    body: String,
}

impl Row {
    /// # Errors
    /// When it cannot be told in JSON.
    pub fn of(opened: &Return) -> Result<Self, serde_json::Error> {
        Ok(Self {
            rma: opened.rma.clone(),
            order: opened.order.clone(),
            state: opened.state,
            at: opened.at,
            body: serde_json::to_string(opened)?,
        })
    }
}

/// Writes a return with the turn that opened it. A number that is taken fails, and with it the turn, which is then made
/// again from what is known now.
pub async fn insert(
    connection: &mut Connection,
    opened: &Row,
    conversation: Option<i64>,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO goods_return
        (rma, order_number, conversation, state, opened_at, changed_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)";
    sqlx::query(INSERT)
        .bind(&opened.rma)
        .bind(opened.order.as_str())
        .bind(conversation)
        .bind(opened.state.as_str())
        .bind(millis(opened.at))
        .bind(&opened.body)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// Moves a return on.
///
/// # Errors
/// When there is none with this number.
pub async fn set_state(
    connection: &mut Connection,
    rma: &str,
    state: State,
    now: Timestamp,
) -> Result<Return, ReturnsError> {
    let rma = rma.trim().to_uppercase();
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM goods_return WHERE rma = ?")
        .bind(&rma)
        .fetch_optional(&mut *connection)
        .await?;
    let unknown = || ReturnsError::Unknown { rma: rma.clone() };
    let mut found = read(vec![(rma.clone(), body.ok_or_else(unknown)?)])?;
    let mut moved = found.pop().ok_or_else(unknown)?;
    moved.state = state;
    moved.changed_at = now;
    let body = serde_json::to_string(&moved).map_err(|source| ReturnsError::Broken {
        rma: rma.clone(),
        source,
    })?;
    sqlx::query("UPDATE goods_return SET state = ?, changed_at = ?, body = ? WHERE rma = ?")
        .bind(state.as_str())
        .bind(millis(now))
        .bind(body)
        .bind(&rma)
        .execute(&mut *connection)
        .await?;
    Ok(moved)
}

/// Takes a return away, as if it had never been opened.
pub async fn remove(connection: &mut Connection, rma: &str) -> Result<(), ReturnsError> {
    sqlx::query("DELETE FROM goods_return WHERE rma = ?")
        .bind(rma)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{Line, Reason, Wish};
    use super::*;
    use crate::money::Money;
    use crate::orders::{OrderLine, OrderStatus};
    use crate::store::scratch::scratch;

    pub(crate) fn order(number: &str, pieces: i64) -> Order {
        let price = Money {
            minor: 1400,
            currency: "EUR".parse().unwrap(),
        };
        Order {
            number: OrderNumber::new(number),
            placed_at: Timestamp::UNIX_EPOCH,
            status: OrderStatus::Shipped,
            parcels: Vec::new(),
            expected_on: None,
            refunded: None,
            timeline: Vec::new(),
            lines: vec![OrderLine {
                sku: "SOCKS-M".into(),
                title: "Socks".into(),
                variant: "M".into(),
                quantity: pieces,
                price,
            }],
            shipping: None,
            total: price,
        }
    }

    pub(crate) fn returned(order: &str, nth: u32, pieces: u32) -> Return {
        let order = OrderNumber::new(order);
        Return {
            rma: number(&order, nth),
            order,
            lines: vec![Line {
                sku: "SOCKS-M".into(),
                title: "Socks".into(),
                variant: "M".into(),
                quantity: pieces,
            }],
            reason: Reason::TooSmall,
            wish: Wish::Refund,
            state: State::Open,
            at: Timestamp::UNIX_EPOCH,
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn a_return_is_kept_moved_on_and_never_has_anothers_number() {
        let shop = scratch().await;
        let table = ReturnTable::new(shop.store.clone());
        let order = OrderNumber::new("SH-1");
        let first = table.next_number(&order).await.unwrap();
        let opened = Row::of(&returned("SH-1", 0, 1)).unwrap();
        assert_eq!(first, opened.rma);
        let mut write = shop.store.begin().await.unwrap();
        insert(&mut write, &opened, None).await.unwrap();
        write.commit().await.unwrap();
        assert_ne!(table.next_number(&order).await.unwrap(), first);
        let mut write = shop.store.begin().await.unwrap();
        let again = insert(&mut write, &opened, None).await.unwrap_err();
        assert!(matches!(again, StoreError::Clash(_)), "{again}");
        drop(write);
        let mut write = shop.store.begin().await.unwrap();
        let now = Timestamp::from_second(5).unwrap();
        set_state(&mut write, &first.to_lowercase(), State::Refunded, now)
            .await
            .unwrap();
        let unknown = set_state(&mut write, "RT-NONE", State::Open, now).await;
        assert!(matches!(unknown, Err(ReturnsError::Unknown { .. })));
        write.commit().await.unwrap();
        let (_, returns) = table.of_order(&order).await.unwrap();
        assert_eq!(
            (returns[0].state, returns[0].changed_at),
            (State::Refunded, now)
        );
        assert!(table.list(false, 10).await.unwrap().is_empty());
        assert_eq!(table.list(true, 10).await.unwrap().len(), 1);
    }
}
