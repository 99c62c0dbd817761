//! An order as it is shown: its status in words, the way it went, its parcels and what is in it.

use crate::dialogue::block::{
    Block, Line, OrderCard, OrderItem, ParcelCard, Source, Step, Tracking,
};
use crate::dialogue::talk::Talk;
use crate::orders::{Order, OrderStatus};
use jiff::Timestamp;

pub(super) fn show(talk: &mut Talk<'_>, order: &Order) {
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
    let parcels = order.parcels.iter().map(|parcel| ParcelCard {
        carrier: parcel.carrier.clone(),
        tracking: parcel.tracking_number.clone().map(|number| Tracking {
            number,
            url: parcel.tracking_page(),
        }),
    });
    let card = OrderCard {
        number: number.to_owned(),
        status: order.status.as_str().to_owned(),
        headline,
        placed_on: talk.date(order.placed_at).to_string(),
        expected_on: order.expected_on.map(|day| day.to_string()),
        parcels: parcels.collect(),
        timeline,
        items: items.collect(),
        total: order.total,
    };
    talk.reply.block(Block::Order(card));
    let coming = !matches!(
        order.status,
        OrderStatus::Delivered
            | OrderStatus::Cancelled
            | OrderStatus::Returned
            | OrderStatus::Refunded
    );
    if let Some(amount) = order.refunded.filter(|amount| amount.minor > 0) {
        let id = match amount.minor >= order.total.minor {
            true => "order.refunded_all",
            false => "order.refunded_part",
        };
        let mut line = talk.line(id, &[("amount", &talk.money(amount))]);
        line.source = Source::Order {
            number: number.to_owned(),
            field: "refunded".into(),
        };
        talk.reply.bubble(line);
    }
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

/// Says how old what is shown is, where it could not be asked for now.
pub(super) fn date(talk: &mut Talk<'_>, order: &Order, as_of: Option<Timestamp>) {
    let Some(as_of) = as_of else {
        return;
    };
    let day = talk.day_in_words(talk.date(as_of));
    let time = as_of.to_zoned(talk.shop.facts.zone.clone());
    let time = time.strftime("%H:%M").to_string();
    let mut line = talk.line("order.as_of", &[("day", &day), ("time", &time)]);
    line.source = Source::Order {
        number: order.number.to_string(),
        field: "as_of".into(),
    };
    talk.reply.bubble(line);
}

/// The status in words.
pub(super) fn headline(talk: &mut Talk<'_>, order: &Order) -> Line {
    let reached = order
        .timeline
        .iter()
        .rev()
        .find(|event| event.status == order.status);
    let day = reached.map_or(order.placed_at, |event| event.at);
    let day = talk.day_in_words(talk.date(day));
    let carrier = order
        .parcels
        .first()
        .map(|parcel| parcel.carrier.as_str())
        .unwrap_or_default();
    let number = order.number.as_str();
    let id = match (order.status, carrier.is_empty()) {
        // Nothing to say about a carrier nobody recorded.
        (OrderStatus::Shipped | OrderStatus::OutForDelivery, true) => {
            "order.step.shipped".to_owned()
        }
        (OrderStatus::PartlyShipped, true) => "order.step.partly_shipped".to_owned(),
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
        Cancelled, Delivered, OnHold, OutForDelivery, Packed, Paid, PartlyShipped, PaymentFailed,
        Placed, Recorded, Refunded, Returned, Shipped,
    };
    match status {
        Placed | PaymentFailed => &[Paid, Packed, Shipped, Delivered],
        // Whether it is paid, a shop that holds it back does not tell.
        OnHold | Paid => &[Packed, Shipped, Delivered],
        Packed | PartlyShipped => &[Shipped, Delivered],
        Shipped | OutForDelivery => &[Delivered],
        Delivered | Cancelled | Returned | Refunded | Recorded => &[],
    }
}
