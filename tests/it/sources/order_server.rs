//! Orders that a shop's own server knows: the sample server, and servers that fail in every way.

use super::{serve, shop_with};
use crate::promises::server::{PATIENCE, TestShop, Visitor};
use axum::Router;
use axum::routing::post as on_post;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const SECRET: &str = "canary-secret-of-the-order-server";
const NUMBER: &str = "SH-77001";

/// The sample server as a process.
pub(super) struct Sample {
    child: Child,
    pub(super) address: String,
}

impl Drop for Sample {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn sample(orders: &Path) -> Sample {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/order-server/server.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .arg(orders)
        .arg("0")
        .env("SHOPTALK_ORDERS_SECRET", SECRET)
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs the sample server");
    let mut first = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut first).unwrap();
    let address = first.trim().rsplit(' ').next().unwrap().to_owned();
    Sample { child, address }
}

pub(super) fn order(status: &str) -> String {
    let customer = r#"{"name": "Ana", "email": "ana@example.com", "postcode": "0150"}"#;
    let line = r#"{"sku": "WOOL-WASH", "title": "Wool wash", "quantity": 2, "price": "12.00"}"#;
    let order = format!(
        r#"{{"number": "{NUMBER}", "placed_at": "2026-11-14T09:12:00Z", "status": "{status}", "customer": {customer},
        "currency": "EUR", "shipping": "4.90", "total": "28.90", "lines": [{line}]}}"#
    );
    order.replace('\n', " ")
}

pub(super) fn shop_asking(address: &str) -> TestShop {
    shop_with(&format!("[orders]\nurl = \"{address}\"\n"))
}

pub(super) fn command(shop: &TestShop, secret: &str) -> Command {
    let mut command = shop.command();
    command.env("SHOPTALK_ORDERS_SECRET", secret);
    command
}

pub(super) async fn ask(shop: &TestShop, words: &str) -> String {
    let mut visitor = Visitor::connect(shop, None).await;
    let (_, reply) = visitor.say("1", words).await.unwrap();
    reply.to_string()
}

