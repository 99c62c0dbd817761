//! The fuzz targets' bodies on stable Rust: seeds that are real, changed at random but the same in every run. Found
//! nothing here does not mean that libFuzzer finds nothing; a crash found there belongs here as a seed.

#[path = "../../fuzz/src/lib.rs"]
#[allow(dead_code)]
mod bodies;

use std::path::Path;
use std::time::{Duration, Instant};

/// Changed inputs for each seed and target.
const ROUNDS: usize = 400;
/// Longer seeds are cut: many small inputs find more than a few long ones.
const LONGEST: usize = 6_000;
/// No input of that size may take longer, in an unoptimised build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// A fixed sequence (xorshift): every run throws the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Pieces that parsers stumble over.
const NASTY: [&[u8]; 24] = [
    b"\0",
    b"\xff",
    b"\xf0\x9f\xa7",
    "\u{202e}".as_bytes(),
    "\u{130}".as_bytes(),
    b"\"",
    b"'",
    b"{",
    b"}",
    b"[",
    b"]]]]",
    b":",
    b"- ",
    b"\n",
    b"\r\n",
    b"\t",
    b"#",
    b"9999999999999999999999",
    b"-1",
    b"1e999",
    b"\\ud800",
    b"&a *a",
    b"(((((((",
    b"|||",
];

fn changed(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(data.len() + 1);
        match dice.below(5) {
            0 if at < data.len() => data[at] = dice.below(256) as u8,
            1 => {
                let nasty = NASTY[dice.below(NASTY.len())];
                data.splice(at..at, nasty.iter().copied());
            }
            2 => data.truncate(at),
            3 => {
                let until = (at + dice.below(40)).min(data.len());
                data.drain(at..until);
            }
            _ => {
                let until = (at + dice.below(200)).min(data.len());
                let piece = data[at..until].to_vec();
                let place = dice.below(data.len() + 1);
                data.splice(place..place, piece.repeat(1 + dice.below(8)));
            }
        }
    }
    data
}

fn throw(target: fn(&[u8]), seeds: &[Vec<u8>]) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for seed in seeds {
        let seed = &seed[..seed.len().min(LONGEST)];
        target(seed);
        for _ in 0..ROUNDS {
            let data = changed(seed, &mut dice);
            let began = Instant::now();
            target(&data);
            let took = began.elapsed();
            assert!(
                took < PATIENCE,
                "{took:?} for {:?}",
                String::from_utf8_lossy(&data)
            );
        }
    }
}

fn files(folder: &str, most: usize) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths
        .iter()
        .take(most)
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

fn lines(file: &str, most: usize) -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    text.lines()
        .take(most)
        .map(|line| line.as_bytes().to_vec())
        .collect()
}

#[test]
fn no_frame_hurts() {
    let frames = [
        r#"{"type":"hello","token":"abc","last_seq":7,"locale":"en"}"#,
        r#"{"type":"message","id":"m-1","text":"do you ship to Norway? \u00e6"}"#,
        r#"{"type":"history","before":12,"limit":20}"#,
    ];
    throw(
        bodies::frame,
        &frames.map(|frame| frame.as_bytes().to_vec()),
    );
}

#[test]
fn no_batch_of_events_hurts() {
    let batches = [
        r#"{"consent":true,"session":"s-1","events":[{"id":"a","type":"view","sku":"ALDER-WOOL-SOCKS","at":"1970-01-01T00:00:00Z"}]}"#,
        r#"{"shopper":"ana","events":[{"id":"b","type":"purchase","order":"SH-1","items":[{"sku":"X","quantity":2,"price":{"minor":1400,"currency":"EUR"}}]}]}"#,
        r#"{"events":[{"id":"c","type":"search","query":"wool \u00e6","results":0},{"id":"d","type":"click","sku":"X","placement":"home","position":3}]}"#,
    ];
    throw(
        bodies::events,
        &batches.map(|batch| batch.as_bytes().to_vec()),
    );
}

