-- Where a product came from, so that a feed that no longer has it can take it away, and what its feed says besides.
ALTER TABLE catalog_product ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_product ADD COLUMN carried TEXT NOT NULL DEFAULT '';

-- Counts the changes of the catalog, so that a server notices what another program imported.
CREATE TABLE catalog_version (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    number   INTEGER NOT NULL
) STRICT;
INSERT INTO catalog_version VALUES (1, 0);
