-- Where a product came from, so that a feed that no longer has it can take it away, and what its feed says besides.
ALTER TABLE catalog_product ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_product ADD COLUMN carried TEXT NOT NULL DEFAULT '';

-- Counts the changes of the catalog, so that a server notices what another program imported.
CREATE TABLE catalog_version (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    number   INTEGER NOT NULL
) STRICT;
INSERT INTO catalog_version VALUES (1, 0);

-- Where goods come from besides imports by hand: what is known of each source.
CREATE TABLE sync_source (
    origin    TEXT NOT NULL UNIQUE,
    -- What the source's last answer was marked with, to ask "anything new?".
    etag      TEXT NOT NULL DEFAULT '',
    modified  TEXT NOT NULL DEFAULT '',
    synced_at INTEGER
) STRICT;

-- Webhooks accepted and what became of them; a delivery comes once, however often it is sent.
CREATE TABLE webhook (
    id          INTEGER PRIMARY KEY,
    origin      TEXT NOT NULL,
    delivery    TEXT NOT NULL,
    topic       TEXT NOT NULL,
    resource    TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    -- Set when its work is done, or given up.
    done_at     INTEGER,
    failures    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (origin, delivery)
) STRICT;
CREATE INDEX webhook_open ON webhook (id) WHERE done_at IS NULL;
