use super::{LETTER, email, now, said};
use crate::channels::bridge::{Channel, Heard, Incoming, Refusal};
use crate::channels::email::Email;
use crate::remote::Mac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

fn read(
    email: &Email,
    kind: &str,
    header: (&str, &str),
    query: &str,
    body: &[u8],
) -> Result<Heard, Refusal> {
    let headers = |name: &str| match name {
        "content-type" => Some(kind),
        other if other == header.0 => Some(header.1),
        _ => None,
    };
    let request = Incoming {
        get: false,
        uri: "/",
        query,
        header: &headers,
        body,
    };
    email.read(&request, now())
}

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=xYzZY";

/// As browsers and mail services write forms with files.
fn parts(fields: &[(&str, &str)]) -> String {
    let field = |(name, value): &(&str, &str)| {
        format!("--xYzZY\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let all: String = fields.iter().map(field).collect();
    format!("{all}--xYzZY--\r\n")
}

fn pairs(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// What each service posts, as its documents show it.
fn services() -> Vec<(&'static str, &'static str, String)> {
    let (head, body) = LETTER.split_once("\r\n\r\n").unwrap();
    let envelope = r#"{"to":["hello@shop.test"],"from":"ana@mail.test"}"#;
    let sendgrid = [
        ("dkim", "{@mail.test : pass}"),
        ("to", "hello@shop.test"),
        ("from", "Ana <ana@mail.test>"),
        ("sender_ip", "192.0.2.1"),
        ("SPF", "pass"),
        ("subject", "Norway"),
        ("envelope", envelope),
        (
            "charsets",
            r#"{"to":"UTF-8","subject":"UTF-8","from":"UTF-8","text":"iso-8859-1"}"#,
        ),
    ];
    let raw = [&sendgrid[..], &[("email", LETTER)]].concat();
    let parsed = [
        &sendgrid[..],
        &[
            ("headers", head),
            ("text", body),
            ("html", "<p>x</p>"),
            ("attachments", "0"),
        ],
    ]
    .concat();
    let mailgun = [
        ("recipient", "hello@shop.test"),
        ("sender", "ana@mail.test"),
        ("from", "Ana <ana@mail.test>"),
        ("subject", "Norway"),
        ("timestamp", "1800000000"),
        ("token", "t"),
        ("signature", "s"),
    ];
    let headers = json!([
        ["From", "Ana <ana@mail.test>"],
        ["Subject", "Norway"],
        ["Message-Id", "<m1@mail.test>"],
        ["Date", "Fri, 20 Nov 2026 10:00:00 +0000"],
        ["Content-Type", "multipart/alternative; boundary=q"],
    ])
    .to_string();
    let mime = [&mailgun[..], &[("body-mime", LETTER)]].concat();
    let fields = [
        &mailgun[..],
        &[
            ("message-headers", &*headers),
            ("body-plain", body),
            ("stripped-text", "no"),
        ],
    ]
    .concat();
    let postmark = json!({
        "FromName": "Ana", "From": "ana@mail.test", "To": "hello@shop.test", "OriginalRecipient": "hello@shop.test",
        "Subject": "Norway", "MessageID": "22c74902-a0c1-4511-804f-341342852c90", "ReplyTo": "", "MailboxHash": "",
        "Date": "Fri, 20 Nov 2026 10:00:00 +0000", "TextBody": body, "HtmlBody": "<p>x</p>", "StrippedTextReply": "",
        "Headers": [{ "Name": "Message-ID", "Value": "<m1@mail.test>" }, { "Name": "Return-Path", "Value": "<ana@mail.test>" }],
        "Attachments": [],
    });
    let mut whole = postmark.clone();
    whole["RawEmail"] = json!(LETTER);
    vec![
        ("a pipe, or Cloudflare", "message/rfc822", LETTER.to_owned()),
        ("SendGrid, raw", PARTS, parts(&raw)),
        ("SendGrid", PARTS, parts(&parsed)),
        ("Mailgun, raw", FORM, pairs(&mime)),
        ("Mailgun", FORM, pairs(&fields)),
        ("Mailgun with files", PARTS, parts(&fields)),
        ("Postmark", "application/json", postmark.to_string()),
        (
            "Postmark, raw",
            "application/json; charset=utf-8",
            whole.to_string(),
        ),
    ]
}

#[test]
fn a_letter_comes_in_every_form_that_services_have_and_from_nobody_else() {
    let email = email(&["SECRET"]);
    let basic = format!("Basic {}", STANDARD.encode("shop:canary"));
    let auth = ("authorization", basic.as_str());
    for (service, kind, body) in services() {
        let heard = read(&email, kind, auth, "", body.as_bytes()).unwrap();
        assert_eq!(heard.events.len(), 1, "{service}: {heard:?}");
        let event = &heard.events[0];
        assert_eq!(
            (&*event.id, &*event.person),
            ("m1@mail.test", "ana@mail.test"),
            "{service}"
        );
        assert_eq!(said(event), "Do you ship to Norway?", "{service}");
        assert_eq!(
            event.at,
            "2026-11-20T10:00:00Z".parse().unwrap(),
            "{service}"
        );
        assert_eq!(
            (&event.context["subject"], &event.context["attached"]),
            (&json!("Norway"), &json!(false)),
            "{service}"
        );
        assert!(read(&email, kind, ("", ""), "secret=canary", body.as_bytes()).is_ok());
        let wrong = format!("Basic {}", STANDARD.encode("shop:canarY"));
        for header in [
            ("", ""),
            ("authorization", &*wrong),
            ("authorization", "Basic !"),
            ("authorization", "Basic"),
        ] {
            let refused = read(&email, kind, header, "secret=", body.as_bytes());
            assert_eq!(refused, Err(Refusal::Forged));
        }
    }
    let post = |kind, body: &str| read(&email, kind, auth, "", body.as_bytes());
    for (kind, body) in [
        ("application/json", "{}"),
        ("application/json", "[1"),
        (FORM, "a=b"),
        (PARTS, "--xYzZY--"),
        ("multipart/form-data", "--\r\n"),
        ("message/rfc822", ""),
    ] {
        let heard = post(kind, body).unwrap();
        assert_eq!((heard.events.len(), heard.strange.len()), (0, 1), "{body}");
    }
    assert_eq!(post("text/csv", ""), Err(Refusal::Form));
}

#[test]
fn what_a_service_took_apart_is_heard_as_it_was() {
    let email = email(&["SECRET"]);
    let post = |kind, body: &[u8]| read(&email, kind, ("", ""), "secret=canary", body).unwrap();
    // Words in another charset than the form's.
    let form = parts(&[
        (
            "headers",
            "From: ana@mail.test\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nContent-Type: multipart/mixed;\n boundary=q\n",
        ),
        ("text", "Gr\u{1}\u{2}e"),
        ("charsets", r#"{"text":"iso-8859-1"}"#),
        ("attachments", "2"),
    ]);
    let form: Vec<u8> = form
        .bytes()
        .map(|byte| match byte {
            1 => 0xfc,
            2 => 0xdf,
            byte => byte,
        })
        .collect();
    let heard = post(PARTS, &form);
    assert_eq!(said(&heard.events[0]), "Grüße");
    assert_eq!(
        (
            &heard.events[0].context["subject"],
            &heard.events[0].context["attached"]
        ),
        (&json!("Grüße"), &json!(true))
    );
    // In HTML alone; a report; a notice of a mail system.
    let html = json!({ "From": "ana@mail.test", "HtmlBody": "<p>Hi</p>", "TextBody": "" });
    assert_eq!(
        said(&post("application/json", html.to_string().as_bytes()).events[0]),
        "Hi"
    );
    let report = json!([
        ["From", "x@mail.test"],
        ["Content-Type", "multipart/report; boundary=q"]
    ])
    .to_string();
    for fields in [
        [
            ("message-headers", report.as_str()),
            ("body-plain", "failed"),
            ("sender", "x@mail.test"),
        ],
        [
            ("email", LETTER),
            ("envelope", r#"{"to":["hello@shop.test"],"from":""}"#),
            ("to", ""),
        ],
        [("body-mime", LETTER), ("sender", ""), ("to", "")],
    ] {
        assert_eq!(post(FORM, pairs(&fields).as_bytes()), Heard::default());
    }
    // No field can begin a header.
    let crafted = json!([
        ["From", "ana@mail.test"],
        ["Subject", "a\r\nX-Evil: b"],
        ["X: y\r\nBcc", "z"]
    ])
    .to_string();
    let heard = post(
        FORM,
        pairs(&[("message-headers", &crafted), ("body-plain", "Hi")]).as_bytes(),
    );
    assert_eq!(said(&heard.events[0]), "Hi");
}

#[test]
fn mailgun_is_known_by_its_signature_and_by_nothing_older() {
    let email = email(&["SIGNING_KEY"]);
    let mac = Mac::new("canary").unwrap();
    let signed = |at: i64, token: &str, said: &str| {
        let at = at.to_string();
        let signature = mac.hex(&[at.as_bytes(), token.as_bytes()]);
        pairs(&[
            ("timestamp", &at),
            ("token", said),
            ("signature", &signature),
            ("body-mime", LETTER),
        ])
    };
    let post = |body: String| read(&email, FORM, ("", ""), "", body.as_bytes());
    let second = now().as_second();
    assert_eq!(post(signed(second, "t", "t")).unwrap().events.len(), 1);
    assert_eq!(post(signed(second, "t", "u")), Err(Refusal::Forged));
    assert_eq!(post(signed(second - 3600, "t", "t")), Err(Refusal::Forged));
    assert_eq!(post(pairs(&[("body-mime", LETTER)])), Err(Refusal::Forged));
    let bare = read(&email, "message/rfc822", ("", ""), "", LETTER.as_bytes());
    assert_eq!(bare, Err(Refusal::Forged));
}
