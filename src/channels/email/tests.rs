use super::envelope::Handed;
use super::hearing::Unheard;
use super::parts::{Opened, of_html, open};
use super::*;
use crate::channels::bridge::{Event, What};
use crate::config::Config;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const LETTER: &str = "From: Ana <Ana@Mail.test>\r\nTo: hello@shop.test\r\nSubject: Norway\r\nMessage-ID: <m1@mail.test>\r\n\
    Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nDo you ship to Norway?\r\n\r\n-- \r\nAna\r\n";

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn email(secrets: &[&str]) -> Email {
    let settings = "[channels.email]\naddress = \"Hello@shop.test\"\n";
    let secrets = secrets
        .iter()
        .map(|name| (format!("SHOPTALK_EMAIL_{name}"), "canary".to_owned()));
    let config = Config::read_with("config.toml", settings, secrets).unwrap();
    Email::new(&config.channels[0])
}

fn event_of(letter: &[u8], sender: Option<&str>) -> Result<Event, Unheard> {
    let handed = Handed {
        letter: letter.to_vec(),
        sender: sender.map(str::to_owned),
        attached: false,
    };
    let threads = Mac::new("canary").unwrap();
    hearing::event(&handed, "hello@shop.test", &threads, now())
}

fn heard(letter: &str) -> Event {
    event_of(letter.as_bytes(), None).unwrap()
}

fn said(event: &Event) -> &str {
    match &event.what {
        What::Said { text } => text,
        other => panic!("{other:?}"),
    }
}

fn with(header: &str) -> String {
    LETTER.replacen("Subject:", &format!("{header}\r\nSubject:"), 1)
}

#[test]
fn people_are_heard_and_programs_lists_and_ourselves_never() {
    let event = heard(LETTER);
    assert_eq!(
        (&*event.id, &*event.person),
        ("m1@mail.test", "ana@mail.test")
    );
    assert_eq!(event.at, "2026-11-20T10:00:00Z".parse().unwrap());
    assert_eq!(said(&event), "Do you ship to Norway?");
    for header in [
        "Auto-Submitted: auto-replied",
        "auto-submitted: auto-generated (rejected)",
        "Precedence: bulk",
        "Precedence:\r\n list",
        "List-Id: <news.mail.test>",
        "List-Unsubscribe: <https://mail.test/u>",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; boundary=b",
        "Reply-To: no-reply@mail.test",
        "Reply-To: hello@shop.test",
    ] {
        let found = event_of(with(header).as_bytes(), None);
        assert_eq!(found, Err(Unheard::Program), "{header}");
    }
    for from in [
        "no-reply@mail.test",
        "noreply+7@mail.test",
        "do.not.reply@mail.test",
        "orders-noreply@mail.test",
        "MAILER-DAEMON@mail.test",
        "postmaster@mail.test",
        "bounces+7-a@mail.test",
        "knitters-request@mail.test",
        "Hello@shop.test",
    ] {
        let letter = LETTER.replace("Ana@Mail.test", from);
        let found = event_of(letter.as_bytes(), None);
        assert_eq!(found, Err(Unheard::Program), "{from}");
    }
    for person in [
        "bouncer@mail.test",
        "owner@mail.test",
        "nora.eply@mail.test",
    ] {
        heard(&LETTER.replace("Ana@Mail.test", person));
    }
    for sender in ["", "<>", "<MAILER-DAEMON>", "MAILER-DAEMON@mail.test"] {
        let found = event_of(LETTER.as_bytes(), Some(sender));
        assert_eq!(found, Err(Unheard::Program), "{sender}");
    }
    assert!(event_of(LETTER.as_bytes(), Some("ana@mail.test")).is_ok());
    heard(&with("Auto-Submitted: no"));
    let ours = LETTER.replace("m1@", "shoptalk.0.1@");
    assert_eq!(event_of(ours.as_bytes(), None), Err(Unheard::Program));
}

