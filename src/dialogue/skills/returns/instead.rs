//! What is to be had for it: another size or colour that is in stock, a new one, or the money.

use super::ask::{keep, tap};
use super::{from_order, paid};
use crate::catalog::{Product, Variant};
use crate::dialogue::block::{Choice, Source};
use crate::dialogue::port::OrderReturns;
use crate::dialogue::returning::{Returning, Step};
use crate::dialogue::talk::Talk;
use crate::returns::{Line, Reason, Wish};
use crate::text::fold;

/// Variants offered as taps.
const TAPS: usize = 6;

/// Asks where there is something to choose; money where there is not.
pub(super) fn wish(talk: &mut Talk<'_>, returning: &mut Returning, known: &OrderReturns) -> bool {
    let reason = returning.reason.unwrap_or(Reason::Other);
    if reason.is_ours() {
        return put_right(talk, returning, reason);
    }
    let misfits = matches!(reason, Reason::TooSmall | Reason::TooBig);
    let exchanges = talk.shop.facts.returns.exchange;
    if returning.wish == Some(Wish::Refund) || !(returning.exchange || (misfits && exchanges)) {
        returning.wish = Some(Wish::Refund);
        return false;
    }
    let price = paid(talk, &returning.lines, known);
    if returning.lines.len() > 1 {
        return money_only(talk, returning, "returns.swap_alone", &price);
    }
    let product = match &returning.lines[..] {
        [only] => talk.ports.product_of_variant(&only.sku),
        _ => None,
    };
    let Some((product, bought)) = product.as_ref().zip(returning.lines.first()) else {
        return money_only(talk, returning, "returns.no_exchange", &price);
    };
    if !exchanges {
        return money_only(talk, returning, "returns.never_exchanged", &price);
    }
    let swaps = Swaps::of(product, bought, reason, &returning.wanted);
    // Agreed on before; it may have been sold meanwhile.
    let agreed = match &returning.wish {
        Some(Wish::Exchange { sku, variant }) => {
            if product
                .variants
                .iter()
                .any(|one| one.sku == *sku && has(one, bought))
            {
                return false;
            }
            Some(variant.clone())
        }
        _ => None,
    };
    if let (Some(variant), None, false) = (swaps.exact, &agreed, returning.wanted.is_empty()) {
        returning.wish = Some(Wish::Exchange {
            sku: variant.sku.clone(),
            variant: name(variant),
        });
        return false;
    }
    let asked = returning.asked == Some(Step::Wish) && returning.wanted.is_empty();
    returning.wish = None;
    let lacking = agreed.or(swaps.lacking);
    let offered: Vec<&Variant> = swaps.exact.into_iter().chain(swaps.others).collect();
    if let ([only], true, None) = (&offered[..], asked && returning.exchange, &lacking) {
        // "Swap" after "swap it for L, or the money?"
        returning.wish = Some(Wish::Exchange {
            sku: only.sku.clone(),
            variant: name(only),
        });
        return false;
    }
    let names: Vec<String> = offered.iter().copied().map(name).collect();
    let values = names.join("; ");
    let (id, variables) = match (&lacking, &names[..]) {
        (Some(variant), []) => {
            let variables = [("variant", variant.as_str()), ("price", price.as_str())];
            talk.say("returns.no_swap", &variables);
            returning.wish = Some(Wish::Refund);
            returning.exchange = false;
            returning.wanted.clear();
            return false;
        }
        (Some(variant), _) => {
            let variables = vec![("variant", variant.as_str()), ("values", values.as_str())];
            ("returns.no_swap_but", variables)
        }
        (None, []) => return money_only(talk, returning, "returns.no_exchange", &price),
        (None, [only]) => ("returns.swap_or_refund", vec![("variant", only.as_str())]),
        (None, _) => ("returns.swap_which", vec![("values", values.as_str())]),
    };
    let variables = [variables, vec![("price", price.as_str())]].concat();
    let line = talk.line(id, &variables);
    talk.reply.line(from_order(line, known, "lines"));
    let taps = offered.iter().take(TAPS).map(|one| swap(talk, one));
    let taps: Vec<Choice> = taps.collect();
    talk.reply.choices(taps);
    talk.offer(&["choice.refund"]);
    returning.wanted.clear();
    keep(talk, returning, Step::Wish);
    true
}

/// What the shop has to put right: a new one, or the money.
fn put_right(talk: &mut Talk<'_>, returning: &mut Returning, reason: Reason) -> bool {
    if returning.exchange {
        returning.exchange = false;
        returning.wish = Some(Wish::Replacement);
    }
    if matches!(returning.wish, Some(Wish::Refund | Wish::Replacement)) {
        return false;
    }
    let (question, tap) = match reason {
        Reason::Missing => ("returns.send_or_money", "choice.send_it"),
        _ => ("returns.new_or_money", "choice.replacement"),
    };
    talk.say(question, &[]);
    talk.offer(&[tap, "choice.refund"]);
    keep(talk, returning, Step::Wish);
    true
}

