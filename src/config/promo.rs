//! Promo codes as owners write them: `WELCOME10 10% from 2026-01-01 until 2026-12-31 over 50.00 once`.

use jiff::civil::Date;

/// A code and what it is worth, when and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromoCode {
    /// Upper case.
    pub code: String,
    pub off: Off,
    /// First and last day it is good for.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Goods have to come to this, `50.00`.
    pub least: Option<String>,
    /// One order per shopper.
    pub once: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Off {
    /// 1 to 100.
    Percent(u8),
    /// `5.00`
    Amount(String),
}

impl PromoCode {
    /// Reads one.
    ///
    /// # Errors
    /// With what is wrong and what would be right.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let (Some(code), Some(off)) = (words.next(), words.next()) else {
            return Err("a code and what it takes off: `WELCOME10 10%`".to_owned());
        };
        let is_code = code.len() >= 3 && code.chars().all(|c| c.is_alphanumeric() || c == '-');
        if !is_code {
            return Err(format!(
                "`{code}` is no code: three letters or digits at least"
            ));
        }
        let off = match off.strip_suffix('%') {
            Some(share) => match share.parse() {
                Ok(percent @ 1..=100) => Off::Percent(percent),
                _ => return Err(format!("`{off}` is no share: `1%` to `100%`")),
            },
            None if is_amount(off) => Off::Amount(off.to_owned()),
            None => return Err(format!("`{off}` is neither `10%` nor an amount, `5.00`")),
        };
        let mut read = Self {
            code: code.to_uppercase(),
            off,
            from: None,
            until: None,
            least: None,
            once: false,
        };
        while let Some(word) = words.next() {
            if word == "once" {
                read.once = true;
                continue;
            }
            let value = words.next().unwrap_or_default();
            let day = || {
                let day: Option<Date> = value.parse().ok();
                day.ok_or_else(|| format!("behind `{word}` a day is wanted, `2026-12-31`"))
            };
            match word {
                "from" => read.from = Some(day()?),
                "until" => read.until = Some(day()?),
                "over" if is_amount(value) => read.least = Some(value.to_owned()),
                "over" => return Err("behind `over` an amount is wanted, `50.00`".to_owned()),
                _ => {
                    return Err(format!(
                        "`{word}` is not known here: `from`, `until`, `over` and `once` are"
                    ));
                }
            }
        }
        if let (Some(from), Some(until)) = (read.from, read.until)
            && from > until
        {
            return Err(format!("it ends on {until}, before it begins on {from}"));
        }
        Ok(read)
    }
}

/// `4.90`, `5`: an amount in any currency.
pub(super) fn is_amount(text: &str) -> bool {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(cents) && whole.len() <= 9 && cents.len() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_with_all_it_may_say() {
        let read =
            PromoCode::read("welcome10 10% from 2026-01-01 until 2026-12-31 over 50.00 once");
        let read = read.unwrap();
        assert_eq!(
            (read.code.as_str(), read.off),
            ("WELCOME10", Off::Percent(10))
        );
        assert_eq!(read.least.as_deref(), Some("50.00"));
        assert!(read.once && read.from < read.until);
        let amount = PromoCode::read("FIVE 5.00").unwrap();
        assert_eq!(amount.off, Off::Amount("5.00".to_owned()));
    }

    #[test]
    fn what_is_wrong_with_a_code_is_said() {
        for (text, said) in [
            ("", "a code and what"),
            ("A 10%", "no code"),
            ("CODE 0%", "no share"),
            ("CODE ten", "neither"),
            ("CODE 5% until tomorrow", "a day is wanted"),
            ("CODE 5% over x", "an amount is wanted"),
            ("CODE 5% for 3", "not known here"),
            (
                "CODE 5% from 2026-02-01 until 2026-01-01",
                "before it begins",
            ),
        ] {
            let error = PromoCode::read(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
