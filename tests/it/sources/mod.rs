//! Shops that send their goods by themselves, against fakes that refuse what the real ones refuse.

mod doctor;
mod fake_shopify;
mod feed;
mod hooks;
mod live;
mod order_changes;
mod order_server;
mod shopify;
mod shopify_app;
mod woocommerce;

use super::promises::server::{PATIENCE, TestShop, Visitor};
use axum::Router;
use std::net::SocketAddr;
use std::process::Output;
use std::time::Instant;

/// Serves a fake on a free port for as long as the test's runtime lives.
async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A shop whose settings name more.
fn shop_with(settings: &str) -> TestShop {
    let shop = TestShop::new();
    let path = shop.path("config.toml");
    let known = std::fs::read_to_string(&path).unwrap();
    let private = "[sync]\nprivate_addresses = true\n";
    std::fs::write(&path, format!("{known}{private}{settings}")).unwrap();
    shop
}

/// What a fresh visitor hears in the end.
async fn wish(shop: &TestShop, lines: &[&str]) -> String {
    let mut visitor = Visitor::connect(shop, None).await;
    let mut last = String::new();
    for (nth, line) in lines.iter().enumerate() {
        let (_, reply) = visitor.say(&nth.to_string(), line).await.unwrap();
        last = reply.to_string();
    }
    last
}

/// `shoptalk sync` with these secrets: exit code, and everything it said.
async fn sync(shop: &TestShop, secrets: &[(&str, &str)]) -> (Option<i32>, String) {
    run(shop, "sync", secrets).await
}

/// The same of another command.
async fn run(shop: &TestShop, name: &str, secrets: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = shop.command();
    command.arg(name).envs(secrets.iter().copied());
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let Output {
        status,
        stdout,
        stderr,
    } = run.await.unwrap();
    let said = [stdout, stderr].concat();
    (status.code(), String::from_utf8(said).unwrap())
}

/// Asks until the answer has the words, or no longer has them.
async fn until(visitor: &mut Visitor, question: &str, words: &str, there: bool) {
    let began = Instant::now();
    for nth in 0.. {
        let id = format!("{words}-{there}-{nth}");
        let (_, reply) = visitor.say(&id, question).await.unwrap();
        if reply.to_string().contains(words) == there {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "`{words}` in: {reply}");
    }
}

/// Posts a webhook; the status.
async fn post(shop: &TestShop, path: &str, headers: &[(&str, &str)], body: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(shop.address())
        .await
        .unwrap();
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream
        .write_all(format!("{head}\r\n{body}").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
