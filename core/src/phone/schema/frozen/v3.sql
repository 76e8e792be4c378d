-- Schema 3. Frozen: a change is a new migration beside this file.
--
-- The state of an order is kept once. Before, it stood in `base`, in `view_order`, or in both, and an acknowledged push
-- copied each from one to the other.

-- What is shown of an order, whole. When its base has no state of its own, these are the server's bytes.
CREATE TABLE state (
    id INTEGER PRIMARY KEY,         -- view_order.id
    bytes BLOB NOT NULL
) STRICT;

INSERT INTO state (id, bytes)
SELECT v.id, coalesce(v.state, b.state) FROM view_order v LEFT JOIN base b ON b.id = v.id
WHERE coalesce(v.state, b.state) IS NOT NULL;

-- The server's truth.
CREATE TABLE base_2 (
    id INTEGER PRIMARY KEY,         -- view_order.id
    order_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    own INTEGER NOT NULL,           -- own entries up to this journal n are contained
    given TEXT,                     -- the number the server gave and the bytes in `state` lack; only without a state here
    state BLOB                      -- NULL: nothing is pending, what is shown is the server's
) STRICT;

INSERT INTO base_2 (id, order_id, seq, own, state)
SELECT b.id, b.order_id, b.seq, b.own, CASE WHEN v.state IS NOT NULL THEN b.state END
FROM base b LEFT JOIN view_order v ON v.id = b.id;

DROP TABLE base;
ALTER TABLE base_2 RENAME TO base;
ALTER TABLE view_order DROP COLUMN state;
