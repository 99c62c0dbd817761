//! The cart in words: put in, changed, taken out, added up, and handed over to the shop's checkout.

mod change;
mod code;
mod pick;
mod several;
mod tapped;

pub(super) use change::{change, empty, remove, undo};
pub(super) use code::promo;
pub(in crate::dialogue) use code::{given, looks_like_code, names_code};
pub(super) use pick::add;
pub(in crate::dialogue) use pick::picked;

use super::text;
use crate::cart::{self, CodeRefusal, Limit, Outcome};
use crate::catalog::{Product, Variant};
use crate::dialogue::block::{Amount, Block, CartCard, CartLine, Choice, Line, Source};
use crate::dialogue::script::TextSpec;
use crate::dialogue::state::Shown;
use crate::dialogue::talk::Talk;

pub(super) const TEXTS: &[TextSpec] = &[
    text("cart.added", &["count", "title"]),
    text("cart.now", &["count", "title"]),
    text("cart.removed", &["title"]),
    text("cart.emptied", &[]),
    text("cart.empty", &[]),
    text("cart.undone", &[]),
    text("cart.nothing_to_undo", &[]),
    text("cart.head", &[]),
    text("cart.beside", &["count"]),
    text("cart.gone", &["title"]),
    text("cart.which", &[]),
    text("cart.which_option", &["option", "title"]),
    text("cart.no_such", &["title", "value"]),
    text("cart.sold_out", &["title"]),
    text("cart.only", &["count", "title"]),
    text("cart.most", &["count"]),
    text("cart.full", &[]),
    text("cart.not_in", &["title"]),
    text("cart.other_currency", &["title"]),
    text("cart.checkout", &[]),
    text("cart.checkout_label", &[]),
    text("cart.no_checkout", &[]),
    text("cart.shipping", &[]),
    text("cart.discount", &["code"]),
    text("cart.free_from", &["price"]),
    text("cart.code_ask", &[]),
    text("cart.code_good", &["code"]),
    text("cart.code_unknown", &["code"]),
    text("cart.code_from", &["code", "day"]),
    text("cart.code_over", &["code", "day"]),
    text("cart.code_least", &["code", "price"]),
    text("cart.code_spent", &["code"]),
    text("cart.code_waits", &["code"]),
    text("cart.add_label", &[]),
    text("cart.tap_add", &["what"]),
    text("cart.tap_change", &["place", "count"]),
    text("cart.tap_remove", &["place"]),
    text("choice.checkout", &[]),
    text("choice.goes_with", &[]),
];

/// A line of the cart with what the catalog says of it now.
struct Held {
    product: Product,
    variant: Variant,
    quantity: u32,
}

impl Held {
    fn shown(&self) -> Shown {
        Shown {
            sku: self.product.sku.clone(),
            title: self.product.title.clone(),
            price: self.variant.price,
            why: Vec::new(),
        }
    }
}

/// The cart as it can be bought now. What is no longer on sale is taken out and said.
fn held(talk: &mut Talk<'_>) -> Vec<Held> {
    let lines = talk.state.cart.lines.clone();
    let most = talk.shop.facts.cart.most;
    let mut held = Vec::new();
    for line in lines {
        let product = talk.ports.product(&line.product);
        let variant = product.as_ref().and_then(|product| {
            let mut variants = product.variants.iter();
            variants.find(|variant| variant.sku == line.sku).cloned()
        });
        let (Some(product), Some(variant)) = (product, variant) else {
            talk.state.cart.remove(&line.sku);
            talk.say("cart.gone", &[("title", &line.product)]);
            continue;
        };
        let cart = &mut talk.state.cart;
        let outcome = cart.set(&product.sku, &variant, line.quantity, most);
        tell_limit(talk, &product.title, outcome);
        if outcome.now > 0 {
            held.push(Held {
                product,
                variant,
                quantity: outcome.now,
            });
        }
    }
    held
}

/// Why it is not as many as were asked for.
fn tell_limit(talk: &mut Talk<'_>, title: &str, outcome: Outcome) {
    let count = |count: u32| count.to_string();
    match outcome.limit {
        None => {}
        Some(Limit::SoldOut) => talk.say("cart.sold_out", &[("title", title)]),
        Some(Limit::Stock(left)) => {
            talk.say("cart.only", &[("count", &count(left)), ("title", title)]);
        }
        Some(Limit::Most(most)) => talk.say("cart.most", &[("count", &count(most))]),
        Some(Limit::Full) => talk.say("cart.full", &[]),
    }
}

/// Says so, and of what only the page knows that it is there.
fn nothing_in_it(talk: &mut Talk<'_>) {
    if talk.state.cart.beside.is_empty() {
        talk.say("cart.empty", &[]);
    } else {
        tell_beside(talk);
    }
    talk.offer(&["choice.best_sellers"]);
}

fn tell_beside(talk: &mut Talk<'_>) {
    let pieces: u32 = talk
        .state
        .cart
        .beside
        .iter()
        .fold(0, |sum, item| sum.saturating_add(item.quantity));
    if pieces > 0 {
        talk.say("cart.beside", &[("count", &pieces.to_string())]);
    }
}