#[test]
fn a_letter_of_nobody_cannot_be_answered() {
    let long = format!("From: {}\r\n", "ana@mail.test, ".repeat(30_000));
    for letter in [
        "",
        "\r\n\r\n",
        "no letter at all",
        "From: ana\r\n\r\nHi",
        "Subject: Hi\r\n\r\nHi",
        "From: \"a b\"@mail.test\r\n\r\nHi",
        &long,
    ] {
        let found = event_of(letter.as_bytes(), None);
        assert_eq!(found, Err(Unheard::Unreadable), "{letter:.40}");
    }
}

#[test]
fn a_thread_is_gone_on_with_by_whoever_had_our_answer() {
    let first = heard(LETTER);
    let (_, thread) = first.talk.split_once(' ').unwrap();
    let answer =
        with(&format!("In-Reply-To: <shoptalk.{thread}.7@shop.test>")).replace("m1@", "m2@");
    let second = heard(&answer);
    assert_eq!(second.talk, first.talk);
    let fresh = heard(&LETTER.replace("m1@", "m3@"));
    assert_ne!(fresh.talk, first.talk, "the sender's address is no proof");
    let another = heard(&answer.replace("Ana@", "Eve@"));
    assert_ne!(another.talk, first.talk, "nor does the thread alone help");
    let guessed = heard(&with("In-Reply-To: <shoptalk.0.7@shop.test>"));
    assert_eq!(
        guessed.talk, first.talk,
        "no name of ours: it is of its own letter"
    );
    let references = second.context["references"].as_str().unwrap();
    assert!(references.ends_with("<m2@mail.test>"), "{references}");
    // Who is answered is who is spoken with.
    let through = heard(&with("Reply-To: Eve <eve@mail.test>"));
    assert_eq!(through.person, "eve@mail.test");
    assert!(through.talk.starts_with("eve@mail.test "));
}

#[test]
fn a_letter_is_known_by_its_id_or_else_by_its_bytes() {
    for id in [
        "<a b@mail.test>".to_owned(),
        "<m1>".to_owned(),
        format!("<{}@mail.test>", "m".repeat(300)),
        "<\u{fc}@mail.test>".to_owned(),
    ] {
        let letter = LETTER.replace("<m1@mail.test>", &id);
        let event = heard(&letter);
        assert!(event.id.starts_with("nameless-"), "{id}: {}", event.id);
        assert_eq!(event.id, heard(&letter).id);
        assert_ne!(event.id, heard(&letter.replace("Norway", "Malta")).id);
        assert_eq!(event.context["message"], Value::Null);
    }
    let many: Vec<String> = (0..5000).map(|nth| format!("<{nth}@mail.test>")).collect();
    let event = heard(&with(&format!("References: {}", many.join("\r\n "))));
    let references = event.context["references"].as_str().unwrap();
    assert_eq!(references.split(' ').count(), 20);
    assert!(references.ends_with("<4999@mail.test> <m1@mail.test>"));
}

