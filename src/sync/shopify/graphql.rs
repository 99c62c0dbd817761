//! Questions in GraphQL, as fast as the shop's budget allows, with a token that is renewed when it ends.

use super::WHO;
use super::access::Access;
use crate::config::ShopifySettings;
use crate::remote::{Ask, Remote, RemoteError};
use crate::sync::SyncError;
use crate::sync::patience::{self, LONGEST, Pauses};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;
use url::Url;

/// Bytes of an answer.
const MOST: usize = 50_000_000;
/// Times a question is asked again when the budget is used up.
const PATIENCE: u32 = 20;

/// The GraphQL of one shop.
pub(super) struct Api {
    url: Url,
    access: Access,
    pauses: Pauses,
}

#[derive(Deserialize)]
struct Answer {
    /// Not yet what was asked for: beside errors some of it may be missing.
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<Wrong>,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Deserialize)]
struct Wrong {
    message: String,
    #[serde(default)]
    extensions: Code,
}

#[derive(Default, Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

#[derive(Default, Deserialize)]
struct Extensions {
    cost: Option<Cost>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    #[serde(default)]
    requested_query_cost: f64,
    throttle_status: Option<Throttle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Throttle {
    #[serde(default)]
    maximum_available: Option<f64>,
    currently_available: f64,
    restore_rate: f64,
}

impl Api {
    /// # Errors
    /// When the address is none.
    pub(super) fn new(settings: &ShopifySettings) -> Result<Self, SyncError> {
        let url: Url = settings
            .api
            .parse()
            .map_err(|_| RemoteError::Address(settings.api.clone()))?;
        Ok(Self {
            access: Access::new(settings, &url)?,
            url,
            pauses: Pauses::of(WHO),
        })
    }

    /// Asks, waiting for the budget where Shopify says that it is used up.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        remote: &Remote,
        query: &str,
        variables: Value,
    ) -> Result<T, SyncError> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut token = self.access.token(remote).await?;
        let mut renewed = false;
        for _ in 0..PATIENCE {
            let ask = Ask {
                method: Method::POST,
                body: Some(body.clone().into_bytes()),
                ..Ask::get(self.url.clone(), MOST)
            };
            let ask = ask
                .with("content-type", "application/json")
                .with("accept", "application/json")
                .with_secret("x-shopify-access-token", token.reveal());
            let answer = patience::ask(WHO, remote, ask).await?;
            match answer.status {
                StatusCode::OK => {}
                StatusCode::TOO_MANY_REQUESTS => {
                    let wait = answer.retry_after().unwrap_or(Duration::from_secs(2));
                    self.pauses
                        .pause(wait, "Shopify asks to (429 Too Many Requests)")
                        .await?;
                    continue;
                }
                StatusCode::UNAUTHORIZED => {
                    if !renewed && let Some(other) = self.access.renewed(remote, &token).await? {
                        renewed = true;
                        token = other;
                        continue;
                    }
                    return Err(SyncError::Refused {
                        who: WHO,
                        help: self.access.when_unknown(),
                    });
                }
                StatusCode::NOT_FOUND => return Err(self.not_there()),
                status => return Err(unwell(status)),
            }
            let strange = |error: serde_json::Error| SyncError::Strange {
                who: WHO,
                reason: error.to_string(),
            };
            let read: Answer = serde_json::from_slice(&answer.body).map_err(strange)?;
            let throttled = read
                .errors
                .iter()
                .any(|wrong| wrong.extensions.code == "THROTTLED");
            if throttled {
                let wait = refill(read.extensions.cost.as_ref())?;
                self.pauses
                    .pause(
                        wait,
                        "the shop's budget for questions is used up (THROTTLED)",
                    )
                    .await?;
                continue;
            }
            if let Some(wrong) = read.errors.first() {
                return Err(told(wrong));
            }
            let data = read.data.ok_or_else(|| SyncError::Strange {
                who: WHO,
                reason: "neither data nor errors".to_owned(),
            })?;
            return serde_json::from_value(data).map_err(strange);
        }
        Err(self.pauses.too_often())
    }

    /// Which of the two it is only the address tells.
    fn not_there(&self) -> SyncError {
        let (place, path) = (self.url.origin().ascii_serialization(), self.url.path());
        SyncError::Refused {
            who: WHO,
            help: format!(
                "there is no such shop, or no such version of the API: it knows no {path} at {place}; `shop` under [shopify] is the \
                 address that ends in .myshopify.com, and `api` is best left out"
            ),
        }
    }
}

/// How long until there is budget enough for the question again.
///
/// # Errors
/// When there never is.
fn refill(cost: Option<&Cost>) -> Result<Duration, SyncError> {
    let status =
        cost.and_then(|cost| Some((cost.requested_query_cost, cost.throttle_status.as_ref()?)));
    let seconds = match status {
        Some((needed, status)) if status.maximum_available.is_some_and(|most| needed > most) => {
            let help =
                format!("{TOO_DEAR}: a question costs {needed}, and the shop's budget is smaller");
            return Err(SyncError::Refused { who: WHO, help });
        }
        Some((needed, status)) if status.restore_rate > 0.0 => {
            (needed - status.currently_available) / status.restore_rate
        }
        _ => 1.0,
    };
    Ok(Duration::from_secs_f64(if seconds.is_finite() {
        seconds.clamp(0.05, LONGEST.as_secs_f64())
    } else {
        1.0
    }))
}

/// Part of the code of a question that asks for too much at once.
pub(super) const TOO_DEAR: &str = "MAX_COST_EXCEEDED";

fn told(wrong: &Wrong) -> SyncError {
    let help = match wrong.extensions.code.as_str() {
        "ACCESS_DENIED" if wrong.message.contains("not approved") => {
            let help = format!(
                "the app may not see customers' data ({}); ask for \"protected customer data access\" in its settings under API access, \
                 with e-mail, phone and address: orders are proven by them",
                wrong.message
            );
            return SyncError::Denied { who: WHO, help };
        }
        "ACCESS_DENIED" => {
            let help = format!(
                "the token may not read this ({}); give the app the scopes read_products, read_inventory and read_orders, and have the \
                 shop accept them",
                wrong.message
            );
            return SyncError::Denied { who: WHO, help };
        }
        TOO_DEAR => format!("{TOO_DEAR}: {}", wrong.message),
        _ => wrong.message.clone(),
    };
    SyncError::Refused { who: WHO, help }
}

pub(super) fn unwell(status: StatusCode) -> SyncError {
    let help = match status {
        StatusCode::FORBIDDEN => {
            "the token may not do this; give the app the scopes read_products, read_inventory and read_orders".to_owned()
        }
        StatusCode::PAYMENT_REQUIRED | StatusCode::LOCKED => "the shop is frozen or locked".to_owned(),
        other if other.is_redirection() => format!(
            "it answered {other} and sends on elsewhere; `shop` under [shopify] is the address that ends in .myshopify.com"
        ),
        other if other.is_server_error() => {
            format!("it answered {other}; that is on its side: try again in some minutes")
        }
        other => format!("it answered {other}"),
    };
    SyncError::Refused { who: WHO, help }
}
