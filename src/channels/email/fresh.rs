//! What is new in a letter: without what it answers, and without the words over and under every letter.

use super::courtesies;

/// Bytes of a letter that are looked at.
const LOOKED_AT: usize = 64 * 1024;
/// Lines over which "On Monday, Ana <ana@mail.test> wrote:" may be broken.
const BROKEN_OVER: usize = 3;
/// Characters from which a line is likely to have been broken by a program.
const BROKEN_FROM: usize = 55;
/// Programs that name themselves under what was written with them.
const PROGRAMS: [&str; 8] = [
    "sent from my ",
    "sent from outlook",
    "sent via ",
    "get outlook for ",
    "gesendet von ",
    "gesendet mit ",
    "von meinem ",
    "diese nachricht wurde von meinem ",
];
/// What stands between dashes, or alone, over an older letter.
const OLDER: [&str; 8] = [
    "original message",
    "forwarded message",
    "begin forwarded message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
];
/// The first line of an older letter's head, and what follows it.
const FROM: [&str; 2] = ["from:", "von:"];
const BELOW_FROM: [&str; 8] = [
    "sent:",
    "date:",
    "to:",
    "subject:",
    "gesendet:",
    "datum:",
    "an:",
    "betreff:",
];

/// What somebody has newly written in this text of a letter.
pub fn fresh(body: &str) -> String {
    let mut end = body.len().min(LOOKED_AT);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let lines: Vec<&str> = body[..end].lines().map(str::trim_end).collect();
    let mut said: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at..];
        match attribution(rest) {
            // Answers below or between what they answer: only the marked lines are old.
            Some(over) if is_marked(&rest[over..]) => {
                at += over;
                continue;
            }
            Some(_) if wrote(rest) => break,
            _ => {}
        }
        if ends(line) || is_head(rest) {
            break;
        }
        if !line.starts_with('>') {
            said.push(line);
        }
        at += 1;
    }
    flowing(courtesies::without(&said))
}

/// Lines with those joined that were one before they were broken to a width.
fn flowing(lines: &[&str]) -> String {
    let mut said = String::new();
    let mut goes_on = false;
    for line in lines {
        let words = line.trim_start();
        let begins = words.is_empty()
            || words.starts_with(['-', '*'])
            || words.starts_with(|c: char| c.is_ascii_digit());
        if !said.is_empty() {
            said.push(if goes_on && !begins { ' ' } else { '\n' });
        }
        said.push_str(line);
        goes_on = line.chars().count() >= BROKEN_FROM && !line.ends_with(['.', '!', '?', ':', ';']);
    }
    said.trim().to_owned()
}

/// How many lines say who wrote what follows; none where these lines do not. Only their form is looked at here.
fn attribution(lines: &[&str]) -> Option<usize> {
    if lines.first()?.is_empty() || lines.first()?.starts_with('>') {
        return None;
    }
    let broken = lines.iter().take(BROKEN_OVER);
    let whole = broken.take_while(|line| !line.is_empty() && !line.starts_with('>'));
    let mut whole = whole.enumerate();
    let (last, _) = whole.find(|(_, line)| line.ends_with(':'))?;
    // Of more than one line it has to say so: "Ana\nasks:" is no such thing.
    (last == 0 || wrote(lines)).then_some(last + 1)
}

/// "On … wrote:", "Am … schrieb …:"
fn wrote(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else {
        return false;
    };
    let own = first.contains("I wrote") || first.contains("schrieb ich");
    let begins = !own && ["On ", "Am "].iter().any(|word| first.starts_with(word));
    let mut broken = lines
        .iter()
        .take(BROKEN_OVER)
        .take_while(|line| !line.is_empty());
    let says =
        |line: &str| line.ends_with("wrote:") || (line.ends_with(':') && line.contains("schrieb"));
    let mut before = false;
    begins
        && broken.any(|line| {
            let said = says(line) || (before && line.ends_with(':'));
            before |= line.contains("schrieb");
            said
        })
}

/// Whether the next words are marked as somebody else's.
fn is_marked(lines: &[&str]) -> bool {
    let next = lines.iter().take(BROKEN_OVER).find(|line| !line.is_empty());
    next.is_some_and(|line| line.starts_with('>'))
}

/// The line under what was said.
fn ends(line: &str) -> bool {
    if line == "--" {
        return true;
    }
    let ruled = line.len() >= 10 && line.bytes().all(|byte| byte == b'_');
    let lower = line.to_lowercase();
    let inside = lower.trim_matches(['-', ' ', ':']);
    let over = OLDER.iter().any(|words| inside.starts_with(words))
        && (lower.starts_with("--") || lower.ends_with(':'));
    ruled || over || PROGRAMS.iter().any(|start| lower.starts_with(start))
}

/// Whether an older letter's head begins here.
fn is_head(lines: &[&str]) -> bool {
    let mut rest = lines
        .iter()
        .take(BROKEN_OVER)
        .filter(|line| !line.is_empty());
    let mut begins = |words: &[&str]| {
        let line = rest
            .next()
            .map(|line| line.trim_start_matches('*').to_lowercase());
        line.is_some_and(|line| words.iter().any(|word| line.starts_with(word)))
    };
    begins(&FROM) && begins(&BELOW_FROM)
}
