//! A strict Shopify: it refuses what the real one refuses.

use super::{serve, shop_with};
use crate::promises::server::TestShop;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post as on_post;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub(super) const TOKEN: &str = "shpat_canary_token";
pub(super) const SECRETS: [(&str, &str); 2] = [
    ("SHOPTALK_SHOPIFY_TOKEN", TOKEN),
    ("SHOPTALK_SHOPIFY_SECRET", "canary-webhook-secret"),
];
/// Every field that may be asked for; another one is an error, as it is there.
const FIELDS: &str = "query Products Product Variants Order Orders Item Int String ID first after id query sortKey \
    UPDATED_AT shop currencyCode products product variants orders order nodes pageInfo hasNextPage endCursor handle title \
    descriptionHtml vendor productType tags status onlineStoreUrl createdAt options name values sku barcode price \
    compareAtPrice availableForSale inventoryQuantity selectedOptions value media on MediaImage image url altText \
    inventoryItem tracked inventoryPolicy variant email phone cancelledAt displayFinancialStatus displayFulfillmentStatus totalRefundedSet totalPriceSet \
    totalShippingPriceSet shopMoney amount fulfillments displayStatus estimatedDeliveryAt deliveredAt trackingInfo company \
    Standing myshopifyDomain currentAppInstallation accessScopes number lineItems variantTitle quantity originalUnitPriceSet shippingAddress zip Search CREATED_AT reverse true \
    mutation Cancel note orderCancel orderId reason CUSTOMER refundMethod \
    originalPaymentMethodsRefund restock notifyCustomer staffNote orderCancelUserErrors message Readdress input \
    OrderInput orderUpdate userErrors firstName lastName company provinceCode countryCodeV2";

pub(super) const CLIENT_ID: &str = "0123456789abcdef0123456789abcdef";
pub(super) const CLIENT_SECRET: &str = "shpss_canary_client_secret";
pub(super) const APP: [(&str, &str); 1] = [("SHOPTALK_SHOPIFY_CLIENT_SECRET", CLIENT_SECRET)];

