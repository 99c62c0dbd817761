//! Who is signed in on the shop's page has their orders in the chat; a token that is not the shop's opens nothing.

use super::server::{TestShop, Visitor};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const SECRET: &str = "a secret that only the shop and this server know";

/// As any library for JSON Web Tokens makes it.
fn token(secret: &str, email: &str) -> String {
    let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let exp = jiff::Timestamp::now().as_second() + 600;
    let claims = json!({ "sub": "17", "email": email, "exp": exp });
    let text = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{text}.{signature}")
}

/// The number of the order in a reply.
fn order(reply: &Value) -> Option<&str> {
    let blocks = reply["entry"]["blocks"].as_array()?;
    let order = blocks.iter().find(|block| block["type"] == "order")?;
    order["number"].as_str()
}

#[tokio::test]
async fn a_visitor_who_signs_in_keeps_their_conversation_and_has_their_orders() {
    let shop = TestShop::new();
    let mut command = shop.command();
    command.env("SHOPTALK_IDENTITY_SECRET", SECRET);
    let server = shop.serve_by(command);
    let mut visitor = Visitor::connect(&shop, None).await;
    let (_, reply) = visitor.say("m1", "where is my order").await.unwrap();
    assert_eq!(order(&reply), None);
    visitor.say("m2", "never mind").await.unwrap();

    let hello = json!({
        "type": "hello", "token": visitor.token(), "identity": token(SECRET, "ana@example.com"),
    });
    let mut signed_in = Visitor::greet(&shop, hello).await;
    assert_eq!(
        signed_in.welcome["conversation"],
        visitor.welcome["conversation"]
    );
    let (_, reply) = signed_in.say("m3", "where is my order").await.unwrap();
    assert_eq!(order(&reply), Some("SH-10024"));

    let export = shop
        .command()
        .args(["privacy", "export", "--shopper", "17"])
        .output()
        .unwrap();
    let export = String::from_utf8(export.stdout).unwrap();
    assert!(export.contains("\"known_as\": \"17\""), "{export}");
    drop(server);
    assert!(!shop.log().contains("eyJ"), "no token is logged");
}

#[tokio::test]
async fn a_token_of_somebody_else_is_refused_in_words_and_opens_nothing() {
    let shop = TestShop::new();
    let mut command = shop.command();
    command.env("SHOPTALK_IDENTITY_SECRET", SECRET);
    let _server = shop.serve_by(command);
    for forged in [
        token("another secret", "ana@example.com"),
        "x.y.z".to_owned(),
    ] {
        let hello = json!({ "type": "hello", "identity": forged });
        let mut visitor = Visitor::greet(&shop, hello).await;
        let error = visitor.next().await.unwrap();
        assert_eq!(error["code"], "bad_identity", "{error}");
        let (_, reply) = visitor.say("m1", "where is my order").await.unwrap();
        assert_eq!(order(&reply), None);
    }
}
