//! The one intake for everything that learns: told by the shop's pages, by the widget, or by the shop's own server.

use super::problem::Problem;
use super::within::{WithinLimit, sent_by};
use super::{Service, client};
use crate::channels::widget;
use crate::events::{self, Origin};
use crate::learning;
use crate::shoppers::{self, Identity, Shopper, ShopperId, ShoppersError, TokenDigest};
use crate::store::StoreError;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::routing::post;
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use std::net::SocketAddr;

/// How old a signature may be, and how far ahead its clock: whoever overheard one cannot use it for long.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What became of a batch.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Taken {
    /// Kept, and learnt from.
    pub(super) accepted: usize,
    /// Had come before: nothing was done again.
    pub(super) duplicates: usize,
    /// A new visitor's token, once, when they consented and had none: keep it, and send it as `Authorization: Bearer …`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visitor: Option<String>,
    /// Consent is withdrawn: so many events of this visitor were deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) forgotten: Option<u64>,
}

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/v1/events", post(take))
}

async fn take(
    _: WithinLimit,
    State(service): State<Service>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Taken>, Problem> {
    let now = Timestamp::now();
    let body = body.map_err(|_| Problem::TooLarge)?;
    let origin = origin(&service, &headers, &body, now)?;
    let batch = events::read(&body, now)?;
    let kept = |error: StoreError| {
        tracing::error!("events could not be kept: {error}");
        Problem::Store
    };
    if origin == Origin::Page {
        if batch.shopper.is_some() {
            return Err(Problem::Query {
                field: "shopper",
                help: "only a signed batch may name one".to_owned(),
            });
        }
        // A request was counted already.
        let more = batch.events.len().saturating_sub(1);
        let address = client(peer.ip(), &headers);
        let limits = &service.door.limits;
        let within = limits.request(address, u32::try_from(more).unwrap_or(u32::MAX));
        within.map_err(|wait| Problem::TooManyRequests { wait })?;
    }
    let known = match origin {
        Origin::Page => sent_by(&service, &headers).await?,
        Origin::Signed => match batch.shopper.clone().map(Identity::Known) {
            Some(identity) => named(&service, identity).await.map_err(kept)?,
            None => None,
        },
    };
    if !batch.consent {
        let forgotten = match known.filter(|_| origin == Origin::Page) {
            Some(shopper) => Some(forget(&service, &shopper).await.map_err(kept)?),
            None => None,
        };
        let told = take_in(&service, origin, None, batch, now)
            .await
            .map_err(kept)?;
        return Ok(Json(Taken { forgotten, ..told }));
    }
    let (shopper, token) = match (known, origin) {
        (Some(shopper), _) => (Some(shopper), None),
        (None, Origin::Signed) => (None, None),
        (None, Origin::Page) => {
            let token = widget::fresh_token();
            let shopper = Shopper {
                id: ShopperId::from(uuid::Uuid::now_v7().to_string()),
                identity: Identity::Visitor(TokenDigest::of(&token)),
            };
            (Some(shopper), Some(token))
        }
    };
    let told = take_in(&service, origin, shopper.as_ref(), batch, now)
        .await
        .map_err(kept)?;
    Ok(Json(Taken {
        visitor: token,
        ..told
    }))
}

async fn take_in(
    service: &Service,
    origin: Origin,
    shopper: Option<&Shopper>,
    batch: events::Batch,
    now: Timestamp,
) -> Result<Taken, StoreError> {
    let shop = service.door.shop.load_full();
    let store = &service.door.store;
    let taken = learning::take_in(store, &shop.recommender, (origin, shopper), batch, now).await?;
    service.health.told(taken);
    Ok(Taken {
        accepted: taken.accepted,
        duplicates: taken.duplicates,
        visitor: None,
        forgotten: None,
    })
}

/// A shopper by the shop's own name for them; none for one who asked to be erased.
async fn named(service: &Service, identity: Identity) -> Result<Option<Shopper>, StoreError> {
    let erased = service.door.shoppers.was_erased(&identity).await;
    let ShoppersError::Store(error) = match erased {
        Ok(true) => return Ok(None),
        Ok(false) => {
            let id = ShopperId::from(uuid::Uuid::now_v7().to_string());
            return Ok(Some(Shopper { id, identity }));
        }
        Err(error) => error,
    };
    Err(error)
}

/// Whoever withdraws consent is not remembered from then on: neither what they did nor, where they never spoke, that they
/// were here.
async fn forget(service: &Service, shopper: &Shopper) -> Result<u64, StoreError> {
    let store = &service.door.store;
    let spoke = service
        .door
        .conversations
        .journal()
        .latest_of(&shopper.id)
        .await;
    let mut write = store.begin().await?;
    let gone = events::forget(&mut write, shopper.id.as_str()).await?;
    if matches!(spoke, Ok(None)) {
        shoppers::delete(&mut write, std::slice::from_ref(&shopper.id)).await?;
    }
    write.commit().await?;
    if gone > 0 {
        store.checkpoint().await?;
    }
    Ok(gone)
}

/// Who tells: whoever signs, or a page of an allowed origin.
fn origin(
    service: &Service,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<Origin, Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(signature) = text("webhook-signature") {
        let id = text("webhook-id").unwrap_or_default();
        let at = text("webhook-timestamp").unwrap_or_default();
        let fresh = at
            .parse()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .is_some_and(|at| now.duration_since(at).abs() <= TOLERANCE);
        let genuine = service
            .signing
            .as_ref()
            .is_some_and(|mac| mac.verifies_standard(id, at, body, signature));
        return match fresh && genuine {
            true => Ok(Origin::Signed),
            false => Err(Problem::Unsigned),
        };
    }
    let page = text(header::ORIGIN.as_str());
    match service.door.admits(page) {
        true => Ok(Origin::Page),
        false => Err(Problem::Origin {
            origin: page.unwrap_or("none").to_owned(),
        }),
    }
}
