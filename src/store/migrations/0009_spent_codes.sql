-- Promo codes good for one order that a shopper has used; they go when the shopper goes.
CREATE TABLE spent_code (
    shopper TEXT NOT NULL REFERENCES shopper (id) ON DELETE CASCADE,
    code    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (shopper, code)
) STRICT, WITHOUT ROWID;
