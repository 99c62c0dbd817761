//! WhatsApp's Cloud API, as strict as Meta's.

use super::*;

/// What Meta calls the shop's catalog, and how the ids begin that it has not.
pub const CATALOG: &str = "CAT1";
pub const UNLISTED: &str = "STARFROST";

pub async fn whatsapp() -> Rig {
    let fake = Fake::start(judge_whatsapp).await;
    let settings = format!(
        "[channels.whatsapp]\nphone_number_id = \"PN1\"\napi = \"{}\"\nsend_seconds = 2\n",
        fake.url()
    );
    Rig {
        account: "whatsapp",
        settings,
        secrets: secrets(&[
            "SHOPTALK_WHATSAPP_TOKEN",
            "SHOPTALK_WHATSAPP_SECRET",
            "SHOPTALK_WHATSAPP_VERIFY_TOKEN",
        ]),
        message: |said| signed(&whatsapp_says(&said.talk, message(said)), SECRET),
        forged: |said| signed(&whatsapp_says(&said.talk, message(said)), "another"),
        dated: true,
        idempotent: false,
        too_much: error(429, 130_429, "Rate limit hit"),
        revoked: error(401, 190, "Error validating access token"),
        blocked: Some(error(400, 131_026, "Message undeliverable")),
        words: |body| {
            let text = body
                .pointer("/text/body")
                .or_else(|| body.pointer("/interactive/body/text"));
            text.and_then(Value::as_str).unwrap_or_default().to_owned()
        },
        fake,
    }
}

pub fn message(said: &Said) -> Value {
    json!({
        "from": said.talk, "id": format!("wamid.{}", said.id), "timestamp": said.at.to_string(),
        "type": "text", "text": { "body": said.text },
    })
}

/// A photo that is kept at [`path`].
pub fn whatsapp_shown(_: &Fake, said: &Said, name: &str) -> Post {
    let mut message = message(said);
    message["type"] = json!("image");
    message["image"] =
        json!({ "id": format!("77{name}"), "mime_type": "image/jpeg", "sha256": "x" });
    if !said.text.is_empty() {
        message["image"]["caption"] = json!(said.text);
    }
    message.as_object_mut().unwrap().remove("text");
    signed(&whatsapp_says(&said.talk, message), SECRET)
}

/// A message of whoever has this number.
pub fn whatsapp_says(number: &str, message: Value) -> Value {
    whatsapp_tells(number, "messages", message)
}

/// What became of a message: a status is about someone, as a message is of someone.
pub fn whatsapp_status(number: &str, mut status: Value) -> Value {
    status["recipient_id"] = json!(number);
    whatsapp_tells(number, "statuses", status)
}

fn whatsapp_tells(number: &str, list: &str, one: Value) -> Value {
    let contact =
        json!({ "profile": { "name": "Ana" }, "wa_id": number, "user_id": format!("DE.{number}") });
    let mut value = json!({
        "messaging_product": "whatsapp", "metadata": { "display_phone_number": "49", "phone_number_id": "PN1" },
        "contacts": [contact],
    });
    value[list] = json!([one]);
    let changes = json!([{ "field": "messages", "value": value }]);
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "WABA1", "changes": changes }] })
}

