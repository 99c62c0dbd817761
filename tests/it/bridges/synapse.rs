//! Synapse itself, the homeserver of matrix.org, and two people on it. It runs out of the Python environment in the folder
//! that SHOPTALK_SDK names (`pip install -r tests/sdk/requirements-matrix.txt`); where none is named nothing is tried.

use super::super::promises::server::TestShop;
use super::super::promises::uploads::{files, photo};
use super::standing;
use image::ImageFormat;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A homeserver starts in a few seconds; on a busy machine it takes its time.
const PATIENCE: Duration = Duration::from_secs(180);
const BOT: &str = "@shop:home.test";
const QUESTION: &str = "do you ship to norway?";
/// More than one answer of `sync` has: the rest is asked for.
const MANY: usize = 55;
const FEW: usize = 5;
/// Between two looks: the homeserver has other things to do.
const LOOK_EVERY: Duration = Duration::from_millis(200);

struct Synapse {
    python: PathBuf,
    folder: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Synapse {
    fn new(python: PathBuf, folder: &Path) -> Self {
        let folder = folder.join("synapse");
        std::fs::create_dir(&folder).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let path = |name: &str| folder.join(name).display().to_string();
        let fast = json!({ "per_second": 1000, "burst_count": 1000 });
        // JSON is YAML.
        let settings = json!({
            "server_name": "home.test", "report_stats": false, "pid_file": path("pid"),
            "signing_key_path": path("signing.key"), "media_store_path": path("media"),
            "database": { "name": "sqlite3", "args": { "database": path("home.db") } },
            "listeners": [{
                "port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": false,
                "resources": [{ "names": ["client"] }],
            }],
            "enable_registration": true, "enable_registration_without_verification": true,
            "trusted_key_servers": [], "suppress_key_server_warning": true,
            "rc_message": fast, "rc_registration": fast, "rc_login": { "address": fast, "account": fast },
        });
        std::fs::write(folder.join("home.yaml"), settings.to_string()).unwrap();
        let mut synapse = Self {
            python,
            folder,
            port,
            child: None,
        };
        let keys = synapse.command().arg("--generate-keys").output().unwrap();
        assert!(keys.status.success(), "{keys:?}");
        synapse.start();
        synapse
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.python);
        command
            .args(["-m", "synapse.app.homeserver", "-c", "home.yaml"])
            .current_dir(&self.folder);
        command
    }

    fn start(&mut self) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        let mut command = self.command();
        command.stdout(Stdio::null()).stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    /// SIGKILL: whatever it was doing is left as it is.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        log[log.floor_char_boundary(log.len().saturating_sub(3000))..].to_owned()
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Someone on the homeserver.
struct Person {
    base: String,
    token: String,
    client: reqwest::Client,
}

impl Person {
    async fn register(synapse: &Synapse, name: &str) -> Self {
        let mut person = Self {
            base: synapse.url(),
            token: String::new(),
            client: reqwest::Client::new(),
        };
        let asked = json!({ "username": name, "password": format!("{name} canary"), "auth": { "type": "m.login.dummy" } });
        let began = Instant::now();
        let made = loop {
            if let Some(made) = person.ask("POST", "register", &asked).await {
                break made;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "no homeserver: {}",
                synapse.log()
            );
            tokio::time::sleep(LOOK_EVERY).await;
        };
        person.token = made["access_token"].as_str().unwrap().to_owned();
        person
    }

    /// The answer; nothing where the homeserver is away.
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Option<Value> {
        let url = format!("{}/_matrix/client/v3/{path}", self.base);
        let request = self.client.request(method.parse().unwrap(), url);
        let request = match method {
            "GET" => request,
            _ => request.body(body.to_string()),
        };
        let request = match self.token.as_str() {
            "" => request,
            token => request.header("authorization", format!("Bearer {token}")),
        };
        let answer = request.send().await.ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).ok()
    }

