//! Feeds made for Google Merchant Center: a table with tabs, or RSS or Atom with `g:` fields. One item a variant;
//! items of one `item_group_id` are one product.

use super::gather::Gathering;
use super::plain::{levels, money, one_line, option_name, plain_text};
use super::{FeedError, Reading, xml};
use crate::catalog::{Image, Product, Sale, Variant};
use crate::sheet::{Refused, Sheet};
use jiff::Timestamp;
use jiff::civil::Date;

/// Fields that become something of ours; the rest is carried along.
const OURS: [&str; 27] = [
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "availability",
    "availability_date",
    "price",
    "sale_price",
    "sale_price_effective_date",
    "brand",
    "gtin",
    "mpn",
    "condition",
    "item_group_id",
    "color",
    "size",
    "gender",
    "age_group",
    "material",
    "pattern",
    "product_type",
    "google_product_category",
    "product_highlight",
    "product_detail",
    "quantity",
];
/// What items of a group differ in.
const OPTIONS: [&str; 4] = ["color", "size", "material", "pattern"];
/// What is said of an item and is no option of it.
const ATTRIBUTES: [&str; 4] = ["gender", "age_group", "material", "pattern"];

pub(super) fn is_headed(sheet: &Sheet<'_>) -> bool {
    let headings: Vec<String> = sheet
        .headings()
        .iter()
        .map(|heading| field_name(heading))
        .collect();
    let has = |name: &&str| headings.iter().any(|heading| heading == name);
    ["id", "title", "link", "price", "availability"]
        .iter()
        .all(has)
}

/// `g:image link` as `image_link`.
fn field_name(heading: &str) -> String {
    let heading = heading.trim().to_lowercase();
    let bare = heading.strip_prefix("g:").unwrap_or(&heading);
    bare.replace([' ', '-'], "_")
}

/// One item, from a row or from XML.
struct Item {
    line: u64,
    fields: Vec<(String, String)>,
}

