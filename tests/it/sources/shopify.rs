use super::fake_shopify::{SECRETS, TOKEN, fake, product, variant};
use super::{post, sync, until};
use crate::promises::server::Visitor;
use serde_json::json;
use shoptalk::remote::hmac_base64;

#[tokio::test(flavor = "multi_thread")]
async fn a_shopify_shop_is_read_whole_though_it_asks_to_wait() {
    let (fake, shop) = fake().await;
    {
        let mut shelf = fake.0.lock().unwrap();
        shelf.throttle = 2;
        // Half a page at a time, and then one: dear questions are made smaller.
        shelf.dearest = 1;
    }
    let (code, said) = sync(&shop, &SECRETS).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("shopify: 2 products (2 new or changed, 0 gone, 1 not on sale), 1 order (1 new or changed)"),
        "{said}"
    );
    assert!(
        fake.0
            .lock()
            .unwrap()
            .asked
            .contains(&"Variants".to_owned())
    );

    let (_, said) = sync(&shop, &SECRETS).await;
    assert!(
        said.contains("(0 new or changed, 0 gone") && said.contains("1 order, none changed"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_change_the_catalog_once_and_only_when_they_are_signed() {
    let (fake, shop) = fake().await;
    let mut command = shop.command();
    command.envs(SECRETS);
    let server = shop.serve_by(command);
    let mut visitor = Visitor::connect(&shop, None).await;
    until(&mut visitor, "fell jumper", "Fell jumper", true).await;

    // An order is found by its number, with the sign or without, and its e-mail.
    let (_, reply) = visitor
        .say("order", "where is my order #1001? ana@example.com")
        .await
        .unwrap();
    assert!(reply.to_string().contains("JJD1"), "{reply}");

    let body = json!({ "id": 1, "title": "whatever stands here" }).to_string();
    let signature = hmac_base64("canary-webhook-secret", body.as_bytes()).unwrap();
    let headers = |signature: &'static str| {
        [
            ("X-Shopify-Topic", "products/update"),
            ("X-Shopify-Webhook-Id", "delivery-1"),
            ("X-Shopify-Hmac-SHA256", signature),
        ]
    };
    assert_eq!(
        post(&shop, "/hooks/shopify", &headers("AAAA"), &body).await,
        401
    );
    let (id, renamed) = product(
        1,
        "Fell pullover",
        "ACTIVE",
        vec![variant("M", "81.00", true, 4)],
        false,
    );
    fake.0.lock().unwrap().products.insert(id, renamed);
    let signed: &'static str = signature.leak();
    let before = fake
        .0
        .lock()
        .unwrap()
        .asked
        .iter()
        .filter(|name| *name == "Product")
        .count();
    for _ in 0..3 {
        assert_eq!(
            post(&shop, "/hooks/shopify", &headers(signed), &body).await,
            200
        );
    }
    until(&mut visitor, "fell pullover", "Fell pullover", true).await;
    until(&mut visitor, "fell jumper", "Fell jumper", false).await;
    let after = fake
        .0
        .lock()
        .unwrap()
        .asked
        .iter()
        .filter(|name| *name == "Product")
        .count();
    assert_eq!(after - before, 1, "three deliveries of one webhook are one");
    assert_eq!(
        shop.metric("shoptalk_sync_webhooks_total{source=\"shopify\",outcome=\"forged\"}"),
        Some(1)
    );

    let body = json!({ "id": 2 }).to_string();
    let signature = hmac_base64("canary-webhook-secret", body.as_bytes()).unwrap();
    let gone = [
        ("X-Shopify-Topic", "products/delete"),
        ("X-Shopify-Webhook-Id", "delivery-2"),
        ("X-Shopify-Hmac-SHA256", signature.as_str()),
    ];
    assert_eq!(post(&shop, "/hooks/shopify", &gone, &body).await, 200);
    until(&mut visitor, "fell scarf", "Fell scarf", false).await;
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(
        !log.contains(TOKEN) && !log.contains("canary-webhook-secret"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_owner_gets_wrong_is_told_with_what_to_do() {
    let (_, shop) = fake().await;
    let (code, said) = sync(&shop, &[]).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("SHOPTALK_SHOPIFY_TOKEN"), "{said}");
    let (code, said) = sync(&shop, &[("SHOPTALK_SHOPIFY_TOKEN", "shpat_wrong")]).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("the token is not right") && !said.contains("shpat_wrong"),
        "{said}"
    );
    let path = shop.path("config.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, settings.replace("2026-10", "2020-01")).unwrap();
    let (_, said) = sync(&shop, &SECRETS).await;
    assert!(said.contains("no such version of the API"), "{said}");
}
