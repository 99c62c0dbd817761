//! What the shop says about buying: limits, shipping, codes, and where a cart is paid.

use crate::catalog::Variant;
use crate::config::{CartSettings, Off};
use crate::money::{Currency, Money};
use jiff::civil::Date;

/// Read once from the settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    pub currency: Currency,
    /// Pieces of one thing in one cart.
    pub most: u32,
    /// Nothing where the checkout tells it.
    pub shipping: Option<Money>,
    pub free_from: Option<Money>,
    /// "Prices include VAT." May be empty.
    pub tax: String,
    /// With `{items}` or `{ids}`, and `{code}`.
    pub checkout: String,
    pub codes: Vec<Code>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub percent: Option<u8>,
    pub amount: Option<Money>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub least: Option<Money>,
    pub once: bool,
}

/// Why a code takes nothing off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    Unknown,
    From(Date),
    /// It was good until then.
    Over(Date),
    /// Goods have to come to this.
    Least(Money),
    Spent,
}

impl Terms {
    /// Amounts that are no money in this currency count as not said; the settings' reader has refused them before.
    pub fn new(settings: &CartSettings, currency: Currency) -> Self {
        let money = |text: &str| Money::parse(text, currency).ok();
        let code = |code: &crate::config::PromoCode| Code {
            code: code.code.clone(),
            percent: match code.off {
                Off::Percent(percent) => Some(percent),
                Off::Amount(_) => None,
            },
            amount: match &code.off {
                Off::Amount(amount) => money(amount),
                Off::Percent(_) => None,
            },
            from: code.from,
            until: code.until,
            least: code.least.as_deref().and_then(money),
            once: code.once,
        };
        Self {
            currency,
            most: settings.most,
            shipping: money(&settings.shipping),
            free_from: money(&settings.free_from),
            tax: settings.tax.clone(),
            checkout: settings.checkout.clone(),
            codes: settings.codes.iter().map(code).collect(),
        }
    }

    /// The code with this name, whatever its case.
    pub fn code(&self, name: &str) -> Option<&Code> {
        let name = name.to_uppercase();
        self.codes.iter().find(|code| code.code == name)
    }

    /// The code, when it is good for goods of this worth on this day.
    pub fn good(
        &self,
        name: &str,
        goods: Money,
        today: Date,
        spent: &[String],
    ) -> Result<&Code, CodeRefusal> {
        let code = self.code(name).ok_or(CodeRefusal::Unknown)?;
        if let Some(from) = code.from.filter(|from| today < *from) {
            return Err(CodeRefusal::From(from));
        }
        if let Some(until) = code.until.filter(|until| today > *until) {
            return Err(CodeRefusal::Over(until));
        }
        if code.once && spent.contains(&code.code) {
            return Err(CodeRefusal::Spent);
        }
        if let Some(least) = code.least.filter(|least| goods.minor < least.minor) {
            return Err(CodeRefusal::Least(least));
        }
        Ok(code)
    }

    /// Where so many of these are paid; none when the shop has not said, or its links go by ids and one has none.
    pub fn checkout<'a>(
        &self,
        lines: impl Iterator<Item = (&'a Variant, u32)> + Clone,
        code: Option<&str>,
    ) -> Option<String> {
        if self.checkout.is_empty() {
            return None;
        }
        let encoded = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let mut link = self.checkout.clone();
        if link.contains("{items}") {
            let items = lines.clone();
            let items = items.map(|(variant, count)| format!("{}:{count}", encoded(&variant.sku)));
            link = link.replace("{items}", &items.collect::<Vec<_>>().join(","));
        }
        if link.contains("{ids}") {
            let ids = lines.map(|(variant, count)| {
                let id = variant.id.as_deref()?;
                Some(format!("{}:{count}", encoded(id)))
            });
            link = link.replace("{ids}", &ids.collect::<Option<Vec<_>>>()?.join(","));
        }
        Some(link.replace("{code}", &encoded(code.unwrap_or_default())))
    }
}
