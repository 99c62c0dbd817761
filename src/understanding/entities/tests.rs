use super::*;
use proptest::prelude::*;

fn scanner(currency: &str) -> EntityScanner {
    EntityScanner::new(EntitySettings {
        order_patterns: &["SH-#####".to_owned()],
        currency: currency.parse().unwrap(),
        custom: &[],
    })
    .unwrap()
}

/// Every reading as `words=value`, in the short form of [`show`].
fn read(text: &str) -> Vec<String> {
    let found = scanner("EUR").scan(text);
    found
        .iter()
        .map(|entity| format!("{}={}", entity.text, show(&entity.value)))
        .collect()
}

fn show(value: &Value) -> String {
    let money = |money: &crate::money::Money| format!("{money} {}", money.currency);
    match value {
        Value::OrderNumber(number) => format!("order {number}"),
        Value::PossibleOrderNumber(number) => format!("order? {number}"),
        Value::Email(address) => format!("email {address}"),
        Value::Phone(number) => format!("phone {number}"),
        Value::Postcode(code) => format!("postcode {code}"),
        Value::Number(digits) => format!("number {digits}"),
        Value::Price(PriceWish::Under(m)) => format!("under {}", money(m)),
        Value::Price(PriceWish::AtMost(m)) => format!("at most {}", money(m)),
        Value::Price(PriceWish::Over(m)) => format!("over {}", money(m)),
        Value::Price(PriceWish::AtLeast(m)) => format!("at least {}", money(m)),
        Value::Price(PriceWish::Around(m)) => format!("around {}", money(m)),
        Value::Price(PriceWish::Between(low, high)) => format!("{} to {}", money(low), money(high)),
        Value::Amount(m) => money(m),
        Value::Cheap => "cheap".to_owned(),
        Value::Quantity(pieces) => format!("{pieces} pieces"),
        Value::Reference(reference) => format!("{reference:?}"),
        Value::Comparative(quality) => format!("{quality:?}"),
        Value::Superlative(quality) => format!("most {quality:?}"),
        Value::Repair(repair) => format!("{repair:?}"),
        Value::Colour(colour) => format!("{} ({})", colour.name, colour.family),
        Value::Size(size) => format!("size {size}"),
        Value::Without(wish) => format!("without {wish}"),
        Value::Day(day) => format!("{day:?}"),
        Value::Measure(measure) => format!("{measure:?}"),
        Value::Custom { name, value } => format!("{name} {value}"),
    }
}

/// Each row: a message, and readings that must be among those found.
fn check(rows: &[(&str, &[&str])]) {
    for (text, wanted) in rows {
        let found = read(text);
        for reading in *wanted {
            assert!(
                found.iter().any(|f| f == reading),
                "{text}: no `{reading}` in {found:#?}"
            );
        }
    }
}

/// Each row: a message, and a piece of a reading that must not be found.
fn check_absent(rows: &[(&str, &str)]) {
    for (text, unwanted) in rows {
        let found = read(text);
        assert!(
            !found.iter().any(|f| f.contains(unwanted)),
            "{text}: {found:#?}"
        );
    }
}

#[test]
fn a_number_behind_no_and_a_comma_is_a_number() {
    check(&[("no, two", &["two=2 pieces"]), ("no. 2", &["no. 2=Nth(2)"])]);
    check_absent(&[("no, three", "without"), ("no, two", "Nth")]);
}

#[test]
fn an_order_number_is_read_however_it_is_typed() {
    check(&[
        ("where is my order SH-10023", &["SH-10023=order SH-10023"]),
        ("sh10023", &["sh10023=order SH-10023"]),
        ("SH 10023?", &["SH 10023=order SH-10023"]),
        ("it is #sh - 10023.", &["sh - 10023=order SH-10023"]),
        ("#SH-10023", &["SH-10023=order SH-10023"]),
        (
            "sorry it's 10024",
            &["10024=order? SH-10024", "10024=number 10024"],
        ),
    ]);
    check_absent(&[
        ("SH-100234", "order"),
        ("ASH-10023", "order SH"),
        ("SH-1002", "order"),
        ("10024 SH-10023", "number 10023"),
    ]);
}

