use crate::store::{Connection, StoreError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use subtle::{Choice, ConstantTimeEq};

/// What besides its number proves that an order is the asker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
// The order is part of every stored digest: add at the end, move nothing.
pub enum SecretKind {
    Email,
    Postcode,
    Phone,
    CustomerNumber,
}

impl SecretKind {
    pub const ALL: [Self; 4] = [
        Self::Email,
        Self::Postcode,
        Self::Phone,
        Self::CustomerNumber,
    ];

    /// The one form of a secret, however it was typed; `None` when the text cannot be one of this kind.
    ///
    /// | kind | form |
    /// | --- | --- |
    /// | e-mail | trimmed, lower case |
    /// | postcode, customer number | letters and digits only, upper case |
    /// | phone | its last eight digits, so that +47 90 00 00 01 and 90000001 are the same; six at least |
    pub fn normalise(self, text: &str) -> Option<String> {
        let normal: String = match self {
            Self::Email => text.trim().to_lowercase(),
            Self::Postcode | Self::CustomerNumber => text
                .chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_uppercase)
                .collect(),
            Self::Phone => {
                let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
                digits[digits.len().saturating_sub(8)..].iter().collect()
            }
        };
        let fits = match self {
            Self::Email => normal.contains('@'),
            Self::Postcode | Self::CustomerNumber => normal.len() >= 3,
            Self::Phone => normal.len() >= 6,
        };
        fits.then_some(normal)
    }
}

/// A secret as the shop's data gives it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    pub kind: SecretKind,
    pub text: String,
}

/// Never the text: it would end up in a log.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({:?})", self.kind)
    }
}

/// What is kept of a secret.
pub(super) type Digest = [u8; 32];

pub(super) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of an order's secrets, in the order of [`SecretKind::ALL`].
pub(super) type Secrets = [Option<Digest>; 4];

/// Makes digests that say nothing outside this store.
#[derive(Clone)]
pub(super) struct Seal {
    salt: [u8; 32],
}

impl Seal {
    pub(super) fn new(salt: [u8; 32]) -> Self {
        Self { salt }
    }

    /// The store's own, drawn when it is first needed.
    pub(super) async fn of(connection: &mut Connection) -> Result<Self, StoreError> {
        const DRAW: &str = "INSERT INTO meta (key, value) VALUES ('orders.salt', randomblob(32)) ON CONFLICT DO NOTHING";
        sqlx::query(DRAW).execute(&mut *connection).await?;
        let salt: Vec<u8> = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'orders.salt'")
            .fetch_one(connection)
            .await?;
        // A salt of another length is as fixed, and as good, when hashed to ours.
        Ok(Self::new(salt.try_into().unwrap_or_else(
            |other: Vec<u8>| Sha256::digest(other).into(),
        )))
    }

    /// `None` when `text` cannot be a secret of this kind.
    pub(super) fn digest(&self, kind: SecretKind, text: &str) -> Option<Digest> {
        let normal = kind.normalise(text)?;
        let hash = Sha256::new()
            .chain_update(self.salt)
            .chain_update([kind as u8])
            .chain_update(normal);
        Some(hash.finalize().into())
    }

    /// Of what failures are counted against.
    pub(super) fn subject(&self, subject: &str) -> String {
        let hash = Sha256::new()
            .chain_update(self.salt)
            .chain_update([u8::MAX - 1])
            .chain_update(subject);
        hex(&hash.finalize()[..16])
    }

    /// Of a one-time code, which is good for one shopper alone.
    pub(super) fn code(&self, shopper: &str, code: &str) -> Digest {
        let hash = Sha256::new()
            .chain_update(self.salt)
            .chain_update([u8::MAX])
            .chain_update(code)
            .chain_update([0])
            .chain_update(shopper);
        hash.finalize().into()
    }

    /// Whether what was typed is one of the order's secrets. Takes the same time whichever it is, none, or no order at all:
    /// an absent secret is compared as well, with one that cannot match.
    pub(super) fn proves(&self, typed: &str, secrets: &Secrets) -> bool {
        let mut proven = Choice::from(0);
        for (kind, known) in SecretKind::ALL.into_iter().zip(secrets) {
            let asked = self.digest(kind, typed);
            let both = Choice::from(u8::from(asked.is_some() & known.is_some()));
            proven |= both & asked.unwrap_or_default().ct_eq(&known.unwrap_or_default());
        }
        proven.into()
    }
}

/// Whose orders: what an e-mail address is known by in this store, once it is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner(String);

impl Owner {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it was written down; proves nothing by itself.
    pub fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(super) fn of(digest: Digest) -> Self {
        Self(hex(&digest))
    }

    /// As the orders hold it.
    pub(super) fn digest(&self) -> Vec<u8> {
        let pairs = self.0.as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        pairs.filter_map(byte).collect()
    }
}

/// `ana@example.com` → `a***@example.com`: enough to recognise one's own, too little to learn another's.
pub fn masked_email(email: &str) -> String {
    match email.split_once('@') {
        Some((name, host)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}***@{host}")
        }
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_same_however_it_is_typed() {
        let same = [
            (SecretKind::Email, " Ana@Example.COM ", "ana@example.com"),
            (SecretKind::Postcode, "sw1a 1aa", "SW1A-1AA"),
            (SecretKind::Phone, "+47 90 00 00 01", "90000001"),
            (SecretKind::Phone, "0044 7700 900123", "07700 900123"),
            (SecretKind::CustomerNumber, "k-17850", "K17850"),
        ];
        for (kind, one, other) in same {
            assert_eq!(kind.normalise(one), kind.normalise(other), "{one}");
            assert!(kind.normalise(one).is_some());
        }
    }

    #[test]
    fn what_cannot_be_a_secret_proves_nothing() {
        let seal = Seal::new([7; 32]);
        for nothing in ["", " ", "@", "-", "12"] {
            assert!(!seal.proves(nothing, &[None; 4]));
            assert!(!seal.proves(
                nothing,
                &[Some([0; 32]), Some([0; 32]), Some([0; 32]), Some([0; 32])]
            ));
        }
    }

    #[test]
    fn a_secret_proves_its_own_kind_in_its_own_store() {
        let (here, elsewhere) = (Seal::new([1; 32]), Seal::new([2; 32]));
        let postcode = here.digest(SecretKind::Postcode, "17850");
        assert!(here.proves("178 50", &[None, postcode, None, None]));
        assert!(!here.proves("178 51", &[None, postcode, None, None]));
        assert!(!here.proves("17850", &[None, None, None, postcode]));
        assert!(!elsewhere.proves("17850", &[None, postcode, None, None]));
    }

    #[test]
    fn a_masked_email_keeps_one_letter_and_the_host() {
        assert_eq!(masked_email("ana@example.com"), "a***@example.com");
        assert_eq!(masked_email("not an address"), "***");
    }
}
