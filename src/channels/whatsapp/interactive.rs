//! What can be tapped: buttons, lists, cards to swipe, products of Meta's catalog.

use crate::channels::abilities;
use crate::channels::render::{Button, Card, Piece, Row, Tap, shortened};
use serde_json::{Value, json};

/// Characters of what stands above a list of products, and of its section.
const HEADER: usize = 60;
const SECTION: usize = 24;

/// A piece as an `interactive` object; null for one that is none.
pub(super) fn of(piece: &Piece, catalog: &str) -> Value {
    match piece {
        Piece::Text { text, buttons } => replies(None, text, buttons),
        Piece::Picture {
            url,
            caption,
            buttons,
        } => replies(Some(url), caption, buttons),
        Piece::List { text, open, rows } => list(text, open, rows),
        Piece::Carousel { text, cards } => {
            let cards = cards.iter().enumerate();
            let cards: Vec<Value> = cards.map(|(place, one)| card(place, one)).collect();
            json!({ "type": "carousel", "body": { "text": text }, "action": { "cards": cards } })
        }
        Piece::Listed {
            text, title, skus, ..
        } => products(text, title, skus, catalog),
        // Its abilities have none.
        Piece::Cards(_) => Value::Null,
    }
}

fn replies(picture: Option<&str>, words: &str, buttons: &[Button]) -> Value {
    let replies = buttons.iter().filter_map(|button| match &button.tap {
        Tap::Say(payload) => {
            Some(json!({ "type": "reply", "reply": { "id": payload, "title": button.title } }))
        }
        Tap::Open(_) => None,
    });
    let replies: Vec<Value> = replies.collect();
    let mut all =
        json!({ "type": "button", "body": { "text": words }, "action": { "buttons": replies } });
    if let Some(url) = picture {
        all["header"] = json!({ "type": "image", "image": { "link": url } });
    }
    all
}

fn list(text: &str, open: &str, rows: &[Row]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut one = json!({ "id": row.payload, "title": row.title });
            if !row.description.is_empty() {
                one["description"] = json!(row.description);
            }
            one
        })
        .collect();
    let action = json!({ "button": open, "sections": [{ "rows": rows }] });
    json!({ "type": "list", "body": { "text": text }, "action": action })
}

/// Its type is the same whatever its buttons do.
fn card(place: usize, card: &Card) -> Value {
    let opens = card.buttons.iter().find_map(|button| match &button.tap {
        Tap::Open(url) => Some(json!({ "display_text": button.title, "url": url })),
        Tap::Say(_) => None,
    });
    let action = match opens {
        Some(parameters) => json!({ "name": "cta_url", "parameters": parameters }),
        None => {
            let replies = card.buttons.iter().filter_map(|button| match &button.tap {
                Tap::Say(payload) => Some(json!({
                    "type": "quick_reply", "quick_reply": { "id": payload, "title": button.title },
                })),
                Tap::Open(_) => None,
            });
            json!({ "buttons": replies.collect::<Vec<_>>() })
        }
    };
    json!({
        "card_index": place, "type": "cta_url", "action": action,
        "header": { "type": "image", "image": { "link": card.image } },
        "body": { "text": format!("*{}*\n{}", card.title, card.subtitle) },
    })
}

fn products(text: &str, title: &str, skus: &[String], catalog: &str) -> Value {
    let body = json!({ "text": text });
    if let [sku] = skus {
        let action = json!({ "catalog_id": catalog, "product_retailer_id": sku });
        return json!({ "type": "product", "body": body, "action": action });
    }
    let unit = abilities::WHATSAPP.unit;
    let items: Vec<Value> = skus
        .iter()
        .map(|sku| json!({ "product_retailer_id": sku }))
        .collect();
    let section = json!({ "title": shortened(title, SECTION, unit), "product_items": items });
    json!({
        "type": "product_list", "body": body,
        "header": { "type": "text", "text": shortened(title, HEADER, unit) },
        "action": { "catalog_id": catalog, "sections": [section] },
    })
}
