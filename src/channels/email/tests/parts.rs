use super::{LETTER, event_of, said};
use crate::channels::email::parts::{Opened, of_html, open};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn entity(headers: &str, body: &[u8]) -> Vec<u8> {
    [headers.as_bytes(), b"\r\n\r\n", body].concat()
}

#[test]
fn words_are_read_in_whatever_they_are_written() {
    for (kind, coding, body) in [
        (
            "text/plain; charset=iso-8859-1",
            "8bit",
            b"Gr\xfc\xdfe".to_vec(),
        ),
        ("text/plain; charset=utf-8", "8bit", "Grüße".into()),
        (
            "text/plain; charset=utf-8",
            "quoted-printable",
            b"Gr=C3=BC=\r\n=C3=9Fe".to_vec(),
        ),
        (
            "TEXT/Plain;\r\n charset=\"windows-1252\"",
            "base64",
            STANDARD.encode(b"Gr\xfc\xdfe").into(),
        ),
        (
            "text/html; charset=utf-8",
            "8bit",
            "<style>p{}</style><p>Gr&uuml;ße</p>".into(),
        ),
    ] {
        let headers = format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}");
        assert_eq!(
            open(&entity(&headers, &body)).text.trim(),
            "Grüße",
            "{kind}"
        );
    }
    let japanese = "Content-Type: text/plain; charset=iso-2022-jp";
    let opened = open(&entity(japanese, b"\x1b$B$3$s$K$A$O\x1b(B"));
    assert_eq!(opened.text.trim(), "こんにちは");
    // A charset nobody knows, and bytes that are none of what they say: something is read, and nothing breaks.
    let odd = open(&entity(
        "Content-Type: text/plain; charset=klingon",
        b"Gr\xfc and so on",
    ));
    assert!(odd.text.contains("and so on"));
    let broken = open(&entity(
        "Content-Type: text/plain; charset=utf-8",
        b"\xff\xfe and so on",
    ));
    assert!(broken.text.contains("and so on"));
    assert_eq!(open(b"\r\nbare").text.trim(), "bare");
}

fn mixed(parts: &[(&str, &str)]) -> Vec<u8> {
    let inside: Vec<String> = parts
        .iter()
        .map(|(headers, body)| format!("--b 7\r\n{headers}\r\n\r\n{body}\r\n"))
        .collect();
    let body = format!("preamble\r\n{}--b 7--\r\n", inside.concat());
    entity(
        "Content-Type: multipart/mixed; boundary=\"b 7\"",
        body.as_bytes(),
    )
}

#[test]
fn a_letter_of_parts_is_its_text_and_what_is_attached_is_told() {
    let text = ("Content-Type: text/plain", "Broken, see photo");
    let photo = (
        "Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename=a.jpg",
        "AAAA",
    );
    let sign = (
        "Content-Type: image/png\r\nContent-ID: <logo@mail.test>",
        "AAAA",
    );
    let opened = |parts: &[(&str, &str)]| {
        let Opened { text, attached } = open(&mixed(parts));
        (text.trim().to_owned(), attached)
    };
    let broken = "Broken, see photo".to_owned();
    assert_eq!(opened(&[text, photo]), (broken.clone(), true));
    assert_eq!(opened(&[text, sign]), (broken.clone(), false));
    let large = "A".repeat(100_000);
    assert!(
        opened(&[text, (sign.0, &large)]).1,
        "a photo between the lines"
    );
    let key = ("Content-Type: application/pgp-signature", "x");
    assert_eq!(opened(&[text, key]), (broken.clone(), false));
    let file = (
        "Content-Type: text/plain\r\nContent-Disposition: attachment",
        "old",
    );
    assert_eq!(opened(&[text, file]), (broken.clone(), true));
    let forwarded = ("Content-Type: message/rfc822", LETTER);
    assert_eq!(opened(&[text, forwarded]), (broken, true));
    let both = "--c\r\nContent-Type: text/plain\r\n\r\nplain\r\n--c\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--c--";
    let alternative = ("Content-Type: multipart/alternative; boundary=c", both);
    assert_eq!(opened(&[alternative]), ("plain".to_owned(), false));
    let html = both.replace("\r\nplain\r\n", "\r\n \r\n");
    assert_eq!(opened(&[(alternative.0, &html)]).0, "html");
    // Cut off in the middle, and without a boundary.
    let whole = mixed(&[text, photo]);
    assert_eq!(
        open(&whole[..whole.len() - 40]).text.trim(),
        "Broken, see photo"
    );
    assert_eq!(
        open(&entity("Content-Type: multipart/mixed", b"--\nx\n--")).text,
        ""
    );
    let mut letter = LETTER
        .replacen("Subject", "MIME-Version: 1.0\r\nSubject", 1)
        .into_bytes();
    letter.truncate(letter.len() - "\r\nDo you ship to Norway?\r\n\r\n-- \r\nAna\r\n".len());
    letter.extend(mixed(&[text, photo]));
    let event = event_of(&letter, None).unwrap();
    assert_eq!(said(&event), "Broken, see photo");
    assert_eq!(event.context["attached"], true);
}

