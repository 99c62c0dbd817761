//! Shopify's product export. Two generations of headings; rows with one handle are one product, later rows leave its
//! own cells blank, and a row with nothing but handle and picture is one more picture.

use super::gather::{Gathering, Heads};
use super::plain::{amount, is_yes, levels, one_line, option_name, plain_text, weight};
use super::{FeedError, Reading, needed};
use crate::catalog::{Image, Product, Variant};
use crate::sheet::{Row, Sheet};

const HANDLE: [&str; 2] = ["URL handle", "Handle"];
/// What an option is called when there is nothing to choose.
const NO_CHOICE: &str = "Default Title";

pub(super) fn is_headed(sheet: &Sheet<'_>) -> bool {
    let has = |headings: &[&str]| {
        headings
            .iter()
            .any(|heading| sheet.column(heading).is_some())
    };
    has(&HANDLE) && has(&["Title"]) && has(&["Option1 name", "Variant Price", "Price"])
}

struct Columns {
    handle: usize,
    title: Option<usize>,
    body: Option<usize>,
    vendor: Option<usize>,
    category: Option<usize>,
    kind: Option<usize>,
    tags: Option<usize>,
    published: Option<usize>,
    status: Option<usize>,
    /// Name and value of each.
    options: [(Option<usize>, Option<usize>); 3],
    sku: Option<usize>,
    barcode: Option<usize>,
    price: Option<usize>,
    was: Option<usize>,
    tracker: Option<usize>,
    quantity: Option<usize>,
    policy: Option<usize>,
    grams: Option<usize>,
    image: Option<usize>,
    alt: Option<usize>,
    variant_image: Option<usize>,
    /// Column and the attribute it is.
    attributes: Vec<(usize, String)>,
}

impl Columns {
    fn find(heads: &mut Heads<'_, '_>, handle: usize) -> Self {
        let mut take = |headings: &[&str]| heads.take(headings);
        take(&HANDLE);
        let mut option = |nth: u8| {
            let part = |what: &str| format!("Option{nth} {what}");
            // The name of the metafield an option is linked to says nothing more.
            take(&[&part("Linked To")]);
            (take(&[&part("name")]), take(&[&part("value")]))
        };
        let options = [option(1), option(2), option(3)];
        let mut columns = Self {
            handle,
            title: take(&["Title"]),
            body: take(&["Description", "Body (HTML)"]),
            vendor: take(&["Vendor"]),
            category: take(&["Product category"]),
            kind: take(&["Type"]),
            tags: take(&["Tags"]),
            published: take(&["Published on online store", "Published"]),
            status: take(&["Status"]),
            options,
            sku: take(&["SKU", "Variant SKU"]),
            barcode: take(&["Barcode", "Variant Barcode"]),
            price: take(&["Price", "Variant Price"]),
            was: take(&["Compare-at price", "Variant Compare At Price"]),
            tracker: take(&["Inventory tracker", "Variant Inventory Tracker"]),
            quantity: take(&["Inventory quantity", "Variant Inventory Qty"]),
            policy: take(&[
                "Continue selling when out of stock",
                "Variant Inventory Policy",
            ]),
            grams: take(&["Weight value (grams)", "Variant Grams"]),
            image: take(&["Product image URL", "Image Src"]),
            alt: take(&["Image alt text", "Image Alt Text"]),
            variant_image: take(&["Variant image URL", "Variant Image"]),
            attributes: Vec::new(),
        };
        columns.attributes = heads.take_all(attribute);
        columns
    }
}

/// The attribute a heading stands for: `Fabric (product.metafields.shopify.fabric)`, `Google Shopping / Gender`.
fn attribute(heading: &str) -> Option<String> {
    if let Some((name, field)) = heading.split_once(" (product.metafields.") {
        return field.ends_with(')').then(|| option_name(name));
    }
    let google = heading.strip_prefix("Google Shopping / ")?;
    matches!(google, "Gender" | "Age Group" | "Condition" | "MPN").then(|| option_name(google))
}

pub(super) fn read(
    text: &str,
    reading: &Reading,
    into: &mut Gathering,
    progress: &mut impl FnMut(u64),
) -> Result<(), FeedError> {
    let sheet = Sheet::open(text)?;
    let handle = needed(&sheet, "Shopify", "URL handle", &HANDLE)?;
    needed(&sheet, "Shopify", "Price", &["Variant Price"])?;
    let mut heads = Heads::new(&sheet);
    let columns = Columns::find(&mut heads, handle);
    // The last handle that is not on sale: its other rows leave their cells blank.
    let mut hidden: Option<String> = None;
    let mut names = OptionNames::default();
    for row in sheet.rows() {
        progress(row.byte);
        let handle = row.at(Some(columns.handle));
        let is_first = !row.at(columns.title).is_empty();
        if is_first {
            hidden = off_sale(&row, &columns).map(|reason| {
                into.leave_out(reason);
                handle.to_owned()
            });
        }
        if hidden.as_deref() == Some(handle) {
            continue;
        }
        names.hear(&row, &columns);
        if let Err(reason) = one(&row, &columns, &heads, &names, reading, into) {
            into.refuse(row.refused(reason));
        }
    }
    Ok(())
}

/// Only a product's first row need name its options.
#[derive(Default)]
struct OptionNames {
    handle: String,
    names: [Option<String>; 3],
}

impl OptionNames {
    fn hear(&mut self, row: &Row, columns: &Columns) {
        let handle = row.at(Some(columns.handle));
        if self.handle != handle {
            *self = Self {
                handle: handle.to_owned(),
                ..Self::default()
            };
        }
        for (known, (name, _)) in self.names.iter_mut().zip(columns.options) {
            let name = row.at(name);
            if !name.is_empty() {
                *known = Some(option_name(name));
            }
        }
    }

