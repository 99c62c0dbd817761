//! Messengers: each against a fake that is as strict as the real platform, all of them against the same faults.

mod aside;
mod chatwoot;
mod doors;
mod email;
mod fake;
mod fetched;
mod goods;
mod linking;
mod matrix;
mod meta;
mod news;
mod photos;
mod promises;
mod reports;
mod sdk;
mod signatures;
mod slack;
mod synapse;
mod telegram;
mod twilio;
mod webhook;

use super::promises::server::{PATIENCE, TestShop};
use fake::{Fake, Fault};
use shoptalk::relay::{self, Standing};
use shoptalk::store::Store;
use std::time::{Duration, Instant};

/// One account of a shop, and the platform on the other side.
pub struct Rig {
    /// As in the settings.
    pub account: &'static str,
    pub fake: Fake,
    /// Of `config.toml`.
    pub settings: String,
    pub secrets: Vec<(&'static str, String)>,
    /// A message of a shopper, as the platform sends it.
    pub message: fn(&Said) -> Post,
    /// The same with a signature that is wrong.
    pub forged: fn(&Said) -> Post,
    /// Its messages say when they were written.
    pub dated: bool,
    /// The platform knows a message that comes a second time.
    pub idempotent: bool,
    /// How the platform says that it is too much, and that it does not know us.
    pub too_much: Fault,
    pub revoked: Fault,
    /// How it says that someone has blocked us; none where nobody can.
    pub blocked: Option<Fault>,
    /// The words of a message that was taken.
    pub words: fn(&serde_json::Value) -> String,
}

/// What a shopper says.
#[derive(Debug, Clone)]
pub struct Said {
    /// Unique; the same when it comes again.
    pub id: u64,
    pub talk: String,
    pub text: String,
    /// Seconds since 1970.
    pub at: i64,
}

/// A request of a platform.
#[derive(Debug, Clone, Default)]
pub struct Post {
    /// Behind the account's door.
    pub query: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// A shop with these accounts.
pub fn shop_with(rigs: &[Rig]) -> TestShop {
    let shop = TestShop::new();
    let path = shop.path("config.toml");
    let mut settings = std::fs::read_to_string(&path).unwrap();
    settings = settings.replace("[server]\n", "[server]\nurl = \"https://chat.shop.test\"\n");
    settings.push_str("[sync]\nprivate_addresses = true\n");
    for rig in rigs {
        settings.push_str(&rig.settings);
    }
    std::fs::write(&path, settings).unwrap();
    shop
}

/// The messengers that bring messages to our door, but for the mail services.
pub async fn with_doors() -> Vec<Rig> {
    vec![
        webhook::rig().await,
        telegram::rig().await,
        meta::whatsapp().await,
        meta::messenger().await,
        meta::instagram().await,
        slack::rig().await,
        twilio::rig().await,
        chatwoot::rig().await,
    ]
}

/// Its server, with all secrets.
pub fn serve(shop: &TestShop, rigs: &[Rig]) -> super::promises::server::Server {
    let mut command = shop.command();
    for (name, value) in rigs.iter().flat_map(|rig| &rig.secrets) {
        command.env(name, value);
    }
    shop.serve_by(command)
}

/// The one shopper whom messengers have brought, looked at while no server runs.
pub async fn only_shopper(shop: &TestShop) -> String {
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let shopper = sqlx::query_scalar("SELECT shopper FROM contact")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    drop(connection);
    store.close().await.unwrap();
    shopper
}

/// What a subcommand prints, run with all secrets.
pub fn told(shop: &TestShop, rigs: &[Rig], args: &[&str]) -> String {
    let mut command = shop.command();
    command.envs(rigs.iter().flat_map(|rig| rig.secrets.iter().cloned()));
    let out = command.args(args).output().unwrap();
    let error = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{error}");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Delivers a request to an account's door; the status.
pub async fn deliver(shop: &TestShop, account: &str, post: Post) -> u16 {
    let client = reqwest::Client::new();
    let query = match post.query.as_str() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let url = format!("http://{}/bridges/{account}{query}", shop.address());
    let mut request = client.post(url).body(post.body);
    for (name, value) in post.headers {
        request = request.header(name, value);
    }
    request.send().await.unwrap().status().as_u16()
}

/// A shopper says something, and it is taken: the platform delivers it, or is asked for it. The status.
pub async fn knock(shop: &TestShop, rig: &Rig, said: &Said) -> u16 {
    let Some(home) = &rig.fake.home else {
        return deliver(shop, rig.account, (rig.message)(said)).await;
    };
    until("somebody listens", || home.began()).await;
    let place = home.say(said);
    until("it is read", || home.has_read(place)).await;
    200
}

/// Waits for something to become true.
pub async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "never came true: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How an account's outbox stands, looked at beside the running server.
pub async fn standing(shop: &TestShop, account: &str) -> Standing {
    let store = Store::open(&shop.path("data/shoptalk.db")).await.unwrap();
    let standing = relay::standing(&store, account).await.unwrap();
    store.close().await.unwrap();
    standing
}

pub fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

pub fn said(id: u64, talk: impl ToString, text: &str) -> Said {
    Said {
        id,
        talk: talk.to_string(),
        text: text.to_owned(),
        at: now(),
    }
}