/// Nothing to swap it for: the money it is, and why is said to those who asked for a swap.
fn money_only(talk: &mut Talk<'_>, returning: &mut Returning, id: &str, price: &str) -> bool {
    if returning.exchange {
        talk.say(id, &[("price", price)]);
    }
    returning.exchange = false;
    returning.wanted.clear();
    returning.wish = Some(Wish::Refund);
    false
}

fn swap(talk: &Talk<'_>, variant: &Variant) -> Choice {
    let line = talk.line("choice.swap", &[("variant", &name(variant))]);
    let source = Source::Product {
        sku: variant.sku.clone(),
        field: "stock".into(),
    };
    tap(line.text, None, source)
}

/// "L, navy", as orders write it.
fn name(variant: &Variant) -> String {
    let size = variant.options.get("size");
    let rest = variant.options.iter().filter(|(name, _)| *name != "size");
    let values = size.into_iter().chain(rest.map(|(_, value)| value));
    values.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What may be sent instead of what was bought.
#[derive(Default)]
struct Swaps<'p> {
    /// What was asked for, or the next size that way; in stock.
    exact: Option<&'p Variant>,
    /// It exists, or was named, and there is none.
    lacking: Option<String>,
    /// Others in stock, the nearest first.
    others: Vec<&'p Variant>,
}

impl<'p> Swaps<'p> {
    fn of(product: &'p Product, bought: &Line, reason: Reason, wanted: &[String]) -> Self {
        let mut variants = product.variants.iter();
        let Some(own) = variants.find(|one| one.sku == bought.sku) else {
            return Self::default();
        };
        // Something dearer or cheaper is a purchase of its own.
        let rest = product.variants.iter();
        let rest: Vec<&Variant> = rest
            .filter(|one| one.sku != own.sku && one.price == own.price)
            .collect();
        let there = |one: &&Variant| has(one, bought);
        if !wanted.is_empty() {
            let fits = |one: &&&Variant| wanted.iter().all(|value| is(one, value));
            let mut fitting: Vec<&Variant> = rest.iter().filter(fits).copied().collect();
            fitting.sort_by_key(|one| differing(own, one));
            let first = fitting.first().copied();
            let exact = first.filter(there);
            let mut others: Vec<&Variant> = fitting.into_iter().skip(1).filter(there).collect();
            if others.is_empty() {
                let near = rest.iter().copied().filter(there);
                others = near.filter(|one| differing(own, one) == 1).collect();
            }
            return Self {
                exact,
                lacking: Some(first.map_or_else(|| wanted.join(", "), name)),
                others: if exact.is_some() { Vec::new() } else { others },
            };
        }
        let near = |one: &&Variant| differing(own, one) == 1;
        let Some(size) = next_size(product, own, reason) else {
            let others = match reason {
                Reason::TooSmall | Reason::TooBig => Vec::new(),
                _ => rest.into_iter().filter(near).filter(there).collect(),
            };
            return Self {
                others,
                ..Self::default()
            };
        };
        let of_size = |one: &&Variant| one.options.get("size").map(String::as_str) == Some(size);
        let mut fitting: Vec<&Variant> = rest.into_iter().filter(of_size).collect();
        fitting.sort_by_key(|one| differing(own, one));
        let first = fitting.first().copied();
        match first.filter(there) {
            Some(next) => Self {
                exact: Some(next),
                ..Self::default()
            },
            None => Self {
                exact: None,
                lacking: Some(first.map_or_else(|| size.to_owned(), name)),
                others: fitting.into_iter().skip(1).filter(there).collect(),
            },
        }
    }
}

/// Enough of it, as far as the shop counts it.
fn has(variant: &Variant, bought: &Line) -> bool {
    variant
        .stock
        .is_none_or(|left| left >= bought.quantity.max(1))
}

fn is(variant: &Variant, value: &str) -> bool {
    variant.options.values().any(|own| fold(own) == fold(value))
}

/// In how many options two variants differ.
fn differing(one: &Variant, other: &Variant) -> usize {
    let options = one.options.iter();
    options
        .filter(|(name, value)| other.options.get(*name) != Some(value))
        .count()
}

/// The next size up or down, in stock or not. The catalog lists sizes from small to large.
fn next_size<'p>(product: &'p Product, own: &Variant, reason: Reason) -> Option<&'p str> {
    let mut sizes: Vec<&str> = Vec::new();
    for size in product
        .variants
        .iter()
        .filter_map(|one| one.options.get("size"))
    {
        if !sizes.contains(&size.as_str()) {
            sizes.push(size);
        }
    }
    let place = sizes
        .iter()
        .position(|one| Some(*one) == own.options.get("size").map(String::as_str))?;
    let next = match reason {
        Reason::TooSmall => place.checked_add(1)?,
        Reason::TooBig => place.checked_sub(1)?,
        _ => return None,
    };
    sizes.get(next).copied()
}
