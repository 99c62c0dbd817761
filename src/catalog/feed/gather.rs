//! Rows on their way to being products: each code once, refusals with their lines, what was left out.

use super::Feed;
use crate::catalog::{Product, Variant};
use crate::sheet::{Refused, Row, Sheet};
use std::collections::{BTreeMap, HashMap};

#[derive(Default)]
pub(super) struct Gathering {
    feed: Feed,
    /// By the product's code.
    places: HashMap<String, usize>,
    /// Of each variant's code, the line it stands in.
    lines: HashMap<String, u64>,
}

impl Gathering {
    pub(super) fn refuse(&mut self, refused: Refused) {
        self.feed.refused.push(refused);
    }

    pub(super) fn leave_out(&mut self, reason: &'static str) {
        *self.feed.left_out.entry(reason).or_default() += 1;
    }

    /// The product with this code, made by `new` when it is the first of its rows.
    pub(super) fn product(&mut self, sku: &str, new: impl FnOnce() -> Product) -> &mut Product {
        let at = match self.places.get(sku) {
            Some(at) => *at,
            None => {
                self.feed.products.push(new());
                self.places
                    .insert(sku.to_owned(), self.feed.products.len() - 1);
                self.feed.products.len() - 1
            }
        };
        &mut self.feed.products[at]
    }

    pub(super) fn known(&mut self, sku: &str) -> Option<&mut Product> {
        let at = *self.places.get(sku)?;
        Some(&mut self.feed.products[at])
    }

    /// Claims a variant's code for a line; the line that has it already otherwise.
    pub(super) fn claim(&mut self, sku: &str, line: u64) -> Result<(), u64> {
        match self.lines.get(sku) {
            Some(first) => Err(*first),
            None => {
                self.lines.insert(sku.to_owned(), line);
                Ok(())
            }
        }
    }

    /// Gives a variant a code nobody has: its own, else one made of `stem` and its options.
    pub(super) fn code(&mut self, own: &str, stem: &str, variant: &Variant, line: u64) -> String {
        if !own.is_empty() && self.claim(own, line).is_ok() {
            return own.to_owned();
        }
        let mut made = stem.to_owned();
        for value in variant.options.values() {
            made.push('/');
            made.push_str(value);
        }
        let mut code = made.clone();
        let mut nth = 2;
        while self.claim(&code, line).is_err() {
            code = format!("{made}/{nth}");
            nth += 1;
        }
        code
    }

    /// Products nothing of which is on sale go; the rows refused stand in the file's order.
    pub(super) fn finish(mut self) -> Feed {
        let before = self.feed.products.len();
        self.feed
            .products
            .retain(|product| !product.variants.is_empty());
        let empty = before - self.feed.products.len();
        if empty > 0 {
            let reason = "products without anything that has a price";
            *self.feed.left_out.entry(reason).or_default() += empty as u64;
        }
        for product in &mut self.feed.products {
            settle_options(product);
        }
        self.feed.refused.sort_by_key(|refused| refused.line);
        self.feed
    }
}

/// What all variants have alike is no choice but says something of the product: `material` → `wool`. Size and colour
/// stay, they are asked for as choices.
fn settle_options(product: &mut Product) {
    let [first, others @ ..] = &product.variants[..] else {
        return;
    };
    if others.is_empty() {
        return;
    }
    let alike = first.options.iter().filter(|(name, value)| {
        let same = |other: &Variant| other.options.get(*name) == Some(value);
        !matches!(name.as_str(), "size" | "colour") && others.iter().all(same)
    });
    let alike: Vec<(String, String)> = alike
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in alike {
        for variant in &mut product.variants {
            variant.options.remove(&name);
        }
        product.attributes.insert(name, value);
    }
}

/// The columns a reader knows; the others are carried along.
pub(super) struct Heads<'s, 't> {
    sheet: &'s Sheet<'t>,
    known: Vec<bool>,
}

impl<'s, 't> Heads<'s, 't> {
    pub(super) fn new(sheet: &'s Sheet<'t>) -> Self {
        let known = vec![false; sheet.headings().len()];
        Self { sheet, known }
    }

    /// The first of these headings that the table has.
    pub(super) fn take(&mut self, headings: &[&str]) -> Option<usize> {
        let at = headings
            .iter()
            .find_map(|heading| self.sheet.column(heading))?;
        self.known[at] = true;
        Some(at)
    }

    /// Every column not yet taken whose heading `pick` makes something of.
    pub(super) fn take_all<T>(&mut self, pick: impl Fn(&str) -> Option<T>) -> Vec<(usize, T)> {
        let headings = self.sheet.headings().iter().enumerate();
        let picked: Vec<(usize, T)> = headings
            .filter(|(at, _)| !self.known[*at])
            .filter_map(|(at, heading)| Some((at, pick(heading)?)))
            .collect();
        for (at, _) in &picked {
            self.known[*at] = true;
        }
        picked
    }

    /// The cells nobody took, by heading.
    pub(super) fn rest(&self, row: &Row) -> BTreeMap<String, String> {
        let headings = self.sheet.headings().iter().enumerate();
        headings
            .filter(|(at, _)| !self.known[*at])
            .map(|(at, heading)| (heading.clone(), row.at(Some(at)).to_owned()))
            .filter(|(_, cell)| !cell.is_empty())
            .collect()
    }
}
