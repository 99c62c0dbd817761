//! What Shopify's webhooks speak of.

use crate::sync::hooks::Heard;
use crate::sync::platform::Change;
use serde_json::Value;

/// What a webhook speaks of.
pub(in crate::sync) fn heard<'h>(header: impl Fn(&str) -> Option<&'h str>, body: &Value) -> Heard {
    let topic = header("x-shopify-topic").unwrap_or_default().to_owned();
    let delivery = header("x-shopify-webhook-id").or_else(|| header("x-shopify-event-id"));
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    let gid = |kind: &str, id: u64| format!("gid://shopify/{kind}/{id}");
    let resources = match topic.as_str() {
        "inventory_levels/update" => number("inventory_item_id")
            .map(|id| gid("InventoryItem", id))
            .into_iter()
            .collect(),
        "customers/redact" => {
            let orders = body.get("orders_to_redact").and_then(Value::as_array);
            let ids = orders.into_iter().flatten().filter_map(Value::as_u64);
            ids.map(|id| gid("Order", id)).collect()
        }
        topic if topic.starts_with("products/") => number("id")
            .map(|id| gid("Product", id))
            .into_iter()
            .collect(),
        topic if topic.starts_with("orders/") => number("id")
            .map(|id| gid("Order", id))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    };
    Heard {
        delivery: delivery.unwrap_or_default().to_owned(),
        topic,
        resources,
    }
}

pub(in crate::sync) fn change(topic: &str, resource: &str) -> Change {
    let id = resource.to_owned();
    match topic {
        "products/delete" => Change::ProductGone(id),
        "inventory_levels/update" => Change::Product(id),
        "customers/redact" | "orders/delete" => Change::OrderGone(id),
        topic if topic.starts_with("products/") => Change::Product(id),
        topic if topic.starts_with("orders/") => Change::Order(id),
        _ => Change::Nothing,
    }
}
