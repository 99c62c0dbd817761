//! Money: integer minor units of one currency, never a float.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An amount in minor units (cents, öre, pence) of one currency.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub struct Money {
    /// Minor units; 1990 is 19.90 where the currency has two decimals.
    pub minor: i64,
    #[schemars(with = "String")]
    pub currency: Currency,
}

/// An ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// What was wrong with an amount or a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("`{0}` is not a currency; write its ISO code, like `EUR`")]
    Currency(String),
    #[error("`{0}` is not an amount; write it like `19.90`")]
    Amount(String),
}

impl Currency {
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn decimals(self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(|c| c.exponent())
            .map_or(2, u32::from)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        let upper = code.trim().to_ascii_uppercase();
        match (iso_currency::Currency::from_code(&upper), upper.as_bytes()) {
            (Some(_), &[a, b, c]) => Ok(Self([a, b, c])),
            _ => Err(MoneyError::Currency(code.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        code.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Money {
    /// Reads `19.90`, `19`, `-3.5`; a dot for decimals, no thousands marks, no more decimals than the currency has.
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::Amount(amount.to_owned());
        let trimmed = amount.trim();
        let (sign, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, trimmed),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = currency.decimals() as usize;
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(wrong());
        }
        // `2.50` written for a currency without decimals, or `2.5500`: zeros beyond the last place are harmless.
        let (kept, beyond) = fraction.split_at(fraction.len().min(decimals));
        if beyond.bytes().any(|b| b != b'0') {
            return Err(wrong());
        }
        let joined = format!("{whole}{kept:0<decimals$}");
        let minor: i64 = joined.parse().map_err(|_| wrong())?;
        Ok(Self {
            minor: sign * minor,
            currency,
        })
    }
}

/// `19.90 EUR` without the code: `19.90`. The code is shown where several currencies can meet.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.currency.decimals();
        let sign = if self.minor < 0 { "-" } else { "" };
        let unit = 10_u64.pow(decimals);
        let (whole, rest) = (
            self.minor.unsigned_abs() / unit,
            self.minor.unsigned_abs() % unit,
        );
        match decimals {
            0 => write!(f, "{sign}{whole}"),
            d => write!(f, "{sign}{whole}.{rest:0width$}", width = d as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_reads_and_writes_alike() {
        let eur: Currency = "eur".parse().unwrap();
        for (text, minor) in [("19.90", 1990), ("0.05", 5), ("-3.50", -350), ("7", 700)] {
            let money = Money::parse(text, eur).unwrap();
            assert_eq!(money.minor, minor);
            assert_eq!(Money::parse(&money.to_string(), eur).unwrap(), money);
        }
        let jpy: Currency = "JPY".parse().unwrap();
        assert_eq!(Money::parse("1200", jpy).unwrap().to_string(), "1200");
    }

    #[test]
    fn what_is_not_an_amount_is_refused_with_a_hint() {
        let eur: Currency = "EUR".parse().unwrap();
        for wrong in [
            "",
            "abc",
            "1.234,56",
            "1.999",
            "99999999999999999999",
            "--1",
            "1e3",
        ] {
            assert!(Money::parse(wrong, eur).is_err(), "{wrong}");
        }
        assert!("EURO".parse::<Currency>().is_err());
    }
}
