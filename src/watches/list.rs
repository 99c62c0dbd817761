//! The shop's watches, with the letters that go with them.

use super::table::{self, NotTaken, Taken};
use super::{Channel, Digest, Fired, Watch, Wish};
use crate::mail::{self, Address, Letter};
use crate::store::{Connection, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// How long a letter that asks for confirmation may wait for a mail server.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// How long the news may: what was in stock two days ago is no news.
const NEWS_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// The words of a letter; `{link}` stands for where it is confirmed, `{stop}` for where one tap ends all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub body: String,
}

/// Who waits for what. Clones share it.
#[derive(Clone)]
pub struct Watchlist {
    store: Store,
    /// Where this server is reached by those who read its letters; ends with a slash.
    base: Url,
}

impl Watchlist {
    pub fn new(store: Store, base: &Url) -> Self {
        let mut base = base.clone();
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Self { store, base }
    }

    /// Takes a wish; the letter that asks its address to confirm leaves with it.
    pub async fn sign_up(
        &self,
        wish: &Wish,
        letter: &Words,
        now: Timestamp,
    ) -> Result<Result<Taken, NotTaken>, StoreError> {
        let mut write = self.store.begin().await?;
        let token = draw(&mut write).await?;
        let taken = table::sign_up(&mut write, wish, Digest::of(&token), now).await?;
        if let (Ok(Taken::Unconfirmed), Channel::Mail(to)) = (taken, &wish.channel) {
            let letter = self.letter(to, letter, &token);
            let letter = Letter {
                kind: "alert_confirm",
                owner: Some(wish.shopper.as_str().to_owned()),
                expires_at: now + CONFIRM_WITHIN,
                reply: None,
                ..letter
            };
            mail::enqueue(&mut write, &letter, now).await?;
        }
        write.commit().await?;
        Ok(taken)
    }

    /// Tells by letter that it has happened: once, and not when it is no longer wanted. False when nothing was told.
    pub async fn tell_by_letter(
        &self,
        watch: &Watch,
        fired: &Fired,
        words: &Words,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Channel::Mail(to) = &watch.wish.channel else {
            return Ok(false);
        };
        let mut write = self.store.begin().await?;
        let token = draw(&mut write).await?;
        let link = Some(Digest::of(&token));
        if !watch.fire(&mut write, fired, link, now).await? {
            return Ok(false);
        }
        let letter = Letter {
            kind: watch.wish.kind.name(),
            owner: Some(watch.wish.shopper.as_str().to_owned()),
            expires_at: now + NEWS_WITHIN,
            reply: None,
            ..self.letter(to, words, &token)
        };
        mail::enqueue(&mut write, &letter, now).await?;
        write.commit().await?;
        Ok(true)
    }

    fn letter(&self, to: &Address, words: &Words, token: &str) -> Letter {
        let link = self.link("confirm", token);
        let stop = self.link("stop", token);
        let body = words.body.replace("{link}", link.as_str());
        Letter {
            to: to.clone(),
            subject: words.subject.clone(),
            body: body.replace("{stop}", stop.as_str()),
            unsubscribe: Some(stop),
            kind: "",
            owner: None,
            expires_at: Timestamp::UNIX_EPOCH,
            reply: None,
        }
    }

    fn link(&self, does: &str, token: &str) -> Url {
        let mut url = self.base.clone();
        // A token has hexadecimal digits only.
        url.set_path(&format!("{}alerts/{does}/{token}", self.base.path()));
        url
    }

    /// The tap in the letter: the watch lives from now on. False for a link that nobody has, or no longer.
    pub async fn confirm(&self, token: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut write = self.store.begin().await?;
        let done = table::confirm(&mut write, Digest::of(token), now).await?;
        write.commit().await?;
        Ok(done)
    }

    /// The tap that ends all alerts to the address that the link was sent to, letters that still wait among them. Doing
    /// it again changes nothing.
    pub async fn stop(&self, token: &str) -> Result<(), StoreError> {
        let mut write = self.store.begin().await?;
        let link = Digest::of(token);
        if let Some(address) = table::address_of(&mut write, link).await? {
            table::stop_mail(&mut write, &address).await?;
            mail::withdraw(&mut write, &address, &["back_in_stock", "price_drop"]).await?;
        }
        write.commit().await
    }

    /// The language in which the owner of a link is spoken to.
    pub async fn language_of(&self, token: &str) -> Result<Option<String>, StoreError> {
        table::language_of(&self.store, Digest::of(token)).await
    }

    /// The address that this shopper confirmed last.
    pub async fn address_of(&self, shopper: &str) -> Result<Option<Address>, StoreError> {
        table::proven_address(&self.store, shopper).await
    }

    /// What a shopper waits for, in the order they asked; unconfirmed ones too.
    pub async fn open_of(&self, shopper: &str) -> Result<Vec<Watch>, StoreError> {
        table::open_of(&self.store, shopper).await
    }

    /// Everything anybody waits for, to be held against a new catalog.
    pub async fn live(&self) -> Result<Vec<Watch>, StoreError> {
        table::live(&self.store).await
    }

