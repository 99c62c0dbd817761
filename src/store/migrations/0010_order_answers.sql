-- What staff said to a request; its state may also be `refused`.
ALTER TABLE order_request ADD COLUMN answer TEXT NOT NULL DEFAULT '';
CREATE INDEX order_request_for ON order_request (number);
