use super::{post, serve, shop_with, sync, until};
use crate::promises::server::{TestShop, Visitor};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use shoptalk::remote::hmac_base64;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub(super) const SECRETS: [(&str, &str); 3] = [
    ("SHOPTALK_WOOCOMMERCE_KEY", "ck_canary"),
    ("SHOPTALK_WOOCOMMERCE_SECRET", "cs_canary"),
    ("SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET", "canary-hook"),
];
/// Base64 of `ck_canary:cs_canary`.
const BASIC: &str = "Basic Y2tfY2FuYXJ5OmNzX2NhbmFyeQ==";

#[derive(Default)]
pub(super) struct Shelf {
    /// What every question is refused with.
    pub(super) refuses: Option<(StatusCode, &'static str)>,
    /// What questions for orders are refused with.
    pub(super) no_orders: bool,
    products: Vec<Value>,
    pub(super) orders: Vec<Value>,
    /// Questions still to be turned away.
    pub(super) busy: u32,
    /// `Retry-After` of those.
    pause: &'static str,
    pub(super) asked: Vec<String>,
    /// Nothing is answered but that.
    pub(super) down: bool,
    /// The key may write.
    pub(super) writes: bool,
}

#[derive(Clone, Default)]
pub(super) struct Fake(pub(super) Arc<Mutex<Shelf>>);

fn wrong(status: StatusCode, code: &str) -> Response {
    let body = json!({ "code": code, "message": "Sorry.", "data": { "status": status.as_u16() } });
    (status, axum::Json(body)).into_response()
}

async fn api(
    State(fake): State<Fake>,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|value| value != BASIC)
    {
        return wrong(StatusCode::UNAUTHORIZED, "woocommerce_rest_cannot_view");
    }
    let mut shelf = fake.0.lock().unwrap();
    if shelf.down {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    if shelf.busy > 0 {
        shelf.busy -= 1;
        return (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, shelf.pause)],
        )
            .into_response();
    }
    if let Some((status, body)) = shelf.refuses {
        return (status, body).into_response();
    }
    shelf.asked.push(path.clone());
    let number = |name: &str, default: usize| {
        query
            .get(name)
            .map_or(default, |text| text.parse().unwrap())
    };
    let (page, per_page) = (number("page", 1), number("per_page", 10));
    if per_page > 100 {
        return wrong(StatusCode::BAD_REQUEST, "rest_invalid_param");
    }
    let list = |all: &[Value]| {
        let pages = all.len().div_ceil(per_page).max(1);
        let items: Vec<Value> = all
            .iter()
            .skip((page - 1) * per_page)
            .take(per_page)
            .cloned()
            .collect();
        let head = [
            ("X-WP-Total", all.len().to_string()),
            ("X-WP-TotalPages", pages.to_string()),
        ];
        (head, axum::Json(items)).into_response()
    };
    let one = |all: &[Value], id: &str| match all
        .iter()
        .find(|item| item["id"] == json!(id.parse::<u64>().unwrap_or(0)))
    {
        Some(item) => axum::Json(item.clone()).into_response(),
        None => wrong(StatusCode::NOT_FOUND, "woocommerce_rest_product_invalid_id"),
    };
    match path.split('/').collect::<Vec<_>>()[..] {
        ["data", "currencies", "current"] => axum::Json(json!({ "code": "EUR" })).into_response(),
        // This key may not read settings.
        ["settings", ..] => wrong(StatusCode::FORBIDDEN, "woocommerce_rest_cannot_view"),
        ["products", "categories"] => list(&[
            json!({ "id": 7, "name": "Clothing", "parent": 0 }),
            json!({ "id": 8, "name": "Hats &amp; caps", "parent": 7 }),
        ]),
        ["products"] => list(&shelf.products),
        ["products", id] => one(&shelf.products, id),
        ["products", "44", "variations"] => list(&[
            json!({ "id": 45, "status": "publish", "sku": "HOOD-B", "regular_price": "45", "sale_price": "35",
                "date_on_sale_from_gmt": null, "date_on_sale_to_gmt": null, "stock_quantity": 6, "stock_status": "instock",
                "image": { "src": "https://harbour.example/b.jpg" }, "attributes": [{ "id": 1, "name": "Color", "option": "Blue" }] }),
            json!({ "id": 46, "status": "publish", "sku": "HOOD", "regular_price": "45", "sale_price": "",
                "date_on_sale_from_gmt": null, "date_on_sale_to_gmt": null, "stock_quantity": null, "stock_status": "outofstock",
                "image": null, "attributes": [{ "id": 1, "name": "Color", "option": "Red" }] }),
        ]),
        ["orders"] if shelf.no_orders => {
            wrong(StatusCode::FORBIDDEN, "woocommerce_rest_cannot_view")
        }
        // As there: the id, the number and the address are searched, generously.
        ["orders"] if query.contains_key("search") => {
            let words = query["search"].to_lowercase();
            let found = shelf.orders.iter().filter(|order| {
                let number = order["number"].as_str().unwrap().to_lowercase();
                let email = order["billing"]["email"].as_str().unwrap_or("");
                number.contains(&words)
                    || email.contains(&words)
                    || order["id"]
                        .as_u64()
                        .is_some_and(|id| words.parse() == Ok(id))
            });
            let found: Vec<Value> = found.cloned().collect();
            list(&found)
        }
        ["orders"] => list(&shelf.orders),
        ["orders", id] => one(&shelf.orders, id),
        _ => wrong(StatusCode::NOT_FOUND, "rest_no_route"),
    }
}

