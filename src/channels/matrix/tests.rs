use super::*;
use crate::channels::bridge::What;
use crate::config::Config;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

fn me() -> Me {
    Me {
        user: "@shop:home.test".to_owned(),
        name: Some("Alder".to_owned()),
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn matrix(secret: &str) -> Matrix {
    let settings = "[channels.matrix]\nhomeserver = \"https://home.test/base\"\nuser = \"shop\"\n";
    let secret = (format!("SHOPTALK_MATRIX_{secret}"), "canary".to_owned());
    let config = Config::read_with("config.toml", settings, [secret]).unwrap();
    let matrix = Matrix::new(&config.channels[0]);
    *matrix.session.write().unwrap() = Some(Session {
        me: me(),
        token: "canary".to_owned(),
    });
    matrix
}

fn message(nth: u64, sender: &str, content: Value) -> Value {
    json!({
        "type": "m.room.message", "event_id": format!("$e{nth}"), "sender": sender,
        "origin_server_ts": 1_700_000_000_000_u64 + nth, "content": content,
    })
}

fn text_of(body: &str) -> Value {
    json!({ "msgtype": "m.text", "body": body })
}

/// What is heard of these events of one room: words, and whether they name us.
fn heard(events: Vec<Value>) -> Vec<(What, bool)> {
    let answer = json!({
        "next_batch": "s1", "rooms": { "join": { "!r": { "timeline": { "events": events, "limited": false } } } },
    });
    let news = News::read(&answer, &me(), &Inviters::default(), now());
    let said = news.rooms[0].hear(&me(), now());
    assert_eq!(said.strange, []);
    said.events
        .into_iter()
        .map(|(event, names_us)| (event.what, names_us))
        .collect()
}

fn said(words: &str, names_us: bool) -> (What, bool) {
    let text = words.to_owned();
    (What::Said { text }, names_us)
}

#[test]
fn people_are_heard_and_programs_changes_and_ourselves_are_not() {
    let ana = "@ana:home.test";
    let one = |content: Value| heard(vec![message(1, ana, content)]);
    assert_eq!(one(text_of("hello")), [said("hello", false)]);
    assert_eq!(
        one(json!({ "msgtype": "m.emote", "body": "waves" })),
        [said("waves", false)]
    );
    let picture = json!({ "msgtype": "m.image", "body": "a.png", "url": "mxc://x/y" });
    let shown = |words: &str| What::Shown {
        text: words.to_owned(),
        photos: vec!["mxc://x/y".to_owned()],
    };
    assert_eq!(one(picture.clone()), [(shown(""), false)]);
    let mut file = picture.clone();
    file["msgtype"] = json!("m.file");
    assert_eq!(one(file.clone()), [(What::Wordless, false)]);
    file["info"] = json!({ "mimetype": "image/webp" });
    assert_eq!(one(file), [(shown(""), false)]);
    let mut locked = picture.clone();
    locked["file"] = json!({ "url": "mxc://x/y", "v": "v2" });
    locked.as_object_mut().unwrap().remove("url");
    assert_eq!(one(locked), [(What::Wordless, false)]);
    let mut captioned = picture;
    captioned["filename"] = json!("a.png");
    captioned["body"] = json!("is this in stock?");
    assert_eq!(
        one(captioned.clone()),
        [(shown("is this in stock?"), false)]
    );
    captioned["body"] = json!("Alder:");
    captioned["m.mentions"] = json!({ "user_ids": [me().user] });
    assert_eq!(one(captioned), [(shown(""), true)]);
    for none in [
        json!({ "msgtype": "m.notice", "body": "I am a program" }),
        json!({ "msgtype": "m.key.verification.request", "body": "x" }),
        json!({}),
    ] {
        assert_eq!(one(none), []);
    }
    assert_eq!(
        heard(vec![message(1, "@shop:home.test", text_of("mine"))]),
        []
    );
    // What answers something has it before, on older clients.
    let mut answer = text_of("> <@shop:home.test> Anything else?\n> Choose\n\nno thanks");
    answer["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": "$0" } });
    assert_eq!(one(answer), [said("no thanks", true)], "it answers us");
    assert_eq!(one(text_of("> 5 EUR")), [said("> 5 EUR", false)]);
}

