//! A disk that is full, locked or damaged: nothing accepted is lost, and the shop hears why.

use super::server::{TestShop, Visitor, until};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of four megabytes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None where this user may not mount one.
    fn at(path: &Path) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(path)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then(|| Self(path.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_messages_until_there_is_room_again() {
    let shop = TestShop::new();
    let Some(disk) = SmallDisk::at(&shop.path("data")) else {
        eprintln!("skipped: mounting a small file system needs root");
        return;
    };
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    visitor.say("m-1", "hello").await.unwrap();
    let filler = disk.0.join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    drop(file);
    // What fits into pages already there may still be stored; then it is refused.
    let mut stored = 1;
    let refused = loop {
        let id = format!("full-{stored}");
        let frame = json!({ "type": "message", "id": id, "text": "show me warm socks" });
        assert!(visitor.send(frame).await);
        let answer = visitor.next().await.unwrap();
        if answer["type"] == "error" {
            break answer;
        }
        assert_eq!(answer["type"], "ack");
        visitor.next().await.unwrap();
        stored += 1;
    };
    assert_eq!(refused["code"], "temporarily_unavailable");
    assert!(refused["retry_after_ms"].as_u64().unwrap() > 0);
    let mut reader = Visitor::connect(&shop, Some(&visitor.token())).await;
    assert_eq!(
        reader.history().await.len(),
        1 + 2 * stored,
        "reading goes on"
    );
    std::fs::remove_file(&filler).unwrap();
    let frame = json!({ "type": "message", "id": refused["id"], "text": "show me warm socks" });
    assert!(visitor.send(frame).await);
    let answer = visitor.next().await.unwrap();
    assert_eq!(
        answer["type"], "ack",
        "there is room again, without a restart: {answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_file_is_waited_for_and_then_refused_and_served_again() {
    use sqlx::{Connection, SqliteConnection};
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    visitor.say("m-1", "hello").await.unwrap();
    let path = shop.path("data/shoptalk.db");
    let mut other = SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    // A crowd waits for the same lock, and each hears of it.
    let mut crowd = Vec::new();
    for nth in 0..8 {
        let mut one = Visitor::connect(&shop, None).await;
        let frame = json!({ "type": "message", "id": format!("c-{nth}"), "text": "hello" });
        assert!(one.send(frame).await);
        crowd.push(one);
    }
    let asked = shop.get("/readyz");
    assert!(asked.starts_with("HTTP/1.1 503"), "{asked}");
    for one in &mut crowd {
        assert_eq!(one.next().await.unwrap()["code"], "temporarily_unavailable");
    }
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    until("it is ready again", || shop.is_ready());
    for (nth, one) in crowd.iter_mut().enumerate() {
        one.say(&format!("c-{nth}"), "hello")
            .await
            .expect("the same message, stored now");
    }
    visitor.say("m-2", "hello again").await.unwrap();
}

#[test]
fn a_damaged_file_is_refused_with_what_to_do() {
    let shop = TestShop::new();
    assert_eq!(shop.serve().stop(), Some(0));
    let path = shop.path("data/shoptalk.db");
    let whole = std::fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 32 * 1024].fill(0xa5);
    std::fs::write(&path, &damaged).unwrap();
    let output = shop.command().arg("serve").output().unwrap();
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("damaged") && said.contains("backup"),
        "{said}"
    );
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    // It was left as it is, and a backup in its place serves.
    assert_eq!(std::fs::read(&path).unwrap(), damaged);
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(shop.serve().stop(), Some(0));
}

#[test]
fn a_torn_log_loses_nothing_that_was_in_the_file() {
    let shop = TestShop::new();
    assert_eq!(shop.serve().stop(), Some(0));
    std::fs::write(shop.path("data/shoptalk.db-wal"), [0x5a; 70_000]).unwrap();
    let server = shop.serve();
    assert!(shop.get("/v1/catalog").starts_with("HTTP/1.1 200"));
    assert_eq!(server.stop(), Some(0));
}