#[test]
fn only_what_is_new_in_a_letter_is_said() {
    for (body, said) in [
        (
            "Yes\n\nOn Mon, 1 Jan 2026 at 10:00, Shop <a@b.c>\nwrote:\n> hi",
            "Yes",
        ),
        (
            "2\n\nAm 01.01.2026 um 10:00 schrieb Shop:\n> 1. A\n> 2. B",
            "2",
        ),
        (
            "Ja\n\nAm Mo., 1. Jan. 2026 um 10:00 Uhr schrieb Shop\n<a@b.c>:\n\nalt",
            "Ja",
        ),
        ("Yes\n\nLe lun. 1 janv., Shop a écrit :\n> hi", "Yes"),
        ("Yes\n\nVon: Shop\nGesendet: Montag\nAn: Ana\n\nhi", "Yes"),
        ("Yes\n\n*From:* Shop\n*Sent:* Monday\n\nhi", "Yes"),
        ("Yes\n-----Original Message-----\nhi", "Yes"),
        ("Yes\n________________________________\nhi", "Yes"),
        (
            "Look\n---------- Forwarded message ---------\nFrom: B\n",
            "Look",
        ),
        (
            "Schau\n\nAnfang der weitergeleiteten Nachricht:\n\n> x",
            "Schau",
        ),
        (
            "> do you ship?\nthat is what I ask\n-- \nAna",
            "that is what I ask",
        ),
        (
            "On Monday Shop wrote:\n> 1. A\n> 2. B\n\nThe second, please\n-- \nAna",
            "The second, please",
        ),
        (
            "On Monday Shop wrote:\n\n> a size?\nM\n> a colour?\nred",
            "M\nred",
        ),
        ("Thanks\n\nSent from my iPhone", "Thanks"),
        ("Danke\n\nVon meinem iPhone gesendet", "Danke"),
        (
            "On Monday I ordered:\n- socks\n- a hat",
            "On Monday I ordered:\n- socks\n- a hat",
        ),
        (
            "I have two questions:\nDo you ship to Norway?",
            "I have two questions:\nDo you ship to Norway?",
        ),
        ("> all\n> of it", ""),
        ("", ""),
    ] {
        assert_eq!(fresh::fresh(body), said, "{body}");
    }
    let subject = LETTER
        .replace("Do you ship to Norway?\r\n\r\n-- \r\nAna\r\n", "")
        .replace("Subject: ", "Subject: Fwd: Re: ");
    assert_eq!(said(&heard(&subject)), "Norway", "a subject alone");
    let nothing = LETTER.replace("Do you ship", "> Do you ship");
    assert_eq!(heard(&nothing).what, What::Wordless);
    let nameless = subject.replace("Norway", "");
    assert_eq!(heard(&nameless).what, What::Wordless);
}

#[test]
fn a_letter_of_blank_lines_is_read_in_no_time() {
    for body in [
        "\n".repeat(3_000_000),
        ">\n".repeat(1_500_000),
        "On \n".repeat(700_000),
    ] {
        fresh::fresh(&body);
        open(format!("From: a@b.c\n\n{body}").as_bytes());
    }
}

fn entity(headers: &str, body: &[u8]) -> Vec<u8> {
    [headers.as_bytes(), b"\r\n\r\n", body].concat()
}

#[test]
fn words_are_read_in_whatever_they_are_written() {
    for (kind, coding, body) in [
        (
            "text/plain; charset=iso-8859-1",
            "8bit",
            b"Gr\xfc\xdfe".to_vec(),
        ),
        ("text/plain; charset=utf-8", "8bit", "Grüße".into()),
        (
            "text/plain; charset=utf-8",
            "quoted-printable",
            b"Gr=C3=BC=\r\n=C3=9Fe".to_vec(),
        ),
        (
            "TEXT/Plain;\r\n charset=\"windows-1252\"",
            "base64",
            STANDARD.encode(b"Gr\xfc\xdfe").into(),
        ),
        (
            "text/html; charset=utf-8",
            "8bit",
            "<style>p{}</style><p>Gr&uuml;ße</p>".into(),
        ),
    ] {
        let headers = format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}");
        assert_eq!(
            open(&entity(&headers, &body)).text.trim(),
            "Grüße",
            "{kind}"
        );
    }
    let japanese = "Content-Type: text/plain; charset=iso-2022-jp";
    let opened = open(&entity(japanese, b"\x1b$B$3$s$K$A$O\x1b(B"));
    assert_eq!(opened.text.trim(), "こんにちは");
    // A charset nobody knows, and bytes that are none of what they say: something is read, and nothing breaks.
    let odd = open(&entity(
        "Content-Type: text/plain; charset=klingon",
        b"Gr\xfc and so on",
    ));
    assert!(odd.text.contains("and so on"));
    let broken = open(&entity(
        "Content-Type: text/plain; charset=utf-8",
        b"\xff\xfe and so on",
    ));
    assert!(broken.text.contains("and so on"));
    assert_eq!(open(b"\r\nbare").text.trim(), "bare");
}