/// The cart with its sums.
pub(super) fn show(talk: &mut Talk<'_>) {
    let held = held(talk);
    if held.is_empty() {
        nothing_in_it(talk);
        return;
    }
    talk.say("cart.head", &[]);
    present(talk, &held);
    talk.offer(&["choice.checkout"]);
}

/// The block, and what "the second" means from here on. Empty, it tells the page that nothing is left.
fn present(talk: &mut Talk<'_>, held: &[Held]) {
    let (code, totals) = sums(talk, held);
    let terms = &talk.shop.facts.cart;
    let setting = |mut line: Line, key: &str| {
        line.source = Source::Setting {
            key: key.to_owned(),
        };
        line
    };
    let discount = code
        .as_ref()
        .zip(totals.discount)
        .map(|(code, amount)| Amount {
            label: setting(talk.line("cart.discount", &[("code", code)]), "cart.codes"),
            amount: crate::money::Money {
                minor: -amount.minor,
                ..amount
            },
        });
    let shipping = totals.shipping.map(|amount| Amount {
        label: setting(talk.line("cart.shipping", &[]), "cart.shipping"),
        amount,
    });
    let note = (!terms.tax.is_empty()).then(|| Line {
        text: terms.tax.clone(),
        source: Source::Setting {
            key: "cart.tax".to_owned(),
        },
    });
    let tap = |id: &str, place: usize, count: u32| {
        let (place, count) = (place.to_string(), count.to_string());
        let variables: &[(&str, &str)] = match id {
            "cart.tap_remove" => &[("place", &place)],
            _ => &[("place", &place), ("count", &count)],
        };
        let Line { text, source } = talk.line(id, variables);
        Choice {
            label: text,
            say: None,
            source,
        }
    };
    let lines = held.iter().enumerate().map(|(at, held)| CartLine {
        less: match held.quantity {
            0 | 1 => tap("cart.tap_remove", at + 1, 0),
            more => tap("cart.tap_change", at + 1, more - 1),
        },
        more: tap("cart.tap_change", at + 1, held.quantity.saturating_add(1)),
        remove: tap("cart.tap_remove", at + 1, 0),
        sku: held.variant.sku.clone(),
        id: held.variant.id.clone(),
        title: held.product.title.clone(),
        variant: variant_in_words(&held.variant),
        url: held.product.url.clone(),
        image: held
            .variant
            .image
            .clone()
            .or_else(|| held.product.image().map(str::to_owned)),
        quantity: held.quantity,
        price: held.variant.price,
    });
    let block = CartCard {
        lines: lines.collect(),
        goods: totals.goods,
        discount,
        shipping,
        total: totals.total,
        note,
        beside: talk.state.cart.beside.clone(),
        code,
    };
    talk.reply.block(Block::Cart(block));
    if held.is_empty() {
        return;
    }
    let missing = terms.free_from.filter(|from| {
        totals.shipping.is_some_and(|price| price.minor > 0) && totals.goods < *from
    });
    let focus = talk.state.focus.clone();
    talk.state.show(held.iter().map(Held::shown).collect());
    // "Make it three" is about what was spoken of, not about the first line.
    talk.state.focus = focus.or_else(|| talk.state.focus.clone());
    tell_beside(talk);
    if let Some(from) = missing {
        let price = talk.money(from);
        talk.say("cart.free_from", &[("price", &price)]);
    }
}

/// The code that counts now, and the sums with it.
fn sums(talk: &Talk<'_>, held: &[Held]) -> (Option<String>, cart::Totals) {
    let terms = &talk.shop.facts.cart;
    let prices: Vec<_> = held
        .iter()
        .map(|held| (held.variant.price, held.quantity))
        .collect();
    let plain = cart::totals(&prices, None, terms);
    let good = check(talk, plain.goods).and_then(Result::ok);
    let sums = cart::totals(&prices, good, terms);
    (good.map(|code| code.code.clone()), sums)
}

/// The code given, held against goods of this worth.
fn check<'a>(
    talk: &Talk<'a>,
    goods: crate::money::Money,
) -> Option<Result<&'a cart::Code, CodeRefusal>> {
    let name = talk.state.cart.code.as_deref()?;
    let today = talk.date(talk.now);
    let terms = &talk.shop.facts.cart;
    Some(terms.good(name, goods, today, &talk.state.cart.spent))
}

/// "M, navy"
fn variant_in_words(variant: &Variant) -> String {
    let values: Vec<&str> = variant.options.values().map(String::as_str).collect();
    values.join(", ")
}

/// Hands the cart over to the shop's own checkout.
pub(super) fn checkout(talk: &mut Talk<'_>) {
    let held = held(talk);
    if held.is_empty() {
        nothing_in_it(talk);
        return;
    }
    let (code, _) = sums(talk, &held);
    let terms = &talk.shop.facts.cart;
    let lines = held.iter().map(|held| (&held.variant, held.quantity));
    let link = terms.checkout(lines, code.as_deref());
    talk.say(
        if link.is_some() {
            "cart.checkout"
        } else {
            "cart.no_checkout"
        },
        &[],
    );
    present(talk, &held);
    if let Some(url) = link {
        let label = talk.line("cart.checkout_label", &[]);
        talk.reply.block(Block::Link { label, url });
    }
    let once = code.filter(|code| terms.code(code).is_some_and(|code| code.once));
    talk.state.cart.handed = once;
}