/// What an app of the Dev Dashboard was given.
pub(super) struct Granting {
    /// What is said instead of a token: status, and JSON or a page.
    pub(super) refuses: Option<(StatusCode, &'static str)>,
    pub(super) scope: &'static str,
    /// Tokens given so far; only the newest is known.
    pub(super) given: u32,
    /// Seconds a token lasts, as it is said.
    pub(super) lasts: u64,
}

impl Default for Granting {
    fn default() -> Self {
        Self {
            refuses: None,
            scope: "read_products,read_inventory,read_orders",
            given: 0,
            lasts: 86_399,
        }
    }
}

#[derive(Default)]
pub(super) struct Shelf {
    pub(super) granting: Granting,
    /// Whether orders may be read.
    pub(super) no_orders: bool,
    pub(super) products: BTreeMap<String, Value>,
    pub(super) orders: BTreeMap<String, Value>,
    /// Questions answered, by the name of their operation.
    pub(super) asked: Vec<String>,
    /// Questions still to be turned away for want of budget.
    pub(super) throttle: u32,
    /// Most of a page before a question is too dear.
    pub(super) dearest: u64,
    /// What the app may do.
    pub(super) scopes: Vec<&'static str>,
    /// Orders that only `read_all_orders` shows.
    pub(super) old: Vec<String>,
    /// What is cancelled shows so after this many looks.
    pub(super) looks: u32,
    /// Nothing is answered but that.
    pub(super) down: bool,
}

#[derive(Clone, Default)]
pub(super) struct Fake(pub(super) Arc<Mutex<Shelf>>);

async fn graphql(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let mut shelf = fake.0.lock().unwrap();
    let token = header("x-shopify-access-token");
    let given = shelf.granting.given;
    if token != TOKEN && (given == 0 || token != format!("shpat_canary_{given}")) {
        return (
            StatusCode::UNAUTHORIZED,
            "{\"errors\":\"[API] Invalid API key or access token\"}",
        )
            .into_response();
    }
    if header("content-type") != "application/json" {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let query = asked["query"].as_str().unwrap();
    let variables = &asked["variables"];
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    for word in words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())) {
        let known = FIELDS.split_whitespace().any(|field| field == word);
        if !known && !query.contains(&format!("${word}")) {
            return wrong(&format!("Field '{word}' doesn't exist"), "undefinedField");
        }
    }
    if shelf.down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    if shelf.throttle > 0 {
        shelf.throttle -= 1;
        return axum::Json(json!({
            "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }],
            "extensions": { "cost": { "requestedQueryCost": 12, "throttleStatus":
                { "maximumAvailable": 2000.0, "currentlyAvailable": 4, "restoreRate": 100.0 } } },
        }))
        .into_response();
    }
    let name = query
        .trim_start_matches("query")
        .trim_start_matches("mutation")
        .trim()
        .split(['(', ' ', '{'])
        .next()
        .unwrap();
    shelf.asked.push(name.to_owned());
    let first = variables["first"].as_u64().unwrap_or(1);
    if first > shelf.dearest {
        return wrong(
            "Query cost is 2034, which exceeds the single query max cost limit 1000",
            "MAX_COST_EXCEEDED",
        );
    }
    let page = |all: &BTreeMap<String, Value>| {
        let after = variables["after"]
            .as_str()
            .map(|cursor| cursor.trim_start_matches("after:").to_owned());
        let rest: Vec<(&String, &Value)> = all
            .iter()
            .filter(|(id, _)| after.as_ref().is_none_or(|after| *id > after))
            .collect();
        let nodes: Vec<&Value> = rest
            .iter()
            .take(first as usize)
            .map(|(_, node)| *node)
            .collect();
        let last = rest
            .iter()
            .take(first as usize)
            .next_back()
            .map(|(id, _)| format!("after:{id}"));
        json!({ "nodes": nodes, "pageInfo": { "hasNextPage": rest.len() > nodes.len(), "endCursor": last } })
    };
    let id = variables["id"].as_str().unwrap_or_default();
    let data = match name {
        "" => json!({ "shop": { "currencyCode": "EUR" } }),
        "Standing" => {
            let scopes = shelf.granting.scope.split(',');
            let scopes: Vec<Value> = scopes.map(|scope| json!({ "handle": scope })).collect();
            json!({
                "shop": { "currencyCode": "EUR", "myshopifyDomain": "fell.myshopify.com" },
                "currentAppInstallation": { "accessScopes": scopes },
            })
        }
        "Products" => json!({ "products": page(&shelf.products) }),
        "Orders" if shelf.no_orders => {
            return wrong(
                "Access denied for orders field. Required access: `read_orders` access scope.",
                "ACCESS_DENIED",
            );
        }
        "Product" => json!({ "product": shelf.products.get(id) }),
        "Orders" => {
            assert!(
                variables["query"]
                    .as_str()
                    .unwrap()
                    .starts_with("updated_at:>='20")
            );
            json!({ "orders": page(&shelf.orders) })
        }
        "Order" => {
            let looks = shelf.looks;
            shelf.looks = looks.saturating_sub(1);
            let order = shelf.orders.get_mut(id);
            if let Some(order) = order
                && order["cancelling"] == true
                && looks == 0
            {
                order["cancelledAt"] = json!("2026-11-28T10:00:00Z");
            }
            json!({ "order": shelf.orders.get(id) })
        }
        "Search" => search(&shelf, variables["query"].as_str().unwrap()),
        "Cancel" | "Readdress" if !shelf.scopes.contains(&"write_orders") => {
            return wrong("Access denied for mutation field.", "ACCESS_DENIED");
        }
        "Cancel" => {
            assert!(variables["note"].is_string());
            let order = shelf.orders.get_mut(id).unwrap();
            let known = order["cancelledAt"].is_string();
            let errors = match known {
                true => json!([{ "message": "Order has already been cancelled" }]),
                false => json!([]),
            };
            order["cancelling"] = json!(true);
            json!({ "orderCancel": { "orderCancelUserErrors": errors } })
        }
        "Readdress" => {
            let input = &variables["input"];
            let address = &input["shippingAddress"];
            let order = shelf.orders.get_mut(input["id"].as_str().unwrap());
            let order = order.unwrap();
            let errors = match address["city"].as_str().unwrap() {
                "Nowhere" => json!([{ "message": "Shipping address zip is not valid for Norway" }]),
                _ => {
                    order["shippingAddress"] = address.clone();
                    json!([])
                }
            };
            json!({ "orderUpdate": { "order": { "id": input["id"] }, "userErrors": errors } })
        }
        "Item" => {
            json!({ "inventoryItem": { "variant": { "product": { "id": "gid://shopify/Product/1" } } } })
        }
        "Variants" => {
            let more = variant("More", "45.00", true, 2);
            json!({ "product": { "variants": { "nodes": [more], "pageInfo": { "hasNextPage": false, "endCursor": null } } } })
        }
        other => panic!("{other} is asked"),
    };
    axum::Json(json!({ "data": data })).into_response()
}

