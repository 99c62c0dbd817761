-- Where an order was taken over from: '' by an import, else the name of who was asked; and when it was last seen there.
ALTER TABLE orders ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX orders_seen ON orders (source, seen_at) WHERE source <> '';

-- When a wish was sent to whoever keeps the orders; its state is `sending` until they have answered.
ALTER TABLE order_request ADD COLUMN sent_at INTEGER;
