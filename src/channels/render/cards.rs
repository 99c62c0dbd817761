//! Products: pictures with captions, cards side by side, or lines.

use super::{Button, Card, Piece, Screen, Tap, payload, shortened};
use crate::channels::abilities::{Buttons, Cards, Unit};
use crate::dialogue::block::{ProductCard, Stock, VariantCard};

/// Pictures sent for one reply; what comes after them is told in words.
const MOST_PICTURES: usize = 5;

/// What is said of products in words, and what is shown.
pub(super) fn products(items: &[ProductCard], screen: &Screen<'_>) -> (String, Vec<Piece>) {
    match screen.abilities.cards {
        Cards::Text => (lines(items, screen), Vec::new()),
        Cards::Carousel {
            most,
            title,
            subtitle,
            buttons,
        } => {
            let (side_by_side, rest) = items.split_at(items.len().min(most));
            let unit = screen.abilities.unit;
            let card = |item: &ProductCard| Card {
                title: shortened(&item.title, title, unit),
                subtitle: shortened(&facts(item, screen), subtitle, unit),
                image: item.image.as_deref().and_then(|url| screen.picture(url)),
                url: item.url.as_deref().and_then(|url| screen.address(url)),
                buttons: taps(item, screen).into_iter().take(buttons).collect(),
            };
            let cards = side_by_side.iter().map(card).collect();
            (lines(rest, screen), vec![Piece::Cards(cards)])
        }
        Cards::Photo { caption } => photos(items, caption, screen),
        Cards::Swiped {
            most,
            title,
            subtitle,
            caption,
        } => {
            let (first, rest) = items.split_at(items.len().min(most));
            match swiped(first, title, subtitle, screen) {
                Some(cards) if cards.len() > 1 => {
                    let text = String::new();
                    (lines(rest, screen), vec![Piece::Carousel { text, cards }])
                }
                _ => photos(items, caption, screen),
            }
        }
        Cards::Listed { most } => {
            let (first, rest) = items.split_at(items.len().min(most));
            let otherwise = screen.messages(&lines(first, screen), screen.abilities.text);
            let Some(otherwise) = otherwise.into_iter().next() else {
                return (String::new(), Vec::new());
            };
            let listed = Piece::Listed {
                text: String::new(),
                title: (screen.phrase)("messenger.catalog", &[]),
                skus: first.iter().map(sku).collect(),
                otherwise,
            };
            (lines(rest, screen), vec![listed])
        }
    }
}

/// The first that can be had: a catalog has variants.
fn sku(item: &ProductCard) -> String {
    let there = |variant: &&VariantCard| variant.stock != Stock::Out;
    let variant = item.variants.iter().find(there).or(item.variants.first());
    variant.map_or(&item.sku, |variant| &variant.sku).clone()
}

fn photos(items: &[ProductCard], caption: usize, screen: &Screen<'_>) -> (String, Vec<Piece>) {
    let mut words = Vec::new();
    let mut pictures = Vec::new();
    for item in items {
        let picture = item.image.as_deref().and_then(|url| screen.picture(url));
        match picture.filter(|_| pictures.len() < MOST_PICTURES) {
            Some(url) => pictures.push(Piece::Picture {
                url,
                caption: captioned(item, caption, screen),
                buttons: taps(item, screen),
            }),
            None => words.push(item.clone()),
        }
    }
    (lines(&words, screen), pictures)
}

/// Cards that all have a picture and the same buttons: into the cart where that can be done with each, else to its page.
/// None where they have not.
fn swiped(
    items: &[ProductCard],
    title: usize,
    subtitle: usize,
    screen: &Screen<'_>,
) -> Option<Vec<Card>> {
    let unit = screen.abilities.unit;
    let to_cart = items.iter().all(|item| item.add.is_some());
    let card = |item: &ProductCard| {
        let url = item.url.as_deref().and_then(|url| screen.address(url));
        let buttons = match to_cart {
            true => taps(item, screen),
            false => vec![opening(url.clone()?, screen)],
        };
        Some(Card {
            title: shortened(&plain(&item.title), title, unit),
            subtitle: shortened(&facts(item, screen), subtitle, unit),
            image: Some(screen.picture(item.image.as_deref()?)?),
            url,
            buttons,
        })
    };
    items.iter().map(card).collect()
}

