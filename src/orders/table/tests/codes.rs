//! Codes that prove an address.

use super::*;

async fn letters(scratch: &Scratch, who: &str) -> Vec<String> {
    let letters = crate::mail::export_of(&scratch.store, who).await.unwrap();
    let text = |letter: crate::mail::LetterExport| {
        letter.letter.unwrap()["text"].as_str().unwrap().to_owned()
    };
    letters.into_iter().map(text).collect()
}

/// Sends a code and reads it in the mail.
async fn code(scratch: &Scratch, table: &OrderTable, email: &str, who: &str) -> String {
    let sent = table.send_code(email, &asker(who), LETTER, noon()).await;
    assert_eq!(sent.unwrap(), CodeSent::OnItsWay);
    let last = letters(scratch, who).await.pop().unwrap_or_default();
    last.chars().filter(char::is_ascii_digit).collect()
}

#[tokio::test]
async fn a_code_proves_its_address_once_to_the_one_who_asked_for_it() {
    let (shop, table) = shop().await;
    let digits = code(&shop, &table, "Ana@example.com", "ana").await;
    assert_eq!(digits.len(), 6);
    let check =
        async |who: &str, typed: &str, at| table.check_code(typed, &asker(who), at).await.unwrap();
    assert_eq!(check("eve", &digits, noon()).await, CodeChecked::Wrong);
    let owner = table.owner("ana@example.com").unwrap();
    assert_eq!(
        check("ana", &digits, noon()).await,
        CodeChecked::Right { owner }
    );
    assert_eq!(check("ana", &digits, noon()).await, CodeChecked::Wrong);

    let late = noon() + SignedDuration::from_mins(10);
    let digits = code(&shop, &table, "ana@example.com", "ana").await;
    assert_eq!(check("ana", &digits, late).await, CodeChecked::Wrong);
    let wrong = if digits == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        assert_eq!(check("ana", wrong, noon()).await, CodeChecked::Wrong);
    }
    assert_eq!(check("ana", &digits, noon()).await, CodeChecked::Wrong);
    let stored = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM order_code WHERE code = ?")
        .bind(digits.as_bytes())
        .fetch_one(&mut *shop.store.read().await.unwrap())
        .await
        .unwrap();
    assert_eq!(stored, 0, "only its digest is kept");
}

#[tokio::test]
async fn an_address_without_orders_gets_no_letter_and_the_same_answer() {
    let (shop, table) = shop().await;
    assert_eq!(code(&shop, &table, "eve@example.com", "eve").await, "");
    assert!(letters(&shop, "eve").await.is_empty());
    for typed in ["", "000000"] {
        let checked = table
            .check_code(typed, &asker("eve"), noon())
            .await
            .unwrap();
        assert_eq!(checked, CodeChecked::Wrong);
    }
}

#[tokio::test]
async fn three_codes_an_hour_go_to_an_address_and_to_a_shopper() {
    let (shop, table) = shop().await;
    for email in ["ana@example.com", "nobody@example.com"] {
        for n in 0..3 {
            code(&shop, &table, email, &format!("{n} {email}")).await;
        }
        let fourth = table
            .send_code(email, &asker("fresh"), LETTER, noon())
            .await;
        let until = noon() + SignedDuration::from_hours(1);
        assert_eq!(fourth.unwrap(), CodeSent::LockedOut { until }, "{email}");
    }
    for n in 0..3 {
        code(&shop, &table, &format!("{n}@example.com"), "eve").await;
    }
    let fourth = table
        .send_code("x@y.z", &asker("eve"), LETTER, noon())
        .await;
    assert!(matches!(fourth.unwrap(), CodeSent::LockedOut { .. }));
}