    fn of(&self, nth: usize) -> String {
        self.names[nth]
            .clone()
            .unwrap_or_else(|| format!("option {}", nth + 1))
    }
}

fn off_sale(row: &Row, columns: &Columns) -> Option<&'static str> {
    match row.at(columns.status).to_ascii_lowercase().as_str() {
        "draft" => return Some("products that are drafts"),
        "archived" => return Some("products that are archived"),
        "unlisted" => return Some("products that are unlisted"),
        _ => {}
    }
    let published = row.at(columns.published);
    (!published.is_empty() && !is_yes(published)).then_some("products that are not published")
}

fn one(
    row: &Row,
    columns: &Columns,
    heads: &Heads<'_, '_>,
    names: &OptionNames,
    reading: &Reading,
    into: &mut Gathering,
) -> Result<(), String> {
    if let Some(broken) = &row.broken {
        return Err(broken.clone());
    }
    let cell = |at: Option<usize>| row.at(at);
    let handle = cell(Some(columns.handle));
    if handle.is_empty() {
        return Err("URL handle: the cell is empty".to_owned());
    }
    let is_first = !cell(columns.title).is_empty();
    if !is_first && into.known(handle).is_none() {
        return Err(format!("Title: the first row of `{handle}` has none"));
    }
    let variant = if cell(columns.price).is_empty() {
        if is_first {
            return Err("Price: the cell is empty".to_owned());
        }
        if columns
            .options
            .iter()
            .any(|(_, value)| !cell(*value).is_empty())
        {
            return Err(format!("Price: this variant of `{handle}` has none"));
        }
        None
    } else {
        Some(variant(row, columns, names, reading, into)?)
    };
    let rest = heads.rest(row);
    let product = into.product(handle, || product(row, columns));
    if !cell(columns.image).is_empty() {
        product.images.push(Image {
            url: cell(columns.image).to_owned(),
            alt: cell(columns.alt).to_owned(),
        });
    }
    if let Some(mut variant) = variant {
        if is_first {
            product.carried = rest;
        } else {
            variant.carried = rest;
        }
        product.variants.push(variant);
    }
    Ok(())
}

fn product(row: &Row, columns: &Columns) -> Product {
    let cell = |at: Option<usize>| row.at(at);
    let handle = cell(Some(columns.handle));
    let mut category = levels(cell(columns.category));
    let kind = one_line(cell(columns.kind));
    if !kind.is_empty()
        && !category
            .iter()
            .any(|level| level.eq_ignore_ascii_case(&kind))
    {
        category.push(kind);
    }
    let attributes = columns.attributes.iter();
    let mut attributes: std::collections::BTreeMap<String, String> = attributes
        .map(|(at, name)| (name.clone(), cell(Some(*at)).replace("; ", ", ")))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let grams = cell(columns.grams).parse().ok();
    if let Some(weight) = grams.and_then(weight) {
        attributes.insert("weight".to_owned(), weight);
    }
    Product {
        sku: handle.to_owned(),
        title: one_line(cell(columns.title)),
        category,
        brand: Some(one_line(cell(columns.vendor))).filter(|vendor| !vendor.is_empty()),
        description: plain_text(cell(columns.body)),
        attributes,
        tags: cell(columns.tags)
            .split(',')
            .map(one_line)
            .filter(|tag| !tag.is_empty())
            .collect(),
        url: Some(format!("/products/{handle}")),
        ..Product::default()
    }
}

fn variant(
    row: &Row,
    columns: &Columns,
    names: &OptionNames,
    reading: &Reading,
    into: &mut Gathering,
) -> Result<Variant, String> {
    let cell = |at: Option<usize>| row.at(at);
    let handle = cell(Some(columns.handle));
    let mut variant = Variant::new("", amount("Price", cell(columns.price), reading.currency)?);
    for (nth, (_, value)) in columns.options.into_iter().enumerate() {
        let value = cell(value);
        if !value.is_empty() && value != NO_CHOICE {
            variant.options.insert(names.of(nth), value.to_owned());
        }
    }
    let was = cell(columns.was);
    if !was.is_empty() {
        let was = amount("Compare-at price", was, reading.currency)?;
        variant.was = Some(was).filter(|was| was.minor > variant.price.minor);
    }
    (variant.stock, variant.backorder) = stock(row, columns)?;
    variant.gtin = Some(cell(columns.barcode).trim_start_matches('\'').to_owned())
        .filter(|gtin| !gtin.is_empty());
    variant.image = Some(cell(columns.variant_image).to_owned()).filter(|image| !image.is_empty());
    variant.sku = into.code(
        cell(columns.sku).trim_start_matches('\''),
        handle,
        &variant,
        row.line,
    );
    Ok(variant)
}

/// `None` when nobody counts, or when it is sold beyond its stock; then whether it is that.
fn stock(row: &Row, columns: &Columns) -> Result<(Option<u32>, bool), String> {
    let quantity = row.at(columns.quantity);
    let is_untracked = columns.tracker.is_some() && row.at(columns.tracker).is_empty();
    if quantity.is_empty() || is_untracked {
        return Ok((None, false));
    }
    let count: i64 = quantity
        .parse()
        .map_err(|_| format!("Inventory quantity: `{quantity}` is not a whole number"))?;
    let policy = row.at(columns.policy);
    let goes_on = policy.eq_ignore_ascii_case("continue") || is_yes(policy);
    if count <= 0 && goes_on {
        return Ok((None, true));
    }
    let count = u32::try_from(count.max(0)).unwrap_or(u32::MAX);
    Ok((Some(count), false))
}
