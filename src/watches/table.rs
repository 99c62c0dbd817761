//! The watches in the store.

use super::watch::Row;
use super::{Channel, Digest, Watch, Wish, limit};
use crate::mail::Address;
use crate::store::{Connection, Store, StoreError, millis};
use jiff::Timestamp;

/// Open watches of one shopper.
pub const MOST_OPEN: i64 = 20;

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is waited for from now on.
    Live,
    /// It is once the address is confirmed, by the link of a letter that must go out in the same transaction.
    Unconfirmed,
}

/// Why a wish was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// It is waited for already, in the same place.
    Again,
    /// [`MOST_OPEN`] are open.
    TooMany,
    /// This address was asked to confirm less than an hour ago, or three times today.
    TooSoon,
}

/// The columns of a [`Row`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, shopper, product, variant, kind, below, currency, address, language, consent, asked_at, confirmed_at, fired_at FROM watch ",
            $rest
        )
    };
}

/// Stores a wish. `link` is the digest of the token in the letter that asks for confirmation.
///
/// An address that this shopper has confirmed before is not asked again.
pub(super) async fn sign_up(
    connection: &mut Connection,
    wish: &Wish,
    link: Digest,
    now: Timestamp,
) -> Result<Result<Taken, NotTaken>, StoreError> {
    let mail = match &wish.channel {
        Channel::Chat => None,
        Channel::Mail(address) => Some(address),
    };
    let address = mail.map(Address::as_str);
    let open: i64 =
        sqlx::query_scalar("SELECT count(*) FROM watch WHERE shopper = ? AND fired_at IS NULL")
            .bind(wish.shopper.as_str())
            .fetch_one(&mut *connection)
            .await?;
    let again: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM watch WHERE shopper = ? AND product = ? AND variant IS ? AND kind = ?
         AND address IS ? AND fired_at IS NULL AND confirmed_at IS NOT NULL)",
    )
    .bind(wish.shopper.as_str())
    .bind(&wish.product)
    .bind(&wish.variant)
    .bind(wish.kind.name())
    .bind(address)
    .fetch_one(&mut *connection)
    .await?;
    if again {
        return Ok(Err(NotTaken::Again));
    }
    if open >= MOST_OPEN {
        return Ok(Err(NotTaken::TooMany));
    }
    let taken = match mail {
        None => Taken::Live,
        Some(address) if is_proven(connection, wish, address).await? => Taken::Live,
        Some(address) if limit::may_ask(connection, address, now).await? => Taken::Unconfirmed,
        Some(_) => return Ok(Err(NotTaken::TooSoon)),
    };
    insert(connection, wish, address, taken, link, now).await?;
    Ok(Ok(taken))
}

/// Whether this shopper has confirmed the address before.
async fn is_proven(
    connection: &mut Connection,
    wish: &Wish,
    address: &Address,
) -> Result<bool, StoreError> {
    let proven = "SELECT EXISTS (SELECT 1 FROM watch WHERE shopper = ? AND address = ? AND confirmed_at IS NOT NULL)";
    Ok(sqlx::query_scalar(proven)
        .bind(wish.shopper.as_str())
        .bind(address.as_str())
        .fetch_one(connection)
        .await?)
}

