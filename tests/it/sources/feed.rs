use super::{serve, shop_with, sync, until};
use crate::promises::server::Visitor;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::sync::{Arc, Mutex};

/// A file on the web: what it holds, its tag, and how often it was sent whole.
#[derive(Clone, Default)]
struct File(Arc<Mutex<(String, String, usize)>>);

impl File {
    fn write(&self, text: &str, tag: &str) {
        let mut file = self.0.lock().unwrap();
        (file.0, file.1) = (text.to_owned(), tag.to_owned());
    }

    fn sent(&self) -> usize {
        self.0.lock().unwrap().2
    }
}

async fn send(State(file): State<File>, headers: HeaderMap) -> Response {
    let allowed = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value == "Basic c2hvcDpwdw==");
    if !allowed {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut file = file.0.lock().unwrap();
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tag| *tag == *file.1)
    {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    file.2 += 1;
    ([(header::ETAG, file.1.clone())], file.0.clone()).into_response()
}

async fn fake() -> (File, String) {
    let file = File::default();
    let router = Router::new()
        .route("/feed.xml", get(send))
        .route(
            "/moved.xml",
            get(|| async { Redirect::permanent("/feed.xml") }),
        )
        .route(
            "/loop.xml",
            get(|| async { Redirect::permanent("/loop.xml") }),
        )
        .with_state(file.clone());
    let address = serve(router).await;
    (file, format!("http://{address}"))
}

const SECRET: [(&str, &str); 1] = [("SHOPTALK_FEED_AUTHORIZATION", "Basic c2hvcDpwdw==")];
const TWO: &str = "sku,title,price\nLAMP,Brass reading lamp,40\nTRAY,Birch serving tray,30\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_taken_over_and_one_that_cannot_be_read_changes_nothing() {
    let (file, url) = fake().await;
    let shop = shop_with(&format!("[feed]\nurl = \"{url}/moved.xml\"\n"));
    file.write(TWO, "\"one\"");
    let (code, said) = sync(&shop, &SECRET).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("feed: 2 products (2 new or changed, 0 gone"),
        "{said}"
    );

    let (_, said) = sync(&shop, &SECRET).await;
    assert!(said.contains("feed: nothing new"), "{said}");
    assert_eq!(
        file.sent(),
        1,
        "a feed with the tag known is not sent again"
    );

    // What is no feed, an empty one, and a refusal change nothing and say what to do.
    for (text, tag, words) in [
        ("<html>Sorry</html>", "\"two\"", "no products"),
        (
            "sku,title,price\nLAMP,Brass reading lamp,dear\n",
            "\"three\"",
            "line 2: price",
        ),
        ("name,cost\n1,2\n", "\"four\"", "--map"),
    ] {
        file.write(text, tag);
        let (code, said) = sync(&shop, &SECRET).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("nothing was changed") && said.contains(words),
            "{said}"
        );
    }
    let (_, said) = sync(&shop, &[]).await;
    assert!(said.contains("SHOPTALK_FEED_AUTHORIZATION"), "{said}");

    let server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    until(
        &mut visitor,
        "brass reading lamp",
        "Brass reading lamp",
        true,
    )
    .await;

    // What a later feed no longer has is gone.
    file.write("sku,title,price\nTRAY,Birch serving tray,28\n", "\"five\"");
    let (_, said) = sync(&shop, &SECRET).await;
    assert!(
        said.contains("feed: 1 products (1 new or changed, 1 gone"),
        "{said}"
    );
    until(
        &mut visitor,
        "brass reading lamp",
        "Brass reading lamp",
        false,
    )
    .await;
    assert_eq!(server.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_inside_the_network_is_not_asked_unless_the_owner_says_so() {
    let (file, url) = fake().await;
    file.write(TWO, "\"one\"");
    let shop = shop_with(&format!("[feed]\nurl = \"{url}/feed.xml\"\n"));
    let path = shop.path("config.toml");
    let open = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        open.replace("private_addresses = true", "private_addresses = false"),
    )
    .unwrap();
    let (code, said) = sync(&shop, &SECRET).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("private_addresses"), "{said}");
    assert_eq!(file.sent(), 0);
    assert!(!said.contains("c2hvcDpwdw"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_sends_on_for_ever_is_given_up() {
    let (_, url) = fake().await;
    let shop = shop_with(&format!("[feed]\nurl = \"{url}/loop.xml\"\n"));
    let (code, said) = sync(&shop, &SECRET).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("sends on to another place"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_goods_come_from_elsewhere_the_demos_are_not_sold_while_they_do_not_come() {
    let (_, url) = fake().await;
    let shop = shop_with("");
    // The demo shop was tried first.
    assert_eq!(shop.serve().stop(), Some(0));
    let path = shop.path("config.toml");
    let known = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{known}[feed]\nurl = \"{url}/feed.xml\"\n")).unwrap();
    // Nobody told the password: every attempt fails.
    let _server = shop.serve();
    let mut visitor = Visitor::connect(&shop, None).await;
    for (id, text) in [
        ("name", "alder wool socks"),
        ("order", "where is my order SH-10023?"),
    ] {
        let (_, reply) = visitor.say(id, text).await.unwrap();
        assert!(!reply.to_string().contains("Alder wool"), "{reply}");
    }
    let (_, reply) = visitor.say("secret", "anna@example.com").await.unwrap();
    assert!(!reply.to_string().contains("\"order\""), "{reply}");
}
