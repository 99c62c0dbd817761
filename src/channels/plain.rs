//! Blocks as plain text: the terminal, and the pattern for every channel without buttons or
//! pictures. Choices are numbered; the number is understood.

use crate::dialogue::block::{
    Block, CartCard, Choice, ComparedField, HandoffState, Line, OrderCard, OrderItem, ProductCard,
    ReturnCard, Source, Stock,
};
use std::fmt::Write;

/// A whole reply, its blocks apart by blank lines.
pub fn render(reply: &[Block]) -> String {
    let mut number = 0;
    let parts: Vec<String> = reply
        .iter()
        .map(|block| render_block(block, &mut number))
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n\n")
}

fn render_block(block: &Block, number: &mut usize) -> String {
    match block {
        Block::Text { lines } => text(lines),
        Block::Choices { prompt, choices } => {
            let prompt = prompt.as_ref().map(|line| line.text.clone());
            let rows = choices.iter().map(|choice| row(choice, number));
            prompt
                .into_iter()
                .chain(rows)
                .collect::<Vec<_>>()
                .join("\n")
        }
        Block::Products { items, .. } => items.iter().map(product).collect::<Vec<_>>().join("\n"),
        Block::Comparison { products, rows } => comparison(products, rows),
        Block::Cart(card) => cart(card),
        Block::Order(card) => order(card),
        Block::Return(card) => returned(card),
        Block::Form { prompt, fields, .. } => {
            let labels: Vec<&str> = fields
                .iter()
                .map(|field| field.label.text.as_str())
                .collect();
            format!("{} ({})", prompt.text, labels.join(", "))
        }
        Block::Link { label, url } => format!("{}: {url}", label.text),
        Block::Image { url, alt } => format!("[{}] {url}", alt.text),
        // Nothing that is typed would answer it.
        Block::Rating { .. } => String::new(),
        Block::Handoff { state, message } => {
            let mark = match state {
                HandoffState::Waiting => "[a person has been told]",
                HandoffState::OutOfHours => "[kept for the team]",
            };
            format!("{mark} {}", message.text)
        }
    }
}

/// Lines as one paragraph, items of a list on lines of their own.
pub(super) fn paragraph(lines: &[Line]) -> String {
    let mut said = String::new();
    let mut in_list = false;
    for line in lines {
        let is_item = line.text.starts_with("- ");
        if !said.is_empty() {
            said.push(if is_item || in_list { '\n' } else { ' ' });
        }
        said.push_str(&line.text);
        in_list = is_item;
    }
    said
}

/// A [`paragraph`], the article it comes from named once at the end.
fn text(lines: &[Line]) -> String {
    let mut said = paragraph(lines);
    let mut titles: Vec<&str> = Vec::new();
    for line in lines {
        if let Source::Article { title, .. } = &line.source
            && !titles.contains(&title.as_str())
        {
            titles.push(title);
        }
    }
    for title in titles {
        let _ = write!(said, " [From: {title}]");
    }
    said
}

fn row(choice: &Choice, number: &mut usize) -> String {
    *number += 1;
    format!("  {number}. {}", choice.label)
}

fn product(card: &ProductCard) -> String {
    let from = if card.from { "from " } else { "" };
    let was = card
        .was
        .map(|was| format!(" (was {was})"))
        .unwrap_or_default();
    let stock = match card.stock {
        Stock::InStock => "in stock".to_owned(),
        Stock::Low { left } => format!("only {left} left"),
        Stock::BackOrder => "ships later".to_owned(),
        Stock::Out => "out of stock".to_owned(),
    };
    let mut said = format!(
        "- {}: {from}{} {}{was}, {stock}",
        card.title, card.price, card.price.currency
    );
    for option in &card.options {
        let _ = write!(said, "\n    {}: {}", option.name, option.values.join(", "));
    }
    if !card.why.is_empty() {
        let why: Vec<&str> = card.why.iter().map(|line| line.text.as_str()).collect();
        let _ = write!(said, "\n    why: {}", why.join("; "));
    }
    if let Some(url) = &card.url {
        let _ = write!(said, "\n    {url}");
    }
    said
}

/// A line a product with what sets it apart, and one with what all have alike.
fn comparison(products: &[ProductCard], rows: &[ComparedField]) -> String {
    let said = |column: usize, alike: bool| {
        let rows = rows.iter().filter(|row| row.alike == alike);
        let values = rows.filter_map(|row| {
            let value = row.values.get(column)?.as_ref()?;
            Some(format!("{} {}", row.name, value.text))
        });
        values.collect::<Vec<_>>().join(" · ")
    };
    let mut lines: Vec<String> = products
        .iter()
        .enumerate()
        .map(|(column, product)| format!("- {}: {}", product.title, said(column, false)))
        .collect();
    let alike = said(0, true);
    if !alike.is_empty() {
        lines.push(format!("The same: {alike}."));
    }
    lines.join("\n")
}

