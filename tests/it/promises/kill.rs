//! No lost, doubled or reordered message: not when the process is killed, not when it is stopped.

use super::server::{TestShop, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_minus_nine_exactly_once() {
    let shop = TestShop::new();
    let mut acked: BTreeMap<String, u64> = BTreeMap::new();
    let mut token: Option<String> = None;
    let mut next = 0;
    // Killed early, late, and in the middle of a turn.
    for turns in [1_usize, 4, 2, 7, 3] {
        let server = shop.serve();
        let mut visitor = Visitor::connect(&shop, token.as_deref()).await;
        token.get_or_insert_with(|| visitor.token());
        for _ in 0..turns {
            let id = format!("m-{next}");
            let (ack, _) = visitor
                .say(&id, "do you ship to norway?")
                .await
                .expect("an answer");
            acked.insert(id, ack["seq"].as_u64().unwrap());
            next += 1;
        }
        // This one is under way when the process dies: it may be stored or not, and is sent again.
        let frame = serde_json::json!({ "type": "message", "id": format!("m-{next}"), "text": "do you ship to norway?" });
        visitor.send(frame).await;
        server.kill();
    }
    let server = shop.serve();
    let mut visitor = Visitor::connect(&shop, token.as_deref()).await;
    let (again, _) = visitor
        .say(&format!("m-{next}"), "do you ship to norway?")
        .await
        .expect("an answer");
    acked.insert(format!("m-{next}"), again["seq"].as_u64().unwrap());
    let mut visitor = Visitor::connect(&shop, token.as_deref()).await;
    let entries = visitor.history().await;
    let seqs: Vec<u64> = entries
        .iter()
        .map(|entry| entry["seq"].as_u64().unwrap())
        .collect();
    let expected: Vec<u64> = (1..=seqs.len() as u64).collect();
    assert_eq!(seqs, expected, "numbers only grow, and none is missing");
    let said = |id: &str| {
        entries
            .iter()
            .filter(|entry| entry["id"] == id)
            .collect::<Vec<&Value>>()
    };
    for (id, seq) in &acked {
        let found = said(id);
        assert_eq!(found.len(), 1, "{id} stands once");
        assert_eq!(found[0]["seq"].as_u64(), Some(*seq), "{id} kept its number");
        let reply = &entries[*seq as usize];
        assert_eq!(reply["from"], "assistant", "{id} has its reply beside it");
    }
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_says_so_and_ends_well() {
    let shop = TestShop::new();
    let server = shop.serve();
    let mut visitors = Vec::new();
    for _ in 0..10 {
        visitors.push(Visitor::connect(&shop, None).await);
    }
    visitors[0].say("m-1", "hello").await.expect("an answer");
    let stopping = tokio::task::spawn_blocking(move || server.stop());
    for visitor in &mut visitors {
        let last = visitor.next().await.expect("a close frame");
        assert_eq!(last["code"], 1012);
    }
    assert_eq!(stopping.await.unwrap(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_is_answered_once_and_other_words_under_it_are_refused() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut one = Visitor::connect(&shop, None).await;
    let (first, reply) = one.say("m-1", "hello").await.unwrap();
    let mut two = Visitor::connect(&shop, Some(&one.token())).await;
    let (second, same) = two.say("m-1", "hello").await.unwrap();
    assert_eq!(
        (first["seq"].clone(), reply["entry"].clone()),
        (second["seq"].clone(), same["entry"].clone())
    );
    assert!(
        two.send(serde_json::json!({ "type": "message", "id": "m-1", "text": "other words" }))
            .await
    );
    assert_eq!(two.next().await.unwrap()["code"], "conflict");
    let mut fresh = Visitor::connect(&shop, Some(&one.token())).await;
    assert_eq!(fresh.history().await.len(), 3);
}