    async fn room(&self, invited: &[&str], more: Value) -> String {
        let mut asked = json!({ "preset": "private_chat", "invite": invited, "is_direct": true });
        for (name, value) in more.as_object().unwrap() {
            asked[name] = value.clone();
        }
        let made = self.ask("POST", "createRoom", &asked).await.unwrap();
        made["room_id"].as_str().unwrap().to_owned()
    }

    async fn send(&self, room: &str, kind: &str, id: &str, content: Value) {
        let path = format!("rooms/{room}/send/{kind}/{id}");
        self.ask("PUT", &path, &content).await.unwrap();
    }

    async fn say(&self, room: &str, id: &str, words: &str) {
        let content = json!({ "msgtype": "m.text", "body": words });
        self.send(room, "m.room.message", id, content).await;
    }

    /// The address of a photo.
    async fn upload(&self, photo: Vec<u8>) -> String {
        let url = format!("{}/_matrix/media/v3/upload", self.base);
        let sent = self.client.post(url).body(photo);
        let sent = sent.header("content-type", "image/jpeg");
        let answer = sent.bearer_auth(&self.token).send().await.unwrap();
        let kept: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        kept["content_uri"].as_str().unwrap().to_owned()
    }

    /// What the bot has said in a room.
    async fn heard(&self, room: &str) -> Vec<Value> {
        let path = format!("rooms/{room}/messages?dir=b&limit=1000");
        let page = self
            .ask("GET", &path, &Value::Null)
            .await
            .unwrap_or_default();
        let all = page["chunk"].as_array().cloned().unwrap_or_default();
        let said = all.into_iter().rev();
        said.filter(|one| one["sender"] == BOT && one["type"] == "m.room.message")
            .map(|one| one["content"].clone())
            .collect()
    }

