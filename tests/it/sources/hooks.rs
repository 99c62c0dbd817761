//! Webhooks that are turned away: answered, counted, and told in the log without filling it.

use super::{post, shop_with};
use crate::promises::server::TestShop;
use shoptalk::remote::hmac_base64;

const SECRET: &str = "canary-webhook-secret";
const SECRETS: [(&str, &str); 5] = [
    ("SHOPTALK_SHOPIFY_TOKEN", "shpat_canary"),
    ("SHOPTALK_SHOPIFY_SECRET", SECRET),
    ("SHOPTALK_WOOCOMMERCE_KEY", "ck_canary"),
    ("SHOPTALK_WOOCOMMERCE_SECRET", "cs_canary"),
    ("SHOPTALK_WOOCOMMERCE_WEBHOOK_SECRET", SECRET),
];

fn count(shop: &TestShop, source: &str, outcome: &str) -> Option<u64> {
    shop.metric(&format!(
        "shoptalk_sync_webhooks_total{{source=\"{source}\",outcome=\"{outcome}\"}}"
    ))
}

/// Signed, with another header.
async fn send(shop: &TestShop, door: &str, body: &str, header: (&str, &str)) -> u16 {
    let signature = hmac_base64(SECRET, body.as_bytes()).unwrap();
    let (topic, signed) = match door {
        "shopify" => (
            ("X-Shopify-Topic", "products/update"),
            "X-Shopify-Hmac-SHA256",
        ),
        _ => (
            ("X-WC-Webhook-Topic", "product.updated"),
            "X-WC-Webhook-Signature",
        ),
    };
    let headers = [topic, (signed, signature.as_str()), header];
    post(shop, &format!("/hooks/{door}"), &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_webhook_is_counted_and_told_with_its_reason_once() {
    // Nothing listens there: what is compared is another matter.
    let shop = shop_with(
        "[shopify]\nshop = \"fell\"\napi = \"http://127.0.0.1:9/admin/api/2026-10/graphql.json\"\n\
         [woocommerce]\nurl = \"http://harbour.invalid\"\n",
    );
    let mut command = shop.command();
    command.envs(SECRETS);
    let server = shop.serve_by(command);
    let json = "{\"id\":1}";
    for _ in 0..40 {
        let forged = [("X-Shopify-Hmac-SHA256", "AAAA")];
        assert_eq!(post(&shop, "/hooks/shopify", &forged, json).await, 401);
    }
    let of = |domain| ("X-Shopify-Shop-Domain", domain);
    let (ours, other) = (of("fell.myshopify.com"), of("other.myshopify.com"));
    assert_eq!(send(&shop, "shopify", json, ours).await, 200);
    assert_eq!(send(&shop, "shopify", json, other).await, 403);
    assert_eq!(send(&shop, "shopify", "<xml/>", ours).await, 400);
    let from = |source| ("X-WC-Webhook-Source", source);
    let ours = from("https://www.harbour.invalid/");
    assert_eq!(send(&shop, "woocommerce", json, ours).await, 200);
    let copy = from("https://staging.harbour.invalid/");
    assert_eq!(send(&shop, "woocommerce", json, copy).await, 403);
    assert_eq!(send(&shop, "woocommerce", "id=1", ours).await, 400);
    assert_eq!(post(&shop, "/hooks/magento", &[], json).await, 404);
    let large = "x".repeat(4 * 1024 * 1024 + 1);
    assert_eq!(send(&shop, "shopify", &large, of("x")).await, 413);

    assert_eq!(count(&shop, "shopify", "forged"), Some(40));
    assert_eq!(count(&shop, "none", "unexpected"), Some(1));
    for platform in ["shopify", "woocommerce"] {
        for outcome in ["accepted", "elsewhere", "malformed"] {
            let counted = count(&shop, platform, outcome);
            assert_eq!(counted, Some(1), "{platform} {outcome}");
        }
    }
    assert_eq!(count(&shop, "shopify", "unread"), Some(1));
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    let told = |words: &str| {
        let lines = log.lines();
        lines.filter(|line| line.contains(words)).count()
    };
    for words in [
        "signed with another secret than SHOPTALK_SHOPIFY_SECRET",
        "of another shop, \"other.myshopify.com\", not of fell.myshopify.com",
        "of another shop, \"staging.harbour.invalid\", not of harbour.invalid",
        "there is no door at \"/hooks/magento\"",
    ] {
        assert_eq!(told(words), 1, "{words} in: {log}");
    }
    assert_eq!(told("its body is no JSON"), 2, "{log}");
    assert!(!log.contains("canary") && !log.contains('\u{1b}'), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_nothing_is_set_up_for_says_what_to_set() {
    let shop = TestShop::new();
    let mut command = shop.command();
    // A log in a file has no colours, whether they are forbidden or not.
    command.env_remove("NO_COLOR");
    let server = shop.serve_by(command);
    assert_eq!(post(&shop, "/hooks/shopify", &[], "{}").await, 404);
    assert_eq!(
        post(&shop, "/hooks/woocommerce", &[], "webhook_id=3").await,
        404
    );
    assert_eq!(count(&shop, "shopify", "unexpected"), Some(1));
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(
        log.contains("set `shop` under [shopify], and SHOPTALK_SHOPIFY_SECRET"),
        "{log}"
    );
    assert!(!log.contains('\u{1b}'), "{log}");
}