#[test]
fn nothing_a_mail_service_hands_in_hurts() {
    let letter = "From: Ana <ana@mail.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <m1@mail.test>\r\n\
        References: <shoptalk.0123456789abcdef01234567.7@shop.test>\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Ja =FC\r\n\r\nOn Monday\r\nShop wrote:\r\n> x\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.test\r\n\r\nx\r\n--b--\r\n";
    let html = "From: ana@mail.test\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        PGRpdj5KYTwvZGl2PjxibG9ja3F1b3RlPmFsdDwvYmxvY2txdW90ZT4=";
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n{letter}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"envelope\"\r\n\r\n{{\"from\":\"a@b.test\"}}\r\n--b--\r\n"
    );
    let parsed = "--b\r\nContent-Disposition: form-data; name=\"headers\"\r\n\r\nFrom: ana@mail.test\nSubject: x\r\n\
        --b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nJa\r\n--b\r\n\
        Content-Disposition: form-data; name=\"charsets\"\r\n\r\n{\"text\":\"iso-2022-jp\"}\r\n--b--\r\n";
    let seeds = [
        letter,
        html,
        &form,
        parsed,
        "message-headers=%5B%5B%22From%22%2C%22ana%40mail.test%22%5D%5D&body-plain=Ja&sender=ana%40mail.test",
        r#"{"From":"ana@mail.test","Subject":"x","TextBody":"Ja","HtmlBody":"<p>Ja</p>","Headers":[{"Name":"Message-ID","Value":"<m1@mail.test>"}],"Attachments":[]}"#,
    ]
    .map(|seed| seed.as_bytes().to_vec());
    throw(bodies::letter, &seeds);
}

#[test]
fn nothing_a_messenger_brings_hurts() {
    let seeds = [
        r#"{"update_id":730001,"message":{"message_id":12,"from":{"id":991,"is_bot":false},"chat":{"id":991,"type":"private"},"date":1763650000,"text":"/start ref42"}}"#,
        r#"{"update_id":730002,"callback_query":{"id":"427","from":{"id":991},"message":{"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}},"data":"a"}}"#,
        r#"{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"PNID1"},"contacts":[{"wa_id":"4915","user_id":"DE.1"}],"messages":[{"from":"4915","id":"wamid.1","timestamp":"1763650000","type":"text","text":{"body":"hi"}}],"statuses":[{"id":"wamid.1","status":"read","timestamp":"1"}]}}]}]}"#,
        r#"{"object":"page","entry":[{"messaging":[{"sender":{"id":"7"},"timestamp":1763650000001,"message":{"mid":"m_1","text":"Hello","quick_reply":{"payload":"X"}}},{"sender":{"id":"7"},"timestamp":1,"postback":{"payload":"p","title":"t"}}]}]}"#,
        r#"{"type":"event_callback","event_id":"Ev08","authorizations":[{"user_id":"UBOT"}],"event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"Where is <https://x.y|my order>?","ts":"1763650000.000200"}}"#,
        r#"{"type":"message.created","timestamp":"2026-11-20T10:00:00Z","data":{"conversation":"c","text":"hi"}}"#,
    ];
    let seeds = seeds.map(|seed| seed.as_bytes().to_vec());
    throw(bodies::messenger, &seeds);
}

