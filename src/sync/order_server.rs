//! A shop's own server that knows its orders, asked over HTTP in questions that are signed as Standard Webhooks sign theirs.

use super::check_up::Checked;
use crate::money::Currency;
use crate::orders::{
    Change, ImportedOrder, OrderNumber, OrdersError, Outcome, read_answer, read_outcome,
};
use crate::remote::{Answer, Ask, Mac, Reach, Remote, RemoteError};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use url::Url;

/// Bytes of an answer.
const MOST_BYTES: usize = 1_000_000;
/// Where it is written down what a server has to do.
const GUIDE: &str = "docs/orders-http.md says what it has to answer";
/// What no order is called.
const NOBODYS: &str = "SHOPTALK-DOCTOR";
/// A secret that nobody has agreed on.
const FOREIGN: &str = "shoptalk doctor asks with a secret of its own";
/// An age at which a question is no longer to be answered.
const OLD: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Question<'a> {
    Order {
        number: &'a str,
    },
    OrdersOf {
        #[serde(skip_serializing_if = "Option::is_none")]
        customer: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<&'a str>,
    },
    Cancel {
        number: &'a str,
        key: &'a str,
    },
    Address {
        number: &'a str,
        to: &'a str,
        key: &'a str,
    },
}

/// The server, and how it is asked.
pub struct OrderServer {
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
    pub(super) fn new(
        url: &str,
        secret: &str,
        reach: Reach,
        currency: Currency,
    ) -> Result<Self, OrdersError> {
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

    /// Whether a server answers as it should: asked for an order that nobody has, by us and by somebody else.
    pub async fn check_up(
        url: &str,
        secret: &str,
        reach: Reach,
        currency: Currency,
    ) -> Vec<Checked> {
        match Self::new(url, secret, reach, currency) {
            Ok(server) => server.findings().await,
            Err(error) => vec![Checked::problem(error.to_string(), GUIDE)],
        }
    }

    async fn findings(&self) -> Vec<Checked> {
        let nobodys = Question::Order { number: NOBODYS };
        let now = Timestamp::now();
        let place = self.url.origin().ascii_serialization();
        match self.list_as(&nobodys, &self.mac, now).await {
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
            Some(mac) => self.list_as(&nobodys, &mac, now).await,
            None => return findings,
        };
        let old = self.list_as(&nobodys, &self.mac, now - OLD).await;
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

    /// What it knows of a number: one order, or none.
    pub(super) async fn order(
        &self,
        number: &OrderNumber,
    ) -> Result<Vec<ImportedOrder>, OrdersError> {
        let question = Question::Order {
            number: number.as_str(),
        };
        let orders = self.list(&question).await?;
        if orders.iter().any(|one| one.order.number != *number) {
            let words = format!("answered with another order when asked for {number}");
            return Err(OrdersError::Server(words));
        }
        Ok(orders)
    }

    /// The orders of a customer, or placed with an address.
    pub(super) async fn orders_of(
        &self,
        customer: Option<&str>,
        email: Option<&str>,
    ) -> Result<Vec<ImportedOrder>, OrdersError> {
        self.list(&Question::OrdersOf { customer, email }).await
    }

    /// Has an order changed; what came before under the same key is not done again.
    pub(super) async fn change(
        &self,
        number: &OrderNumber,
        change: &Change,
        key: &str,
    ) -> Result<Outcome, OrdersError> {
        let number = number.as_str();
        let question = match change {
            Change::Cancel => Question::Cancel { number, key },
            Change::Address { to } => Question::Address { number, to, key },
        };
        let now = Timestamp::now();
        let answer = self.ask(&question, key, &self.mac, now).await?;
        match answer.status {
            StatusCode::OK => read_outcome(&answer.body).map_err(OrdersError::Server),
            // It does not know the question: servers older than it.
            StatusCode::BAD_REQUEST | StatusCode::NOT_IMPLEMENTED => Ok(Outcome::ForPeople),
            status => Err(refusal(status)),
        }
    }

    async fn list(&self, question: &Question<'_>) -> Result<Vec<ImportedOrder>, OrdersError> {
        // The server holds it against its clock: the time of sending, not of the turn.
        self.list_as(question, &self.mac, Timestamp::now()).await
    }

    async fn list_as(
        &self,
        question: &Question<'_>,
        mac: &Mac,
        at: Timestamp,
    ) -> Result<Vec<ImportedOrder>, OrdersError> {
        let id = format!("msg_{}", uuid::Uuid::now_v7().simple());
        let answer = self.ask(question, &id, mac, at).await?;
        match answer.status {
            StatusCode::OK => read_answer(&answer.body, self.currency).map_err(OrdersError::Server),
            status => Err(refusal(status)),
        }
    }

    async fn ask(
        &self,
        question: &Question<'_>,
        id: &str,
        mac: &Mac,
        at: Timestamp,
    ) -> Result<Answer, OrdersError> {
        let body =
            serde_json::to_vec(question).map_err(|error| OrdersError::Server(error.to_string()))?;
        let at = at.as_second();
        let signature = mac.sign_standard(id, at, &body);
        let mut ask = Ask::get(self.url.clone(), MOST_BYTES)
            .with("content-type", "application/json")
            .with("webhook-id", id)
            .with("webhook-timestamp", &at.to_string())
            .with_secret("webhook-signature", &signature);
        ask.method = Method::POST;
        ask.body = Some(body);
        let asked = self.remote.ask(ask).await;
        asked.map_err(|error| OrdersError::Server(format!("cannot be asked: {error}")))
    }
}

fn refusal(status: StatusCode) -> OrdersError {
    OrdersError::Server(match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "refuses the signature: is SHOPTALK_ORDERS_SECRET its secret, and its clock right?"
                .to_owned()
        }
        status => format!("answered {status} where 200 is awaited"),
    })
}
