//! Products from JSON lines and from CSV.

use super::batch::{Batch, Refused};
use super::mapped::Map;
use crate::catalog::{Product, Variant, parse_line};
use crate::money::{Currency, Money};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, Read};

/// What a column may be mapped to.
const FIELDS: [&str; 14] = [
    "sku",
    "title",
    "price",
    "was",
    "stock",
    "category",
    "brand",
    "description",
    "image",
    "url",
    "rating",
    "group",
    "size",
    "colour",
];

/// One product a line.
pub(super) fn jsonl(
    reader: impl BufRead,
    currency: Currency,
    mut progress: impl FnMut(u64),
) -> anyhow::Result<Batch> {
    let mut batch = Batch::default();
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut read = 0;
    for (nth, line) in reader.lines().enumerate() {
        let line = line?;
        read += line.len() as u64 + 1;
        progress(read);
        let number = nth as u64 + 1;
        let text = line.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            continue;
        }
        let refused = |reason: String| Refused {
            line: number,
            reason,
            row: text.to_owned(),
        };
        match parse_line(text, currency) {
            Ok(product) => match lines.insert(product.sku.clone(), number) {
                Some(first) => {
                    let reason = format!("`sku`: {} stands in line {first} already", product.sku);
                    batch.refused.push(refused(reason));
                }
                None => batch.products.push(product),
            },
            Err(error) => batch.refused.push(refused(error.to_string())),
        }
    }
    Ok(batch)
}

/// One variant a row; rows with the same `group` (or `title`, without one) are one product.
pub(super) fn csv(
    mut reader: impl Read,
    map: &Map,
    currency: Currency,
    progress: impl Fn(u64),
) -> anyhow::Result<Batch> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let text = super::mapped::text(bytes)?;
    let table = map.columns(&text, &FIELDS, &["sku", "title", "price"])?;
    let mut batch = Batch::default();
    let mut groups: HashMap<String, usize> = HashMap::new();
    let mut skus: HashMap<String, u64> = HashMap::new();
    for row in table.rows(&text) {
        progress(row.byte);
        let refused = |reason: String| Refused {
            line: row.line,
            reason,
            row: row.raw.clone(),
        };
        if let Some(broken) = &row.broken {
            batch.refused.push(refused(broken.clone()));
            continue;
        }
        let variant = match variant(&row.cells, currency) {
            Ok(variant) => variant,
            Err(reason) => {
                batch.refused.push(refused(reason));
                continue;
            }
        };
        if let Some(first) = skus.insert(variant.sku.clone(), row.line) {
            batch.refused.push(refused(format!(
                "sku: {} stands in line {first} already",
                variant.sku
            )));
            continue;
        }
        let cell = |name: &str| row.cells.get(name).cloned().unwrap_or_default();
        let group = if cell("group").is_empty() {
            variant.sku.clone()
        } else {
            cell("group")
        };
        if let Some(&at) = groups.get(&group) {
            batch.products[at].variants.push(variant);
            continue;
        }
        let rating = cell("rating");
        let rating = match rating.as_str() {
            "" => None,
            text => match text.parse::<f32>() {
                Ok(rating) if (0.0..=5.0).contains(&rating) => Some(rating),
                _ => {
                    batch.refused.push(refused(format!(
                        "rating: `{text}` is not a number from 0 to 5"
                    )));
                    continue;
                }
            },
        };
        groups.insert(group.clone(), batch.products.len());
        let some = |name: &str| Some(cell(name)).filter(|value| !value.is_empty());
        batch.products.push(Product {
            sku: group,
            title: cell("title")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            category: cell("category")
                .split('>')
                .map(str::trim)
                .filter(|level| !level.is_empty())
                .map(str::to_owned)
                .collect(),
            brand: some("brand"),
            description: cell("description"),
            attributes: BTreeMap::new(),
            image: some("image"),
            url: some("url"),
            rating,
            variants: vec![variant],
        });
    }
    Ok(batch)
}

fn variant(cells: &BTreeMap<String, String>, currency: Currency) -> Result<Variant, String> {
    let cell = |name: &str| {
        cells
            .get(name)
            .map(|value| value.trim())
            .unwrap_or_default()
    };
    let money = |name: &str| -> Result<Money, String> {
        let money =
            Money::parse(cell(name), currency).map_err(|error| format!("{name}: {error}"))?;
        if money.minor < 0 {
            Err(format!("{name}: `{}` is below nothing", cell(name)))
        } else {
            Ok(money)
        }
    };
    for name in ["sku", "title"] {
        if cell(name).is_empty() {
            return Err(format!("{name}: the cell is empty"));
        }
    }
    let stock = match cell("stock") {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| format!("stock: `{text}` is not a whole number"))?,
        ),
    };
    let options = ["size", "colour"]
        .into_iter()
        .filter(|name| !cell(name).is_empty());
    Ok(Variant {
        sku: cell("sku").to_owned(),
        options: options
            .map(|name| (name.to_owned(), cell(name).to_owned()))
            .collect(),
        price: money("price")?,
        was: if cell("was").is_empty() {
            None
        } else {
            Some(money("was")?)
        },
        stock,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, map: &[&str]) -> Batch {
        let map: Vec<String> = map.iter().map(|pair| (*pair).to_owned()).collect();
        csv(
            text.as_bytes(),
            &Map::parse(&map).unwrap(),
            "EUR".parse().unwrap(),
            |_| {},
        )
        .unwrap()
    }

    #[test]
    fn a_table_with_other_headings_is_read_by_its_map() {
        let batch = read(
            "Code;Name;Price\nA1;Birch  mug;12.50\n",
            &["sku=Code", "title=Name", "price=Price"],
        );
        assert_eq!(batch.products[0].title, "Birch mug");
        assert_eq!(batch.products[0].variants[0].price.minor, 1250);
    }

    #[test]
    fn rows_of_a_group_are_variants_of_one_product() {
        let batch = read(
            "sku,title,price,group,size\nA-S,Vest,45,A,S\nA-M,Vest,45,A,M\n",
            &[],
        );
        assert_eq!(batch.products.len(), 1);
        assert_eq!(batch.products[0].variants[1].options["size"], "M");
    }

    #[test]
    fn bad_rows_are_refused_with_line_and_reason() {
        let batch = read(
            "sku,title,price,stock\nA,Mug,\"1.234,56\",1\n,Mug,3,1\nB,Mug,-3,1\nC,Mug,3,lots\nD,Mug,3,4\nD,Mug,3,4\n",
            &[],
        );
        let reasons: Vec<String> = batch
            .refused
            .iter()
            .map(|row| format!("{}: {}", row.line, row.reason))
            .collect();
        insta::assert_snapshot!(reasons.join("\n"));
        assert_eq!(batch.products.len(), 1);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_heading() {
        assert_eq!(
            read("\u{feff}sku,title,price\nA,Mug,3\n", &[])
                .products
                .len(),
            1
        );
    }
}