async fn put(
    State(fake): State<Fake>,
    Path(path): Path<String>,
    headers: HeaderMap,
    axum::Json(wished): axum::Json<Value>,
) -> Response {
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|value| value != BASIC)
    {
        return wrong(StatusCode::UNAUTHORIZED, "woocommerce_rest_cannot_view");
    }
    let mut shelf = fake.0.lock().unwrap();
    shelf.asked.push(format!("PUT {path}"));
    if !shelf.writes {
        let code = "woocommerce_rest_authentication_error";
        return wrong(StatusCode::UNAUTHORIZED, code);
    }
    let id: u64 = path.strip_prefix("orders/").unwrap().parse().unwrap();
    let mut orders = shelf.orders.iter_mut();
    let order = orders.find(|order| order["id"] == id).unwrap();
    for (name, value) in wished.as_object().unwrap() {
        match value {
            Value::Object(parts) => {
                for (part, value) in parts {
                    order[name][part] = value.clone();
                }
            }
            value => order[name] = value.clone(),
        }
    }
    axum::Json(order.clone()).into_response()
}

fn product(id: u64, name: &str, kind: &str, price: &str) -> Value {
    json!({
        "id": id, "name": name, "slug": "x", "permalink": format!("https://harbour.example/?p={id}"), "parent_id": 0,
        "date_created_gmt": "2026-10-01T08:00:00", "type": kind, "status": "publish", "catalog_visibility": "visible",
        "description": "<p>Brushed cotton.</p>", "short_description": "", "sku": if kind == "variable" { "HOOD" } else { "" },
        "regular_price": price, "sale_price": "", "date_on_sale_from_gmt": null, "date_on_sale_to_gmt": null,
        "stock_quantity": null, "stock_status": "instock", "weight": "0.6", "dimensions": { "length": "", "width": "", "height": "" },
        "average_rating": "4.50", "rating_count": 2, "categories": [{ "id": 7, "name": "Clothing" }, { "id": 8, "name": "Hats &amp; caps" }],
        "tags": [{ "id": 1, "name": "soft" }], "images": [{ "src": "https://harbour.example/1.jpg", "alt": "" }],
        "attributes": [{ "id": 2, "name": "Material", "variation": false, "options": ["Cotton"] }],
    })
}

pub(super) async fn fake() -> (Fake, TestShop) {
    fake_with("").await
}

