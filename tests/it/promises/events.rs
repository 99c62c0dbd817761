//! Events: who may tell them, once and not too many, and nothing personal without consent.

use super::server::{PATIENCE, TestShop, until};
use serde_json::{Value, json};
use shoptalk::remote::hmac_base64;
use std::io::{Read, Write};
use std::net::TcpStream;

const SECRET: &str = "a secret of the shop's own server";

/// Posts a batch and returns the status, the head and the body.
fn post(shop: &TestShop, headers: &[(&str, &str)], body: &str) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(shop.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A body that is refused may not be read to its end.
    let _ = stream.write_all(body.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (
        status,
        head.to_lowercase(),
        serde_json::from_str(body).unwrap_or(Value::Null),
    )
}

fn from_page(shop: &TestShop, batch: &Value) -> (u16, Value) {
    let origin = format!("http://{}", shop.address());
    let (status, _, body) = post(shop, &[("origin", &origin)], &batch.to_string());
    (status, body)
}

fn signed(shop: &TestShop, batch: &Value) -> (u16, Value) {
    let (id, at) = ("msg-1", jiff::Timestamp::now().as_second().to_string());
    let body = batch.to_string();
    let signature = hmac_base64(SECRET, format!("{id}.{at}.{body}").as_bytes()).unwrap();
    let headers = [
        ("webhook-id", id),
        ("webhook-timestamp", &at),
        ("webhook-signature", &format!("v1,{signature}")),
    ];
    let (status, _, body) = post(shop, &headers, &body);
    (status, body)
}

fn serve(shop: &TestShop) -> super::server::Server {
    let mut command = shop.command();
    command.env("SHOPTALK_EVENTS_SECRET", SECRET);
    shop.serve_by(command)
}

fn view(id: &str) -> Value {
    json!({ "id": id, "type": "view", "sku": "ALDER-SOCKS" })
}

#[test]
fn a_batch_that_comes_twice_counts_once() {
    let shop = TestShop::new();
    let _server = serve(&shop);
    let batch = json!({ "events": [view("a"), view("b")] });
    assert_eq!(
        from_page(&shop, &batch),
        (200, json!({ "accepted": 2, "duplicates": 0 }))
    );
    assert_eq!(
        from_page(&shop, &batch),
        (200, json!({ "accepted": 0, "duplicates": 2 }))
    );
    let more = json!({ "events": [view("b"), view("c")] });
    assert_eq!(
        from_page(&shop, &more),
        (200, json!({ "accepted": 1, "duplicates": 1 }))
    );
    assert_eq!(
        shop.metric("shoptalk_events_total{outcome=\"accepted\"}"),
        Some(3)
    );
}

#[test]
fn who_may_not_tell_is_told_so() {
    let shop = TestShop::new();
    let _server = serve(&shop);
    let batch = json!({ "events": [view("a")] }).to_string();
    let own = format!("http://{}", shop.address());
    let code = |headers: &[(&str, &str)], body: &str| {
        let (status, _, answer) = post(&shop, headers, body);
        (
            status,
            answer["error"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    assert_eq!(code(&[], &batch), (403, "origin_not_allowed".to_owned()));
    assert_eq!(
        code(&[("origin", "https://elsewhere.example")], &batch).0,
        403
    );
    assert_eq!(code(&[("origin", "null")], &batch).0, 403);
    let at = jiff::Timestamp::now().as_second();
    let sign = |at: i64, with: &str| {
        format!(
            "v1,{}",
            hmac_base64(with, format!("m.{at}.{batch}").as_bytes()).unwrap()
        )
    };
    for (at, signature) in [
        (at, sign(at, "a guess")),
        (at - 301, sign(at - 301, SECRET)),
        (at, sign(at - 1, SECRET)),
    ] {
        let at = at.to_string();
        let headers = [
            // An allowed origin does not make a wrong signature right.
            ("origin", own.as_str()),
            ("webhook-id", "m"),
            ("webhook-timestamp", &at),
            ("webhook-signature", &signature),
        ];
        assert_eq!(code(&headers, &batch), (401, "bad_signature".to_owned()));
    }
    let large = json!({ "events": [], "session": "a".repeat(64 * 1024) }).to_string();
    assert_eq!(
        code(&[("origin", &own)], &large),
        (413, "too_large".to_owned())
    );
    assert_eq!(
        code(&[("origin", &own)], "{}"),
        (400, "bad_events".to_owned())
    );
    let named = json!({ "consent": true, "shopper": "ana", "events": [] }).to_string();
    assert_eq!(
        code(&[("origin", &own)], &named).0,
        400,
        "a page cannot speak for a shopper"
    );
}

#[test]
fn too_many_from_one_address_wait_and_are_told_how_long() {
    let shop = TestShop::with("requests_per_minute = 60\n");
    let _server = serve(&shop);
    let origin = format!("http://{}", shop.address());
    let batch = json!({ "events": [] }).to_string();
    let refused = (0..30).find_map(|_| {
        let (status, head, _) = post(&shop, &[("origin", &origin)], &batch);
        (status == 429).then_some(head)
    });
    assert!(
        refused.expect("a limit").contains("retry-after: "),
        "and for how long"
    );
    until("searches share the allowance", || {
        shop.get("/v1/search?q=socks").starts_with("HTTP/1.1 429")
    });
}

#[test]
fn a_page_of_an_allowed_origin_may_ask_before() {
    let shop = TestShop::new();
    let _server = serve(&shop);
    let ask = |origin: &str| {
        let mut stream = TcpStream::connect(shop.address()).unwrap();
        let asked = format!(
            "OPTIONS /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\r\n"
        );
        stream.write_all(asked.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.to_lowercase()
    };
    let own = format!("http://{}", shop.address());
    assert!(ask(&own).contains(&format!("access-control-allow-origin: {own}")));
    assert!(!ask("https://elsewhere.example").contains("access-control-allow-origin"));
}

#[test]
fn without_consent_nothing_personal_is_stored() {
    let shop = TestShop::new();
    let server = serve(&shop);
    let events = json!([view("a"), { "id": "b", "type": "search", "query": "socks for bunions" }]);
    let (_, told) = from_page(
        &shop,
        &json!({ "consent": false, "session": "visit-one-two", "events": events }),
    );
    assert_eq!(
        told,
        json!({ "accepted": 2, "duplicates": 0 }),
        "and no token"
    );
    assert_eq!(server.stop(), Some(0));
    let file = std::fs::read(shop.path("data/shoptalk.db")).unwrap();
    for words in [&b"bunions"[..], b"visit-one-two"] {
        assert!(!file.windows(words.len()).any(|window| window == words));
    }
}

#[test]
fn a_visitor_who_consents_gets_rows_of_their_own_until_they_withdraw() {
    let shop = TestShop::new();
    let _server = serve(&shop);
    let origin = format!("http://{}", shop.address());
    let (status, told) = from_page(
        &shop,
        &json!({ "consent": true, "session": "visit", "events": [view("a")] }),
    );
    assert_eq!(status, 200);
    let bearer = format!("Bearer {}", told["visitor"].as_str().unwrap());
    let personal = |bearer: &str| {
        let mut stream = TcpStream::connect(shop.address()).unwrap();
        let asked = format!(
            "GET /v1/recommendations/home HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {bearer}\r\n\r\n"
        );
        stream.write_all(asked.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str::<Value>(body).unwrap()
    };
    let rows = personal(&bearer);
    assert_eq!(rows["personal"], true);
    assert_eq!(personal("Bearer made-up")["personal"], false);
    let off = json!({ "consent": false, "events": [] }).to_string();
    let (_, _, told) = post(
        &shop,
        &[("origin", &origin), ("authorization", &bearer)],
        &off,
    );
    assert_eq!(told["forgotten"], 1);
    assert_eq!(personal(&bearer)["personal"], false);
}

#[test]
fn what_a_known_shopper_did_is_exported_and_erased() {
    let shop = TestShop::new();
    let server = serve(&shop);
    let batch = json!({ "consent": true, "shopper": "ana", "events": [view("a")] });
    assert_eq!(signed(&shop, &batch).0, 200);
    assert_eq!(server.stop(), Some(0));
    let privacy = |args: &[&str]| shop.command().arg("privacy").args(args).output().unwrap();
    let export = privacy(&["export", "--shopper", "ana"]);
    let document: Value = serde_json::from_slice(&export.stdout).unwrap();
    assert_eq!(document["events"][0]["sku"], "ALDER-SOCKS");
    assert!(
        privacy(&["erase", "--shopper", "ana", "--yes"])
            .status
            .success()
    );
    let server = serve(&shop);
    let again = json!({ "consent": true, "shopper": "ana", "events": [view("b")] });
    assert_eq!(signed(&shop, &again).0, 200);
    assert_eq!(server.stop(), Some(0));
    let gone = privacy(&["export", "--shopper", "ana"]);
    assert_eq!(
        gone.status.code(),
        Some(3),
        "who was erased is not remembered anew"
    );
}

#[test]
fn an_order_the_shop_signed_shows_in_what_is_suggested() {
    let shop = TestShop::new();
    let _server = serve(&shop);
    // Two things that nobody bought together in the demo's orders.
    let order = |n: usize| {
        json!({ "id": format!("order-{n}"), "type": "purchase", "order": format!("SH-9{n:04}"),
            "items": [{ "sku": "PINE-CANDLE" }, { "sku": "ALDER-SOCKS", "quantity": 2 }] })
    };
    let events: Vec<Value> = (0..40).map(order).collect();
    assert_eq!(
        signed(&shop, &json!({ "events": events })),
        (200, json!({ "accepted": 40, "duplicates": 0 }))
    );
    until("it is suggested", || {
        let answer = shop.get("/v1/recommendations/cart?items=PINE-CANDLE");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let found: Value = serde_json::from_str(body).unwrap();
        found["rows"][0]["items"][0]["sku"] == "ALDER-SOCKS"
    });
}
