//! The program as a process, and a visitor on its socket.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A shop in a folder of its own: staff's files, settings and data.
pub struct TestShop {
    pub folder: tempfile::TempDir,
    port: u16,
}

impl TestShop {
    pub fn new() -> Self {
        Self::with("")
    }

    /// Imports `text` from a file of this name: `products` or `orders`.
    pub fn import(&self, what: &str, name: &str, text: &str) {
        let file = self.path(name);
        std::fs::write(&file, text).unwrap();
        let mut command = self.command();
        let import = command.args(["import", what]).arg(&file).output().unwrap();
        assert!(import.status.success(), "{import:?}");
    }

    /// With more settings of `[limits]`.
    pub fn with(limits: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["intents", "knowledge"] {
            std::fs::create_dir(folder.path().join(part)).unwrap();
            for entry in std::fs::read_dir(root.join(part)).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(
                    entry.path(),
                    folder.path().join(part).join(entry.file_name()),
                )
                .unwrap();
            }
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let settings = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\n[limits]\n{}{limits}\n[log]\nlevel = \"info\"\n",
            // Not twice: TOML refuses a key that comes again.
            if limits.contains("messages_per_minute") {
                ""
            } else {
                "messages_per_minute = 100000\n"
            }
        );
        std::fs::write(folder.path().join("config.toml"), settings).unwrap();
        Self { folder, port }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shoptalk"));
        command
            .arg("--config")
            .arg(self.path("config.toml"))
            .env("NO_COLOR", "1");
        command
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts the server and waits until it is ready. Its log goes to `server.log`.
    pub fn serve(&self) -> Server {
        self.serve_by(self.command())
    }

    pub fn serve_by(&self, mut command: Command) -> Server {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.path("server.log"))
            .unwrap();
        let child = command
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Server { child };
        let began = Instant::now();
        while !self.is_ready() {
            assert!(
                server.child.try_wait().unwrap().is_none(),
                "the server ended: {}",
                self.log()
            );
            assert!(
                began.elapsed() < PATIENCE,
                "the server is not ready: {}",
                self.log()
            );
            std::thread::yield_now();
        }
        server
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }

    pub fn is_ready(&self) -> bool {
        self.get("/readyz").starts_with("HTTP/1.1 200")
    }

    /// Head and body; nothing when the server cannot be reached.
    pub fn get(&self, path: &str) -> String {
        use std::io::{Read, Write};
        let mut answer = String::new();
        if let Ok(mut stream) = std::net::TcpStream::connect(self.address()) {
            let asked = write!(
                stream,
                "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            );
            let _ = asked.and_then(|()| stream.read_to_string(&mut answer));
        }
        answer
    }

    /// A number of `/metrics`.
    pub fn metric(&self, name: &str) -> Option<u64> {
        let text = self.get("/metrics");
        let line = text.lines().find(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(' '))
        })?;
        line.split(' ').nth(1)?.parse().ok()
    }
}

/// Waits for something to become true.
pub fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "never came true: {what}");
        std::thread::yield_now();
    }
}

pub struct Server {
    pub child: Child,
}

impl Server {
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))
            .unwrap()
            .count()
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// The most address space it ever had, touched or not, in bytes.
    pub fn most_reserved(&self) -> u64 {
        self.memory("VmPeak:")
    }

    fn memory(&self, which: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(which)).unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            * 1024
    }

    /// SIGKILL: nothing is flushed, nothing is said.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and the exit code.
    pub fn stop(mut self) -> Option<i32> {
        let sent = Command::new("kill")
            .arg("-TERM")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(sent.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A visitor's socket.
pub struct Visitor {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub welcome: Value,
}

impl Visitor {
    pub async fn connect(shop: &TestShop, token: Option<&str>) -> Self {
        let hello = match token {
            Some(token) => json!({ "type": "hello", "token": token }),
            None => json!({ "type": "hello" }),
        };
        Self::greet(shop, hello).await
    }

    /// Connects with this hello.
    pub async fn greet(shop: &TestShop, hello: Value) -> Self {
        let origin = format!("http://{}", shop.address());
        let mut socket = upgrade(shop, Some(&origin)).await.unwrap();
        socket.send(Message::text(hello.to_string())).await.unwrap();
        let mut visitor = Self {
            socket,
            welcome: Value::Null,
        };
        visitor.welcome = visitor.next().await.expect("a welcome");
        visitor
    }

    pub fn token(&self) -> String {
        self.welcome["token"].as_str().unwrap().to_owned()
    }

    /// The next frame; none when the socket has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a frame in time");
            match frame {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(close))) => {
                    return close
                        .map(|close| json!({ "type": "closed", "code": u16::from(close.code) }));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub async fn send(&mut self, frame: Value) -> bool {
        self.socket
            .send(Message::text(frame.to_string()))
            .await
            .is_ok()
    }

    /// Says something and returns its ack and the reply, or nothing when the socket ends before.
    pub async fn say(&mut self, id: &str, text: &str) -> Option<(Value, Value)> {
        if !self
            .send(json!({ "type": "message", "id": id, "text": text }))
            .await
        {
            return None;
        }
        let mut ack = None;
        loop {
            let frame = self.next().await?;
            match frame["type"].as_str() {
                Some("ack") => ack = Some(frame),
                Some("entry") if frame["entry"]["from"] == "assistant" => {
                    return ack.map(|ack| (ack, frame));
                }
                Some("error" | "closed") => return None,
                _ => {}
            }
        }
    }

    /// The whole conversation, oldest first.
    pub async fn history(&mut self) -> Vec<Value> {
        let mut entries = self.welcome["entries"].as_array().unwrap().clone();
        while entries.first().is_some_and(|first| first["seq"] != 1) {
            assert!(
                self.send(json!({ "type": "history", "before": entries[0]["seq"] }))
                    .await
            );
            let mut older = self.next().await.unwrap()["entries"]
                .as_array()
                .unwrap()
                .clone();
            assert!(!older.is_empty());
            older.extend(entries);
            entries = older;
        }
        entries
    }
}

/// The bare upgrade, for tests of who may enter.
pub async fn upgrade(
    shop: &TestShop,
    origin: Option<&str>,
) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, tokio_tungstenite::tungstenite::Error> {
    let mut request = format!("ws://{}/v1/chat", shop.address()).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "shoptalk.v1".parse().unwrap());
    if let Some(origin) = origin {
        headers.insert("origin", origin.parse().unwrap());
    }
    tokio_tungstenite::connect_async(request)
        .await
        .map(|(socket, _)| socket)
}
