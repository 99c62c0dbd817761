//! Signatures of what platforms send: a keyed digest over the raw bytes, before anything is parsed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac as _};
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

    /// The same of one in base64.
    pub fn verifies_parts(&self, parts: &[&[u8]], signature: &str) -> bool {
        let known = STANDARD.encode(self.digest(parts));
        bool::from(known.as_bytes().ct_eq(signature.as_bytes()))
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
