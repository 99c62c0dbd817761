use super::*;
use proptest::prelude::*;
use std::path::PathBuf;

fn class(id: &str, title: &str, examples: &[&str]) -> Class {
    Class {
        id: id.to_owned(),
        title: title.to_owned(),
        examples: examples.iter().map(|text| (*text).to_owned()).collect(),
    }
}

fn trained_on(classes: &[Class]) -> Matcher {
    Matcher::train(classes, &Tongue::english())
}

fn shop() -> Matcher {
    trained_on(&[
        class(
            "greeting",
            "Hello",
            &["hi", "hello there", "hey", "good morning", "hi how are you"],
        ),
        class(
            "order_status",
            "Where is my order",
            &[
                "where is my order",
                "track my parcel",
                "has my package shipped yet",
                "when will my order arrive",
                "i am waiting for my delivery",
            ],
        ),
        class(
            "returns",
            "Return something",
            &[
                "i want to return the socks",
                "how do i send something back",
                "can i get a refund",
                "exchange for another size",
                "it does not fit",
            ],
        ),
        class(
            "shipping",
            "Shipping costs",
            &[
                "how much is shipping",
                "do you ship to norway",
                "delivery costs abroad",
                "is postage free",
                "what does delivery cost",
            ],
        ),
    ])
}

fn first<'m>(matcher: &'m Matcher, text: &str) -> &'m str {
    matcher.rank(text, &[]).candidates[0].id
}

#[test]
fn a_request_is_found_behind_a_greeting_and_typing_mistakes() {
    let matcher = shop();
    for (text, id) in [
        ("hi wheres my order", "order_status"),
        ("Hello! where’s my prcel please", "order_status"),
        ("hi there", "greeting"),
        ("hey", "greeting"),
        ("thanks, can I send it back?", "returns"),
        ("how much does it cost to ship to sweden", "shipping"),
    ] {
        assert_eq!(first(&matcher, text), id, "{text}");
    }
    let ranked = matcher.rank("wheres my prcel", &[]);
    assert_eq!(ranked.repaired, [("prcel".to_owned(), "parcel".to_owned())]);
}

#[test]
fn a_candidate_shows_the_example_it_is_nearest_to() {
    let matcher = shop();
    let ranked = matcher.rank("when does my order arrive?", &[]);
    assert_eq!(
        ranked.candidates[0].nearest_example,
        Some("when will my order arrive")
    );
}

#[test]
fn nothing_in_common_is_no_candidate_and_little_in_common_is_improbable() {
    let matcher = shop();
    assert_eq!(matcher.rank("", &[]), Ranked::default());
    assert!(matcher.rank("?! 靴下", &[]).candidates.is_empty());
    let sure = matcher.rank("where is my order", &[]).candidates[0].probability;
    let lost = matcher.rank("my cat is sad", &[]).candidates[0].probability;
    assert!(
        lost < sure && lost < matcher.limits().answer_above,
        "{lost} {sure}"
    );
}

#[test]
fn a_masked_name_does_not_change_what_is_asked() {
    let matcher = shop();
    let plain = matcher.rank("can i return the jacket", &[]);
    let text = "can i return the Alder Fjellreven jacket";
    let masked = matcher.rank(text, std::slice::from_ref(&(17..33)));
    assert_eq!(masked.candidates[0].id, "returns");
    assert_eq!(
        masked.candidates[0].probability,
        plain.candidates[0].probability
    );
    let unmasked = matcher.rank(text, &[]);
    assert!(unmasked.known_share < masked.known_share);
}

#[test]
fn the_smallest_bots_are_valid() {
    assert_eq!(trained_on(&[]).rank("hello", &[]), Ranked::default());
    let silent = trained_on(&[class("", "", &[]), class("", "", &["?"])]);
    assert_eq!(silent.rank("hello", &[]), Ranked::default());
    let one = trained_on(&[class("order_status", "", &["where is my order"])]);
    assert_eq!(first(&one, "where is my order"), "order_status");
    let two = trained_on(&[
        class("a", "", &["red shoes"]),
        class("b", "", &["blue hats"]),
    ]);
    assert_eq!(first(&two, "red shoe"), "a");
}

