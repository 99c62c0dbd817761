//! One-time codes by e-mail, for who does not have the number: whoever reads the mail of an address owns its orders.
//!
//! An address without orders is treated like any other to the last step: a blank sheet is put into the outbox for it, which never leaves.

use super::lockout::Subjects;
use super::secret::{Digest, Seal};
use super::{Asker, LockOut, OrdersError, Owner, SecretKind};
use crate::mail::{self, Address, Letter};
use crate::store::{Connection, Store, StoreError, millis};
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

/// How long a code is good for.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Wrong codes before the right one is not heard any more: 5 of 1,000,000.
const TRIES: i64 = 5;
/// Codes to one address, and for one shopper: 3 within an hour.
const SENDING: LockOut = LockOut {
    tries: 3,
    minutes: 60,
};

/// The words around a code; `{code}` stands for it.
#[derive(Debug, Clone, Copy)]
pub struct CodeLetter<'a> {
    pub subject: &'a str,
    pub body: &'a str,
}

/// What can be said of a code that was asked for: the same whether there are orders or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSent {
    OnItsWay,
    /// Too many were asked for.
    LockedOut {
        until: Timestamp,
    },
}

/// What a typed code proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeChecked {
    Right {
        owner: Owner,
    },
    /// Not the code, no longer good, tried too often, or none was sent: nobody learns which.
    Wrong,
}

/// What codes are counted against, and whose the address is; nothing when it is no address.
fn counted(seal: &Seal, email: &str, asker: &Asker) -> Option<(Digest, Subjects)> {
    let address = seal.digest(SecretKind::Email, email)?;
    let owner = Owner::of(address);
    let subjects = [
        format!("codes for {}", asker.shopper),
        format!("codes to {}", owner.as_str()),
        format!("codes for {} to {}", asker.shopper, owner.as_str()),
    ];
    Some((address, Subjects::new(seal, subjects)))
}

/// Until when no code is sent to this address, or for this asker.
pub(super) async fn none_until(
    connection: &mut Connection,
    seal: &Seal,
    email: &str,
    asker: &Asker,
    now: Timestamp,
) -> Result<Option<Timestamp>, OrdersError> {
    let Some((_, subjects)) = counted(seal, email, asker) else {
        return Ok(None);
    };
    Ok(SENDING.until(connection, &subjects, now).await?)
}

pub(super) async fn send(
    connection: &mut Connection,
    seal: &Seal,
    email: &str,
    asker: &Asker,
    letter: CodeLetter<'_>,
    now: Timestamp,
) -> Result<CodeSent, OrdersError> {
    let Some((address, subjects)) = counted(seal, email, asker) else {
        return Ok(CodeSent::OnItsWay);
    };
    if let Some(until) = SENDING.until(connection, &subjects, now).await? {
        return Ok(CodeSent::LockedOut { until });
    }
    SENDING.count(connection, subjects, now).await?;
    let code = draw(connection).await?;
    let expires_at = now + LIFE;
    sqlx::query(
        "INSERT INTO order_code (shopper, address, code, tries_left, expires_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (shopper) DO UPDATE SET address = excluded.address, code = excluded.code,
        tries_left = excluded.tries_left, expires_at = excluded.expires_at",
    )
    .bind(&asker.shopper)
    .bind(address.to_vec())
    .bind(seal.code(&asker.shopper, &code).to_vec())
    .bind(TRIES)
    .bind(millis(expires_at))
    .execute(&mut *connection)
    .await?;
    let has_orders: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM orders WHERE email = ?)")
            .bind(address.to_vec())
            .fetch_one(&mut *connection)
            .await?;
    if let Some(to) = Address::parse(email) {
        let letter = Letter {
            to,
            subject: letter.subject.replace("{code}", &code),
            body: letter.body.replace("{code}", &code),
            unsubscribe: None,
            kind: "code",
            owner: Some(asker.shopper.clone()),
            expires_at,
            reply: None,
        };
        if has_orders {
            mail::enqueue(connection, &letter, now).await?;
        } else {
            mail::enqueue_blank(connection, &letter, now).await?;
        }
    }
    Ok(CodeSent::OnItsWay)
}

pub(super) async fn check(
    connection: &mut Connection,
    seal: &Seal,
    typed: &str,
    asker: &Asker,
    now: Timestamp,
) -> Result<CodeChecked, OrdersError> {
    const LIVE: &str = "SELECT address, code FROM (SELECT 1)
        LEFT JOIN order_code ON shopper = ? AND expires_at > ? AND tries_left > 0";
    let (address, code): (Option<Vec<u8>>, Option<Vec<u8>>) = sqlx::query_as(LIVE)
        .bind(&asker.shopper)
        .bind(millis(now))
        .fetch_one(&mut *connection)
        .await?;
    let typed = seal.code(&asker.shopper, typed);
    let right: bool = typed[..].ct_eq(&code.unwrap_or_default()).into();
    let address: Option<Digest> = address.and_then(|address| address.try_into().ok());
    match address.filter(|_| right) {
        Some(address) => {
            // Good once.
            sqlx::query("DELETE FROM order_code WHERE shopper = ?")
                .bind(&asker.shopper)
                .execute(connection)
                .await?;
            let owner = Owner::of(address);
            Ok(CodeChecked::Right { owner })
        }
        None => {
            sqlx::query("UPDATE order_code SET tries_left = tries_left - 1 WHERE shopper = ?")
                .bind(&asker.shopper)
                .execute(connection)
                .await?;
            Ok(CodeChecked::Wrong)
        }
    }
}

/// Removes codes that are no longer good.
pub async fn forget_codes(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let mut write = store.begin().await?;
    sqlx::query("DELETE FROM order_code WHERE expires_at <= ?")
        .bind(millis(now))
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// Six digits, all alike likely to within a part in 10^13.
async fn draw(connection: &mut Connection) -> Result<String, OrdersError> {
    let random: Vec<u8> = sqlx::query_scalar("SELECT randomblob(8)")
        .fetch_one(connection)
        .await?;
    let number = random
        .iter()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Ok(format!("{:06}", number % 1_000_000))
}