fn mixed(parts: &[(&str, &str)]) -> Vec<u8> {
    let inside: Vec<String> = parts
        .iter()
        .map(|(headers, body)| format!("--b 7\r\n{headers}\r\n\r\n{body}\r\n"))
        .collect();
    let body = format!("preamble\r\n{}--b 7--\r\n", inside.concat());
    entity(
        "Content-Type: multipart/mixed; boundary=\"b 7\"",
        body.as_bytes(),
    )
}

#[test]
fn a_letter_of_parts_is_its_text_and_what_is_attached_is_told() {
    let text = ("Content-Type: text/plain", "Broken, see photo");
    let photo = (
        "Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename=a.jpg",
        "AAAA",
    );
    let sign = (
        "Content-Type: image/png\r\nContent-ID: <logo@mail.test>",
        "AAAA",
    );
    let opened = |parts: &[(&str, &str)]| {
        let Opened { text, attached } = open(&mixed(parts));
        (text.trim().to_owned(), attached)
    };
    let broken = "Broken, see photo".to_owned();
    assert_eq!(opened(&[text, photo]), (broken.clone(), true));
    assert_eq!(opened(&[text, sign]), (broken.clone(), false));
    let large = "A".repeat(100_000);
    assert!(
        opened(&[text, (sign.0, &large)]).1,
        "a photo between the lines"
    );
    let key = ("Content-Type: application/pgp-signature", "x");
    assert_eq!(opened(&[text, key]), (broken.clone(), false));
    let file = (
        "Content-Type: text/plain\r\nContent-Disposition: attachment",
        "old",
    );
    assert_eq!(opened(&[text, file]), (broken.clone(), true));
    let forwarded = ("Content-Type: message/rfc822", LETTER);
    assert_eq!(opened(&[text, forwarded]), (broken, true));
    let both = "--c\r\nContent-Type: text/plain\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--c--";
    let alternative = ("Content-Type: multipart/alternative; boundary=c", both);
    assert_eq!(opened(&[alternative]), ("plain".to_owned(), false));
    let html = both.replace("\r\nplain\r\n", "\r\n \r\n");
    assert_eq!(opened(&[(alternative.0, &html)]).0, "html");
    // Cut off in the middle, and without a boundary.
    let whole = mixed(&[text, photo]);
    assert_eq!(
        open(&whole[..whole.len() - 40]).text.trim(),
        "Broken, see photo"
    );
    assert_eq!(
        open(&entity("Content-Type: multipart/mixed", b"--\nx\n--")).text,
        ""
    );
    let mut letter = LETTER
        .replacen("Subject", "MIME-Version: 1.0\r\nSubject", 1)
        .into_bytes();
    letter.truncate(letter.len() - "\r\nDo you ship to Norway?\r\n\r\n-- \r\nAna\r\n".len());
    letter.extend(mixed(&[text, photo]));
    let event = event_of(&letter, None).unwrap();
    assert_eq!(said(&event), "Broken, see photo");
    assert_eq!(event.context["attached"], true);
}

