//! Orders of a shop's own server, asked for over HTTP in questions that are signed as Standard Webhooks sign theirs.
//!
//! The server says which orders there are and by what they can be proven. Whether they are, how often it may be tried and
//! what is said stays here: an answer is taken over into the table, and the table decides as it always does.

use super::check_up::Checked;
use crate::money::Currency;
use crate::orders::{
    Asker, Changed, CodeChecked, CodeLetter, CodeSent, Finding, ImportedOrder, Lookup, Order,
    OrderNumber, OrderTable, OrdersError, Owner, Request, SecretKind, Wish, read_answer,
};
use crate::remote::{Ask, Mac, Reach, Remote, RemoteError};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

/// Longer than this nobody waits for a reply.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const MOST_BYTES: usize = 1_000_000;
/// Answers come at whole steps: how long the server took is heard no finer.
const STEP: Duration = Duration::from_millis(250);

#[derive(Debug, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Question<'a> {
    Order { number: &'a str },
    OrdersOf { email: &'a str },
}

/// A shop's own server, and the table its answers are taken over into.
pub struct OrderServer {
    table: OrderTable,
    line: Line,
}

/// The line to a shop's own server.
struct Line {
    remote: Remote,
    url: Url,
    mac: Mac,
    currency: Currency,
}

impl OrderServer {
    /// `currency` is that of amounts that name none.
    ///
    /// # Errors
    /// When the address or the secret cannot be one.
    pub fn new(
        table: OrderTable,
        url: &str,
        secret: &str,
        reach: Reach,
        currency: Currency,
    ) -> Result<Self, OrdersError> {
        let line = Line::new(url, secret, reach, currency)?;
        Ok(Self { table, line })
    }

    /// Whether a server answers as it should: asked for an order that nobody has, by us and by somebody else.
    pub async fn check_up(
        url: &str,
        secret: &str,
        reach: Reach,
        currency: Currency,
    ) -> Vec<Checked> {
        match Line::new(url, secret, reach, currency) {
            Ok(line) => line.check_up().await,
            Err(error) => vec![Checked::problem(error.to_string(), GUIDE)],
        }
    }
}

/// Where it is written down what a server has to do.
const GUIDE: &str = "docs/orders-http.md says what it has to answer";
/// What no order is called.
const NOBODYS: &str = "SHOPTALK-DOCTOR";
/// A secret that nobody has agreed on.
const FOREIGN: &str = "shoptalk doctor asks with a secret of its own";
/// An age at which a question is no longer to be answered.
const OLD: SignedDuration = SignedDuration::from_hours(1);

impl Line {
    fn new(url: &str, secret: &str, reach: Reach, currency: Currency) -> Result<Self, OrdersError> {
        let unasked = |error: RemoteError| OrdersError::Server(format!("cannot be asked: {error}"));
        let address = |_| unasked(RemoteError::Address(url.to_owned()));
        let bad_secret = || {
            let words = "needs another secret: behind `whsec_` stands base64";
            OrdersError::Server(words.to_owned())
        };
        Ok(Self {
            remote: Remote::new(reach).map_err(unasked)?,
            url: Url::parse(url).map_err(address)?,
            mac: Mac::standard(secret).ok_or_else(bad_secret)?,
            currency,
        })
    }

    async fn check_up(&self) -> Vec<Checked> {
        let nobodys = Question::Order { number: NOBODYS };
        let now = Timestamp::now();
        let place = self.url.origin().ascii_serialization();
        match self.ask_at(&nobodys, &self.mac, now).await {
            Ok(orders) if orders.is_empty() => {}
            Ok(_) => {
                let what =
                    format!("the shop's order server has an order {NOBODYS}, which nobody placed");
                let next = "have it answer an empty list to a number that it does not know";
                return vec![Checked::problem(what, next)];
            }
            Err(error) => return vec![Checked::problem(error.to_string(), GUIDE)],
        }
        let mut findings = vec![Checked::Well(format!(
            "orders: {place} answers, and takes our signature"
        ))];
        let foreign = match Mac::new(FOREIGN) {
            Some(mac) => self.ask_at(&nobodys, &mac, now).await,
            None => return findings,
        };
        let old = self.ask_at(&nobodys, &self.mac, now - OLD).await;
        if foreign.is_ok() {
            findings.push(Checked::problem(
                format!("orders: {place} answers whoever asks: a wrong signature is taken too"),
                "have it check webhook-signature and answer 401, or strangers read your orders (docs/orders-http.md)",
            ));
        } else if old.is_ok() {
            findings.push(Checked::problem(
                format!("orders: {place} answers a question that is an hour old"),
                "have it refuse a webhook-timestamp of more than five minutes ago: what was overheard once is asked again (docs/orders-http.md)",
            ));
        } else {
            findings.push(Checked::Well(
                "orders: a wrong signature, and an old one, are refused there".to_owned(),
            ));
        }
        findings
    }

    async fn ask(&self, question: &Question<'_>) -> Result<Vec<ImportedOrder>, OrdersError> {
        // The server holds it against its clock: the time of sending, not of the turn.
        self.ask_at(question, &self.mac, Timestamp::now()).await
    }

    async fn ask_at(
        &self,
        question: &Question<'_>,
        mac: &Mac,
        at: Timestamp,
    ) -> Result<Vec<ImportedOrder>, OrdersError> {
        let strange = |reason: String| OrdersError::Server(reason);
        let body = serde_json::to_vec(question).map_err(|error| strange(error.to_string()))?;
        let id = format!("msg_{}", uuid::Uuid::now_v7().simple());
        let at = at.as_second();
        let signature = mac.sign_standard(&id, at, &body);
        let mut ask = Ask::get(self.url.clone(), MOST_BYTES)
            .with("content-type", "application/json")
            .with("webhook-id", &id)
            .with("webhook-timestamp", &at.to_string())
            .with_secret("webhook-signature", &signature);
        ask.method = Method::POST;
        ask.body = Some(body);
        let answer = timeout(ANSWER_WITHIN, self.remote.ask(ask))
            .await
            .map_err(|_| strange("does not answer in time".to_owned()))?
            .map_err(|error| strange(format!("cannot be asked: {error}")))?;
        match answer.status {
            StatusCode::OK => read_answer(&answer.body, self.currency).map_err(strange),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(strange(
                "refuses the signature: is SHOPTALK_ORDERS_SECRET its secret, and its clock right?"
                    .to_owned(),
            )),
            status => Err(strange(format!("answered {status} where 200 is awaited"))),
        }
    }
}

impl OrderServer {
    /// Has the table know what the server knows of a number now.
    async fn refresh(&self, number: &OrderNumber) -> Result<(), OrdersError> {
        let asked = Question::Order {
            number: number.as_str(),
        };
        let orders = self.line.ask(&asked).await?;
        if orders.iter().any(|one| one.order.number != *number) {
            let words = format!("answered with another order when asked for {number}");
            return Err(OrdersError::Server(words));
        }
        let gone = orders.is_empty().then_some(number);
        self.table.take_over(&orders, gone).await
    }

    async fn look_up(
        &self,
        number: &OrderNumber,
        typed: &str,
        asker: &Asker,
        now: Timestamp,
    ) -> Result<Finding, OrdersError> {
        let locked = self.table.locked_until(number, typed, asker, now).await?;
        if let Some(until) = locked {
            return Ok(Finding::LockedOut { until });
        }
        self.refresh(number).await?;
        self.table.find(number, typed, asker, now).await
    }
}

/// Ends at the next whole step after it is done.
async fn in_steps<T>(work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let done = work.await;
    let steps = began.elapsed().as_millis() / STEP.as_millis() + 1;
    sleep_until(began + STEP * u32::try_from(steps).unwrap_or(u32::MAX)).await;
    done
}

impl Lookup for OrderServer {
    fn find<'a>(
        &'a self,
        number: &'a OrderNumber,
        secret: &'a str,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Finding, OrdersError>> {
        Box::pin(in_steps(self.look_up(number, secret, asker, now)))
    }

    fn again<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Option<Box<Order>>, OrdersError>> {
        Box::pin(async move {
            self.refresh(number).await?;
            self.table.again(number).await
        })
    }

    fn change<'a>(
        &'a self,
        wish: Wish<'a>,
        asker: &'a Asker,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Changed, OrdersError>> {
        Box::pin(async move {
            self.refresh(wish.number).await?;
            self.table.change(wish, asker, now).await
        })
    }

    fn requests<'a>(
        &'a self,
        number: &'a OrderNumber,
    ) -> BoxFuture<'a, Result<Vec<Request>, OrdersError>> {
        self.table.requests(number)
    }

    /// Nobody's: the server is asked by addresses, and of who is signed in only a digest is kept. They name a number or
    /// have a code sent, like any visitor.
    fn owner(&self, _email: &str) -> Option<Owner> {
        None
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
        Box::pin(in_steps(async move {
            // Who may have no more codes costs the server nothing.
            if let Some(until) = self.table.no_code_until(email, asker, now).await? {
                return Ok(CodeSent::LockedOut { until });
            }
            if let Some(email) = SecretKind::Email.normalise(email) {
                let orders = self.line.ask(&Question::OrdersOf { email: &email }).await?;
                self.table.take_over(&orders, None).await?;
            }
            self.table.send_code(email, asker, letter, now).await
        }))
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
