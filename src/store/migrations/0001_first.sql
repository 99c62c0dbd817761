-- Times are milliseconds since 1970 in UTC. Bodies are JSON.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Shoppers ------------------------------------------------------------------------------------

CREATE TABLE shopper (
    id           TEXT PRIMARY KEY,
    -- SHA-256 of a visitor's token; the token itself is never kept.
    token_digest BLOB UNIQUE,
    -- The name the shop gave a shopper it knows.
    known_as     TEXT UNIQUE,
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was erased, so that an import or a backup does not bring it back.
CREATE TABLE tombstone (
    digest    BLOB PRIMARY KEY,
    erased_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Conversations -------------------------------------------------------------------------------

CREATE TABLE conversation (
    -- A small number, so that the index of `turn` stays small. Never given twice: whoever still holds
    -- the key of a deleted conversation must not speak in another one.
    key        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    shopper    TEXT NOT NULL REFERENCES shopper (id),
    started_at INTEGER NOT NULL,
    -- Entry 1.
    greeting   TEXT NOT NULL
) STRICT;

CREATE INDEX conversation_of_shopper ON conversation (shopper, key);

-- One row a turn: the message is entry `seq`, the reply entry `seq + 1`. Long columns stand last:
-- what is before them is read without touching their pages.
--
-- Client ids are unique in a conversation without an index of their own, which would be the dearest
-- part of a turn: whoever writes turn n has read the ids of all before it, or `seq` is taken.
CREATE TABLE turn (
    -- Deferred: what can only fail at the commit needs no journal for each statement.
    conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    client_id    TEXT NOT NULL,
    said         TEXT NOT NULL,
    reply        TEXT NOT NULL,
    state        TEXT NOT NULL,
    trace        TEXT NOT NULL,
    UNIQUE (conversation, seq)
) STRICT;

CREATE TABLE handoff (
    conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    closed_at    INTEGER,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

-- One person at a time is enough.
CREATE UNIQUE INDEX handoff_open ON handoff (conversation) WHERE closed_at IS NULL;

-- Messages nobody had an answer to, for staff.
CREATE TABLE unanswered (
    conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    said         TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

-- Orders --------------------------------------------------------------------------------------

-- The four secrets are keyed digests: no address of a customer is in this file.
CREATE TABLE orders (
    number          TEXT NOT NULL UNIQUE,
    -- The number with each digit written `#`.
    shape           TEXT NOT NULL,
    hash            BLOB NOT NULL,
    email           BLOB,
    postcode        BLOB,
    phone           BLOB,
    customer_number BLOB,
    body            TEXT NOT NULL
) STRICT;

-- Order look-ups that failed, counted against the shopper and against the order number.
CREATE TABLE attempt (
    subject TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX attempt_by_subject ON attempt (subject, at);

-- Catalog -------------------------------------------------------------------------------------

CREATE TABLE catalog_product (
    sku      TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    body     TEXT NOT NULL
) STRICT;

-- What was bought together: one row a basket, its SKUs as a JSON array.
CREATE TABLE basket (
    id        TEXT NOT NULL UNIQUE,
    placed_at INTEGER NOT NULL,
    items     TEXT NOT NULL
) STRICT;