#[test]
fn an_order_pattern_may_hold_its_own_digits_or_no_letters() {
    let scan = |pattern: &str, text: &str| -> Vec<Value> {
        let settings = EntitySettings {
            order_patterns: &[pattern.to_owned()],
            currency: "EUR".parse().unwrap(),
            custom: &[],
        };
        let scanner = EntityScanner::new(settings).unwrap();
        scanner
            .scan(text)
            .into_iter()
            .map(|entity| entity.value)
            .collect()
    };
    let order = |number: &str| Value::OrderNumber(number.to_owned());
    assert!(scan("######", "invoice 536365").contains(&order("536365")));
    assert!(scan("C######", "c536379").contains(&order("C536379")));
    assert!(scan("2026/####", "2026-0815").contains(&order("2026/0815")));
    let possible = Value::PossibleOrderNumber("2026/0815".to_owned());
    assert!(scan("2026/####", "0815").contains(&possible));
}

#[test]
fn an_order_pattern_without_a_digit_is_refused() {
    let settings = EntitySettings {
        order_patterns: &["ORDER".to_owned()],
        currency: "EUR".parse().unwrap(),
        custom: &[],
    };
    let error = EntityScanner::new(settings).unwrap_err();
    assert!(error.to_string().contains("`ORDER` has no digit"));
}

#[test]
fn ways_to_reach_somebody_are_read() {
    check(&[
        (
            "mail is Ana@Example.com, thanks",
            &["Ana@Example.com=email ana@example.com"],
        ),
        (
            "my number: +47 900 00 001",
            &["+47 900 00 001=phone +4790000001"],
        ),
        ("(020) 7946 0018", &["(020) 7946 0018=phone 02079460018"]),
        ("0150 Oslo", &["0150=postcode 0150"]),
        ("sw1a 1aa", &["sw1a 1aa=postcode SW1A 1AA"]),
        ("1012 AB", &["1012 AB=postcode 1012 AB"]),
        ("17850", &["17850=number 17850", "17850=postcode 17850"]),
    ]);
    check_absent(&[("ordered on 2026-11-20", "phone"), ("me@home", "email")]);
}

#[test]
fn price_wishes_are_read_with_their_bounds() {
    check(&[
        ("warm socks under 20", &["under 20=under 20.00 EUR"]),
        ("below €20 please", &["below €20=under 20.00 EUR"]),
        ("socks 20-50€", &["20-50€=20.00 EUR to 50.00 EUR"]),
        ("20 – 50", &["20 – 50=20.00 EUR to 50.00 EUR"]),
        (
            "between 20 and 50",
            &["between 20 and 50=20.00 EUR to 50.00 EUR"],
        ),
        (
            "from $50 to $20",
            &["from $50 to $20=20.00 USD to 50.00 USD"],
        ),
        (
            "max 1.000,50 EUR",
            &["max 1.000,50 EUR=at most 1000.50 EUR"],
        ),
        (
            "for my dad, around 50, not wool",
            &["around 50=around 50.00 EUR"],
        ),
        ("over 30", &["over 30=over 30.00 EUR"]),
        ("nothing over 100", &["nothing over 100=at most 100.00 EUR"]),
        ("20 euro or less", &["20 euro or less=at most 20.00 EUR"]),
        (
            "less than 1 000 kr",
            &["less than 1 000 kr=under 1000.00 NOK"],
        ),
        ("i paid 20 quid", &["20 quid=20.00 GBP"]),
        ("something cheap", &["cheap=cheap"]),
        ("<20", &["<20=under 20.00 EUR"]),
        ("~50 EUR", &["~50 EUR=around 50.00 EUR"]),
    ]);
}

#[test]
fn numbers_of_other_things_are_no_prices() {
    check_absent(&[
        ("delivered in under 5 days", "EUR"),
        ("at least 3 pieces", "EUR"),
        ("more than 60% wool", "EUR"),
        ("over the moon, 3 left", "EUR"),
        ("call 020-79460018", "EUR"),
        ("I want 2 and 3", "EUR"),
    ]);
}

