use super::*;
use crate::channels::abilities::{self, ALL, Cards, Unit};
use crate::dialogue::block::*;
use crate::money::Money;

/// Staff's words, shortly.
fn phrase(id: &str, variables: &[(&str, &str)]) -> String {
    let values: Vec<&str> = variables.iter().map(|(_, value)| *value).collect();
    let id = id.trim_start_matches("messenger.");
    match values.as_slice() {
        [] => id.to_owned(),
        values => format!("{id} {}", values.join(" ")),
    }
}

fn on(abilities: &Abilities) -> Screen<'_> {
    Screen {
        abilities,
        phrase: &phrase,
        base: "https://shop.test",
    }
}

fn line(text: &str) -> Line {
    Line {
        text: text.to_owned(),
        source: Source::Text { id: "t".into() },
    }
}

fn text(words: &str) -> Block {
    Block::Text {
        lines: vec![line(words)],
    }
}

fn choices(labels: &[&str]) -> Block {
    let choice = |label: &&str| Choice {
        label: (*label).to_owned(),
        say: None,
        source: Source::Text { id: "c".into() },
    };
    Block::Choices {
        prompt: None,
        choices: labels.iter().map(choice).collect(),
    }
}

fn euros(cents: &str) -> Money {
    Money::parse(cents, "EUR".parse().unwrap()).unwrap()
}

fn product(title: &str, image: Option<&str>) -> ProductCard {
    ProductCard {
        sku: title.to_owned(),
        title: title.to_owned(),
        url: Some("/products/socks".to_owned()),
        image: image.map(str::to_owned),
        price: euros("19.90"),
        from: true,
        was: Some(euros("25.00")),
        stock: Stock::Low { left: 3 },
        options: vec![OptionValues {
            name: "size".into(),
            values: vec!["S".into(), "M".into()],
        }],
        rating: None,
        why: vec![line("warm")],
        variants: Vec::new(),
        add: Some(Choice {
            label: "Add to cart".into(),
            say: Some("add {what} to my cart".into()),
            source: Source::Text { id: "a".into() },
        }),
    }
}

fn order() -> Block {
    Block::Order(OrderCard {
        number: "SH-10421".into(),
        status: "shipped".into(),
        headline: line("It is on its way."),
        placed_on: "2026-11-17".into(),
        expected_on: None,
        parcels: vec![ParcelCard {
            carrier: "Post".into(),
            tracking: Some(Tracking {
                number: "X1".into(),
                url: Some("https://post.test/X1".into()),
            }),
        }],
        timeline: vec![
            Step {
                status: "placed".into(),
                label: line("Placed"),
                on: Some("2026-11-17".into()),
            },
            Step {
                status: "delivered".into(),
                label: line("Delivered"),
                on: None,
            },
        ],
        items: vec![OrderItem {
            title: "Socks".into(),
            variant: "M".into(),
            quantity: 2,
            price: euros("19.90"),
        }],
        total: euros("39.80"),
    })
}

/// A reply with a little of everything.
fn reply() -> Vec<Block> {
    vec![
        text("Two **warm** ones “for you” & <more>: [shipping](https://shop.test/s)."),
        Block::Products {
            items: vec![
                product("Alder socks", Some("/pictures/socks.jpg")),
                product(
                    "Fell hat, the very warm one with a bobble and ear flaps, for children and those who feel like them",
                    None,
                ),
            ],
            compare: None,
        },
        order(),
        choices(&["My order", "Returns", "A person"]),
    ]
}

#[test]
fn every_platform_shows_a_reply_in_its_best_form() {
    for abilities in ALL {
        let pieces = render(&reply(), &on(abilities));
        let name = format!("reply_on_{}", abilities.platform);
        insta::assert_snapshot!(name, shown(&pieces));
    }
}

#[test]
fn too_many_choices_become_a_list_then_numbers() {
    let four = [
        text("What is it?"),
        choices(&["One", "Two", "Three", "Four"]),
    ];
    let eleven: Vec<String> = (1..=11).map(|n| format!("Choice {n}")).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    let eleven = [text("What is it?"), choices(&eleven)];
    let long = [choices(&[
        "Something that is too long for a button",
        "Short",
    ])];
    let whatsapp = on(&abilities::WHATSAPP);
    let said = [&four[..], &eleven[..], &long[..]].map(|reply| shown(&render(reply, &whatsapp)));
    insta::assert_snapshot!(said.join("=====\n"));
}

