//! Suggestions for the places of a shop's pages and mails, each with its reason.

use super::Service;
use super::problem::Problem;
use super::within::{WithinLimit, sent_by};
use crate::dialogue::{self, Place, Row};
use crate::learning;
use crate::recommend::Placement;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Products of a row, when nothing is said, and at most.
const USUAL: usize = 4;
const MOST: usize = 20;
/// SKUs taken from a list.
const MOST_SKUS: usize = 50;
/// Bytes of a list.
const LONGEST: usize = 4_000;

/// Suggestions for one place.
#[derive(Serialize, JsonSchema)]
pub(super) struct Rows {
    /// `product`, `cart`, `home`, `after_purchase`, `no_results` or `email`.
    pub(super) placement: String,
    /// What this visitor did may have counted.
    pub(super) personal: bool,
    pub(super) rows: Vec<Row>,
}

/// What a page asks for.
#[derive(Default, Deserialize, JsonSchema)]
pub(super) struct Wanted {
    /// SKUs with commas between, at most 50, oldest first: the page's product, what is in the cart, or what was bought.
    #[serde(default)]
    items: String,
    /// SKUs not to suggest.
    #[serde(default)]
    exclude: String,
    /// Products of each row, 1 to 20; 4 when left out.
    #[serde(default)]
    limit: Option<usize>,
    /// `en`; the shop's own language when left out, or not spoken here.
    #[serde(default)]
    language: Option<String>,
}

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/v1/recommendations/{placement}", get(place))
}

async fn place(
    _: WithinLimit,
    State(service): State<Service>,
    headers: HeaderMap,
    Path(placement): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let placement = Placement::parse(&placement).ok_or(Problem::NotFound)?;
    let place = Place {
        placement: placement.as_str().to_owned(),
        items: skus("items", &wanted.items)?,
        exclude: skus("exclude", &wanted.exclude)?,
        personal: true,
        limit: wanted.limit.unwrap_or(USUAL).clamp(1, MOST),
    };
    let profile = match sent_by(&service, &headers).await? {
        Some(shopper) => {
            let found = learning::profile_of(&service.door.store, shopper.id.as_str()).await;
            found.map_err(|error| {
                tracing::error!("what a visitor did could not be read: {error}");
                Problem::Store
            })?
        }
        None => None,
    };
    let shop = service.door.shop.load();
    let language = wanted.language.as_deref();
    let rows = Rows {
        placement: place.placement.clone(),
        personal: profile.is_some(),
        rows: dialogue::rows(&shop, place, profile.as_ref(), language, Timestamp::now()),
    };
    // One visitor's rows must not be another's.
    let kept = [(CACHE_CONTROL, "no-store"), (VARY, "authorization")];
    Ok((kept, Json(rows)).into_response())
}

fn skus(field: &'static str, list: &str) -> Result<Vec<String>, Problem> {
    let all = list.split(',').map(str::trim).filter(|sku| !sku.is_empty());
    let all: Vec<String> = all.map(str::to_owned).collect();
    match all.len() <= MOST_SKUS && list.len() <= LONGEST {
        true => Ok(all),
        false => Err(Problem::Query {
            field,
            help: "at most 50 codes, 4000 bytes in all".to_owned(),
        }),
    }
}
