-- Schema 2. Frozen: a change is a new migration beside this file.

-- The documents people sealed on this phone, as they were shown. The order goes on and would give others: the copy the
-- resident gets is made of these bytes.
CREATE TABLE sealed_document (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    order_id BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE INDEX sealed_document_order ON sealed_document (order_id);

CREATE TRIGGER sealed_document_is_never_changed BEFORE UPDATE ON sealed_document
BEGIN SELECT RAISE(ABORT, 'a sealed document is never changed'); END;

CREATE TRIGGER sealed_document_is_never_removed BEFORE DELETE ON sealed_document
BEGIN SELECT RAISE(ABORT, 'a sealed document is never removed'); END;

-- Entries hold seals, and are kept also when the server has them.
DROP TRIGGER journal_keeps_what_is_unsent;

CREATE TRIGGER journal_is_never_shortened BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER ink_is_never_changed BEFORE UPDATE ON ink
BEGIN SELECT RAISE(ABORT, 'ink is never changed'); END;

-- The ink of an order leaves with it, when its row says that it is gone and nothing of it waits here.
CREATE TRIGGER ink_stays_with_its_order BEFORE DELETE ON ink
WHEN NOT EXISTS (SELECT 1 FROM view_order WHERE order_id = OLD.order_id AND gone = 2)
BEGIN SELECT RAISE(ABORT, 'ink of an order that is here'); END;
