//! What is signed and cannot be answered: parts that nobody understands, and messages for somebody else.

use super::doors::doctor;
use super::meta::{self, signed, whatsapp_says};
use super::{Rig, deliver, only_shopper, said, serve, shop_with, told, until};
use crate::promises::server::TestShop;
use serde_json::{Value, json};
use shoptalk::store::Store;

async fn brings(shop: &TestShop, rig: &Rig, body: &Value) {
    let post = signed(body, meta::SECRET);
    assert_eq!(deliver(shop, rig.account, post).await, 200, "{body}");
}

fn count(shop: &TestShop, rig: &Rig, outcome: &str) -> u64 {
    let labels = format!("{{account=\"{}\",outcome=\"{outcome}\"}}", rig.account);
    let metric = format!("shoptalk_bridge_events_total{labels}");
    shop.metric(&metric).unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_signs_and_nobody_understands_is_kept_aside() {
    let rigs = [meta::whatsapp().await, meta::messenger().await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [whatsapp, messenger] = &rigs;
    let number = json!({ "phone_number_id": "PN1" });
    let changes = json!([
        { "value": {} },
        { "field": "messages", "value": {} },
        { "field": "messages", "value": { "metadata": number, "messages": "hi" } },
        { "field": "messages", "value": { "metadata": number, "statuses": [{ "id": 7 }] } },
        { "field": "account_update", "value": { "event": "news of Meta's own" } },
    ]);
    brings(
        &shop,
        whatsapp,
        &json!({ "entry": [{ "id": "W" }, { "id": "W", "changes": changes }] }),
    )
    .await;
    brings(
        &shop,
        whatsapp,
        &json!({ "object": "whatsapp_business_account" }),
    )
    .await;
    brings(&shop, whatsapp, &json!("no object at all")).await;
    assert_eq!(count(&shop, whatsapp, "dead"), 7);
    let entries = json!([
        { "id": "PAGE1" },
        { "id": "PAGE1", "messaging": "hi" },
        { "id": "PAGE1", "messaging": [{ "sender": {} }] },
        { "id": "PAGE1", "standby": [] },
    ]);
    brings(
        &shop,
        messenger,
        &json!({ "object": "page", "entry": entries }),
    )
    .await;
    brings(&shop, messenger, &json!({ "object": "page" })).await;
    brings(&shop, messenger, &json!([1])).await;
    assert_eq!(count(&shop, messenger, "dead"), 5);
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_for_another_number_or_page_are_told_to_the_shops_owner() {
    let mut rigs = [meta::whatsapp().await, meta::messenger().await];
    rigs[1].settings.push_str("page_id = \"PAGE1\"\n");
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [whatsapp, messenger] = &rigs;
    let mut other = whatsapp_says("49151", meta::message(&said(1, "49151", "hi")));
    let place = "/entry/0/changes/0/value/metadata/phone_number_id";
    *other.pointer_mut(place).unwrap() = json!("PN2");
    brings(&shop, whatsapp, &other).await;
    brings(&shop, whatsapp, &other).await;
    let page = |object: &str, id: &str| json!({ "object": object, "entry": [{ "id": id, "messaging": [] }] });
    brings(&shop, messenger, &page("page", "PAGE2")).await;
    brings(&shop, messenger, &page("instagram", "IG1")).await;
    brings(&shop, messenger, &page("page", "PAGE1")).await;
    assert_eq!(count(&shop, whatsapp, "misdirected"), 2);
    assert_eq!(count(&shop, messenger, "misdirected"), 2);
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert_eq!(log.matches("PN2").count(), 1, "{log}");
    let told = doctor(&shop, &rigs).await;
    for words in [
        "whatsapp: messages came that are for PN2, and phone_number_id is `PN1`",
        "messenger: messages came that are for instagram IG1, page PAGE2, and page_id is `PAGE1`",
    ] {
        assert!(told.contains(words), "{words} in: {told}");
    }
    assert!(rigs.iter().all(|rig| rig.fake.taken().is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_goes_with_the_shopper_it_is_from() {
    let rigs = [meta::whatsapp().await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [rig] = &rigs;
    let post = (rig.message)(&said(1, "49151", "hi"));
    assert_eq!(deliver(&shop, rig.account, post).await, 200);
    until("an answer", || !rig.fake.taken().is_empty()).await;
    for (id, number) in [(2, "49151"), (3, "49152")] {
        let mut broken = meta::message(&said(id, number, "my secret"));
        broken["timestamp"] = json!("soon");
        brings(&shop, rig, &whatsapp_says(number, broken)).await;
    }
    assert_eq!(count(&shop, rig, "dead"), 2);
    assert_eq!(server.stop(), Some(0));

    let shopper = only_shopper(&shop).await;
    told(
        &shop,
        &rigs,
        &["privacy", "erase", "--shopper", &shopper, "--yes"],
    );
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let left: Vec<String> = sqlx::query_scalar("SELECT body FROM inbound WHERE state = 'dead'")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("49152"), "of somebody else: {left:?}");
    drop(connection);
    store.close().await.unwrap();
}
