//! Bytes that are no proper frames: each ends with a close code that means something.

use super::raw::{BINARY, PING, Raw, TEXT, WHOLE};
use super::server::{PATIENCE, TestShop, Visitor};
use std::io::Read;
use std::time::Instant;

#[test]
fn who_upgrades_and_says_nothing_is_let_go() {
    let shop = TestShop::with("hello_seconds = 1");
    let _server = shop.serve();
    let end = Raw::open(&shop).close();
    assert_eq!(end, Some((1008, "auth_timeout".to_owned())));
}

#[test]
fn fragments_that_never_end_are_stopped_by_size_or_by_time() {
    let shop = TestShop::with("ping_seconds = 1");
    let _server = shop.serve();
    let mut endless = Raw::greeted(&shop);
    endless.frame(TEXT, b"{");
    for _ in 0..70 {
        endless.frame(0, &[b' '; 1000]);
    }
    assert_eq!(endless.close_code(), Some(1009));
    let mut stuck = Raw::greeted(&shop);
    stuck.frame(TEXT, b"{");
    for _ in 0..1000 {
        stuck.frame(0, b" ");
    }
    assert_eq!(stuck.close(), Some((1000, "silent".to_owned())));
}

#[test]
fn a_frame_that_declares_a_terabyte_is_closed_at_once() {
    let shop = TestShop::new();
    let server = shop.serve();
    let reserved = server.most_reserved();
    // A server that has just come up still grows for reasons of its own: the least of several is the frame's.
    let grown = (0..5).map(|_| {
        let before = server.resident();
        let mut raw = Raw::greeted(&shop);
        raw.bytes(&[WHOLE | TEXT, 0x80 | 127, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
        assert_eq!(raw.close_code(), Some(1009));
        server.resident().saturating_sub(before)
    });
    let grown = grown.min().unwrap();
    assert!(grown < 8 << 20, "{grown} bytes were set aside for it");
    assert!(
        server.most_reserved() < reserved + (1 << 30),
        "room was reserved for it"
    );
}

#[test]
fn text_that_is_not_utf8_is_closed_with_1007() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut whole = Raw::greeted(&shop);
    whole.frame(WHOLE | TEXT, b"{\"type\":\"\xff\xfe\"}");
    assert_eq!(whole.close_code(), Some(1007));
    let mut split = Raw::greeted(&shop);
    split.frame(TEXT, b"{\"type\":\"\xe2\x82");
    split.frame(WHOLE, b"\"}");
    assert_eq!(split.close_code(), Some(1007));
    // A letter cut in two by a fragment's end is whole again in the message.
    let mut fine = Raw::greeted(&shop);
    fine.frame(TEXT, b"{\"type\":\"\xe2\x82");
    fine.frame(WHOLE, b"\xac\"}");
    let (_, answer) = fine.next().unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("unknown_type"));
}

#[test]
fn what_breaks_the_websocket_protocol_is_closed_with_1002() {
    let shop = TestShop::new();
    let _server = shop.serve();
    type Send = fn(&mut Raw);
    let broken: [(&str, Send); 5] = [
        ("unmasked", |raw| raw.bytes(&[WHOLE | TEXT, 2, b'{', b'}'])),
        ("reserved bit", |raw| raw.frame(WHOLE | 0x40 | TEXT, b"{}")),
        ("reserved opcode", |raw| raw.frame(WHOLE | 0x3, b"{}")),
        ("ping in pieces", |raw| raw.frame(PING, b"x")),
        ("long ping", |raw| raw.frame(WHOLE | PING, &[0; 126])),
    ];
    for (what, send) in broken {
        let mut raw = Raw::greeted(&shop);
        send(&mut raw);
        assert_eq!(raw.close_code(), Some(1002), "{what}");
    }
}

#[test]
fn binary_frames_are_not_spoken() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut greeted = Raw::greeted(&shop);
    greeted.frame(WHOLE | BINARY, b"{\"type\":\"ping\"}");
    assert_eq!(greeted.close_code(), Some(1003));
    let mut fresh = Raw::open(&shop);
    fresh.frame(WHOLE | BINARY, b"x");
    assert_eq!(fresh.close_code(), Some(1003));
}

#[test]
fn strange_json_gets_an_error_and_the_connection_lives() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut raw = Raw::greeted(&shop);
    let deep = "[".repeat(10_000);
    let long_key = format!("{{\"type\":\"ping\",\"{}\":1}}", "k".repeat(60_000));
    let strange = [
        ("[]", "bad_request"),
        ("\"x\"", "bad_request"),
        ("1e999", "bad_request"),
        (&deep, "bad_request"),
        (r#"{"type":"ping","type":"message"}"#, "bad_request"),
        (
            r#"{"type":"message","id":"a","text":"\ud800"}"#,
            "bad_request",
        ),
        (r#"{"type":"dance","extra":[1]}"#, "unknown_type"),
        (&long_key, "pong"),
    ];
    for (frame, answer) in strange {
        raw.frame(WHOLE | TEXT, frame.as_bytes());
        let (_, said) = raw.next().unwrap();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains(answer), "{frame:.40}: {said}");
    }
    raw.frame(
        WHOLE | TEXT,
        br#"{"type":"message","id":"m","text":"hello","more":true}"#,
    );
    let (_, ack) = raw.next().unwrap();
    assert!(
        ack.starts_with(br#"{"type":"ack""#),
        "{}",
        String::from_utf8_lossy(&ack)
    );
}

#[test]
fn a_request_that_trickles_in_is_let_go() {
    let shop = TestShop::with("request_seconds = 1");
    let _server = shop.serve();
    for first in [&b""[..], b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        use std::io::Write;
        let mut slow = std::net::TcpStream::connect(shop.address()).unwrap();
        slow.set_read_timeout(Some(PATIENCE)).unwrap();
        slow.write_all(first).unwrap();
        let began = Instant::now();
        let mut rest = Vec::new();
        // Either an answer and the end, or a reset: it is over.
        let _ = slow.read_to_end(&mut rest);
        assert!(began.elapsed() < PATIENCE);
        assert!(!rest.starts_with(b"HTTP/1.1 2"));
    }
    assert!(shop.is_ready());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_the_conversation_that_cannot_be_is_answered_with_the_newest() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut first = Visitor::connect(&shop, None).await;
    first.say("m-1", "hello").await.unwrap();
    let token = first.token();
    let mut future = Raw::open(&shop);
    let hello = format!(r#"{{"type":"hello","token":"{token}","last_seq":999}}"#);
    future.frame(WHOLE | TEXT, hello.as_bytes());
    let (_, welcome) = future.next().unwrap();
    let welcome: serde_json::Value = serde_json::from_slice(&welcome).unwrap();
    assert_eq!(welcome["resync"], true);
    assert_eq!(welcome["entries"].as_array().unwrap().len(), 3);
    let mut negative = Raw::open(&shop);
    let hello = format!(r#"{{"type":"hello","token":"{token}","last_seq":-1}}"#);
    negative.frame(WHOLE | TEXT, hello.as_bytes());
    let (_, error) = negative.next().unwrap();
    assert!(String::from_utf8_lossy(&error).contains("bad_request"));
    // A token that is cut short is nobody's.
    let mut cut = Raw::open(&shop);
    let hello = format!(r#"{{"type":"hello","token":"{}"}}"#, &token[..20]);
    cut.frame(WHOLE | TEXT, hello.as_bytes());
    assert_eq!(cut.close(), Some((1008, "gone".to_owned())));
}