#[test]
fn a_shared_symbol_is_the_shops_own_currency() {
    let found = scanner("SEK").scan("under 200 kr");
    let Value::Price(PriceWish::Under(money)) = &found[0].value else {
        panic!("{found:?}")
    };
    assert_eq!(money.currency.code(), "SEK");
}

#[test]
fn bounds_include_what_was_said() {
    let eur = |minor| crate::money::Money {
        minor,
        currency: "EUR".parse().unwrap(),
    };
    assert_eq!(
        PriceWish::Under(eur(2000)).bounds(),
        (None, Some(eur(1999)))
    );
    assert_eq!(
        PriceWish::AtMost(eur(2000)).bounds(),
        (None, Some(eur(2000)))
    );
    assert_eq!(
        PriceWish::Around(eur(5000)).bounds(),
        (Some(eur(4500)), Some(eur(5500)))
    );
}

#[test]
fn pieces_are_counted() {
    check(&[
        ("take two in M", &["two=2 pieces", "M=size M"]),
        ("3x the socks", &["3x=3 pieces"]),
        ("x3", &["x3=3 pieces"]),
        ("i take one", &["one=1 pieces"]),
        ("3 x socks", &["3 x=3 pieces"]),
        ("a pair of gloves", &["a pair of=1 pieces"]),
        ("two pairs", &["two pairs=2 pieces"]),
        ("a couple of mugs", &["a couple of=2 pieces"]),
        ("twenty five", &["twenty five=25 pieces"]),
        ("2", &["2=2 pieces", "2=number 2"]),
    ]);
    check_absent(&[
        ("in 3 days", "pieces"),
        ("the blue one", "pieces"),
        ("0150", "pieces"),
        ("17850", "pieces"),
        ("twenty five", "5 pieces="),
    ]);
}

#[test]
fn references_point_at_what_was_shown() {
    check(&[
        ("the second one", &["the second one=Nth(2)"]),
        (
            "the second but cheaper",
            &["the second=Nth(2)", "cheaper=Cheaper"],
        ),
        ("2nd", &["2nd=Nth(2)"]),
        ("number two please", &["number two=Nth(2)"]),
        ("#3", &["3=Nth(3)"]),
        (
            "difference between the first two",
            &["the first two=FirstFew(2)"],
        ),
        ("the last 3", &["the last 3=LastFew(3)"]),
        ("the last one", &["the last one=Last"]),
        ("is it warm", &["it=That"]),
        ("what goes with that?", &["that=That"]),
        ("take that one", &["that one=That"]),
        ("both", &["both=All"]),
        ("the other one", &["the other one=Other"]),
    ]);
    check_absent(&[
        ("this is the third time", "Nth"),
        ("last week i ordered", "Last"),
        ("one second", "Nth"),
        ("i think that is fine", "That"),
    ]);
}

#[test]
fn comparisons_name_their_quality() {
    check(&[
        ("a bit bigger", &["bigger=Bigger"]),
        ("too expensive", &["too expensive=Cheaper"]),
        ("the cheapest", &["the cheapest=most Cheaper"]),
    ]);
}

#[test]
fn repairs_are_heard_in_their_many_forms() {
    check(&[
        ("yes please", &["yes=Yes"]),
        ("Yeah", &["Yeah=Yes"]),
        ("👍", &["👍=Yes"]),
        ("no thanks", &["no=No"]),
        ("no, SH-10024", &["no=No", "SH-10024=order SH-10024"]),
        ("oh never mind", &["never mind=NeverMind"]),
        ("cancel", &["cancel=NeverMind"]),
        ("can we start over?", &["start over=StartOver"]),
        ("What did you ask?", &["What did you ask=Repeat"]),
        ("i don't know", &["i don't know=Skip"]),
        (
            "sorry, it's 10024",
            &["sorry, it's=Correction", "10024=order? SH-10024"],
        ),
        ("i don’t mind", &["i don’t mind=NoMatter"]),
    ]);
    check_absent(&[
        ("cancel my order", "NeverMind"),
        ("is there no wool", "=No"),
        ("ok where is my order", "=Yes"),
        ("go back to the socks", "Back"),
    ]);
}

