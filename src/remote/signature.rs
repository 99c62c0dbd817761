//! Signatures of what platforms send: a keyed digest over the raw bytes, before anything is parsed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;

/// HMAC-SHA256 under one secret.
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
}
