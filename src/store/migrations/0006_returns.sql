-- Things on their way back. Written with the turn that opened it; `conversation` goes when the conversation is deleted,
-- and what the shop still owes is kept without it.
CREATE TABLE goods_return (
    -- `RT-7F3K2`, what shopper and staff call it by.
    rma          TEXT PRIMARY KEY,
    order_number TEXT NOT NULL,
    conversation INTEGER REFERENCES conversation (key) ON DELETE SET NULL,
    state        TEXT NOT NULL,
    opened_at    INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    body         TEXT NOT NULL
) STRICT;

CREATE INDEX goods_return_of_order ON goods_return (order_number, opened_at);
CREATE INDEX goods_return_of_conversation ON goods_return (conversation);
