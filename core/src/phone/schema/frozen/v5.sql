-- Schema 5. Frozen: a change is a new migration beside this file.

-- Where the journal begins: entries up to n were let go of, and this is the chain hash after the last of them.
CREATE TABLE journal_start (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

INSERT INTO journal_start (id, n, hash) VALUES (1, 0, zeroblob(32));

-- Up to which n the server had everything at some moment, by the server's clock; about one row for each day.
CREATE TABLE acknowledged (
    n INTEGER PRIMARY KEY,
    server_ms INTEGER NOT NULL
) STRICT;

CREATE TRIGGER journal_start_is_never_unsent BEFORE UPDATE ON journal_start
WHEN NEW.n < OLD.n OR NEW.n > coalesce((SELECT value FROM meta WHERE key = 'acked'), 0)
BEGIN SELECT RAISE(ABORT, 'the journal begins at what the server has'); END;

CREATE TRIGGER journal_start_stays BEFORE DELETE ON journal_start
BEGIN SELECT RAISE(ABORT, 'the journal begins somewhere'); END;

-- Entries leave at the journal's start alone, and never the newest: the next one is numbered after it.
DROP TRIGGER journal_is_never_shortened;

CREATE TRIGGER journal_leaves_at_its_start BEFORE DELETE ON journal
WHEN OLD.n > (SELECT n FROM journal_start) OR OLD.n = (SELECT max(n) FROM journal)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
