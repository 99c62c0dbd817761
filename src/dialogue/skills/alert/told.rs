//! The words in which it is told: in the conversation, in letters, and on the pages that letters lead to.

use super::{offer_cart, which};
use crate::dialogue::alerts::{AlertPage, AlertWish, PageWords};
use crate::dialogue::block::Source;
use crate::dialogue::port::Offer;
use crate::dialogue::skills::suggest;
use crate::dialogue::talk::Talk;
use crate::watches::{Fired, Kind, Watch, Words};

/// Says what has happened, and shows it.
pub(in crate::dialogue) fn tell(talk: &mut Talk<'_>, told: &[(Watch, Fired)]) {
    let mut offers = Vec::new();
    for (Watch { wish, .. }, fired) in told {
        let Some(product) = talk.ports.product(&wish.product) else {
            continue;
        };
        let title = which::titled(&product, Some(&fired.variant));
        let price = talk.money(fired.price);
        let (id, field) = match wish.kind {
            Kind::BackInStock => ("alert.told_back", "stock"),
            Kind::PriceDrop => ("alert.told_price", "price"),
        };
        let mut line = talk.line(id, &[("title", &title), ("price", &price)]);
        line.source = Source::Product {
            sku: product.sku.clone(),
            field: field.to_owned(),
        };
        talk.reply.line(line);
        if let Some(card) = talk.ports.card(&product.sku) {
            offers.push(Offer {
                card,
                about: None,
                why: Vec::new(),
            });
        }
        if let [_] = told {
            let mut variants = product.variants.iter();
            let variant = variants.find(|variant| variant.sku == fired.variant);
            let value = variant.map(which::in_words).unwrap_or_default();
            offer_cart(talk, &product, &value);
        }
    }
    suggest::show(talk, offers, "");
}

/// The letter that asks an address whether it was meant.
pub(super) fn confirmation(talk: &Talk<'_>, wish: &AlertWish, title: &str) -> Words {
    let shop = talk.shop.facts.name.as_str();
    let price = wish.below.map(|below| talk.money(below));
    let id = match wish.kind {
        Kind::BackInStock => "alert.confirm_back",
        Kind::PriceDrop => "alert.confirm_price",
    };
    let said = [
        ("title", title),
        ("shop", shop),
        ("price", price.as_deref().unwrap_or_default()),
        ("link", "{link}"),
        ("stop", "{stop}"),
    ];
    Words {
        subject: talk.line("alert.confirm_subject", &[("shop", shop)]).text,
        body: talk.line(id, &said).text,
    }
}

/// The letter that tells what has happened.
pub(in crate::dialogue) fn letter(talk: &mut Talk<'_>, watch: &Watch, fired: &Fired) -> Words {
    let facts = &talk.shop.facts;
    let product = talk.ports.product(&watch.wish.product);
    let title = match &product {
        Some(product) => which::titled(product, Some(&fired.variant)),
        None => watch.wish.product.clone(),
    };
    let url = match product.and_then(|product| product.url) {
        Some(url) if url.starts_with('/') => format!("{}{url}", facts.url),
        Some(url) => url,
        None => facts.url.clone(),
    };
    let price = talk.money(fired.price);
    let shop = facts.name.as_str();
    let (subject, body) = match watch.wish.kind {
        Kind::BackInStock => ("alert.mail_back_subject", "alert.mail_back"),
        Kind::PriceDrop => ("alert.mail_price_subject", "alert.mail_price"),
    };
    let said = [("title", title.as_str()), ("shop", shop), ("price", &price)];
    let told = [said[0], said[1], said[2], ("url", &url)];
    let body = talk.line(body, &told).text;
    let end = talk.line("alert.mail_end", &[("shop", shop), ("stop", "{stop}")]);
    Words {
        subject: talk.line(subject, &said).text,
        body: format!("{body}\n\n{}\n", end.text),
    }
}

/// The words of a page that a letter leads to.
pub(in crate::dialogue) fn page(talk: &Talk<'_>, page: AlertPage) -> PageWords {
    let shop = [("shop", talk.shop.facts.name.as_str())];
    let line = |id: &str| talk.line(id, &shop).text;
    let words = |head: &str, text: &str, button: Option<&str>| PageWords {
        language: talk.language().to_owned(),
        head: line(head),
        text: line(text),
        button: button.map(line),
    };
    match page {
        AlertPage::Confirm => words(
            "alert.page_confirm",
            "alert.page_confirm_text",
            Some("alert.page_confirm_button"),
        ),
        AlertPage::Confirmed => words("alert.page_confirmed", "alert.page_confirmed_text", None),
        AlertPage::Gone => words("alert.page_gone", "alert.page_gone_text", None),
        AlertPage::Stop => words(
            "alert.page_stop",
            "alert.page_stop_text",
            Some("alert.page_stop_button"),
        ),
        AlertPage::Stopped => words("alert.page_stopped", "alert.page_stopped_text", None),
    }
}