    /// Ends what a shopper waits for, of one product or of all; returns how many there were.
    pub async fn stop_of(&self, shopper: &str, product: Option<&str>) -> Result<u64, StoreError> {
        let mut write = self.store.begin().await?;
        let stopped = table::stop_of(&mut write, shopper, product).await?;
        write.commit().await?;
        Ok(stopped)
    }
}

/// 256 random bits in hexadecimal.
async fn draw(connection: &mut Connection) -> Result<String, StoreError> {
    let drawn = sqlx::query_scalar("SELECT lower(hex(randomblob(32)))");
    Ok(drawn.fetch_one(connection).await?)
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, due};
    use super::*;
    use crate::catalog::shop::{eur, product};
    use crate::store::scratch::{Scratch, scratch};

    fn noon() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    fn list(shop: &Scratch) -> Watchlist {
        let base = "https://shop.test/chat".parse().unwrap();
        Watchlist::new(shop.store.clone(), &base)
    }

    fn wish(kind: Kind) -> Wish {
        Wish {
            shopper: "ada".into(),
            product: "FJORD".to_owned(),
            variant: None,
            kind,
            below: (kind == Kind::PriceDrop).then(|| eur("59.00")),
            channel: Channel::Mail(Address::parse("ada@x.test").unwrap()),
            language: "en".to_owned(),
            consent: "alert.where_back".to_owned(),
        }
    }

    fn words(body: &str) -> Words {
        Words {
            subject: "Hello".to_owned(),
            body: body.to_owned(),
        }
    }

    /// The letters that wait: kind, and the token behind a mark in the text.
    async fn letters(shop: &Scratch) -> Vec<(String, String)> {
        let letters = mail::export_of(&shop.store, "ada").await.unwrap();
        let letter = |letter: mail::LetterExport| {
            let text = letter.letter.unwrap()["text"].as_str().unwrap().to_owned();
            let token = text.rsplit('/').next().unwrap().to_owned();
            (letter.kind, token)
        };
        letters.into_iter().map(letter).collect()
    }

    #[tokio::test]
    async fn the_letter_that_asks_has_a_link_whose_token_is_nowhere_in_the_store() {
        let shop = scratch().await;
        let list = list(&shop);
        let asked = words("Tap {link}");
        let taken = list.sign_up(&wish(Kind::BackInStock), &asked, noon()).await;
        assert_eq!(taken.unwrap(), Ok(Taken::Unconfirmed));
        let exported = mail::export_of(&shop.store, "ada").await.unwrap();
        let text = exported[0].letter.as_ref().unwrap()["text"].to_string();
        assert!(
            text.contains("Tap https://shop.test/chat/alerts/confirm/"),
            "{text}"
        );
        let (_, token) = letters(&shop).await.remove(0);
        assert_eq!(token.len(), 64, "256 bits");
        let mut read = shop.store.read().await.unwrap();
        let stored: Vec<u8> = sqlx::query_scalar("SELECT link FROM watch")
            .fetch_one(&mut *read)
            .await
            .unwrap();
        assert_eq!(stored, Digest::of(&token).to_vec());
        assert!(list.live().await.unwrap().is_empty());
        assert_eq!(list.language_of(&token).await.unwrap(), Some("en".into()));
        assert!(!list.confirm("0123", noon()).await.unwrap());
        assert!(list.confirm(&token, noon()).await.unwrap());
        assert_eq!(list.live().await.unwrap().len(), 1);
        let known = list.address_of("ada").await.unwrap().unwrap();
        assert_eq!(known.as_str(), "ada@x.test");
    }

    #[tokio::test]
    async fn the_news_is_told_once_and_the_tap_in_it_ends_the_others_and_what_still_waits() {
        let shop = scratch().await;
        let list = list(&shop);
        let first = wish(Kind::BackInStock);
        let asked = list.sign_up(&first, &words("{link}"), noon()).await;
        assert_eq!(asked.unwrap(), Ok(Taken::Unconfirmed));
        let (_, token) = letters(&shop).await.remove(0);
        list.confirm(&token, noon()).await.unwrap();
        let second = wish(Kind::PriceDrop);
        let second = list.sign_up(&second, &words("{link}"), noon()).await;
        assert_eq!(second.unwrap(), Ok(Taken::Live), "known by now");
        let watch = list.live().await.unwrap().remove(0);
        let fired = due(&watch.wish, &product("Fjord", "", "", &[("", "59.00", 1)])).unwrap();
        for first in [true, false] {
            let news = words("{stop}");
            let told = list.tell_by_letter(&watch, &fired, &news, noon()).await;
            assert_eq!(told.unwrap(), first);
        }
        let told = letters(&shop).await;
        assert_eq!(told.len(), 2);
        let (kind, token) = &told[1];
        assert_eq!(kind, "back_in_stock");
        for _ in 0..2 {
            list.stop(token).await.unwrap();
        }
        assert!(list.open_of("ada").await.unwrap().is_empty());
        let left = letters(&shop).await;
        assert_eq!(left.len(), 1, "the news has not left yet, and will not");
        assert_eq!(left[0].0, "alert_confirm");
    }
}
