//! The lines between `---` at the top of an article file.

use jiff::civil::Date;

/// What they may say.
pub(super) const KEYS: [&str; 4] = ["language", "tags", "valid_from", "valid_until"];

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct FrontMatter {
    pub(super) language: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) valid_from: Option<Date>,
    pub(super) valid_until: Option<Date>,
}

/// A complaint: byte range in the file, code, message, help.
pub(super) type Complaint = (std::ops::Range<usize>, &'static str, String, String);

/// Reads the front matter, if there is one. Gives the byte where the Markdown begins.
pub(super) fn read(text: &str, complain: &mut Vec<Complaint>) -> (FrontMatter, usize) {
    let mut found = FrontMatter::default();
    let Some(first) = text
        .split_inclusive('\n')
        .next()
        .filter(|line| line.trim_end() == "---")
    else {
        return (found, 0);
    };
    let mut at = first.len();
    let mut in_tags = false;
    for line in text[at..].split_inclusive('\n') {
        let range = at..at + line.trim_end().len();
        at += line.len();
        let content = uncommented(line).trim();
        if content == "---" {
            return (found, at);
        }
        if content.is_empty() {
            continue;
        }
        if let (true, Some(tag)) = (in_tags, content.strip_prefix("- ")) {
            found.tags.push(unquoted(tag).to_owned());
            continue;
        }
        let Some((key, value)) = content.split_once(':') else {
            let message = format!("`{content}` is not `key: value`");
            complain.push((
                range,
                "front_matter",
                message,
                "write one `key: value` a line, then `---`".to_owned(),
            ));
            continue;
        };
        let (key, value) = (key.trim(), unquoted(value.trim()));
        in_tags = key == "tags" && value.is_empty();
        set(&mut found, key, value, range, complain);
    }
    let help = "write `---` on a line of its own after the last key".to_owned();
    complain.push((
        0..3,
        "front_matter",
        "the front matter does not end".to_owned(),
        help,
    ));
    (FrontMatter::default(), at)
}

fn set(
    found: &mut FrontMatter,
    key: &str,
    value: &str,
    range: std::ops::Range<usize>,
    complain: &mut Vec<Complaint>,
) {
    let mut date = || {
        value
            .parse::<Date>()
            .inspect_err(|_| {
                let message = format!("`{value}` is not a date");
                complain.push((
                    range.clone(),
                    "date",
                    message,
                    "write it like `2026-11-20`".to_owned(),
                ));
            })
            .ok()
    };
    match key {
        "language" => found.language = Some(value.to_lowercase()).filter(|value| !value.is_empty()),
        "tags" => {
            let inner = value.trim_start_matches('[').trim_end_matches(']');
            found.tags = inner
                .split(',')
                .map(|tag| unquoted(tag.trim()).to_owned())
                .filter(|tag| !tag.is_empty())
                .collect();
        }
        "valid_from" => found.valid_from = date(),
        "valid_until" => found.valid_until = date(),
        _ => {
            let near = KEYS
                .iter()
                .min_by_key(|known| strsim::damerau_levenshtein(known, key));
            let near = near.filter(|known| strsim::damerau_levenshtein(known, key) <= 3);
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the keys are {}",
                    KEYS.map(|key| format!("`{key}`")).join(", ")
                ),
            };
            complain.push((
                range,
                "unknown_key",
                format!("`{key}` is not a key of an article file"),
                help,
            ));
        }
    }
}

/// Without a comment: `#` at the start or after a space.
fn uncommented(line: &str) -> &str {
    let comment = line
        .match_indices('#')
        .find(|(at, _)| *at == 0 || line[..*at].ends_with([' ', '\t']));
    comment.map_or(line, |(at, _)| &line[..at])
}

fn unquoted(value: &str) -> &str {
    let quoted = |mark: char| {
        value
            .strip_prefix(mark)
            .and_then(|rest| rest.strip_suffix(mark))
    };
    quoted('"').or_else(|| quoted('\'')).unwrap_or(value)
}