/// "from 19.90 EUR, was 25.00, in stock"
fn facts(item: &ProductCard, screen: &Screen<'_>) -> String {
    let price = format!("{} {}", item.price, item.price.currency);
    let price = match item.from {
        true => (screen.phrase)("messenger.from", &[("price", &price)]),
        false => price,
    };
    let was = item
        .was
        .map(|was| (screen.phrase)("messenger.was", &[("price", &was.to_string())]));
    let stock = match item.stock {
        Stock::InStock => (screen.phrase)("messenger.in_stock", &[]),
        Stock::Low { left } => (screen.phrase)("messenger.low", &[("left", &left.to_string())]),
        Stock::BackOrder => (screen.phrase)("messenger.later", &[]),
        Stock::Out => (screen.phrase)("messenger.out", &[]),
    };
    let all: Vec<String> = [Some(price), was, Some(stock)]
        .into_iter()
        .flatten()
        .collect();
    all.join(", ")
}

/// Options and reasons, a line each.
fn more(item: &ProductCard) -> Vec<String> {
    let options = item
        .options
        .iter()
        .map(|option| format!("{}: {}", option.name, option.values.join(", ")));
    let mut lines: Vec<String> = options.collect();
    let why: Vec<&str> = item.why.iter().map(|line| line.text.as_str()).collect();
    if !why.is_empty() {
        lines.push(why.join("; "));
    }
    lines
}

fn lines(items: &[ProductCard], screen: &Screen<'_>) -> String {
    let told = items.iter().map(|item| {
        let mut lines = vec![format!(
            "- **{}**: {}",
            plain(&item.title),
            facts(item, screen)
        )];
        lines.extend(more(item).into_iter().map(|line| format!("  {line}")));
        let url = item.url.as_deref().and_then(|url| screen.address(url));
        lines.extend(url.map(|url| format!("  {url}")));
        lines.join("\n")
    });
    told.collect::<Vec<_>>().join("\n")
}

/// A title that cannot end its own emphasis.
fn plain(title: &str) -> String {
    title.replace('*', "")
}

fn captioned(item: &ProductCard, most: usize, screen: &Screen<'_>) -> String {
    let mut lines = vec![format!("**{}**", plain(&item.title)), facts(item, screen)];
    lines.extend(more(item));
    let opens = screen
        .abilities
        .buttons
        .is_some_and(|buttons| buttons.links);
    let url = item.url.as_deref().filter(|_| !opens);
    lines.extend(url.and_then(|url| screen.address(url)));
    // As much of it as fits, whole lines.
    while lines.len() > 2 && screen.length(&screen.written(&lines.join("\n"))) > most {
        lines.remove(2);
    }
    let said = screen.written(&lines.join("\n"));
    match screen.length(&said) <= most {
        true => said,
        false => shortened(&item.title, most, screen.abilities.unit),
    }
}

/// Into the cart, and to its page.
fn taps(item: &ProductCard, screen: &Screen<'_>) -> Vec<Button> {
    let Some(buttons) = screen.abilities.buttons else {
        return Vec::new();
    };
    let Buttons {
        title,
        payload: most,
        links,
        ..
    } = buttons;
    let add = item.add.as_ref().map(|add| {
        let say = add.say.as_deref().unwrap_or(&add.label);
        Button {
            title: labelled(&add.label.replace("{what}", &item.title), title),
            tap: Tap::Say(payload(&say.replace("{what}", &item.title), most)),
        }
    });
    let url = item.url.as_deref().and_then(|url| screen.address(url));
    let open = url.filter(|_| links).map(|url| opening(url, screen));
    add.into_iter().chain(open).collect()
}

fn opening(url: String, screen: &Screen<'_>) -> Button {
    let label = (screen.phrase)("messenger.open", &[]);
    let most = screen.abilities.buttons.map_or(0, |buttons| buttons.title);
    Button {
        title: labelled(&label, most),
        tap: Tap::Open(url),
    }
}

fn labelled(label: &str, most: usize) -> String {
    match most {
        0 => label.to_owned(),
        most => shortened(label, most, Unit::Characters),
    }
}
