//! `shoptalk doctor` on shops that are well, and on those that are not.

use super::{fake_shopify, order_server, serve, shop_with, shopify_app, sync, woocommerce};
use crate::promises::server::TestShop;
use axum::Router;
use axum::routing::post;

/// Exit code, and everything it said.
async fn doctor(shop: &TestShop, secrets: &[(&str, &str)]) -> (Option<i32>, String) {
    super::run(shop, "doctor", secrets).await
}

fn has(said: &str, all: &[&str]) {
    for words in all {
        assert!(said.contains(words), "`{words}` in: {said}");
    }
}

fn set(shop: &TestShop, from: &str, to: &str) {
    let path = shop.path("config.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    assert!(settings.contains(from), "{settings}");
    std::fs::write(&path, settings.replace(from, to)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shopify_shop_is_looked_at_from_the_token_to_the_last_comparison() {
    let (fake, shop) = fake_shopify::fake().await;
    let (code, said) = doctor(&shop, &fake_shopify::SECRETS[..1]).await;
    assert_eq!(code, Some(0), "{said}");
    has(
        &said,
        &[
            "ok       shopify: fell.myshopify.com answers, and knows the token",
            "ok       shopify: products, stock and orders may be read",
            "ok       shopify: prices are in EUR",
            "note     shopify: orders of the last 60 days come",
            "note     shopify: no webhooks are taken; changes come every 360 minutes",
            "note     shopify: has not been read yet",
        ],
    );
    sync(&shop, &fake_shopify::SECRETS).await;
    let (_, said) = doctor(&shop, &fake_shopify::SECRETS).await;
    has(
        &said,
        &[
            "ok       shopify: webhooks are taken at /hooks/shopify",
            "0 min ago, and all was well",
        ],
    );

    fake.0.lock().unwrap().granting.scope = "read_products";
    fake.0.lock().unwrap().no_orders = true;
    sync(&shop, &fake_shopify::SECRETS).await;
    set(&shop, "[sync]", "[shop]\ncurrency = \"GBP\"\n[sync]");
    let (code, said) = doctor(&shop, &fake_shopify::SECRETS).await;
    assert_eq!(code, Some(1), "{said}");
    has(
        &said,
        &[
            "problem  shopify: the scope read_orders is missing: no orders come",
            "problem  shopify: the scope read_inventory is missing",
            "problem  shopify: prices are in EUR, and `currency` under [shop] is GBP",
            "orders are missing: Shopify refuses",
        ],
    );

    let wrong = [("SHOPTALK_SHOPIFY_TOKEN", "shpat_wrong")];
    let (code, said) = doctor(&shop, &wrong).await;
    assert_eq!(code, Some(1), "{said}");
    has(
        &said,
        &["problem  shopify: Shopify refuses: the token is not right"],
    );
    assert!(!said.contains("shpat_wrong"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_data_that_may_not_be_seen_and_another_shops_token_are_problems() {
    let (fake, shop) = shopify_app::app().await;
    fake.0.lock().unwrap().no_orders = true;
    set(&shop, "fell.myshopify.com", "moor");
    let (code, said) = doctor(&shop, &fake_shopify::APP).await;
    assert_eq!(code, Some(1), "{said}");
    has(
        &said,
        &[
            "the token is of fell.myshopify.com, and `shop` under [shopify] is moor.myshopify.com",
            "problem  shopify: the token may not read this",
            "ok       shopify: webhooks are taken",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_woocommerce_shop_is_looked_at_too() {
    let (fake, shop) = woocommerce::fake().await;
    let (code, said) = doctor(&shop, &woocommerce::SECRETS).await;
    assert_eq!(code, Some(0), "{said}");
    has(
        &said,
        &[
            "ok       woocommerce: answers, and the key may read products",
            "ok       woocommerce: orders may be read",
            "note     woocommerce: weights and sizes of products are left out",
            "ok       woocommerce: prices are in EUR",
            "ok       woocommerce: webhooks are taken",
            "note     woocommerce: has not been read yet",
        ],
    );
    fake.0.lock().unwrap().no_orders = true;
    let (code, said) = doctor(&shop, &woocommerce::SECRETS).await;
    assert_eq!(code, Some(1), "{said}");
    has(&said, &["problem  woocommerce: no orders come"]);
    let wrong = [
        woocommerce::SECRETS[0],
        ("SHOPTALK_WOOCOMMERCE_SECRET", "cs_wrong"),
    ];
    sync(&shop, &wrong).await;
    let (_, said) = doctor(&shop, &wrong).await;
    has(
        &said,
        &[
            "problem  woocommerce: WooCommerce refuses: the key is not right",
            "it has never been read",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_server_has_to_answer_us_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let sample = order_server::sample(&order_server::file(&folder, "shipped"));
    let shop = order_server::shop_asking(&sample.address);
    let secret = [("SHOPTALK_ORDERS_SECRET", order_server::SECRET)];
    let (code, said) = doctor(&shop, &secret).await;
    assert_eq!(code, Some(0), "{said}");
    has(
        &said,
        &[
            "answers, and takes our signature",
            "ok       orders: a wrong signature, and an old one, are refused there",
        ],
    );
    let (code, said) = doctor(&shop, &[("SHOPTALK_ORDERS_SECRET", "another one")]).await;
    assert_eq!(code, Some(1), "{said}");
    has(&said, &["refuses the signature"]);
    drop(sample);
    let (code, said) = doctor(&shop, &secret).await;
    assert_eq!(code, Some(1), "{said}");
    has(&said, &["problem  the shop's order server cannot be asked"]);

    let trusting = Router::new().route("/", post(|| async { "{\"orders\": []}" }));
    let address = serve(trusting).await;
    let shop = shop_with(&format!("[orders]\nurl = \"http://{address}/\"\n"));
    let (code, said) = doctor(&shop, &secret).await;
    assert_eq!(code, Some(1), "{said}");
    has(
        &said,
        &["answers whoever asks: a wrong signature is taken too"],
    );
}

#[test]
fn who_is_in_another_folder_is_told_so_and_nothing_is_made_there() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["sync", "doctor", "check", "serve"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_shoptalk"))
            .arg(command)
            .current_dir(folder.path())
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!output.status.success(), "{command}");
        has(&said, &["there is no shop in this folder", "--config FILE"]);
        let name = folder.path().file_name().unwrap().to_str().unwrap();
        has(&said, &[name]);
        assert!(!said.contains("error: error"), "{said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
