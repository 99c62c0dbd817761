//! Orders as they come in a file: one JSON object a line.

use super::{
    Event, ImportedOrder, Order, OrderLine, OrderNumber, OrderStatus, Parcel, Secret, SecretKind,
};
use crate::money::{Currency, Money, MoneyError};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

/// Why a line is not an order.
#[derive(Debug, thiserror::Error)]
pub enum LineProblem {
    #[error("not an order: {0}")]
    Json(#[from] serde_json::Error),
    #[error("order {number}: {source}")]
    Money { number: String, source: MoneyError },
    #[error("an order needs a number")]
    NoNumber,
}

/// Reads one line. `currency` stands where the line names none.
pub fn read_line(line: &str, currency: Currency) -> Result<ImportedOrder, LineProblem> {
    let raw: Raw = serde_json::from_str(line)?;
    if raw.number.trim().is_empty() {
        return Err(LineProblem::NoNumber);
    }
    let number = raw.number.clone();
    raw.checked(currency)
        .map_err(|source| LineProblem::Money { number, source })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    number: String,
    placed_at: Timestamp,
    status: OrderStatus,
    #[serde(default)]
    customer: RawCustomer,
    carrier: Option<String>,
    tracking_number: Option<String>,
    tracking_url: Option<String>,
    expected_on: Option<Date>,
    #[serde(default)]
    timeline: Vec<Event>,
    currency: Option<String>,
    shipping: Option<String>,
    total: String,
    lines: Vec<RawLine>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawCustomer {
    /// Read and left: nothing here needs it.
    #[serde(rename = "name")]
    _name: Option<String>,
    email: Option<String>,
    postcode: Option<String>,
    phone: Option<String>,
    number: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    sku: String,
    title: String,
    #[serde(default)]
    variant: String,
    quantity: i64,
    price: String,
}

impl Raw {
    fn checked(self, currency: Currency) -> Result<ImportedOrder, MoneyError> {
        let currency = self.currency.map_or(Ok(currency), |code| code.parse())?;
        let money = |amount: &str| Money::parse(amount, currency);
        let line = |line: RawLine| {
            let RawLine {
                sku,
                title,
                variant,
                quantity,
                price,
            } = line;
            Ok(OrderLine {
                sku,
                title,
                variant,
                quantity,
                price: money(&price)?,
            })
        };
        let (tracking_number, tracking_url) = (self.tracking_number, self.tracking_url);
        let mut timeline = self.timeline;
        timeline.sort_by_key(|event| (event.at, event.status));
        let order = Order {
            number: OrderNumber::new(&self.number),
            placed_at: self.placed_at,
            status: self.status,
            parcel: self.carrier.map(|carrier| Parcel {
                carrier,
                tracking_number,
                tracking_url,
            }),
            expected_on: self.expected_on,
            timeline,
            lines: self.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            shipping: self.shipping.as_deref().map(money).transpose()?,
            total: money(&self.total)?,
        };
        let RawCustomer {
            email,
            postcode,
            phone,
            number,
            ..
        } = self.customer;
        let texts = [email, postcode, phone, number];
        let secret = |(kind, text): (_, Option<String>)| Some(Secret { kind, text: text? });
        Ok(ImportedOrder {
            order,
            secrets: SecretKind::ALL
                .into_iter()
                .zip(texts)
                .filter_map(secret)
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"number":"SH-10023","placed_at":"2026-11-14T10:12:00Z","status":"shipped",
        "customer":{"name":"Ana Silva","email":"ana@example.com","postcode":"0150","phone":"+4790000001","number":null},
        "carrier":"PostNord","tracking_number":"T1","tracking_url":"https://track.example/T1","expected_on":"2026-11-20",
        "timeline":[{"status":"paid","at":"2026-11-14T10:13:00Z"},{"status":"placed","at":"2026-11-14T10:12:00Z"}],
        "currency":"EUR","shipping":"4.90","total":"43.90",
        "lines":[{"sku":"ALDER-SOCKS-NAVY-M","title":"Alder wool socks","variant":"M, navy","quantity":2,"price":"14.00"}]}"#;

    fn nok() -> Currency {
        "NOK".parse().unwrap()
    }

    #[test]
    fn an_order_is_read_with_its_secrets_apart() {
        let read = read_line(LINE, nok()).unwrap();
        let order = &read.order;
        assert_eq!(
            (order.total.minor, order.total.currency.code()),
            (4390, "EUR")
        );
        assert_eq!(order.timeline[0].status, OrderStatus::Placed);
        assert_eq!(order.parcel.as_ref().unwrap().carrier, "PostNord");
        assert_eq!(order.lines[0].quantity, 2);
        let kinds: Vec<SecretKind> = read.secrets.iter().map(|secret| secret.kind).collect();
        assert_eq!(
            kinds,
            [SecretKind::Email, SecretKind::Postcode, SecretKind::Phone]
        );
        let shown = serde_json::to_string(order).unwrap();
        for hidden in ["Ana", "ana@", "0150", "4790000001"] {
            assert!(!shown.contains(hidden), "{hidden}");
        }
        assert_eq!(serde_json::from_str::<Order>(&shown).unwrap(), *order);
    }

    #[test]
    fn an_order_without_currency_is_in_the_shops() {
        let line = LINE.replace(r#""currency":"EUR","#, "");
        assert_eq!(read_line(&line, nok()).unwrap().order.total.currency, nok());
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (from, to, said) in [
            (
                "\"14.00\"",
                "\"14,00\"",
                "order SH-10023: `14,00` is not an amount",
            ),
            ("\"shipped\"", "\"lost\"", "unknown variant `lost`"),
            ("\"total\"", "\"sum\"", "unknown field `sum`"),
            ("SH-10023", " ", "needs a number"),
        ] {
            let problem = read_line(&LINE.replace(from, to), nok()).unwrap_err();
            assert!(problem.to_string().contains(said), "{problem}");
        }
        assert!(read_line("[]", nok()).is_err());
    }
}
