//! Messengers under load: events come at a steady rate through the doors of Telegram and WhatsApp, half and half, each
//! signed and in its own request, whatever the server does; all are answered to a platform that is a fake in this process.
//! `cargo bench --bench bridges`; behind `--` a rate and seconds: `1000 30`. `SHOPTALK_BIN`
//! names another build of the program.

#![allow(clippy::unwrap_used)] // a bench may fail loudly

use axum::Router;
use axum::body::Bytes;
use axum::http::Uri;
use serde_json::{Value, json};
use shoptalk::remote::Mac;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SECRET: &str = "bench-secret";
/// Connections that the platforms keep open, for both together.
const CONNECTIONS: u64 = 64;
/// Conversations of each platform: everyone writes again after a few seconds.
const TALKS: u64 = 2000;
const SAYS: [&str; 4] = [
    "do you ship to norway?",
    "how do i return something",
    "show me vests",
    "what does express shipping cost",
];

fn main() {
    let args: Vec<u64> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let rate = args.first().copied().unwrap_or(1000);
    let seconds = args.get(1).copied().unwrap_or(30);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(rate, seconds));
}

async fn run(rate: u64, seconds: u64) {
    let platform = Platform::start().await;
    let mut server = Server::start(&platform.url);
    let warm_up = load(&server.address, rate, 0, 2 * rate).await;
    drop(warm_up);
    println!(
        "| s | events/s | acknowledged p50 ms | p99 ms | worst ms | messages sent | resident MB | CPU us/event |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut all = Vec::new();
    let window = (seconds / 3).max(1);
    for nth in 0..3 {
        let (sent, cpu, began) = (platform.sent(), server.cpu_ns(), Instant::now());
        let first = 2 * rate + nth * window * rate;
        let mut taken = load(&server.address, rate, first, window * rate).await;
        let lasted = began.elapsed().as_secs_f64();
        let cpu = (server.cpu_ns() - cpu) as f64 / 1000.0 / taken.len() as f64;
        taken.sort_unstable();
        println!(
            "| {} | {:.0} | {:.1} | {:.1} | {:.1} | {} | {:.0} | {cpu:.0} |",
            (nth + 1) * window,
            taken.len() as f64 / lasted,
            at(&taken, 0.5),
            at(&taken, 0.99),
            at(&taken, 1.0),
            platform.sent() - sent,
            server.resident() as f64 / 1e6,
        );
        all.extend(taken);
    }
    all.sort_unstable();
    let began = Instant::now();
    let events = 2 * rate + 3 * window * rate;
    while platform.answered() < events && began.elapsed() < Duration::from_secs(120) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!(
        "\n{} events: p50 {:.1} ms, p99 {:.1} ms to the acknowledgement; {} answered, the last {:.1} s after the last event; {:.0} MB resident",
        events,
        at(&all, 0.5),
        at(&all, 0.99),
        platform.answered(),
        began.elapsed().as_secs_f64(),
        server.resident() as f64 / 1e6
    );
    server.stop();
}

/// Milliseconds at a place of a sorted list.
fn at(sorted: &[Duration], place: f64) -> f64 {
    let last = sorted.len() - 1;
    sorted[(last as f64 * place) as usize].as_secs_f64() * 1000.0
}

/// Brings `count` events from the `first` on, evenly; how long each waited for its acknowledgement, from when it was due.
async fn load(address: &str, rate: u64, first: u64, count: u64) -> Vec<Duration> {
    let began = Instant::now();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let workers = (0..CONNECTIONS).map(|worker| {
        let (address, taken) = (address.to_owned(), Arc::clone(&taken));
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut own = Vec::new();
            for nth in (worker..count).step_by(CONNECTIONS as usize) {
                let due = began + Duration::from_micros(nth * 1_000_000 / rate);
                let request = request(first + nth);
                tokio::time::sleep_until(due.into()).await;
                stream.write_all(request.as_bytes()).await.unwrap();
                acknowledged(&mut stream).await;
                own.push(due.elapsed());
            }
            taken.lock().unwrap().extend(own);
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
    std::mem::take(&mut taken.lock().unwrap())
}

/// One event as its platform brings it.
fn request(nth: u64) -> String {
    let talk = 1_000_000 + nth / 2 % TALKS;
    let text = SAYS[(nth / 2 % SAYS.len() as u64) as usize];
    let now = jiff::Timestamp::now().as_second();
    let (door, header, body) = match nth % 2 {
        0 => {
            let person =
                json!({ "id": talk, "is_bot": false, "first_name": "Ana", "type": "private" });
            let message = json!({ "message_id": nth, "date": now, "text": text, "from": person, "chat": person });
            let update = json!({ "update_id": nth, "message": message });
            let header = format!("x-telegram-bot-api-secret-token: {SECRET}");
            ("telegram", header, update.to_string())
        }
        _ => {
            let number = talk.to_string();
            let message = json!({
                "from": number, "id": format!("wamid.{nth}"), "timestamp": now.to_string(), "type": "text", "text": { "body": text },
            });
            let contact = json!({ "profile": { "name": "Ana" }, "wa_id": number, "user_id": format!("DE.{number}") });
            let value = json!({
                "messaging_product": "whatsapp", "metadata": { "phone_number_id": "PN1" }, "contacts": [contact], "messages": [message],
            });
            let changes = json!([{ "field": "messages", "value": value }]);
            let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "W", "changes": changes }] });
            let body = body.to_string();
            let mac = Mac::new(SECRET).unwrap().hex(&[body.as_bytes()]);
            (
                "whatsapp",
                format!("x-hub-signature-256: sha256={mac}"),
                body,
            )
        }
    };
    format!(
        "POST /bridges/{door} HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n{header}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one answer, which has to be a yes.
async fn acknowledged(stream: &mut TcpStream) {
    let mut answer = Vec::with_capacity(512);
    loop {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "cut off");
        let text = std::str::from_utf8(&answer).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        assert!(head.starts_with("HTTP/1.1 200"), "{text}");
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        if body.len() >= length.unwrap_or(0) {
            return;
        }
    }
}

