//! Photos on their way in, and back to who sent them.

use super::Service;
use super::problem::Problem;
use super::within::{WithinLimit, from_allowed_page, visitor};
use crate::uploads::UploadError;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// For the whole of a photo: a slow phone sends 8 MB in this, and nobody holds a place for longer.
const ARRIVES_WITHIN: Duration = Duration::from_secs(120);

/// A photo that was taken; send its id with a message within a day.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Uploaded {
    /// For `attachments` of a message.
    id: String,
    /// Pixels, as it is kept.
    width: u32,
    height: u32,
    /// Of the file that is kept.
    bytes: usize,
}

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/v1/uploads", post(take))
        .route("/v1/uploads/{id}", get(give).delete(take_back))
}

async fn take(
    _: WithinLimit,
    State(service): State<Service>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Uploaded>), Problem> {
    let page = headers.get(header::ORIGIN);
    if !service
        .door
        .admits(page.and_then(|page| page.to_str().ok()))
    {
        let page = page.and_then(|page| page.to_str().ok()).unwrap_or("none");
        return Err(Problem::Origin {
            origin: page.to_owned(),
        });
    }
    let uploads = &service.door.uploads;
    let settings = uploads.settings();
    let too_large = || UploadError::TooLarge {
        most: settings.most_megabytes,
    };
    let shopper = visitor(&service, &headers).await?;
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > settings.most_bytes()) {
        return Err(too_large().into());
    }
    let within = service.door.limits.upload(&shopper.id);
    within.map_err(|wait| Problem::TooManyUploads { wait })?;
    let _place = uploads.place(&shopper).await?;
    let arrived = tokio::time::timeout(ARRIVES_WITHIN, to_bytes(body, settings.most_bytes())).await;
    // Longer than it was announced to be, or it broke off.
    let bytes = match arrived {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(too_large().into()),
        Err(_) => return Err(UploadError::Busy.into()),
    };
    let kept = uploads
        .take(&shopper, bytes.into(), Timestamp::now())
        .await?;
    let uploaded = Uploaded {
        id: kept.photo.id,
        width: kept.photo.width,
        height: kept.photo.height,
        bytes: kept.bytes,
    };
    Ok((StatusCode::CREATED, Json(uploaded)))
}

async fn give(
    _: WithinLimit,
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    from_allowed_page(&service, &headers)?;
    let shopper = visitor(&service, &headers).await?;
    let found = service.door.uploads.open(&id, &shopper).await?;
    let jpeg = found.ok_or(Problem::NotFound)?;
    let headers: [(HeaderName, HeaderValue); 6] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        // Opened by itself, it is a file to save and never a page.
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"photo.jpg\""),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, max-age=600"),
        ),
        (header::VARY, HeaderValue::from_static("authorization")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    Ok((headers, jpeg).into_response())
}

async fn take_back(
    _: WithinLimit,
    State(service): State<Service>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    from_allowed_page(&service, &headers)?;
    let shopper = visitor(&service, &headers).await?;
    service.door.uploads.take_back(&id, &shopper).await?;
    Ok(StatusCode::NO_CONTENT)
}
