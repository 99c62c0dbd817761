use crate::diagnostic::SourceText;
use crate::dialogue::script::{SkillSpec, TextSpec, read};
use proptest::prelude::*;

const SKILLS: [SkillSpec; 2] = [
    SkillSpec {
        name: "greet",
        slots: &[],
    },
    SkillSpec {
        name: "order_status",
        slots: &["order_number", "secret"],
    },
];
const TEXTS: [TextSpec; 1] = [TextSpec {
    id: "greet.hello",
    variables: &["shop"],
}];
const GOOD: &str = "topic: Small talk\nintents:\n  hello:\n    title: Hello\n    examples: [hi, hey, good (day|morning)]\n    skill: greet\ntexts:\n  greet.hello: \"Hello from {shop}\"\n";

fn complaints(files: &[(&str, &str)]) -> String {
    let sources: Vec<_> = files
        .iter()
        .map(|(name, text)| SourceText::new(*name, *text))
        .collect();
    let (script, problems) = read(&sources, &SKILLS, &TEXTS, "en");
    assert_eq!(script.is_none(), problems.has_errors());
    problems
        .sorted()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_good_file_is_a_script() {
    let source = SourceText::new("a.yml", GOOD);
    let (script, problems) = read(&[source], &SKILLS, &TEXTS, "en");
    assert!(problems.is_empty(), "{}", problems.render(false));
    let script = script.unwrap();
    assert_eq!(
        script.intents()[0].examples,
        ["hi", "hey", "good day", "good morning"]
    );
    assert!(script.text("greet.hello").is_some());
}

const GERMAN: &str = "language: de\nintents:\n  hello:\n    title: Hallo\n    examples: [hi, hallo, moin, servus, hey]\n    slots: { nix: { ask: Was } }\n  helo:\n    title: Hallo\ntexts:\n  greet.hello: \"Hallo von {shop}\"\n";

#[test]
fn a_translation_is_held_against_what_it_translates() {
    insta::assert_snapshot!(complaints(&[("a.yml", GOOD), ("de.yml", GERMAN)]));
}

#[test]
fn two_languages_may_share_an_utterance_and_the_shops_own_may_be_named() {
    let named = format!("language: EN\n{GOOD}");
    let german = GERMAN.replace(
        "    slots: { nix: { ask: Was } }\n  helo:\n    title: Hallo\n",
        "",
    );
    let sources = [
        SourceText::new("a.yml", named),
        SourceText::new("de.yml", german),
    ];
    let (script, problems) = read(&sources, &SKILLS, &TEXTS, "en");
    assert!(!problems.has_errors(), "{}", problems.render(false));
    let script = script.unwrap();
    assert_eq!(script.languages().collect::<Vec<_>>(), ["de"]);
    assert_eq!(script.intents()[0].title_in("de"), "Hallo");
    assert_eq!(script.intents()[0].title_in("fr"), "Hello");
}

#[test]
fn all_of_a_file_is_said_at_once() {
    let wrong = "topc: x\nintents:\n  Hello There:\n    titel: Hello\n    examples: [hi, hey]\n    skill: gret\n  order:\n    title: Order\n    examples: [a, b, (c|d]\n    slots:\n      order_number: { type: order_nr, ask: \"Which?\" }\n    skill: order_status\n    rules:\n      - regex: \"(\"\n      - phrse: x\ntexts:\n  greet.hello: \"Hello from {shp}\"\n  greet.helo: \"Hi {\"\n";
    insta::assert_snapshot!(complaints(&[("intents/a.yml", wrong)]));
}

#[test]
fn collisions_between_files_name_both_places() {
    let other = GOOD.replace("  hello:\n", "  howdy:\n").replace(
        "examples: [hi, hey, good (day|morning)]",
        "examples: [HI, yo, ho]",
    );
    insta::assert_snapshot!(complaints(&[("a.yml", GOOD), ("b.yml", &other)]));
}

#[test]
fn what_is_not_yaml_is_said_with_its_line() {
    insta::assert_snapshot!(complaints(&[
        ("a.yml", GOOD),
        ("b.yml", "intents:\n\thello: x\n"),
        ("c.yml", "intents: [a, b\n")
    ]));
}

#[test]
fn wrong_kinds_and_missing_parts_are_said() {
    let wrong = "intents:\n  a:\n    title: [x]\n    examples: {a: b}\n  b:\n    title: B\n    examples: [p, q, r]\n  c:\n    title: C\n    examples: [s, t, u]\n    skill: greet\n    reply: \"x\"\n  d:\n    title: D\n    examples: [v, w, x]\n    reply: [{ when: noon, say: \"a\" }, { when: open }]\ntexts:\n  greet.hello: { say: \"x\", when: open }\n";
    insta::assert_snapshot!(complaints(&[("a.yml", wrong)]));
}

#[test]
fn a_text_that_no_file_has_is_missed() {
    let nowhere = TextSpec {
        id: "greet.nowhere",
        variables: &["shop"],
    };
    let files = [SourceText::new("a.yml", "topic: Nothing yet\n")];
    let (script, problems) = read(&files, &SKILLS, &[TEXTS[0], nowhere], "en");
    assert!(script.is_none());
    insta::assert_snapshot!(problems.render(false));
}

#[test]
fn a_text_that_the_files_are_too_old_for_is_said_in_the_programs_own_words() {
    let newer = [
        TEXTS[0],
        TextSpec {
            id: "find.unknown",
            variables: &["wish"],
        },
    ];
    let read = |own: &str| {
        let german = GERMAN.replace(
            "    slots: { nix: { ask: Was } }\n  helo:\n    title: Hallo\n",
            "",
        );
        let files = [
            SourceText::new("a.yml", GOOD),
            SourceText::new("de.yml", german),
        ];
        read(&files, &SKILLS, &newer, own)
    };
    let (script, problems) = read("en");
    insta::assert_snapshot!(problems.render(false));
    let now = crate::dialogue::script::Conditions {
        open: true,
        hour: 12,
        first_time: false,
    };
    let said = |script: &crate::dialogue::script::Script, language: &str| {
        let text = script.text("find.unknown").unwrap();
        text.render(&[("wish", "tents")], &now, language, 0)
            .unwrap()
    };
    let script = script.unwrap();
    let (english, german) = (said(&script, "en"), said(&script, "de"));
    assert!(english.contains("tents"), "{english}");
    assert!(german.contains("tents"), "{german}");
    assert_ne!(english, german);
    // A language the program has no words in: English is better than nothing.
    let (script, _) = read("fr");
    assert_eq!(said(&script.unwrap(), "fr"), english);
}

#[test]
fn a_text_that_nothing_says_is_told_and_does_not_stop_a_shop() {
    let own = format!("{GOOD}  greet.helo: \"Hi\"\n");
    let german = "language: de\ntexts:\n  greet.helo: \"Hallo\"\n  greet.hello: \"Hallo\"\n";
    let told = complaints(&[("a.yml", &own), ("de.yml", german)]);
    assert_eq!(
        told,
        "a.yml:9:3: warning[unknown-text]: nothing says the text `greet.helo`; did you mean `greet.hello`?\n\
         de.yml:3:3: warning[unknown-text]: nothing says the text `greet.helo`; did you mean `greet.hello`?"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "([a-z:{}\\[\\]\"'#|>&* -]{0,20}\n){0,8}") {
        let source = SourceText::new("any.yml", text);
        let (_, problems) = read(&[source], &SKILLS, &[], "en");
        let _ = problems.render(false);
    }
}
