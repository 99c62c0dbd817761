//! Shopify entered as an app of the Dev Dashboard, which is given a token for a day.

use super::fake_shopify::{
    APP, CLIENT_ID, CLIENT_SECRET, Fake, SECRETS, fake_with, product, variant,
};
use super::{post, sync, until};
use crate::promises::server::{TestShop, Visitor};
use axum::http::StatusCode;
use serde_json::json;
use shoptalk::remote::hmac_base64;

/// A shop entered by an app of the Dev Dashboard.
pub(super) async fn app() -> (Fake, TestShop) {
    fake_with(&format!("client_id = \"{CLIENT_ID}\"\n")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_of_the_dev_dashboard_asks_once_for_a_token_and_again_when_it_is_refused() {
    let (fake, shop) = app().await;
    let (code, said) = sync(&shop, &APP).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("shopify: 2 products") && said.contains("1 order"),
        "{said}"
    );
    assert_eq!(fake.0.lock().unwrap().granting.given, 1);

    let mut command = shop.command();
    command.envs(APP);
    let server = shop.serve_by(command);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "fell jumper", "Fell jumper", true).await;
    // The app was installed anew: the token that is known here is known there no longer.
    let (id, renamed) = product(
        1,
        "Fell pullover",
        "ACTIVE",
        vec![variant("M", "81.00", true, 4)],
        false,
    );
    let before = {
        let mut shelf = fake.0.lock().unwrap();
        shelf.products.insert(id, renamed);
        shelf.granting.given += 1;
        shelf.granting.given
    };
    // Webhooks of an app are signed with its client secret.
    let body = json!({ "id": 1 }).to_string();
    let signature = hmac_base64(CLIENT_SECRET, body.as_bytes()).unwrap();
    let headers = [
        ("X-Shopify-Topic", "products/update"),
        ("X-Shopify-Webhook-Id", "delivery-1"),
        ("X-Shopify-Hmac-SHA256", signature.as_str()),
        ("X-Shopify-Shop-Domain", "Fell.myshopify.com"),
    ];
    assert_eq!(post(&shop, "/hooks/shopify", &headers, &body).await, 200);
    until(&mut visitor, "fell pullover", "Fell pullover", true).await;
    assert_eq!(fake.0.lock().unwrap().granting.given, before + 1);
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(!log.contains("canary"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_before_its_end() {
    let (fake, shop) = app().await;
    // It lasts no time: each question asks for another.
    fake.0.lock().unwrap().granting.lasts = 0;
    let (code, said) = sync(&shop, &APP).await;
    assert_eq!(code, Some(0), "{said}");
    let shelf = fake.0.lock().unwrap();
    assert_eq!(shelf.granting.given as usize, shelf.asked.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn why_an_app_is_given_no_token_is_told_with_what_to_do() {
    let (fake, shop) = app().await;
    let bad = StatusCode::BAD_REQUEST;
    for (status, answer, words) in [
        (
            bad,
            "<html><title>400 - Oauth error app_not_installed</title></html>",
            "the app is not installed in fell.myshopify.com",
        ),
        (
            bad,
            r#"{"error":"shop_not_permitted","error_description":"Client credentials cannot be performed on this shop."}"#,
            "different organizations",
        ),
        (
            bad,
            "<h1>Oauth error application_cannot_be_found: Could not find Shopify API application</h1>",
            "copy `client_id`",
        ),
        (
            bad,
            r#"{"error":"unheard_of","error_description":"shpss_canary_client_secret is odd"}"#,
            "given no token (unheard_of): … is odd",
        ),
        (
            StatusCode::NOT_FOUND,
            "<html>Store unavailable</html>",
            "there is no shop fell.myshopify.com",
        ),
        (
            StatusCode::PAYMENT_REQUIRED,
            "{\"errors\":\"Unavailable Shop\"}",
            "frozen or locked",
        ),
        (StatusCode::OK, "<html>Welcome</html>", "no access token"),
    ] {
        fake.0.lock().unwrap().granting.refuses = Some((status, answer));
        let (code, said) = sync(&shop, &APP).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(words), "{words} in: {said}");
        assert!(!said.contains("canary"), "{said}");
    }
    fake.0.lock().unwrap().granting.refuses = None;
    let wrong = [("SHOPTALK_SHOPIFY_CLIENT_SECRET", "shpss_wrong")];
    let (_, said) = sync(&shop, &wrong).await;
    assert!(said.contains("the client secret is not right"), "{said}");
    let both = [APP[0], SECRETS[0]];
    let (code, said) = sync(&shop, &both).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("keep one"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_scope_for_orders_products_come_and_the_orders_later() {
    let (fake, shop) = app().await;
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.no_orders = true;
        shelf.granting.scope = "read_products";
    }
    let (code, said) = sync(&shop, &APP).await;
    assert_eq!(code, Some(0), "{said}");
    for words in [
        "has no scope read_orders: no orders come",
        "has no scope read_inventory",
        "shopify: 2 products (2 new or changed, 0 gone, 1 not on sale), no orders read",
        "orders are missing: Shopify refuses",
    ] {
        assert!(said.contains(words), "{words} in: {said}");
    }
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.no_orders = false;
        shelf.granting.scope = "write_products,read_inventory,read_orders";
        shelf.asked.clear();
    }
    let (_, said) = sync(&shop, &APP).await;
    assert!(said.contains("1 order (1 new or changed)"), "{said}");
    assert!(!said.contains("has no scope"), "{said}");
}
