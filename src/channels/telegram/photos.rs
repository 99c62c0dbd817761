//! Photos of Telegram: a message names them, `getFile` says where each is.

use super::super::bridge::text;
use crate::remote::Ask;
use serde_json::Value;

/// The file that a message shows: the largest size of a photo, or a picture sent as a document.
pub(super) fn of(message: &Value) -> Vec<String> {
    let sizes = message.get("photo").and_then(Value::as_array);
    let largest = sizes.and_then(|sizes| text(sizes.last()?, &["file_id"]));
    let document = message.get("document").filter(|document| {
        text(document, &["mime_type"]).is_some_and(|kind| kind.starts_with("image/"))
    });
    let document = document.and_then(|document| text(document, &["file_id"]));
    largest
        .or(document)
        .map(str::to_owned)
        .into_iter()
        .collect()
}

/// The request of a file. Its path is Telegram's own, and must not lead to another bot's.
pub(super) fn ask(base: &str, token: &str, path: &str, most: usize) -> Result<Ask, String> {
    let strange = path
        .split('/')
        .any(|part| part.is_empty() || part.starts_with('.'));
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if strange || !path.chars().all(plain) {
        return Err("its path is none of Telegram's".to_owned());
    }
    let url = format!("{base}/file/bot{token}/{path}");
    let url = url.parse();
    Ok(Ask::get(
        url.map_err(|_| "its path cannot be part of an address")?,
        most,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_largest_size_is_taken_and_a_picture_that_is_a_file() {
        let sizes = json!({ "photo": [{ "file_id": "s", "width": 90 }, { "file_id": "l", "width": 1280 }] });
        assert_eq!(of(&sizes), ["l"]);
        let file = |kind: &str| json!({ "document": { "file_id": "d", "mime_type": kind } });
        assert_eq!(of(&file("image/png")), ["d"]);
        assert!(of(&file("application/pdf")).is_empty());
        assert!(of(&json!({ "photo": [], "voice": {} })).is_empty());
    }

    #[test]
    fn a_path_stays_in_the_bots_own_files() {
        let asked = |path: &str| ask("https://api.telegram.org", "1:t", path, 9);
        let url = asked("photos/file_12.jpg").unwrap().url;
        assert_eq!(url.path(), "/file/bot1:t/photos/file_12.jpg");
        for path in [
            "../bot2:u/a.jpg",
            "a/../../b",
            "/etc/passwd",
            "",
            "a?b",
            "a%2e%2e/b",
            "a#b",
        ] {
            assert!(asked(path).is_err(), "{path}");
        }
    }
}
