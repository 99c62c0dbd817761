//! Signatures that are nearly right, and bodies that nobody expects: what a door makes of them.

use super::{
    Post, Rig, chatwoot, deliver, email, meta, now, said, serve, shop_with, slack, until, webhook,
    with_doors,
};
use crate::promises::server::TestShop;
use shoptalk::remote::Mac;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The header that proves who sent a request.
fn proof(rig: &Rig) -> &'static str {
    match rig.account {
        "telegram" => "x-telegram-bot-api-secret-token",
        "whatsapp" | "messenger" | "instagram" => "x-hub-signature-256",
        "slack" => "x-slack-signature",
        "twilio" => "x-twilio-signature",
        "chatwoot" => "x-chatwoot-signature",
        "email" => "authorization",
        _ => "webhook-signature",
    }
}

fn change(post: &Post, name: &str, value: impl FnOnce(&str) -> String) -> Post {
    let mut post = post.clone();
    let header = post.headers.iter_mut().find(|(known, _)| *known == name);
    let (_, words) = header.unwrap();
    *words = value(words);
    post
}

fn accepted(shop: &TestShop, account: &str) -> u64 {
    let labels = format!("{{account=\"{account}\",outcome=\"accepted\"}}");
    shop.metric(&format!("shoptalk_bridge_events_total{labels}"))
        .unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_is_nearly_right_is_wrong_and_leaves_nothing() {
    let mut rigs = with_doors().await;
    rigs.push(email::rig(Vec::new()).await);
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    for rig in &rigs {
        let account = rig.account;
        let right = (rig.message)(&said(1, 991, "hi"));
        let name = proof(rig);
        let another = (rig.forged)(&said(1, 991, "hi"));
        let another = another.headers.iter().find(|(known, _)| *known == name);
        let another = &another.unwrap().1;
        let near = [
            change(&right, name, |_| String::new()),
            change(&right, name, |words| words[..words.len() - 1].to_owned()),
            change(&right, name, |words| format!("{words}0")),
            change(&right, name, str::to_uppercase),
            change(&right, name, |_| another.clone()),
            change(&right, name, |_| format!("{another},{another}")),
            change(&right, name, |words| match words.split_once('=') {
                // The scheme's name without its words, and a scheme nobody has.
                Some((_, hex)) if hex.len() == 64 => format!("sha1={hex}"),
                _ => format!("v9,{words}"),
            }),
        ];
        for post in near {
            let shown = format!("{account}: {:?}", post.headers);
            assert_eq!(deliver(&shop, account, post).await, 401, "{shown}");
        }
        if !["telegram", "twilio", "email"].contains(&account) {
            // The same JSON in other bytes.
            let mut written_anew = right.clone();
            let value: serde_json::Value = serde_json::from_str(&right.body).unwrap();
            written_anew.body = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(
                deliver(&shop, account, written_anew).await,
                401,
                "{account}"
            );
        }
        assert_eq!(accepted(&shop, account), 0, "{account}");
        // And the right one is right.
        assert_eq!(deliver(&shop, account, right).await, 200, "{account}");
        until("accepted", || accepted(&shop, account) == 1).await;
    }
    assert_eq!(server.stop(), Some(0));
}

/// A message whose signature is right for the time that it says.
fn signed_at(rig: &Rig, at: &str) -> Post {
    let post = (rig.message)(&said(2, 992, "hi"));
    let body = post.body.as_bytes();
    let secret = &rig
        .secrets
        .iter()
        .find(|(name, _)| name.ends_with("_SECRET"));
    let secret = secret.unwrap().1.as_str();
    let hex = |parts: &[&[u8]]| Mac::new(secret).unwrap().hex(parts);
    let (time, signature) = match rig.account {
        "slack" => (
            "x-slack-request-timestamp",
            format!("v0={}", hex(&[b"v0:", at.as_bytes(), b":", body])),
        ),
        "chatwoot" => (
            "x-chatwoot-timestamp",
            format!("sha256={}", hex(&[at.as_bytes(), b".", body])),
        ),
        _ => {
            let mac = Mac::standard(secret).unwrap();
            let seconds = at.parse().unwrap_or_default();
            let signature = mac.sign_standard("msg_2", seconds, body);
            ("webhook-timestamp", signature)
        }
    };
    let post = change(&post, time, |_| at.to_owned());
    change(&post, proof(rig), |_| signature)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_long_ago_or_in_the_future_is_refused() {
    let rigs = [
        slack::rig().await,
        chatwoot::rig().await,
        webhook::rig().await,
    ];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    for rig in &rigs {
        let account = rig.account;
        let wrong = [
            (now() - 360).to_string(),
            (now() + 360).to_string(),
            "yesterday".to_owned(),
            String::new(),
            "99999999999999999999999".to_owned(),
            i64::MIN.to_string(),
        ];
        for at in wrong {
            let status = deliver(&shop, account, signed_at(rig, &at)).await;
            assert_eq!(status, 401, "{account} at {at:?}");
        }
        assert_eq!(accepted(&shop, account), 0, "{account}");
        let late = signed_at(rig, &(now() - 240).to_string());
        assert_eq!(deliver(&shop, account, late).await, 200, "{account}");
    }
    assert_eq!(server.stop(), Some(0));
}

/// Without a length: chunks of seven bytes. The answer whole.
async fn in_pieces(shop: &TestShop, signature: &str, body: &str) -> String {
    let mut socket = tokio::net::TcpStream::connect(shop.address())
        .await
        .unwrap();
    let head = format!(
        "POST /bridges/whatsapp HTTP/1.1\r\nhost: shop.test\r\ncontent-type: application/json\r\n\
         x-hub-signature-256: {signature}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    for piece in body.as_bytes().chunks(7) {
        let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
        chunk.extend(piece);
        chunk.extend(b"\r\n");
        socket.write_all(&chunk).await.unwrap();
    }
    socket.write_all(b"0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_three_megabytes_in_pieces_or_in_no_letters_has_its_answer() {
    let rigs = [meta::whatsapp().await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let secret = rigs[0]
        .secrets
        .iter()
        .find(|(name, _)| name.contains("SECRET"));
    let secret = secret.unwrap().1.clone();
    let url = format!("http://{}/bridges/whatsapp", shop.address());
    let sign = |body: &[u8]| format!("sha256={}", Mac::new(&secret).unwrap().hex(&[body]));
    let send = async |body: Vec<u8>, kind: &'static str| {
        let request = reqwest::Client::new().post(&url);
        let request = request
            .header("content-type", kind)
            .header("expect", "100-continue")
            .header("x-hub-signature-256", sign(&body));
        request.body(body).send().await.unwrap().status().as_u16()
    };
    let json = "application/json";
    let small = (rigs[0].message)(&said(1, 991, "do you ship to norway?")).body;
    let answer = in_pieces(&shop, &sign(small.as_bytes()), &small).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    until("the answer", || rigs[0].fake.taken_in("991").len() == 1).await;
    // As it came before: known again, whatever it calls itself.
    assert_eq!(send(small.into_bytes(), "text/plain").await, 200);

    let long = "x".repeat(3 * 1024 * 1024);
    let large = (rigs[0].message)(&said(2, 992, &long)).body.into_bytes();
    assert_eq!(send(large, json).await, 200);
    until("both", || accepted(&shop, "whatsapp") == 2).await;

    // Signed, and no text at all: kept for whoever looks after the shop, and not asked for again.
    let latin = b"{\"object\":\"whatsapp_business_account\",\"entry\":\"Gr\xfc\xdfe\"}".to_vec();
    assert_eq!(send(latin, "application/json; charset=latin-1").await, 200);
    assert_eq!(send(b"[1, 2".to_vec(), json).await, 200);
    assert_eq!(accepted(&shop, "whatsapp"), 2);
    assert_eq!(server.stop(), Some(0));
}