#[test]
fn letters_that_are_made_to_hurt_do_not() {
    let deep = |times: usize, kind: &str| {
        let inside = (0..times).map(|nth| {
            format!(
                "--b{nth}\r\nContent-Type: {kind}; boundary=b{}\r\n\r\n",
                nth + 1
            )
        });
        let body: String = inside.collect();
        entity(
            "Content-Type: multipart/mixed; boundary=b0",
            body.as_bytes(),
        )
    };
    open(&deep(40_000, "multipart/mixed"));
    open(&deep(40_000, "multipart/digest"));
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(60_000);
    assert!(open(nested.as_bytes()).attached);
    open(&mixed(&[(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
        &STANDARD.encode(&nested),
    )]));
    let many = vec![("Content-Type: text/plain", "x"); 60_000];
    assert!(open(&mixed(&many)).text.len() < 2000);
    let headers = "A: b\r\n".repeat(500_000);
    assert_eq!(open(entity(&headers, b"x").as_slice()), Opened::default());
    let tags = "<div>".repeat(150_000);
    open(&entity("Content-Type: text/html", tags.as_bytes()));
    open(&entity(
        "Content-Type: text/html",
        "<".repeat(900_000).as_bytes(),
    ));
    open(&entity(
        "Content-Type: text/html",
        "<!--".repeat(200_000).as_bytes(),
    ));
    let folded = format!("Content-Type: text/plain;{}", " a=b;\r\n".repeat(30_000));
    open(&entity(folded.trim_end(), b"x"));
    let large = format!(
        "Content-Type: text/plain\r\n\r\n{}",
        "x".repeat(3 * 1024 * 1024)
    );
    assert!(open(large.as_bytes()).attached, "nobody writes so much");
}

#[test]
fn html_becomes_lines_without_what_it_answers() {
    for (html, text) in [
        ("<div>Hi</div><div>do you ship?</div>", "Hi\n\ndo you ship?"),
        ("<p>2 &lt; 3</p><!-- <div> --><script>x</script>", "2 < 3"),
        (
            "<div>Yes</div><div class=\"gmail_quote\"><div>On Monday Shop wrote:</div><blockquote>old</blockquote></div>",
            "Yes",
        ),
        ("Yes<hr><div id=\"divRplyFwdMsg\">From: Shop</div>", "Yes"),
        ("<blockquote>all of it</blockquote>", "all of it"),
        ("Stra\u{df}e\u{130} <BLOCKQUOTE>old", "Stra\u{df}e\u{130}"),
    ] {
        let said = of_html(html);
        let said: Vec<&str> = said.split_whitespace().collect();
        let text: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(said, text, "{html}");
    }
    assert!(of_html("<div>Yes</div><div>On Monday Shop wrote:</div>").contains("\nOn Monday"));
}

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

#[test]
fn one_letter_answers_one_with_both_its_forms_under_an_id_that_stays() {
    let email = email(&["SECRET"]);
    let heard = heard(LETTER);
    let place = Place {
        talk: heard.talk.clone(),
        context: heard.context.clone(),
    };
    let piece = |text: &str| Piece::Text {
        text: text.to_owned(),
        buttons: Vec::new(),
    };
    let calls = ["**Yes** & no", "1. A"].map(|words| email.write(&place, &piece(words)).remove(0));
    let bundle = email.bundle(calls.to_vec());
    assert_eq!(bundle.len(), 1);
    let letter = email.letter(&bundle[0], 7, now()).unwrap();
    assert_eq!(
        (letter.to.as_str(), &*letter.subject),
        ("ana@mail.test", "Re: Norway")
    );
    assert_eq!(letter.body, "Yes & no\n\n1. A");
    let reply = letter.reply.unwrap();
    assert!(
        reply.html.contains("<b>Yes</b> &amp; no<br>"),
        "{}",
        reply.html
    );
    assert_eq!(reply.answers.as_deref(), Some("m1@mail.test"));
    let (_, thread) = heard.talk.split_once(' ').unwrap();
    assert_eq!(reply.id, format!("shoptalk.{thread}.7"));
    // News, and an answer to a letter without a subject.
    let news = Place {
        talk: heard.talk,
        context: Value::Null,
    };
    let call = email.write(&news, &piece("It is back")).remove(0);
    let letter = email.letter(&call, 8, now()).unwrap();
    assert_eq!(letter.subject, "Hello@shop.test");
    assert_eq!(letter.reply.unwrap().answers, None);
}