/// Where an app is given a token; strict about form and words.
async fn grant(State(fake): State<Fake>, headers: HeaderMap, body: String) -> Response {
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    let wanted = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"
    );
    let mut shelf = fake.0.lock().unwrap();
    if let Some((status, said)) = shelf.granting.refuses {
        return (status, said).into_response();
    }
    if body != wanted {
        let said = json!({ "error": "invalid_client", "error_description": "Client authentication failed" });
        return (StatusCode::BAD_REQUEST, axum::Json(said)).into_response();
    }
    shelf.granting.given += 1;
    let Granting {
        given,
        scope,
        lasts,
        ..
    } = shelf.granting;
    let token = format!("shpat_canary_{given}");
    axum::Json(json!({ "access_token": token, "scope": scope, "expires_in": lasts }))
        .into_response()
}

/// Shopify's search syntax, as far as it may be used: anything else is an error here.
fn search(shelf: &Shelf, query: &str) -> Value {
    let quoted = |text: &str, field: &str| {
        let inside = text.strip_prefix(field)?.strip_prefix(":\"")?;
        let inside = inside.strip_suffix('"')?;
        (!inside.contains(['"', '\\', '*', ' '])).then(|| inside.to_owned())
    };
    let sees_all = shelf.scopes.contains(&"read_all_orders");
    let visible = shelf
        .orders
        .iter()
        .filter(|(id, _)| sees_all || !shelf.old.contains(id));
    let orders: Vec<&Value> = if let Some(email) = quoted(query, "email") {
        let is = |order: &&Value| order["email"].as_str().unwrap_or("").to_lowercase() == email;
        visible.map(|(_, order)| order).filter(is).collect()
    } else {
        let names: Vec<String> = query
            .split(" OR ")
            .map(|part| quoted(part, "name").unwrap_or_else(|| panic!("{query} is searched")))
            .collect();
        // As there: the beginning of a name is enough.
        let is = |order: &&Value| {
            let name = order["name"].as_str().unwrap();
            names.iter().any(|wanted| name.starts_with(wanted.as_str()))
        };
        visible.map(|(_, order)| order).filter(is).collect()
    };
    let scopes = shelf
        .scopes
        .iter()
        .map(|handle| json!({ "handle": handle }));
    json!({
        "orders": { "nodes": orders },
        "currentAppInstallation": { "accessScopes": scopes.collect::<Vec<_>>() },
    })
}

fn wrong(message: &str, code: &str) -> Response {
    axum::Json(json!({ "errors": [{ "message": message, "extensions": { "code": code } }] }))
        .into_response()
}

