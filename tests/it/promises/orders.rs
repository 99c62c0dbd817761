//! What a shopper asks to have done with an order reaches staff, and what staff did reaches the shopper.

use super::server::TestShop;
use std::io::Write;
use std::process::Stdio;

/// A conversation in the terminal; what the assistant said.
fn say(shop: &TestShop, shopper: &str, lines: &[&str]) -> String {
    let mut chat = shop
        .command()
        .args(["chat", "--shopper", shopper])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = chat.stdin.take().unwrap();
    pipe.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(pipe);
    let output = chat.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn orders(shop: &TestShop, args: &[&str]) -> (Option<i32>, String) {
    let output = shop.command().arg("orders").args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

const CANCEL: [&str; 2] = ["cancel SH-10056 elise.nygard@example.org", "yes"];
const STATUS: [&str; 1] = ["where is SH-10056 elise.nygard@example.org"];

#[test]
fn staff_do_what_was_asked_for_an_order_and_the_shopper_hears_it() {
    let shop = TestShop::new();
    assert!(say(&shop, "ana", &CANCEL).contains("our team cancels SH-10056"));
    assert!(say(&shop, "ana", &STATUS).contains("has not come to it yet"));

    let (_, list) = orders(&shop, &["requests"]);
    let request: serde_json::Value = serde_json::from_str(list.trim()).unwrap();
    assert_eq!(
        (&request["number"], &request["kind"]),
        (&"SH-10056".into(), &"cancel".into())
    );
    let id = &request["id"].as_str().unwrap()[..8];
    let why = "It left the house this morning.";
    let (code, said) = orders(&shop, &["refuse", id, "--why", why]);
    assert_eq!((code, said.trim()), (Some(0), "SH-10056: cancel refused"));
    assert!(
        say(&shop, "ben", &STATUS)
            .contains("could not be cancelled: It left the house this morning.")
    );

    let (code, said) = orders(&shop, &["done", id]);
    assert_eq!(code, Some(3));
    assert!(said.contains("is refused already"), "{said}");
    let (_, said) = orders(&shop, &["done", "nothing"]);
    assert!(
        said.contains("`shoptalk orders requests` lists them"),
        "{said}"
    );
    assert_eq!(orders(&shop, &["requests"]).1, "");
    assert!(orders(&shop, &["requests", "--all"]).1.contains(why));
}
