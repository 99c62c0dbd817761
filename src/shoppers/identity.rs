//! What a shop's own page says about who is signed in there: a JSON Web Token (RFC 7519), signed with HMAC-SHA256 (JWS
//! algorithm HS256, RFC 7515), so that a shop makes it with any library.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::Sha256;

/// Bytes of a token; one of ours has some 200.
const LONGEST: usize = 4096;
/// How far ahead a token may expire: a stolen one is of no use the day after.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Characters of a customer's id.
const LONGEST_ID: usize = 128;

/// Somebody the shop knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The shop's own id of the customer.
    pub customer: String,
    /// An address the shop has checked; opens the orders placed with it.
    pub email: Option<String>,
}

/// Why a token is not believed. For whoever builds the shop's page; none says anything about the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the identity token is no JSON Web Token: three parts in base64url, separated by dots")]
    Malformed,
    #[error("the identity token must be signed with HS256")]
    Algorithm,
    #[error("the identity token's signature does not fit SHOPTALK_IDENTITY_SECRET")]
    Signature,
    #[error("the identity token needs `sub`, the customer's id, and `exp`, seconds since 1970")]
    Claims,
    #[error("the identity token has expired; make one for each page")]
    Expired,
    #[error("the identity token expires too late; `exp` is at most 24 hours ahead")]
    TooLong,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that must be understood; none is.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    email: Option<String>,
}

impl SignedIn {
    /// Reads a token of the shop's page. The signature is checked before anything in the token is believed.
    ///
    /// # Errors
    /// See [`TokenError`]; no input panics.
    pub fn read(token: &str, secret: &str, now: Timestamp) -> Result<Self, TokenError> {
        let parts: Vec<&str> = token.split('.').collect();
        let &[head, body, signature] = &parts[..] else {
            return Err(TokenError::Malformed);
        };
        if token.len() > LONGEST {
            return Err(TokenError::Malformed);
        }
        let decode = |part: &str| {
            let decoded = URL_SAFE_NO_PAD.decode(part);
            decoded.map_err(|_| TokenError::Malformed)
        };
        let header: Header =
            serde_json::from_slice(&decode(head)?).map_err(|_| TokenError::Malformed)?;
        if header.alg != "HS256" || header.crit.is_some() {
            return Err(TokenError::Algorithm);
        }
        let mut mac =
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| TokenError::Signature)?;
        mac.update(head.as_bytes());
        mac.update(b".");
        mac.update(body.as_bytes());
        mac.verify_slice(&decode(signature)?)
            .map_err(|_| TokenError::Signature)?;
        let claims: Claims =
            serde_json::from_slice(&decode(body)?).map_err(|_| TokenError::Claims)?;
        let now_seconds = now.as_second();
        let named = !claims.sub.is_empty() && claims.sub.chars().count() <= LONGEST_ID;
        if !named || claims.nbf.is_some_and(|from| from > now_seconds) {
            return Err(TokenError::Claims);
        }
        if claims.exp <= now_seconds {
            return Err(TokenError::Expired);
        }
        if claims.exp > now_seconds.saturating_add(LONGEST_LIFE.as_secs()) {
            return Err(TokenError::TooLong);
        }
        Ok(Self {
            customer: claims.sub,
            email: claims.email,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "a secret that only the shop and this program know";

    fn now() -> Timestamp {
        Timestamp::from_second(1_795_000_000).unwrap()
    }

    fn signed(header: &str, claims: &str, secret: &str) -> String {
        let text = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{text}.{signature}")
    }

    const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
    const ANA: &str = r#"{"sub":"17","email":"ana@example.com","exp":1795000600}"#;

    /// The example of RFC 7515, appendix A.1, with its key.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let key = URL_SAFE_NO_PAD.decode(key).unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(text.as_bytes());
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(mac.verify_slice(&signature).is_ok());
    }

    #[test]
    fn a_good_token_says_who_is_there() {
        let ana = SignedIn::read(&signed(HEADER, ANA, SECRET), SECRET, now()).unwrap();
        assert_eq!(ana.customer, "17");
        assert_eq!(ana.email.as_deref(), Some("ana@example.com"));
    }

    #[test]
    fn any_other_token_is_not_believed_and_why_is_said() {
        let claims = |claims: &str| signed(HEADER, claims, SECRET);
        let unsigned = {
            let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
            format!("{head}.{}.", URL_SAFE_NO_PAD.encode(ANA))
        };
        for (token, error) in [
            (String::new(), TokenError::Malformed),
            ("a.b".into(), TokenError::Malformed),
            ("a.b.c.d".into(), TokenError::Malformed),
            ("é.é.é".into(), TokenError::Malformed),
            ("x".repeat(LONGEST + 1), TokenError::Malformed),
            (unsigned, TokenError::Algorithm),
            (
                signed(r#"{"alg":"hs256"}"#, ANA, SECRET),
                TokenError::Algorithm,
            ),
            (
                signed(r#"{"alg":"HS512"}"#, ANA, SECRET),
                TokenError::Algorithm,
            ),
            (
                signed(r#"{"alg":"HS256","crit":["b64"]}"#, ANA, SECRET),
                TokenError::Algorithm,
            ),
            (signed(HEADER, ANA, "another"), TokenError::Signature),
            (claims(r#"{"sub":"17"}"#), TokenError::Claims),
            (claims(r#"{"sub":"","exp":1795000600}"#), TokenError::Claims),
            (claims(r#"{"sub":17,"exp":1795000600}"#), TokenError::Claims),
            (
                claims(r#"{"sub":"17","exp":"1795000600"}"#),
                TokenError::Claims,
            ),
            (
                claims(r#"{"sub":"17","exp":1795000600,"nbf":1795000500}"#),
                TokenError::Claims,
            ),
            (
                claims(r#"{"sub":"17","exp":1795000000}"#),
                TokenError::Expired,
            ),
            (
                claims(r#"{"sub":"17","exp":1795090000}"#),
                TokenError::TooLong,
            ),
            (
                claims(r#"{"sub":"17","exp":9223372036854775807}"#),
                TokenError::TooLong,
            ),
        ] {
            assert_eq!(SignedIn::read(&token, SECRET, now()), Err(error), "{token}");
        }
    }

    #[test]
    fn no_changed_letter_goes_unnoticed() {
        let good = signed(HEADER, ANA, SECRET);
        for at in 0..good.len() {
            let mut changed = good.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last letter of a part may hold bits that count for nothing, which strict base64 refuses.
            assert!(SignedIn::read(&changed, SECRET, now()).is_err(), "{at}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}(\\.\\PC{0,60}){0,3}") {
            prop_assert!(SignedIn::read(&text, SECRET, now()).is_err());
        }
    }
}
