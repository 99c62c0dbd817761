use super::*;
use crate::config::Config;

const BODY: &str = r#"{"ok":true,"t":"Grüße 👋"}"#;
const SIGNATURE: &str = "v0=4acce6c36904bc5d7e5ef4207284ebadc2abe3f38144200ce76a653020a35523";

fn slack() -> Slack {
    Slack {
        api: API.to_owned(),
        token: "xoxb-1".to_owned(),
        app_token: String::new(),
        mac: Mac::new("test-secret"),
        socket: false,
    }
}

fn read(at: &str, signature: &str, body: &[u8], now: i64) -> Result<Heard, Refusal> {
    let header = |name: &str| match name {
        "x-slack-request-timestamp" => Some(at),
        "x-slack-signature" => Some(signature),
        "content-type" => Some("application/json"),
        _ => None,
    };
    let request = Incoming {
        get: false,
        uri: "/",
        query: "",
        header: &header,
        body,
    };
    slack().read(&request, Timestamp::from_second(now).unwrap())
}

#[test]
fn only_what_slack_has_signed_within_five_minutes_is_read() {
    let at = "1700000000";
    let now = 1_700_000_000;
    assert!(read(at, SIGNATURE, BODY.as_bytes(), now).is_ok());
    assert!(read(at, SIGNATURE, BODY.as_bytes(), now + 299).is_ok());
    let upper = SIGNATURE.to_uppercase().replace("V0", "v0");
    for (at, signature, body, now) in [
        (at, SIGNATURE, BODY.as_bytes(), now + 360),
        (at, SIGNATURE, BODY.as_bytes(), now - 360),
        (at, upper.as_str(), BODY.as_bytes(), now),
        (at, &SIGNATURE[..40], BODY.as_bytes(), now),
        (at, "", BODY.as_bytes(), now),
        (at, SIGNATURE, b"{}", now),
        ("1700000001", SIGNATURE, BODY.as_bytes(), now),
        ("soon", SIGNATURE, BODY.as_bytes(), now),
        ("99999999999999999999", SIGNATURE, BODY.as_bytes(), now),
        ("", SIGNATURE, BODY.as_bytes(), now),
    ] {
        assert_eq!(
            read(at, signature, body, now),
            Err(Refusal::Forged),
            "{at} {signature}"
        );
    }
}

fn heard(body: Value) -> Heard {
    let mut heard = Heard::default();
    hear(&body, &mut heard);
    heard
}

fn said(event: Value) -> Value {
    json!({
        "type": "event_callback", "event_id": "Ev08", "team_id": "T1",
        "authorizations": [{ "user_id": "UBOT", "is_bot": true }], "event": event,
    })
}

#[test]
fn a_direct_message_and_a_mention_are_heard_and_bots_are_not() {
    let direct = json!({
        "type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "1763650000.000200",
        "text": "Where is <https://x.y|my order> &amp; <mailto:a@b.c|a@b.c>?",
    });
    let found = heard(said(direct.clone())).events.remove(0);
    assert_eq!(
        (
            found.id.as_str(),
            found.talk.as_str(),
            found.person.as_str()
        ),
        ("Ev08", "D1", "U1")
    );
    let text = "Where is my order & a@b.c?".to_owned();
    assert_eq!(found.what, What::Said { text });
    assert_eq!(found.at.as_millisecond(), 1_763_650_000_000);
    let mention = json!({
        "type": "app_mention", "channel": "C1", "user": "U1", "ts": "1763650000.000300", "text": "<@UBOT> hi",
    });
    let found = heard(said(mention)).events.remove(0);
    assert_eq!(found.talk, "C1/1763650000.000300");
    let with = |name: &str, value: Value| {
        let mut event = direct.clone();
        event[name] = value;
        heard(said(event))
    };
    for ignored in [
        with("bot_id", json!("B1")),
        with("user", json!("UBOT")),
        with("subtype", json!("message_changed")),
        with("channel_type", json!("channel")),
        heard(json!({ "type": "app_rate_limited" })),
    ] {
        assert_eq!(ignored, Heard::default());
    }
    assert_eq!(with("ts", Value::Null).strange.len(), 1);
}

#[test]
fn a_button_says_what_stands_behind_it() {
    let tapped = json!({
        "type": "block_actions", "trigger_id": "t1", "user": { "id": "U1" }, "channel": { "id": "D1" },
        "message": { "ts": "1.2" },
        "actions": [{ "action_id": "say-0", "value": "Returns", "action_ts": "1763650000.1", "text": { "text": "Returns" } }],
    });
    let found = heard(tapped).events.remove(0);
    let (payload, label) = ("Returns".to_owned(), "Returns".to_owned());
    assert_eq!(found.what, What::Tapped { payload, label });
    assert_eq!(found.id, "t1");
}

#[test]
fn a_socket_needs_no_signing_secret() {
    let env = [
        ("SHOPTALK_SLACK_TOKEN", "xoxb-1"),
        ("SHOPTALK_SLACK_APP_TOKEN", "xapp-1"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "[channels.slack]\nsocket = true\n").unwrap();
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(Some(&path), env).unwrap();
    let slack = Slack::new(&config.channels[0]);
    assert!(slack.socket && slack.app_token == "xapp-1");
}

#[test]
fn what_cannot_be_read_says_whose_it_is() {
    let talk = |part: Value| slack().talk_of(&part.to_string());
    let direct = json!({ "event": { "channel": "D1", "ts": "1.2" } });
    assert_eq!(talk(direct).as_deref(), Some("D1"));
    let group = json!({ "event": { "channel": "C1", "ts": "1.2" } });
    assert_eq!(talk(group).as_deref(), Some("C1/1.2"));
    let tap = json!({ "channel": { "id": "D1" }, "message": { "thread_ts": "1.1" } });
    assert_eq!(talk(tap).as_deref(), Some("D1/1.1"));
    assert_eq!(talk(json!("nothing")), None);
}
