use super::*;
use crate::config::Config;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

fn telegram() -> Telegram {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "[channels.telegram]\n").unwrap();
    let env = [("SHOPTALK_TELEGRAM_TOKEN".to_owned(), "1:token".to_owned())];
    let config = Config::load(Some(&path), env).unwrap();
    Telegram::new(
        &config.channels[0],
        "https://shop.test/bridges/telegram".to_owned(),
    )
}

fn read(secret: &str, kind: &str, body: &str) -> Result<Heard, Refusal> {
    let header = |name: &str| match name {
        "x-telegram-bot-api-secret-token" => Some(secret),
        "content-type" => Some(kind),
        _ => None,
    };
    let request = Incoming {
        get: false,
        uri: "/",
        query: "",
        header: &header,
        body: body.as_bytes(),
    };
    telegram().read(&request, Timestamp::now())
}

fn heard(update: Value) -> Heard {
    let mut heard = Heard::default();
    hear(&update, &mut heard);
    heard
}

#[test]
fn only_telegram_knows_the_secret_and_it_sends_json() {
    let secret = telegram().secret;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    assert!((1..=256).contains(&secret.len()) && secret.chars().all(plain));
    assert!(
        read(
            &secret,
            "application/json; charset=utf-8",
            "{\"update_id\":1}"
        )
        .is_ok()
    );
    assert_eq!(read(&secret, "text/plain", "{}"), Err(Refusal::Form));
    for wrong in ["", &secret[1..], &secret.to_uppercase()] {
        assert_eq!(read(wrong, "application/json", "{}"), Err(Refusal::Forged));
    }
    let strange = read(&secret, "application/json", "no json").unwrap();
    assert_eq!((strange.events.len(), strange.strange.len()), (0, 1));
}

#[test]
fn messages_taps_and_blocks_are_heard_and_groups_bots_and_edits_are_not() {
    let chat = json!({ "id": 991, "type": "private" });
    let message = |rest: Value| {
        let mut message = json!({ "message_id": 12, "date": 1_763_650_000, "chat": chat, "from": { "id": 991, "is_bot": false } });
        for (name, value) in rest.as_object().unwrap() {
            message[name] = value.clone();
        }
        heard(json!({ "update_id": 730_001, "message": message }))
    };
    let said = |text: &str| What::Said {
        text: text.to_owned(),
    };
    let event = message(json!({ "text": "hello" })).events.remove(0);
    assert_eq!((event.id.as_str(), event.talk.as_str()), ("730001", "991"));
    assert_eq!(
        (event.at.as_second(), event.what),
        (1_763_650_000, said("hello"))
    );
    assert_eq!(
        message(json!({ "text": "/start ref42" })).events[0].what,
        said("/start")
    );
    assert_eq!(
        message(json!({ "text": "/start K4P9TX" })).events[0].what,
        said("/start K4P9TX")
    );
    assert_eq!(
        message(json!({ "photo": [], "caption": "look" })).events[0].what,
        said("look")
    );
    assert_eq!(
        message(json!({ "voice": {} })).events[0].what,
        What::Wordless
    );
    assert_eq!(
        message(json!({ "chat": { "id": -5, "type": "group" }, "text": "x" })),
        Heard::default()
    );
    assert_eq!(
        message(json!({ "from": { "id": 1, "is_bot": true }, "text": "x" })),
        Heard::default()
    );
    assert_eq!(
        heard(json!({ "update_id": 2, "edited_message": {} })),
        Heard::default()
    );
    assert_eq!(heard(json!({ "message": {} })).strange.len(), 1);

    let keyboard = json!({ "inline_keyboard": [[{ "text": "My order", "callback_data": "=ab" }]] });
    let query = json!({ "id": "427", "from": { "id": 991 }, "data": "=ab", "message": { "reply_markup": keyboard } });
    let event = heard(json!({ "update_id": 3, "callback_query": query }))
        .events
        .remove(0);
    let (payload, label) = ("=ab".to_owned(), "My order".to_owned());
    assert_eq!(event.what, What::Tapped { payload, label });
    let call = telegram().courtesy(&event).unwrap();
    assert_eq!(
        (call.to.as_str(), &call.body["callback_query_id"]),
        ("answerCallbackQuery", &json!("427"))
    );

    let member = |status: &str| json!({ "update_id": 4, "my_chat_member": { "chat": chat, "date": 1, "new_chat_member": { "status": status } } });
    assert_eq!(heard(member("kicked")).events[0].what, What::Gone);
    assert_eq!(heard(member("member")).events[0].what, What::Back);
}

fn answered(call: &str, code: u16, description: &str) -> Outcome {
    let body = json!({ "ok": false, "error_code": code, "description": description, "parameters": { "retry_after": 7 } });
    let answer = Answer {
        status: StatusCode::from_u16(code).unwrap(),
        headers: HeaderMap::new(),
        body: body.to_string().into_bytes(),
    };
    let body =
        json!({ "chat_id": 1, "text": "<b>5 &lt; 6</b>", "caption": "c", "parse_mode": "HTML" });
    telegram().answered(&Call::new(call, body), &answer)
}

#[test]
fn telegrams_errors_mean_what_they_mean() {
    let plain = answered("sendMessage", 400, "Bad Request: can't parse entities: x");
    let Outcome::Instead(call) = plain else {
        panic!("{plain:?}")
    };
    assert_eq!(call.body["text"], "5 < 6");
    assert!(call.body.get("parse_mode").is_none());
    let Outcome::Instead(call) = answered(
        "sendPhoto",
        400,
        "Bad Request: failed to get HTTP URL content",
    ) else {
        panic!("no words")
    };
    assert_eq!(
        (call.to.as_str(), &call.body["text"]),
        ("sendMessage", &json!("c"))
    );
    let wait = Some(Duration::from_secs(7));
    assert!(
        matches!(answered("sendMessage", 429, "x"), Outcome::Later { wait: w, all: true, .. } if w == wait)
    );
    assert!(matches!(
        answered("sendMessage", 403, "Forbidden: bot was blocked by the user"),
        Outcome::Unreachable(_)
    ));
    assert!(matches!(
        answered("sendMessage", 401, "Unauthorized"),
        Outcome::Revoked(_)
    ));
    assert!(matches!(
        answered("sendMessage", 404, "Not Found"),
        Outcome::Revoked(_)
    ));
    assert!(matches!(
        answered("sendMessage", 400, "Bad Request: chat not found"),
        Outcome::Unreachable(_)
    ));
    assert!(matches!(
        answered("sendMessage", 400, "Bad Request: other"),
        Outcome::Refused(_)
    ));
    assert!(matches!(
        answered("sendMessage", 502, "Bad Gateway"),
        Outcome::Later { all: false, .. }
    ));
}
