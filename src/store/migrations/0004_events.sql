-- What happened in the shop: views, searches, carts, purchases, suggestions shown and followed.
CREATE TABLE event (
    -- SHA-256 of its source and its id there, cut to 16 bytes: the same event comes once, and the id itself is not kept.
    id      BLOB NOT NULL UNIQUE,
    -- Of who did not consent, only the hour.
    at      INTEGER NOT NULL,
    -- Only of shoppers who consented; it goes when they go.
    shopper TEXT REFERENCES shopper (id) ON DELETE CASCADE,
    -- The visit, only with a shopper.
    session TEXT,
    -- Sent by the shop's own server, 1, or by a page, 0.
    signed  INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT;

CREATE INDEX event_by_time ON event (at);
CREATE INDEX event_of_shopper ON event (shopper, at) WHERE shopper IS NOT NULL;
