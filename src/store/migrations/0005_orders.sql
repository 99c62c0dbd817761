-- What shoppers asked to have done with an order that is not packed yet; staff do it.
CREATE TABLE order_request (
    -- Made from shopper, order and wish: asked twice, it stands here once.
    id       TEXT PRIMARY KEY,
    shopper  TEXT NOT NULL,
    number   TEXT NOT NULL,
    -- `cancel` or `address`.
    kind     TEXT NOT NULL,
    -- The new address, as the shopper wrote it.
    detail   TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    -- `open` or `done`.
    state    TEXT NOT NULL DEFAULT 'open'
) STRICT, WITHOUT ROWID;

CREATE INDEX order_request_of_shopper ON order_request (shopper);
