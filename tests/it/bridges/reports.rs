//! What a platform tells afterwards of a message that it took.

use super::fake::Fault;
use super::meta::{self, signed, whatsapp_status};
use super::{Post, Rig, deliver, now, said, serve, shop_with, until};
use crate::promises::server::TestShop;
use serde_json::{Value, json};
use shoptalk::store::Store;

const ANA: &str = "4915112345678";

/// Our name of a message in what the platform was sent.
fn key(body: &Value) -> String {
    body["biz_opaque_callback_data"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn status(key: &str, state: &str, error: Option<u32>) -> Post {
    let mut status = json!({
        "id": format!("wamid.out-{key}"), "status": state, "timestamp": now().to_string(), "biz_opaque_callback_data": key,
    });
    if let Some(code) = error {
        status["errors"] = json!([{ "code": code, "title": "Re-engagement message" }]);
    }
    signed(&whatsapp_status(ANA, status), meta::SECRET)
}

fn count(shop: &TestShop, outcome: &str) -> u64 {
    let labels = format!("{{account=\"whatsapp\",outcome=\"{outcome}\"}}");
    let metric = format!("shoptalk_bridge_messages_total{labels}");
    shop.metric(&metric).unwrap_or(0)
}

async fn say(shop: &TestShop, rig: &Rig, id: u64, text: &str) {
    let post = (rig.message)(&said(id, ANA, text));
    assert_eq!(deliver(shop, rig.account, post).await, 200);
}

/// What is noted of a message, looked at beside the running server.
async fn noted(shop: &TestShop, key: &str) -> (String, Option<String>) {
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let found = sqlx::query_as("SELECT state, delivery FROM outbound WHERE key = ?")
        .bind(key.parse::<i64>().unwrap())
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    drop(connection);
    store.close().await.unwrap();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_comes_before_the_answer_it_is_about_is_kept_and_noted() {
    let rigs = [meta::whatsapp().await];
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    rig.fake.fail([Fault::Late]);
    say(&shop, rig, 1, "do you ship to norway?").await;
    until("a message", || rig.fake.taken().len() == 1).await;
    let key = key(&rig.fake.taken()[0].body);
    let post = status(&key, "delivered", None);
    assert_eq!(deliver(&shop, rig.account, post).await, 200);
    until("the report is noted", || count(&shop, "delivered") == 1).await;
    let (state, delivery) = noted(&shop, &key).await;
    assert_eq!(
        (state.as_str(), delivery.as_deref()),
        ("sent", Some("delivered"))
    );
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_turns_out_to_be_too_late_is_said_by_a_template_once() {
    let mut rigs = [meta::whatsapp().await];
    rigs[0].settings.push_str("template = \"we_have_news\"\n");
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    say(&shop, rig, 1, "do you ship to norway?").await;
    until("a message", || rig.fake.taken().len() == 1).await;
    let first = key(&rig.fake.taken()[0].body);
    for _ in 0..2 {
        let post = status(&first, "failed", Some(131_047));
        assert_eq!(deliver(&shop, rig.account, post).await, 200);
    }
    until("a template", || rig.fake.taken().len() == 2).await;
    let template = rig.fake.taken().remove(1).body;
    assert_eq!(template["template"]["name"], "we_have_news");
    assert_eq!(template["to"], ANA);
    // Nothing goes out in its place, whatever becomes of it; and of what failed otherwise nothing does.
    let post = status(&key(&template), "failed", Some(131_047));
    assert_eq!(deliver(&shop, rig.account, post).await, 200);
    say(&shop, rig, 2, "hi").await;
    until("another message", || rig.fake.taken().len() == 3).await;
    let third = key(&rig.fake.taken()[2].body);
    let post = status(&third, "failed", Some(131_026));
    assert_eq!(deliver(&shop, rig.account, post).await, 200);
    until("all reports", || count(&shop, "failed") == 3).await;
    say(&shop, rig, 3, "do you ship to norway?").await;
    until("the last message", || rig.fake.taken().len() == 4).await;
    assert_ne!(rig.fake.taken()[3].body["type"], "template");
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_of_several_messages_that_comes_too_late_is_one_template() {
    let mut rigs = [meta::whatsapp().await];
    rigs[0]
        .settings
        .push_str("template = \"we_have_news\"\ndisclosure = \"I am a program.\"\n");
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    rig.fake
        .fail([meta::error(400, 131_047, "Re-engagement message")]);
    // What it is comes before the answer: two messages.
    say(&shop, rig, 1, "do you ship to norway?").await;
    until("a template", || rig.fake.taken().len() == 1).await;
    assert_eq!(rig.fake.taken()[0].body["type"], "template");
    say(&shop, rig, 2, "do you ship to norway?").await;
    until("the next answer", || rig.fake.taken().len() == 2).await;
    let words = (rig.words)(&rig.fake.taken()[1].body);
    assert!(words.contains("Norway"), "{words}");
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let standing = shoptalk::relay::standing(&store, rig.account)
        .await
        .unwrap();
    store.close().await.unwrap();
    assert_eq!(
        (standing.waiting, standing.failed),
        (0, 1),
        "the rest of the first reply"
    );
    assert_eq!(server.stop(), Some(0));
}
