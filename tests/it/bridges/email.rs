//! A mail service that hands letters in, and the mail server that takes the answers: as strict as real ones are.

use super::doors::doctor;
use super::fake::{Fake, Fault, Taken, Verdict};
use super::{
    Post, Rig, Said, deliver, only_shopper, said, serve, shop_with, standing, told, until,
};
use crate::promises::mail::{Answers, Arrived, LOGIN, MailServer};
use crate::promises::server::TestShop;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{Address, MessageParser, MimeHeaders};
use serde_json::json;
use shoptalk::store::Store;

const SECRET: &str = "canary-email-secret";
const QUESTION: &str = "do you ship to norway?";

/// `answers` are the mail server's, one a connection; those after the last are accepted.
pub async fn rig(answers: Vec<Answers>) -> Rig {
    let asked = |_: &_| Verdict::Wrong(StatusCode::NOT_FOUND, "nothing is asked".to_owned());
    let fake = Fake::start(asked).await;
    let mut server = MailServer::start(answers).await;
    let settings = format!(
        "[channels.email]\naddress = \"hello@alder.test\"\n{}",
        server.settings()
    );
    let to = fake.clone();
    tokio::spawn(async move {
        while let Some(arrived) = server.arrived.recv().await {
            match arrived.and_then(|letter| taken(&letter)) {
                Ok(taken) => to.put(taken),
                Err(why) => to.complain(why),
            }
        }
    });
    let login = LOGIN.map(|(name, value)| (name, value.to_owned()));
    let unused = Fault::Answer(500, Vec::new(), String::new());
    Rig {
        account: "email",
        settings,
        secrets: [("SHOPTALK_EMAIL_SECRET", SECRET.to_owned())]
            .into_iter()
            .chain(login)
            .collect(),
        message: |said| post(letter(said), SECRET),
        forged: |said| post(letter(said), "another"),
        dated: true,
        idempotent: true,
        too_much: unused.clone(),
        revoked: unused,
        blocked: None,
        words: |body| body["text"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}

/// A letter that goes on with a thread of ours: each of `talk` is in the same one.
fn letter(said: &Said) -> String {
    let at = jiff::Timestamp::from_second(said.at).unwrap();
    let at = jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    format!(
        "Received: from mail.test by mx.shop.test; {at}\r\nFrom: Ana <ana{0}@mail.test>\r\nTo: hello@alder.test\r\n\
         Subject: A question\r\nMessage-ID: <m{1}@mail.test>\r\nIn-Reply-To: <shoptalk.{0:0>24}.1@alder.test>\r\n\
         Date: {at}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{2}\r\n\r\n\
         On Monday Alder wrote:\r\n> what you were told before\r\n-- \r\nAna\r\n",
        said.talk, said.id, said.text
    )
}

fn post(letter: String, secret: &str) -> Post {
    let basic = STANDARD.encode(format!("shop:{secret}"));
    Post {
        headers: vec![
            ("content-type", "message/rfc822".to_owned()),
            ("authorization", format!("Basic {basic}")),
        ],
        body: letter,
        ..Post::default()
    }
}

/// An answer as a mail program shows it, or what is wrong with it.
fn taken(arrived: &Arrived) -> Result<Taken, String> {
    let wrong = |why: &str| format!("{why}: {}", arrived.text);
    let read = MessageParser::default().parse(&arrived.text);
    let read = read.ok_or_else(|| wrong("no letter"))?;
    let raw = |name: &'static str| read.header_raw(name).unwrap_or_default().trim();
    let address = |of: Option<&Address<'_>>| Some(of?.first()?.address()?.to_owned());
    let to = address(read.to()).unwrap_or_default();
    let local = to.strip_suffix("@mail.test").unwrap_or_default();
    let talk = local.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let answers = raw("In-Reply-To").to_owned();
    let references = raw("References").split_whitespace().collect::<Vec<_>>();
    let key = raw("Message-ID").to_owned();
    let (text, html) = (read.body_text(0), read.body_html(0));
    let thread = key
        .strip_prefix("<shoptalk.")
        .and_then(|rest| rest.split_once('.'));
    for (right, why) in [
        (arrived.to.contains(&format!("<{to}>")), "another recipient"),
        (
            address(read.from()).as_deref() == Some("hello@alder.test"),
            "From",
        ),
        (
            address(read.reply_to()).as_deref() == Some("hello@alder.test"),
            "Reply-To",
        ),
        (raw("Auto-Submitted") == "auto-replied", "Auto-Submitted"),
        (
            raw("X-Auto-Response-Suppress") == "All",
            "X-Auto-Response-Suppress",
        ),
        (
            answers.starts_with('<') && answers.ends_with('>'),
            "In-Reply-To",
        ),
        (references.last() == Some(&answers.as_str()), "References"),
        (
            thread.is_some_and(|(name, _)| name.len() == 24),
            "Message-ID",
        ),
        (raw("Subject").starts_with("Re: "), "Subject"),
        (
            read.root_part().is_content_type("multipart", "alternative"),
            "two forms",
        ),
        (
            text.as_ref().is_some_and(|text| !text.trim().is_empty()),
            "no text",
        ),
        (
            html.as_ref().is_some_and(|html| html.contains("<p>")),
            "no HTML",
        ),
        (
            arrived.text.lines().all(|line| line.len() <= 998),
            "a long line",
        ),
    ] {
        if !right {
            return Err(wrong(why));
        }
    }
    Ok(Taken {
        talk: talk.to_owned(),
        body: json!({ "to": to, "text": text, "html": html, "answers": answers, "subject": raw("Subject") }),
        key,
        headers: HeaderMap::new(),
        raw: Bytes::from(arrived.text.clone()),
    })
}

async fn hands_in(shop: &TestShop, letter: &str) -> u16 {
    deliver(shop, "email", post(letter.to_owned(), SECRET)).await
}

fn count(shop: &TestShop, outcome: &str) -> u64 {
    let labels = format!("{{account=\"email\",outcome=\"{outcome}\"}}");
    let metric = format!("shoptalk_bridge_events_total{labels}");
    shop.metric(&metric).unwrap_or(0)
}

async fn answers(rig: &Rig, count: usize) -> Vec<Taken> {
    let what = format!("{count} letters, wrong: {:?}", rig.fake.wrong());
    until(&what, || rig.fake.taken().len() >= count).await;
    rig.fake.taken()
}

/// As it is first written: of no thread.
fn first(id: u64, from: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: hello@alder.test\r\nSubject: =?utf-8?q?Fr=C3=A4ge?=\r\nMessage-ID: <n{id}@mail.test>\r\n\r\n{text}\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_answered_in_its_thread_which_goes_on_by_our_answer() {
    let rigs = [rig(Vec::new()).await];
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    assert_eq!(
        hands_in(&shop, &first(1, "Ana <ana@mail.test>", "hi")).await,
        200
    );
    let said = answers(rig, 1).await;
    assert_eq!(said[0].body["answers"], "<n1@mail.test>");
    assert!((rig.words)(&said[0].body).contains("2. "), "{said:?}");
    // With photos of twelve megabytes, in a letter in HTML that quotes ours.
    let photo = STANDARD.encode(vec![7; 9_000_000]);
    let next = format!(
        "From: ana@mail.test\r\nSubject: Re: q\r\nMessage-ID: <n2@mail.test>\r\nReferences: <n1@mail.test> {}\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
         <div>2</div><blockquote>1. <b>Orders</b></blockquote>\r\n--b\r\n\
         Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n{photo}\r\n--b--\r\n",
        said[0].key
    );
    assert_eq!(hands_in(&shop, &next).await, 200);
    let said = answers(rig, 2).await;
    let words = (rig.words)(&said[1].body);
    assert!(words.contains("What are you looking for"), "{words}");
    assert!(
        words.contains("I cannot open what you attached."),
        "{words}"
    );
    // The same words out of the blue are of another thread, and go on with nothing.
    let eve = first(3, "ana@mail.test", "2");
    assert_eq!(hands_in(&shop, &eve).await, 200);
    let said = answers(rig, 3).await;
    let words = (rig.words)(&said[2].body);
    assert!(!words.contains("looking for"), "{words}");
    // An order's own address proves nothing: it is asked for what the order's buyer knows.
    let order = first(4, "elise.nygard@mail.test", "where is my order SH-10056?");
    let order = order.replace("@mail.test>\r\n\r\n", "@example.org>\r\n\r\n");
    assert_eq!(hands_in(&shop, &order).await, 200);
    let said = answers(rig, 4).await;
    let words = (rig.words)(&said[3].body);
    assert!(words.contains("mail"), "{words}");
    for told in ["Total", "Tracking", "✓"] {
        assert!(!words.contains(told), "{words}");
    }
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
    let log = shop.log();
    assert!(
        !log.contains("mail.test") && !log.contains("canary"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_not_answered_and_two_of_them_come_to_an_end() {
    let mut rigs = [rig(Vec::new()).await];
    rigs[0].settings = rigs[0]
        .settings
        .replacen("\n", "\nanswers_per_hour = 3\n", 1);
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    for header in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Return-Path: <>",
    ] {
        let letter = format!("{header}\r\n{}", first(1, "ana@mail.test", QUESTION));
        assert_eq!(hands_in(&shop, &letter).await, 200);
    }
    assert_eq!(
        hands_in(&shop, &first(2, "mailer-daemon@mail.test", QUESTION)).await,
        200
    );
    assert_eq!(
        hands_in(&shop, &first(3, "hello@alder.test", QUESTION)).await,
        200
    );
    assert_eq!((count(&shop, "ignored"), count(&shop, "accepted")), (5, 0));
    // A program that does not say what it is answers each of our letters, under another subject every time.
    for id in 10..13 {
        assert_eq!(
            hands_in(&shop, &first(id, "robot@mail.test", QUESTION)).await,
            200
        );
        answers(rig, id as usize - 9).await;
    }
    for id in 13..15 {
        assert_eq!(
            hands_in(&shop, &first(id, "robot@mail.test", QUESTION)).await,
            200
        );
    }
    until("the bound", || count(&shop, "too_many") == 2).await;
    // Nobody else is kept waiting.
    assert_eq!(
        hands_in(&shop, &first(20, "ana@mail.test", QUESTION)).await,
        200
    );
    let said = answers(rig, 4).await;
    assert_eq!(said[3].body["to"], "ana@mail.test");
    assert_eq!(said.len(), 4);
    // What cannot be answered is kept as that, and none of its words.
    assert_eq!(hands_in(&shop, "Subject: secret\r\n\r\nwords").await, 200);
    assert_eq!(count(&shop, "dead"), 1);
    assert_eq!(server.stop(), Some(0));
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let kept: String = sqlx::query_scalar("SELECT body FROM inbound WHERE state = 'dead'")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    assert_eq!(kept, "a letter of 24 bytes from nobody");
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    drop(connection);
    store.close().await.unwrap();
}

/// The moment between the mail server's "taken" and our note of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_an_answer_is_sent_brings_the_same_letter_again() {
    let rigs = [rig(vec![Answers::Silence]).await];
    let [rig] = &rigs;
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let post = (rig.message)(&said(1, 991, QUESTION));
    assert_eq!(deliver(&shop, rig.account, post.clone()).await, 200);
    answers(rig, 1).await;
    server.kill();
    let server = serve(&shop, &rigs);
    let said = answers(rig, 2).await;
    assert_eq!(said[0].key, said[1].key, "the Message-ID tells");
    assert_eq!(said[0].body, said[1].body);
    // And the letter itself, which the service brings again, is known.
    assert_eq!(deliver(&shop, rig.account, post).await, 200);
    assert_eq!(count(&shop, "repeated"), 1);
    let sent = "shoptalk_mail_letters_total{kind=\"answer\",outcome=\"sent\"}";
    until("it is noted as sent", || shop.metric(sent) == Some(1)).await;
    assert_eq!(standing(&shop, rig.account).await.waiting, 0);
    assert_eq!(rig.fake.taken().len(), 2);
    assert_eq!(server.stop(), Some(0));
    assert!(doctor(&shop, &rigs).await.contains("email: set up"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wrote_is_handed_what_is_kept_of_them_and_forgotten_whole() {
    let refused = Answers::Recipient("451 4.7.1 try later");
    let rigs = [rig(vec![refused]).await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    assert_eq!(
        hands_in(&shop, &first(1, "ana@mail.test", QUESTION)).await,
        200
    );
    let later = "shoptalk_mail_letters_total{kind=\"answer\",outcome=\"retried\"}";
    until("a letter that waits", || shop.metric(later) == Some(1)).await;
    assert_eq!(server.stop(), Some(0));
    let shopper = only_shopper(&shop).await;
    let privacy = |args: &[&str]| {
        let args = [&["privacy"], args, &["--shopper", &shopper]].concat();
        told(&shop, &rigs, &args)
    };
    let export = privacy(&["export"]);
    let export: serde_json::Value = serde_json::from_str(&export).unwrap();
    let known = export.to_string();
    assert!(
        known.contains("ana@mail.test") && known.contains(QUESTION),
        "{known}"
    );
    assert_eq!(
        export["letters"][0]["letter"]["to"], "ana@mail.test",
        "{known}"
    );
    privacy(&["erase", "--yes"]);
    let file = std::fs::read(shop.path("data/shoptalk.db")).unwrap();
    for word in ["ana@mail.test", "n1@mail.test", QUESTION] {
        let left = file
            .windows(word.len())
            .any(|window| window == word.as_bytes());
        assert!(!left, "{word} is left in the file");
    }
}
