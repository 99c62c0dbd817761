//! Order status behind two secrets. A wrong secret and an unknown number get the same words.

use super::text;
use crate::dialogue::block::{Block, Line, OrderCard, OrderItem, Source, Step, Tracking};
use crate::dialogue::port::OrderAnswer;
use crate::dialogue::script::TextSpec;
use crate::dialogue::talk::Talk;
use crate::orders::{Order, OrderStatus};

pub(super) const TEXTS: &[TextSpec] = &[
    text("order.ask_customer_number", &[]),
    text("order.refuse_customer_number", &[]),
    text("order.found", &["number"]),
    text("order.not_found", &[]),
    text("order.not_found_by_customer_number", &[]),
    text("order.locked", &["minutes"]),
    text("order.unavailable", &[]),
    text("order.expected", &["day"]),
    text("order.back_to_flow", &["question"]),
    text("order.status.placed", &["number", "carrier", "day"]),
    text("order.status.paid", &["number", "carrier", "day"]),
    text("order.status.packed", &["number", "carrier", "day"]),
    text("order.status.shipped", &["number", "carrier", "day"]),
    text(
        "order.status.out_for_delivery",
        &["number", "carrier", "day"],
    ),
    text("order.status.delivered", &["number", "carrier", "day"]),
    text("order.status.cancelled", &["number", "carrier", "day"]),
    text("order.status.returned", &["number", "carrier", "day"]),
    text("order.status.recorded", &["number", "carrier", "day"]),
    text("order.step.recorded", &[]),
    text("order.step.placed", &[]),
    text("order.step.paid", &[]),
    text("order.step.packed", &[]),
    text("order.step.shipped", &[]),
    text("order.step.out_for_delivery", &[]),
    text("order.step.delivered", &[]),
    text("order.step.cancelled", &[]),
    text("order.step.returned", &[]),
    text("choice.try_again", &[]),
];

pub(super) async fn status(talk: &mut Talk<'_>) {
    let number = talk.slot("order_number");
    let secret = talk.slot("secret");
    match talk.find_order(&number, &secret).await {
        OrderAnswer::Found { order } => {
            talk.remember_order(order.number.as_str());
            show(talk, &order);
        }
        OrderAnswer::NotFound => {
            let id = if talk.shop.facts.secret_is_customer_number {
                "order.not_found_by_customer_number"
            } else {
                "order.not_found"
            };
            talk.say(id, &[]);
            talk.offer(&["choice.try_again", "choice.person"]);
        }
        OrderAnswer::Locked { minutes } => {
            talk.say("order.locked", &[("minutes", &minutes.to_string())]);
            talk.offer(&["choice.person"]);
        }
        OrderAnswer::Unavailable => {
            talk.say("order.unavailable", &[]);
            talk.offer(&["choice.try_again", "choice.person"]);
        }
    }
}

fn show(talk: &mut Talk<'_>, order: &Order) {
    let number = order.number.as_str();
    talk.say("order.found", &[("number", number)]);
    let headline = headline(talk, order);
    let mut timeline: Vec<Step> = Vec::new();
    for event in &order.timeline {
        let label = talk.line(&format!("order.step.{}", event.status.as_str()), &[]);
        let on = Some(talk.date(event.at).to_string());
        timeline.push(Step {
            status: event.status.as_str().to_owned(),
            label,
            on,
        });
    }
    for status in still_to_come(order.status) {
        let label = talk.line(&format!("order.step.{}", status.as_str()), &[]);
        timeline.push(Step {
            status: status.as_str().to_owned(),
            label,
            on: None,
        });
    }
    let items = order.lines.iter().map(|line| OrderItem {
        title: line.title.clone(),
        variant: line.variant.clone(),
        quantity: u32::try_from(line.quantity).unwrap_or(0),
        price: line.price,
    });
    let parcel = order.parcel.as_ref();
    let tracking = parcel.and_then(|parcel| {
        let number = parcel.tracking_number.clone()?;
        Some(Tracking {
            number,
            url: parcel.tracking_url.clone(),
        })
    });
    let card = OrderCard {
        number: number.to_owned(),
        status: order.status.as_str().to_owned(),
        headline,
        placed_on: talk.date(order.placed_at).to_string(),
        expected_on: order.expected_on.map(|day| day.to_string()),
        carrier: parcel.map(|parcel| parcel.carrier.clone()),
        tracking,
        timeline,
        items: items.collect(),
        total: order.total,
    };
    talk.reply.block(Block::Order(card));
    let coming = !matches!(
        order.status,
        OrderStatus::Delivered | OrderStatus::Cancelled | OrderStatus::Returned
    );
    if let (true, Some(day)) = (coming, order.expected_on) {
        let day = talk.day_in_words(day);
        let mut line = talk.line("order.expected", &[("day", &day)]);
        line.source = Source::Order {
            number: number.to_owned(),
            field: "expected_on".into(),
        };
        talk.reply.bubble(line);
    }
}

fn headline(talk: &mut Talk<'_>, order: &Order) -> Line {
    let reached = order
        .timeline
        .iter()
        .rev()
        .find(|event| event.status == order.status);
    let day = reached.map_or(order.placed_at, |event| event.at);
    let day = talk.day_in_words(talk.date(day));
    let carrier = order
        .parcel
        .as_ref()
        .map(|parcel| parcel.carrier.as_str())
        .unwrap_or_default();
    let number = order.number.as_str();
    let id = match (order.status, carrier.is_empty()) {
        // Nothing to say about a carrier nobody recorded.
        (OrderStatus::Shipped | OrderStatus::OutForDelivery, true) => {
            "order.step.shipped".to_owned()
        }
        (status, _) => format!("order.status.{}", status.as_str()),
    };
    let mut line = talk.line(
        &id,
        &[("number", number), ("carrier", carrier), ("day", &day)],
    );
    line.source = Source::Order {
        number: number.to_owned(),
        field: "status".into(),
    };
    line
}

/// The steps a healthy order still has before it.
fn still_to_come(status: OrderStatus) -> &'static [OrderStatus] {
    use OrderStatus::{
        Cancelled, Delivered, OutForDelivery, Packed, Paid, Placed, Recorded, Returned, Shipped,
    };
    match status {
        Placed => &[Paid, Packed, Shipped, Delivered],
        Paid => &[Packed, Shipped, Delivered],
        Packed => &[Shipped, Delivered],
        Shipped | OutForDelivery => &[Delivered],
        Delivered | Cancelled | Returned | Recorded => &[],
    }
}
