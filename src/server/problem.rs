//! What went wrong, as HTTP says it: a status, a stable code and a sentence. The only place where
//! errors of other rooms become statuses.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("there is nothing at this address")]
    NotFound,
    #[error("pages of this origin may not open the chat; add it to allowed_origins under [server]")]
    Origin { origin: String },
    #[error("the socket must offer the protocol shoptalk.v1")]
    Protocol,
    #[error("this address has too many chats open; close one")]
    TooManySockets,
    #[error("`{field}` is not right: {help}")]
    Query { field: &'static str, help: String },
    #[error("the server is restarting; try again in a moment")]
    Draining,
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Origin { .. } => StatusCode::FORBIDDEN,
            Self::Protocol | Self::Query { .. } => StatusCode::BAD_REQUEST,
            Self::TooManySockets => StatusCode::TOO_MANY_REQUESTS,
            Self::Draining => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Origin { .. } => "origin_not_allowed",
            Self::Protocol => "protocol_required",
            Self::TooManySockets => "too_many_sockets",
            Self::Query { .. } => "bad_query",
            Self::Draining => "draining",
        }
    }

    fn retry_seconds(&self) -> Option<&'static str> {
        match self {
            Self::TooManySockets => Some("30"),
            Self::Draining => Some("2"),
            _ => None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Origin { origin } = &self {
            tracing::info!(%origin, "a page of an origin that is not allowed asked for the chat");
        }
        let body =
            serde_json::json!({ "error": { "code": self.code(), "message": self.to_string() } });
        let mut response = (self.status(), Json(body)).into_response();
        if let Some(seconds) = self.retry_seconds() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}
