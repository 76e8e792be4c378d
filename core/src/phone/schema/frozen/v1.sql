-- Schema 1. Frozen: a change is a new migration beside this file.

-- What this device recorded. Append-only, contiguous, hash-chained; entries above `acked` in meta are the outbox.
CREATE TABLE journal (
    n INTEGER PRIMARY KEY,          -- from 1 without gaps, over all incarnations
    id BLOB NOT NULL,               -- entry id, 16 bytes
    order_id BLOB NOT NULL,         -- order id, 16 bytes
    before INTEGER NOT NULL,        -- n of the previous entry about the same order; 0 when there is none
    hash BLOB NOT NULL,             -- SHA-256(hash before || bytes)
    bytes BLOB NOT NULL             -- the entry, exactly as it is sent
) STRICT;

CREATE TRIGGER journal_is_contiguous BEFORE INSERT ON journal
WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM journal)
BEGIN SELECT RAISE(ABORT, 'a gap in the journal'); END;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_keeps_what_is_unsent BEFORE DELETE ON journal
WHEN OLD.n > coalesce((SELECT value FROM meta WHERE key = 'acked'), 0)
BEGIN SELECT RAISE(ABORT, 'an unacknowledged entry'); END;

-- Under which device id entries are numbered. A cloned phone begins a new one; its chain begins anew.
CREATE TABLE incarnation (
    first INTEGER PRIMARY KEY,      -- journal n of its entry number 1
    device BLOB NOT NULL            -- device id, 16 bytes
) STRICT;

-- The server's truth: states as they were sent.
CREATE TABLE base (
    id INTEGER PRIMARY KEY,         -- view_order.id
    order_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    own INTEGER NOT NULL,           -- own entries up to this journal n are contained
    state BLOB NOT NULL
) STRICT;

-- What is shown: base folded with pending entries. Can be made again from base and journal.
CREATE TABLE view_order (
    id INTEGER PRIMARY KEY,
    order_id BLOB NOT NULL UNIQUE,
    last_n INTEGER NOT NULL,        -- journal n of the last own entry about it; 0 when there is none
    gone INTEGER,                   -- NULL here; 1 leaves once everything of it is acknowledged; 2 left
    agenda INTEGER,                 -- day of the current window, counted from year 1; 0 mine, open, without window
    start_ms INTEGER,               -- the current window, UTC milliseconds, with minutes east of UTC
    start_offset INTEGER,
    end_ms INTEGER,
    end_offset INTEGER,
    status TEXT NOT NULL,
    conflict INTEGER NOT NULL,
    number TEXT,
    technician TEXT,
    unit TEXT NOT NULL,
    resident TEXT NOT NULL,
    fault TEXT NOT NULL,
    work_type TEXT NOT NULL,
    search TEXT NOT NULL,           -- folded, a line for each field; the first line is the number's
    state BLOB                      -- NULL: exactly as in base
) STRICT;

-- No partial index on this table: beside one, SQLite may prepare a statement again for every new parameter.
CREATE INDEX view_agenda ON view_order (agenda, start_ms);

-- Orders with gone = 1, and perhaps some that came back.
CREATE TABLE departing (
    id INTEGER PRIMARY KEY          -- view_order.id
) STRICT;

-- What the server said of entries that are not plainly applied.
CREATE TABLE verdict (
    n INTEGER PRIMARY KEY,          -- journal n
    parked INTEGER NOT NULL,
    verdict TEXT NOT NULL           -- JSON
) STRICT;

-- Orders to ask for whole, because what the server said of them did not match.
CREATE TABLE whole (
    order_id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- States this version cannot read. Tried again by the next version.
CREATE TABLE unread (
    id INTEGER PRIMARY KEY,
    order_id BLOB NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    own INTEGER NOT NULL,
    why TEXT NOT NULL,
    state BLOB NOT NULL
) STRICT;

-- Encoded strokes of signatures.
CREATE TABLE ink (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    order_id BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE INDEX ink_order ON ink (order_id);

-- Reference data. A policy or calendar this version cannot read is kept under `unread:` and its kind.
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (kind, key)
) STRICT;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
