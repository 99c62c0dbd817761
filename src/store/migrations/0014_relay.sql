-- What messengers bring: kept before they are answered, worked through later. The words go as soon as it is done; the
-- row stays for as long as a platform may bring the same event again.
CREATE TABLE inbound (
    key        INTEGER PRIMARY KEY AUTOINCREMENT,
    account    TEXT NOT NULL,
    -- The platform's id of the event.
    event      TEXT NOT NULL,
    -- The platform's conversation: one at a time, in the order of `sent_at`.
    talk       TEXT NOT NULL,
    -- The platform's time.
    sent_at    INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL,
    -- `dead`: signed, and not understood or not answerable; kept to be looked at.
    state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead')),
    body       TEXT NOT NULL,
    UNIQUE (account, event)
) STRICT;
CREATE INDEX inbound_waiting ON inbound (sent_at, key) WHERE state = 'waiting';
CREATE INDEX inbound_talk ON inbound (account, talk, sent_at, key);
CREATE INDEX inbound_old ON inbound (arrived_at) WHERE state <> 'waiting';

-- What is to be sent to messengers, written with the turn that says it.
CREATE TABLE outbound (
    key       INTEGER PRIMARY KEY AUTOINCREMENT,
    account   TEXT NOT NULL,
    talk      TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    -- Of the next try.
    due_at    INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    -- `unknown`: it was handed over, and whether it arrived cannot be told.
    state     TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    -- A mark of having read: not worth a second try.
    courtesy  INTEGER NOT NULL DEFAULT 0,
    -- The call, JSON; empty once it is no longer needed.
    body      TEXT NOT NULL,
    -- The platform's id of what was sent, and what it says became of it.
    remote    TEXT,
    delivery  TEXT,
    reason    TEXT
) STRICT;
CREATE INDEX outbound_talk ON outbound (account, talk);
CREATE INDEX outbound_open ON outbound (account, talk, key) WHERE state IN ('queued', 'sending');
CREATE INDEX outbound_remote ON outbound (account, remote) WHERE remote IS NOT NULL;
CREATE INDEX outbound_old ON outbound (queued_at) WHERE state IN ('sent', 'failed', 'unknown');

-- Whom we know from a messenger: their conversation here.
CREATE TABLE contact (
    account      TEXT NOT NULL,
    -- The platform's id of the person, and of the conversation they are in.
    person       TEXT NOT NULL,
    talk         TEXT NOT NULL,
    shopper      TEXT NOT NULL,
    conversation TEXT NOT NULL,
    -- Of their last message.
    seen_at      INTEGER NOT NULL,
    -- They blocked us, or cannot be reached any more.
    unreachable  INTEGER NOT NULL DEFAULT 0,
    -- They said "stop": nothing is sent until they say "start".
    stopped      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, person, talk)
) STRICT;
CREATE INDEX contact_shopper ON contact (shopper);
CREATE INDEX contact_conversation ON contact (conversation);
CREATE INDEX contact_talk ON contact (account, talk);

-- How far an account has been read, where we fetch.
CREATE TABLE relay_cursor (
    account TEXT PRIMARY KEY,
    at      TEXT NOT NULL
) STRICT;
