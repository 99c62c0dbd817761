//! The platforms' own libraries hold our fakes and our doors to their word: what a library takes from a fake, a platform's
//! customer takes from the platform; what a library has signed, the platform has. `tests/sdk/` has a script a platform;
//! `SHOPTALK_SDK` names the Python environment with the libraries, which `tests/run` makes.

use super::fake::{Fake, File, Taken};
use super::fetched::{Updates, opens_sockets, slack_sockets};
use super::meta::{self, signed, whatsapp_says, whatsapp_status};
use super::{Post, Rig, deliver, said, serve, shop_with, slack, telegram, twilio, until, webhook};
use crate::promises::server::{Server, TestShop};
use crate::promises::uploads::photo;
use image::ImageFormat;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// A greeting with choices, products with pictures, plain words: all that is ever sent.
const SAYS: [&str; 3] = ["hi", "show me vests", "do you ship to norway?"];
const TAPS: &str = "How much is shipping?";

pub(super) fn sdk() -> Option<PathBuf> {
    let folder = std::env::var_os("SHOPTALK_SDK").map(PathBuf::from);
    if folder.is_none() {
        eprintln!(
            "skipped: SHOPTALK_SDK names no environment with the platforms' libraries (tests/run makes one)"
        );
    }
    folder
}

/// Lets a script do something; what it says of it.
pub(super) async fn script(sdk: &Path, name: &str, doing: &'static str, told: Value) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(
        std::path::absolute(root.join(sdk))
            .unwrap()
            .join("bin/python"),
    );
    command
        .arg(root.join("tests/sdk").join(name))
        .arg(doing)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let run = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(told.to_string().as_bytes()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap()
    });
    let output = run.await.unwrap();
    let trouble = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {doing}: {trouble}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A shop whose pictures a platform can fetch, and its server.
pub(super) fn open(rigs: &[Rig]) -> (TestShop, Server) {
    let shop = shop_with(rigs);
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/catalog.jsonl");
    let lines = std::fs::read_to_string(demo).unwrap();
    let products = lines.lines().map(|line| {
        let mut product: Value = serde_json::from_str(line).unwrap();
        product["image"] = json!("https://cdn.shop.test/p.jpg");
        product.to_string() + "\n"
    });
    std::fs::write(shop.path("products.jsonl"), products.collect::<String>()).unwrap();
    let mut import = shop.command();
    import.envs(rigs.iter().flat_map(|rig| rig.secrets.iter().cloned()));
    import
        .args(["import", "products"])
        .arg(shop.path("products.jsonl"));
    let run = import.output().unwrap();
    assert!(run.status.success(), "{run:?}");
    let server = serve(&shop, rigs);
    (shop, server)
}

fn door(shop: &TestShop, account: &str) -> String {
    format!("http://{}/bridges/{account}", shop.address())
}

pub(super) fn as_told(post: &Post) -> Value {
    json!({ "headers": post.headers, "body": post.body })
}

async fn heard(rig: &Rig, talk: &str, count: usize) {
    let fake = &rig.fake;
    let what = format!("{count} messages on {}, {:?}", rig.account, fake.wrong());
    until(&what, || fake.taken_in(talk).len() >= count).await;
}

