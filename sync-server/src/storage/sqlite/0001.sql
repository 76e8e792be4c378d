-- Version 1, frozen: a later change is a new file, and never changes what a column means.

-- The row every writer locks: whoever sees a seq sees everything below it.
CREATE TABLE org_clock (
  org TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL,
  next_number INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- A phone's incarnation and how far its journal is kept here.
CREATE TABLE device (
  org TEXT NOT NULL,
  device_id BLOB NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  public_key BLOB NOT NULL,
  token_hash BLOB NOT NULL,
  app TEXT NOT NULL DEFAULT '',
  n INTEGER NOT NULL DEFAULT 0,
  chain BLOB NOT NULL,
  enrolled_ms INTEGER NOT NULL,
  heard_ms INTEGER NOT NULL DEFAULT 0,
  revoked_ms INTEGER,
  PRIMARY KEY (org, device_id),
  UNIQUE (org, token_hash)
) STRICT;

-- Every entry ever received, as its exact bytes. Only ever added to.
CREATE TABLE entry_log (
  pk INTEGER PRIMARY KEY,
  org TEXT NOT NULL,
  seq INTEGER NOT NULL,
  -- NULL when there is none to read, or when it is known already.
  entry_id BLOB,
  order_id BLOB,
  -- NULL, with n 0, for the server's own.
  device_id BLOB,
  n INTEGER NOT NULL DEFAULT 0,
  chain BLOB,
  verdict TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_log_id ON entry_log (org, entry_id) WHERE entry_id IS NOT NULL;
CREATE UNIQUE INDEX entry_log_device ON entry_log (org, device_id, n) WHERE device_id IS NOT NULL;
CREATE INDEX entry_log_order ON entry_log (org, order_id) WHERE order_id IS NOT NULL;
CREATE TRIGGER entry_log_is_never_changed BEFORE UPDATE ON entry_log
BEGIN SELECT RAISE(ABORT, 'the entry log is only added to'); END;
CREATE TRIGGER entry_log_is_never_shortened BEFORE DELETE ON entry_log
BEGIN SELECT RAISE(ABORT, 'the entry log is only added to'); END;

-- Orders as folded, with what lists show beside the state.
CREATE TABLE "order" (
  org TEXT NOT NULL,
  order_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  -- Seq of its latest ink, 0 for none.
  ink_seq INTEGER NOT NULL DEFAULT 0,
  number TEXT,
  status TEXT NOT NULL,
  unit TEXT NOT NULL DEFAULT '',
  resident TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  fault TEXT NOT NULL DEFAULT '',
  work_type TEXT NOT NULL DEFAULT '',
  technician TEXT,
  window_start_ms INTEGER,
  -- The day of the window where it was booked, as days since year 1.
  window_day INTEGER,
  has_conflict INTEGER NOT NULL DEFAULT 0,
  concerns INTEGER NOT NULL DEFAULT 0,
  heard_ms INTEGER NOT NULL DEFAULT 0,
  -- Folded text of several fields, one a line.
  search TEXT NOT NULL DEFAULT '',
  state BLOB NOT NULL,
  PRIMARY KEY (org, order_id)
) STRICT;
CREATE UNIQUE INDEX order_number ON "order" (org, number) WHERE number IS NOT NULL;
CREATE INDEX order_status ON "order" (org, status, order_id);

-- Encoded strokes of signatures.
CREATE TABLE ink (
  org TEXT NOT NULL,
  order_id BLOB NOT NULL,
  digest BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (org, digest, order_id)
) STRICT;
CREATE INDEX ink_order ON ink (org, order_id, seq);

-- Who has an order on the phone. seq is the last at which something about it was new for this person.
CREATE TABLE "grant" (
  org TEXT NOT NULL,
  order_id BLOB NOT NULL,
  person TEXT NOT NULL,
  since INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  active INTEGER NOT NULL,
  PRIMARY KEY (org, order_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX grant_feed ON "grant" (org, person, seq);

-- Reference data. An empty body: withdrawn.
CREATE TABLE document (
  org TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (org, kind, key)
) STRICT;
CREATE UNIQUE INDEX document_feed ON document (org, seq);

-- Entries that are kept and not folded, until a recorded act closes them.
CREATE TABLE parked (
  org TEXT NOT NULL,
  device_id BLOB NOT NULL,
  n INTEGER NOT NULL,
  order_id BLOB,
  reason TEXT NOT NULL,
  parked_ms INTEGER NOT NULL,
  closed_ms INTEGER,
  closed_by TEXT,
  PRIMARY KEY (org, device_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_order ON parked (org, order_id) WHERE closed_ms IS NULL;

CREATE TABLE app_user (
  org TEXT NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'zh-Hant',
  -- PHC text of an argon2id hash; empty when the person cannot sign in.
  password TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  org TEXT NOT NULL,
  token_hash BLOB NOT NULL,
  person TEXT NOT NULL,
  csrf TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (org, token_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_code (
  org TEXT NOT NULL,
  code_hash BLOB NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  -- The device that used it.
  used_by BLOB,
  PRIMARY KEY (org, code_hash)
) STRICT, WITHOUT ROWID;

-- Administrative acts.
CREATE TABLE audit (
  pk INTEGER PRIMARY KEY,
  org TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL
) STRICT;
CREATE INDEX audit_org ON audit (org, at_ms);