#[test]
fn nothing_a_homeserver_answers_hurts() {
    let seeds = [
        r#"{"next_batch":"s1","rooms":{"join":{"!r":{"timeline":{"events":[{"type":"m.room.message","event_id":"$1","sender":"@ana:home.test","origin_server_ts":1763650000000,"content":{"msgtype":"m.text","body":"> <@shop:home.test> hi\n\nAlder: do you ship?","m.mentions":{"user_ids":["@shop:home.test"]},"m.relates_to":{"m.in_reply_to":{"event_id":"$0"}}}}],"limited":true,"prev_batch":"s0"}}},"invite":{"!i":{"invite_state":{"events":[{"type":"m.room.member","state_key":"@shop:home.test","sender":"@ana:home.test","content":{"membership":"invite"}}]}}},"leave":{"!l":{}}}}"#,
        r#"{"end":"t1","chunk":[{"type":"m.room.redaction","redacts":"$1","event_id":"$3","sender":"@ana:home.test","origin_server_ts":3},{"type":"m.room.message","event_id":"$2","sender":"@ana:home.test","origin_server_ts":2,"content":{"msgtype":"m.text","body":"* hi","m.new_content":{"msgtype":"m.text","body":"hi"},"m.relates_to":{"rel_type":"m.replace","event_id":"$1"}}},{"type":"m.room.message","event_id":"$1","sender":"@ana:home.test","origin_server_ts":1,"content":{"msgtype":"m.image","body":"shop: İß","filename":"a.png"}}]}"#,
    ];
    let seeds = seeds.map(|seed| seed.as_bytes().to_vec());
    throw(bodies::homeserver, &seeds);
}

#[test]
fn no_photo_hurts() {
    use image::ImageFormat::{Jpeg, Png, WebP};
    let seeds = [Jpeg, Png, WebP].map(|format| {
        let mut file = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(24, 16, |x, y| {
            image::Rgb([(x * 9) as u8, (y * 15) as u8, 80])
        });
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    });
    throw(bodies::photo, &seeds);
}

#[test]
fn no_identity_token_hurts() {
    let tokens = [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNyIsImV4cCI6MzYwMH0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxNyJ9.",
    ];
    throw(
        bodies::identity,
        &tokens.map(|token| token.as_bytes().to_vec()),
    );
}

#[test]
fn no_file_of_staff_hurts() {
    throw(bodies::intents, &files("intents", 12));
    throw(bodies::articles, &files("knowledge", 14));
    throw(bodies::settings, &lines_of_all("config.toml"));
}

fn lines_of_all(file: &str) -> Vec<Vec<u8>> {
    vec![std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()]
}

#[test]
fn no_answer_of_an_order_server_hurts() {
    let orders = lines("demo/orders.jsonl", 4).into_iter();
    let answers = orders.map(|order| [&b"{\"orders\":["[..], &order, b"]}"].concat());
    throw(bodies::order_answer, &answers.collect::<Vec<_>>());
}

#[test]
fn no_line_of_a_catalog_hurts() {
    throw(bodies::product, &lines("demo/catalog.jsonl", 20));
}

#[test]
fn no_stored_state_hurts() {
    let state = r#"{"version":1,"turns":3,"flows":[{"intent":"order_status","slots":{"order_number":"SH-10023"},"asking":"secret","refused":1}],"shown":[{"sku":"A","title":"B","price":{"minor":100,"currency":"EUR"}}],"pending":"handoff_email"}"#;
    let trace = r#"{"now":"2026-11-20T11:00:00Z","decisions":[{"by":"intent","intent":"thanks","confidence":1.0,"skill":"thanks"}],"asked":[{"port":"popular","answer":[]}]}"#;
    throw(
        bodies::stored,
        &[state.as_bytes().to_vec(), trace.as_bytes().to_vec()],
    );
    throw(
        bodies::numbers,
        &["1.234,56", "SH-#####", "-0.5", "12.50"].map(|text| text.as_bytes().to_vec()),
    );
}

#[test]
fn no_message_hurts() {
    let said = lines("demo/README.md", 12).into_iter();
    let mut seeds: Vec<Vec<u8>> = said.filter(|line| !line.is_empty()).collect();
    for text in [
        "cancel order SH-10023 and do you ship to Norway? under 1.000,50 EUR, not wool, size XL",
        "between 20 and 50 € or 20-50$, the second one, no the other, 2 pairs, x3, +47 22 33 44 55 a@b.no 0150",
        "ALDER wool soks???? Café mug No 5 ünïcödé 靴下 🧦🧦 d'accord l'été",
    ] {
        seeds.push(text.as_bytes().to_vec());
        seeds.push(text.repeat(4000 / text.len()).into_bytes());
    }
    throw(bodies::message, &seeds);
}