#[test]
fn words_count_as_they_stand_after_changes_and_what_is_taken_back_is_not_there() {
    let (ana, ben) = ("@ana:home.test", "@ben:home.test");
    let change = |nth, who: &str, of: &str, body: &str| {
        let content = json!({
            "msgtype": "m.text", "body": format!("* {body}"), "m.new_content": text_of(body),
            "m.relates_to": { "rel_type": "m.replace", "event_id": of },
        });
        message(nth, who, content)
    };
    let take_back = |of: &str| json!({ "type": "m.room.redaction", "event_id": "$x", "sender": ana, "redacts": of, "origin_server_ts": 9 });
    let all = vec![
        message(1, ana, text_of("do you shp?")),
        message(2, ana, text_of("secret")),
        message(3, ben, text_of("hi")),
        change(4, ana, "$e1", "do you ship?"),
        change(5, ana, "$e3", "not mine to change"),
        change(6, ana, "$e0", "long answered"),
        take_back("$e2"),
    ];
    assert_eq!(heard(all), [said("do you ship?", false), said("hi", false)]);
}

#[test]
fn a_room_hears_us_only_where_we_are_meant() {
    let one = |content: Value| heard(vec![message(1, "@ana:home.test", content)]);
    let meant = |body: &str, users: Value| {
        let mut content = text_of(body);
        content["m.mentions"] = json!({ "user_ids": users });
        one(content)
    };
    let us = json!(["@shop:home.test"]);
    for body in [
        "Alder: do you ship?",
        "@shop:home.test: do you ship?",
        "alder, do you ship?",
        "@shop do you ship?",
        "do you ship? @shop:home.test",
    ] {
        assert_eq!(
            meant(body, us.clone()),
            [said("do you ship?", true)],
            "{body}"
        );
    }
    assert_eq!(meant("Alder", us), [said("/start", true)]);
    let others = json!(["@ben:home.test"]);
    assert_eq!(
        meant("Alder: is nice", others),
        [said("Alder: is nice", false)]
    );
    // Clients that say nothing of it.
    assert_eq!(one(text_of("shop: hello")), [said("hello", true)]);
    assert_eq!(
        one(text_of("shop hours?")),
        [said("shop hours?", false)],
        "a word like any other"
    );
    let mut pill = text_of("Alder hello");
    pill["formatted_body"] =
        json!("<a href=\"https://matrix.to/#/@shop:home.test\">Alder</a> hello");
    assert_eq!(one(pill), [said("hello", true)]);
}

#[test]
fn an_encrypted_room_is_one_event_and_what_was_before_us_is_none() {
    let ana = "@ana:home.test";
    let encrypted = |nth: u64| {
        let mut event = message(nth, ana, json!({ "algorithm": "m.megolm.v1.aes-sha2" }));
        event["type"] = json!("m.room.encrypted");
        event
    };
    let member = |membership: &str, before: &str| {
        json!({
            "type": "m.room.member", "state_key": "@shop:home.test", "sender": ana, "event_id": "$m",
            "origin_server_ts": 5, "content": { "membership": membership },
            "unsigned": { "prev_content": { "membership": before } },
        })
    };
    let mut room = RoomNews::default();
    room.id = "!r".to_owned();
    let page = json!({
        "end": "t2",
        "chunk": [member("join", "join"), encrypted(4), encrypted(3), member("join", "invite"),
            message(2, ana, text_of("are you there?")), member("invite", "leave"), message(1, ana, text_of("before"))],
    });
    room.put_before(&page);
    assert_eq!(room.before.as_deref(), Some("t2"));
    assert!(room.begins_with_us(&me()) && room.moves());
    let said = room.hear(&me(), now()).events;
    let ids: Vec<&str> = said.iter().map(|(event, _)| &*event.id).collect();
    assert_eq!(ids, ["$e2", "encrypted/!r", "encrypted/!r"]);
    assert_eq!(said[1].0.what, What::Encrypted);
    room.put_before(&json!({ "end": "t3", "chunk": [] }));
    assert_eq!(room.before, None, "there is no more");
}

