-- A shopper goes on in a messenger: a code, once and for a while. The code itself is not kept.
CREATE TABLE link_code (
    digest   BLOB PRIMARY KEY,
    shopper  TEXT NOT NULL,
    -- What the shop's page has vouched for when the code was asked for.
    customer TEXT,
    email    TEXT,
    ends_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX link_code_shopper ON link_code (shopper);

-- What a code has joined: someone on a messenger, and the shopper they are from there on.
CREATE TABLE link (
    account          TEXT NOT NULL,
    person           TEXT NOT NULL,
    talk             TEXT NOT NULL,
    -- The code that did: brought again, it is no other.
    digest           BLOB NOT NULL,
    shopper          TEXT NOT NULL,
    customer         TEXT,
    email            TEXT,
    -- Who they are without it.
    own_shopper      TEXT NOT NULL,
    own_conversation TEXT NOT NULL,
    -- `asked`: they have been told what it means, and have not said yes.
    state            TEXT NOT NULL CHECK (state IN ('asked', 'linked')),
    at               INTEGER NOT NULL,
    PRIMARY KEY (account, person, talk),
    FOREIGN KEY (account, person, talk) REFERENCES contact ON DELETE CASCADE ON UPDATE CASCADE
) STRICT;
CREATE INDEX link_shopper ON link (shopper);

-- Codes that someone tried and that were none.
CREATE TABLE link_try (
    account TEXT NOT NULL,
    person  TEXT NOT NULL,
    tries   INTEGER NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (account, person)
) STRICT;
