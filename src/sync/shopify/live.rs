//! One order asked for, and changed, as a shopper wishes.

use super::{Shopify, WHO, order};
use crate::orders::{Change, OrderNumber, OrderStatus, Outcome, PostalAddress};
use crate::remote::Remote;
use crate::sync::SyncError;
use crate::sync::platform::{Told, is_askable};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How far back an app without `read_all_orders` sees.
const DAYS: u32 = 60;
/// A cancellation is a job of its own there; it is looked for so often before nobody waits any longer.
const LOOKS: u32 = 6;
const BETWEEN_LOOKS: Duration = Duration::from_millis(400);
/// What staff read beside a cancellation.
const NOTE: &str = "Cancelled by the customer in the chat.";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scopes {
    access_scopes: Vec<Scope>,
}

#[derive(Deserialize)]
struct Scope {
    handle: String,
}

impl Scopes {
    fn have(&self, handle: &str) -> bool {
        self.access_scopes
            .iter()
            .any(|scope| scope.handle == handle)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found<T> {
    orders: Nodes<T>,
    current_app_installation: Scopes,
}

#[derive(Deserialize)]
struct Nodes<T> {
    nodes: Vec<T>,
}

/// What is needed to change an order. The address passes through and is kept nowhere.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Handle {
    id: String,
    name: String,
    shipping_address: Option<Value>,
}

/// `name` as it may stand there, with the sign and without.
fn is_named(name: &str, number: &OrderNumber) -> bool {
    OrderNumber::new(name.trim_start_matches('#')) == *number
}

/// Finds an order by its number; nothing where the text cannot be one.
fn by_number(number: &OrderNumber) -> Option<String> {
    let number = number.as_str();
    is_askable(number).then(|| format!("name:\"{number}\" OR name:\"#{number}\""))
}

/// Orders that a search finds, with `fields` of each, and what the app may see.
fn search(fields: &str) -> String {
    format!(
        "query Search($query: String!) {{ orders(first: 10, query: $query, sortKey: CREATED_AT, reverse: true) \
         {{ nodes {{ {fields} }} }} currentAppInstallation {{ accessScopes {{ handle }} }} }}"
    )
}

const HANDLE: &str =
    "id name shippingAddress { firstName lastName company phone provinceCode countryCodeV2 }";

const CANCEL: &str = "mutation Cancel($id: ID!, $note: String) { orderCancel(orderId: $id, reason: CUSTOMER, \
    refundMethod: { originalPaymentMethodsRefund: true }, restock: true, notifyCustomer: true, staffNote: $note) \
    { orderCancelUserErrors { message } } }";

const READDRESS: &str = "mutation Readdress($input: OrderInput!) { orderUpdate(input: $input) \
    { order { id } userErrors { message } } }";

impl Shopify {
    /// The order with this number. Where the app may not see old ones, it says from when on it does.
    pub(in crate::sync) async fn order_numbered(
        &self,
        remote: &Remote,
        number: &OrderNumber,
    ) -> Result<Told, SyncError> {
        let Some(query) = by_number(number) else {
            return Ok(Told::default());
        };
        let mut told = self.search(remote, &query).await?;
        told.orders.retain(|one| one.order.number == *number);
        Ok(told)
    }

    /// Orders that may have been placed with an address, the newest.
    pub(in crate::sync) async fn orders_of(
        &self,
        remote: &Remote,
        email: &str,
    ) -> Result<Told, SyncError> {
        self.search(remote, &format!("email:\"{email}\"")).await
    }

    async fn search(&self, remote: &Remote, query: &str) -> Result<Told, SyncError> {
        let variables = json!({ "query": query });
        let found: Found<order::Node> = self
            .api
            .ask(remote, &search(&order::fields()), variables)
            .await?;
        let sees_all = found.current_app_installation.have("read_all_orders");
        let orders = found.orders.nodes.into_iter().map(order::Node::into_order);
        Ok(Told {
            orders: orders
                .collect::<Result<_, String>>()
                .map_err(|reason| SyncError::Strange { who: WHO, reason })?,
            days: (!sees_all).then_some(DAYS),
        })
    }

    pub(in crate::sync) async fn change_order(
        &self,
        remote: &Remote,
        number: &OrderNumber,
        change: &Change,
    ) -> Result<Outcome, SyncError> {
        let Some(query) = by_number(number) else {
            return Ok(Outcome::ForPeople);
        };
        let found: Found<Handle> = self
            .api
            .ask(remote, &search(HANDLE), json!({ "query": query }))
            .await?;
        let mut nodes = found.orders.nodes.into_iter();
        let handle = nodes.find(|node| is_named(&node.name, number));
        let may_write = found.current_app_installation.have("write_orders");
        let Some(handle) = handle.filter(|_| may_write) else {
            return Ok(Outcome::ForPeople);
        };
        match change {
            Change::Cancel => self.cancel(remote, &handle).await,
            Change::Address { to } => self.readdress(remote, handle, to).await,
        }
    }

    async fn cancel(&self, remote: &Remote, handle: &Handle) -> Result<Outcome, SyncError> {
        let variables = json!({ "id": handle.id, "note": NOTE });
        let data: Value = self.api.ask(remote, CANCEL, variables).await?;
        let wrong = errors(&data, "/orderCancel/orderCancelUserErrors");
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            let order = self.order(remote, &handle.id).await?;
            if order.is_some_and(|one| one.order.status == OrderStatus::Cancelled) {
                return Ok(Outcome::Done);
            }
            if let Some(wrong) = wrong {
                tracing::warn!("Shopify does not cancel an order: {wrong}");
                return Ok(Outcome::ForPeople);
            }
        }
        Err(SyncError::Busy {
            who: WHO,
            wait: BETWEEN_LOOKS,
            why: "the cancellation is not through yet".to_owned(),
        })
    }

    /// Only within a country without provinces: another one has other taxes and another postage.
    async fn readdress(
        &self,
        remote: &Remote,
        handle: Handle,
        to: &str,
    ) -> Result<Outcome, SyncError> {
        let (Some(to), Some(Value::Object(before))) =
            (PostalAddress::read(to), handle.shipping_address)
        else {
            return Ok(Outcome::ForPeople);
        };
        let of = |name: &str| before.get(name).filter(|value| !value.is_null());
        let Some(country) = of("countryCodeV2").filter(|_| of("provinceCode").is_none()) else {
            return Ok(Outcome::ForPeople);
        };
        let mut address = json!({
            "address1": to.street, "address2": to.more, "zip": to.postcode, "city": to.city, "countryCode": country,
        });
        for name in ["firstName", "lastName", "company", "phone"] {
            if let Some(value) = of(name) {
                address[name] = value.clone();
            }
        }
        let input = json!({ "input": { "id": handle.id, "shippingAddress": address } });
        let data: Value = self.api.ask(remote, READDRESS, input).await?;
        if let Some(wrong) = errors(&data, "/orderUpdate/userErrors") {
            tracing::warn!("Shopify does not change an address: {wrong}");
            return Ok(Outcome::ForPeople);
        }
        Ok(Outcome::Done)
    }
}

/// The first of a mutation's errors.
fn errors<'d>(data: &'d Value, at: &str) -> Option<&'d str> {
    let errors = data.pointer(at)?.as_array()?;
    errors.first()?.get("message")?.as_str()
}
