//! What the demo shop's pages ask: the catalog, and what goes with a product.

use super::Service;
use super::problem::Problem;
use crate::catalog::Product;
use crate::dialogue::{self, block::ProductCard};
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// Suggestions under a product.
const BESIDE: usize = 4;

#[derive(Serialize)]
struct Goods {
    products: Vec<Arc<Product>>,
}

#[derive(Serialize)]
struct Suggestions {
    items: Vec<ProductCard>,
}

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/v1/catalog", get(catalog))
        .route("/v1/recommendations/product/{sku}", get(beside))
}

async fn catalog(State(service): State<Service>) -> Json<Goods> {
    let shop = service.door.shop.load();
    Json(Goods {
        products: shop.catalog.products().to_vec(),
    })
}

async fn beside(
    State(service): State<Service>,
    Path(sku): Path<String>,
) -> Result<Json<Suggestions>, Problem> {
    let shop = service.door.shop.load();
    let product = shop.catalog.product(&sku).ok_or(Problem::NotFound)?;
    let items = dialogue::beside(&shop, &product.sku, BESIDE, Timestamp::now());
    Ok(Json(Suggestions { items }))
}