#[test]
fn the_same_examples_give_the_same_ranking() {
    let text = "wheres the parcl i want to send back";
    assert_eq!(shop().rank(text, &[]), shop().rank(text, &[]));
}

proptest! {
    #[test]
    fn any_message_gets_sound_numbers(text in "(\\PC|hi |order |ship ){0,40}", from in 0usize..50, length in 0usize..50) {
        thread_local! { static SHOP: Matcher = shop(); }
        SHOP.with(|matcher| {
            let ranked = matcher.rank(&text, std::slice::from_ref(&(from..from + length)));
            let sum: f32 = ranked.candidates.iter().map(|c| c.probability).sum();
            assert!(sum <= 1.0001 && (0.0..=1.0).contains(&ranked.known_share));
            assert!(ranked.candidates.iter().all(|c| c.probability >= 0.0));
            assert!(ranked.candidates.is_sorted_by(|a, b| a.probability >= b.probability));
        });
    }
}

/// Public intent sets; not part of the project. See docs for where to get them.
fn shared(file: &str) -> Option<Vec<(String, String)>> {
    let folder = std::env::var_os("SHOPTALK_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = folder.join("data/nlu").join(file);
    let Ok(table) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    let rows = table.lines().filter_map(|line| line.split_once('\t'));
    Some(
        rows.map(|(text, id)| (text.to_owned(), id.to_owned()))
            .collect(),
    )
}

fn classes_of(rows: Vec<(String, String)>) -> Vec<Class> {
    let mut classes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (text, id) in rows {
        classes.entry(id).or_default().push(text);
    }
    classes
        .into_iter()
        .map(|(id, examples)| Class {
            id,
            title: String::new(),
            examples,
        })
        .collect()
}

/// (share right, expected calibration error in ten bins)
fn accuracy(matcher: &Matcher, rows: &[(String, String)]) -> (f32, f32) {
    let mut bins = [(0.0_f32, 0.0_f32); 10];
    let mut right = 0.0;
    for (text, id) in rows {
        let ranked = matcher.rank(text, &[]);
        let (p, hit) = ranked
            .candidates
            .first()
            .map_or((0.0, false), |c| (c.probability, c.id == id));
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        bin.0 += p;
        bin.1 += f32::from(u8::from(hit));
        right += f32::from(u8::from(hit));
    }
    let total = rows.len() as f32;
    let ece = bins.iter().map(|(p, hits)| (p - hits).abs()).sum::<f32>() / total;
    (right / total, ece)
}

#[test]
fn three_in_four_banking_questions_are_understood_from_ten_examples() {
    let (Some(train), Some(valid)) = (
        shared("banking77/train_10_seed0.tsv"),
        shared("banking77/valid.tsv"),
    ) else {
        return;
    };
    let matcher = trained_on(&classes_of(train));
    let (right, ece) = accuracy(&matcher, &valid);
    println!("banking77, 10 examples: {right:.3} right, calibration error {ece:.3}");
    assert!(right >= 0.74, "{right}");
}

/// A message with one slip of the keyboard in about every third word; the same every time.
fn mistyped(text: &str) -> String {
    let mut random = text.bytes().fold(0x9e37_79b9_7f4a_7c15_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let slip = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        let at = next(letters.len());
        match (next(10), next(4)) {
            (3.., _) => {}
            (_, 0) => letters.insert(at, letters[at]),
            (_, 1) if letters.len() > 1 => drop(letters.remove(at)),
            (_, 2) if at > 0 => letters.swap(at - 1, at),
            _ => letters[at] = char::from(b'a' + next(26) as u8),
        }
        letters.into_iter().collect::<String>()
    };
    let words: Vec<String> = text.split_whitespace().map(slip).collect();
    words.join(" ")
}

/// Of twenty blocks of messages the fastest: other work on the machine only ever slows one down.
fn time_of_a_message(matcher: &Matcher, rows: &[(String, String)]) -> std::time::Duration {
    let blocks = rows.chunks(rows.len().div_ceil(20));
    let times = blocks.map(|block| {
        let started = std::time::Instant::now();
        for (text, _) in block {
            std::hint::black_box(matcher.rank(text, &[]));
        }
        started.elapsed() / block.len() as u32
    });
    times.min().unwrap_or_default()
}

/// `cargo test --release --lib matcher -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, minutes without --release"]
fn accuracy_on_public_sets() {
    for set in ["clinc150", "banking77", "hwu64"] {
        let Some(valid) = shared(&format!("{set}/valid.tsv")) else {
            continue;
        };
        let few = [5, 10]
            .iter()
            .flat_map(|shots| (0..3).map(move |seed| format!("train_{shots}_seed{seed}")));
        for name in few.chain(["train".to_owned()]) {
            let Some(train) = shared(&format!("{set}/{name}.tsv")) else {
                continue;
            };
            let classes = classes_of(train);
            let started = std::time::Instant::now();
            let matcher = trained_on(&classes);
            let trained = started.elapsed();
            let (right, ece) = accuracy(&matcher, &valid);
            let each = time_of_a_message(&matcher, &valid);
            let slips: Vec<(String, String)> = valid
                .iter()
                .map(|(text, id)| (mistyped(text), id.clone()))
                .collect();
            let (right_mistyped, _) = accuracy(&matcher, &slips);
            println!(
                "{set} {name}: {right:.4} right, {right_mistyped:.4} mistyped, \
                     calibration error {ece:.3}, trained in {trained:.2?}, {each:.2?} a message, {:?}",
                matcher.limits()
            );
        }
    }
}

/// `cargo test --release --lib matcher -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, minutes without --release"]
fn growth_with_classes() {
    let Some(rows) = shared("clinc150/train.tsv") else {
        return;
    };
    for count in [50, 100, 1000] {
        let classes: Vec<Class> = (0..count)
            .map(|number| Class {
                id: format!("class_{number}"),
                title: String::new(),
                examples: rows
                    .iter()
                    .skip(number * 10)
                    .take(10)
                    .map(|row| row.0.clone())
                    .collect(),
            })
            .collect();
        let started = std::time::Instant::now();
        let matcher = trained_on(&classes);
        let trained = started.elapsed();
        let each = time_of_a_message(&matcher, &rows);
        println!("{count} classes of 10: trained in {trained:.2?}, {each:.2?} a message");
    }
}

#[cfg(feature = "embeddings")]
#[test]
fn a_table_of_word_vectors_lends_words_no_example_has() {
    use crate::text::embeddings::small;
    let groups: &[&[&str]] = &[
        &["parcel", "consignment", "shipment"],
        &["refund", "reimbursement", "repayment"],
        &["shoe", "boot", "footwear"],
        &["password", "passphrase", "credentials"],
    ];
    let classes: Vec<Class> = groups
        .iter()
        .map(|words| Class {
            id: words[0].to_owned(),
            title: String::new(),
            examples: vec![words[0].to_owned(), format!("my {}", words[0])],
        })
        .collect();
    let tongue = Tongue::english();
    let bare = Matcher::train(&classes, &tongue);
    let helped = Matcher::train(&classes, &tongue.with(Some(small::table(groups).into())));
    for words in groups {
        for said in &words[1..] {
            let first = |matcher: &Matcher| {
                let ranked = matcher.rank(said, &[]);
                ranked.candidates.first().map(|best| best.id.to_owned())
            };
            assert_eq!(first(&helped).as_deref(), Some(words[0]), "{said}");
        }
    }
    assert!(!bare.rank("reimbursement", &[]).is_known());
    assert!(helped.rank("reimbursement", &[]).is_known());
}
