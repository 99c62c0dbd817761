//! WooCommerce's product export: a row a product or a variation, which names its parent by SKU or `id:44`.

mod offer;

use super::gather::{Gathering, Heads};
use super::plain::{levels, one_line, option_name, plain_text};
use super::{FeedError, Reading, needed};
use crate::catalog::{Image, Product};
use crate::sheet::{Row, Sheet};
use offer::priced;
use std::collections::{BTreeMap, HashMap};

pub(super) fn is_headed(sheet: &Sheet<'_>) -> bool {
    let all = ["ID", "Type", "SKU", "Name", "Regular price"];
    all.iter().all(|heading| sheet.column(heading).is_some())
}

struct Columns {
    id: Option<usize>,
    kind: Option<usize>,
    sku: Option<usize>,
    gtin: Option<usize>,
    name: Option<usize>,
    published: Option<usize>,
    visibility: Option<usize>,
    short: Option<usize>,
    long: Option<usize>,
    sale_from: Option<usize>,
    sale_until: Option<usize>,
    in_stock: Option<usize>,
    stock: Option<usize>,
    backorders: Option<usize>,
    sale: Option<usize>,
    regular: Option<usize>,
    categories: Option<usize>,
    tags: Option<usize>,
    brands: Option<usize>,
    images: Option<usize>,
    parent: Option<usize>,
    external: Option<usize>,
    /// Column and unit.
    weight: Option<(usize, String)>,
    sizes: Vec<(usize, String)>,
    attributes: Vec<Attribute>,
}

struct Attribute {
    name: usize,
    value: Option<usize>,
}

impl Columns {
    fn find(heads: &mut Heads<'_, '_>) -> Self {
        let unit = |what: &'static str| {
            move |heading: &str| {
                let unit = heading
                    .strip_prefix(what)?
                    .strip_prefix(" (")?
                    .strip_suffix(')')?;
                Some(unit.to_owned())
            }
        };
        let weight = heads.take_all(unit("Weight")).into_iter().next();
        let sizes = ["Length", "Width", "Height"]
            .into_iter()
            .flat_map(|what| heads.take_all(unit(what)))
            .collect();
        let named = heads.take_all(|heading| {
            let nth = heading.strip_prefix("Attribute ")?.strip_suffix(" name")?;
            nth.parse::<u16>().ok()
        });
        let attributes = named
            .into_iter()
            .map(|(name, nth)| {
                let mut part = |what: &str| heads.take(&[&format!("Attribute {nth} {what}")]);
                // Whether it is shown, and whether other products share it, says nothing of the goods.
                part("visible");
                part("global");
                part("default");
                Attribute {
                    name,
                    value: part("value(s)"),
                }
            })
            .collect();
        let mut take = |heading: &str| heads.take(&[heading]);
        Self {
            id: take("ID"),
            kind: take("Type"),
            sku: take("SKU"),
            gtin: take("GTIN, UPC, EAN, or ISBN"),
            name: take("Name"),
            published: take("Published"),
            visibility: take("Visibility in catalog"),
            short: take("Short description"),
            long: take("Description"),
            sale_from: take("Date sale price starts"),
            sale_until: take("Date sale price ends"),
            in_stock: take("In stock?"),
            stock: take("Stock"),
            backorders: take("Backorders allowed?"),
            sale: take("Sale price"),
            regular: take("Regular price"),
            categories: take("Categories"),
            tags: take("Tags"),
            brands: take("Brands"),
            images: take("Images"),
            parent: take("Parent"),
            external: take("External URL"),
            weight,
            sizes,
            attributes,
        }
    }
}

/// Parents by what variations call them: `id:44` or the SKU.
#[derive(Default)]
struct Parents {
    skus: HashMap<String, String>,
    hidden: HashMap<String, &'static str>,
}

