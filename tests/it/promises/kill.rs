//! No lost, doubled or reordered message: not when the process is killed, not when it is stopped.

use super::server::{TestShop, Visitor};
use serde_json::{Value, json};
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
    // As many as fit under the usual limit of open files, twice: here and there.
    const CROWD: usize = 400;
    let shop = TestShop::with("sockets_per_address = 1000");
    let server = shop.serve();
    let mut visitors = Vec::new();
    for _ in 0..CROWD {
        visitors.push(Visitor::connect(&shop, None).await);
    }
    // All speak at once; the stop comes in the middle of it.
    for (nth, visitor) in visitors.iter_mut().enumerate() {
        let frame = json!({ "type": "message", "id": format!("m-{nth}"), "text": "hello" });
        assert!(visitor.send(frame).await);
    }
    let stopping = tokio::task::spawn_blocking(move || server.stop());
    let mut acked = Vec::new();
    for (nth, visitor) in visitors.iter_mut().enumerate() {
        loop {
            let frame = visitor.next().await.expect("a close frame");
            if frame["type"] == "ack" {
                acked.push(nth);
            }
            if frame["type"] == "closed" {
                assert_eq!(frame["code"], 1012);
                break;
            }
        }
    }
    assert_eq!(stopping.await.unwrap(), Some(0));
    let _server = shop.serve();
    for nth in acked {
        let mut back = Visitor::connect(&shop, Some(&visitors[nth].token())).await;
        let entries = back.history().await;
        assert_eq!(entries.len(), 3, "what was acknowledged is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_slept_answers_once_what_was_sent_again_meanwhile() {
    let shop = TestShop::new();
    let server = shop.serve();
    let mut one = Visitor::connect(&shop, None).await;
    one.say("m-0", "hello").await.unwrap();
    let mut two = Visitor::connect(&shop, Some(&one.token())).await;
    let signal = |name: &str| {
        let mut kill = std::process::Command::new("kill");
        let sent = kill.arg(name).arg(server.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    };
    signal("-STOP");
    for window in [&mut one, &mut two] {
        let frame = json!({ "type": "message", "id": "m-1", "text": "do you ship to norway?" });
        assert!(window.send(frame).await);
    }
    signal("-CONT");
    let mut numbers = Vec::new();
    for window in [&mut one, &mut two] {
        loop {
            let frame = window.next().await.expect("an ack");
            if frame["type"] == "ack" {
                numbers.push(frame["seq"].as_u64());
                break;
            }
        }
    }
    assert_eq!(numbers[0], numbers[1]);
    let mut back = Visitor::connect(&shop, Some(&one.token())).await;
    assert_eq!(back.history().await.len(), 5, "greeting and two turns");
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
