//! The HTTP floor: router, limits, health, metrics, drain.
//!
//! Who may enter where:
//!
//! | path | who |
//! | --- | --- |
//! | `/`, `/products/…`, `/cart`, `/theme`, `/demo/…`, `/pictures/…` | anyone: the demo shop |
//! | `/widget.js`, `/widget/…` | anyone, from any page |
//! | `/v1/chat` | pages of an allowed origin |
//! | `/v1/catalog`, `/v1/search`, `/v1/recommendations/…`, `/v1/openapi.json` | anyone: what the shop shows anyway; rows of their own whoever has a visitor's token |
//! | `/v1/events` | pages of an allowed origin, or whoever signs with `SHOPTALK_EVENTS_SECRET` |
//! | `/v1/uploads…` | pages of an allowed origin with the token of a chat; a photo is given to nobody but who sent it |
//! | `/v1/conversation`, `/v1/feedback`, `/v1/rating` | whoever has the token of a chat, for that chat; not pages of other origins |
//! | `/alerts/…` | whoever has the link of a letter; within the limit of requests |
//! | `/hooks/shopify`, `/hooks/woocommerce` | whoever signs with the platform's secret |
//! | `/bridges/…` | whoever signs, or shows what was agreed on, as that platform does |
//! | `/healthz`, `/readyz`, `/metrics` | anyone who reaches the port; keep it behind the proxy |

mod alerts;
mod assets;
mod bridges;
mod conversation;
mod events;
mod feedback;
mod health;
mod heard;
mod hooks;
mod listen;
mod openapi;
mod pictures;
mod problem;
mod reload;
mod shop_api;
mod suggestions;
mod uploads;
mod within;

pub use listen::{Stopped, serve};
pub use reload::watch;

use crate::channels::Bridges;
use crate::channels::widget::{self, Door};
use crate::config::{Secret, WidgetSettings};
use crate::mail;
use crate::remote::Mac;
use crate::sync::{self, Hooks};
use assets::WidgetFiles;
use axum::Router;
use axum::extract::{
    ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State, WebSocketUpgrade,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use health::Health;
use problem::Problem;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

/// How long a browser need not ask again what a page may call.
const PREFLIGHT_LASTS: Duration = Duration::from_secs(2 * 60 * 60);

/// Everything the routes share.
#[derive(Clone)]
pub struct Service {
    pub door: Arc<Door>,
    hooks: Hooks,
    bridges: Arc<Bridges>,
    /// Of the shop's own server; none when no secret is set.
    signing: Option<Arc<Mac>>,
    health: Arc<Health>,
    widget: Arc<WidgetFiles>,
}

impl Service {
    /// `events_secret` is what the shop's own server signs events with; `widget` says when the chat may speak first.
    pub fn new(
        door: Arc<Door>,
        hooks: Hooks,
        bridges: Arc<Bridges>,
        events_secret: Option<&Secret>,
        widget: WidgetSettings,
        synced: &sync::Tally,
        mailed: &mail::Tally,
    ) -> Self {
        let health = Arc::new(Health::new(&door.tally, synced, mailed, bridges.tally()));
        Self {
            door,
            hooks,
            bridges,
            signing: events_secret
                .and_then(|secret| Mac::standard(secret.reveal()))
                .map(Arc::new),
            health,
            widget: Arc::new(WidgetFiles::new(widget)),
        }
    }

    /// Counts a new generation of content, published or refused.
    pub fn reloaded(&self, published: bool) {
        self.health.reloaded(published);
    }

    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/chat", get(chat))
            .merge(self.api())
            .merge(alerts::routes())
            .merge(hooks::routes())
            .merge(bridges::routes())
            .merge(health::routes())
            .merge(pictures::routes())
            .merge(assets::routes())
            .fallback(|| async { Problem::NotFound })
            .layer(DefaultBodyLimit::max(64 * 1024))
            .layer(axum::middleware::from_fn(heard::to_its_end))
            .layer(SetResponseHeaderLayer::if_not_present(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ))
            .layer(SetResponseHeaderLayer::if_not_present(
                header::REFERRER_POLICY,
                HeaderValue::from_static("strict-origin-when-cross-origin"),
            ))
            .with_state(self.clone())
    }
}

impl Service {
    /// What pages of other origins may call from a browser, where they are allowed ones.
    fn api(&self) -> Router<Self> {
        let door = Arc::clone(&self.door);
        let admitted = move |origin: &HeaderValue, _: &Parts| door.admits(origin.to_str().ok());
        let cors = CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(admitted))
            .allow_methods([Method::GET, Method::POST, Method::DELETE])
            .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
            .max_age(PREFLIGHT_LASTS);
        Router::new()
            .merge(shop_api::routes())
            .merge(suggestions::routes())
            .merge(events::routes())
            .merge(uploads::routes())
            .merge(feedback::routes())
            .merge(conversation::routes())
            .merge(openapi::routes())
            .layer(cors)
    }
}

/// The widget's socket: origin and address are checked before anything is upgraded.
async fn chat(
    State(service): State<Service>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    let origin = parts
        .headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .map(str::to_owned);
    if !service.door.admits(origin.as_deref()) {
        return Err(Problem::Origin {
            origin: origin.unwrap_or_else(|| "none".to_owned()),
        });
    }
    if service.door.closing.is_cancelled() {
        return Err(Problem::Draining);
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &service).await;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let offered = parts.headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let speaks = offered
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim() == widget::PROTOCOL);
    if !speaks {
        return Err(Problem::Protocol);
    }
    let address = client(peer.ip(), &parts.headers);
    let Some(place) = service.door.limits.socket(address) else {
        return Err(Problem::TooManySockets);
    };
    Ok(widget::upgrade(Arc::clone(&service.door), place, upgrade))
}

/// The shopper's address: the connection's own, unless it comes from a proxy on this machine, which
/// names it last in `X-Forwarded-For`. From anywhere else that header is a claim, not a fact.
fn client(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !peer.to_canonical().is_loopback() {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(',').next_back());
    last.and_then(|address| address.trim().parse().ok())
        .unwrap_or(peer)
}

/// A status alone, for answers without words.
fn plain(status: StatusCode, words: &'static str) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        words,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("198.51.100.7, 203.0.113.9"),
        );
        let far: IpAddr = "192.0.2.1".parse().unwrap();
        assert_eq!(client(far, &headers), far);
        assert_eq!(
            client([127, 0, 0, 1].into(), &headers),
            "203.0.113.9".parse::<IpAddr>().unwrap()
        );
    }
}
