//! What owners asked to have done with their orders: written down, done or refused by the shop's people, and told.

use super::secret::hex;
use super::{Asker, Change, Changed, Order, OrderNumber, OrderStatus, OrdersError, Wish};
use crate::store::{Connection, Store, StoreError, millis, time};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// So much of a request's id tells it from the others.
const SHORTEST_ID: usize = 6;
/// Requests of one order that are told.
const MOST_TOLD: i64 = 5;

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    Open,
    Done,
    Refused,
}

impl RequestState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// What is none of the others is open: also what was sent and of which nothing was heard.
    fn named(name: &str) -> Self {
        match name {
            "done" => Self::Done,
            "refused" => Self::Refused,
            _ => Self::Open,
        }
    }
}

/// Why staff could not close a request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("there is no request `{0}`; `shoptalk orders requests` lists them")]
    Unknown(String),
    #[error(
        "`{0}` is the beginning of several requests; write more of it, six characters at least"
    )]
    Several(String),
    #[error("request {id} is {} already", state.as_str())]
    Closed { id: String, state: RequestState },
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    number: String,
    kind: String,
    detail: String,
    asked_at: i64,
    state: String,
    answer: String,
    sent_at: Option<i64>,
}

impl Row {
    fn export(self) -> (String, Request) {
        let request = Request {
            number: self.number,
            kind: self.kind,
            detail: self.detail,
            asked_at: time(self.asked_at),
            state: RequestState::named(&self.state),
            answer: self.answer,
            sent_at: self.sent_at.map(time),
        };
        (self.id, request)
    }
}

/// The columns of a [`Row`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, kind, detail, asked_at, state, answer, sent_at FROM order_request ",
            $rest
        )
    };
}

/// A wish that was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub number: String,
    pub kind: String,
    pub detail: String,
    pub asked_at: Timestamp,
    pub state: RequestState,
    /// What staff said to it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// When it was sent to where the orders are kept. An open one was sent, and nothing clear was heard of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
}

/// What is to be done about a wish that may be sent to where the orders are kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Begun {
    /// It stands in the table and is to be sent, always under the same key.
    Send { id: String, key: String },
    /// It need not be sent.
    Settled(Changed),
}

/// The id of a wish: the same of the same shopper for the same order.
fn id_of(wish: Wish<'_>, asker: &Asker) -> String {
    let Wish { number, change, .. } = wish;
    let parts = [
        asker.shopper.as_str(),
        number.as_str(),
        change.kind(),
        change.detail(),
    ];
    let id = parts.iter().fold(Sha256::new(), |hash, part| {
        hash.chain_update((part.len() as u64).to_le_bytes())
            .chain_update(part)
    });
    hex(&id.finalize())
}