fn judge_whatsapp(asked: &Asked) -> Verdict {
    if !is_known(asked) {
        return refused(StatusCode::UNAUTHORIZED, 190, "token");
    }
    if asked.path.starts_with("/media/") {
        return Verdict::File;
    }
    if let Some(id) = asked.path.strip_prefix("/v23.0/77") {
        let url = format!("http://{}/media/{id}", asked.header("host"));
        return Verdict::Fine(
            json!({ "url": url, "mime_type": "image/jpeg", "id": format!("77{id}") }),
        );
    }
    if asked.path != "/v23.0/PN1/messages" {
        return Verdict::Fine(json!({ "display_phone_number": "+49 30 123456" }));
    }
    let body = &asked.body;
    if body["messaging_product"] != "whatsapp" {
        return wrong("messaging_product");
    }
    if body["status"] == "read" {
        return match body["message_id"].as_str() {
            Some(_) => Verdict::Fine(json!({ "success": true })),
            None => wrong("message_id"),
        };
    }
    let number = body["to"].as_str();
    // Meta's own id of a person: a country, and digits.
    let own = body["recipient"]
        .as_str()
        .and_then(|id| id.strip_prefix("DE."));
    let digits = |to: &&str| to.bytes().all(|byte| byte.is_ascii_digit());
    let Some(to) = number.or(own).filter(digits) else {
        return wrong("to or recipient");
    };
    if !fits(&body["biz_opaque_callback_data"], 512) {
        return wrong("biz_opaque_callback_data");
    }
    let interactive = &body["interactive"];
    let action = &interactive["action"];
    let right = match (body["type"].as_str(), interactive["type"].as_str()) {
        (Some("text"), _) => fits(&body["text"]["body"], 4096),
        (Some("template"), _) => {
            let template = &body["template"];
            fits(&template["name"], 512) && fits(&template["language"]["code"], 8)
        }
        (Some("image"), _) => body["image"]["link"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://")),
        (Some("interactive"), Some("button")) => {
            let buttons = action["buttons"].as_array().cloned().unwrap_or_default();
            let mut ids: Vec<&Value> = buttons.iter().map(|one| &one["reply"]["id"]).collect();
            ids.dedup();
            fits(&interactive["body"]["text"], 1024)
                && (1..=3).contains(&buttons.len())
                && ids.len() == buttons.len()
                && buttons
                    .iter()
                    .all(|one| fits(&one["reply"]["title"], 20) && fits(&one["reply"]["id"], 256))
        }
        (Some("interactive"), Some("list")) => {
            let sections = action["sections"].as_array().cloned().unwrap_or_default();
            let rows: Vec<&Value> = sections
                .iter()
                .filter_map(|one| one["rows"].as_array())
                .flatten()
                .collect();
            fits(&interactive["body"]["text"], 4096)
                && fits(&action["button"], 20)
                && (1..=10).contains(&rows.len())
                && rows.iter().all(|row| {
                    let described = row.get("description").is_none_or(|words| fits(words, 72));
                    fits(&row["title"], 24) && fits(&row["id"], 200) && described
                })
        }
        (Some("interactive"), Some("carousel")) => {
            let cards = action["cards"].as_array().cloned().unwrap_or_default();
            fits(&interactive["body"]["text"], 1024)
                && interactive.get("header").is_none()
                && (2..=10).contains(&cards.len())
                && cards
                    .iter()
                    .enumerate()
                    .all(|(place, one)| is_card(place, one, &cards[0]))
        }
        (Some("interactive"), Some("product")) => {
            if !listed(&action["product_retailer_id"]) {
                return wrong("Products not found in FB Catalog");
            }
            action["catalog_id"] == CATALOG
        }
        (Some("interactive"), Some("product_list")) => {
            let sections = action["sections"].as_array().cloned().unwrap_or_default();
            let items: Vec<&Value> = sections
                .iter()
                .filter_map(|one| one["product_items"].as_array())
                .flatten()
                .collect();
            if !items.iter().all(|one| listed(&one["product_retailer_id"])) {
                return wrong("Products not found in FB Catalog");
            }
            action["catalog_id"] == CATALOG
                && fits(&interactive["body"]["text"], 1024)
                && interactive["header"]["type"] == "text"
                && fits(&interactive["header"]["text"], 60)
                && sections.iter().all(|one| fits(&one["title"], 24))
                && (1..=30).contains(&items.len())
        }
        _ => false,
    };
    let known = [
        "messaging_product",
        "recipient_type",
        "to",
        "recipient",
        "type",
        "biz_opaque_callback_data",
        body["type"].as_str().unwrap_or_default(),
    ];
    let mut strange = body.as_object().into_iter().flatten().map(|(name, _)| name);
    if let Some(name) = strange.find(|name| !known.contains(&name.as_str())) {
        return wrong(&format!("Unexpected key {name}"));
    }
    match right {
        true => {
            let contact = match number {
                Some(number) => json!({ "input": number, "wa_id": number }),
                None => json!({ "input": format!("DE.{to}"), "user_id": format!("DE.{to}") }),
            };
            let answer = json!({
                "messaging_product": "whatsapp", "contacts": [contact],
                "messages": [{ "id": format!("wamid.out-{}", body["biz_opaque_callback_data"].as_str().unwrap()) }],
            });
            Verdict::Message(to.to_owned(), answer)
        }
        false => wrong("parameter value is not valid"),
    }
}

/// A card as the one before it, but for what it is about.
fn is_card(place: usize, card: &Value, first: &Value) -> bool {
    let body = card["body"]["text"].as_str().unwrap_or_default();
    let buttons = |card: &Value| card["action"]["buttons"].as_array().cloned();
    let replies = buttons(card).is_none_or(|all| {
        (1..=3).contains(&all.len())
            && all.iter().all(|one| {
                let reply = &one["quick_reply"];
                one["type"] == "quick_reply" && fits(&reply["title"], 20) && fits(&reply["id"], 256)
            })
    });
    let opens = card["action"]["name"] == "cta_url"
        && fits(&card["action"]["parameters"]["display_text"], 20)
        && card["action"]["parameters"]["url"].is_string();
    card["card_index"] == place
        && card["type"] == "cta_url"
        && fits(&card["body"]["text"], 160)
        && body.matches('\n').count() <= 2
        && card["header"]["image"]["link"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://"))
        && replies
        && (buttons(card).is_some() || opens)
        && buttons(card).map(|all| all.len()) == buttons(first).map(|all| all.len())
}

/// Meta has all but the catalog of one product.
fn listed(id: &Value) -> bool {
    fits(id, 100) && !id.as_str().is_some_and(|id| id.starts_with(UNLISTED))
}