async fn insert(
    connection: &mut Connection,
    wish: &Wish,
    address: Option<&str>,
    taken: Taken,
    link: Digest,
    now: Timestamp,
) -> Result<(), StoreError> {
    let confirmed = (taken == Taken::Live).then(|| millis(now));
    sqlx::query(
        "INSERT INTO watch (shopper, product, variant, kind, below, currency, address, language, consent,
         asked_at, confirmed_at, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(wish.shopper.as_str())
    .bind(&wish.product)
    .bind(&wish.variant)
    .bind(wish.kind.name())
    .bind(wish.below.map(|money| money.minor))
    .bind(wish.below.map(|money| money.currency.to_string()))
    .bind(address)
    .bind(&wish.language)
    .bind(&wish.consent)
    .bind(millis(now))
    .bind(confirmed)
    .bind(link.to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

/// False for a link that nobody has, or no longer.
pub(super) async fn confirm(
    connection: &mut Connection,
    link: Digest,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE watch SET confirmed_at = coalesce(confirmed_at, ?) WHERE link = ? AND address IS NOT NULL",
    )
    .bind(millis(now))
    .bind(link.to_vec())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The address that a link was sent to.
pub(super) async fn address_of(
    connection: &mut Connection,
    link: Digest,
) -> Result<Option<Address>, StoreError> {
    let address: Option<String> = sqlx::query_scalar(
        "SELECT address FROM watch WHERE (link = ?1 OR fired_link = ?1) AND address IS NOT NULL",
    )
    .bind(link.to_vec())
    .fetch_optional(connection)
    .await?;
    Ok(address.as_deref().and_then(Address::parse))
}

/// Ends all that is told to an address, whoever asked for it.
pub(super) async fn stop_mail(
    connection: &mut Connection,
    address: &Address,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM watch WHERE fired_at IS NULL AND address = ?")
        .bind(address.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends what a shopper waits for, of one product or of all; returns how many there were.
pub(super) async fn stop_of(
    connection: &mut Connection,
    shopper: &str,
    product: Option<&str>,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM watch WHERE shopper = ?1 AND fired_at IS NULL AND (?2 IS NULL OR product = ?2)",
    )
    .bind(shopper)
    .bind(product)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn language_of(store: &Store, link: Digest) -> Result<Option<String>, StoreError> {
    let mut connection = store.read().await?;
    let language = "SELECT language FROM watch WHERE link = ?1 OR fired_link = ?1";
    Ok(sqlx::query_scalar(language)
        .bind(link.to_vec())
        .fetch_optional(&mut *connection)
        .await?)
}

pub(super) async fn proven_address(
    store: &Store,
    shopper: &str,
) -> Result<Option<Address>, StoreError> {
    let mut connection = store.read().await?;
    let address: Option<String> = sqlx::query_scalar(
        "SELECT address FROM watch WHERE shopper = ? AND address IS NOT NULL AND confirmed_at IS NOT NULL
         ORDER BY confirmed_at DESC, id DESC LIMIT 1",
    )
    .bind(shopper)
    .fetch_optional(&mut *connection)
    .await?;
    Ok(address.as_deref().and_then(Address::parse))
}

pub(super) async fn open_of(store: &Store, shopper: &str) -> Result<Vec<Watch>, StoreError> {
    let mut connection = store.read().await?;
    let open = select!("WHERE shopper = ? AND fired_at IS NULL ORDER BY id");
    let rows = sqlx::query_as(open)
        .bind(shopper)
        .fetch_all(&mut *connection)
        .await?;
    Ok(watches(rows))
}

pub(super) async fn live(store: &Store) -> Result<Vec<Watch>, StoreError> {
    let mut connection = store.read().await?;
    let live = select!("WHERE fired_at IS NULL AND confirmed_at IS NOT NULL ORDER BY id");
    let rows = sqlx::query_as(live).fetch_all(&mut *connection).await?;
    Ok(watches(rows))
}

fn watches(rows: Vec<Row>) -> Vec<Watch> {
    rows.into_iter().map(Watch::from).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, due, erase_of, export_of, forget_old};
    use super::*;
    use crate::catalog::shop::{eur, product};
    use crate::store::scratch::{Scratch, scratch};
    use jiff::SignedDuration;

    fn noon() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    fn wish(kind: Kind, channel: Channel) -> Wish {
        Wish {
            shopper: "ada".into(),
            product: "FJORD".to_owned(),
            variant: Some("FJORD-0".to_owned()),
            kind,
            below: (kind == Kind::PriceDrop).then(|| eur("59.00")),
            channel,
            language: "en".to_owned(),
            consent: "alert.where_back".to_owned(),
        }
    }

    fn mail(address: &str) -> Channel {
        Channel::Mail(Address::parse(address).unwrap())
    }

    async fn ask(shop: &Scratch, wish: &Wish, link: &str, minute: i64) -> Result<Taken, NotTaken> {
        let now = noon() + SignedDuration::from_mins(minute);
        let mut write = shop.store.begin().await.unwrap();
        let taken = sign_up(&mut write, wish, Digest::of(link), now)
            .await
            .unwrap();
        write.commit().await.unwrap();
        taken
    }

    #[tokio::test]
    async fn a_watch_is_told_once_and_a_second_wish_for_the_same_is_none() {
        let shop = scratch().await;
        let wish = wish(Kind::BackInStock, Channel::Chat);
        assert_eq!(ask(&shop, &wish, "a", 0).await, Ok(Taken::Live));
        assert_eq!(ask(&shop, &wish, "b", 1).await, Err(NotTaken::Again));
        let watch = live(&shop.store).await.unwrap().remove(0);
        assert_eq!(watch.wish, wish);
        let fired = due(&wish, &product("Fjord", "", "", &[("size=M", "59.00", 1)])).unwrap();
        for first in [true, false] {
            let mut write = shop.store.begin().await.unwrap();
            assert_eq!(
                watch.fire(&mut write, &fired, None, noon()).await.unwrap(),
                first
            );
            write.commit().await.unwrap();
        }
        assert!(live(&shop.store).await.unwrap().is_empty());
        assert_eq!(ask(&shop, &wish, "c", 2).await, Ok(Taken::Live), "anew");
    }

    #[test]
    fn it_is_due_when_the_variant_meant_can_be_bought_and_below_the_price_then() {
        let goods = |price, stock| {
            let other = ("size=L, colour=red", "40.00", 9);
            product(
                "Fjord",
                "",
                "",
                &[("size=M, colour=red", price, stock), other],
            )
        };
        let back = wish(Kind::BackInStock, Channel::Chat);
        assert_eq!(due(&back, &goods("59.00", 0)), None);
        assert_eq!(due(&back, &goods("59.00", 2)).unwrap().price, eur("59.00"));
        let any = Wish {
            variant: None,
            ..back
        };
        assert_eq!(due(&any, &goods("59.00", 0)).unwrap().variant, "FJORD-1");
        let cheaper = wish(Kind::PriceDrop, Channel::Chat);
        assert_eq!(due(&cheaper, &goods("59.00", 2)), None, "the price then");
        assert_eq!(due(&cheaper, &goods("58.99", 0)), None, "sold out");
        assert_eq!(
            due(&cheaper, &goods("58.99", 1)).unwrap().price,
            eur("58.99")
        );
    }

    #[tokio::test]
    async fn an_address_is_watched_for_only_when_it_has_confirmed_and_is_asked_once_an_hour() {
        let shop = scratch().await;
        let first = wish(Kind::BackInStock, mail("ada@x.test"));
        let second = wish(Kind::PriceDrop, mail("ada@x.test"));
        let strangers = Wish {
            shopper: "eve".into(),
            ..second.clone()
        };
        assert_eq!(ask(&shop, &first, "a", 0).await, Ok(Taken::Unconfirmed));
        assert!(live(&shop.store).await.unwrap().is_empty());
        assert_eq!(
            ask(&shop, &strangers, "b", 59).await,
            Err(NotTaken::TooSoon)
        );
        let mut write = shop.store.begin().await.unwrap();
        assert!(!confirm(&mut write, Digest::of("no"), noon()).await.unwrap());
        for _ in 0..2 {
            assert!(confirm(&mut write, Digest::of("a"), noon()).await.unwrap());
        }
        write.commit().await.unwrap();
        assert_eq!(live(&shop.store).await.unwrap().len(), 1);
        assert_eq!(
            ask(&shop, &second, "c", 2).await,
            Ok(Taken::Live),
            "known now"
        );
        assert_eq!(
            ask(&shop, &strangers, "d", 61).await,
            Ok(Taken::Unconfirmed)
        );
        let mut write = shop.store.begin().await.unwrap();
        let address = address_of(&mut write, Digest::of("a")).await.unwrap();
        stop_mail(&mut write, &address.unwrap()).await.unwrap();
        assert_eq!(
            address_of(&mut write, Digest::of("d")).await.unwrap(),
            None,
            "whoever asked"
        );
        write.commit().await.unwrap();
        assert!(open_of(&shop.store, "ada").await.unwrap().is_empty());
        let minutes = [100, 130, 200];
        let asked = [Err(NotTaken::TooSoon), Ok(()), Err(NotTaken::TooSoon)];
        for (minute, asked) in minutes.into_iter().zip(asked) {
            let taken = ask(&shop, &strangers, &minute.to_string(), minute).await;
            assert_eq!(taken.map(|_| ()), asked, "stopping gives no letters back");
            let mut write = shop.store.begin().await.unwrap();
            stop_of(&mut write, "eve", None).await.unwrap();
            write.commit().await.unwrap();
        }
    }

    #[tokio::test]
    async fn there_is_a_limit_and_all_can_be_stopped_exported_and_erased() {
        let shop = scratch().await;
        for n in 0..MOST_OPEN {
            let wish = Wish {
                product: format!("P{n}"),
                ..wish(Kind::BackInStock, Channel::Chat)
            };
            assert_eq!(ask(&shop, &wish, &n.to_string(), n).await, Ok(Taken::Live));
        }
        let one_more = wish(Kind::PriceDrop, Channel::Chat);
        assert_eq!(ask(&shop, &one_more, "x", 0).await, Err(NotTaken::TooMany));
        assert_eq!(export_of(&shop.store, "ada").await.unwrap().len(), 20);
        let mut write = shop.store.begin().await.unwrap();
        assert_eq!(stop_of(&mut write, "ada", Some("P7")).await.unwrap(), 1);
        assert_eq!(stop_of(&mut write, "ada", None).await.unwrap(), 19);
        write.commit().await.unwrap();
        ask(&shop, &one_more, "y", 0).await.unwrap();
        let mut write = shop.store.begin().await.unwrap();
        erase_of(&mut write, "ada").await.unwrap();
        write.commit().await.unwrap();
        assert!(export_of(&shop.store, "ada").await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_was_never_confirmed_or_is_long_told_is_forgotten() {
        let shop = scratch().await;
        ask(&shop, &wish(Kind::BackInStock, mail("ada@x.test")), "a", 0)
            .await
            .unwrap();
        ask(&shop, &wish(Kind::PriceDrop, Channel::Chat), "b", 0)
            .await
            .unwrap();
        let days = |days: i64| noon() + SignedDuration::from_hours(24 * days);
        forget_old(&shop.store, days(6)).await.unwrap();
        assert_eq!(open_of(&shop.store, "ada").await.unwrap().len(), 2);
        forget_old(&shop.store, days(8)).await.unwrap();
        assert_eq!(open_of(&shop.store, "ada").await.unwrap().len(), 1);
        forget_old(&shop.store, days(400)).await.unwrap();
        assert!(open_of(&shop.store, "ada").await.unwrap().is_empty());
    }
}
