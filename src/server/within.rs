//! What is asked of every caller of the API: not too often, and who they are when they say so.

use super::problem::Problem;
use super::{Service, client};
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

/// The visitor whose token the request carries; none for a token that nobody has, or no longer.
pub(super) async fn sent_by(
    service: &Service,
    headers: &HeaderMap,
) -> Result<Option<Shopper>, Problem> {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let Some(token) = sent.and_then(|value| value.strip_prefix("Bearer ")) else {
        return Ok(None);
    };
    let found = service
        .door
        .shoppers
        .by_token(&TokenDigest::of(token.trim()))
        .await;
    found.map_err(|error| {
        tracing::error!("a visitor could not be looked up: {error}");
        Problem::Store
    })
}
