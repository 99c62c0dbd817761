//! Rooms of Matrix, and a token that is lost.

use super::*;

/// Waits until so many messages are in a room; the last.
async fn hears(rig: &Rig, talk: &str, count: usize) -> Value {
    let what = format!("{count} in {talk}, wrong: {:?}", rig.fake.wrong());
    until(&what, || rig.fake.taken_in(talk).len() >= count).await;
    let taken = rig.fake.taken_in(talk);
    assert_eq!(taken.len(), count, "{talk}: {taken:?}");
    taken[count - 1].body.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_joined_by_invitation_and_a_group_is_answered_where_it_names_us() {
    let rigs = [rig().await];
    let [rig] = &rigs;
    let home = Arc::clone(rig.fake.home.as_ref().unwrap());
    // What was said before anybody listened is not answered; whoever asked us in before is.
    home.put(
        "1",
        [message(
            1,
            "1",
            now(),
            json!({ "msgtype": "m.text", "body": QUESTION }),
        )],
    );
    home.invite("2", "@ana:home.test");
    home.invite("3", "@ana:far.test");
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    until("it came in", || home.is_joined("2")).await;
    knock(&shop, rig, &said(2, 2, QUESTION)).await;
    let answer = hears(rig, "2", 1).await;
    assert_eq!(answer["msgtype"], "m.notice");
    assert!(answer.get("m.relates_to").is_none(), "{answer}");

    // A group: only what names us, however it is said, and who is answered.
    let words = |id, body: &str, more: Value| {
        let mut content = json!({ "msgtype": "m.text", "body": body });
        for (name, value) in more.as_object().unwrap() {
            content[name] = value.clone();
        }
        message(id, "g4", now(), content)
    };
    let names_us = json!({ "m.mentions": { "user_ids": [BOT] } });
    let own = json!({
        "type": "m.room.message", "event_id": "$own", "sender": BOT, "origin_server_ts": now() * 1000,
        "content": { "msgtype": "m.text", "body": "Alder: hello" },
    });
    let all = [
        words(1, "nobody in particular: do you ship?", json!({})),
        words(2, "Alder: do you shp to norwy?", names_us.clone()),
        words(
            3,
            "Alder: thanks",
            json!({ "msgtype": "m.notice", "m.mentions": { "user_ids": [BOT] } }),
        ),
        words(4, "Alder: I should not have said this", names_us.clone()),
        own,
        words(
            5,
            "* Alder: do you ship to norway?",
            json!({
                "m.new_content": { "msgtype": "m.text", "body": "Alder: do you ship to norway?", "m.mentions": { "user_ids": [BOT] } },
                "m.relates_to": { "rel_type": "m.replace", "event_id": "$e2-g4" },
            }),
        ),
        json!({
            "type": "m.room.redaction", "event_id": "$r", "sender": "@ug4:home.test", "redacts": "$e4-g4",
            "origin_server_ts": now() * 1000, "content": {},
        }),
    ];
    let place = home.put("g4", all);
    until("it is read", || home.has_read(place)).await;
    let answer = hears(rig, "g4", 1).await;
    assert!(
        answer["body"].as_str().unwrap().contains("Norway"),
        "{answer}"
    );
    assert_eq!(
        answer["m.relates_to"]["m.in_reply_to"]["event_id"],
        "$e2-g4"
    );
    assert_eq!(answer["m.mentions"]["user_ids"], json!(["@ug4:home.test"]));
    until("it is marked as read", || {
        home.inside.lock().unwrap().marked.contains("$e2-g4")
    })
    .await;

    // In an encrypted room it is said once that nothing can be read.
    let secret = |id: u64| {
        let mut event = message(
            id,
            "5",
            now(),
            json!({ "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x" }),
        );
        event["type"] = json!("m.room.encrypted");
        event
    };
    home.put("5", [secret(1), secret(2)]);
    let answer = hears(rig, "5", 1).await;
    assert!(
        answer["body"].as_str().unwrap().contains("encrypted"),
        "{answer}"
    );
    let place = home.put("5", [secret(3)]);
    until("it is read", || home.has_read(place)).await;

    // More than fits into one answer is asked for, page by page.
    let many = (1..=7).map(|id| {
        message(
            id,
            "6",
            now(),
            json!({ "msgtype": "m.text", "body": format!("do you ship to norway, {id}") }),
        )
    });
    home.put("6", many);
    hears(rig, "6", 7).await;
    knock(&shop, rig, &said(9, 5, "and now without")).await;
    hears(rig, "5", 2).await;
    assert!(!home.is_joined("3"), "a host nobody wants");
    assert!(rig.fake.taken_in("1").is_empty());
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_password_a_lost_token_is_had_again_and_nothing_is_said_twice() {
    let mut rig = rig().await;
    rig.settings.push_str("user = \"shop\"\n");
    rig.secrets = vec![("SHOPTALK_MATRIX_PASSWORD", "canary-password".to_owned())];
    let home = Arc::clone(rig.fake.home.as_ref().unwrap());
    home.inside.lock().unwrap().by_password = true;
    let rigs = [rig];
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    knock(&shop, rig, &said(1, 1, QUESTION)).await;
    hears(rig, "1", 1).await;
    // The homeserver forgets its tokens between hearing and answering.
    rig.fake.fail([rig.revoked.clone()]);
    home.inside.lock().unwrap().tokens.retain(|_| false);
    until("a new token", || {
        !home.inside.lock().unwrap().tokens.is_empty()
    })
    .await;
    knock(&shop, rig, &said(2, 2, QUESTION)).await;
    hears(rig, "2", 1).await;
    server.kill();
    let server = serve(&shop, &rigs);
    knock(&shop, rig, &said(3, 3, QUESTION)).await;
    hears(rig, "3", 1).await;
    let devices: BTreeSet<String> = {
        let inside = home.inside.lock().unwrap();
        inside
            .tokens
            .iter()
            .map(|(_, device)| device.clone())
            .collect()
    };
    assert_eq!(
        devices,
        BTreeSet::from(["shoptalk-matrix".to_owned()]),
        "one device for good"
    );
    assert_eq!(server.stop(), Some(0));

    // With a wrong one nothing is sent, and the owner is told.
    let mut rigs = rigs;
    rigs[0].secrets[0].1 = "canary-wrong".to_owned();
    let server = serve(&shop, &rigs);
    let paused = "shoptalk_bridge_paused{account=\"matrix\"}";
    until("paused", || shop.metric(paused) == Some(1)).await;
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(
        log.contains("does not know us") && !log.contains("canary"),
        "{log}"
    );
}
