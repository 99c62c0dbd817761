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

-- Whether an answer helped, a row for each article under it. It outlives the conversation, and then is nobody's.
CREATE TABLE feedback (
    key          INTEGER PRIMARY KEY,
    conversation INTEGER REFERENCES conversation (key) ON DELETE SET NULL,
    -- Of the reply.
    seq          INTEGER NOT NULL,
    article      TEXT NOT NULL,
    helpful      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    UNIQUE (conversation, seq, article)
) STRICT;

CREATE INDEX feedback_on_article ON feedback (article);

-- How a conversation was; the score outlives it as well.
CREATE TABLE rating (
    key          INTEGER PRIMARY KEY,
    conversation INTEGER UNIQUE REFERENCES conversation (key) ON DELETE SET NULL,
    -- 1 to 5; none of who would rather not say.
    score        INTEGER,
    at           INTEGER NOT NULL
) STRICT;

-- What a shopper added in words goes with the conversation.
CREATE TABLE rating_words (
    conversation INTEGER PRIMARY KEY REFERENCES conversation (key) ON DELETE CASCADE,
    words        TEXT NOT NULL
) STRICT;