/// What the library has sent again is, field by field, what the bridge had sent.
pub(super) fn assert_the_same(before: &[Taken], fake: &Fake, body: fn(&Value) -> Value) {
    let after = fake.taken();
    let (bridge, library) = after.split_at(before.len());
    let bodies = |all: &[Taken]| -> Vec<Value> { all.iter().map(|one| body(&one.body)).collect() };
    for (bridge, library) in bodies(bridge).iter().zip(&bodies(library)) {
        assert_eq!(bridge, library);
    }
    assert_eq!(library.len(), before.len());
    assert_eq!(fake.wrong(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn telegrams_library_and_ours_are_of_one_mind() {
    let Some(sdk) = sdk() else { return };
    let rigs = [telegram::rig().await];
    let [rig] = &rigs;
    let (shop, server) = open(&rigs);
    let run = |doing, told| script(&sdk, "telegram_bot.py", doing, told);
    let known = |fake: &Fake| json!({ "fake": fake.url(), "token": telegram::TOKEN, "secret": telegram::SECRET });
    let with = |mut told: Value, name: &str, value: Value| {
        told[name] = value;
        told
    };
    let mut told = with(known(&rig.fake), "door", json!(door(&shop, rig.account)));
    told["says"] = json!(SAYS);
    told["taps"] = json!(TAPS);
    run("speaks", told).await;
    // A greeting, words and three pictures, an answer, and one to the tap.
    heard(rig, "991", 7).await;
    let answered = || {
        rig.fake
            .done()
            .iter()
            .any(|(path, _)| path.ends_with("/answerCallbackQuery"))
    };
    until("the tap is answered", answered).await;
    assert_eq!(server.stop(), Some(0));
    let before = rig.fake.taken();
    assert_eq!(before.len(), rig.fake.taken_in("991").len(), "nobody else");
    let sent: Vec<Value> = before
        .iter()
        .map(|one| json!([one.key, one.body]))
        .collect();
    run("replays", with(known(&rig.fake), "sent", json!(sent))).await;
    assert_the_same(&before, &rig.fake, telegram::as_json);

    rig.fake.fail([
        rig.too_much.clone(),
        rig.blocked.clone().unwrap(),
        rig.revoked.clone(),
    ]);
    run("meets", known(&rig.fake)).await;
    assert_eq!(rig.fake.faults_left(), 0);

    let updates = Arc::new(Updates::default());
    let of = Arc::clone(&updates);
    let polled = Fake::start(move |asked| of.ask(asked)).await;
    for id in 1..=2 {
        let update = telegram::update(&said(id, 50 + id, "hi"));
        updates.waiting.lock().unwrap().push_back(update);
    }
    let pulled = run("pulls", known(&polled)).await;
    assert_eq!(pulled, json!([[1, 51, "hi"], [2, 52, "hi"]]));

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut told = with(known(&rig.fake), "port", json!(port));
    told["post"] = as_told(&(rig.message)(&said(9, 991, "hi")));
    told["forged"] = as_told(&(rig.forged)(&said(9, 991, "hi")));
    assert_eq!(run("listens", told).await, json!([9, 991, "hi"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapps_library_and_ours_are_of_one_mind() {
    let Some(sdk) = sdk() else { return };
    let mut rigs = [meta::whatsapp().await];
    rigs[0].settings.push_str("template = \"we_have_news\"\n");
    let [rig] = &rigs;
    let (shop, server) = open(&rigs);
    let run = |doing, told| script(&sdk, "whatsapp_cloud.py", doing, told);
    let known = json!({ "fake": rig.fake.url(), "token": meta::TOKEN });
    let ana = "4915112345678";
    let mut posts: Vec<Post> = (1..)
        .zip(SAYS)
        .map(|(id, text)| (rig.message)(&said(id, ana, text)))
        .collect();
    let of = |id: u64, kind: &str, what: Value| {
        let mut message = meta::message(&said(id, ana, ""));
        message.as_object_mut().unwrap().remove("text");
        message["type"] = json!(kind);
        // A tap answers the message that it was under.
        message["context"] = json!({ "from": "49", "id": "wamid.out-1" });
        message[kind] = what;
        signed(&whatsapp_says(ana, message), meta::SECRET)
    };
    let button =
        json!({ "type": "button_reply", "button_reply": { "id": TAPS, "title": "How much?" } });
    let row = json!({ "type": "list_reply", "list_reply": { "id": TAPS, "title": "How much?", "description": "x" } });
    let image = json!({ "id": "77m1", "mime_type": "image/jpeg", "sha256": "c2hh", "caption": "do you ship to norway?" });
    posts.push(of(11, "interactive", button));
    posts.push(of(12, "interactive", row));
    posts.push(of(13, "image", image));
    let photo = File::Bytes("image/jpeg", photo(ImageFormat::Jpeg));
    rig.fake.keep(&meta::path("m1"), photo);
    for post in &posts {
        assert_eq!(deliver(&shop, rig.account, post.clone()).await, 200);
    }
    // A list, cards to swipe, three answers to taps and words, and one to the picture and what is under it.
    heard(rig, ana, 6).await;
    // The last was said outside of the window, as it turns out: a template goes in its place.
    let before = rig.fake.taken();
    let last = before.last().unwrap();
    let key = last.body["biz_opaque_callback_data"].as_str().unwrap();
    let wamid = format!("wamid.out-{key}");
    let status = |state: &str, more: Value| {
        let mut status =
            json!({ "id": wamid, "status": state, "timestamp": super::now().to_string() });
        status["biz_opaque_callback_data"] = json!(key);
        for (name, value) in more.as_object().into_iter().flatten() {
            status[name] = value.clone();
        }
        signed(&whatsapp_status(ana, status), meta::SECRET)
    };
    let error = json!({ "code": 131_047, "title": "Re-engagement message", "message": "Re-engagement message" });
    posts.push(status("sent", json!({})));
    posts.push(status("failed", json!({ "errors": [error] })));
    for post in &posts[6..] {
        assert_eq!(deliver(&shop, rig.account, post.clone()).await, 200);
    }
    heard(rig, ana, before.len() + 1).await;
    assert_eq!(server.stop(), Some(0));

    let told =
        json!({ "secret": meta::SECRET, "posts": posts.iter().map(as_told).collect::<Vec<_>>() });
    let read = run("reads", told).await;
    let must = json!([
        ["message", ana, "wamid.1", SAYS[0]],
        ["message", ana, "wamid.2", SAYS[1]],
        ["message", ana, "wamid.3", SAYS[2]],
        ["button", ana, "How much?", TAPS],
        ["row", ana, "How much?", TAPS],
        ["message", ana, "wamid.13", SAYS[2]],
        ["sent", ana, wamid, null],
        ["failed", ana, wamid, 131_047],
    ]);
    assert_eq!(read, must);

    let before = rig.fake.taken();
    let courtesies = || -> Vec<Value> {
        let done = rig.fake.done().into_iter().map(|(_, body)| body);
        done.filter(|body| body["status"] == "read").collect()
    };
    let read_first = courtesies();
    assert_eq!(read_first.len(), 6, "each message is marked as read");
    let sent = read_first.iter().chain(before.iter().map(|one| &one.body));
    let mut told = known.clone();
    told["sent"] = sent.cloned().collect();
    run("replays", told).await;
    assert_the_same(&before, &rig.fake, Value::clone);
    let again = courtesies();
    assert_eq!(again[..6], again[6..], "and so does the library");

    rig.fake.fail([
        rig.too_much.clone(),
        rig.blocked.clone().unwrap(),
        meta::error(400, 131_047, "Re-engagement message"),
        rig.revoked.clone(),
    ]);
    run("meets", known).await;
    assert_eq!(rig.fake.faults_left(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn slacks_library_and_ours_are_of_one_mind() {
    let Some(sdk) = sdk() else { return };
    let rigs = [slack::rig().await];
    let [rig] = &rigs;
    let (shop, server) = open(&rigs);
    let run = |doing, told| script(&sdk, "slack.py", doing, told);
    let known =
        json!({ "fake": rig.fake.url(), "token": slack::TOKEN, "app_token": "xapp-canary" });
    let events: Vec<String> = (1..)
        .zip(SAYS)
        .map(|(id, text)| slack::event(&said(id, 71, text)).to_string())
        .collect();
    let mut told = known.clone();
    told["secret"] = json!(slack::SECRET);
    told["door"] = json!(door(&shop, rig.account));
    told["events"] = json!(events);
    told["taps"] = json!(TAPS);
    told["post"] = as_told(&(rig.message)(&said(9, 71, "hi")));
    run("speaks", told).await;
    heard(rig, "71", 5).await;
    assert_eq!(server.stop(), Some(0));
    let before = rig.fake.taken();
    let mut told = known.clone();
    told["sent"] = before.iter().map(|one| one.body.clone()).collect();
    run("replays", told).await;
    assert_the_same(&before, &rig.fake, Value::clone);

    run("limits", known.clone()).await;
    rig.fake.fail([
        rig.too_much.clone(),
        rig.revoked.clone(),
        rig.blocked.clone().unwrap(),
    ]);
    run("meets", known.clone()).await;
    assert_eq!(rig.fake.faults_left(), 0);

    let (sockets, url) = slack_sockets().await;
    let fake = Fake::start(move |asked| opens_sockets(asked, &url)).await;
    let mut told = known;
    told["fake"] = json!(fake.url());
    let heard = run("listens", told).await;
    let names = heard.as_array().unwrap().iter().map(|one| &one[0]);
    assert_eq!(names.collect::<Vec<_>>(), ["lost", "again", "next"]);
    until("both are answered", || {
        sockets.lock().unwrap().answered.len() == 2
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twilios_library_and_ours_are_of_one_mind() {
    let Some(sdk) = sdk() else { return };
    let rigs = [twilio::rig().await];
    let [rig] = &rigs;
    let (shop, server) = open(&rigs);
    let run = |doing, told| script(&sdk, "twilio_rest.py", doing, told);
    let known = json!({ "fake": rig.fake.url(), "token": twilio::TOKEN });
    let bo = "+4915112345678";
    let mut told = known.clone();
    told["shared_key"] = json!(twilio::SHARED_KEY);
    told["door"] = json!(door(&shop, rig.account));
    told["public"] = json!("https://chat.shop.test/bridges/twilio");
    told["from"] = json!(bo);
    told["says"] = json!(SAYS);
    told["post"] = as_told(&(rig.message)(&said(9, bo, "Grüße & mehr")));
    run("speaks", told).await;
    heard(rig, bo, 4).await;
    assert_eq!(server.stop(), Some(0));
    let before = rig.fake.taken();
    let mut told = known.clone();
    told["sent"] = before.iter().map(|one| one.body.clone()).collect();
    run("replays", told).await;
    assert_the_same(&before, &rig.fake, Value::clone);
    rig.fake.fail([
        rig.too_much.clone(),
        rig.revoked.clone(),
        rig.blocked.clone().unwrap(),
    ]);
    run("meets", known).await;
    assert_eq!(rig.fake.faults_left(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_of_standard_webhooks_and_ours_are_of_one_mind() {
    let Some(sdk) = sdk() else { return };
    let rigs = [webhook::rig().await];
    let [rig] = &rigs;
    let (shop, server) = open(&rigs);
    let run = |doing, told| script(&sdk, "webhooks.py", doing, told);
    let told = json!({
        "secret": webhook::SECRET, "door": door(&shop, rig.account), "talk": "5", "says": SAYS,
    });
    run("speaks", told).await;
    heard(rig, "5", 5).await;
    assert_eq!(server.stop(), Some(0));
    let sent = rig.fake.taken().into_iter().map(|one| {
        let headers: Vec<(&str, &str)> = one
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        json!({ "headers": headers, "body": std::str::from_utf8(&one.raw).unwrap() })
    });
    let told = json!({ "secret": webhook::SECRET, "sent": sent.collect::<Vec<_>>() });
    run("verifies", told).await;
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
}
