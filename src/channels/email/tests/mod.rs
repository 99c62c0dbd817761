use super::envelope::Handed;
use super::hearing::Unheard;
use super::parts::open;
use super::*;
use crate::channels::bridge::{Event, What};
use crate::config::Config;

mod envelope;
mod parts;

const LETTER: &str = "From: Ana <Ana@Mail.test>\r\nTo: hello@shop.test\r\nSubject: Norway\r\nMessage-ID: <m1@mail.test>\r\n\
    Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nDo you ship to Norway?\r\n\r\n-- \r\nAna\r\n";

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn email(secrets: &[&str]) -> Email {
    let settings = "[channels.email]\naddress = \"Hello@shop.test\"\n";
    let secrets = secrets
        .iter()
        .map(|name| (format!("SHOPTALK_EMAIL_{name}"), "canary".to_owned()));
    let config = Config::read_with("config.toml", settings, secrets).unwrap();
    Email::new(&config.channels[0])
}

fn event_of(letter: &[u8], sender: Option<&str>) -> Result<Event, Unheard> {
    let handed = Handed {
        letter: letter.to_vec(),
        sender: sender.map(str::to_owned),
        attached: false,
    };
    let threads = Mac::new("canary").unwrap();
    hearing::event(&handed, "hello@shop.test", &threads, now())
}

fn heard(letter: &str) -> Event {
    event_of(letter.as_bytes(), None).unwrap()
}

fn said(event: &Event) -> &str {
    match &event.what {
        What::Said { text } => text,
        other => panic!("{other:?}"),
    }
}

fn with(header: &str) -> String {
    LETTER.replacen("Subject:", &format!("{header}\r\nSubject:"), 1)
}

#[test]
fn people_are_heard_and_programs_lists_and_ourselves_never() {
    let event = heard(LETTER);
    assert_eq!(
        (&*event.id, &*event.person),
        ("m1@mail.test", "ana@mail.test")
    );
    assert_eq!(event.at, "2026-11-20T10:00:00Z".parse().unwrap());
    assert_eq!(said(&event), "Do you ship to Norway?");
    for header in [
        "Auto-Submitted: auto-replied",
        "auto-submitted: auto-generated (rejected)",
        "Precedence: bulk",
        "Precedence:\r\n list",
        "List-Id: <news.mail.test>",
        "List-Unsubscribe: <https://mail.test/u>",
        "X-Auto-Response-Suppress: All",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; boundary=b",
        "Reply-To: no-reply@mail.test",
        "Reply-To: hello@shop.test",
    ] {
        let found = event_of(with(header).as_bytes(), None);
        assert_eq!(found, Err(Unheard::Program), "{header}");
    }
    for from in [
        "no-reply@mail.test",
        "noreply+7@mail.test",
        "do.not.reply@mail.test",
        "orders-noreply@mail.test",
        "MAILER-DAEMON@mail.test",
        "postmaster@mail.test",
        "bounces+7-a@mail.test",
        "knitters-request@mail.test",
        "Hello@shop.test",
    ] {
        let letter = LETTER.replace("Ana@Mail.test", from);
        let found = event_of(letter.as_bytes(), None);
        assert_eq!(found, Err(Unheard::Program), "{from}");
    }
    for person in [
        "bouncer@mail.test",
        "owner@mail.test",
        "nora.eply@mail.test",
    ] {
        heard(&LETTER.replace("Ana@Mail.test", person));
    }
    for sender in ["", "<>", "<MAILER-DAEMON>", "MAILER-DAEMON@mail.test"] {
        let found = event_of(LETTER.as_bytes(), Some(sender));
        assert_eq!(found, Err(Unheard::Program), "{sender}");
    }
    assert!(event_of(LETTER.as_bytes(), Some("ana@mail.test")).is_ok());
    heard(&with("Auto-Submitted: no"));
    let ours = LETTER.replace("m1@", "shoptalk.0.1@");
    assert_eq!(event_of(ours.as_bytes(), None), Err(Unheard::Program));
}

#[test]
fn a_letter_of_nobody_cannot_be_answered() {
    let long = format!("From: {}\r\n", "ana@mail.test, ".repeat(30_000));
    for letter in [
        "",
        "\r\n\r\n",
        "no letter at all",
        "From: ana\r\n\r\nHi",
        "Subject: Hi\r\n\r\nHi",
        "From: \"a b\"@mail.test\r\n\r\nHi",
        &long,
    ] {
        let found = event_of(letter.as_bytes(), None);
        assert_eq!(found, Err(Unheard::Unreadable), "{letter:.40}");
    }
}

