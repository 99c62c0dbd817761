//! The doctor finds the line to change, and finds nothing where nothing is wrong.

use super::server::TestShop;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

fn said(shop: &TestShop, url: Option<&str>) -> (Option<i32>, String) {
    let output = shop.command().arg("doctor").args(url).output().unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

/// A proxy that forgets the upgrade, as nginx does without its two lines.
fn forgetful_proxy(to: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = vec![0; 8192];
            let Ok(read) = stream.read(&mut head) else {
                continue;
            };
            let kept = |line: &&str| {
                let lower = line.to_ascii_lowercase();
                !lower.starts_with("upgrade:") && !lower.starts_with("connection:")
            };
            let text = String::from_utf8_lossy(&head[..read]).into_owned();
            let lines: Vec<&str> = text.split("\r\n").filter(kept).collect();
            let passed = lines
                .join("\r\n")
                .replacen("\r\n", "\r\nConnection: close\r\n", 1);
            let mut server = TcpStream::connect(&to).unwrap();
            server.write_all(passed.as_bytes()).unwrap();
            let _ = std::io::copy(&mut server, &mut stream);
            // The client may have hung up first.
            let _ = stream.shutdown(Shutdown::Both);
        }
    });
    address
}

#[test]
fn a_sound_shop_has_nothing_to_mend_here_and_from_outside() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let (code, said) = said(&shop, Some(&format!("http://{}", shop.address())));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("ok ").count(), 7, "{said}");
}

#[test]
fn a_proxy_that_drops_the_upgrade_is_named_with_the_lines_it_needs() {
    let shop = TestShop::new();
    let proxy = forgetful_proxy(shop.address());
    let settings = std::fs::read_to_string(shop.path("config.toml")).unwrap();
    std::fs::write(
        shop.path("config.toml"),
        format!("[shop]\nurl = \"http://{proxy}\"\n{settings}"),
    )
    .unwrap();
    let _server = shop.serve();
    let (code, said) = said(&shop, Some(&format!("http://{proxy}")));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("proxy_set_header Upgrade"), "{said}");
}

#[test]
fn an_origin_that_is_not_allowed_is_named_with_its_setting() {
    let shop = TestShop::new();
    let _server = shop.serve();
    // The same server under a name its settings do not know.
    let port = shop.address().rsplit(':').next().unwrap().to_owned();
    let (code, said) = said(
        &shop,
        Some(&format!("http://127.0.0.2:{port}").replace("127.0.0.2", "0.0.0.0")),
    );
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("allowed_origins"), "{said}");
}

#[test]
fn an_address_that_does_not_exist_or_cannot_be_trusted_is_said() {
    let shop = TestShop::new();
    let _server = shop.serve();
    let (code, nowhere) = said(&shop, Some("https://shop.invalid"));
    assert_eq!(code, Some(1), "{nowhere}");
    assert!(nowhere.contains("shop.invalid"), "{nowhere}");
    let Some(server) = SelfSigned::serve(&shop) else {
        eprintln!("skipped: openssl is not installed");
        return;
    };
    let (code, said) = said(&shop, Some(&format!("https://localhost:{}", server.port)));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("certificate"), "{said}");
}

/// A server whose certificate nobody has signed.
struct SelfSigned {
    child: std::process::Child,
    port: u16,
}

impl SelfSigned {
    fn serve(shop: &TestShop) -> Option<Self> {
        use std::process::{Command, Stdio};
        let (key, certificate) = (shop.path("key.pem"), shop.path("certificate.pem"));
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            ])
            .args(["-subj", "/CN=localhost", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .ok()?;
        assert!(made.status.success());
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let child = Command::new("openssl")
            .args(["s_server", "-www", "-accept", &port.to_string(), "-key"])
            .arg(&key)
            .arg("-cert")
            .arg(&certificate)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        super::server::until("the server listens", || {
            TcpStream::connect(("localhost", port)).is_ok()
        });
        Some(Self { child, port })
    }
}

impl Drop for SelfSigned {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
