//! What a shopper waits for is told where they are.

use super::{deliver, said, serve, shop_with, telegram, until};
use crate::promises::alerts::restock_by;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_waited_for_on_a_messenger_is_told_there_once() {
    let rigs = [telegram::rig().await];
    let shop = shop_with(&rigs);
    let server = serve(&shop, &rigs);
    let [rig] = &rigs;
    for (id, text) in [
        (1, "tell me when the trail vest in xl is back"),
        (2, "here in the chat"),
    ] {
        let post = (rig.message)(&said(id, 991, text));
        assert_eq!(deliver(&shop, rig.account, post).await, 200);
        until("an answer", || rig.fake.taken().len() as u64 >= id).await;
    }
    let before = rig.fake.taken().len();
    let words = |from: usize| {
        let taken = rig.fake.taken();
        let told = taken[from..].iter().map(|one| (rig.words)(&one.body));
        told.collect::<Vec<_>>().join(" ")
    };
    assert!(words(0).contains("I watch Trail vest (XL)"), "{}", words(0));
    let mut command = shop.command();
    command.envs(rig.secrets.iter().cloned());
    restock_by(command, &shop, 2, "45.00").await;
    until("the news", || {
        words(before).contains("Trail vest (XL) is back in stock")
    })
    .await;
    assert_eq!(rig.fake.taken_in("991").len(), rig.fake.taken().len());
    assert_eq!(rig.fake.wrong(), Vec::<String>::new());
    assert_eq!(server.stop(), Some(0));
    let told = words(before).matches("is back in stock").count();
    assert_eq!(told, 1, "{}", words(before));
}
