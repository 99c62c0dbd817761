//! Where messengers call. What they bring is on the disk before they hear "ok"; a stranger learns nothing from the answer.

use super::{Service, plain};
use crate::channels::ReceiveError;
use crate::channels::bridge::{Incoming, Refusal};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/bridges/{account}", get(receive).post(receive))
}

async fn receive(
    State(service): State<Service>,
    Path(account): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(longest) = service.bridges.longest(&account) else {
        return plain(StatusCode::NOT_FOUND, "nobody is called here\n");
    };
    // Whoever breaks off hears nothing anyway.
    let Ok(body) = axum::body::to_bytes(body, longest).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "it is too long\n");
    };
    if headers.contains_key(header::CONTENT_ENCODING) {
        return plain(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send it as it is, not compressed\n",
        );
    }
    let now = Timestamp::now();
    let read = {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let asked = uri.path_and_query().map_or("", |asked| asked.as_str());
        let request = Incoming {
            get: method != Method::POST,
            uri: asked,
            query: uri.query().unwrap_or_default(),
            header: &header,
            body: &body,
        };
        service.bridges.read(&account, &request, now)
    };
    let taken = match read {
        Ok(heard) => service.bridges.take(&account, heard, now).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(reply) => ([(header::CONTENT_TYPE, reply.kind)], reply.body).into_response(),
        Err(ReceiveError::Nobody) => plain(StatusCode::NOT_FOUND, "nobody is called here\n"),
        Err(ReceiveError::Refused(refusal)) => match refusal {
            Refusal::Forged => plain(StatusCode::UNAUTHORIZED, "the signature is not right\n"),
            Refusal::Forbidden => plain(StatusCode::FORBIDDEN, "no\n"),
            Refusal::Malformed => plain(StatusCode::BAD_REQUEST, "something is missing\n"),
            Refusal::Form => plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not in this form\n"),
        },
        Err(ReceiveError::Store(error)) => {
            tracing::error!(account, "a message could not be kept: {error}");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not kept; send it again\n")
        }
    }
}
