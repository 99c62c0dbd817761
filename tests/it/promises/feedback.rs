//! What shoppers say about answers and conversations is counted; their conversation is theirs to take and to delete.

use super::server::{TestShop, Visitor};
use super::uploads::{Page, files, photo, say};
use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

async fn post(page: &Page<'_>, path: &str, body: Value) -> (u16, Value) {
    let answer = page
        .ask(Method::POST, path, body.to_string().into_bytes())
        .await;
    let status = answer.status().as_u16();
    let told = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&told).unwrap())
}

fn figures(shop: &TestShop) -> Value {
    let out = shop
        .command()
        .args(["feedback", "--json"])
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

/// Some reply that tells what stands in an article, and its number.
async fn article(visitor: &mut Visitor) -> u64 {
    let reply = say(visitor, "m-article", "how do i wash a wool sweater?", &[]).await;
    let told = reply.to_string();
    assert!(told.contains("\"kind\":\"article\""), "{told}");
    reply["entry"]["seq"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_helped_or_not_and_the_last_word_counts() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let page = Page::of(&shop, &visitor.token());
    let (status, _) = post(&page, "/v1/feedback", json!({ "seq": 3, "helpful": true })).await;
    assert_eq!(status, 404, "nothing has been said");
    let seq = article(&mut visitor).await;
    for helpful in [true, true, false] {
        let (status, told) = post(
            &page,
            "/v1/feedback",
            json!({ "seq": seq, "helpful": helpful }),
        )
        .await;
        assert_eq!((status, &told["noted"]), (200, &json!(true)), "{told}");
    }
    for wrong in [
        json!({ "seq": 1, "helpful": true }),
        json!({ "seq": seq - 1, "helpful": true }),
        json!({ "seq": 99, "helpful": true }),
        json!({ "seq": "x" }),
        json!([]),
    ] {
        assert_eq!(
            post(&page, "/v1/feedback", wrong.clone()).await.0,
            400,
            "{wrong}"
        );
    }
    let told = figures(&shop);
    let one = &told["articles"][0];
    assert_eq!((&one["yes"], &one["no"]), (&json!(0), &json!(1)), "{told}");
    let back = Visitor::connect(&shop, Some(&visitor.token())).await;
    assert_eq!(back.welcome["feedback"]["helpful"][seq.to_string()], false);
    assert_eq!(back.welcome["shop"]["asks_helpful"], true);
    let stranger = Page::of(&shop, "made-up");
    assert_eq!(
        post(
            &stranger,
            "/v1/feedback",
            json!({ "seq": seq, "helpful": true })
        )
        .await
        .0,
        401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_rated_once() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let page = Page::of(&shop, &visitor.token());
    article(&mut visitor).await;
    let reply = say(&mut visitor, "m-2", "thanks", &[]).await;
    assert!(reply.to_string().contains("\"type\":\"rating\""), "{reply}");
    for score in [json!(0), json!(6), json!("5"), json!(-1)] {
        assert_eq!(
            post(&page, "/v1/rating", json!({ "score": score })).await.0,
            400
        );
    }
    let rated = json!({ "score": 4, "words": "quick <b>and</b> friendly" });
    assert_eq!(post(&page, "/v1/rating", rated).await.1["noted"], true);
    assert_eq!(
        post(&page, "/v1/rating", json!({ "score": 1 })).await.1["noted"],
        false
    );
    let told = figures(&shop);
    assert_eq!(told["ratings"]["scores"], json!([0, 0, 0, 1, 0]));
    assert_eq!(
        told["ratings"]["words"][0]["words"],
        "quick <b>and</b> friendly"
    );
    let back = Visitor::connect(&shop, Some(&visitor.token())).await;
    assert_eq!(back.welcome["feedback"]["rated"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_is_not_asked_and_not_taken() {
    let shop =
        TestShop::with("[feedback]\nhelpful = false\nrating = false\n[uploads]\non = false\n");
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    assert_eq!(visitor.welcome["shop"].get("asks_helpful"), None);
    assert_eq!(visitor.welcome["shop"].get("uploads"), None);
    let page = Page::of(&shop, &visitor.token());
    let seq = article(&mut visitor).await;
    let reply = say(&mut visitor, "m-2", "thanks", &[]).await;
    assert!(
        !reply.to_string().contains("\"type\":\"rating\""),
        "{reply}"
    );
    assert_eq!(
        post(
            &page,
            "/v1/feedback",
            json!({ "seq": seq, "helpful": true })
        )
        .await
        .0,
        404
    );
    assert_eq!(
        post(&page, "/v1/rating", json!({ "score": 4 })).await.0,
        404
    );
    let (status, told) = page.upload(photo(ImageFormat::Png)).await;
    assert_eq!(
        (status.as_u16(), &told["error"]["code"]),
        (409, &json!("uploads_off"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_taken_along_whole_and_deleted_for_good() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let token = visitor.token();
    let page = Page::of(&shop, &token);
    let none = page.ask(Method::GET, "/v1/conversation", Vec::new()).await;
    assert_eq!(none.status(), 404, "nothing has been said");
    let sent = page.id_of(photo(ImageFormat::Png)).await;
    let waiting = page.id_of(photo(ImageFormat::Png)).await;
    say(&mut visitor, "m-1", "a-word-nobody-else-says", &[&sent]).await;
    let answer = page.ask(Method::GET, "/v1/conversation", Vec::new()).await;
    assert_eq!(answer.status(), 200);
    let disposition = answer.headers()["content-disposition"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(disposition.starts_with("attachment"), "{disposition}");
    let whole: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(whole["entries"].as_array().unwrap().len(), 3);
    assert_eq!(whole["photos"][0]["id"], json!(sent));
    assert!(
        whole["photos"][0]["jpeg"]
            .as_str()
            .unwrap()
            .starts_with("/9j/")
    );

    let evil = Page {
        origin: Some("https://evil.example".to_owned()),
        ..Page::of(&shop, &token)
    };
    assert_eq!(
        evil.ask(Method::DELETE, "/v1/conversation", Vec::new())
            .await
            .status(),
        403
    );
    let nobody = Page {
        token: None,
        ..Page::of(&shop, "")
    };
    assert_eq!(
        nobody
            .ask(Method::DELETE, "/v1/conversation", Vec::new())
            .await
            .status(),
        401
    );
    assert_eq!(files(&shop), 2);
    for _ in 0..2 {
        let gone = page
            .ask(Method::DELETE, "/v1/conversation", Vec::new())
            .await;
        assert_eq!(gone.status(), 204);
    }
    assert_eq!(files(&shop), 0, "{waiting} too, which was not sent");
    let ended = visitor.next().await;
    assert!(ended.is_none_or(|frame| frame["type"] == "closed"));
    let gone = Visitor::connect(&shop, Some(&token)).await;
    assert_eq!(gone.welcome["code"], 1008, "the token is nobody's");
    let file = std::fs::read(shop.path("data/shoptalk.db")).unwrap();
    let words = b"a-word-nobody-else-says";
    assert!(!file.windows(words.len()).any(|window| window == words));
}
