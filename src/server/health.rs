//! Whether the server lives, whether it can serve, and what it has counted.

use super::{Service, plain};
use crate::channels::{BridgeTally, Tally};
use crate::learning::Taken;
use crate::mail;
use crate::sync;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use std::time::Duration;

/// A store that does not take a write for this long is not ready.
const WRITE_WITHIN: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    published: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Told {
    outcome: &'static str,
}

pub(super) struct Health {
    registry: Registry,
    reloads: Family<Outcome, Counter>,
    events: Family<Told, Counter>,
}

impl Health {
    pub(super) fn new(
        tally: &Tally,
        synced: &sync::Tally,
        mailed: &mail::Tally,
        bridged: &BridgeTally,
    ) -> Self {
        let mut registry = Registry::with_prefix("shoptalk");
        tally.register(&mut registry);
        synced.register(&mut registry);
        mailed.register(&mut registry);
        bridged.register(&mut registry);
        let reloads = Family::<Outcome, Counter>::default();
        registry.register(
            "reloads",
            "Generations of content, by whether they were published",
            reloads.clone(),
        );
        let events = Family::<Told, Counter>::default();
        registry.register(
            "events",
            "Events told, by what became of them",
            events.clone(),
        );
        Self {
            registry,
            reloads,
            events,
        }
    }

    pub(super) fn told(&self, taken: Taken) {
        for (outcome, count) in [
            ("accepted", taken.accepted),
            ("duplicate", taken.duplicates),
        ] {
            let counter = self.events.get_or_create(&Told { outcome });
            counter.inc_by(count as u64);
        }
    }

    pub(super) fn reloaded(&self, published: bool) {
        let published = if published { "yes" } else { "no" };
        self.reloads.get_or_create(&Outcome { published }).inc();
    }
}

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "ok\n") }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// Ready: not draining, and the store takes a write.
async fn ready(State(service): State<Service>) -> Response {
    if service.door.closing.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    match tokio::time::timeout(WRITE_WITHIN, probe(&service)).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the store takes no writes\n",
            )
        }
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "the store is busy\n"),
    }
}

async fn probe(service: &Service) -> Result<(), crate::store::StoreError> {
    service.door.store.begin().await?.commit().await
}

async fn metrics(State(service): State<Service>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &service.health.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the metrics cannot be written\n",
        ),
    }
}
