-- Schema 4. Frozen: a change is a new migration beside this file.

-- Photos taken here. The files lie in the folder beside this one, named by their digest; the facts are in the journal.
CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    order_id BLOB NOT NULL,         -- empty when the file was found again after damage and nothing tells
    bytes INTEGER NOT NULL,
    state INTEGER NOT NULL,         -- 0 kept, 1 sending, 2 verified by the server, 3 safe: the full file may have left, 4 lost
    verified_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX blob_state ON blob (state, id);

-- Only what the server has verified may become safe, that is, lose its file.
CREATE TRIGGER blob_is_verified_before_it_is_safe BEFORE UPDATE ON blob
WHEN NEW.state = 3 AND OLD.state NOT IN (2, 3)
BEGIN SELECT RAISE(ABORT, 'a photo the server has not verified'); END;

CREATE TRIGGER blob_stays BEFORE DELETE ON blob
BEGIN SELECT RAISE(ABORT, 'a photo is not forgotten'); END;
