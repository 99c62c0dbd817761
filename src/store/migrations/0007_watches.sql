-- What shoppers wait for: that something is back in stock, or costs less.
CREATE TABLE watch (
    id            INTEGER PRIMARY KEY,
    shopper       TEXT NOT NULL,
    product       TEXT NOT NULL,
    -- Empty for whichever of the product's.
    variant       TEXT,
    kind          TEXT NOT NULL CHECK (kind IN ('back_in_stock', 'price_drop')),
    -- Of a price drop: it is told when the price is lower than this, in minor units.
    below         INTEGER,
    currency      TEXT,
    -- Empty when it is told in the chat.
    address       TEXT,
    language      TEXT NOT NULL,
    -- The id of the text that was agreed to.
    consent       TEXT NOT NULL,
    asked_at      INTEGER NOT NULL,
    -- It lives from here on: at once in the chat, by the link of a letter for an address.
    confirmed_at  INTEGER,
    -- SHA-256 of the token in the links of the letter that asks to confirm.
    link          BLOB NOT NULL UNIQUE,
    -- When it was told, and of which variant.
    fired_at      INTEGER,
    fired_variant TEXT,
    -- Of the token in the letter that told it.
    fired_link    BLOB UNIQUE
) STRICT;
CREATE INDEX watch_of ON watch (shopper, fired_at);
CREATE INDEX watch_live ON watch (id) WHERE fired_at IS NULL;
CREATE INDEX watch_address ON watch (address) WHERE address IS NOT NULL;

-- Letters that asked an address to confirm, for a day: the limits on them outlive the watches.
CREATE TABLE watch_letter (
    address BLOB NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX watch_letter_to ON watch_letter (address, at);

-- In `turn`, a row with an empty client id is a notice: said by the assistant alone. Its one entry is `seq`.
