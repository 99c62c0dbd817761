//! Who may open the chat, and what happens to what is no frame.

use super::server::{TestShop, Visitor, upgrade};
use serde_json::json;
use tokio_tungstenite::tungstenite::Error;

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_are_refused_before_the_upgrade() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let own = shop.address();
    let strange = [
        Some("https://evil.example".to_owned()),
        Some("null".to_owned()),
        Some("http://127.0.0.1:1".to_owned()),
        Some(format!("https://{own}")),
        Some(format!("http://{own}.evil.example")),
        None,
    ];
    for origin in strange {
        match upgrade(&shop, origin.as_deref()).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403, "{origin:?}"),
            other => panic!("{origin:?}: {:?}", other.map(|_| "upgraded")),
        }
    }
    assert!(upgrade(&shop, Some(&format!("http://{own}"))).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_frame_gets_a_code_and_the_connection_lives() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    for (frame, code) in [
        (json!([]), "bad_request"),
        (json!("x"), "bad_request"),
        (json!({ "type": "dance" }), "unknown_type"),
        (
            json!({ "type": "message", "id": "a", "text": "  " }),
            "empty",
        ),
        (
            json!({ "type": "message", "id": "a", "text": "x".repeat(4001) }),
            "too_long",
        ),
        (json!({ "type": "history", "before": -1 }), "bad_request"),
    ] {
        assert!(visitor.send(frame).await);
        assert_eq!(visitor.next().await.unwrap()["code"], code);
    }
    assert!(visitor.say("m-1", "hello").await.is_some());
    assert!(
        visitor
            .send(json!({ "type": "message", "id": "b", "text": "x".repeat(70_000) }))
            .await
    );
    assert_eq!(visitor.next().await.unwrap()["code"], 1009);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_nobody_has_is_turned_away() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let stranger = Visitor::connect(&shop, Some("made-up")).await;
    assert_eq!(stranger.welcome["code"], 1008);
}

#[test]
fn what_shoppers_say_never_reaches_the_log() {
    let shop = TestShop::new();
    let server = shop.serve();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut visitor = Visitor::connect(&shop, None).await;
        visitor
            .say("m-1", "canary-words order SH-10024 canary@example.com")
            .await
            .unwrap();
    });
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(!log.contains("canary"), "{log}");
}
