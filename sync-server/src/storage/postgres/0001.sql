-- Version 1, frozen: a later change is a new file, and never changes what a column means.
--
-- The org leads every key, so that a distributing database can place all of an org's rows together. Nothing counts but
-- the org's clock: no sequences, no triggers, no references between tables. Text sorts by its bytes, as in SQLite.

-- The row every writer locks until it has committed: whoever sees a seq sees everything below it.
CREATE TABLE org_clock (
  org TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL DEFAULT 0,
  epoch BIGINT NOT NULL,
  next_number BIGINT NOT NULL DEFAULT 1,
  -- The last place given out in entry_log, and in audit.
  log_pos BIGINT NOT NULL DEFAULT 0,
  audit_pos BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

-- A phone's incarnation and how far its journal is kept here.
CREATE TABLE device (
  org TEXT COLLATE "C" NOT NULL,
  device_id UUID NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  role TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  token_hash BYTEA NOT NULL,
  app TEXT NOT NULL DEFAULT '',
  n BIGINT NOT NULL DEFAULT 0,
  chain BYTEA NOT NULL,
  enrolled_ms BIGINT NOT NULL,
  heard_ms BIGINT NOT NULL DEFAULT 0,
  revoked_ms BIGINT,
  -- Entries up to this number are in a backup that was looked over: the phone may let go of them.
  safe_n BIGINT NOT NULL DEFAULT 0,
  -- When its token was last used for more than handing in.
  used_ms BIGINT NOT NULL,
  PRIMARY KEY (org, device_id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX device_token ON device (org, token_hash);

-- Every entry ever received, as its exact bytes. Only ever added to.
CREATE TABLE entry_log (
  org TEXT COLLATE "C" NOT NULL,
  -- The place in the org's log, from 1 without a gap; counted in org_clock.
  pos BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  -- NULL when there is none to read, or when it is known already.
  entry_id UUID,
  order_id UUID,
  -- NULL, with n 0, for the server's own.
  device_id UUID,
  n BIGINT NOT NULL DEFAULT 0,
  chain BYTEA,
  verdict TEXT NOT NULL,
  received_ms BIGINT NOT NULL,
  -- The number its order got with it, the order's first.
  number TEXT,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (org, pos)
);
CREATE UNIQUE INDEX entry_log_id ON entry_log (org, entry_id) WHERE entry_id IS NOT NULL;
CREATE UNIQUE INDEX entry_log_device ON entry_log (org, device_id, n) WHERE device_id IS NOT NULL;
CREATE INDEX entry_log_order ON entry_log (org, order_id, pos) WHERE order_id IS NOT NULL;

-- Orders as folded, with what lists show beside the state.
CREATE TABLE "order" (
  org TEXT COLLATE "C" NOT NULL,
  order_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  -- Seq of its latest ink, 0 for none.
  ink_seq BIGINT NOT NULL DEFAULT 0,
  number TEXT COLLATE "C",
  status TEXT COLLATE "C" NOT NULL,
  unit TEXT NOT NULL DEFAULT '',
  resident TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  fault TEXT NOT NULL DEFAULT '',
  work_type TEXT NOT NULL DEFAULT '',
  technician TEXT COLLATE "C",
  window_start_ms BIGINT,
  -- The day of the window where it was booked, as days since year 1.
  window_day INTEGER,
  has_conflict BOOLEAN NOT NULL DEFAULT FALSE,
  concerns BIGINT NOT NULL DEFAULT 0,
  heard_ms BIGINT NOT NULL DEFAULT 0,
  -- Folded text of several fields, one a line.
  search TEXT NOT NULL DEFAULT '',
  state BYTEA NOT NULL,
  PRIMARY KEY (org, order_id)
);
CREATE UNIQUE INDEX order_number ON "order" (org, number) WHERE number IS NOT NULL;
CREATE INDEX order_status ON "order" (org, status, order_id);

-- Encoded strokes of signatures. Only ever added to.
CREATE TABLE ink (
  org TEXT COLLATE "C" NOT NULL,
  order_id UUID NOT NULL,
  digest BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (org, digest, order_id)
);
CREATE INDEX ink_order ON ink (org, order_id, seq);

-- Who has an order on the phone. seq is the last at which something about it was new for this person.
CREATE TABLE "grant" (
  org TEXT COLLATE "C" NOT NULL,
  order_id UUID NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  active BOOLEAN NOT NULL,
  PRIMARY KEY (org, order_id, person)
);
CREATE INDEX grant_feed ON "grant" (org, person, seq);

-- Reference data. An empty body: withdrawn.
CREATE TABLE document (
  org TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (org, kind, key)
);
CREATE UNIQUE INDEX document_feed ON document (org, seq);

-- Entries that are kept and not folded, until a recorded act closes them.
CREATE TABLE parked (
  org TEXT COLLATE "C" NOT NULL,
  device_id UUID NOT NULL,
  n BIGINT NOT NULL,
  order_id UUID,
  reason TEXT NOT NULL,
  parked_ms BIGINT NOT NULL,
  closed_ms BIGINT,
  closed_by TEXT,
  PRIMARY KEY (org, device_id, n)
);
CREATE INDEX parked_order ON parked (org, order_id) WHERE closed_ms IS NULL;

CREATE TABLE app_user (
  org TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'zh-Hant',
  -- PHC text of an argon2id hash; empty when the person cannot sign in.
  password TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org, person)
);

CREATE TABLE session (
  org TEXT COLLATE "C" NOT NULL,
  token_hash BYTEA NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  csrf TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  PRIMARY KEY (org, token_hash)
);

CREATE TABLE enrol_code (
  org TEXT COLLATE "C" NOT NULL,
  code_hash BYTEA NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  role TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  -- The device that used it.
  used_by UUID,
  PRIMARY KEY (org, code_hash)
);

-- Administrative acts.
CREATE TABLE audit (
  org TEXT COLLATE "C" NOT NULL,
  -- The place in the org's list, from 1; counted in org_clock.
  pos BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  PRIMARY KEY (org, pos)
);

-- What SQLite refuses by trigger is refused here by privilege, also to the role that owns the tables (not to a superuser):
-- the log, ink and acts are only added to; a device keeps its key and is never removed.
REVOKE UPDATE, DELETE, TRUNCATE ON entry_log, ink, audit FROM CURRENT_USER;
REVOKE UPDATE, DELETE, TRUNCATE ON device FROM CURRENT_USER;
GRANT UPDATE (person, role, token_hash, app, n, chain, heard_ms, revoked_ms, safe_n, used_ms) ON device TO CURRENT_USER;
