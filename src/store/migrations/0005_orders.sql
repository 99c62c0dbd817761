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

-- Somebody's orders, once they have proven their address.
CREATE INDEX orders_of_email ON orders (email) WHERE email IS NOT NULL;

-- One-time codes on their way by mail, one a shopper. There is a row for an address without orders as well.
CREATE TABLE order_code (
    shopper    TEXT PRIMARY KEY,
    -- Keyed digests, as those of the orders.
    address    BLOB NOT NULL,
    code       BLOB NOT NULL,
    tries_left INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
