//! The parts of a letter. Which there are is found here, within bounds; what stands in one is read by the library, whose
//! walk through a letter has no bounds of its own.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{ContentType, Message, MessageParser, MimeHeaders, PartType};

/// Bytes of a letter's or a part's headers; mail servers take fewer.
const LONGEST_HEAD: usize = 256 * 1024;
/// Parts within parts.
const DEEPEST: usize = 10;
/// All parts together.
const MOST_PARTS: usize = 200;
/// Bytes of a part that can be what somebody wrote.
const LONGEST_TEXT: usize = 1024 * 1024;
/// Bytes from which a picture in the text is more than a company's sign.
const PHOTO: usize = 64 * 1024;
/// Attachments that say nothing: signatures, cards, appointments.
const SILENT: [&str; 8] = [
    "pgp-signature",
    "pgp-keys",
    "pkcs7-signature",
    "x-pkcs7-signature",
    "ms-tnef",
    "calendar",
    "vcard",
    "x-vcard",
];
/// What stands in the tag that what is answered begins with, as mail programs write it.
const QUOTES: [&str; 6] = [
    "<blockquote",
    "gmail_quote",
    "divrplyfwdmsg",
    "appendonsend",
    "moz-cite-prefix",
    "yahoo_quoted",
];
/// Tags that begin a new line.
const BREAKS: [&str; 7] = ["div", "/div", "p", "li", "tr", "hr", "h1"];

/// What a letter says, as far as it can be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub text: String,
    /// Something else is in it that somebody may have wanted to show.
    pub attached: bool,
}

/// The headers of a letter or of a part, which has no part of its own where it has none, and where what follows them
/// begins; nothing where they do not end within bounds.
pub(super) fn head(entity: &[u8]) -> Option<(Message<'_>, usize)> {
    let mut end = 0;
    for line in entity.split_inclusive(|byte| *byte == b'\n') {
        end += line.len();
        if end > LONGEST_HEAD {
            return None;
        }
        if line.trim_ascii().is_empty() {
            break;
        }
    }
    let head = MessageParser::default().parse_headers(&entity[..end]);
    Some((head.unwrap_or_default(), end))
}

/// What stands between the lines of a boundary.
pub(super) fn split<'b>(body: &'b [u8], boundary: &str) -> Vec<&'b [u8]> {
    let marker = format!("--{boundary}");
    let (mut parts, mut from, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let begin = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(marker.as_bytes()) else {
            continue;
        };
        let last = rest.starts_with(b"--");
        if boundary.is_empty() || !(last || rest.trim_ascii().is_empty()) {
            continue;
        }
        if let Some(from) = from.replace(at) {
            // The break before a boundary is the boundary's.
            let part = body.get(from..begin).unwrap_or_default();
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        if last || parts.len() >= MOST_PARTS {
            return parts;
        }
    }
    // Cut off on its way.
    parts.extend(from.and_then(|from| body.get(from..)));
    parts
}

/// Reads what a letter says.
pub fn open(letter: &[u8]) -> Opened {
    let mut opening = Opening::default();
    opening.walk(letter, 0);
    let text = match opening.plain.trim().is_empty() {
        false => opening.plain,
        true => of_html(&opening.html),
    };
    Opened {
        text,
        attached: opening.attached,
    }
}

#[derive(Default)]
struct Opening {
    plain: String,
    html: String,
    attached: bool,
    parts: usize,
}

impl Opening {
    fn walk(&mut self, entity: &[u8], depth: usize) {
        self.parts += 1;
        let Some((head, begin)) = head(entity) else {
            return;
        };
        // Without any header it is text.
        let part = head.parts.first();
        let kind = part.and_then(|part| part.content_type());
        let (main, sub) = named(kind);
        if main == "multipart" {
            let boundary = kind.and_then(|kind| kind.attribute("boundary"));
            let inside = entity.get(begin..).unwrap_or_default();
            for one in split(inside, boundary.unwrap_or_default()) {
                if depth < DEEPEST && self.parts < MOST_PARTS {
                    self.walk(one, depth + 1);
                }
            }
            return;
        }
        let disposition = part.and_then(|part| part.content_disposition());
        let is_attachment = disposition.is_some_and(ContentType::is_attachment);
        let is_text = main == "text" && ["plain", "html"].contains(&&*sub);
        if is_text && !is_attachment && entity.len() <= LONGEST_TEXT {
            return self.read(entity);
        }
        let in_text = part.is_some_and(|part| part.content_id().is_some()) && !is_attachment;
        let is_sign = main == "image" && in_text && entity.len() < PHOTO;
        self.attached |= !is_sign && !SILENT.contains(&&*sub);
    }

    fn read(&mut self, entity: &[u8]) {
        let read = MessageParser::default().parse(entity);
        let part = read.and_then(|mut read| read.parts.drain(..).next());
        let (text, to) = match part.map(|part| part.body) {
            Some(PartType::Html(html)) => (html, &mut self.html),
            Some(PartType::Text(text)) => (text, &mut self.plain),
            _ => return,
        };
        to.push_str(&text);
        to.push('\n');
    }
}

/// `text`, `plain`: also where nothing is said.
fn named(kind: Option<&ContentType<'_>>) -> (String, String) {
    let Some(kind) = kind else {
        return ("text".to_owned(), "plain".to_owned());
    };
    let sub = kind.subtype().unwrap_or("plain");
    (kind.ctype().to_ascii_lowercase(), sub.to_ascii_lowercase())
}

/// A letter in HTML as lines; what it answers is left out, unless there is nothing else.
pub fn of_html(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let quote = QUOTES.iter().filter_map(|mark| lower.find(mark)).min();
    let quote = quote.and_then(|at| lower.get(..=at)?.rfind('<'));
    let new = quote.and_then(|at| html.get(..at)).map(lines);
    match new {
        Some(new) if !new.trim().is_empty() => new,
        _ => lines(html),
    }
}

fn lines(html: &str) -> String {
    let mut broken = String::with_capacity(html.len() + html.len() / 8);
    for (place, piece) in html.split('<').enumerate() {
        if place > 0 {
            let tag = piece
                .split(|c: char| c.is_ascii_whitespace() || c == '>')
                .next();
            let breaks =
                tag.is_some_and(|tag| BREAKS.iter().any(|one| one.eq_ignore_ascii_case(tag)));
            broken.push_str(if breaks { "<br><" } else { "<" });
        }
        broken.push_str(piece);
    }
    let text = html_to_text(&broken);
    let mut said = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines().map(str::trim) {
        match line.is_empty() {
            true => gap = !said.is_empty(),
            false => {
                said.push_str(if std::mem::take(&mut gap) {
                    "\n\n"
                } else {
                    "\n"
                });
                said.push_str(line);
            }
        }
    }
    said.trim_start().to_owned()
}