impl Item {
    fn of(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(move |(field, _)| field == name);
        fields
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

pub(super) fn read(
    text: &str,
    reading: &Reading,
    into: &mut Gathering,
    progress: &mut impl FnMut(u64),
) -> Result<(), FeedError> {
    let mut items = Vec::new();
    if text.trim_start().starts_with('<') {
        xml::items(text, |item, done| {
            progress(done);
            items.push(Item {
                line: item.line,
                fields: item.fields,
            });
        })?;
    } else {
        let sheet = Sheet::open(text)?;
        super::needed(&sheet, "Google Merchant", "id", &["g:id"])?;
        let names: Vec<String> = sheet
            .headings()
            .iter()
            .map(|heading| field_name(heading))
            .collect();
        for row in sheet.rows() {
            progress(row.byte);
            if let Some(broken) = &row.broken {
                into.refuse(row.refused(broken.clone()));
                continue;
            }
            let cells = names.iter().enumerate();
            items.push(Item {
                line: row.line,
                fields: cells
                    .map(|(at, name)| (name.clone(), row.at(Some(at)).to_owned()))
                    .collect(),
            });
        }
    }
    for item in &items {
        if let Err(reason) = one(item, reading, into) {
            into.refuse(Refused {
                line: item.line,
                reason,
                row: format!("{} {}", item.of("id"), item.of("title")),
            });
        }
    }
    Ok(())
}

fn one(item: &Item, reading: &Reading, into: &mut Gathering) -> Result<(), String> {
    for name in ["id", "title", "price"] {
        if item.of(name).is_empty() {
            return Err(format!("{name}: the field is empty"));
        }
    }
    let mut variant = variant(item, reading)?;
    let id = item.of("id");
    into.claim(id, item.line)
        .map_err(|first| format!("id: {id} stands in line {first} already"))?;
    variant.sku = id.to_owned();
    variant.carried = carried(item);
    let group = item.of("item_group_id");
    if group.is_empty() {
        // Without a group there is nothing to choose.
        let mut product = product(item, id);
        let options = std::mem::take(&mut variant.options);
        product.attributes.extend(options);
        into.product(id, || product).variants.push(variant);
        return Ok(());
    }
    let product = into.product(group, || product(item, group));
    product.title = shared_title(&product.title, item.of("title"));
    let options = &variant.options;
    product
        .attributes
        .retain(|name, _| !options.contains_key(name));
    product.variants.push(variant);
    Ok(())
}

/// What the titles of a group have in common: "Alder socks" of "Alder socks - navy, S" and "Alder socks - navy, M".
fn shared_title(known: &str, other: &str) -> String {
    let other = one_line(other);
    let words = known.split(' ').zip(other.split(' '));
    let shared: Vec<&str> = words
        .take_while(|(one, two)| one == two)
        .map(|(one, _)| one)
        .collect();
    let title = shared.join(" ");
    let title = title.trim_end_matches([' ', '-', '–', '|', ',', '/', '(', ':']);
    if title.is_empty() {
        known.to_owned()
    } else {
        title.to_owned()
    }
}

fn product(item: &Item, sku: &str) -> Product {
    let some = |name: &str| Some(one_line(item.of(name))).filter(|value| !value.is_empty());
    let mut attributes: std::collections::BTreeMap<String, String> = ATTRIBUTES
        .into_iter()
        .filter_map(|name| Some((option_name(name), some(name)?)))
        .collect();
    if let Some(condition) = some("condition").filter(|condition| condition != "new") {
        attributes.insert("condition".to_owned(), condition);
    }
    if let Some(mpn) = some("mpn") {
        attributes.insert("mpn".to_owned(), mpn);
    }
    // `section:name:value`, or the parts by themselves.
    for detail in item.all("product_detail") {
        let mut parts = detail.rsplitn(3, ':');
        if let (Some(value), Some(name)) = (parts.next(), parts.next()) {
            attributes.insert(option_name(name), one_line(value));
        }
    }
    let parts = item
        .all("product_detail.attribute_name")
        .zip(item.all("product_detail.attribute_value"));
    attributes.extend(parts.map(|(name, value)| (option_name(name), one_line(value))));
    let mut description = plain_text(item.of("description"));
    for highlight in item.all("product_highlight") {
        description.push_str("\n- ");
        description.push_str(&one_line(highlight));
    }
    let own = item.of("product_type");
    let google = item.of("google_product_category");
    let is_number = google.bytes().all(|byte| byte.is_ascii_digit());
    let category = match (own.is_empty(), is_number) {
        (false, _) => own.split(',').next().unwrap_or_default(),
        (true, false) => google,
        (true, true) => "",
    };
    let more = item
        .all("additional_image_link")
        .flat_map(|links| links.split(','));
    Product {
        sku: sku.to_owned(),
        title: one_line(item.of("title")),
        category: levels(category),
        brand: some("brand"),
        description,
        attributes,
        images: item
            .all("image_link")
            .chain(more)
            .map(|url| Image::from(url.trim()))
            .collect(),
        url: some("link"),
        ..Product::default()
    }
}

fn variant(item: &Item, reading: &Reading) -> Result<Variant, String> {
    let mut variant = Variant::new("", money("price", item.of("price"), reading.currency)?);
    let sale = item.of("sale_price");
    if !sale.is_empty() {
        let price = money("sale_price", sale, reading.currency)?;
        match item.of("sale_price_effective_date") {
            "" => {
                variant.was = Some(variant.price).filter(|was| was.minor > price.minor);
                variant.price = price;
            }
            dates => {
                let (from, until) = period(dates, reading)?;
                variant.sale = Some(Sale {
                    price,
                    from: Some(from),
                    until: Some(until),
                });
            }
        }
    }
    for name in OPTIONS {
        let value = one_line(item.of(name));
        if !value.is_empty() {
            variant.options.insert(option_name(name), value);
        }
    }
    let count = item.of("quantity").parse().ok();
    variant.stock = match field_name(item.of("availability")).as_str() {
        // A preorder is bought now and sent later.
        "in_stock" | "limited_availability" => count,
        "preorder" | "pre_order" | "backorder" | "available_for_order" => None,
        "out_of_stock" => Some(0),
        "" => return Err("availability: the field is empty".to_owned()),
        other => {
            return Err(format!(
                "availability: `{other}` is none of in_stock, out_of_stock, preorder, backorder"
            ));
        }
    };
    let later = ["preorder", "pre_order", "backorder"];
    variant.backorder = later.contains(&field_name(item.of("availability")).as_str());
    let date = item.of("availability_date");
    if !date.is_empty() {
        let day: String = date.chars().take(10).collect();
        let day: Date = day
            .parse()
            .map_err(|_| format!("availability_date: `{date}` is not a date like 2026-11-20"))?;
        variant.available_on = Some(day);
    }
    variant.gtin = Some(item.of("gtin").to_owned()).filter(|gtin| !gtin.is_empty());
    variant.image = Some(item.of("image_link").to_owned()).filter(|image| !image.is_empty());
    Ok(variant)
}

/// `2026-11-01T00:00+0100/2026-11-30T23:59+0100`; a day as an end is part of it.
fn period(dates: &str, reading: &Reading) -> Result<(Timestamp, Timestamp), String> {
    let wrong = || {
        format!("sale_price_effective_date: `{dates}` is not two dates with a stroke between them")
    };
    let (from, until) = dates.split_once('/').ok_or_else(wrong)?;
    let moment = |text: &str, is_end: bool| -> Option<Timestamp> {
        let text = text.trim();
        if text.len() == 10 {
            let day: Date = text.parse().ok()?;
            let day = if is_end { day.tomorrow().ok()? } else { day };
            return Some(day.to_zoned(reading.zone.clone()).ok()?.timestamp());
        }
        let exact = text.parse::<Timestamp>().ok();
        // `+0100`, and seconds left out.
        let forms = ["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%MZ"];
        exact.or_else(|| {
            forms
                .into_iter()
                .find_map(|form| Timestamp::strptime(form, text).ok())
        })
    };
    let (from, until) = (
        moment(from, false).ok_or_else(wrong)?,
        moment(until, true).ok_or_else(wrong)?,
    );
    if until <= from {
        return Err(format!(
            "sale_price_effective_date: `{dates}` ends before it begins"
        ));
    }
    Ok((from, until))
}

fn carried(item: &Item) -> std::collections::BTreeMap<String, String> {
    let mut carried: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (name, value) in &item.fields {
        if value.is_empty() || OURS.contains(&name.as_str()) || name.starts_with("product_detail.")
        {
            continue;
        }
        carried
            .entry(name.clone())
            .and_modify(|known| {
                known.push_str(" | ");
                known.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    carried
}
