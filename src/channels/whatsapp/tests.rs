use super::*;
use crate::config::Config;
use crate::remote::Mac;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

fn whatsapp() -> WhatsApp {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(
        &path,
        "[channels.whatsapp]\nphone_number_id = \"PN1\"\ntemplate = \"answer\"\n",
    )
    .unwrap();
    let env = [
        ("SHOPTALK_WHATSAPP_TOKEN", "t"),
        ("SHOPTALK_WHATSAPP_SECRET", "test-secret"),
        ("SHOPTALK_WHATSAPP_VERIFY_TOKEN", "ours"),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(Some(&path), env).unwrap();
    WhatsApp::new(&config.channels[0])
}

fn read(get: bool, query: &str, signature: Option<&str>, body: &[u8]) -> Result<Heard, Refusal> {
    let header = |name: &str| signature.filter(|_| name == "x-hub-signature-256");
    let request = Incoming {
        get,
        uri: "/",
        query,
        header: &header,
        body,
    };
    whatsapp().read(&request, Timestamp::now())
}

fn heard(messages: Value, contacts: Value) -> Heard {
    let value = json!({ "metadata": { "phone_number_id": "PN1" }, "contacts": contacts, "messages": messages });
    let body =
        json!({ "entry": [{ "changes": [{ "field": "messages", "value": value }] }] }).to_string();
    let signature = Mac::new("test-secret").unwrap().hex(&[body.as_bytes()]);
    read(
        false,
        "",
        Some(&format!("sha256={signature}")),
        body.as_bytes(),
    )
    .unwrap()
}

#[test]
fn the_challenge_is_answered_to_whoever_knows_our_words() {
    let right = "hub.mode=subscribe&hub.verify_token=ours&hub.challenge=%3Cb%3E12";
    let reply = read(true, right, None, b"").unwrap().reply;
    assert_eq!(
        (reply.kind, reply.body.as_str()),
        ("text/plain; charset=utf-8", "<b>12")
    );
    for (query, refusal) in [
        (
            "hub.mode=subscribe&hub.verify_token=theirs&hub.challenge=1",
            Refusal::Forbidden,
        ),
        (
            "hub.mode=other&hub.verify_token=ours&hub.challenge=1",
            Refusal::Forbidden,
        ),
        (
            "hub.mode=subscribe&hub.verify_token=ours",
            Refusal::Malformed,
        ),
        ("", Refusal::Malformed),
    ] {
        assert_eq!(read(true, query, None, b""), Err(refusal), "{query}");
    }
}

#[test]
fn only_the_bytes_that_meta_has_signed_are_read() {
    let body = r#"{"ok":true,"t":"Grüße 👋"}"#.as_bytes();
    let right = "sha256=e3f463a0824e9040ff3726465546a18b5252b2ae4bd665a253f6d8d2bbc8c14b";
    assert!(read(false, "", Some(right), body).is_ok());
    let upper = right.to_uppercase().replace("SHA256", "sha256");
    for (signature, body) in [
        (None, body),
        (Some(&right[7..]), body),
        (Some(upper.as_str()), body),
        (Some(&right[..60]), body),
        (
            Some(right),
            br#"{"ok":true,"t":"Gr\u00fc\u00dfe \ud83d\udc4b"}"#.as_slice(),
        ),
        (
            Some("sha256=b32b6314300c0d001be8c13d26543902d2ee5368a8f139c8020dffa52e210561"),
            body,
        ),
    ] {
        assert_eq!(
            read(false, "", signature, body),
            Err(Refusal::Forged),
            "{signature:?}"
        );
    }
}

#[test]
fn of_three_messages_the_broken_one_is_put_aside() {
    let message = |id: &str| json!({ "from": "49151", "id": id, "timestamp": "1763650000", "type": "text", "text": { "body": "hi" } });
    let broken = json!({ "from": "49151", "id": "b", "timestamp": "soon", "type": "text" });
    let heard = heard(json!([message("a"), broken, message("c")]), json!([]));
    let ids: Vec<&str> = heard.events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(heard.strange.len(), 1);
    assert_eq!(heard.strange[0].0, "b");
}

#[test]
fn taps_captions_and_people_without_a_number_are_understood() {
    let base = |kind: &str, rest: Value| {
        let mut message =
            json!({ "from": "49151", "id": "m", "timestamp": "1763650000", "type": kind });
        message[kind] = rest;
        message
    };
    let contacts = json!([{ "wa_id": "49151", "user_id": "DE.1" }]);
    let what = |message: Value| {
        heard(json!([message]), contacts.clone())
            .events
            .remove(0)
            .what
    };
    let reply =
        json!({ "type": "button_reply", "button_reply": { "id": "Returns", "title": "Ret" } });
    let (payload, label) = ("Returns".to_owned(), "Ret".to_owned());
    assert_eq!(
        what(base("interactive", reply)),
        What::Tapped { payload, label }
    );
    let shown = |text: &str| What::Shown {
        text: text.to_owned(),
        photos: vec!["1".to_owned()],
    };
    assert_eq!(
        what(base("image", json!({ "id": "1", "caption": "look" }))),
        shown("look")
    );
    assert_eq!(what(base("image", json!({ "id": "1" }))), shown(""));
    let scan = json!({ "id": "1", "mime_type": "image/png" });
    assert_eq!(what(base("document", scan)), shown(""));
    let paper = json!({ "id": "1", "mime_type": "application/pdf", "caption": "look" });
    let text = "look".to_owned();
    assert_eq!(what(base("document", paper)), What::Said { text });
    assert_eq!(what(base("audio", json!({ "id": "1" }))), What::Wordless);
    let reaction = base("reaction", json!({ "emoji": "x" }));
    assert_eq!(heard(json!([reaction]), contacts.clone()), Heard::default());

    let event = heard(json!([base("text", json!({ "body": "hi" }))]), contacts)
        .events
        .remove(0);
    assert_eq!(
        (event.person.as_str(), event.alias.as_deref()),
        ("DE.1", Some("49151"))
    );
    let place = Place {
        talk: event.talk,
        context: Value::Null,
    };
    let piece = Piece::Text {
        text: "hi".to_owned(),
        buttons: Vec::new(),
    };
    let call = whatsapp().write(&place, &piece).remove(0);
    assert_eq!(call.body["recipient"], "DE.1");
    assert!(call.body.get("to").is_none());
}

#[test]
fn what_became_of_a_message_is_heard_and_another_numbers_news_are_not() {
    let statuses = json!([{ "id": "wamid.1", "status": "failed", "timestamp": "1763650000",
        "errors": [{ "code": 131_026, "title": "Undeliverable" }] }]);
    let body = |number: &str| {
        let value = json!({ "metadata": { "phone_number_id": number }, "statuses": statuses });
        json!({ "entry": [{ "changes": [{ "field": "messages", "value": value }] }] }).to_string()
    };
    let read = |body: String| {
        let signature = Mac::new("test-secret").unwrap().hex(&[body.as_bytes()]);
        read(
            false,
            "",
            Some(&format!("sha256={signature}")),
            body.as_bytes(),
        )
        .unwrap()
    };
    let event = read(body("PN1")).events.remove(0);
    assert_eq!(event.id, "wamid.1/failed");
    let reason = Some("131026 (Undeliverable)".to_owned());
    let (message, state) = ("wamid.1".to_owned(), "failed".to_owned());
    assert_eq!(
        event.what,
        What::Delivery {
            message,
            state,
            reason
        }
    );
    let other = read(body("PN2"));
    assert_eq!((other.events, other.strange), (Vec::new(), Vec::new()));
    assert_eq!(other.elsewhere, ["PN2"]);
}

fn answered(status: u16, error: Value, kind: &str) -> Outcome {
    let answer = Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: json!({ "error": error }).to_string().into_bytes(),
    };
    let call = Call::new("messages", json!({ "to": "49151", "type": kind }));
    whatsapp().answered(&call, &answer)
}

