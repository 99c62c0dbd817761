//! What a cart comes to.

use super::Terms;
use super::terms::Code;
use crate::money::Money;

/// All in the shop's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub goods: Money,
    /// What a code takes off the goods; never more than they cost.
    pub discount: Option<Money>,
    /// Nothing where only the checkout knows it.
    pub shipping: Option<Money>,
    pub total: Money,
}

/// Adds up. Shipping is free from what the goods come to before the code, so that a code never makes a cart dearer.
pub fn totals(prices: &[(Money, u32)], code: Option<&Code>, terms: &Terms) -> Totals {
    let amount = |minor: i64| Money {
        minor,
        currency: terms.currency,
    };
    let sums = prices
        .iter()
        .map(|(price, quantity)| price.minor.saturating_mul(i64::from(*quantity)));
    let goods = sums.fold(0_i64, i64::saturating_add);
    let discount = code.map(|code| {
        let percent = code.percent.map_or(0, i64::from);
        // Half a cent goes to the shopper.
        let share = goods.saturating_mul(percent).saturating_add(50) / 100;
        let fixed = code.amount.map_or(0, |amount| amount.minor);
        (share + fixed).min(goods)
    });
    let is_free = terms.free_from.is_some_and(|from| goods >= from.minor);
    let shipping = terms
        .shipping
        .map(|price| if is_free { 0 } else { price.minor });
    let total = goods - discount.unwrap_or(0) + shipping.unwrap_or(0);
    Totals {
        goods: amount(goods),
        discount: discount.map(amount),
        shipping: shipping.map(amount),
        total: amount(total),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CodeRefusal, Terms};
    use super::*;
    use crate::catalog::Variant;
    use crate::catalog::shop::eur;
    use crate::config::{CartSettings, PromoCode};

    fn terms(codes: &[&str]) -> Terms {
        let settings = CartSettings {
            most: 20,
            shipping: "4.90".to_owned(),
            free_from: "60.00".to_owned(),
            tax: String::new(),
            checkout: "https://shop.example/cart?add={items}&code={code}".to_owned(),
            codes: codes
                .iter()
                .map(|code| PromoCode::read(code).unwrap())
                .collect(),
        };
        Terms::new(&settings, "EUR".parse().unwrap())
    }

    #[test]
    fn shipping_and_a_code_are_added_up() {
        let terms = terms(&["TEN 10%", "FIVE 5.00 over 30.00"]);
        let plain = totals(&[(eur("12.50"), 2)], None, &terms);
        assert_eq!((plain.goods, plain.total), (eur("25.00"), eur("29.90")));
        let ten = terms.code("ten");
        let less = totals(&[(eur("12.55"), 1)], ten, &terms);
        assert_eq!(less.discount, Some(eur("1.26")));
        let free = totals(&[(eur("60.00"), 1)], ten, &terms);
        assert_eq!(
            (free.shipping, free.total),
            (Some(eur("0.00")), eur("54.00"))
        );
        let much = totals(&[(eur("3.00"), 1)], terms.code("five"), &terms);
        assert_eq!(much.discount, Some(eur("3.00")));
    }

    #[test]
    fn a_code_is_held_against_its_days_its_least_and_its_use() {
        let terms = terms(&["SPRING 10% from 2026-03-01 until 2026-05-31 over 50.00 once"]);
        let day = |text: &str| text.parse().unwrap();
        let good = |day, goods, spent: &[String]| terms.good("spring", goods, day, spent).err();
        assert_eq!(good(day("2026-04-01"), eur("50.00"), &[]), None);
        assert_eq!(good(day("2026-05-31"), eur("50.00"), &[]), None);
        let refused = [
            good(day("2026-02-28"), eur("50.00"), &[]),
            good(day("2026-06-01"), eur("50.00"), &[]),
            good(day("2026-04-01"), eur("49.99"), &[]),
            good(day("2026-04-01"), eur("50.00"), &["SPRING".to_owned()]),
        ];
        assert_eq!(
            refused,
            [
                Some(CodeRefusal::From(day("2026-03-01"))),
                Some(CodeRefusal::Over(day("2026-05-31"))),
                Some(CodeRefusal::Least(eur("50.00"))),
                Some(CodeRefusal::Spent),
            ]
        );
        let unknown = terms.good("winter", eur("99.00"), day("2026-04-01"), &[]);
        assert_eq!(unknown, Err(CodeRefusal::Unknown));
    }

    #[test]
    fn the_way_to_the_checkout_names_every_line() {
        let variant = |sku: &str, id: Option<&str>| Variant {
            id: id.map(str::to_owned),
            ..Variant::new(sku, eur("1.00"))
        };
        let [socks, cap] = [variant("SOCK M", Some("417")), variant("A&B", Some("93"))];
        let lines = [(&socks, 2), (&cap, 1)].into_iter();
        let link = terms(&[]).checkout(lines.clone(), Some("TEN"));
        assert_eq!(
            link.as_deref(),
            Some("https://shop.example/cart?add=SOCK+M:2,A%26B:1&code=TEN")
        );
        let by_id = Terms {
            checkout: "https://shop.example/cart/{ids}?discount={code}".to_owned(),
            ..terms(&[])
        };
        assert_eq!(
            by_id.checkout(lines, None).as_deref(),
            Some("https://shop.example/cart/417:2,93:1?discount=")
        );
        let unknown = variant("NEW", None);
        let lines = [(&socks, 2), (&unknown, 1)].into_iter();
        assert_eq!(by_id.checkout(lines, None), None);
    }
}
