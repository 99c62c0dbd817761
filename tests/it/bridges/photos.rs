//! Photos that shoppers send on messengers: fetched from the platform, kept as the widget's are, or refused with a reason.

use super::fake::{Fake, File};
use super::{
    Post, Rig, Said, chatwoot, deliver, matrix, meta, said, serve, shop_with, slack, telegram,
    told, twilio, until, webhook,
};
use crate::promises::server::TestShop;
use crate::promises::uploads::{files, photo};
use image::ImageFormat;

/// A platform, a message with a photo on it, and where the platform keeps that.
struct Shows {
    rig: Rig,
    /// Nothing where it is asked for.
    shown: Option<fn(&Fake, &Said, &str) -> Post>,
    path: fn(&str) -> String,
}

fn shows(rig: Rig, shown: fn(&Fake, &Said, &str) -> Post, path: fn(&str) -> String) -> Shows {
    let shown = Some(shown);
    Shows { rig, shown, path }
}

/// A JPEG with something about the place where it was taken.
fn jpeg() -> Vec<u8> {
    let plain = photo(ImageFormat::Jpeg);
    let exif = b"Exif\0\0canary-place";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat()
}

impl Shows {
    async fn sends(&self, shop: &TestShop, said: &Said, name: &str) {
        let Some(shown) = self.shown else {
            let home = self.rig.fake.home.as_ref().unwrap();
            until("somebody listens", || home.began()).await;
            return home.show(said, name);
        };
        let post = shown(&self.rig.fake, said, name);
        let status = deliver(shop, self.rig.account, post).await;
        assert_eq!(status, 200, "{}", self.rig.account);
    }

    fn words(&self, talk: &str) -> Vec<String> {
        let taken = self.rig.fake.taken_in(talk);
        let words = taken.iter().map(|one| (self.rig.words)(&one.body));
        words.collect()
    }

    /// Waits for words in a conversation.
    async fn hears(&self, talk: &str, what: &str) {
        let name = format!("{} hears `{what}`", self.rig.account);
        until(&name, || {
            self.words(talk).iter().any(|one| one.contains(what))
        })
        .await;
    }
}

async fn telegram() -> Shows {
    shows(telegram::rig().await, telegram::shown, telegram::path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_any_messenger_is_kept_as_the_widgets_are() {
    let all = [
        telegram().await,
        shows(meta::whatsapp().await, meta::whatsapp_shown, meta::path),
        shows(meta::messenger().await, meta::messenger_shown, meta::path),
        shows(meta::instagram().await, meta::instagram_shown, meta::path),
        shows(slack::rig().await, slack::shown, slack::path),
        shows(twilio::rig().await, twilio::shown, twilio::path),
        shows(chatwoot::rig().await, chatwoot::shown, chatwoot::path),
        shows(webhook::rig().await, webhook::shown, webhook::path),
        Shows {
            rig: matrix::rig().await,
            shown: None,
            path: matrix::path,
        },
    ];
    let (all, rigs): (Vec<_>, Vec<Rig>) = all
        .into_iter()
        .map(|one| ((one.shown, one.path), one.rig))
        .unzip();
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let all: Vec<Shows> = all
        .into_iter()
        .zip(rigs)
        .map(|((shown, path), rig)| Shows { rig, shown, path })
        .collect();
    for one in &all {
        one.rig
            .fake
            .keep(&(one.path)("9"), File::Bytes("image/jpeg", jpeg()));
        one.sends(&shop, &said(1, 991, ""), "9").await;
        one.hears("991", "Thank you for the photo").await;
        assert_eq!(one.rig.fake.fetched(), [(one.path)("9")]);
        assert_eq!(one.rig.fake.wrong(), Vec::<String>::new());
    }
    assert_eq!(files(&shop), all.len());
    for file in std::fs::read_dir(shop.path("data/uploads")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
        let canary = b"canary-place";
        assert!(!bytes.windows(canary.len()).any(|part| part == canary));
    }
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_photo_cannot_be_taken_is_said_and_its_words_are_answered() {
    let elsewhere = Fake::start(|_| super::fake::Verdict::File).await;
    elsewhere.keep("/secret", File::Bytes("image/jpeg", jpeg()));
    let one = telegram().await;
    let rigs = [one.rig];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [rig] = rigs;
    let one = Shows { rig, ..one };
    let keep = |name: &str, file: File| one.rig.fake.keep(&telegram::path(name), file);
    keep("endless", File::Endless);
    keep(
        "lying",
        File::Bytes("image/jpeg", b"%PDF-1.7 and so on".to_vec()),
    );
    keep("moved", File::Moved(format!("{}/secret", elsewhere.url())));
    keep("slow", File::Hanging(1, jpeg()));
    for (talk, name, words) in [
        (1, "gone", "could not get your photo"),
        (2, "endless", "more than"),
        (3, "lying", "no photo that I can open"),
        (4, "moved", "could not get your photo"),
        (5, "slow", "Thank you for the photo"),
    ] {
        one.sends(&shop, &said(talk, talk, ""), name).await;
        one.hears(&talk.to_string(), words).await;
    }
    assert_eq!(elsewhere.fetched(), Vec::<String>::new());
    one.sends(&shop, &said(6, 6, "do you ship to norway?"), "gone")
        .await;
    one.hears("6", "could not get your photo").await;
    one.hears("6", "Norway").await;
    assert_eq!(files(&shop), 1, "the slow one");
    assert_eq!(one.rig.fake.wrong(), Vec::<String>::new());
    assert!(!shop.log().contains("canary"), "no secret is told");
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_survives_a_crash_before_it_was_kept_and_goes_with_the_return() {
    let one = telegram().await;
    let rigs = [one.rig];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let path = telegram::path("mug");
    rigs[0].fake.keep(&path, File::Hanging(1, jpeg()));
    let post = telegram::shown(&rigs[0].fake, &said(1, 7, "my mug arrived broken"), "mug");
    assert_eq!(deliver(&shop, "telegram", post).await, 200);
    until("the photo is asked for", || {
        !rigs[0].fake.fetched().is_empty()
    })
    .await;
    server.kill();
    let server = serve(&shop, &rigs);
    let [rig] = rigs;
    let one = Shows { rig, ..one };
    until("an answer", || !one.words("7").is_empty()).await;
    let answers = [
        "SH-10003, florian.haas@example.org",
        "the handle",
        "1",
        "A new one",
    ];
    for (id, text) in (2..).zip(answers) {
        let before = one.words("7").len();
        let post = (one.rig.message)(&said(id, 7, text));
        assert_eq!(deliver(&shop, "telegram", post).await, 200);
        until(text, || one.words("7").len() > before).await;
    }
    one.hears("7", "RT-").await;
    let said = one.words("7").join(" ");
    let at = said.find("RT-").unwrap();
    let rma: String = said[at..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let shown = told(
        &shop,
        std::slice::from_ref(&one.rig),
        &["returns", "show", &rma],
    );
    assert!(shown.contains(".jpg"), "{rma}: {shown}");
    assert_eq!(files(&shop), 1);
    assert_eq!(one.rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
}