pub(super) fn file(shop: &tempfile::TempDir, status: &str) -> PathBuf {
    let path = shop.path().join("orders.jsonl");
    std::fs::write(&path, order(status)).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_told_as_the_shops_server_has_it_now_and_only_to_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample(&file(&folder, "shipped"));
    let shop = shop_asking(&sample.address);
    let _server = shop.serve_by(command(&shop, SECRET));
    let right = format!("where is {NUMBER} ana@example.com");
    let told = ask(&shop, &right).await;
    assert!(
        told.contains(NUMBER) && told.contains("\"shipped\""),
        "{told}"
    );
    file(&folder, "delivered");
    let told = ask(&shop, &right).await;
    assert!(told.contains("\"status\":\"delivered\""), "{told}");

    let by_postcode = ask(&shop, &format!("where is {NUMBER}")).await;
    assert!(!by_postcode.contains("delivered"), "{by_postcode}");
    let lines = |reply: &str| {
        let reply: serde_json::Value = serde_json::from_str(reply).unwrap();
        let lines = reply["entry"]["blocks"].to_string();
        assert!(lines.contains("order.not_found"), "{reply}");
        lines
    };
    let wrong = ask(&shop, &format!("where is {NUMBER} eve@example.com")).await;
    let unknown = ask(&shop, "where is SH-77999 eve2@example.com").await;
    assert_eq!(lines(&wrong), lines(&unknown));
    assert!(!wrong.contains("delivered"), "{wrong}");
    std::fs::write(folder.path().join("orders.jsonl"), "").unwrap();
    let gone = ask(&shop, &right).await;
    assert!(!gone.contains("delivered"), "{gone}");
    assert!(!shop.log().contains("ana@example.com"), "{}", shop.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_the_orders_that_the_shops_server_has_for_an_address() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample(&file(&folder, "shipped"));
    let shop = shop_asking(&sample.address);
    let _server = shop.serve_by(command(&shop, SECRET));
    let mut visitor = Visitor::connect(&shop, None).await;
    visitor.say("1", "where is my order").await.unwrap();
    visitor.say("2", "i don't have the number").await.unwrap();
    let (_, reply) = visitor.say("3", "ana@example.com").await.unwrap();
    let outbox = shop.path("data/outbox");
    let began = std::time::Instant::now();
    let letter = loop {
        let found = std::fs::read_dir(&outbox).into_iter().flatten().flatten();
        let eml = found
            .filter(|file| file.path().extension().is_some_and(|end| end == "eml"))
            .find_map(|file| std::fs::read_to_string(file.path()).ok());
        match eml {
            Some(letter) => break letter,
            None => assert!(began.elapsed() < PATIENCE, "no letter: {reply}"),
        }
        tokio::task::yield_now().await;
    };
    let six = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = letter.split(|c: char| !c.is_ascii_alphanumeric());
    let code = words.find(six).unwrap();
    let (_, reply) = visitor.say("4", code).await.unwrap();
    assert!(reply.to_string().contains(NUMBER), "{reply}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_be_asked_is_said_to_be_so_and_never_no_such_order() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample(&file(&folder, "shipped"));
    let cannot = |reply: &str| reply.contains("order.unavailable");
    let right = format!("where is {NUMBER} ana@example.com");

    // Another secret than the server's.
    let shop = shop_asking(&sample.address);
    let server = shop.serve_by(command(&shop, "another-secret-that-nobody-knows"));
    let told = ask(&shop, &right).await;
    assert!(cannot(&told), "{told}");
    let log = shop.log();
    assert!(log.contains("refuses the signature"), "{log}");
    assert!(!log.contains("another-secret"), "{log}");
    drop(server);

    let silent = || async {
        std::future::pending::<()>().await;
        ""
    };
    let answers = Router::new()
        .route("/broken", on_post(|| async { "{\"orders\": [{}]}" }))
        .route("/html", on_post(|| async { "<html>Sorry</html>" }))
        .route(
            "/other",
            on_post(|| async {
                format!(
                    "{{\"orders\": [{}]}}",
                    order("paid").replace(NUMBER, "SH-1")
                )
            }),
        )
        .route(
            "/error",
            on_post(|| async { axum::http::StatusCode::BAD_GATEWAY }),
        )
        .route("/endless", on_post(|| async { " ".repeat(3_000_000) }))
        .route("/silent", on_post(silent));
    let address = serve(answers).await;
    for (path, reason) in [
        ("broken", "wrote no list of orders"),
        ("html", "wrote no list of orders"),
        ("other", "answered with another order"),
        ("error", "answered 502"),
        ("endless", "order server"),
        ("silent", "does not answer in time"),
        ("nothing", "answered 404"),
    ] {
        let shop = shop_asking(&format!("http://{address}/{path}"));
        let _server = shop.serve_by(command(&shop, SECRET));
        let told = ask(&shop, &right).await;
        assert!(cannot(&told), "{path}: {told}");
        assert!(shop.log().contains(reason), "{path}: {}", shop.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_locked_out_costs_the_shops_server_nothing() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let counting = Router::new().route(
        "/",
        on_post(move || {
            count.fetch_add(1, Ordering::Relaxed);
            async { "{\"orders\": []}" }
        }),
    );
    let address = serve(counting).await;
    let shop = shop_asking(&format!("http://{address}/"));
    let _server = shop.serve_by(command(&shop, SECRET));
    let mut visitor = Visitor::connect(&shop, None).await;
    for n in 0..8 {
        let words = format!("where is SH-7700{n} eve@example.com");
        visitor.say(&n.to_string(), &words).await.unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 5);
}

#[test]
fn an_address_without_its_secret_is_an_error_that_names_it() {
    let shop = shop_asking("https://shop.example/orders");
    let output = shop.command().arg("check").output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(said.contains("SHOPTALK_ORDERS_SECRET"), "{said}");
    assert!(!output.status.success());
}

const IDENTITY: &str = "a secret that only the page and this server know";

/// What a page says of customer 17, who has no address there.
fn identity() -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit, Mac};
    let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let exp = jiff::Timestamp::now().as_second() + 600;
    let claims = serde_json::json!({ "sub": "17", "exp": exp });
    let text = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(IDENTITY.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    format!(
        "{text}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_has_their_orders_from_the_shops_server_without_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.jsonl");
    let of = |number: &str, day: u8, customer: &str| {
        order("paid")
            .replace(NUMBER, number)
            .replace("2026-11-14", &format!("2026-11-{day}"))
            .replace(
                "\"postcode\"",
                &format!("\"number\": \"{customer}\", \"postcode\""),
            )
    };
    let orders = [
        of("SH-77001", 14, "17"),
        of("SH-77002", 16, "17"),
        of("SH-77003", 18, "18"),
    ];
    std::fs::write(&path, orders.join("\n")).unwrap();
    let sample = sample(&path);
    let shop = shop_asking(&sample.address);
    let mut serving = command(&shop, SECRET);
    serving.env("SHOPTALK_IDENTITY_SECRET", IDENTITY);
    let _server = shop.serve_by(serving);
    let hello = || serde_json::json!({ "type": "hello", "identity": identity() });
    let mut visitor = Visitor::greet(&shop, hello()).await;
    let (_, reply) = visitor.say("1", "where is my last order").await.unwrap();
    let told = reply.to_string();
    assert!(
        told.contains("SH-77002") && told.contains("SH-77001"),
        "{told}"
    );
    assert!(!told.contains("SH-77003"), "{told}");
    let (_, reply) = visitor.say("2", "where is SH-77001").await.unwrap();
    assert!(reply.to_string().contains("\"type\":\"order\""), "{reply}");
    // Somebody else's number opens nothing.
    let (_, reply) = visitor.say("3", "where is SH-77003").await.unwrap();
    assert!(!reply.to_string().contains("\"type\":\"order\""), "{reply}");
    // A server that cannot be asked is said to be so, never that there are no orders.
    drop(sample);
    let mut visitor = Visitor::greet(&shop, hello()).await;
    let (_, reply) = visitor.say("1", "i don't have the number").await.unwrap();
    assert!(reply.to_string().contains("order.unavailable"), "{reply}");
}
