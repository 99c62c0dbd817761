//! A shopper's photo: taken in as a picture and nothing else, given to nobody but them, and gone when they go.

use super::server::{TestShop, Visitor};
use image::{ImageFormat, Rgb, RgbImage};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;

pub fn photo(format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture = RgbImage::from_fn(60, 40, |x, y| Rgb([(x * 4) as u8, (y * 6) as u8, 90]));
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A page of the shop's own origin, with the token of its chat.
pub struct Page<'a> {
    pub shop: &'a TestShop,
    pub client: Client,
    pub token: Option<String>,
    pub origin: Option<String>,
}

impl<'a> Page<'a> {
    pub fn of(shop: &'a TestShop, token: &str) -> Self {
        Self {
            shop,
            client: Client::new(),
            token: Some(token.to_owned()),
            origin: Some(format!("http://{}", shop.address())),
        }
    }

    pub async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> Response {
        let url = format!("http://{}{path}", self.shop.address());
        let mut request = self.client.request(method, url).body(body);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        request.send().await.unwrap()
    }

    pub async fn upload(&self, body: Vec<u8>) -> (StatusCode, Value) {
        let answer = self.ask(Method::POST, "/v1/uploads", body).await;
        let status = answer.status();
        let told = answer.bytes().await.unwrap();
        (status, serde_json::from_slice(&told).unwrap())
    }

    /// Uploads a photo, and its id.
    pub async fn id_of(&self, body: Vec<u8>) -> String {
        let (status, told) = self.upload(body).await;
        assert_eq!(status, 201, "{told}");
        told["id"].as_str().unwrap().to_owned()
    }
}

pub async fn say(visitor: &mut Visitor, id: &str, text: &str, attachments: &[&str]) -> Value {
    let frame = json!({ "type": "message", "id": id, "text": text, "attachments": attachments });
    assert!(visitor.send(frame).await);
    loop {
        let frame = visitor.next().await.unwrap();
        if frame["type"] != "ack" {
            return frame;
        }
    }
}

pub fn files(shop: &TestShop) -> usize {
    std::fs::read_dir(shop.path("data/uploads")).map_or(0, Iterator::count)
}

