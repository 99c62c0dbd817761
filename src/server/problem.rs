//! What went wrong, as HTTP says it: a status, a stable code and a sentence. The only place where
//! errors of other rooms become statuses.

use crate::events::ReadError;
use crate::uploads::UploadError;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("there is nothing at this address")]
    NotFound,
    #[error("pages of this origin may not enter; add it to allowed_origins under [server]")]
    Origin { origin: String },
    #[error("the socket must offer the protocol shoptalk.v1")]
    Protocol,
    #[error("this address has too many chats open; close one")]
    TooManySockets,
    #[error("`{field}` is not right: {help}")]
    Query { field: &'static str, help: String },
    #[error("{0}")]
    Events(#[from] ReadError),
    #[error("it is larger than 64 KiB; send less at once")]
    TooLarge,
    #[error("the signature is not right, older than five minutes, or no secret is set here")]
    Unsigned,
    #[error(
        "say whose conversation it is: the token of the chat's welcome, as `Authorization: Bearer …`"
    )]
    Nobody,
    #[error("{0}")]
    Upload(#[from] UploadError),
    #[error("too many photos from this chat; wait a moment")]
    TooManyUploads { wait: Duration },
    #[error("too many requests from this address; wait a moment")]
    TooManyRequests { wait: Duration },
    #[error("the store takes no writes now; send it again in a moment")]
    Store,
    #[error("the server is restarting; try again in a moment")]
    Draining,
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Origin { .. } => StatusCode::FORBIDDEN,
            Self::Protocol | Self::Query { .. } | Self::Events(_) => StatusCode::BAD_REQUEST,
            Self::Unsigned | Self::Nobody => StatusCode::UNAUTHORIZED,
            Self::Upload(error) => upload_status(error),
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooManySockets | Self::TooManyRequests { .. } | Self::TooManyUploads { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::Draining | Self::Store => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Origin { .. } => "origin_not_allowed",
            Self::Protocol => "protocol_required",
            Self::TooManySockets => "too_many_sockets",
            Self::Query { .. } => "bad_query",
            Self::Events(_) => "bad_events",
            Self::TooLarge => "too_large",
            Self::Unsigned => "bad_signature",
            Self::Nobody => "token_required",
            Self::Upload(error) => upload_code(error),
            Self::TooManyUploads { .. } => "too_many_requests",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Store => "store_unavailable",
            Self::Draining => "draining",
        }
    }

    fn retry_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManySockets => Some(30),
            Self::TooManyRequests { wait } | Self::TooManyUploads { wait } => {
                Some(wait.as_secs() + 1)
            }
            Self::Draining | Self::Store => Some(2),
            _ => None,
        }
    }
}

fn upload_status(error: &UploadError) -> StatusCode {
    match error {
        UploadError::Off | UploadError::TooMany { .. } => StatusCode::CONFLICT,
        UploadError::TooLarge { .. } | UploadError::TooManyPixels => StatusCode::PAYLOAD_TOO_LARGE,
        UploadError::NotAPhoto => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        UploadError::Damaged | UploadError::Infected => StatusCode::UNPROCESSABLE_ENTITY,
        UploadError::Unchecked
        | UploadError::Busy
        | UploadError::Disk(_)
        | UploadError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn upload_code(error: &UploadError) -> &'static str {
    match error {
        UploadError::Off => "uploads_off",
        UploadError::TooLarge { .. } => "too_large",
        UploadError::NotAPhoto => "not_a_photo",
        UploadError::TooManyPixels => "too_many_pixels",
        UploadError::Damaged => "damaged",
        UploadError::TooMany { .. } => "too_many_photos",
        UploadError::Infected => "infected",
        UploadError::Unchecked => "unchecked",
        UploadError::Busy => "busy",
        UploadError::Disk(_) | UploadError::Store(_) => "store_unavailable",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Origin { origin } = &self {
            tracing::info!(%origin, "a page of an origin that is not allowed knocked");
        }
        let body =
            serde_json::json!({ "error": { "code": self.code(), "message": self.to_string() } });
        let mut response = (self.status(), Json(body)).into_response();
        if let Some(seconds) = self.retry_seconds() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
