//! What the shop's pages ask: the catalog, and a search as it is typed with what narrows it.

use super::Service;
use super::problem::Problem;
use super::within::WithinLimit;
use crate::catalog::{self, Currency, Filters, Hit, Money, Product, Sort};
use crate::dialogue::{self, block::ProductCard};
use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of a search, at most.
const LONGEST: usize = 200;
/// Products of an answer, when nothing is said, and at most.
const USUAL: usize = 12;
const MOST: usize = 50;
/// The catalog does not know what sells: so many of the best matches are put in the order of their sales.
const LOOKED_AT: usize = 200;
/// Values asked for at once.
const MOST_WISHES: usize = 8;

/// The whole catalog.
#[derive(Serialize, JsonSchema)]
pub(super) struct Goods {
    products: Vec<Arc<Product>>,
}

pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/v1/catalog", get(catalog))
        .route("/v1/search", get(search))
}

async fn catalog(State(service): State<Service>) -> Json<Goods> {
    let shop = service.door.shop.load();
    Json(Goods {
        products: shop.catalog.products().to_vec(),
    })
}

/// What a search box sends.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Asked {
    /// The words, at most 200 bytes.
    #[serde(default)]
    q: String,
    /// The last word may still be being typed.
    #[serde(default)]
    typing: bool,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    brand: Option<String>,
    /// `colour:navy,size:M`
    #[serde(default)]
    with: Option<String>,
    /// In the shop's currency, `19.90`.
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    in_stock: bool,
    /// `relevance`, `price`, `price_down`, `rating`, `newest`, `popular`.
    #[serde(default)]
    sort: Option<String>,
    /// 1 to 50; 12 when left out.
    #[serde(default)]
    limit: Option<usize>,
}

/// What was found.
#[derive(Default, Serialize, JsonSchema)]
pub(super) struct Found {
    items: Vec<ProductCard>,
    /// Products that have all of the words, shown or not.
    total: usize,
    /// What they differ in: name → value → how many.
    facets: BTreeMap<String, Vec<(String, usize)>>,
    kinds: Vec<(String, usize)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repaired: Option<String>,
}

async fn search(
    _: WithinLimit,
    State(service): State<Service>,
    Query(asked): Query<Asked>,
) -> Result<Json<Found>, Problem> {
    let shop = service.door.shop.load();
    let query = query(&asked, shop.facts.currency)?;
    if asked.typing {
        let hits = shop.catalog.find_as_typed(&query);
        return Ok(Json(Found {
            total: hits.len(),
            items: hits.iter().map(dialogue::hit_card).collect(),
            ..Found::default()
        }));
    }
    let by_sales = asked.sort.as_deref() == Some("popular");
    let found = shop.catalog.find(&catalog::Query {
        limit: if by_sales { LOOKED_AT } else { query.limit },
        ..query.clone()
    });
    let mut hits = found.hits;
    if by_sales {
        let sold = |hit: &Hit| shop.recommender.sold(&hit.product.sku);
        hits.sort_by(|a, b| sold(b).total_cmp(&sold(a)));
        hits.truncate(query.limit);
    }
    let facets = shop.catalog.facets(&query);
    Ok(Json(Found {
        items: hits.iter().map(dialogue::hit_card).collect(),
        total: facets.total.max(hits.len()),
        facets: facets
            .attributes
            .into_iter()
            .map(|facet| (facet.name, facet.values))
            .collect(),
        kinds: facets.kinds,
        repaired: found.repaired,
    }))
}

fn query(asked: &Asked, currency: Currency) -> Result<catalog::Query, Problem> {
    let wrong = |field: &'static str, help: &str| Problem::Query {
        field,
        help: help.to_owned(),
    };
    if asked.q.len() > LONGEST {
        return Err(wrong("q", "it is longer than 200 bytes"));
    }
    let price = |field: &'static str, text: &Option<String>| {
        let read = text
            .as_deref()
            .map(|text| Money::parse(text, currency))
            .transpose();
        read.map_err(|error| wrong(field, &error.to_string()))
    };
    let pairs = asked
        .with
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .filter(|pair| !pair.is_empty());
    let attributes = pairs.take(MOST_WISHES).map(|pair| {
        let (name, value) = pair
            .split_once(':')
            .ok_or_else(|| wrong("with", "write name:value, like colour:navy"))?;
        Ok((name.trim().to_lowercase(), value.trim().to_owned()))
    });
    let sort = match asked.sort.as_deref().unwrap_or("relevance") {
        "relevance" | "popular" => Sort::Relevance,
        "price" => Sort::PriceAscending,
        "price_down" => Sort::PriceDescending,
        "rating" => Sort::Rating,
        "newest" => Sort::Newest,
        _ => {
            return Err(wrong(
                "sort",
                "one of relevance, price, price_down, rating, newest, popular",
            ));
        }
    };
    Ok(catalog::Query {
        text: asked.q.clone(),
        filters: Filters {
            price_from: price("from", &asked.from)?,
            price_to: price("to", &asked.to)?,
            category: asked.category.clone().filter(|name| !name.is_empty()),
            brand: asked.brand.clone().filter(|name| !name.is_empty()),
            attributes: attributes.collect::<Result<_, Problem>>()?,
            in_stock: asked.in_stock,
            ..Filters::default()
        },
        sort,
        limit: asked.limit.unwrap_or(USUAL).clamp(1, MOST),
    })
}
