//! A shopper's conversation, for them alone: to take along, and to delete.

use super::Service;
use super::problem::Problem;
use super::within::{WithinLimit, conversation_of, from_allowed_page, visitor};
use crate::conversation::{Entry, JournalError, SayError, Talk};
use crate::feedback::{self, Said};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::Serialize;

/// All that was said, and all photos.
#[derive(Debug, Serialize)]
struct Download {
    shop: String,
    at: Timestamp,
    conversation: String,
    entries: Vec<Entry>,
    photos: Vec<DownloadedPhoto>,
    /// What the assistant remembers of it.
    remembered: serde_json::Value,
    feedback: Said,
}

#[derive(Debug, Serialize)]
struct DownloadedPhoto {
    id: String,
    /// The file, in base64.
    jpeg: String,
}

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/v1/conversation", get(give).delete(delete))
}

async fn give(
    _: WithinLimit,
    State(service): State<Service>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    from_allowed_page(&service, &headers)?;
    let (shopper, conversation) = conversation_of(&service, &headers).await?;
    let door = &service.door;
    let export = door.conversations.journal().export(&conversation).await?;
    let mut photos = Vec::new();
    for photo in export.photos() {
        if let Some(jpeg) = door.uploads.open(&photo.id, &shopper).await? {
            photos.push(DownloadedPhoto {
                id: photo.id.clone(),
                jpeg: BASE64_STANDARD.encode(jpeg),
            });
        }
    }
    let download = Download {
        shop: door.shop.load().facts.name.clone(),
        at: Timestamp::now(),
        conversation: conversation.to_string(),
        feedback: feedback::said_of(&door.store, conversation.as_str()).await?,
        entries: export.entries,
        remembered: export.remembered,
        photos,
    };
    let headers: [(HeaderName, &str); 2] = [
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"conversation.json\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Json(download)).into_response())
}

/// Deletes the conversation; again, or by a token that nobody has any more, changes nothing and is no mistake.
async fn delete(
    _: WithinLimit,
    State(service): State<Service>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    from_allowed_page(&service, &headers)?;
    if !headers.contains_key(header::AUTHORIZATION) {
        return Err(Problem::Nobody);
    }
    let shopper = match visitor(&service, &headers).await {
        Ok(shopper) => shopper,
        Err(Problem::Nobody) => return Ok(StatusCode::NO_CONTENT),
        Err(other) => return Err(other),
    };
    let conversations = &service.door.conversations;
    if let Some(conversation) = conversations.journal().latest_of(&shopper.id).await? {
        let talk = Talk {
            conversation,
            shopper,
        };
        conversations.delete(talk).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        tracing::error!("a conversation could not be read or deleted: {error}");
        Self::Store
    }
}

impl From<SayError> for Problem {
    fn from(error: SayError) -> Self {
        tracing::error!("a conversation could not be deleted: {error}");
        Self::Store
    }
}
