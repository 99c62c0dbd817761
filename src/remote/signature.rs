//! Signatures of what platforms send: a keyed digest over the raw bytes, before anything is parsed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac as _};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// HMAC-SHA256 under one secret.
#[derive(Clone)]
pub struct Mac(Hmac<Sha256>);

impl Mac {
    /// Any length of secret will do.
    pub fn new(secret: &str) -> Option<Self> {
        Hmac::new_from_slice(secret.as_bytes()).ok().map(Self)
    }

    /// Whether `signature` (base64) is that of `body`; in constant time.
    pub fn verifies_base64(&self, body: &[u8], signature: &str) -> bool {
        let Ok(claimed) = STANDARD.decode(signature.trim()) else {
            return false;
        };
        let mut mac = self.0.clone();
        mac.update(body);
        mac.verify_slice(&claimed).is_ok()
    }
}

/// What Standard Webhooks put before a secret whose bytes are written in base64.
const CODED: &str = "whsec_";

impl Mac {
    /// A secret as [Standard Webhooks](https://www.standardwebhooks.com) write it, `whsec_` and base64, or any other words.
    pub fn standard(secret: &str) -> Option<Self> {
        match secret.strip_prefix(CODED) {
            Some(coded) => {
                let key = STANDARD.decode(coded).ok()?;
                Hmac::new_from_slice(&key).ok().map(Self)
            }
            None => Self::new(secret),
        }
    }

    /// The signature of a message, as Standard Webhooks write it: `v1,…`.
    pub fn sign_standard(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    /// Whether one of `signatures`, `v1,…` with blanks between, is that of this message; in constant time.
    pub fn verifies_standard(
        &self,
        id: &str,
        timestamp: &str,
        body: &[u8],
        signatures: &str,
    ) -> bool {
        let mut said = format!("{id}.{timestamp}.").into_bytes();
        said.extend_from_slice(body);
        let claimed = signatures
            .split(' ')
            .filter_map(|one| one.strip_prefix("v1,"));
        claimed
            .take(MOST_SIGNATURES)
            .any(|signature| self.verifies_base64(&said, signature))
    }
}

impl Mac {
    /// The digest of parts one after another, as lower-case hexadecimal.
    pub fn hex(&self, parts: &[&[u8]]) -> String {
        let bytes = self.digest(parts);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `signature`, 64 lower-case hexadecimal digits, is that of parts one after another; in constant time.
    pub fn verifies_hex(&self, parts: &[&[u8]], signature: &str) -> bool {
        bool::from(self.hex(parts).as_bytes().ct_eq(signature.as_bytes()))
    }

    fn digest(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().to_vec()
    }
}

/// While a secret is changed there are two.
const MOST_SIGNATURES: usize = 4;

/// The signature of `body` under `secret`, as Shopify and WooCommerce send it.
pub fn hmac_base64(secret: &str, body: &[u8]) -> Option<String> {
    let mut mac = Mac::new(secret)?.0;
    mac.update(body);
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

/// Whether `signature` (base64) is the HMAC-SHA1 of `body` under `secret`, as Twilio signs; in constant time.
pub fn verifies_sha1(secret: &str, body: &[u8], signature: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    let Ok(claimed) = STANDARD.decode(signature.trim()) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&claimed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with the platforms' own libraries.
    const BODY: &str = r#"{"ok":true,"t":"Grüße 👋"}"#;
    const SIGNATURE: &str = "4/RjoIJOkED/NyZGVUahi1JSsq5L1mWiU/bY0rvIwUs=";

    #[test]
    fn a_platforms_signature_is_known_and_any_other_is_not() {
        let mac = Mac::new("test-secret").unwrap();
        assert_eq!(BODY.len(), 30);
        assert!(mac.verifies_base64(BODY.as_bytes(), SIGNATURE));
        assert_eq!(
            hmac_base64("test-secret", BODY.as_bytes()).as_deref(),
            Some(SIGNATURE)
        );
        assert!(!mac.verifies_base64(b"{}", SIGNATURE));
        for wrong in [
            "",
            "4/Rj",
            "no base64!",
            "AAAAoIJOkED/NyZGVUahi1JSsq5L1mWiU/bY0rvIwUs=",
        ] {
            assert!(!mac.verifies_base64(BODY.as_bytes(), wrong), "{wrong}");
        }
        let other = Mac::new("another").unwrap();
        assert!(!other.verifies_base64(BODY.as_bytes(), SIGNATURE));
    }

    /// Computed with the platforms' own libraries, too: Meta, Meta's escapes, Slack, Chatwoot, Standard Webhooks.
    #[test]
    fn the_signatures_of_messengers_are_those_of_their_own_libraries() {
        let mac = Mac::new("test-secret").unwrap();
        let (body, at) = (BODY.as_bytes(), b"1700000000".as_slice());
        let escaped = br#"{"ok":true,"t":"Gr\u00fc\u00dfe \ud83d\udc4b"}"#;
        for (parts, signature) in [
            (
                vec![body],
                "e3f463a0824e9040ff3726465546a18b5252b2ae4bd665a253f6d8d2bbc8c14b",
            ),
            (
                vec![&escaped[..]],
                "b32b6314300c0d001be8c13d26543902d2ee5368a8f139c8020dffa52e210561",
            ),
            (
                vec![b"v0:", at, b":", body],
                "4acce6c36904bc5d7e5ef4207284ebadc2abe3f38144200ce76a653020a35523",
            ),
            (
                vec![at, b".", body],
                "5db17a7628832617ca27da411c6f505dd27215352608932e6155f862f9d853e8",
            ),
        ] {
            assert!(mac.verifies_hex(&parts, signature), "{signature}");
            assert!(!mac.verifies_hex(&parts, &signature.to_uppercase()));
            assert!(!mac.verifies_hex(&parts, &signature[..63]));
            assert!(!mac.verifies_hex(&[b"x"], signature));
        }
        let mac = Mac::standard("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").unwrap();
        let right = "v1,mg6gkZSbkFJmo3NL3WVe/Qf7pORr3Crqq+vM8x5ximY=";
        assert_eq!(mac.sign_standard("msg_1", 1_700_000_000, body), right);
    }

    /// The example of the Standard Webhooks specification's own libraries.
    #[test]
    fn a_message_signed_as_standard_webhooks_do_is_known() {
        let mac = Mac::standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, at) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        let body = br#"{"test": 2432232314}"#;
        let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert!(mac.verifies_standard(id, at, body, right));
        assert_eq!(mac.sign_standard(id, 1_614_265_330, body), right);
        assert!(mac.verifies_standard(id, at, body, &format!("v1,AAAA v1a,x {right}")));
        assert!(!mac.verifies_standard(id, "1614265331", body, right));
        assert!(!mac.verifies_standard(
            id,
            at,
            body,
            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        ));
        assert!(Mac::standard("whsec_no base64").is_none());
    }
}
