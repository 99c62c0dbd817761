-- How each source's last comparison went, and until when its orders have been read: they may be missing where products come.
ALTER TABLE sync_source ADD COLUMN orders_at INTEGER;
ALTER TABLE sync_source ADD COLUMN tried_at INTEGER;
ALTER TABLE sync_source ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
UPDATE sync_source SET orders_at = synced_at, tried_at = synced_at;