/// Whatever is said: nothing a platform refuses.
fn within_limits(pieces: &[Piece], abilities: &Abilities) {
    let fits = |text: &str, most: usize| length(text, abilities.unit) <= most && !text.is_empty();
    let row = |buttons: &[Button]| {
        let Some(can) = abilities.buttons else {
            return buttons.is_empty();
        };
        let is_short =
            |button: &Button| can.title == 0 || button.title.chars().count() <= can.title;
        let carries = |button: &Button| match &button.tap {
            Tap::Say(payload) => payload.len() <= can.payload,
            Tap::Open(_) => can.links,
        };
        buttons.len() <= can.most && buttons.iter().all(|one| is_short(one) && carries(one))
    };
    for piece in pieces {
        let fine = match piece {
            Piece::Text { text, buttons } if buttons.is_empty() => fits(text, abilities.text),
            Piece::Text { text, buttons } => fits(text, abilities.with_buttons) && row(buttons),
            Piece::List { text, open, rows } => abilities.list.is_some_and(|list| {
                fits(text, list.text)
                    && open.chars().count() <= list.button
                    && rows.len() <= list.rows
                    && rows.iter().all(|row| {
                        row.title.chars().count() <= list.title
                            && row.description.chars().count() <= list.description
                            && row.payload.len() <= list.payload
                    })
            }),
            Piece::Picture {
                caption, buttons, ..
            } => abilities.pictures && length(caption, abilities.unit) <= 1024 && row(buttons),
            Piece::Cards(cards) => match abilities.cards {
                Cards::Carousel {
                    most,
                    title,
                    subtitle,
                    buttons,
                } => {
                    cards.len() <= most
                        && cards.iter().all(|card| {
                            length(&card.title, abilities.unit) <= title
                                && length(&card.subtitle, abilities.unit) <= subtitle
                                && card.buttons.len() <= buttons
                                && row(&card.buttons)
                        })
                }
                _ => false,
            },
            Piece::Carousel { text, cards } => match abilities.cards {
                Cards::Swiped {
                    most,
                    title,
                    subtitle,
                    ..
                } => {
                    fits(text, abilities.with_buttons)
                        && (2..=most).contains(&cards.len())
                        && cards.iter().all(|card| {
                            fits(&card.title, title)
                                && fits(&card.subtitle, subtitle)
                                && card.image.is_some()
                                && card.buttons.len() == cards[0].buttons.len()
                                && card.buttons.len() <= 3
                        })
                }
                _ => false,
            },
            Piece::Listed {
                text,
                skus,
                otherwise,
                ..
            } => {
                matches!(abilities.cards, Cards::Listed { most } if skus.len() <= most)
                    && !skus.is_empty()
                    && fits(text, abilities.with_buttons)
                    && fits(otherwise, abilities.text)
            }
        };
        assert!(fine, "{} does not take {piece:?}", abilities.platform);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn nothing_is_ever_longer_or_more_than_a_platform_takes(
        words in "(\\PC|[ .*\n👋🏽<&]){0,3000}",
        labels in proptest::collection::vec("\\PC{1,90}", 0..14),
        title in "\\PC{1,200}",
        products in 0_usize..13,
        pictured in 1_usize..3,
    ) {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let items = (0..products).map(|nth| product(&title, (nth % pictured == 0).then_some("/p.jpg"))).collect();
        let reply = [text(&words), Block::Products { items, compare: None }, order(), choices(&labels)];
        for abilities in ALL {
            within_limits(&render(&reply, &on(abilities)), abilities);
        }
    }
}

#[test]
fn a_long_text_is_told_in_messages_that_end_with_a_sentence() {
    let words = "One sentence about shipping to Norway. ".repeat(60);
    for abilities in [
        &abilities::INSTAGRAM,
        &abilities::SMS,
        &abilities::MESSENGER,
    ] {
        let pieces = render(&[text(&words), choices(&["Yes", "No"])], &on(abilities));
        within_limits(&pieces, abilities);
        assert!(pieces.len() > 1, "{}", abilities.platform);
        let Piece::Text { text, .. } = &pieces[0] else {
            panic!("{:?}", pieces[0])
        };
        assert!(text.ends_with("Norway."), "{text}");
    }
}

#[test]
fn an_sms_says_what_gsm_7_can_say() {
    let pieces = render(&[text("„Ja“ – it’s 5 × 3…")], &on(&abilities::SMS));
    assert_eq!(shown(&pieces), "\"Ja\" - it's 5 x 3...\n");
    assert_eq!(length("\"Ja\" - it's 5 x 3...", Unit::Gsm7), 20);
}
