//! Where platforms tell of changes. Who is told no detail: a stranger learns nothing from the answer.

use super::{Service, plain};
use crate::sync::HookError;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use jiff::Timestamp;

/// A product with a hundred variants and long words is a tenth of it.
const MOST: usize = 4 * 1024 * 1024;

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/hooks/shopify", post(shopify))
        .route("/hooks/woocommerce", post(woocommerce))
        .route("/hooks/{*door}", any(nowhere))
        .layer(DefaultBodyLimit::max(MOST))
}

type Body = Result<Bytes, BytesRejection>;

async fn shopify(State(service): State<Service>, headers: HeaderMap, body: Body) -> Response {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let now = Timestamp::now();
    match body {
        Ok(body) => answer(service.hooks.shopify(header, &body, now).await),
        Err(error) => unread(&service, "shopify", error),
    }
}

async fn woocommerce(State(service): State<Service>, headers: HeaderMap, body: Body) -> Response {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let now = Timestamp::now();
    match body {
        Ok(body) => answer(service.hooks.woocommerce(header, &body, now).await),
        Err(error) => unread(&service, "woocommerce", error),
    }
}

async fn nowhere(State(service): State<Service>, uri: Uri) -> Response {
    service.hooks.nowhere(uri.path(), Timestamp::now());
    plain(StatusCode::NOT_FOUND, "no webhooks are expected here\n")
}

fn unread(service: &Service, platform: &'static str, error: BytesRejection) -> Response {
    let why = format!("its body could not be read ({})", error.status());
    service.hooks.unread(platform, &why, Timestamp::now());
    error.into_response()
}

fn answer(taken: Result<(), HookError>) -> Response {
    match taken {
        Ok(()) => plain(StatusCode::OK, "ok\n"),
        Err(HookError::Unexpected) => {
            plain(StatusCode::NOT_FOUND, "no webhooks are expected here\n")
        }
        Err(HookError::Forged) => plain(StatusCode::UNAUTHORIZED, "the signature is not right\n"),
        Err(HookError::Malformed) => plain(StatusCode::BAD_REQUEST, "the body is no JSON\n"),
        Err(HookError::Elsewhere) => plain(StatusCode::FORBIDDEN, "this is not your shop\n"),
        Err(HookError::Store(error)) => {
            tracing::error!("a webhook could not be kept: {error}");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not kept; send it again\n")
        }
    }
}