#[test]
fn a_thread_is_gone_on_with_by_whoever_had_our_answer() {
    let first = heard(LETTER);
    let (_, thread) = first.talk.split_once(' ').unwrap();
    let answer =
        with(&format!("In-Reply-To: <shoptalk.{thread}.7@shop.test>")).replace("m1@", "m2@");
    let second = heard(&answer);
    assert_eq!(second.talk, first.talk);
    let fresh = heard(&LETTER.replace("m1@", "m3@"));
    assert_ne!(fresh.talk, first.talk, "the sender's address is no proof");
    let another = heard(&answer.replace("Ana@", "Eve@"));
    assert_ne!(another.talk, first.talk, "nor does the thread alone help");
    let guessed = heard(&with("In-Reply-To: <shoptalk.0.7@shop.test>"));
    assert_eq!(
        guessed.talk, first.talk,
        "no name of ours: it is of its own letter"
    );
    let references = second.context["references"].as_str().unwrap();
    assert!(references.ends_with("<m2@mail.test>"), "{references}");
    // Who is answered is who is spoken with.
    let through = heard(&with("Reply-To: Eve <eve@mail.test>"));
    assert_eq!(through.person, "eve@mail.test");
    assert!(through.talk.starts_with("eve@mail.test "));
}

#[test]
fn a_letter_is_known_by_its_id_or_else_by_its_bytes() {
    for id in [
        "<a b@mail.test>".to_owned(),
        "<m1>".to_owned(),
        format!("<{}@mail.test>", "m".repeat(300)),
        "<\u{fc}@mail.test>".to_owned(),
    ] {
        let letter = LETTER.replace("<m1@mail.test>", &id);
        let event = heard(&letter);
        assert!(event.id.starts_with("nameless-"), "{id}: {}", event.id);
        assert_eq!(event.id, heard(&letter).id);
        assert_ne!(event.id, heard(&letter.replace("Norway", "Malta")).id);
        assert_eq!(event.context["message"], Value::Null);
    }
    let many: Vec<String> = (0..5000).map(|nth| format!("<{nth}@mail.test>")).collect();
    let event = heard(&with(&format!("References: {}", many.join("\r\n "))));
    let references = event.context["references"].as_str().unwrap();
    assert_eq!(references.split(' ').count(), 20);
    assert!(references.ends_with("<4999@mail.test> <m1@mail.test>"));
}

