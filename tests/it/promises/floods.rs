//! Too much of something: each is bounded, and nobody else notices.

use super::raw::{PING, Raw, TEXT, WHOLE};
use super::server::{PATIENCE, TestShop, Visitor, until, upgrade};
use serde_json::json;
use std::io::Read;
use std::process::Command;
use std::time::Instant;
use tokio_tungstenite::tungstenite::Error;

/// What the database's readers may open when they are first needed: a few connections with three files each.
const READERS_FILES: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn one_who_shouts_is_told_to_wait_and_others_are_answered() {
    let shop = TestShop::with("messages_per_minute = 60");
    let _server = shop.serve();
    let mut loud = Visitor::connect(&shop, None).await;
    let mut quiet = Visitor::connect(&shop, None).await;
    for n in 0..1000 {
        let frame = json!({ "type": "message", "id": format!("m-{n}"), "text": "hello" });
        if !loud.send(frame).await {
            break;
        }
    }
    quiet
        .say("q-1", "do you ship to Norway?")
        .await
        .expect("an answer");
    let mut limited = 0;
    while let Some(frame) = loud.next().await {
        if frame["code"] == "rate_limited" {
            assert!(frame["retry_after_ms"].as_u64().unwrap() > 0);
            limited += 1;
        }
    }
    assert!(limited > 0);
    // The code itself may be lost behind what the server has not read.
    let closed = "shoptalk_sockets_closed_total{code=\"1008\"}";
    until("the socket is closed", || shop.metric(closed) == Some(1));
    assert!(shop.metric("shoptalk_messages_refused_total") >= Some(200));
    quiet.say("q-2", "and returns?").await.expect("an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_does_not_read_is_left_behind_and_resumes() {
    let shop = TestShop::new();
    let server = shop.serve();
    let mut reading = Visitor::connect(&shop, None).await;
    reading.say("m-0", "hello").await.unwrap();
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket
        .connect(shop.address().parse().unwrap())
        .await
        .unwrap();
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    let mut deaf = Raw::over(stream, &shop);
    let hello = format!(r#"{{"type":"hello","token":"{}"}}"#, reading.token());
    deaf.frame(WHOLE | TEXT, hello.as_bytes());
    until("both windows are open", || {
        shop.metric("shoptalk_sockets_open") == Some(2)
    });
    let before = server.resident();
    let mut said = 0;
    let began = Instant::now();
    while shop.metric("shoptalk_sockets_open") == Some(2) {
        assert!(
            began.elapsed() < 2 * PATIENCE,
            "the deaf window was never let go"
        );
        for _ in 0..50 {
            said += 1;
            let id = format!("s-{said}");
            reading
                .say(&id, "show me warm socks")
                .await
                .expect("an answer");
        }
    }
    assert!(
        server.resident() < before + (48 << 20),
        "what it did not read piled up"
    );
    let back = Visitor::connect(&shop, Some(&reading.token())).await;
    // The greeting, the hello with its reply, and everything since.
    assert_eq!(back.welcome["last_seq"], 3 + 2 * said);
    assert_eq!(back.welcome["entries"].as_array().unwrap().len(), 50);
}

#[test]
fn a_flood_of_pings_is_closed() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut raw = Raw::greeted(&shop);
    for _ in 0..1000 {
        raw.frame(WHOLE | PING, b"x");
    }
    let mut asking = Raw::greeted(&shop);
    for _ in 0..1000 {
        asking.frame(WHOLE | TEXT, br#"{"type":"history","before":5}"#);
    }
    // The code may be lost behind what the server has not read; that it was sent is counted.
    let closed = "shoptalk_sockets_closed_total{code=\"1008\"}";
    until("both are closed", || shop.metric(closed) == Some(2));
}

#[test]
fn who_never_answers_a_ping_is_let_go() {
    let shop = TestShop::with("ping_seconds = 1");
    let _server = shop.serve();
    let mut half_open = Raw::greeted(&shop);
    // The connection stands, nothing comes from it, as when a phone leaves the network.
    until("it is let go", || {
        shop.metric("shoptalk_sockets_open") == Some(0)
    });
    assert_eq!(half_open.close(), Some((1000, "silent".to_owned())));
}

#[test]
fn connections_that_break_off_leave_nothing_behind() {
    let shop = TestShop::with("sockets_per_address = 1000");
    let server = shop.serve();
    drop(Raw::greeted(&shop));
    until("the first is gone", || {
        shop.metric("shoptalk_sockets_open") == Some(0)
    });
    let before = server.open_files();
    for nth in 0..150 {
        let mut raw = Raw::open(&shop);
        raw.frame(WHOLE | TEXT, br#"{"type":"hello"}"#);
        match nth % 3 {
            // The welcome is never read: closing resets the connection.
            0 => {}
            // In the middle of a frame.
            1 => raw.bytes(&[WHOLE | TEXT, 0x80 | 100, 1, 2, 3, 4, b'{']),
            // In the middle of a turn.
            _ => raw.frame(
                WHOLE | TEXT,
                br#"{"type":"message","id":"m","text":"hello"}"#,
            ),
        }
    }
    until("all are gone", || {
        shop.metric("shoptalk_sockets_open") == Some(0)
    });
    until("their files are closed", || {
        server.open_files() <= before + READERS_FILES
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_its_share_of_sockets_and_the_door_stays_open() {
    let shop = TestShop::with("sockets_per_address = 5");
    let _server = shop.serve();
    let origin = format!("http://{}", shop.address());
    let mut seats = Vec::new();
    for _ in 0..5 {
        seats.push(Visitor::connect(&shop, None).await);
    }
    for _ in 0..500 {
        match upgrade(&shop, Some(&origin)).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 429),
            other => panic!("{:?}", other.map(|_| "upgraded")),
        }
    }
    assert!(shop.is_ready());
    seats.pop();
    until("the place is free", || {
        shop.metric("shoptalk_sockets_open") == Some(4)
    });
    Visitor::connect(&shop, None).await;
}

#[test]
fn without_file_descriptors_new_connections_wait_and_then_get_in() {
    let shop = TestShop::new();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 96; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_shoptalk"))
        .arg("--config")
        .arg(shop.path("config.toml"));
    let server = shop.serve_by(limited);
    let crowd: Vec<_> = (0..200)
        .map(|_| std::net::TcpStream::connect(shop.address()).unwrap())
        .collect();
    until("the limit is reached", || {
        shop.log().contains("could not be accepted")
    });
    drop(crowd);
    until("it serves again", || shop.is_ready());
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_conversations_come_and_go_and_memory_stays() {
    const ROUND: usize = 500;
    let shop = TestShop::with("sockets_per_address = 1000");
    let server = shop.serve();
    let round = async |name: &str| {
        for nth in 0..ROUND {
            let mut visitor = Visitor::connect(&shop, None).await;
            visitor
                .say(&format!("{name}-{nth}"), "do you ship to Norway?")
                .await
                .unwrap();
        }
    };
    // Twice: each of the readers has a page cache of its own to fill.
    for name in ["warm", "warmer"] {
        round(name).await;
        until("all are gone", || {
            shop.metric("shoptalk_sockets_open") == Some(0)
        });
    }
    let (files, memory) = (server.open_files(), server.resident());
    round("again").await;
    until("all are gone", || {
        shop.metric("shoptalk_sockets_open") == Some(0)
    });
    until("their files are closed", || {
        server.open_files() <= files + READERS_FILES
    });
    // SQLite's page cache may still fill; conversations themselves would be 10 kB each.
    let grown = server.resident().saturating_sub(memory);
    assert!(grown < 4 << 20, "{grown} bytes");
}

#[test]
fn a_pipe_that_is_cut_in_the_request_is_no_news() {
    let shop = TestShop::new();
    let _server = shop.serve();
    for _ in 0..20 {
        use std::io::Write;
        let mut cut = std::net::TcpStream::connect(shop.address()).unwrap();
        cut.write_all(b"GET /produ").unwrap();
    }
    let mut fine = std::net::TcpStream::connect(shop.address()).unwrap();
    fine.set_read_timeout(Some(PATIENCE)).unwrap();
    std::io::Write::write_all(
        &mut fine,
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .unwrap();
    let mut answer = String::new();
    fine.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"));
    assert!(!shop.log().contains("panicked"));
}