/// With more settings of the shop's.
pub(super) async fn fake_with(settings: &str) -> (Fake, TestShop) {
    let fake = Fake::default();
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.pause = "0";
        shelf
            .products
            .push(product(44, "Harbour hoodie", "variable", ""));
        shelf
            .products
            .extend((100..230).map(|id| product(id, &format!("Harbour cap {id}"), "simple", "18")));
        shelf.products.push(product(300, "The set", "grouped", ""));
        shelf.orders.push(json!({
            "id": 901, "number": "HB-901", "status": "completed", "currency": "EUR", "date_created_gmt": "2026-11-18T08:00:00",
            "date_paid_gmt": "2026-11-18T08:05:00", "date_completed_gmt": "2026-11-19T08:00:00", "total": "49.90",
            "shipping_total": "4.90", "billing": { "email": "ana@example.com", "phone": "", "postcode": "0150" },
            "shipping": { "postcode": "" }, "line_items": [{ "name": "Harbour hoodie", "quantity": 1, "sku": "HOOD-B", "total": "45.00" }],
            "meta_data": [{ "id": 1, "key": "_wc_shipment_tracking_items", "value": [{ "tracking_provider": "posten",
                "tracking_number": "TR77", "custom_tracking_link": "https://track.example/TR77" }] }],
        }));
        shelf.orders.push(
            json!({ "id": 902, "number": "902", "status": "checkout-draft", "currency": "EUR",
            "date_created_gmt": "2026-11-18T08:00:00", "total": "1" }),
        );
    }
    let router = Router::new()
        .route("/wp-json/wc/v3/{*path}", get(api).put(put))
        .with_state(fake.clone());
    let address = serve(router).await;
    (
        fake,
        shop_with(&format!(
            "[woocommerce]\nurl = \"http://{address}\"\n{settings}"
        )),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_woocommerce_shop_is_read_whole_page_by_page() {
    let (fake, shop) = fake().await;
    fake.0.lock().unwrap().busy = 2;
    let (code, said) = sync(&shop, &SECRETS).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains(
            "woocommerce: 131 products (131 new or changed, 0 gone, 1 not on sale), 1 order (1 new or changed)"
        ),
        "{said}"
    );
    let asked = fake.0.lock().unwrap().asked.clone();
    assert_eq!(
        asked.iter().filter(|path| *path == "products").count(),
        2,
        "132 products are two pages"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_suddenly_answers_nothing_keeps_what_was_there() {
    let (fake, shop) = fake().await;
    let (code, said) = sync(&shop, &SECRETS).await;
    assert_eq!(code, Some(0), "{said}");
    fake.0.lock().unwrap().products.clear();
    let (code, said) = sync(&shop, &SECRETS).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("nothing was changed") && said.contains("what was there before stays"),
        "{said}"
    );
    fake.0
        .lock()
        .unwrap()
        .products
        .push(product(44, "Harbour hoodie", "variable", ""));
    let (_, said) = sync(&shop, &SECRETS).await;
    assert!(said.contains("(0 new or changed, 130 gone"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_bring_products_and_orders_and_the_first_greeting_is_answered() {
    let (fake, shop) = fake().await;
    let mut command = shop.command();
    command.envs(SECRETS);
    let server = shop.serve_by(command);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "harbour hoodie", "Harbour hoodie", true).await;
    let (_, reply) = visitor
        .say("order", "where is my order HB-901? ana@example.com")
        .await
        .unwrap();
    assert!(reply.to_string().contains("TR77"), "{reply}");

    assert_eq!(
        post(&shop, "/hooks/woocommerce", &[], "webhook_id=3").await,
        200
    );
    assert_eq!(
        post(
            &shop,
            "/hooks/woocommerce",
            &[("X-WC-Webhook-Topic", "product.updated")],
            "{\"id\":44}"
        )
        .await,
        401
    );

    fake.0
        .lock()
        .unwrap()
        .products
        .push(product(400, "Harbour scarf", "simple", "25"));
    let body = json!({ "id": 400 }).to_string();
    let signature = hmac_base64("canary-hook", body.as_bytes()).unwrap();
    let headers = |topic: &'static str, delivery: &'static str, signature: &'static str| {
        [
            ("X-WC-Webhook-Topic", topic),
            ("X-WC-Webhook-Delivery-ID", delivery),
            ("X-WC-Webhook-Signature", signature),
        ]
    };
    let signed: &'static str = signature.leak();
    assert_eq!(
        post(
            &shop,
            "/hooks/woocommerce",
            &headers("product.created", "d1", signed),
            &body
        )
        .await,
        200
    );
    until(&mut visitor, "harbour scarf", "Harbour scarf", true).await;

    // In the bin: it is not on sale any more.
    fake.0
        .lock()
        .unwrap()
        .products
        .retain(|product| product["id"] != 400);
    assert_eq!(
        post(
            &shop,
            "/hooks/woocommerce",
            &headers("product.deleted", "d2", signed),
            &body
        )
        .await,
        200
    );
    until(&mut visitor, "harbour scarf", "Harbour scarf", false).await;
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(
        !log.contains("cs_canary") && !log.contains("canary-hook"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_owner_gets_wrong_is_told_with_what_to_do() {
    let (_, shop) = fake().await;
    let (code, said) = sync(&shop, &SECRETS[..1]).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("SHOPTALK_WOOCOMMERCE_SECRET"), "{said}");
    let wrong = [SECRETS[0], ("SHOPTALK_WOOCOMMERCE_SECRET", "cs_wrong")];
    let (code, said) = sync(&shop, &wrong).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("the key is not right") && !said.contains("cs_wrong"),
        "{said}"
    );
    let path = shop.path("config.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let elsewhere = settings
        .lines()
        .map(|line| match line.starts_with("url = ") {
            true => format!("{}/blog\"", line.trim_end_matches('"')),
            false => line.to_owned(),
        });
    std::fs::write(&path, elsewhere.collect::<Vec<_>>().join("\n")).unwrap();
    let (_, said) = sync(&shop, &SECRETS).await;
    assert!(said.contains("permalinks"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_woocommerce_is_named() {
    let (fake, shop) = fake().await;
    let unauthorized = StatusCode::UNAUTHORIZED;
    for (status, body, words) in [
        (
            unauthorized,
            r#"{"code":"woocommerce_rest_authentication_error","message":"The API key provided does not have read permissions.","data":{"status":401}}"#,
            "does not have read permissions.\": SHOPTALK_WOOCOMMERCE_KEY",
        ),
        (
            StatusCode::NOT_FOUND,
            r#"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}"#,
            "is the WooCommerce plugin active there",
        ),
        (
            unauthorized,
            r#"{"code":"rest_login_required","message":"REST API restricted to <b>authenticated</b> users.","data":{"status":401}}"#,
            "keeps its REST API closed (rest_login_required: REST API restricted to authenticated users.)",
        ),
        (
            StatusCode::NOT_FOUND,
            "<html>Nothing here</html>",
            "permalinks",
        ),
        (
            StatusCode::FORBIDDEN,
            "<html>Attention Required! | Cloudflare</html>",
            "something before WordPress",
        ),
    ] {
        fake.0.lock().unwrap().refuses = Some((status, body));
        let (code, said) = sync(&shop, &SECRETS).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(words), "{words} in: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_not_read_orders_brings_products_and_a_pause_is_told() {
    let (fake, shop) = fake().await;
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.no_orders = true;
        shelf.busy = 1;
        shelf.pause = "1";
    }
    let (code, said) = sync(&shop, &SECRETS).await;
    assert_eq!(code, Some(0), "{said}");
    for words in [
        "waiting 1 s because WooCommerce has no time for us (429 Too Many Requests)",
        "woocommerce: 131 products",
        "no orders read",
        "orders are missing: WooCommerce refuses: the key may not read this",
    ] {
        assert!(said.contains(words), "{words} in: {said}");
    }
    fake.0.lock().unwrap().pause = "900";
    fake.0.lock().unwrap().busy = 1;
    let (code, said) = sync(&shop, &SECRETS).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("to be tried again in 900 s, because WooCommerce has no time"),
        "{said}"
    );
}
