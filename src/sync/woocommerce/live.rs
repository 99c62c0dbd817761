//! One order asked for, and changed, as a shopper wishes.

use super::{WHO, WooCommerce, order, read};
use crate::orders::{Change, ImportedOrder, OrderNumber, Outcome, PostalAddress};
use crate::remote::{Ask, Remote};
use crate::sync::SyncError;
use crate::sync::platform::is_askable;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// Bytes of an answer.
const MOST: usize = 5_000_000;
/// Orders of a search.
const FOUND: &str = "20";
/// Digits of an id.
const LONGEST_ID: usize = 12;

/// What is needed to change an order. The address passes through and is kept nowhere.
#[derive(Deserialize)]
struct Handle {
    id: u64,
    number: String,
    #[serde(default)]
    shipping: Value,
}

impl WooCommerce {
    /// The order with this number. Plug-ins give numbers of their own, with letters around the id or quite another one:
    /// it is searched for, and asked for by the digits at the number's end, and only an order with this very number counts.
    /// Both are asked each time, whatever comes of the other.
    pub(in crate::sync) async fn order_numbered(
        &self,
        remote: &Remote,
        number: &OrderNumber,
    ) -> Result<Vec<ImportedOrder>, SyncError> {
        let nodes = self.numbered::<order::Node>(remote, number).await?;
        let mut orders = read_all(nodes)?;
        orders.retain(|one| one.order.number == *number);
        orders.truncate(1);
        Ok(orders)
    }

    async fn numbered<T: serde::de::DeserializeOwned>(
        &self,
        remote: &Remote,
        number: &OrderNumber,
    ) -> Result<Vec<T>, SyncError> {
        let number = number.as_str();
        if !is_askable(number) {
            return Ok(Vec::new());
        }
        let digits = number.len() - number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let id = &number[number.len() - digits..];
        let by_id = async {
            match digits {
                1..=LONGEST_ID => self.one(remote, &format!("orders/{id}")).await,
                _ => Ok(None),
            }
        };
        let by_words = [("search", number)];
        let (by_id, mut found) = tokio::join!(by_id, self.search(remote, &by_words));
        if let (Ok(Some(one)), Ok(found)) = (by_id, &mut found) {
            found.insert(0, one);
        }
        found
    }

    /// Orders that may have been placed with an address, the newest.
    pub(in crate::sync) async fn orders_of(
        &self,
        remote: &Remote,
        email: &str,
    ) -> Result<Vec<ImportedOrder>, SyncError> {
        let nodes: Vec<order::Node> = self.search(remote, &[("search", email)]).await?;
        read_all(nodes)
    }

    async fn search<T: serde::de::DeserializeOwned>(
        &self,
        remote: &Remote,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, SyncError> {
        let mut url = self.url("orders")?;
        url.query_pairs_mut().extend_pairs(query).extend_pairs([
            ("per_page", FOUND),
            ("orderby", "date"),
            ("order", "desc"),
        ]);
        read(&self.ask(remote, url).await?)
    }

    pub(in crate::sync) async fn change_order(
        &self,
        remote: &Remote,
        number: &OrderNumber,
        change: &Change,
    ) -> Result<Outcome, SyncError> {
        let found: Vec<Handle> = self.numbered(remote, number).await?;
        let is_it = |one: &Handle| OrderNumber::new(one.number.trim_start_matches('#')) == *number;
        let Some(handle) = found.into_iter().find(is_it) else {
            return Ok(Outcome::ForPeople);
        };
        let wished = match change {
            Change::Cancel => json!({ "status": "cancelled" }),
            Change::Address { to } => match readdressed(&handle.shipping, to) {
                Some(shipping) => json!({ "shipping": shipping }),
                None => return Ok(Outcome::ForPeople),
            },
        };
        let url = self.url(&format!("orders/{}", handle.id))?;
        self.put(remote, url, &wished).await
    }

    /// Done when the order comes back as it was wished.
    async fn put(&self, remote: &Remote, url: Url, wished: &Value) -> Result<Outcome, SyncError> {
        let ask = Ask {
            method: Method::PUT,
            body: Some(wished.to_string().into_bytes()),
            ..Ask::get(url, MOST)
        };
        let ask = ask
            .with("content-type", "application/json")
            .with("accept", "application/json")
            .with_secret("authorization", self.authorization.reveal());
        let answer = remote.ask(ask).await?;
        match answer.status {
            StatusCode::OK => {
                let order: Value = read(&answer)?;
                if has(&order, wished) {
                    return Ok(Outcome::Done);
                }
                Err(SyncError::Strange {
                    who: WHO,
                    reason: "an order that was changed came back as it was".to_owned(),
                })
            }
            // A key that may only read; and what the shop's own rules refuse.
            status if status.is_client_error() => {
                let wrong: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                let code = wrong.get("code").and_then(Value::as_str).unwrap_or("");
                tracing::warn!(
                    code,
                    "WooCommerce does not change an order ({status}); the key needs write permission"
                );
                Ok(Outcome::ForPeople)
            }
            status => Err(super::unwell(status, &answer)),
        }
    }
}

fn read_all(nodes: Vec<order::Node>) -> Result<Vec<ImportedOrder>, SyncError> {
    let orders = nodes.into_iter().filter_map(order::Node::into_order);
    orders
        .collect::<Result<_, String>>()
        .map_err(|reason| SyncError::Strange { who: WHO, reason })
}

/// The parts of the address that change: within the same country, where that has no provinces.
fn readdressed(before: &Value, to: &str) -> Option<Value> {
    let of = |name: &str| before.get(name).and_then(Value::as_str).unwrap_or_default();
    let to = PostalAddress::read(to)?;
    let fits = of("state").is_empty() && !of("country").is_empty() && !of("address_1").is_empty();
    fits.then(|| {
        json!({ "address_1": to.street, "address_2": to.more, "postcode": to.postcode, "city": to.city })
    })
}

/// Whether everything wished stands in the order.
fn has(order: &Value, wished: &Value) -> bool {
    match wished {
        Value::Object(wished) => wished
            .iter()
            .all(|(name, value)| order.get(name).is_some_and(|there| has(there, value))),
        value => order == value,
    }
}
