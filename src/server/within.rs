//! What is asked of every caller of the API: not too often, and who they are when they say so.

use super::problem::Problem;
use super::{Service, client};
use crate::conversation::ConversationId;
use crate::shoppers::{Shopper, TokenDigest};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use std::net::SocketAddr;

/// One request more of this address, within its limit. Stands first among a handler's arguments.
pub(super) struct WithinLimit;

impl FromRequestParts<Service> for WithinLimit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let Some(ConnectInfo(peer)) = peer else {
            return Ok(Self);
        };
        let address = client(peer.ip(), &parts.headers);
        let within = service.door.limits.request(address, 1);
        within.map_err(|wait| Problem::TooManyRequests { wait })?;
        Ok(Self)
    }
}

/// Whose conversation it is: the visitor whose token the request carries, stored or on a socket of ours.
///
/// # Errors
/// [`Problem::Nobody`] without a token, or with one that nobody has.
pub(super) async fn visitor(service: &Service, headers: &HeaderMap) -> Result<Shopper, Problem> {
    if let Some(shopper) = sent_by(service, headers).await? {
        return Ok(shopper);
    }
    let guest = token(headers).and_then(|token| {
        let digest = TokenDigest::of(token);
        service.door.guests.by_token(&digest)
    });
    guest.ok_or(Problem::Nobody)
}

/// Whose conversation it is, and which: one that has begun.
///
/// # Errors
/// [`Problem::Nobody`] as above, [`Problem::NotFound`] before the first message.
pub(super) async fn conversation_of(
    service: &Service,
    headers: &HeaderMap,
) -> Result<(Shopper, ConversationId), Problem> {
    let shopper = visitor(service, headers).await?;
    let journal = service.door.conversations.journal();
    let latest = journal.latest_of(&shopper.id).await?;
    Ok((shopper, latest.ok_or(Problem::NotFound)?))
}

/// A page of an allowed origin, or no page: browsers name no origin where a page reads from its own.
pub(super) fn from_allowed_page(service: &Service, headers: &HeaderMap) -> Result<(), Problem> {
    let origin = headers.get(header::ORIGIN);
    let origin = origin.map(|value| value.to_str().unwrap_or("unreadable"));
    match origin {
        Some(page) if !service.door.admits(Some(page)) => Err(Problem::Origin {
            origin: page.to_owned(),
        }),
        _ => Ok(()),
    }
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(sent.strip_prefix("Bearer ")?.trim())
}

/// The visitor whose token the request carries; none for a token that nobody has, or no longer.
pub(super) async fn sent_by(
    service: &Service,
    headers: &HeaderMap,
) -> Result<Option<Shopper>, Problem> {
    let Some(token) = token(headers) else {
        return Ok(None);
    };
    let found = service
        .door
        .shoppers
        .by_token(&TokenDigest::of(token))
        .await;
    found.map_err(|error| {
        tracing::error!("a visitor could not be looked up: {error}");
        Problem::Store
    })
}
