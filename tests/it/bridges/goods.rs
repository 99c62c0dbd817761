//! Products on WhatsApp: cards to swipe, those of Meta's own catalog, words where that does not know one of them, and the
//! cart that was filled there.

use super::sdk::{as_told, assert_the_same, open, script, sdk};
use super::{Rig, deliver, meta, said, until};
use crate::promises::server::TestShop;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// Says something and waits for the reply's last message; what it is made of.
async fn asks(shop: &TestShop, rig: &Rig, id: u64, text: &str) -> Vec<Value> {
    let before = rig.fake.taken_in(ANA).len();
    let post = (rig.message)(&said(id, ANA, text));
    assert_eq!(deliver(shop, rig.account, post).await, 200);
    // A second question is answered after all of the first.
    let post = (rig.message)(&said(id + 1, ANA, "do you ship to norway?"));
    assert_eq!(deliver(shop, rig.account, post).await, 200);
    let all = || {
        let taken = rig.fake.taken_in(ANA);
        let bodies = taken.iter().skip(before).map(|one| one.body.clone());
        bodies.collect::<Vec<Value>>()
    };
    until(text, || {
        let last = all().pop();
        last.is_some_and(|last| (rig.words)(&last).contains("Norway"))
    })
    .await;
    let mut all = all();
    all.pop();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn products_on_whatsapp_are_cards_to_swipe() {
    let rigs = [meta::whatsapp().await];
    let (shop, server) = open(&rigs);
    let [rig] = &rigs;
    let reply = asks(&shop, rig, 1, "show me vests").await;
    let carousel = &reply[0]["interactive"];
    assert_eq!(carousel["type"], "carousel", "{reply:?}");
    assert_ne!(carousel["body"]["text"], "");
    let cards = carousel["action"]["cards"].as_array().unwrap();
    assert!((2..=10).contains(&cards.len()), "{cards:?}");
    let tap = &cards[1]["action"]["buttons"][0]["quick_reply"];
    assert_eq!(tap["title"], "Add to cart", "{cards:?}");
    // What a tap under a card sends back puts it into the cart, or asks for a size.
    let words = tap["id"].as_str().unwrap();
    let reply = asks(&shop, rig, 3, words).await;
    let said: String = reply.iter().map(|body| (rig.words)(body)).collect();
    assert!(said.contains("cart") || said.contains("Which"), "{said}");
    assert_eq!(server.stop(), Some(0));
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    let Some(sdk) = sdk() else { return };
    let before = rig.fake.taken();
    let sent: Vec<&Value> = before.iter().map(|one| &one.body).collect();
    let told = json!({ "fake": rig.fake.url(), "token": meta::TOKEN, "sent": sent });
    script(&sdk, "whatsapp_cloud.py", "replays", told).await;
    assert_the_same(&before, &rig.fake, Value::clone);
}

#[tokio::test(flavor = "multi_thread")]
async fn products_are_those_of_metas_catalog_where_it_has_them_and_its_carts_are_ours() {
    let mut rigs = [meta::whatsapp().await];
    rigs[0].settings.push_str("catalog_id = \"CAT1\"\n");
    let (shop, server) = open(&rigs);
    let [rig] = &rigs;
    let reply = asks(&shop, rig, 1, "show me vests").await;
    let list = &reply[0]["interactive"];
    assert_eq!(list["type"], "product_list", "{reply:?}");
    assert_eq!(list["action"]["catalog_id"], meta::CATALOG);
    let sections = list["action"]["sections"].as_array().unwrap();
    assert_eq!(sections.len(), 1);

    // Meta does not know one of these: they are told in words.
    let reply = asks(&shop, rig, 11, "starfrost wool socks").await;
    let said: String = reply.iter().map(|body| (rig.words)(body)).collect();
    assert!(said.contains("Starfrost wool socks"), "{reply:?}");
    let refused = rig.fake.wrong();
    assert!(!refused.is_empty(), "the catalog was asked first");
    assert!(
        refused
            .iter()
            .all(|why| why.contains("catalog") || why.contains("Catalog")),
        "{refused:?}"
    );

    let items = json!([
        { "product_retailer_id": "ALDER-SOCKS-NAVY-M", "quantity": 2, "item_price": 14, "currency": "EUR" },
        { "product_retailer_id": "ALDER-SOCKS-NAVY-L", "quantity": 1, "item_price": 14, "currency": "EUR" },
    ]);
    let mut order = meta::message(&super::said(21, ANA, ""));
    order.as_object_mut().unwrap().remove("text");
    order["type"] = json!("order");
    order["order"] = json!({ "catalog_id": meta::CATALOG, "text": "", "product_items": items });
    let post = meta::signed(&meta::whatsapp_says(ANA, order), meta::SECRET);
    assert_eq!(deliver(&shop, rig.account, post.clone()).await, 200);
    let reply = asks(&shop, rig, 23, "what is in my cart").await;
    let said: String = reply.iter().map(|body| (rig.words)(body)).collect();
    assert!(said.contains("2 x Alder wool socks (navy, M)"), "{said}");
    assert!(said.contains("1 x Alder wool socks (navy, L)"), "{said}");
    assert_eq!(server.stop(), Some(0));

    let Some(sdk) = sdk() else { return };
    let told = json!({ "secret": meta::SECRET, "posts": [as_told(&post)] });
    let read = script(&sdk, "whatsapp_cloud.py", "reads", told).await;
    let ordered = json!([["ALDER-SOCKS-NAVY-M", 2], ["ALDER-SOCKS-NAVY-L", 1]]);
    assert!(
        read.as_array()
            .unwrap()
            .contains(&json!(["order", ANA, meta::CATALOG, ordered])),
        "{read}"
    );
    let before = rig.fake.taken();
    let sent: Vec<&Value> = before.iter().map(|one| &one.body).collect();
    let told = json!({ "fake": rig.fake.url(), "token": meta::TOKEN, "sent": sent });
    script(&sdk, "whatsapp_cloud.py", "replays", told).await;
    let after = rig.fake.taken();
    let again: Vec<&Value> = after[before.len()..].iter().map(|one| &one.body).collect();
    assert_eq!(sent, again);
}