fn cart(card: &CartCard) -> String {
    let mut said = String::new();
    if card.lines.is_empty() {
        return said;
    }
    for (place, line) in card.lines.iter().enumerate() {
        let variant = match line.variant.as_str() {
            "" => String::new(),
            variant => format!(" ({variant})"),
        };
        let (number, pieces) = (place + 1, line.quantity);
        let _ = writeln!(
            said,
            "  {number}. {pieces} x {}{variant} at {}",
            line.title, line.price
        );
    }
    for amount in card.discount.iter().chain(&card.shipping) {
        let _ = writeln!(said, "  {} {}", amount.label.text, amount.amount);
    }
    let _ = write!(said, "  Total {} {}", card.total, card.total.currency);
    if let Some(note) = &card.note {
        let _ = write!(said, "\n  {}", note.text);
    }
    said
}

fn order(card: &OrderCard) -> String {
    let mut said = format!("Order {}: {}", card.number, card.headline.text);
    for step in &card.timeline {
        let (mark, day) = match &step.on {
            Some(day) => ("x", day.as_str()),
            None => (" ", ""),
        };
        let _ = write!(said, "\n  [{mark}] {} {day}", step.label.text);
    }
    items(&mut said, &card.items);
    let _ = write!(said, "\n  Total {} {}", card.total, card.total.currency);
    for tracking in card.parcels.iter().flat_map(|parcel| &parcel.tracking) {
        let _ = write!(said, "\n  Tracking {}", tracking.number);
        if let Some(url) = &tracking.url {
            let _ = write!(said, " {url}");
        }
    }
    said
}

fn items(said: &mut String, items: &[OrderItem]) {
    for item in items {
        let variant = if item.variant.is_empty() {
            String::new()
        } else {
            format!(" ({})", item.variant)
        };
        let _ = write!(
            said,
            "\n  {} x {}{variant} at {}",
            item.quantity, item.title, item.price
        );
    }
}

/// What happens next stands in the words beside it.
fn returned(card: &ReturnCard) -> String {
    let mut said = card.headline.text.clone();
    items(&mut said, &card.items);
    for line in card.reason.iter().chain([&card.wish]) {
        let _ = write!(said, "\n  {}", line.text);
    }
    if let Some(link) = &card.label {
        let _ = write!(said, "\n  {}: {}", link.label.text, link.url);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::block::LabelLink;

    #[test]
    fn choices_are_numbered_through_the_whole_reply() {
        let choice = |label: &str| Choice {
            label: label.to_owned(),
            say: None,
            source: Source::Text {
                id: "choice.test".into(),
            },
        };
        let row = Block::Choices {
            prompt: None,
            choices: vec![choice("Orders"), choice("A person")],
        };
        assert_eq!(render(&[row]), "  1. Orders\n  2. A person");
    }

    #[test]
    fn a_return_is_told_with_its_things_its_reason_and_its_label() {
        let line = |text: &str| Line {
            text: text.to_owned(),
            source: Source::Text {
                id: "returns.test".into(),
            },
        };
        let card = ReturnCard {
            rma: Some("RT-7F3K2".into()),
            order: "SH-1".into(),
            state: "open".into(),
            headline: line("Return RT-7F3K2"),
            items: vec![OrderItem {
                title: "Socks".into(),
                variant: "M".into(),
                quantity: 1,
                price: crate::money::Money {
                    minor: 1400,
                    currency: "EUR".parse().unwrap(),
                },
            }],
            reason: Some(line("Too small")),
            wish: line("Swap for L"),
            next: vec![line("We send L.")],
            label: Some(LabelLink {
                label: line("Label"),
                url: "https://shop.example/l".into(),
            }),
        };
        assert_eq!(
            render(&[Block::Return(card)]),
            "Return RT-7F3K2\n  1 x Socks (M) at 14.00\n  Too small\n  Swap for L\n  Label: https://shop.example/l"
        );
    }

    #[test]
    fn an_article_is_named_after_what_it_says() {
        let source = Source::Article {
            id: "shipping#norway".into(),
            title: "Shipping abroad".into(),
            url: None,
        };
        let said = render(&[Block::Text {
            lines: vec![Line {
                text: "Yes: 9.90.".into(),
                source,
            }],
        }]);
        assert_eq!(said, "Yes: 9.90. [From: Shipping abroad]");
    }
}
