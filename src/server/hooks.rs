//! Where platforms tell of changes. Who is told no detail: a stranger learns nothing from the answer.

use super::{Service, plain};
use crate::sync::HookError;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::post;
use jiff::Timestamp;

/// A product with a hundred variants and long words is a tenth of it.
const MOST: usize = 4 * 1024 * 1024;

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/hooks/shopify", post(shopify))
        .route("/hooks/woocommerce", post(woocommerce))
        .layer(DefaultBodyLimit::max(MOST))
}

async fn shopify(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    answer(service.hooks.shopify(header, &body, Timestamp::now()).await)
}

async fn woocommerce(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    answer(
        service
            .hooks
            .woocommerce(header, &body, Timestamp::now())
            .await,
    )
}

fn answer(taken: Result<(), HookError>) -> Response {
    match taken {
        Ok(()) => plain(StatusCode::OK, "ok\n"),
        Err(HookError::Unexpected) => {
            plain(StatusCode::NOT_FOUND, "no webhooks are expected here\n")
        }
        Err(HookError::Forged) => plain(StatusCode::UNAUTHORIZED, "the signature is not right\n"),
        Err(HookError::Store(error)) => {
            tracing::error!("a webhook could not be kept: {error}");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not kept; send it again\n")
        }
    }
}
