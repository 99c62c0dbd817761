use super::StoreError;
use sqlx::query_builder::Separated;
use sqlx::sqlite::SqliteQueryResult;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

/// Values SQLite takes in one statement (SQLITE_MAX_VARIABLE_NUMBER).
const MOST_VALUES: usize = 32_766;
/// Rows beyond which longer statements no longer pay.
const MOST_ROWS: usize = 512;

/// Runs `{head} VALUES (…), (…) {tail}` for all rows, in few statements. `push` adds the `columns` values of a row.
///
/// Statements take 512, 256, 128, 64, 56, 48 … 8, 7 … 1 rows: few for any number of rows, and few
/// enough texts that the connection remembers them all prepared.
///
/// Returns the number of rows written.
pub async fn insert_rows<R>(
    connection: &mut SqliteConnection,
    head: &'static str,
    tail: &'static str,
    columns: usize,
    rows: Vec<R>,
    mut push: impl FnMut(Separated<'_, Sqlite, &'static str>, R),
) -> Result<u64, StoreError> {
    let most = MOST_ROWS.min(MOST_VALUES / columns.max(1));
    let mut written = 0;
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let take = fewer(rows.len().min(most));
        let mut statement = QueryBuilder::new(head);
        statement.push_values(rows.by_ref().take(take), &mut push);
        statement.push(tail);
        let result: SqliteQueryResult = statement.build().execute(&mut *connection).await?;
        written += result.rows_affected();
    }
    Ok(written)
}

/// The largest number of rows up to `rows` that statements are made for.
fn fewer(rows: usize) -> usize {
    match rows {
        0..8 => rows,
        8..64 => rows & !7,
        _ => 1 << rows.ilog2(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scratch::scratch;
    use super::*;

    #[tokio::test]
    async fn any_number_of_rows_arrives_once_and_in_order() {
        let shop = scratch().await;
        for count in [0_i64, 1, 7, 8, 63, 64, 511, 513, 1500] {
            let mut write = shop.store.begin().await.unwrap();
            const HEAD: &str = "INSERT INTO basket (id, placed_at, items)";
            let written = insert_rows(
                &mut write,
                HEAD,
                "",
                3,
                (0..count).collect(),
                |mut row, n| {
                    row.push_bind(n.to_string()).push_bind(n).push_bind("[]");
                },
            )
            .await
            .unwrap();
            assert_eq!(written, count.unsigned_abs());
            let stored: Vec<i64> =
                sqlx::query_scalar("SELECT placed_at FROM basket ORDER BY rowid")
                    .fetch_all(&mut *write)
                    .await
                    .unwrap();
            assert_eq!(stored, (0..count).collect::<Vec<_>>());
        }
    }
}