pub(super) fn read(
    text: &str,
    reading: &Reading,
    into: &mut Gathering,
    progress: &mut impl FnMut(u64),
) -> Result<(), FeedError> {
    let sheet = Sheet::open(text)?;
    for column in ["ID", "Type", "Name", "Regular price"] {
        needed(&sheet, "WooCommerce", column, &[])?;
    }
    let mut heads = Heads::new(&sheet);
    let columns = Columns::find(&mut heads);
    let is_variation = |row: &Row| kinds(row, &columns).any(|kind| kind == "variation");
    let mut parents = Parents::default();
    // A variation may stand before its parent.
    for row in sheet.rows().filter(|row| !is_variation(row)) {
        progress(row.byte / 2);
        match parent(&row, &columns, &heads, reading, into) {
            Ok(None) => {}
            Ok(Some(reason)) => {
                into.leave_out(reason);
                for name in names(&row, &columns) {
                    parents.hidden.insert(name, reason);
                }
            }
            Err(reason) => into.refuse(row.refused(reason)),
        }
        for name in names(&row, &columns) {
            parents.skus.insert(name, code(&row, &columns));
        }
    }
    for row in sheet.rows().filter(is_variation) {
        progress(row.byte);
        match variation(&row, &columns, &heads, &parents, reading, into) {
            Ok(None) => {}
            Ok(Some(reason)) => into.leave_out(reason),
            Err(reason) => into.refuse(row.refused(reason)),
        }
    }
    Ok(())
}

/// What variations may call this row.
fn names(row: &Row, columns: &Columns) -> Vec<String> {
    let (id, sku) = (row.at(columns.id), row.at(columns.sku));
    let by_id = (!id.is_empty()).then(|| format!("id:{id}"));
    let by_sku = (!sku.is_empty()).then(|| sku.to_owned());
    by_id.into_iter().chain(by_sku).collect()
}

fn code(row: &Row, columns: &Columns) -> String {
    match row.at(columns.sku) {
        "" => format!("id-{}", row.at(columns.id)),
        sku => sku.to_owned(),
    }
}

/// `simple`, `variable`, `variation`, `grouped`, `external`; beside them `virtual` and `downloadable`.
fn kinds<'r>(row: &'r Row, columns: &Columns) -> impl Iterator<Item = &'r str> {
    row.at(columns.kind).split(',').map(str::trim)
}

/// A product; the reason when it is left out on purpose.
fn parent(
    row: &Row,
    columns: &Columns,
    heads: &Heads<'_, '_>,
    reading: &Reading,
    into: &mut Gathering,
) -> Result<Option<&'static str>, String> {
    if let Some(broken) = &row.broken {
        return Err(broken.clone());
    }
    let cell = |at: Option<usize>| row.at(at);
    if cell(columns.name).is_empty() {
        return Err("Name: the cell is empty".to_owned());
    }
    if cell(columns.id).is_empty() && cell(columns.sku).is_empty() {
        return Err("SKU: the cell is empty, and so is ID".to_owned());
    }
    let has_kind = |kind: &str| kinds(row, columns).any(|own| own == kind);
    match cell(columns.published) {
        "0" => return Ok(Some("products that are drafts")),
        "-1" => return Ok(Some("products that are private")),
        _ => {}
    }
    if cell(columns.visibility).eq_ignore_ascii_case("hidden") {
        return Ok(Some("products that are hidden in the catalog"));
    }
    if has_kind("grouped") {
        return Ok(Some("groups: their products are read by themselves"));
    }
    let sku = code(row, columns);
    let is_variable = has_kind("variable");
    let variant = if is_variable {
        None
    } else {
        let mut variant = priced(row, columns, reading)?;
        variant.sku.clone_from(&sku);
        Some(variant)
    };
    if variant.is_some() || into.known(&sku).is_none() {
        into.claim(&sku, row.line)
            .map_err(|first| format!("SKU: {sku} stands in line {first} already"))?;
    }
    let mut product = product(row, columns, &sku);
    product.carried = heads.rest(row);
    product.variants.extend(variant);
    into.product(&sku, || product);
    Ok(None)
}

