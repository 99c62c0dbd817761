//! Blocks that are told in words everywhere: texts, orders, carts, returns, forms.

use super::Screen;
use crate::channels::plain;
use crate::dialogue::block::{
    Block, CartCard, ComparedField, OrderCard, OrderItem, ProductCard, ReturnCard,
};

/// A block in our subset of Markdown; empty for one that is nothing in words.
pub(super) fn paragraph(block: &Block, screen: &Screen<'_>) -> String {
    match block {
        Block::Text { lines } => plain::paragraph(lines),
        Block::Comparison { products, rows } => comparison(products, rows, screen),
        Block::Cart(card) => cart(card, screen),
        Block::Order(card) => order(card, screen),
        Block::Return(card) => returned(card, screen),
        // Each may be answered by itself; what is missing is asked for.
        Block::Form { prompt, fields, .. } => {
            let labels = fields.iter().map(|field| format!("- {}", field.label.text));
            let lines = std::iter::once(prompt.text.clone()).chain(labels);
            lines.collect::<Vec<_>>().join("\n")
        }
        Block::Link { label, url } => match screen.address(url) {
            Some(url) => format!("[{}]({url})", label.text),
            None => label.text.clone(),
        },
        Block::Handoff { message, .. } => message.text.clone(),
        // Nothing that is written would answer it.
        Block::Rating { .. } => String::new(),
        Block::Choices { .. } | Block::Products { .. } | Block::Image { .. } => String::new(),
    }
}

/// A line a product with what sets it apart, and one with what all have alike.
fn comparison(products: &[ProductCard], rows: &[ComparedField], screen: &Screen<'_>) -> String {
    let said = |column: usize, alike: bool| {
        let rows = rows.iter().filter(|row| row.alike == alike);
        let values = rows.filter_map(|row| {
            let value = row.values.get(column)?.as_ref()?;
            Some(format!("{} {}", row.name, value.text))
        });
        values.collect::<Vec<_>>().join(", ")
    };
    let told = products.iter().enumerate();
    let mut lines: Vec<String> = told
        .map(|(column, product)| format!("- {}: {}", product.title, said(column, false)))
        .collect();
    let alike = said(0, true);
    if !alike.is_empty() {
        lines.push((screen.phrase)("messenger.same", &[("values", &alike)]));
    }
    lines.join("\n")
}

fn cart(card: &CartCard, screen: &Screen<'_>) -> String {
    if card.lines.is_empty() {
        return String::new();
    }
    let variant = |variant: &str| match variant {
        "" => String::new(),
        variant => format!(" ({variant})"),
    };
    let told = card.lines.iter().map(|line| {
        let (pieces, title, price) = (line.quantity, &line.title, line.price);
        format!("- {pieces} x {title}{}: {price}", variant(&line.variant))
    });
    let mut lines: Vec<String> = told.collect();
    let amounts = card.discount.iter().chain(&card.shipping);
    lines.extend(amounts.map(|amount| format!("{}: {}", amount.label.text, amount.amount)));
    lines.push(total(card.total, screen));
    lines.extend(card.note.iter().map(|note| note.text.clone()));
    lines.join("\n")
}

fn total(total: crate::money::Money, screen: &Screen<'_>) -> String {
    let total = format!("{total} {}", total.currency);
    (screen.phrase)("messenger.total", &[("total", &total)])
}

fn order(card: &OrderCard, screen: &Screen<'_>) -> String {
    let mut lines = vec![format!("**{}**: {}", card.number, card.headline.text)];
    lines.extend(card.timeline.iter().map(|step| match &step.on {
        Some(day) => format!("✓ {} {day}", step.label.text),
        None => format!("· {}", step.label.text),
    }));
    lines.extend(items(&card.items));
    lines.push(total(card.total, screen));
    for tracking in card
        .parcels
        .iter()
        .filter_map(|parcel| parcel.tracking.as_ref())
    {
        let told = (screen.phrase)("messenger.tracking", &[("number", &tracking.number)]);
        match &tracking.url {
            Some(url) => lines.push(format!("{told}: {url}")),
            None => lines.push(told),
        }
    }
    lines.join("\n")
}

fn items(items: &[OrderItem]) -> impl Iterator<Item = String> {
    items.iter().map(|item| {
        let variant = match item.variant.as_str() {
            "" => String::new(),
            variant => format!(" ({variant})"),
        };
        format!(
            "- {} x {}{variant}: {}",
            item.quantity, item.title, item.price
        )
    })
}

fn returned(card: &ReturnCard, screen: &Screen<'_>) -> String {
    let mut lines = vec![card.headline.text.clone()];
    lines.extend(items(&card.items));
    let words = card.reason.iter().chain([&card.wish]).chain(&card.next);
    lines.extend(words.map(|line| line.text.clone()));
    if let Some(link) = &card.label {
        match screen.address(&link.url) {
            Some(url) => lines.push(format!("[{}]({url})", link.label.text)),
            None => lines.push(link.label.text.clone()),
        }
    }
    lines.join("\n")
}