#[test]
fn metas_errors_mean_what_they_mean() {
    let error = |code: i64| answered(400, json!({ "code": code, "message": "m" }), "text");
    assert!(matches!(error(190), Outcome::Revoked(_)));
    assert!(matches!(error(131_026), Outcome::Unreachable(_)));
    assert!(matches!(error(130_429), Outcome::Later { all: true, .. }));
    assert!(matches!(error(131_056), Outcome::Later { all: false, .. }));
    assert!(matches!(error(131_009), Outcome::Refused(_)));
    assert!(matches!(error(131_049), Outcome::Refused(_)));
    // What is wrong with one person stops nobody else.
    let of_person = |code: i64, sub: i64| {
        let error = json!({ "code": code, "error_subcode": sub });
        answered(400, error, "text")
    };
    assert!(matches!(of_person(10, 2_534_022), Outcome::Refused(_)));
    assert!(matches!(of_person(10, 2_018_278), Outcome::Refused(_)));
    assert!(matches!(of_person(200, 1_545_041), Outcome::Unreachable(_)));
    assert!(matches!(of_person(200, 0), Outcome::Revoked(_)));
    let without_code = json!({ "message": "upstream" });
    assert!(matches!(
        answered(400, without_code, "text"),
        Outcome::Refused(_)
    ));
    let transient = json!({ "code": 77, "is_transient": true });
    assert!(matches!(
        answered(500, transient, "text"),
        Outcome::Later { .. }
    ));
    // The window is closed: the template is said, once.
    let Outcome::InsteadOfReply(call) = error(131_047) else {
        panic!("no template")
    };
    assert_eq!(call.body["template"]["name"], "answer");
    assert_eq!(call.body["to"], "49151");
    let closed = json!({ "code": 131_047, "message": "m" });
    assert!(matches!(
        answered(400, closed, "template"),
        Outcome::Refused(_)
    ));
}