#[test]
fn letters_that_are_made_to_hurt_do_not() {
    let deep = |times: usize, kind: &str| {
        let inside = (0..times).map(|nth| {
            format!(
                "--b{nth}\r\nContent-Type: {kind}; boundary=b{}\r\n\r\n",
                nth + 1
            )
        });
        let body: String = inside.collect();
        entity(
            "Content-Type: multipart/mixed; boundary=b0",
            body.as_bytes(),
        )
    };
    open(&deep(40_000, "multipart/mixed"));
    open(&deep(40_000, "multipart/digest"));
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(60_000);
    assert!(open(nested.as_bytes()).attached);
    open(&mixed(&[(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
        &STANDARD.encode(&nested),
    )]));
    let many = vec![("Content-Type: text/plain", "x"); 60_000];
    assert!(open(&mixed(&many)).text.len() < 2000);
    let headers = "A: b\r\n".repeat(500_000);
    assert_eq!(open(entity(&headers, b"x").as_slice()), Opened::default());
    let tags = "<div>".repeat(150_000);
    open(&entity("Content-Type: text/html", tags.as_bytes()));
    open(&entity(
        "Content-Type: text/html",
        "<".repeat(900_000).as_bytes(),
    ));
    open(&entity(
        "Content-Type: text/html",
        "<!--".repeat(200_000).as_bytes(),
    ));
    let folded = format!("Content-Type: text/plain;{}", " a=b;\r\n".repeat(30_000));
    open(&entity(folded.trim_end(), b"x"));
    let large = format!(
        "Content-Type: text/plain\r\n\r\n{}",
        "x".repeat(3 * 1024 * 1024)
    );
    assert!(open(large.as_bytes()).attached, "nobody writes so much");
}

#[test]
fn html_becomes_lines_without_what_it_answers() {
    for (html, text) in [
        ("<div>Hi</div><div>do you ship?</div>", "Hi\n\ndo you ship?"),
        ("<p>2 &lt; 3</p><!-- <div> --><script>x</script>", "2 < 3"),
        (
            "<div>Yes</div><div class=\"gmail_quote\"><div>On Monday Shop wrote:</div><blockquote>old</blockquote></div>",
            "Yes",
        ),
        ("Yes<hr><div id=\"divRplyFwdMsg\">From: Shop</div>", "Yes"),
        ("<blockquote>all of it</blockquote>", "all of it"),
        ("Stra\u{df}e\u{130} <BLOCKQUOTE>old", "Stra\u{df}e\u{130}"),
    ] {
        let said = of_html(html);
        let said: Vec<&str> = said.split_whitespace().collect();
        let text: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(said, text, "{html}");
    }
    assert!(of_html("<div>Yes</div><div>On Monday Shop wrote:</div>").contains("\nOn Monday"));
}