#[test]
fn colours_know_their_family_and_sizes_their_form() {
    check(&[
        ("outdoors. in navy", &["navy=navy (blue)"]),
        ("Navy Blue", &["Navy Blue=navy (blue)"]),
        ("gray", &["gray=grey (grey)"]),
        ("in xl", &["xl=size XL"]),
        ("size 42", &["size 42=size 42"]),
        ("eu 42", &["eu 42=size EU 42"]),
        ("size uk 9", &["size uk 9=size UK 9"]),
        ("in l", &["l=size L"]),
        ("large", &["large=size L"]),
    ]);
    check_absent(&[
        ("i'm here", "size"),
        ("can you ship to us 5 times", "size"),
        ("the s in socks is odd", "size X"),
    ]);
    assert_eq!(
        Colour::named("navy").map(|colour| colour.family),
        Some("blue")
    );
}

#[test]
fn wishes_turned_down_are_read() {
    check(&[
        ("around 50, not wool", &["not wool=without wool"]),
        ("without leather", &["without leather=without leather"]),
        (
            "no wool or leather",
            &["no wool=without wool", "leather=without leather"],
        ),
        ("not navy", &["not navy=without navy"]),
        (
            "under 5, not red",
            &["under 5=under 5.00 EUR", "not red=without red"],
        ),
    ]);
    check(&[
        ("caffeine-free tea", &["caffeine-free=without caffeine"]),
        ("lactose free chocolate", &["lactose free=without lactose"]),
        ("tee ohne zucker", &["ohne zucker=without zucker"]),
    ]);
    check_absent(&[
        ("is shipping free", "without"),
        ("free shipping free returns", "without"),
        ("no problem", "without"),
        ("it's not working", "without"),
        ("not arrived yet", "without"),
        ("no, thanks", "without"),
    ]);
}

#[test]
fn entities_of_the_shops_own_are_found_by_their_wordings_and_patterns() {
    let values = |pairs: &[(&str, &[&str])]| {
        let pair = |(value, said): &(&str, &[&str])| {
            (
                (*value).to_owned(),
                said.iter().map(|s| (*s).to_owned()).collect(),
            )
        };
        pairs.iter().map(pair).collect()
    };
    let custom = [
        CustomEntity {
            name: "carrier".to_owned(),
            values: values(&[("postnord", &["post nord", "the blue van"]), ("dhl", &[])]),
            pattern: None,
        },
        CustomEntity {
            name: "ticket".to_owned(),
            values: Vec::new(),
            pattern: Some("TK-####".to_owned()),
        },
    ];
    let scanner = EntityScanner::new(EntitySettings {
        order_patterns: &[],
        currency: "EUR".parse().unwrap(),
        custom: &custom,
    })
    .unwrap();
    for (text, wanted) in [
        ("did Post Nord lose it", "carrier postnord"),
        ("the blue vans came", "carrier postnord"),
        ("is it with DHL", "carrier dhl"),
        ("my ticket tk 1234", "ticket TK-1234"),
    ] {
        let found = scanner.scan(text);
        let read = found.iter().find_map(|entity| match &entity.value {
            Value::Custom { name, value } => Some(format!("{name} {value}")),
            _ => None,
        });
        assert_eq!(read.as_deref(), Some(wanted), "{text}: {found:?}");
    }
}

#[test]
fn a_question_may_end_with_the_word_size() {
    assert_eq!(read("in what size"), Vec::<String>::new());
    assert_eq!(read("sizes"), Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_message_can_be_scanned(
        text in "(\\PC|[0-9.,€$ -]|under |the second |not |SH-|a@b.co|´){0,30}",
    ) {
        let found = scanner("EUR").scan(&text);
        prop_assert_eq!(&found, &scanner("EUR").scan(&text));
        for entity in &found {
            prop_assert_eq!(text.get(entity.span.clone()), Some(entity.text.as_str()));
            prop_assert!(!entity.text.is_empty());
        }
        for pair in found.windows(2) {
            prop_assert!(pair[0].span == pair[1].span || pair[0].span.end <= pair[1].span.start);
        }
    }
}
