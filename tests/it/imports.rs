//! Imports through the program's own door: all or nothing, the same twice changes nothing, and every
//! refused row is named.

use super::promises::server::{PATIENCE, TestShop, Visitor};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Instant;

fn import(shop: &TestShop, args: &[&str]) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = shop.command().arg("import").args(args).output().unwrap();
    (
        status.code(),
        format!(
            "{}{}",
            String::from_utf8_lossy(&stdout),
            String::from_utf8_lossy(&stderr)
        ),
    )
}

fn file(shop: &TestShop, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = shop.path(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let shop = TestShop::new();
    let goods = file(
        &shop,
        "goods.csv",
        "sku;title;price\nA;Birch mug;12.50\nB;Oak tray;30\n",
    );
    let (code, said) = import(&shop, &["products", &goods]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("products: 2 added, 0 changed, 0 unchanged"),
        "{said}"
    );
    let (_, said) = import(&shop, &["products", &goods]);
    assert!(
        said.contains("products: 0 added, 0 changed, 2 unchanged"),
        "{said}"
    );
}

#[test]
fn one_bad_row_stores_nothing_unless_told_to_keep_going() {
    let shop = TestShop::new();
    let goods = file(
        &shop,
        "goods.csv",
        "sku,title,price\nA,Birch mug,12.50\nB,Oak tray,\"1.234,56\"\n",
    );
    let (code, said) = import(&shop, &["products", &goods]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("nothing was stored") && said.contains("line 3"),
        "{said}"
    );
    let rejects = std::fs::read_to_string(shop.path("goods.csv.rejects.csv")).unwrap();
    assert!(
        rejects.contains("3,") && rejects.contains("1.234,56"),
        "{rejects}"
    );
    let (code, said) = import(&shop, &["products", "--keep-going", &goods]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("products: 1 added"), "{said}");
}

#[test]
fn files_that_are_no_tables_are_refused_with_a_hint() {
    let shop = TestShop::new();
    let utf16 = file(&shop, "utf16.csv", [0xff, 0xfe, b's', 0, b'k', 0]);
    let (code, said) = import(&shop, &["products", &utf16]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("UTF-16"), "{said}");
    let strange = file(&shop, "strange.csv", "a,b\n1,2\n");
    let (_, said) = import(&shop, &["products", &strange]);
    assert!(
        said.contains("no format known here (a, b)") && said.contains("--map"),
        "{said}"
    );
    let (code, said) = import(&shop, &["products", "--map", "skuu=a", &strange]);
    assert_eq!(code, Some(3));
    assert!(said.contains("did you mean `sku`?"), "{said}");
    let open = file(
        &shop,
        "open.csv",
        "sku,title,price\nA,\"Birch mug,12.50\nB,Oak tray,30\n",
    );
    let (code, said) = import(&shop, &["products", &open]);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn articles_from_a_table_become_a_file_that_staff_can_edit() {
    let shop = TestShop::new();
    let faq = file(
        &shop,
        "more-faq.csv",
        "Q,A\nDo you sell kites?,\"No, <b>never</b>.\"\nDo you sell boats?,No boats.\n",
    );
    let (code, said) = import(&shop, &["knowledge", "--map", "question=Q,answer=A", &faq]);
    // HTML would be shown as text: it is refused where it stands, and nothing is written.
    assert_eq!(code, Some(3), "{said}");
    assert!(!shop.path("knowledge/more-faq.md").exists());
    let faq = file(
        &shop,
        "more-faq.csv",
        "Q,A\nDo you sell kites?,No kites.\nDo you sell boats?,No boats.\n",
    );
    let (code, said) = import(&shop, &["knowledge", "--map", "question=Q,answer=A", &faq]);
    assert_eq!(code, Some(0), "{said}");
    let written = std::fs::read_to_string(shop.path("knowledge/more-faq.md")).unwrap();
    assert!(written.contains("## Do you sell kites?\n"), "{written}");
    let (_, said) = import(&shop, &["knowledge", "--map", "question=Q,answer=A", &faq]);
    assert!(said.contains("unchanged"), "{said}");
}

#[test]
fn orders_from_a_table_with_other_headings_can_be_looked_up() {
    let shop = TestShop::new();
    let table = file(
        &shop,
        "orders.csv",
        "Order,Date,Mail,Item,Name,Qty,Each,State\n\
         SH-77001,2026-11-18,kim@example.com,MUG-X,Birch mug,2,12.50,shipped\n\
         SH-77001,2026-11-18,kim@example.com,TRAY-X,Oak tray,1,30,shipped\n",
    );
    let map = "number=Order,placed_at=Date,email=Mail,sku=Item,title=Name,quantity=Qty,price=Each,status=State";
    let (code, said) = import(&shop, &["orders", "--map", map, &table]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("orders: 1 added"), "{said}");
    let (_, said) = import(&shop, &["orders", "--map", map, &table]);
    assert!(said.contains("1 unchanged"), "{said}");
    let (code, said) = import(&shop, &["orders", "--map", "numbr=Order", &table]);
    assert_eq!(code, Some(3));
    assert!(said.contains("did you mean `number`?"), "{said}");
}

#[test]
fn articles_from_json_lines_become_a_file_too() {
    let shop = TestShop::new();
    let lines = "{\"question\":\"Do you sell kites?\",\"phrasings\":[\"kites\",\"any kite\"],\"answer\":\"No kites.\",\"id\":\"k\"}\n\n{\"question\":\"\",\"answer\":\"x\"}\nnot json\n";
    let faq = file(&shop, "toys.jsonl", lines);
    let (code, said) = import(&shop, &["knowledge", &faq]);
    assert_eq!(code, Some(1), "{said}");
    assert!(!shop.path("knowledge/toys.md").exists(), "all or nothing");
    let rejects = std::fs::read_to_string(shop.path("toys.jsonl.rejects.csv")).unwrap();
    assert!(
        rejects.contains("3,question") && rejects.contains("4,expected"),
        "{rejects}"
    );
    let (_, said) = import(&shop, &["knowledge", "--keep-going", &faq]);
    assert!(said.contains("articles: 1 written"), "{said}");
    let written = std::fs::read_to_string(shop.path("knowledge/toys.md")).unwrap();
    assert!(
        written.contains("Also asked:\n- kites\n- any kite\n"),
        "{written}"
    );
}

#[test]
fn a_large_feed_with_one_bad_row_keeps_the_old_catalog_whole() {
    let shop = TestShop::new();
    let small = file(&shop, "small.csv", "sku,title,price\nOLD-1,Old kettle,20\n");
    let (code, said) = import(&shop, &["products", &small]);
    assert_eq!(code, Some(0), "{said}");
    let mut text = String::from("sku;title;price;description\n");
    for nth in 0..100_000 {
        text.push_str(&format!(
            "N-{nth};<b>Kettle</b> {nth};{nth}.50;<script>alert(1)</script>\n"
        ));
    }
    text.push_str("N-1;Twice;1;\n");
    let large = file(&shop, "large.csv", &text);
    let (code, said) = import(&shop, &["products", &large]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("nothing was stored") && said.contains("line 100002"),
        "{said}"
    );
    let (_, said) = import(&shop, &["products", &small]);
    assert!(said.contains("1 unchanged"), "{said}");
    let (code, said) = import(&shop, &["products", "--keep-going", &large]);
    assert_eq!(code, Some(1));
    assert!(said.contains("100000 added"), "{said}");
}

#[test]
fn a_real_shops_table_is_imported_found_recommended_from_and_looked_up() {
    let shared = std::env::var_os("SHOPTALK_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let table = shared.join("data/online-retail/online-retail-2010-12_2011-09.csv");
    if !table.is_file() {
        eprintln!(
            "skipped: the UCI \"Online Retail\" table is not at {}",
            table.display()
        );
        return;
    }
    let shop = TestShop::new();
    let table = table.display().to_string();
    let (code, said) = import(&shop, &["orders", "--format", "online-retail", &table]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("products: 3608 added") && said.contains("orders: 18336 added"),
        "{said}"
    );
    let (_, again) = import(&shop, &["orders", "--format", "online-retail", &table]);
    assert!(
        again.contains("0 added, 0 changed, 3608 unchanged"),
        "{again}"
    );
    let mut chat = shop.command();
    chat.arg("chat")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut chat = chat.spawn().unwrap();
    let words = "what goes with a white hanging heart t-light holder?\nwhere is my order 536365\nblue\n11111\nwhere is my order 536365\n17850\n";
    std::io::Write::write_all(&mut chat.stdin.take().unwrap(), words.as_bytes()).unwrap();
    let said = String::from_utf8(chat.wait_with_output().unwrap().stdout).unwrap();
    assert!(
        said.contains("bought together in 292 of 1536 baskets"),
        "{said}"
    );
    assert!(
        said.contains("customer number") && said.contains("6 x White metal lantern at 3.39"),
        "{said}"
    );
    // Nobody is asked for what these orders do not have.
    assert!(
        said.contains("with that number and customer number") && !said.contains("e-mail address"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_imported_while_serving_takes_the_demo_shops_place() {
    let shop = TestShop::new();
    let server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    let export = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/feeds/woocommerce.csv");
    let goods = file(&shop, "products.csv", std::fs::read(export).unwrap());
    let (code, said) = import(&shop, &["products", "--keep-going", &goods]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the demo shop made room"), "{said}");
    let began = Instant::now();
    for nth in 0.. {
        let id = format!("hoodie-{nth}");
        let (_, reply) = visitor.say(&id, "harbour hoodie").await.unwrap();
        if reply.to_string().contains("Harbour hoodie") {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{reply}");
    }
    let (_, reply) = visitor.say("socks", "alder wool socks").await.unwrap();
    assert!(!reply.to_string().contains("Alder wool socks"), "{reply}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn answers_of_the_demo_shop_are_named_until_they_are_the_owners_own() {
    let shop = TestShop::new();
    // Files whose answers are the demo's.
    let demos = || -> String {
        let output = shop.command().args(["check", "--json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = found["diagnostics"].as_array().unwrap().iter();
        let found = found.filter(|one| one["code"] == "demo-article");
        found.map(|one| one.to_string()).collect()
    };
    assert_eq!(demos(), "");
    let goods = file(&shop, "goods.csv", "sku,title,price\nLAMP,Brass lamp,40\n");
    let (_, said) = import(&shop, &["products", &goods]);
    assert!(
        said.contains("still tell the demo shop's answers as yours"),
        "{said}"
    );
    assert!(demos().contains("stores.md"), "{}", demos());
    // What is written anew is the owner's own …
    let stores = shop.path("knowledge/stores.md");
    std::fs::write(
        &stores,
        "# Where we are\n\n## Do you have a shop?\n\nNo, only this one.\n",
    )
    .unwrap();
    let left = demos();
    assert!(
        left.contains("returns.md") && !left.contains("stores.md"),
        "{left}"
    );
    // … and so is what the owner says they have read.
    let settings = shop.path("config.toml");
    let known = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(
        &settings,
        format!("{known}\n[content]\ndemo_articles = true\n"),
    )
    .unwrap();
    assert_eq!(demos(), "");
}