    /// Waits until so many of the bot's messages have these words, and no more.
    async fn hears(&self, room: &str, words: &str, count: usize) -> Value {
        let began = Instant::now();
        loop {
            let heard = self.heard(room).await;
            let with = heard.iter().filter(|one| {
                let body = one["body"].as_str().unwrap_or_default();
                body.contains(words)
            });
            let with: Vec<&Value> = with.collect();
            assert!(with.len() <= count, "{words} came {} times", with.len());
            if with.len() == count {
                return with[count - 1].clone();
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{count} of {words:?} in {heard:?}"
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// A question on a fresh room, and a choice by its number.
    async fn talks(&self) -> String {
        let room = self.room(&[BOT], json!({})).await;
        // The bot may not be in yet.
        self.say(&room, "1", QUESTION).await;
        let answer = self.hears(&room, "Norway", 1).await;
        assert_eq!(answer["msgtype"], "m.notice");
        self.say(&room, "2", "hi").await;
        self.hears(&room, "1. ", 1).await;
        self.say(&room, "3", "2").await;
        self.hears(&room, "What are you looking for", 1).await;
        room
    }
}

fn shop_on(synapse: &Synapse, shop: &TestShop) {
    let path = shop.path("config.toml");
    let mut settings = std::fs::read_to_string(&path).unwrap();
    settings.push_str(&format!(
        "[sync]\nprivate_addresses = true\n[channels.matrix]\nhomeserver = \"{}\"\nuser = \"shop\"\nper_second = 100\n",
        synapse.url()
    ));
    std::fs::write(&path, settings).unwrap();
}

fn serve(shop: &TestShop) -> super::super::promises::server::Server {
    let mut command = shop.command();
    command.env("SHOPTALK_MATRIX_PASSWORD", "shop canary");
    shop.serve_by(command)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_on_synapse_lose_nothing_and_hear_nothing_twice() {
    let Some(sdk) = std::env::var_os("SHOPTALK_SDK") else {
        eprintln!(
            "skipped: SHOPTALK_SDK names no folder with a Python environment that has Synapse"
        );
        return;
    };
    let shop = TestShop::new();
    let python = PathBuf::from(sdk).join("bin/python");
    let mut synapse = Synapse::new(python, shop.folder.path());
    Person::register(&synapse, "shop").await;
    let ana = Person::register(&synapse, "ana").await;
    let ben = Person::register(&synapse, "ben").await;
    shop_on(&synapse, &shop);
    let server = serve(&shop);
    let (of_ana, of_ben) = tokio::join!(ana.talks(), ben.talks());

    let photo = ana.upload(photo(ImageFormat::Jpeg)).await;
    let content = json!({ "msgtype": "m.image", "body": "mug.jpg", "url": photo });
    ana.send(&of_ana, "m.room.message", "photo", content).await;
    ana.hears(&of_ana, "Thank you for the photo", 1).await;
    assert_eq!(files(&shop), 1);

    // Nobody listens meanwhile. Then both the shop and the homeserver die in the middle of answering.
    server.kill();
    for nth in 0..MANY {
        ana.say(&of_ana, &format!("many-{nth}"), QUESTION).await;
    }
    for nth in 0..FEW {
        let id = format!("few-{nth}");
        ben.say(&of_ben, &id, "do you ship to austria?").await;
    }
    let server = serve(&shop);
    let began = Instant::now();
    while ana.heard(&of_ana).await.len() < 10 {
        assert!(began.elapsed() < PATIENCE, "{}", shop.log());
        tokio::time::sleep(LOOK_EVERY).await;
    }
    synapse.kill();
    server.kill();
    let server = serve(&shop);
    synapse.start();
    ana.hears(&of_ana, "Norway", 1 + MANY).await;
    ben.hears(&of_ben, "7.90", FEW).await;

    // A group is answered where it names us, and somebody else is not.
    let group = ana
        .room(&[BOT, "@ben:home.test"], json!({ "is_direct": false }))
        .await;
    ben.ask("POST", &format!("join/{group}"), &json!({}))
        .await
        .unwrap();
    let began = Instant::now();
    loop {
        let path = format!("rooms/{group}/joined_members");
        let members = ana
            .ask("GET", &path, &Value::Null)
            .await
            .unwrap_or_default();
        if members["joined"]
            .as_object()
            .is_some_and(|joined| joined.len() == 3)
        {
            break;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "the bot never came: {}",
            shop.log()
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    ana.say(&group, "1", "ben, do you ship to austria?").await;
    let content = json!({ "msgtype": "m.text", "body": format!("{BOT} {QUESTION}"), "m.mentions": { "user_ids": [BOT] } });
    ben.send(&group, "m.room.message", "1", content).await;
    let answer = ben.hears(&group, "Norway", 1).await;
    assert_eq!(answer["m.mentions"]["user_ids"], json!(["@ben:home.test"]));

    let encryption = json!({ "initial_state": [{
        "type": "m.room.encryption", "state_key": "", "content": { "algorithm": "m.megolm.v1.aes-sha2" },
    }] });
    let secret = ben.room(&[BOT], encryption).await;
    for id in ["1", "2"] {
        let content =
            json!({ "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s" });
        ben.send(&secret, "m.room.encrypted", id, content).await;
    }
    ben.hears(&secret, "encrypted", 1).await;

    // All is said; nothing came twice while it was.
    let began = Instant::now();
    while standing(&shop, "matrix").await.waiting > 0 {
        assert!(began.elapsed() < PATIENCE, "{}", shop.log());
        tokio::time::sleep(LOOK_EVERY).await;
    }
    ana.hears(&of_ana, "Norway", 1 + MANY).await;
    ben.hears(&of_ben, "7.90", FEW).await;
    ben.hears(&secret, "encrypted", 1).await;
    assert_eq!(ana.heard(&group).await.len(), 1, "only who named us");
    let standing = standing(&shop, "matrix").await;
    assert_eq!((standing.failed, standing.unknown), (0, 0));
    assert_eq!(server.stop(), Some(0));
    assert!(!shop.log().contains("canary"), "{}", shop.log());
}