pub(super) fn variant(size: &str, price: &str, sold: bool, count: i64) -> Value {
    json!({
        "id": "gid://shopify/ProductVariant/1", "sku": format!("FJ-{size}"), "barcode": "4006381333931", "title": size,
        "price": price, "compareAtPrice": "99.00", "availableForSale": sold, "inventoryQuantity": count,
        "selectedOptions": [{ "name": "Size", "value": size }],
    })
}

pub(super) fn product(
    number: u64,
    title: &str,
    status: &str,
    variants: Vec<Value>,
    more: bool,
) -> (String, Value) {
    let id = format!("gid://shopify/Product/{number}");
    let product = json!({
        "id": id, "handle": title.to_lowercase().replace(' ', "-"), "title": title,
        "descriptionHtml": "<p>Knitted in <b>one piece</b>.</p>", "vendor": "Fell & Co", "productType": "Jumpers",
        "tags": ["warm"], "status": status, "onlineStoreUrl": format!("https://fell.example/products/{number}"),
        "createdAt": "2026-10-01T08:00:00Z", "options": [{ "name": "Size", "values": ["M", "L"] }],
        "variants": { "nodes": variants, "pageInfo": { "hasNextPage": more, "endCursor": "v100" } },
        "media": { "nodes": [{ "image": { "url": "https://cdn.example/1.jpg", "altText": null } }, {}] },
    });
    (id, product)
}

pub(super) fn order(number: u64) -> (String, Value) {
    let id = format!("gid://shopify/Order/{number}");
    let money = |amount: &str| json!({ "shopMoney": { "amount": amount, "currencyCode": "EUR" } });
    let order = json!({
        "id": id, "name": format!("#{number}"), "email": "Ana@Example.com", "phone": null,
        "createdAt": "2026-11-18T08:00:00Z", "cancelledAt": null, "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "FULFILLED", "totalPriceSet": money("83.90"), "totalShippingPriceSet": money("4.90"),
        "fulfillments": [{ "status": "SUCCESS", "displayStatus": "IN_TRANSIT", "createdAt": "2026-11-19T10:00:00Z",
            "estimatedDeliveryAt": "2026-11-22T00:00:00Z", "deliveredAt": null,
            "trackingInfo": [{ "company": "DHL", "number": "JJD1", "url": "https://track.example/JJD1" }] }],
        "lineItems": { "nodes": [{ "title": "Fell jumper", "variantTitle": "M", "quantity": 1, "sku": "FJ-M",
            "originalUnitPriceSet": money("79.00") }] },
        "shippingAddress": { "zip": "0150", "phone": null },
    });
    (id, order)
}

pub(super) async fn fake() -> (Fake, TestShop) {
    fake_with("").await
}

/// With more settings of the shop's.
pub(super) async fn fake_with(settings: &str) -> (Fake, TestShop) {
    let fake = Fake::default();
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.dearest = 250;
        shelf.products.extend([
            product(
                1,
                "Fell jumper",
                "ACTIVE",
                vec![
                    variant("M", "79.00", true, 4),
                    variant("L", "79.00", false, 0),
                ],
                false,
            ),
            product(
                2,
                "Fell scarf",
                "ACTIVE",
                vec![variant("One", "39.00", true, -1)],
                true,
            ),
            product(
                3,
                "Fell secret",
                "DRAFT",
                vec![variant("S", "1.00", true, 1)],
                false,
            ),
        ]);
        shelf.orders.extend([order(1001)]);
    }
    let router = Router::new()
        .route("/admin/api/2026-10/graphql.json", on_post(graphql))
        .route("/admin/oauth/access_token", on_post(grant))
        .with_state(fake.clone());
    let address = serve(router).await;
    let api = format!("http://{address}/admin/api/2026-10/graphql.json");
    (
        fake,
        shop_with(&format!(
            "[shopify]\nshop = \"fell.myshopify.com\"\napi = \"{api}\"\n{settings}"
        )),
    )
}
