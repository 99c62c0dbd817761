use super::{Order, OrderNumber, OrdersError};
use crate::store::Connection;

/// The order with this number, without a secret: only for one who has proven it before, and for staff.
pub async fn proven(
    connection: &mut Connection,
    number: &OrderNumber,
) -> Result<Option<Order>, OrdersError> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM orders WHERE number = ?")
        .bind(number.as_str())
        .fetch_optional(&mut *connection)
        .await?;
    let read = |body: String| {
        serde_json::from_str(&body).map_err(|source| OrdersError::Broken {
            number: number.to_string(),
            source,
        })
    };
    body.map(read).transpose()
}