#[test]
fn what_cannot_be_read_is_put_aside_and_a_fast_clock_is_now() {
    let mut room = RoomNews::default();
    room.id = "!r".to_owned();
    let mut late = message(1, "@ana:home.test", text_of("hi"));
    late["origin_server_ts"] = json!(9_000_000_000_000_u64);
    let mut nameless = message(2, "@ana:home.test", text_of("hi"));
    nameless["event_id"] = json!(7);
    let wordless = message(
        3,
        "@ana:home.test",
        json!({ "msgtype": "m.text", "body": 5 }),
    );
    room.put_before(&json!({ "chunk": [wordless, nameless, late] }));
    let said = room.hear(&me(), now());
    assert_eq!((said.events.len(), said.strange.len()), (1, 2));
    assert_eq!(said.events[0].0.at, now());
}

#[test]
fn invitations_are_followed_as_the_owner_wants() {
    let invite = |who: &str| {
        let ours = json!({
            "type": "m.room.member", "state_key": "@shop:home.test", "sender": who, "content": { "membership": "invite" },
        });
        json!({
            "next_batch": "s9",
            "rooms": { "invite": { "!r": { "invite_state": { "events": [ours] } } }, "leave": { "!gone": {} } },
        })
    };
    let invited = |who: &str, hosts: &str| {
        let news = News::read(&invite(who), &me(), &Inviters::new(hosts), now());
        assert_eq!(news.gone[0].talk, "!gone");
        news.invited.len()
    };
    assert_eq!(invited("@ana:far.test", ""), 1);
    assert_eq!(invited("@ana:far.test", "home.test, @ana:far.test"), 1);
    assert_eq!(invited("@ana:home.test", "home.test"), 1);
    assert_eq!(invited("@ben:far.test", "home.test @ana:far.test"), 0);
}

#[test]
fn a_message_is_written_with_its_html_under_a_key_that_stays() {
    let matrix = matrix("TOKEN");
    let to = |context: Value| Place {
        talk: "!r/?:home.test".to_owned(),
        context,
    };
    let piece = Piece::Text {
        text: "**Free** & <new>\n[shipping](https://s.test/a)".to_owned(),
        buttons: Vec::new(),
    };
    let of = |context: Value| matrix.write(&to(context), &piece).remove(0);
    let call = of(json!({ "event": "$1", "group": false, "thread": null, "person": "@a:b" }));
    let content = &call.body["content"];
    assert_eq!(content["msgtype"], "m.notice");
    assert_eq!(content["body"], "Free & <new>\nshipping: https://s.test/a");
    assert_eq!(
        content["formatted_body"],
        "<b>Free</b> &amp; &lt;new&gt;<br><a href=\"https://s.test/a\">shipping</a>"
    );
    assert!(content.get("m.relates_to").is_none());
    let ask = matrix.ask(&call, 7, now()).unwrap();
    let address = ask.url.as_str();
    let room =
        "https://home.test/base/_matrix/client/v3/rooms/!r%2F%3F:home.test/send/m.room.message/7-";
    assert!(address.starts_with(room), "{address}");
    assert_eq!(ask.method, reqwest::Method::PUT);
    assert_eq!(matrix.ask(&call, 7, now()).unwrap().url, ask.url);
    // A new database counts from one again: what answers something else is something else.
    let other = of(json!({ "event": "$2" }));
    assert_ne!(matrix.ask(&other, 7, now()).unwrap().url, ask.url);
    let news = of(Value::Null);
    assert_eq!(news.body["content"]["msgtype"], "m.text");
    let group = of(json!({ "event": "$1", "group": true, "person": "@a:b" }));
    let content = &group.body["content"];
    assert_eq!(content["m.relates_to"]["m.in_reply_to"]["event_id"], "$1");
    assert_eq!(content["m.mentions"]["user_ids"][0], "@a:b");
    let thread = of(json!({ "event": "$1", "thread": "$0", "group": false }));
    assert_eq!(
        thread.body["content"]["m.relates_to"]["rel_type"],
        "m.thread"
    );
    let long = Piece::Text {
        text: format!("**a** {}", "&".repeat(15_900)),
        buttons: Vec::new(),
    };
    let call = matrix.write(&to(Value::Null), &long).remove(0);
    assert!(call.body["content"].get("format").is_none() && call.body.to_string().len() < LONGEST);
}

