//! The Bot API, as strict as Telegram's own.

use super::fake::{Asked, Fake, Fault, Verdict};
use super::{Post, Rig, Said};
use axum::http::StatusCode;
use serde_json::{Value, json};

pub const TOKEN: &str = "12345:canary-telegram-token";
pub const SECRET: &str = "canary_telegram_secret";

pub async fn rig() -> Rig {
    let fake = Fake::start(judge).await;
    let settings = format!(
        "[channels.telegram]\napi = \"{}\"\nsend_seconds = 2\n",
        fake.url()
    );
    Rig {
        account: "telegram",
        settings,
        secrets: vec![
            ("SHOPTALK_TELEGRAM_TOKEN", TOKEN.to_owned()),
            ("SHOPTALK_TELEGRAM_SECRET", SECRET.to_owned()),
        ],
        message: |said| post(said, SECRET),
        forged: |said| post(said, "canary_telegram_secreT"),
        dated: true,
        idempotent: false,
        too_much: error(
            429,
            "Too Many Requests: retry after 1",
            json!({ "retry_after": 1 }),
        ),
        revoked: error(401, "Unauthorized", Value::Null),
        blocked: Some(error(
            403,
            "Forbidden: bot was blocked by the user",
            Value::Null,
        )),
        words: |body| body["text"].as_str().unwrap_or_default().to_owned(),
        fake,
    }
}

fn error(code: u16, description: &str, parameters: Value) -> Fault {
    let body = json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters });
    Fault::Answer(code, Vec::new(), body.to_string())
}

pub fn update(said: &Said) -> Value {
    let chat: i64 = said.talk.parse().unwrap();
    json!({
        "update_id": said.id,
        "message": {
            "message_id": said.id, "date": said.at, "text": said.text,
            "from": { "id": chat, "is_bot": false, "first_name": "Ana", "language_code": "en" },
            "chat": { "id": chat, "type": "private", "first_name": "Ana" },
        },
    })
}

/// A photo in two sizes, which is kept at [`path`].
pub fn shown(_: &Fake, said: &Said, name: &str) -> Post {
    let mut update = update(said);
    let message = update["message"].as_object_mut().unwrap();
    let caption = message.remove("text").unwrap();
    if caption != "" {
        message.insert("caption".into(), caption);
    }
    let size = |id: &str, width: u32| json!({ "file_id": id, "width": width, "height": width });
    message.insert("photo".into(), json!([size("tiny", 90), size(name, 1280)]));
    posted(&update, SECRET)
}

pub fn path(name: &str) -> String {
    format!("/file/bot{TOKEN}/photos/{name}.jpg")
}

fn post(said: &Said, secret: &str) -> Post {
    posted(&update(said), secret)
}

fn posted(update: &Value, secret: &str) -> Post {
    Post {
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("x-telegram-bot-api-secret-token", secret.to_owned()),
        ],
        body: update.to_string(),
        ..Post::default()
    }
}

