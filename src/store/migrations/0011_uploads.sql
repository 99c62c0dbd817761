-- Photos shoppers sent. The pictures themselves are files beside this one, named by `id`; a file without a row is deleted.
CREATE TABLE upload (
    -- 128 random bits.
    id           TEXT PRIMARY KEY,
    shopper      TEXT NOT NULL REFERENCES shopper (id) ON DELETE CASCADE,
    -- The message it came with; none while it has not been sent.
    conversation INTEGER REFERENCES conversation (key) ON DELETE CASCADE,
    seq          INTEGER,
    -- The return it belongs to.
    rma          TEXT,
    at           INTEGER NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    bytes        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_of_conversation ON upload (conversation, seq);
CREATE INDEX upload_of_shopper ON upload (shopper);
CREATE INDEX upload_of_return ON upload (rma) WHERE rma IS NOT NULL;