/// Writes a wish down. The same wish of the same shopper is written once, however often it is asked.
pub(super) async fn write_down(
    connection: &mut Connection,
    wish: Wish<'_>,
    asker: &Asker,
    now: Timestamp,
) -> Result<(), OrdersError> {
    let Wish { number, change, .. } = wish;
    let id = id_of(wish, asker);
    sqlx::query(
        "INSERT INTO order_request (id, shopper, number, kind, detail, asked_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(&asker.shopper)
    .bind(number.as_str())
    .bind(change.kind())
    .bind(change.detail())
    .bind(millis(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down that a wish is about to be sent, before it is: after a crash it stands there, and is sent again under the
/// same key or seen to be done. `refunds`: whether the money of what is cancelled goes back by itself.
pub(super) async fn begin(
    connection: &mut Connection,
    wish: Wish<'_>,
    asker: &Asker,
    order: Order,
    refunds: bool,
    now: Timestamp,
) -> Result<Begun, OrdersError> {
    let id = id_of(wish, asker);
    let known: Option<Row> = sqlx::query_as(select!("WHERE id = ?"))
        .bind(&id)
        .fetch_optional(&mut *connection)
        .await?;
    let allowed = wish.rules.allow(&order, now).is_ok();
    let Some(known) = known else {
        if !allowed {
            let order = Box::new(order);
            return Ok(Begun::Settled(Changed::TooLate { order }));
        }
        write_down(connection, wish, asker, now).await?;
        return send(connection, id, now).await;
    };
    let is_cancelled = order.status == OrderStatus::Cancelled && *wish.change == Change::Cancel;
    match (known.state.as_str(), known.sent_at) {
        ("sending", _) if is_cancelled => {
            let refund = !refunds && order.was_paid();
            let done = Changed::Done { refund };
            end(connection, &id, &done, now).await?;
            Ok(Begun::Settled(done))
        }
        ("sending", Some(sent_at)) if allowed => {
            let key = key(&id, time(sent_at));
            Ok(Begun::Send { id, key })
        }
        ("sending", _) => {
            end(connection, &id, &Changed::Unclear, now).await?;
            Ok(Begun::Settled(Changed::Unclear))
        }
        ("refused", _) => {
            let reason = known.answer;
            Ok(Begun::Settled(Changed::Refused { reason }))
        }
        // An address may be wished for again after another one.
        ("done", _) if allowed && !is_latest(connection, wish, &id).await? => {
            send(connection, id, now).await
        }
        ("done", _) => Ok(Begun::Settled(Changed::Done { refund: false })),
        _ => Ok(Begun::Settled(Changed::Asked)),
    }
}

async fn send(
    connection: &mut Connection,
    id: String,
    now: Timestamp,
) -> Result<Begun, OrdersError> {
    sqlx::query(
        "UPDATE order_request SET state = 'sending', asked_at = ?1, sent_at = ?1 WHERE id = ?2",
    )
    .bind(millis(now))
    .bind(&id)
    .execute(connection)
    .await?;
    let key = key(&id, now);
    Ok(Begun::Send { id, key })
}

/// Another one each time a wish is begun anew, the same each time it is sent.
fn key(id: &str, sent_at: Timestamp) -> String {
    format!("{}-{}", &id[..32.min(id.len())], millis(sent_at))
}

/// Whether nothing of this kind was wished for the order after this one.
async fn is_latest(
    connection: &mut Connection,
    wish: Wish<'_>,
    id: &str,
) -> Result<bool, OrdersError> {
    let latest: Option<String> = sqlx::query_scalar(
        "SELECT id FROM order_request WHERE number = ? AND kind = ? ORDER BY asked_at DESC, id LIMIT 1",
    )
    .bind(wish.number.as_str())
    .bind(wish.change.kind())
    .fetch_optional(connection)
    .await?;
    Ok(latest.as_deref() == Some(id))
}

/// Writes down what became of a wish that was sent. Money that is still to be sent back is a request of its own.
pub(super) async fn end(
    connection: &mut Connection,
    id: &str,
    changed: &Changed,
    now: Timestamp,
) -> Result<(), OrdersError> {
    let (state, answer) = match changed {
        Changed::Done { .. } => (RequestState::Done, ""),
        Changed::Refused { reason } => (RequestState::Refused, reason.as_str()),
        Changed::Asked | Changed::Unclear | Changed::TooLate { .. } => (RequestState::Open, ""),
    };
    sqlx::query(
        "UPDATE order_request SET state = ?, answer = ? WHERE id = ? AND state = 'sending'",
    )
    .bind(state.as_str())
    .bind(answer)
    .bind(id)
    .execute(&mut *connection)
    .await?;
    if *changed == (Changed::Done { refund: true }) {
        sqlx::query(
            "INSERT INTO order_request (id, shopper, number, kind, detail, asked_at)
            SELECT ?1, shopper, number, 'refund', '', ?2 FROM order_request WHERE id = ?3
            ON CONFLICT DO NOTHING",
        )
        .bind(hex(&Sha256::digest(format!("refund {id}"))))
        .bind(millis(now))
        .bind(id)
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// What a shopper asked for, oldest first.
pub async fn requests_of(store: &Store, shopper: &str) -> Result<Vec<Request>, StoreError> {
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(select!("WHERE shopper = ? ORDER BY asked_at, id"))
        .bind(shopper)
        .fetch_all(&mut *connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.export().1).collect())
}

/// Removes what a shopper asked for.
pub async fn erase_requests_of(
    connection: &mut Connection,
    shopper: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM order_request WHERE shopper = ?")
        .bind(shopper)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes what was asked before `limit`.
pub async fn forget_requests(store: &Store, limit: Timestamp) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM order_request WHERE asked_at < ?")
        .bind(millis(limit))
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// What staff still have to do, the oldest first; `all` with what is done as well. Each with its id.
pub async fn list_requests(store: &Store, all: bool) -> Result<Vec<(String, Request)>, StoreError> {
    let mut connection = store.read().await?;
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE ? OR state IN ('open', 'sending') ORDER BY asked_at, id"
    ))
    .bind(all)
    .fetch_all(&mut *connection)
    .await?;
    Ok(rows.into_iter().map(Row::export).collect())
}

/// Notes what became of an open request, by the beginning of its id; returns it as it is now.
pub async fn close_request(
    store: &Store,
    id: &str,
    state: RequestState,
    answer: &str,
) -> Result<Request, RequestError> {
    let mut write = store.begin().await?;
    let hex = id.len() >= SHORTEST_ID && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex {
        return Err(RequestError::Unknown(id.to_owned()));
    }
    let mut rows: Vec<Row> = sqlx::query_as(select!("WHERE id LIKE ? || '%' LIMIT 2"))
        .bind(id)
        .fetch_all(&mut *write)
        .await
        .map_err(StoreError::from)?;
    let (id, request) = match (rows.pop(), rows.pop()) {
        (Some(one), None) => one.export(),
        (None, _) => return Err(RequestError::Unknown(id.to_owned())),
        _ => return Err(RequestError::Several(id.to_owned())),
    };
    if request.state != RequestState::Open {
        let state = request.state;
        return Err(RequestError::Closed { id, state });
    }
    sqlx::query("UPDATE order_request SET state = ?, answer = ? WHERE id = ?")
        .bind(state.as_str())
        .bind(answer)
        .bind(&id)
        .execute(&mut *write)
        .await
        .map_err(StoreError::from)?;
    write.commit().await?;
    Ok(Request {
        state,
        answer: answer.to_owned(),
        ..request
    })
}

/// What was asked for an order and what became of it, the latest first.
pub(super) async fn requests_for(
    connection: &mut Connection,
    number: &OrderNumber,
) -> Result<Vec<Request>, OrdersError> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE number = ? ORDER BY asked_at DESC, id LIMIT ?"
    ))
    .bind(number.as_str())
    .bind(MOST_TOLD)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.export().1).collect())
}
