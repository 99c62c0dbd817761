//! Wishes that a shop's own server does or refuses: each once, told with its reason, and never called done when unclear.

use super::order_server::{SECRET, ask, command, file, order, sample};
use super::{serve, shop_with, wish};
use crate::promises::server::{PATIENCE, TestShop, Visitor};
use axum::Router;
use axum::routing::post as on_post;
use std::sync::Arc;

fn shop_that_does(address: &str) -> TestShop {
    shop_with(&format!(
        "[orders]\nurl = \"{address}\"\nchanges = \"do\"\n"
    ))
}

const CANCEL: [&str; 2] = ["cancel SH-77001 ana@example.com", "yes"];

#[tokio::test(flavor = "multi_thread")]
async fn the_shops_server_does_or_refuses_what_is_wished_and_the_shopper_hears_which() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "paid");
    let sample = sample(&path);
    let shop = shop_that_does(&sample.address);
    let _server = shop.serve_by(command(&shop, SECRET));
    let lines = [
        "wrong address on SH-77001, ana@example.com",
        "Storgata 5, 0155 Oslo",
        "yes",
    ];
    let heard = wish(&shop, &lines).await;
    assert!(
        heard.contains("order.address_done_now") && heard.contains("Storgata 5"),
        "{heard}"
    );
    let heard = wish(&shop, &CANCEL).await;
    assert!(heard.contains("order.cancel_done_now"), "{heard}");
    let stored = std::fs::read_to_string(&path).unwrap();
    assert!(stored.contains("\"cancelled\""), "{stored}");
    let told = ask(&shop, "where is SH-77001 ana@example.com").await;
    assert!(
        told.contains("\"status\":\"cancelled\"") && told.contains("order.cancel_done"),
        "{told}"
    );
}

/// Servers that answer a wish each in its own way; the order is always there, and paid.
fn stubborn(answer: &'static str, status: u16) -> Router {
    Router::new().route(
        "/",
        on_post(move |body: String| async move {
            let status = axum::http::StatusCode::from_u16(status).unwrap();
            if body.contains("\"ask\":\"order\"") {
                let order = order("paid");
                return (
                    axum::http::StatusCode::OK,
                    format!("{{\"orders\": [{order}]}}"),
                );
            }
            (status, answer.to_owned())
        }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_with_its_reason_and_what_is_unclear_is_never_called_done() {
    for (answer, status, text, state) in [
        (
            r#"{"outcome":"refused","reason":"packed"}"#,
            200,
            "order.why.packed",
            None,
        ),
        (
            r#"{"outcome":"refused","reason":"b2b"}"#,
            200,
            "order.why.other",
            None,
        ),
        (
            r#"{"error":"an unknown question"}"#,
            400,
            "order.cancel_asked",
            Some("open"),
        ),
        (
            r#"{"outcome":"perhaps"}"#,
            200,
            "order.cancel_unclear",
            Some("open"),
        ),
        ("", 500, "order.cancel_unclear", Some("open")),
    ] {
        let address = serve(stubborn(answer, status)).await;
        let shop = shop_that_does(&format!("http://{address}/"));
        let _server = shop.serve_by(command(&shop, SECRET));
        let heard = wish(&shop, &CANCEL).await;
        assert!(heard.contains(text), "{answer}: {heard}");
        assert!(
            !heard.contains("order.cancel_done_now"),
            "{answer}: {heard}"
        );
        let mut requests = command(&shop, SECRET);
        let listed = requests.args(["orders", "requests"]).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        let listed: Option<serde_json::Value> = serde_json::from_str(listed.trim()).ok();
        assert_eq!(
            listed.as_ref().and_then(|one| one["state"].as_str()),
            state,
            "{answer}"
        );
        if let Some(listed) = listed {
            assert!(listed["sent_at"].is_string(), "{listed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_is_done_once_though_the_process_dies_before_the_answer() {
    // Does what is wished at once, and never says so the first time.
    let keys = Arc::new(std::sync::Mutex::new(Vec::<String>::new()));
    let seen = Arc::clone(&keys);
    let forgetful = Router::new().route(
        "/",
        on_post(move |headers: axum::http::HeaderMap, body: String| {
            let seen = Arc::clone(&seen);
            async move {
                if body.contains("\"ask\":\"order\"") {
                    let order = order("paid");
                    return format!("{{\"orders\": [{order}]}}");
                }
                let asked: serde_json::Value = serde_json::from_str(&body).unwrap();
                let key = asked["key"].as_str().unwrap().to_owned();
                assert_eq!(headers["webhook-id"], *key);
                let times = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(key);
                    seen.len()
                };
                if times == 1 {
                    std::future::pending::<()>().await;
                }
                "{\"outcome\":\"done\"}".to_owned()
            }
        }),
    );
    let address = serve(forgetful).await;
    let shop = shop_that_does(&format!("http://{address}/"));
    let server = shop.serve_by(command(&shop, SECRET));
    let mut visitor = Visitor::connect(&shop, None).await;
    visitor.say("1", CANCEL[0]).await.unwrap();
    let yes = serde_json::json!({ "type": "message", "id": "2", "text": "yes" });
    assert!(visitor.send(yes).await);
    let began = std::time::Instant::now();
    while keys.lock().unwrap().is_empty() {
        assert!(began.elapsed() < PATIENCE, "nothing was sent");
        tokio::task::yield_now().await;
    }
    server.kill();
    let listed = || {
        let mut requests = command(&shop, SECRET);
        let listed = requests.args(["orders", "requests"]).output().unwrap();
        String::from_utf8(listed.stdout).unwrap()
    };
    assert!(
        listed().contains("sent_at"),
        "staff see that it was sent: {}",
        listed()
    );
    let _server = shop.serve_by(command(&shop, SECRET));
    let mut visitor = Visitor::connect(&shop, Some(&visitor.token())).await;
    let (_, reply) = visitor.say("2", "yes").await.unwrap();
    assert!(
        reply.to_string().contains("order.cancel_done_now"),
        "{reply}"
    );
    // Said again, it is not sent again.
    let (_, again) = visitor.say("2", "yes").await.unwrap();
    assert_eq!(again["entry"], reply["entry"]);
    let keys = keys.lock().unwrap().clone();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1], "it came twice as one and the same");
    assert_eq!(listed(), "");
}