fn product(row: &Row, columns: &Columns, sku: &str) -> Product {
    let cell = |at: Option<usize>| row.at(at);
    let texts = [
        plain_text(cell(columns.short)),
        plain_text(cell(columns.long)),
    ];
    let mut description = texts[0].clone();
    if !texts[1].is_empty() && texts[1] != texts[0] {
        if !description.is_empty() {
            description.push_str("\n\n");
        }
        description.push_str(&texts[1]);
    }
    let mut paths: Vec<Vec<String>> = cells(cell(columns.categories))
        .map(|path| levels(&path))
        .collect();
    let deepest = (0..paths.len()).rev().max_by_key(|at| paths[*at].len());
    let category = deepest.map(|at| paths.remove(at)).unwrap_or_default();
    let others = paths.into_iter().filter_map(|mut path| path.pop());
    let others = others
        .filter(|other| !category.contains(other))
        .collect::<Vec<_>>();
    let mut attributes: BTreeMap<String, String> = columns
        .attributes
        .iter()
        .map(|attribute| {
            (
                option_name(cell(Some(attribute.name))),
                cell(attribute.value).to_owned(),
            )
        })
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
        .collect();
    if let Some((at, unit)) = &columns.weight
        && !cell(Some(*at)).is_empty()
    {
        attributes.insert("weight".to_owned(), format!("{} {unit}", cell(Some(*at))));
    }
    let sizes: Vec<&str> = columns
        .sizes
        .iter()
        .map(|(at, _)| cell(Some(*at)))
        .collect();
    if let [(_, unit), ..] = &columns.sizes[..]
        && sizes.iter().all(|size| !size.is_empty())
    {
        attributes.insert(
            "dimensions".to_owned(),
            format!("{} {unit}", sizes.join(" x ")),
        );
    }
    Product {
        sku: sku.to_owned(),
        title: one_line(cell(columns.name)),
        category,
        brand: cells(cell(columns.brands))
            .next()
            .filter(|brand| !brand.is_empty()),
        description,
        attributes,
        tags: cells(cell(columns.tags)).chain(others).collect(),
        images: cells(cell(columns.images))
            .map(|url| Image::from(url.as_str()))
            .collect(),
        url: Some(cell(columns.external).to_owned()).filter(|url| !url.is_empty()),
        ..Product::default()
    }
}

/// A variation of a product; the reason when it is left out on purpose.
fn variation(
    row: &Row,
    columns: &Columns,
    heads: &Heads<'_, '_>,
    parents: &Parents,
    reading: &Reading,
    into: &mut Gathering,
) -> Result<Option<&'static str>, String> {
    if let Some(broken) = &row.broken {
        return Err(broken.clone());
    }
    let cell = |at: Option<usize>| row.at(at);
    let called = cell(columns.parent);
    if parents.hidden.contains_key(called) {
        return Ok(None);
    }
    match cell(columns.published) {
        "0" | "-1" => return Ok(Some("variations that are switched off")),
        _ => {}
    }
    if cell(columns.regular).is_empty() {
        return Ok(Some("variations without a price"));
    }
    let parent = parents
        .skus
        .get(called)
        .ok_or_else(|| format!("Parent: no row is `{called}`"))?
        .clone();
    let mut variant = priced(row, columns, reading)?;
    for attribute in &columns.attributes {
        let (name, value) = (cell(Some(attribute.name)), cell(attribute.value));
        // A variation without a value fits any.
        if !name.is_empty() && !value.is_empty() {
            variant.options.insert(option_name(name), value.to_owned());
        }
    }
    variant.image = cells(cell(columns.images)).next();
    variant.id = Some(cell(columns.id).to_owned()).filter(|id| !id.is_empty());
    variant.carried = heads.rest(row);
    // A variation without a SKU of its own is exported with its parent's.
    let own = Some(cell(columns.sku))
        .filter(|sku| *sku != parent)
        .unwrap_or_default();
    variant.sku = into.code(own, &parent, &variant, row.line);
    let product = into
        .known(&parent)
        .ok_or_else(|| format!("Parent: `{called}` was refused"))?;
    if let [only] = &product.variants[..]
        && only.sku == product.sku
        && only.options.is_empty()
    {
        return Err(format!("Parent: `{called}` is no variable product"));
    }
    // What variations differ in is no attribute of the whole.
    for name in variant.options.keys() {
        product.attributes.remove(name);
    }
    product.variants.push(variant);
    Ok(None)
}

/// The parts of a cell between commas; `\,` is a comma in one.
fn cells(cell: &str) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut letters = cell.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some(',')) => {
                letters.next();
                if let Some(last) = parts.last_mut() {
                    last.push(',');
                }
            }
            (',', _) => parts.push(String::new()),
            _ => {
                if let Some(last) = parts.last_mut() {
                    last.push(letter);
                }
            }
        }
    }
    parts
        .into_iter()
        .map(|part| one_line(&part))
        .filter(|part| !part.is_empty())
}
