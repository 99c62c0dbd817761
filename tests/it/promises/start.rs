//! What stands in the way of a start is said in one clear line, with an exit code.

use super::server::TestShop;

fn start(shop: &TestShop, settings: &str) -> (Option<i32>, String) {
    std::fs::write(shop.path("config.toml"), settings).unwrap();
    let output = shop.command().arg("serve").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

#[test]
fn settings_that_cannot_be_are_named_with_their_place() {
    let shop = TestShop::new();
    for (settings, place, hint) in [
        (
            "[server]\nlisten = 8080\n",
            "config.toml:2",
            "127.0.0.1:8080",
        ),
        (
            "[shop]\nurl = \"shop.example\"\n",
            "config.toml:2",
            "https://",
        ),
        ("[shop]\ncurency = \"EUR\"\n", "config.toml:2", "currency"),
        ("[shop\nname = 1\n", "config.toml:1", ""),
        ("[limits]\nping_seconds = 0\n", "config.toml:2", "1 to 300"),
        (
            "[orders]\nnumber_patterns = [\"SH\"]\n",
            "config.toml:2",
            "#",
        ),
    ] {
        let (code, said) = start(&shop, settings);
        assert!(code.is_some_and(|code| code != 0), "{settings}: {said}");
        assert!(
            said.contains(place) && said.contains(hint),
            "{settings}: {said}"
        );
    }
}

#[test]
fn a_port_that_is_taken_is_said_with_the_key_to_change() {
    let shop = TestShop::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (code, said) = start(&shop, &format!("[server]\nlisten = \"{address}\"\n"));
    assert_eq!(code, Some(3));
    assert!(
        said.contains(&address.to_string()) && said.contains("listen"),
        "{said}"
    );
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

#[test]
fn settings_that_cannot_be_read_are_an_error_and_not_the_defaults() {
    let shop = TestShop::new();
    std::fs::remove_file(shop.path("config.toml")).unwrap();
    let gone = shop.command().arg("serve").output().unwrap();
    assert_ne!(gone.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&gone.stderr).contains("config.toml"));
    std::fs::create_dir(shop.path("config.toml")).unwrap();
    let folder = shop.command().arg("serve").output().unwrap();
    assert_ne!(folder.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&folder.stderr).contains("config.toml"));
}

#[test]
fn a_data_folder_that_is_a_file_is_named() {
    let shop = TestShop::new();
    std::fs::write(shop.path("data"), "in the way").unwrap();
    let output = shop.command().arg("serve").output().unwrap();
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("data") && said.contains("data.dir"), "{said}");
}