fn told(shop: &TestShop, args: &[&str]) -> Value {
    let out = shop.command().args(args).output().unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_what_is_broken_goes_with_the_return_and_leaves_with_the_shopper() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let page = Page::of(&shop, &visitor.token());
    // Before a first word: the token is known by its socket.
    let first = page.id_of(photo(ImageFormat::Png)).await;
    let reply = say(&mut visitor, "m-0", "my mug arrived broken", &[&first]).await;
    assert_eq!(reply["entry"]["from"], "assistant", "{reply}");
    for (nth, words) in [
        "SH-10003, florian.haas@example.org",
        "the handle",
        "1",
        "A new one",
    ]
    .into_iter()
    .enumerate()
    {
        say(&mut visitor, &format!("m-{}", nth + 1), words, &[]).await;
    }
    let second = page.id_of(photo(ImageFormat::WebP)).await;
    let reply = say(&mut visitor, "m-9", "", &[&second]).await;
    let words = reply["entry"]["blocks"][0]["lines"][0]["text"]
        .as_str()
        .unwrap();
    let rma = words
        .split_whitespace()
        .find(|word| word.starts_with("RT-"));
    let rma = rma.unwrap().trim_matches('.').to_owned();
    // Said again, it is the same message.
    let again = say(&mut visitor, "m-9", "", &[&second]).await;
    assert_eq!(again["entry"]["seq"], reply["entry"]["seq"]);
    let refused = say(&mut visitor, "m-10", "and this", &[&second]).await;
    assert_eq!(refused["code"], "unknown_attachment", "it was sent already");

    let token = visitor.token();
    let mut back = Visitor::connect(&shop, Some(&token)).await;
    let entries = back.history().await;
    let sent: Vec<&Value> = entries
        .iter()
        .filter(|entry| entry["attachments"].is_array())
        .collect();
    assert_eq!(sent.len(), 2, "{entries:?}");
    assert_eq!(
        sent[0]["attachments"][0],
        json!({ "id": first, "width": 60, "height": 40 })
    );
    assert_eq!(sent[1]["text"], "");

    let record = told(&shop, &["returns", "show", &rma]);
    let kept = record["photos"].as_array().unwrap();
    assert_eq!(kept.len(), 2);
    for path in kept {
        let bytes = std::fs::read(path.as_str().unwrap()).unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    }
    let answer = page
        .ask(Method::GET, &format!("/v1/uploads/{first}"), Vec::new())
        .await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "image/jpeg");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-disposition").starts_with("attachment"));
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(header("cache-control").starts_with("private"));
    assert_eq!(
        header("access-control-allow-origin"),
        page.origin.clone().unwrap()
    );

    assert_eq!(files(&shop), 2);
    say(&mut back, "m-11", "delete my data", &[]).await;
    say(&mut back, "m-12", "Delete now", &[]).await;
    assert_eq!(files(&shop), 0, "the files are gone with the words");
    let record = told(&shop, &["returns", "show", &rma]);
    assert_eq!(record["photos"], json!([]), "what is owed stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_page_of_the_shop_with_a_chats_token_sends_photos_and_only_its_own_come_back() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let ana = Visitor::connect(&shop, None).await;
    let ben = Visitor::connect(&shop, None).await;
    let page = Page::of(&shop, &ana.token());
    let id = page.id_of(photo(ImageFormat::Jpeg)).await;
    let path = format!("/v1/uploads/{id}");
    let nobody = Page {
        token: None,
        ..Page::of(&shop, "")
    };
    let made_up = Page::of(&shop, "made-up");
    for stranger in [&nobody, &made_up] {
        assert_eq!(stranger.upload(photo(ImageFormat::Jpeg)).await.0, 401);
        assert_eq!(
            stranger.ask(Method::GET, &path, Vec::new()).await.status(),
            401
        );
    }
    let other = Page::of(&shop, &ben.token());
    assert_eq!(
        other.ask(Method::GET, &path, Vec::new()).await.status(),
        404
    );
    assert_eq!(
        other.ask(Method::DELETE, &path, Vec::new()).await.status(),
        204
    );
    assert_eq!(files(&shop), 1, "it was not theirs to take back");
    for origin in [Some("https://evil.example".to_owned()), None] {
        let evil = Page {
            origin: origin.clone(),
            ..Page::of(&shop, &ana.token())
        };
        assert_eq!(
            evil.upload(photo(ImageFormat::Jpeg)).await.0,
            403,
            "{origin:?}"
        );
        if origin.is_some() {
            assert_eq!(evil.ask(Method::GET, &path, Vec::new()).await.status(), 403);
        }
    }
    for wrong in [
        "/v1/uploads/..%2f..%2fshoptalk.db",
        "/v1/uploads/00000000000000000000000000000000",
    ] {
        assert_eq!(
            page.ask(Method::GET, wrong, Vec::new()).await.status(),
            404,
            "{wrong}"
        );
    }
    for _ in 0..2 {
        assert_eq!(
            page.ask(Method::DELETE, &path, Vec::new()).await.status(),
            204
        );
    }
    assert_eq!(files(&shop), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_too_much_or_no_photo_is_refused_in_words_and_nothing_of_it_stays() {
    let shop = TestShop::with("[uploads]\nmost_megabytes = 1\nper_conversation = 2\n");
    let _server = shop.serve();
    let visitor = Visitor::connect(&shop, None).await;
    let page = Page::of(&shop, &visitor.token());
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let cut = photo(ImageFormat::Jpeg)[..400].to_vec();
    for (body, status, code) in [
        (vec![0xff; (1 << 20) + 1], 413, "too_large"),
        (svg, 415, "not_a_photo"),
        (Vec::new(), 415, "not_a_photo"),
        (cut, 422, "damaged"),
    ] {
        let (got, told) = page.upload(body).await;
        assert_eq!(
            (got.as_u16(), told["error"]["code"].as_str().unwrap()),
            (status, code)
        );
    }
    assert_eq!(files(&shop), 0);
    for _ in 0..2 {
        page.id_of(photo(ImageFormat::Jpeg)).await;
    }
    let (status, told) = page.upload(photo(ImageFormat::Jpeg)).await;
    assert_eq!(
        (status.as_u16(), told["error"]["code"].as_str().unwrap()),
        (409, "too_many_photos")
    );
}

/// A client that reads nothing before it has sent all: what is refused at its first line is told all the same.
#[test]
fn a_refusal_is_heard_by_who_is_still_sending() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let photo = vec![0xff; 12 << 20];
    for (path, status) in [("/v1/uploads", "401"), ("/v1/feedback", "413")] {
        let mut stream = TcpStream::connect(shop.address()).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\ncontent-type: application/json\r\ncontent-length: {1}\r\nconnection: close\r\n\r\n",
            shop.address(),
            photo.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&photo).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{path}: {answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virus_scanner_has_the_first_word() {
    let scanner = "if grep -q EICAR \\\"$1\\\"; then exit 1; fi";
    let settings =
        format!("[uploads]\nscan = [\"sh\", \"-c\", \"{scanner}\", \"scanner\", \"{{file}}\"]\n");
    let shop = TestShop::with(&settings);
    let _server = shop.serve();
    let visitor = Visitor::connect(&shop, None).await;
    let page = Page::of(&shop, &visitor.token());
    let infected = [photo(ImageFormat::Jpeg), b"EICAR".to_vec()].concat();
    let (status, told) = page.upload(infected).await;
    assert_eq!(
        (status.as_u16(), told["error"]["code"].as_str().unwrap()),
        (422, "infected")
    );
    assert_eq!(files(&shop), 0);
    page.id_of(photo(ImageFormat::Jpeg)).await;
}