/// What Telegram makes of a request.
pub fn judge(asked: &Asked) -> Verdict {
    let wrong = |code: u16, why: &str| {
        let words = json!({ "ok": false, "error_code": code, "description": why });
        Verdict::Refused(StatusCode::from_u16(code).unwrap(), words)
    };
    if let Some(path) = asked.path.strip_prefix("/file/bot") {
        return match path.split_once('/') {
            Some((TOKEN, _)) => Verdict::File,
            _ => wrong(401, "Unauthorized"),
        };
    }
    let Some((token, method)) = asked.path.trim_start_matches("/bot").rsplit_once('/') else {
        return wrong(404, "Not Found");
    };
    if token != TOKEN {
        return wrong(401, "Unauthorized");
    }
    let ok = |result: Value| json!({ "ok": true, "result": result });
    let body = &as_json(&asked.body);
    match method {
        "getMe" => {
            return Verdict::Fine(ok(json!({
                "id": 1, "is_bot": true, "first_name": "Shop", "username": "shop_bot",
                "can_join_groups": false, "can_read_all_group_messages": false, "supports_inline_queries": false,
            })));
        }
        "setWebhook" => {
            let secret = body["secret_token"].as_str().unwrap_or_default();
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if secret.is_empty() || secret.len() > 256 || !secret.chars().all(plain) {
                return wrong(400, "secret token contains unallowed characters");
            }
            return match body["url"].as_str() {
                Some(url) if url.starts_with("https://") => Verdict::Fine(ok(json!(true))),
                _ => wrong(400, "bad webhook: An HTTPS URL must be provided"),
            };
        }
        "getWebhookInfo" => {
            let url = "https://chat.shop.test/bridges/telegram";
            return Verdict::Fine(ok(json!({
                "url": url, "has_custom_certificate": false, "pending_update_count": 0, "max_connections": 40,
            })));
        }
        "getFile" => {
            return match body["file_id"].as_str() {
                Some(id) => Verdict::Fine(ok(
                    json!({ "file_id": id, "file_path": format!("photos/{id}.jpg") }),
                )),
                None => wrong(400, "Bad Request: file_id is not specified"),
            };
        }
        "deleteWebhook" | "answerCallbackQuery" | "sendChatAction" => {
            return Verdict::Fine(ok(json!(true)));
        }
        "sendMessage" | "sendPhoto" => {}
        _ => return wrong(404, "Not Found: method not found"),
    }
    let Some(chat) = body["chat_id"].as_i64() else {
        return wrong(400, "Bad Request: chat_id is empty");
    };
    let (field, most) = match method {
        "sendMessage" => ("text", 4096),
        _ => ("caption", 1024),
    };
    let words = body[field].as_str().unwrap_or_default();
    let shown = match body["parse_mode"].as_str() {
        Some("HTML") => match parsed(words) {
            Ok(shown) => shown,
            Err(why) => return wrong(400, &format!("Bad Request: can't parse entities: {why}")),
        },
        _ => words.to_owned(),
    };
    let length = shown.encode_utf16().count();
    if length > most || (length == 0 && method == "sendMessage") {
        return wrong(400, "Bad Request: message is too long or empty");
    }
    let photo = body["photo"].as_str().unwrap_or_default();
    if method == "sendPhoto" && !photo.starts_with("http") {
        return wrong(400, "Bad Request: wrong file identifier/HTTP URL specified");
    }
    let rows = body["reply_markup"]["inline_keyboard"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let buttons: usize = rows
        .iter()
        .map(|row| row.as_array().map_or(0, Vec::len))
        .sum();
    if buttons > 100
        || rows
            .iter()
            .any(|row| row.as_array().is_none_or(|row| row.len() > 8))
    {
        return wrong(400, "Bad Request: too many buttons");
    }
    for button in rows.iter().flat_map(|row| row.as_array().unwrap()) {
        let data = button["callback_data"].as_str();
        let fits = match (data, button["url"].as_str()) {
            (Some(data), None) => (1..=64).contains(&data.len()),
            (None, Some(url)) => url.starts_with("http"),
            _ => false,
        };
        if !fits || button["text"].as_str().is_none_or(str::is_empty) {
            return wrong(400, "Bad Request: BUTTON_DATA_INVALID");
        }
    }
    let mut result =
        json!({ "message_id": 7, "date": 1, "chat": { "id": chat, "type": "private" } });
    result[field] = json!(shown);
    if method == "sendPhoto" {
        let size = json!({ "file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 90 });
        result["photo"] = json!([size]);
    }
    Verdict::Message(chat.to_string(), ok(result))
}

/// A body whose fields came as a form's: Telegram takes either, objects and numbers as JSON.
pub fn as_json(body: &Value) -> Value {
    const JSON: [&str; 9] = [
        "chat_id",
        "reply_markup",
        "link_preview_options",
        "allowed_updates",
        "offset",
        "limit",
        "timeout",
        "max_connections",
        "drop_pending_updates",
    ];
    let mut body = body.clone();
    for name in JSON {
        let written = body.get(name).and_then(Value::as_str);
        if let Some(value) = written.and_then(|written| serde_json::from_str(written).ok()) {
            body[name] = value;
        }
    }
    body
}

/// HTML as Telegram reads it: four tags, four entities, everything closed.
pub fn parsed(html: &str) -> Result<String, String> {
    let (mut shown, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(c) = rest.chars().next() {
        if c == '<' {
            let end = rest.find('>').ok_or("unclosed tag")?;
            let tag = &rest[1..end];
            match tag.strip_prefix('/') {
                Some(closed) if open.last().is_some_and(|one| *one == closed) => {
                    open.pop();
                }
                Some(_) => return Err(format!("unexpected end tag {tag}")),
                None if ["b", "i"].contains(&tag) => open.push(tag),
                None if tag.starts_with("a href=\"") && tag.ends_with('"') => open.push("a"),
                None => return Err(format!("unsupported start tag {tag}")),
            }
            rest = &rest[end + 1..];
        } else if c == '&' {
            let end = rest.find(';').ok_or("bare ampersand")?;
            shown.push(match &rest[..=end] {
                "&amp;" => '&',
                "&lt;" => '<',
                "&gt;" => '>',
                "&quot;" => '"',
                other => return Err(format!("unknown entity {other}")),
            });
            rest = &rest[end + 1..];
        } else {
            shown.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    match open.is_empty() {
        true => Ok(shown),
        false => Err("unclosed tags".to_owned()),
    }
}
