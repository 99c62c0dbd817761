//! The same where orders are kept elsewhere, by somebody who takes longer for a number that exists.

use super::{
    Coin, NEVER_LOCKED, RIGHT, Times, WALKS, WRONG, differ, gap, number, order as kept, start,
};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shoptalk::config::{
    OrderServerSettings, Secret, ShopifyAccess, ShopifySettings, ShopsSettings, WooCommerceSettings,
};
use shoptalk::orders::{Asker, Finding, Lookup, OrderNumber, OrderTable};
use shoptalk::store::Store;
use shoptalk::sync::order_lookup;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Fewer than in the table: each takes seconds.
const NUMBERS: u64 = 800;
/// Visitors who ask at a time.
const AT_ONCE: usize = 100;
/// What tells an order apart where it is kept.
const LONGER: Duration = Duration::from_millis(60);

/// Every other number is an order; its position, if the text is such a number.
fn existing(text: &str) -> Option<u64> {
    let n: u64 = text.trim_matches('"').strip_prefix("SH-")?.parse().ok()?;
    let n = n.checked_sub(10_000)?;
    n.is_multiple_of(2).then_some(n)
}

async fn take_time(exists: bool) {
    if exists {
        tokio::time::sleep(LONGER).await;
    }
}

fn email(n: u64) -> String {
    format!("other-{n}@example.com")
}

async fn own_server(body: String) -> Response {
    let asked: Value = serde_json::from_str(&body).unwrap();
    let number = asked["number"].as_str().unwrap();
    let found = existing(number);
    take_time(found.is_some()).await;
    let orders = found.map(|n| {
        json!({ "number": number, "placed_at": "2026-11-14T09:12:00Z", "status": "paid",
            "customer": { "email": email(n) }, "total": "1.00", "lines": [] })
    });
    let orders: Vec<Value> = orders.into_iter().collect();
    axum::Json(json!({ "orders": orders })).into_response()
}

async fn shopify(body: String) -> Response {
    let asked: Value = serde_json::from_str(&body).unwrap();
    let query = asked["variables"]["query"].as_str().unwrap();
    let name = query.split(['"']).nth(1).unwrap();
    let found = existing(name);
    take_time(found.is_some()).await;
    let money = json!({ "shopMoney": { "amount": "1.00", "currencyCode": "EUR" } });
    let orders = found.map(|n| {
        json!({ "id": "gid://shopify/Order/1", "name": name, "email": email(n), "createdAt": "2026-11-18T08:00:00Z",
            "displayFinancialStatus": "PAID", "totalPriceSet": money, "lineItems": { "nodes": [] } })
    });
    let orders: Vec<Value> = orders.into_iter().collect();
    let data =
        json!({ "orders": { "nodes": orders }, "currentAppInstallation": { "accessScopes": [] } });
    axum::Json(json!({ "data": data })).into_response()
}

async fn woocommerce(
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if path != "orders" {
        let body =
            json!({ "code": "woocommerce_rest_shop_order_invalid_id", "message": "", "data": {} });
        return (axum::http::StatusCode::NOT_FOUND, axum::Json(body)).into_response();
    }
    let number = &query["search"];
    let found = existing(number);
    take_time(found.is_some()).await;
    let orders = found.map(|n| {
        json!({ "id": n, "number": number, "status": "processing", "currency": "EUR", "total": "1.00",
            "date_created_gmt": "2026-11-18T08:00:00", "billing": { "email": email(n) } })
    });
    let orders: Vec<Value> = orders.into_iter().collect();
    axum::Json(orders).into_response()
}

struct Shop {
    lookup: Arc<dyn Lookup>,
    _folder: tempfile::TempDir,
}

/// One whose orders are kept where `settings` say, given the address of a fake of all three.
async fn shop(settings: impl FnOnce(&str) -> ShopsSettings) -> Shop {
    let router = Router::new()
        .route("/own", post(own_server))
        .route("/graphql.json", post(shopify))
        .route("/wp-json/wc/v3/{*path}", get(woocommerce));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("shop.db")).await.unwrap();
    let mut write = store.begin().await.unwrap();
    let own = kept(OrderNumber::new("SH-99999"), RIGHT);
    shoptalk::orders::upsert_orders(&mut write, &[own])
        .await
        .unwrap();
    write.commit().await.unwrap();
    let table = OrderTable::open(store.clone(), NEVER_LOCKED).await.unwrap();
    let settings = ShopsSettings {
        private_addresses: true,
        ..settings(&address)
    };
    let currency = "EUR".parse().unwrap();
    let lookup = order_lookup(&settings, false, currency, store, table).unwrap();
    Shop {
        lookup,
        _folder: folder,
    }
}