/// Both platforms: they take everything at once.
struct Platform {
    url: String,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    sent: AtomicU64,
    /// Messages whose conversation had been answered less often than asked: the first of each reply.
    replies: Mutex<std::collections::HashMap<String, u64>>,
}

impl Platform {
    async fn start() -> Self {
        let counts = Arc::new(Counts::default());
        let of = Arc::clone(&counts);
        let router = Router::new().fallback(move |uri: Uri, body: Bytes| {
            let counts = Arc::clone(&of);
            async move { axum::Json(counts.take(uri.path(), &body)) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, counts }
    }

    fn sent(&self) -> u64 {
        self.counts.sent.load(Ordering::Relaxed)
    }

    /// Replies that have arrived: what is said here is answered in one message.
    fn answered(&self) -> u64 {
        self.counts.replies.lock().unwrap().values().sum()
    }
}

impl Counts {
    fn take(&self, path: &str, body: &[u8]) -> Value {
        let nth = self.sent.fetch_add(1, Ordering::Relaxed);
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let talk = match path.ends_with("/sendMessage") {
            true => body["chat_id"].as_i64().map(|chat| chat.to_string()),
            false => body["recipient"].as_str().map(str::to_owned),
        };
        if let Some(talk) = talk {
            *self.replies.lock().unwrap().entry(talk).or_default() += 1;
        }
        match path.starts_with("/bot") {
            true => json!({ "ok": true, "result": { "message_id": nth } }),
            false => json!({ "messages": [{ "id": format!("wamid.out-{nth}") }] }),
        }
    }
}

/// The real program, in a process of its own.
struct Server {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start(platform: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["intents", "knowledge"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
            for entry in std::fs::read_dir(root.join(part)).unwrap().flatten() {
                std::fs::copy(
                    entry.path(),
                    folder.path().join(part).join(entry.file_name()),
                )
                .unwrap();
            }
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let mut settings = format!(
            "[server]\nlisten = \"{address}\"\nurl = \"https://chat.shop.test\"\n[limits]\nmessages_per_minute = 100000\n\
             [log]\nlevel = \"warn\"\n[sync]\nprivate_addresses = true\n"
        );
        for (name, more) in [
            ("telegram", ""),
            ("whatsapp", "phone_number_id = \"PN1\"\n"),
        ] {
            let _ = write!(
                settings,
                "[channels.{name}]\napi = \"{platform}\"\nper_second = 100000\n{more}"
            );
        }
        let config = folder.path().join("config.toml");
        std::fs::write(&config, settings).unwrap();
        let own = std::env::var_os("SHOPTALK_BIN");
        let child = Command::new(own.unwrap_or_else(|| env!("CARGO_BIN_EXE_shoptalk").into()))
            .arg("--config")
            .arg(&config)
            .arg("serve")
            .env("SHOPTALK_TELEGRAM_TOKEN", "1:bench")
            .env("SHOPTALK_TELEGRAM_SECRET", SECRET)
            .env("SHOPTALK_WHATSAPP_TOKEN", "bench")
            .env("SHOPTALK_WHATSAPP_SECRET", SECRET)
            .env("SHOPTALK_WHATSAPP_VERIFY_TOKEN", "bench")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self {
            child,
            address,
            _folder: folder,
        };
        let began = Instant::now();
        while std::net::TcpStream::connect(&server.address).is_err() {
            assert!(
                server.child.try_wait().unwrap().is_none(),
                "the server ended"
            );
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "the server does not listen"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        server
    }

    /// Resident memory in bytes.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            * 1024
    }

    /// CPU time of all its threads so far, in nanoseconds.
    fn cpu_ns(&self) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let of = |task: std::fs::DirEntry| {
            let stat = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            stat.split(' ')
                .next()
                .and_then(|ns| ns.parse::<u64>().ok())
                .unwrap_or(0)
        };
        tasks.flatten().map(of).sum()
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