#[test]
fn answers_mean_what_the_homeserver_says() {
    let answer = |status: u16, body: &str| Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: body.as_bytes().to_vec(),
    };
    let send = Call::new("send", json!({ "room": "!r", "content": {} }));
    let join = Call::new("join", json!({ "room": "!r" }));
    let by_token = matrix("TOKEN");
    let by_password = matrix("PASSWORD");
    let of = |call: &Call, status, code: &str| {
        let body = json!({ "errcode": code, "error": "no", "retry_after_ms": 1500 });
        by_token.answered(call, &answer(status, &body.to_string()))
    };
    let sent = by_token.answered(&send, &answer(200, "{\"event_id\":\"$1\"}"));
    assert_eq!(sent, Outcome::Sent(Some("$1".to_owned())));
    assert_eq!(
        by_token.answered(&join, &answer(200, "{}")),
        Outcome::Sent(None)
    );
    assert!(matches!(
        by_token.answered(&send, &answer(200, "<html>")),
        Outcome::Unknown(_)
    ));
    let wait = Some(Duration::from_millis(1500));
    for (call, whole) in [(&send, true), (&join, false)] {
        match of(call, 429, "M_LIMIT_EXCEEDED") {
            Outcome::Later {
                wait: said, all, ..
            } => assert_eq!((said, all), (wait, whole)),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(
        of(&send, 403, "M_FORBIDDEN"),
        Outcome::Unreachable(_)
    ));
    assert!(matches!(of(&join, 403, "M_FORBIDDEN"), Outcome::Refused(_)));
    assert!(matches!(of(&send, 413, "M_TOO_LARGE"), Outcome::Refused(_)));
    assert!(matches!(
        of(&send, 401, "M_UNKNOWN_TOKEN"),
        Outcome::Revoked(_)
    ));
    assert!(matches!(
        by_token.answered(&send, &answer(502, "<html>")),
        Outcome::Later { all: false, .. }
    ));
    // Whoever has the password has a new token soon.
    by_password.signed_in.store(true, Ordering::Release);
    let lost = answer(401, "{\"errcode\":\"M_UNKNOWN_TOKEN\"}");
    let outcome = by_password.answered(&send, &lost);
    assert!(
        matches!(outcome, Outcome::Later { all: true, .. }),
        "{outcome:?}"
    );
    assert!(!by_password.is_ready());
}

#[test]
fn a_room_is_private_while_two_are_known_to_be_in_it() {
    let matrix = matrix("TOKEN");
    let is_private = |context: Value| {
        let event = Event {
            id: "$e1".to_owned(),
            talk: "!r".to_owned(),
            person: "@ana:home.test".to_owned(),
            alias: None,
            at: now(),
            what: What::Wordless,
            context,
        };
        matrix.is_private(&event)
    };
    assert!(is_private(json!({ "group": false })));
    assert!(!is_private(json!({ "group": true })));
    assert!(!is_private(json!({ "event": "$e1" })), "nobody knows");
}
