use super::*;
use crate::catalog::Product;
use proptest::prelude::*;
use std::fmt::Write as _;

fn reading(map: &[&str]) -> Reading {
    let map: Vec<String> = map.iter().map(|pair| (*pair).to_owned()).collect();
    Reading {
        format: None,
        map: Map::parse(&map).unwrap(),
        currency: "EUR".parse().unwrap(),
        zone: TimeZone::UTC,
    }
}

fn read_text(text: &str, map: &[&str]) -> Feed {
    read(text.into(), &reading(map), |_| {}).unwrap()
}

/// Everything a feed became, a line a fact.
fn told(feed: &Feed) -> String {
    let mut out = String::new();
    for product in &feed.products {
        let Product {
            sku, title, brand, ..
        } = product;
        let _ = writeln!(
            out,
            "{sku}: {title} | {} | {}",
            brand.as_deref().unwrap_or("-"),
            product.category.join(" > ")
        );
        let _ = writeln!(out, "  {:?}", product.description);
        let _ = writeln!(
            out,
            "  {:?} tags {:?} url {:?}",
            product.attributes, product.tags, product.url
        );
        for image in &product.images {
            let _ = writeln!(out, "  image {} {:?}", image.url, image.alt);
        }
        if !product.carried.is_empty() {
            let _ = writeln!(out, "  carried {:?}", product.carried);
        }
        for variant in &product.variants {
            let _ = write!(
                out,
                "  - {} {:?} {}",
                variant.sku, variant.options, variant.price
            );
            for (name, value) in [
                ("was", variant.was.map(|was| was.to_string())),
                (
                    "sale",
                    variant
                        .sale
                        .map(|sale| format!("{} {:?} to {:?}", sale.price, sale.from, sale.until)),
                ),
                ("stock", variant.stock.map(|stock| stock.to_string())),
                ("on", variant.available_on.map(|day| day.to_string())),
                ("gtin", variant.gtin.clone()),
                ("image", variant.image.clone()),
            ] {
                if let Some(value) = value {
                    let _ = write!(out, ", {name} {value}");
                }
            }
            if !variant.carried.is_empty() {
                let _ = write!(out, ", carried {:?}", variant.carried);
            }
            out.push('\n');
        }
    }
    for (reason, rows) in &feed.left_out {
        let _ = writeln!(out, "left out: {rows} {reason}");
    }
    for refused in &feed.refused {
        let _ = writeln!(out, "refused: line {}: {}", refused.line, refused.reason);
    }
    out
}

#[test]
fn a_shopify_export_of_the_older_headings_is_read_whole() {
    insta::assert_snapshot!(told(&read_text(
        include_str!("../../../tests/feeds/shopify-old.csv"),
        &[]
    )));
}

#[test]
fn a_shopify_export_of_the_newer_headings_is_read_whole() {
    insta::assert_snapshot!(told(&read_text(
        include_str!("../../../tests/feeds/shopify-new.csv"),
        &[]
    )));
}

#[test]
fn a_woocommerce_export_is_read_whole() {
    insta::assert_snapshot!(told(&read_text(
        include_str!("../../../tests/feeds/woocommerce.csv"),
        &[]
    )));
}

#[test]
fn a_merchant_table_is_read_whole() {
    insta::assert_snapshot!(told(&read_text(
        include_str!("../../../tests/feeds/merchant.tsv"),
        &[]
    )));
}

#[test]
fn a_merchant_feed_in_rss_or_atom_is_read_whole() {
    let rss = told(&read_text(
        include_str!("../../../tests/feeds/merchant.xml"),
        &[],
    ));
    let atom = told(&read_text(
        include_str!("../../../tests/feeds/merchant-atom.xml"),
        &[],
    ));
    insta::assert_snapshot!(format!("{rss}\n{atom}"));
}

#[test]
fn a_table_with_other_headings_is_read_by_its_map() {
    let feed = read_text(
        "Code;Name;Price;Stoff;Lager\nA1;Birch  mug;12.50;birch;Regal 4\n",
        &[
            "sku=Code",
            "title=Name",
            "price=Price",
            "attributes.material=Stoff",
        ],
    );
    insta::assert_snapshot!(told(&feed));
}

#[test]
fn rows_of_a_group_are_variants_of_one_product() {
    let feed = read_text(
        "sku,title,price,group,size\nA-S,Vest,45,A,S\nA-M,Vest,45,A,M\n",
        &[],
    );
    assert_eq!(feed.products.len(), 1);
    assert_eq!(feed.products[0].variants[1].options["size"], "M");
}

#[test]
fn bad_rows_are_refused_with_line_and_reason() {
    let feed = read_text(
        "sku,title,price,stock\nA,Mug,\"1.234,56\",1\n,Mug,3,1\nB,Mug,-3,1\nC,Mug,3,lots\nD,Mug,3,4\nD,Mug,3,4\n",
        &[],
    );
    assert_eq!(feed.products.len(), 1);
    insta::assert_snapshot!(told(&feed));
}

#[test]
fn what_is_no_feed_is_refused_with_what_to_do() {
    let refused = |text: &str, format: Option<Format>, map: &[&str]| {
        let reading = Reading {
            format,
            ..reading(map)
        };
        read(text.into(), &reading, |_| {}).unwrap_err().to_string()
    };
    let all = [
        refused("a,b\n1,2\n", None, &[]),
        refused("a,b\n1,2\n", Some(Format::Shopify), &[]),
        refused("a,b\n1,2\n", Some(Format::WooCommerce), &[]),
        refused("a,b\n1,2\n", None, &["sku=a"]),
        refused("a,b\n1,2\n", None, &["skue=a"]),
        refused("<rss><channel></channel></rss>", None, &[]),
        refused("<rss><item><title>x</wrong></item></rss>", None, &[]),
        refused("<rss><item><title>x", None, &[]),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

proptest! {
    /// Whatever a file holds, it is products, refused rows among them, or an error with words.
    #[test]
    fn any_file_is_a_feed_or_an_error(
        text in "((<item>|</item>|<g:id>|</g:id>|<!\\[CDATA\\[|\\]\\]>|&amp;|&#0;|&x;|\"|,|\t|\n|simple|variation|id:4|12.50|-3|a|true| ){1,3}){0,40}",
        head in 0..6_usize,
    ) {
        let heads = [
            "",
            "<rss>",
            "Handle,Title,Variant Price,Option1 Name,Option1 Value,Image Src,Status\n",
            "ID,Type,SKU,Name,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n",
            "id\ttitle\tlink\tprice\tavailability\titem_group_id\n",
            "sku,title,price,stock\n",
        ];
        let _ = read(format!("{}{text}", heads[head]).into_bytes(), &reading(&[]), |_| {});
    }
}