#[test]
fn only_what_is_new_in_a_letter_is_said() {
    for (body, said) in [
        (
            "Yes\n\nOn Mon, 1 Jan 2026 at 10:00, Shop <a@b.c>\nwrote:\n> hi",
            "Yes",
        ),
        (
            "2\n\nAm 01.01.2026 um 10:00 schrieb Shop:\n> 1. A\n> 2. B",
            "2",
        ),
        (
            "Ja\n\nAm Mo., 1. Jan. 2026 um 10:00 Uhr schrieb Shop\n<a@b.c>:\n\nalt",
            "Ja",
        ),
        ("Yes\n\nLe lun. 1 janv., Shop a écrit :\n> hi", "Yes"),
        ("Yes\n\nVon: Shop\nGesendet: Montag\nAn: Ana\n\nhi", "Yes"),
        ("Yes\n\n*From:* Shop\n*Sent:* Monday\n\nhi", "Yes"),
        ("Yes\n-----Original Message-----\nhi", "Yes"),
        ("Yes\n________________________________\nhi", "Yes"),
        (
            "Look\n---------- Forwarded message ---------\nFrom: B\n",
            "Look",
        ),
        (
            "Schau\n\nAnfang der weitergeleiteten Nachricht:\n\n> x",
            "Schau",
        ),
        (
            "> do you ship?\nthat is what I ask\n-- \nAna",
            "that is what I ask",
        ),
        (
            "On Monday Shop wrote:\n> 1. A\n> 2. B\n\nThe second, please\n-- \nAna",
            "The second, please",
        ),
        (
            "On Monday Shop wrote:\n\n> a size?\nM\n> a colour?\nred",
            "M\nred",
        ),
        ("Thanks\n\nSent from my iPhone", "Thanks"),
        ("Danke\n\nVon meinem iPhone gesendet", "Danke"),
        (
            "On Monday I ordered:\n- socks\n- a hat",
            "On Monday I ordered:\n- socks\n- a hat",
        ),
        (
            "I have two questions:\nDo you ship to Norway?",
            "I have two questions:\nDo you ship to Norway?",
        ),
        ("> all\n> of it", ""),
        (
            "Hello,\n\ndo you ship to Norway?\n\nKind regards\nAna\n\nAna Ltd, 1 High Street",
            "do you ship to Norway?",
        ),
        (
            "Sehr geehrte Damen und Herren,\nwo ist meine Bestellung?\nMit freundlichen Grüßen,\nAna",
            "wo ist meine Bestellung?",
        ),
        ("Hi there\nwhere is it?\nThanks, Ben\n", "where is it?"),
        (
            "Thanks!\n\nDo you ship to Norway?",
            "Thanks!\n\nDo you ship to Norway?",
        ),
        (
            "Yes, that one.\nThanks!\nAnd do you ship to Norway?",
            "Yes, that one.\nThanks!\nAnd do you ship to Norway?",
        ),
        ("Hi, do you ship to Norway?", "Hi, do you ship to Norway?"),
        ("History books,\nplease", "History books,\nplease"),
        ("Hello,\n\nBest regards\nAna", "Hello,\n\nBest regards\nAna"),
        ("Hello", "Hello"),
        (
            "I bought a vest from you last week, and now that it is here I\nfind it too small.\nWhat now?",
            "I bought a vest from you last week, and now that it is here I find it too small.\nWhat now?",
        ),
        ("", ""),
    ] {
        assert_eq!(fresh::fresh(body), said, "{body}");
    }
    let subject = LETTER
        .replace("Do you ship to Norway?\r\n\r\n-- \r\nAna\r\n", "")
        .replace("Subject: ", "Subject: Fwd: Re: ");
    assert_eq!(said(&heard(&subject)), "Norway", "a subject alone");
    let nothing = LETTER.replace("Do you ship", "> Do you ship");
    assert_eq!(heard(&nothing).what, What::Wordless);
    let nameless = subject.replace("Norway", "");
    assert_eq!(heard(&nameless).what, What::Wordless);
}

#[test]
fn a_letter_of_blank_lines_is_read_in_no_time() {
    for body in [
        "\n".repeat(3_000_000),
        ">\n".repeat(1_500_000),
        "On \n".repeat(700_000),
    ] {
        fresh::fresh(&body);
        open(format!("From: a@b.c\n\n{body}").as_bytes());
    }
}

#[test]
fn one_letter_answers_one_with_both_its_forms_under_an_id_that_stays() {
    let email = email(&["SECRET"]);
    let heard = heard(LETTER);
    let place = Place {
        talk: heard.talk.clone(),
        context: heard.context.clone(),
    };
    let piece = |text: &str| Piece::Text {
        text: text.to_owned(),
        buttons: Vec::new(),
    };
    let calls = ["**Yes** & no", "1. A"].map(|words| email.write(&place, &piece(words)).remove(0));
    let bundle = email.bundle(calls.to_vec());
    assert_eq!(bundle.len(), 1);
    let letter = email.letter(&bundle[0], 7, now()).unwrap();
    assert_eq!(
        (letter.to.as_str(), &*letter.subject),
        ("ana@mail.test", "Re: Norway")
    );
    assert_eq!(letter.body, "Yes & no\n\n1. A");
    let reply = letter.reply.unwrap();
    assert!(
        reply.html.contains("<b>Yes</b> &amp; no<br>"),
        "{}",
        reply.html
    );
    assert_eq!(reply.answers.as_deref(), Some("m1@mail.test"));
    let (_, thread) = heard.talk.split_once(' ').unwrap();
    assert_eq!(reply.id, format!("shoptalk.{thread}.7"));
    // News, and an answer to a letter without a subject.
    let news = Place {
        talk: heard.talk,
        context: Value::Null,
    };
    let call = email.write(&news, &piece("It is back")).remove(0);
    let letter = email.letter(&call, 8, now()).unwrap();
    assert_eq!(letter.subject, "Hello@shop.test");
    assert_eq!(letter.reply.unwrap().answers, None);
}
