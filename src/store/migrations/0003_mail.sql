-- Letters that are to leave. What is in one goes as soon as it is sent or given up; the row stays a while to be counted.
CREATE TABLE letter (
    -- Also the Message-ID, so that a letter that is sent again can be told to be the same.
    id         TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    -- The shopper it is about, when there is one: it goes with them.
    owner      TEXT,
    queued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Of the next try.
    due_at     INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    state      TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'expired')),
    -- To whom, subject, text: JSON; empty once it is no longer needed.
    body       TEXT NOT NULL
) STRICT;
CREATE INDEX letter_due ON letter (due_at) WHERE state = 'queued';
CREATE INDEX letter_of ON letter (owner) WHERE owner IS NOT NULL;
