//! Who may knock, and what a shop's owner is told.

use super::{
    Post, Rig, chatwoot, deliver, email, matrix, meta, said, serve, shop_with, slack, telegram,
    twilio, webhook,
};
use crate::promises::server::TestShop;

#[tokio::test(flavor = "multi_thread")]
async fn a_door_opens_to_its_platform_alone_and_doctor_asks_each() {
    let rigs = [
        telegram::rig().await,
        meta::whatsapp().await,
        meta::messenger().await,
        slack::rig().await,
        twilio::rig().await,
        webhook::rig().await,
        matrix::rig().await,
        chatwoot::rig().await,
        email::rig(Vec::new()).await,
    ];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let asked = |query: &str| shop.get(&format!("/bridges/whatsapp?{query}"));
    let right = "hub.mode=subscribe&hub.verify_token=canary-verify&hub.challenge=%3Cscript%3E";
    let answer = asked(right);
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("<script>"),
        "{answer}"
    );
    assert!(
        answer.to_lowercase().contains("content-type: text/plain"),
        "{answer}"
    );
    assert!(answer.to_lowercase().contains("nosniff"), "{answer}");
    assert!(asked(&right.replace("canary", "wrong")).starts_with("HTTP/1.1 403"));
    assert!(asked("hub.mode=subscribe").starts_with("HTTP/1.1 400"));

    let message = |rig: &Rig| (rig.message)(&said(1, 991, "hi"));
    assert_eq!(deliver(&shop, "nobody", message(&rigs[0])).await, 404);
    for rig in &rigs {
        let account = rig.account;
        let right = message(rig);
        let post = |change: fn(&mut Post)| {
            let mut post = right.clone();
            change(&mut post);
            post
        };
        let bare = post(|post| post.headers.clear());
        assert_eq!(deliver(&shop, account, bare).await, 401, "{account}");
        let zipped = post(|post| post.headers.push(("content-encoding", "gzip".to_owned())));
        assert_eq!(deliver(&shop, account, zipped).await, 415, "{account}");
        let mut large = right.clone();
        // Letters bring photos.
        let megabytes = if account == "email" { 16 } else { 4 };
        large.body = "x".repeat(megabytes * 1024 * 1024 + 1);
        assert_eq!(deliver(&shop, account, large).await, 413, "{account}");
        // These show what was agreed on, and sign nothing.
        if !["telegram", "email"].contains(&account) {
            let changed = post(|post| post.body = post.body.replace("hi", "ho"));
            assert_eq!(deliver(&shop, account, changed).await, 401, "{account}");
        }
        let other = rigs.iter().find(|other| other.account != account).unwrap();
        let status = deliver(&shop, account, message(other)).await;
        assert!([401, 415].contains(&status), "{account}: {status}");
    }
    assert_eq!(server.stop(), Some(0));
    let taken: usize = rigs.iter().map(|rig| rig.fake.taken().len()).sum();
    assert_eq!(taken, 0, "nothing of it was kept");

    let said = doctor(&shop, &rigs).await;
    for words in [
        "telegram: Telegram knows the bot @shop_bot",
        "telegram: Telegram calls https://chat.shop.test/bridges/telegram",
        "whatsapp: Meta knows the number",
        "messenger: Meta knows the page",
        "slack: Slack knows shop of Alder",
        "twilio: Twilio knows the account Alder",
        "matrix: the homeserver speaks Matrix v1.11",
        "matrix: Matrix knows @shop:home.test",
        "chatwoot: Chatwoot knows the bot",
        "webhook: set up; it is reached at https://chat.shop.test/bridges/webhook",
        "email: set up; it is reached at https://chat.shop.test/bridges/email",
        "mail: 127.0.0.1 welcomes us",
        "telegram: 0 messages wait",
    ] {
        assert!(said.contains(words), "{words} in: {said}");
    }
    let mut wrong = rigs;
    for rig in &mut wrong {
        for (name, value) in &mut rig.secrets {
            if name.ends_with("_TOKEN") && !name.contains("VERIFY") {
                *value = "wrong".to_owned();
            }
        }
    }
    let said = doctor(&shop, &wrong).await;
    for words in [
        "Telegram does not know the token",
        "Meta does not show the number",
        "Meta does not know the token",
        "Slack does not know the token",
        "Twilio does not know the account",
        "Matrix does not know us (M_UNKNOWN_TOKEN)",
        "Chatwoot does not know the token",
        "docs/bridges/slack.md",
    ] {
        assert!(said.contains(words), "{words} in: {said}");
    }
    assert!(!said.contains("canary"), "{said}");
}

pub async fn doctor(shop: &TestShop, rigs: &[Rig]) -> String {
    let mut command = shop.command();
    command.arg("doctor");
    for (name, value) in rigs.iter().flat_map(|rig| &rig.secrets) {
        command.env(name, value);
    }
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = run.await.unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}
