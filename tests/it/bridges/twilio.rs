//! Twilio's REST API, for SMS.

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

pub const TOKEN: &str = "canary-twilio-token";
/// Of signatures by SHA-256.
pub const SHARED_KEY: &str = "canary-twilio-shared";

pub async fn rig() -> Rig {
    let fake = Fake::start(judge).await;
    let settings = format!(
        "[channels.twilio]\naccount_sid = \"AC1\"\nfrom = \"+4930123456\"\napi = \"{}\"\nsend_seconds = 2\nper_second = 50\n",
        fake.url()
    );
    let error = |status, code: u32| {
        Fault::Answer(
            status,
            Vec::new(),
            json!({ "code": code, "message": "m", "status": status }).to_string(),
        )
    };
    Rig {
        account: "twilio",
        settings,
        secrets: vec![
            ("SHOPTALK_TWILIO_TOKEN", TOKEN.to_owned()),
            ("SHOPTALK_TWILIO_SHARED_KEY", SHARED_KEY.to_owned()),
        ],
        message: |said| post(said, TOKEN),
        forged: |said| post(said, "another"),
        dated: false,
        idempotent: false,
        too_much: error(429, 20_429),
        revoked: error(401, 20_003),
        blocked: Some(error(400, 21_610)),
        words: |body| body["Body"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}

/// A photo that is kept at [`path`].
pub fn shown(fake: &Fake, said: &Said, name: &str) -> Post {
    let url = format!("{}{}", fake.url(), path(name));
    posted(
        said,
        &[("MediaContentType0", "image/jpeg"), ("MediaUrl0", &url)],
        TOKEN,
    )
}

pub fn path(name: &str) -> String {
    format!("/2010-04-01/Accounts/AC1/Messages/MM1/Media/{name}")
}

fn post(said: &Said, token: &str) -> Post {
    posted(said, &[], token)
}

/// `media` stand between `From` and `MessageSid`, as their names do.
fn posted(said: &Said, media: &[(&str, &str)], token: &str) -> Post {
    let (sid, from) = (format!("SM{}", said.id), said.talk.clone());
    let count = if media.is_empty() { "0" } else { "1" };
    let first = [("Body", said.text.as_str()), ("From", from.as_str())];
    let last = [
        ("MessageSid", sid.as_str()),
        ("NumMedia", count),
        ("To", "+4930123456"),
    ];
    let fields = first.iter().chain(media).chain(&last);
    let mut signed = "https://chat.shop.test/bridges/twilio".to_owned();
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for &(name, value) in fields {
        signed.push_str(name);
        signed.push_str(value);
        form.append_pair(name, value);
    }
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    Post {
        headers: vec![
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("x-twilio-signature", signature),
        ],
        body: form.finish(),
        ..Post::default()
    }
}

fn judge(asked: &Asked) -> Verdict {
    let refused = |status: StatusCode, code: u32| {
        let more = format!("https://www.twilio.com/docs/errors/{code}");
        let words = json!({ "code": code, "message": "refused", "more_info": more, "status": status.as_u16() });
        Verdict::Refused(status, words)
    };
    let wrong = |code: u32| refused(StatusCode::BAD_REQUEST, code);
    let login = BASE64_STANDARD.encode(format!("AC1:{TOKEN}"));
    if asked.header("authorization") != format!("Basic {login}") {
        return refused(StatusCode::UNAUTHORIZED, 20_003);
    }
    if asked.path.contains("/Media/") {
        return Verdict::File;
    }
    match asked.path.as_str() {
        "/2010-04-01/Accounts/AC1/Messages.json" => {}
        "/2010-04-01/Accounts/AC1.json" => {
            return Verdict::Fine(json!({ "status": "active", "friendly_name": "Alder" }));
        }
        _ => return refused(StatusCode::NOT_FOUND, 20_404),
    }
    let field = |name: &str| asked.body[name].as_str().unwrap_or_default().to_owned();
    let body = field("Body");
    let unknown = |value: &Value| {
        let names = ["To", "From", "Body", "StatusCallback", "MediaUrl"];
        value
            .as_object()
            .is_none_or(|all| all.keys().any(|name| !names.contains(&name.as_str())))
    };
    let right = field("From") == "+4930123456"
        && field("StatusCallback").starts_with("https://")
        && (1..=1600).contains(&body.chars().count())
        && !unknown(&asked.body);
    match right {
        true => Verdict::Message(
            field("To"),
            json!({
                "sid": "SMout", "account_sid": "AC1", "status": "queued", "to": field("To"), "from": field("From"),
                "body": body, "num_media": "0", "error_code": null, "date_created": "Sat, 28 Nov 2026 10:00:00 +0000",
            }),
        ),
        false => wrong(21_617),
    }
}