/// Asks for every number with both addresses, in an order that is drawn by lot, a hundred at a time.
async fn walk(lookup: &dyn Lookup, begin: Timestamp) -> Times {
    let mut coin = Coin(begin.as_second().unsigned_abs());
    let mut walked: Vec<u64> = (0..2 * NUMBERS).collect();
    coin.shuffle(&mut walked);
    let asked = walked
        .into_iter()
        .enumerate()
        .map(|(nth, drawn)| async move {
            let (n, is_right) = (drawn / 2, drawn % 2 == 0);
            let asker = Asker {
                shopper: format!("visitor {nth}"),
            };
            let at = begin + SignedDuration::from_secs(nth as i64);
            let email = if is_right { RIGHT } else { WRONG };
            let began = Instant::now();
            let found = lookup.find(&number(n), email, &asker, at).await.unwrap();
            let took = began.elapsed().as_secs_f64();
            assert_eq!(found, Finding::NotFound);
            (n, is_right, took)
        });
    let asked = futures_util::stream::iter(asked).buffer_unordered(AT_ONCE);
    let told: Vec<(u64, bool, f64)> = asked.collect().await;
    let mut times = Times::default();
    for (n, is_right, took) in told {
        let by_email = if is_right {
            &mut times.right
        } else {
            &mut times.wrong
        };
        by_email.push(took);
        let by_number = if n % 2 == 0 {
            &mut times.existing
        } else {
            &mut times.missing
        };
        by_number.push(took);
    }
    times
}

async fn tells_nothing(kept_by: &str, settings: impl FnOnce(&str) -> ShopsSettings) {
    let shop = shop(settings).await;
    let mut gaps = Vec::new();
    for nth in 0..WALKS {
        let begin = start() + SignedDuration::from_hours(24 * nth as i64);
        let times = walk(&*shop.lookup, begin).await;
        let by_email = gap(&times.right, &times.wrong);
        let by_number = gap(&times.existing, &times.missing);
        gaps.push((by_email, by_number));
        println!("{kept_by}, walk {nth}: by address {by_email:.3}, by number {by_number:.3}");
        if !differ(&times.right, &times.wrong) && !differ(&times.existing, &times.missing) {
            // Who has proven an order hears it at once: there the difference is, and is noticed.
            let mut again = Times::default();
            for n in 0..200 {
                let began = Instant::now();
                shop.lookup.again(&number(n)).await.unwrap();
                let took = began.elapsed().as_secs_f64();
                let times = if n % 2 == 0 {
                    &mut again.existing
                } else {
                    &mut again.missing
                };
                times.push(took);
            }
            assert!(differ(&again.existing, &again.missing));
            return;
        }
    }
    panic!(
        "{kept_by}: look-ups can be told apart by their time; gaps by address and by number: {gaps:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_the_shops_own_server_tells_nothing() {
    let settings = |address: &str| ShopsSettings {
        orders: Some(OrderServerSettings {
            url: format!("{address}/own"),
            secret: Secret::new("a secret of both"),
        }),
        ..ShopsSettings::default()
    };
    tells_nothing("own server", settings).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_shopify_tells_nothing() {
    let settings = |address: &str| ShopsSettings {
        shopify: Some(ShopifySettings {
            shop: "fell.myshopify.com".to_owned(),
            api: format!("{address}/graphql.json"),
            access: ShopifyAccess::Token(Secret::new("shpat_x")),
            webhook_secrets: Vec::new(),
        }),
        ..ShopsSettings::default()
    };
    tells_nothing("Shopify", settings).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_woocommerce_tells_nothing() {
    let settings = |address: &str| ShopsSettings {
        woocommerce: Some(WooCommerceSettings {
            url: address.to_owned(),
            key: Secret::new("ck_x"),
            secret: Secret::new("cs_x"),
            webhook_secret: None,
        }),
        ..ShopsSettings::default()
    };
    tells_nothing("WooCommerce", settings).await;
}
