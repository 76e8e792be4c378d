//! Every statement this storage uses, in one list.
//!
//! A [`Sql`] can only be made here, and only through the list, and a connection takes nothing else: the test beside this
//! file reads the list and holds each statement to the rules a distributing database needs (`rules.rs`).

/// A statement of the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sql(&'static str);

impl Sql {
    /// Its text.
    pub(super) fn text(self) -> &'static str {
        self.0
    }
}

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub(super) const $name: Sql = Sql($text);)*
        /// All of them, by name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, Sql)] = &[$((stringify!($name), $name)),*];
    };
}

/// A device, as [`super::access::device`] reads it. A person who left is one whose document was withdrawn: a firm without
/// documents of its people has them all.
macro_rules! device_by {
    ($column:literal) => {
        concat!(
            "SELECT d.device_id, d.person, d.role, d.public_key,
               (d.revoked_ms IS NOT NULL OR EXISTS (SELECT 1 FROM document p
                 WHERE p.org = d.org AND p.kind = 'person' AND p.key = d.person AND length(p.body) = 0)),
               d.used_ms
             FROM device d WHERE d.org = $1 AND d.",
            $column,
            " = $2"
        )
    };
}

/// What a filter keeps. Its values are $1 to $6: org, statuses, day, technician, unsettled, search text.
macro_rules! filtered {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            r#" FROM "order" WHERE org = $1
             AND (cardinality($2::TEXT[]) = 0 OR status = ANY ($2))
             AND ($3::INTEGER IS NULL OR window_day = $3)
             AND ($4::TEXT IS NULL OR technician = $4)
             AND (NOT $5::BOOLEAN OR concerns > 0)
             AND ($6::TEXT = '' OR position($6 IN search) > 0)"#,
            $tail
        )
    };
}

/// A row of the feed.
macro_rules! feed {
    ($tail:literal) => {
        concat!(
            r#"SELECT g.order_id, g.seq, g.since, g.active, o.seq, o.ink_seq, o.window_day, o.status, o.state
             FROM "grant" g JOIN "order" o ON o.org = g.org AND o.order_id = g.order_id
             WHERE g.org = $1 AND g.person = $2 AND "#,
            $tail
        )
    };
}

statements! {
    /// What a writing transaction begins with. Each statement of it sees what was committed before it: after the clock's
    /// lock is held, nothing of the org changes any more.
    BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    /// What a snapshot begins with.
    BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    COMMIT = "COMMIT";

    /// The schema's version, locked: one process changes it at a time.
    LOCK_VERSION = "SELECT version FROM doorstep_schema WHERE one FOR UPDATE";
    SET_VERSION = "UPDATE doorstep_schema SET version = $1 WHERE one";
    /// Writes what is there already, so that the disk has to take it.
    TOUCH = "UPDATE doorstep_schema SET version = version WHERE one";
    /// What the server itself is set to.
    SETTINGS = "SELECT current_setting('fsync'), current_setting('server_encoding')";
    ORGS = "SELECT org FROM org_clock ORDER BY org";

    CREATE_ORG = "INSERT INTO org_clock (org, epoch) VALUES ($1, $2) ON CONFLICT (org) DO NOTHING";
    CLOCK = "SELECT seq, epoch, next_number FROM org_clock WHERE org = $1";
    /// The row lock that is held to the commit.
    LOCK_CLOCK = "SELECT seq, epoch, next_number, log_pos FROM org_clock WHERE org = $1 FOR UPDATE";
    SET_CLOCK = "UPDATE org_clock SET seq = $2, epoch = $3, next_number = $4, log_pos = $5 WHERE org = $1";
    START_EPOCH = "UPDATE org_clock SET epoch = $2 WHERE org = $1";

    TAIL = "SELECT n, chain FROM device WHERE org = $1 AND device_id = $2";
    /// The last entry of a batch that is kept already.
    RESENT_LAST = "SELECT chain FROM entry_log
        WHERE org = $1 AND device_id = $2 AND n BETWEEN $3 AND $4 ORDER BY n DESC LIMIT 1";
    RESENT_VERDICTS = "SELECT e.n, e.verdict FROM entry_log e
        LEFT JOIN parked p ON p.org = e.org AND p.device_id = e.device_id AND p.n = e.n
        WHERE e.org = $1 AND e.device_id = $2 AND e.n BETWEEN $3 AND $4 AND e.verdict <> 'applied'
          AND p.closed_ms IS NULL ORDER BY e.n";
    KNOWN = "SELECT entry_id FROM entry_log WHERE org = $1 AND entry_id = ANY ($2)";
    LOAD_ORDERS = r#"SELECT order_id, seq, ink_seq, state FROM "order" WHERE org = $1 AND order_id = ANY ($2)"#;
    LOAD_GRANTS =
        r#"SELECT order_id, person, active, since FROM "grant" WHERE org = $1 AND order_id = ANY ($2)"#;
    LOAD_PARKED = "SELECT d.device_id, d.person, d.role, d.public_key, d.revoked_ms IS NOT NULL, d.used_ms, e.n,
          e.bytes, p.order_id
        FROM parked p
        JOIN device d ON d.org = p.org AND d.device_id = p.device_id
        JOIN entry_log e ON e.org = p.org AND e.device_id = p.device_id AND e.n = p.n
        WHERE p.org = $1 AND p.order_id = ANY ($2) AND p.closed_ms IS NULL
          AND p.reason IN ('parked:not_yours', 'parked:unknown_kind')
        ORDER BY e.pos";

    LOG = "INSERT INTO entry_log
          (org, pos, seq, entry_id, order_id, device_id, n, chain, verdict, number, bytes, received_ms)
        SELECT $1, u.*, $12 FROM unnest($2::BIGINT[], $3::BIGINT[], $4::UUID[], $5::UUID[], $6::UUID[],
          $7::BIGINT[], $8::BYTEA[], $9::TEXT[], $10::TEXT[], $11::BYTEA[]) AS u";
    PARK = "INSERT INTO parked (org, device_id, n, order_id, reason, parked_ms)
        SELECT $1, u.*, $6 FROM unnest($2::UUID[], $3::BIGINT[], $4::UUID[], $5::TEXT[]) AS u";
    UNPARK = "UPDATE parked p SET closed_ms = $4, closed_by = '(server)'
        FROM unnest($2::UUID[], $3::BIGINT[]) AS u (device_id, n)
        WHERE p.org = $1 AND p.device_id = u.device_id AND p.n = u.n";
    NEW_ORDERS = r#"INSERT INTO "order"
          (org, order_id, seq, ink_seq, number, status, unit, resident, phone, fault, work_type, technician,
           window_start_ms, window_day, has_conflict, concerns, search, state, heard_ms)
        SELECT $1, u.*, $19 FROM unnest($2::UUID[], $3::BIGINT[], $4::BIGINT[], $5::TEXT[], $6::TEXT[], $7::TEXT[],
          $8::TEXT[], $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::BIGINT[], $14::INTEGER[],
          $15::BOOLEAN[], $16::BIGINT[], $17::TEXT[], $18::BYTEA[]) AS u"#;
    SET_ORDERS = r#"UPDATE "order" o SET
          seq = u.seq, ink_seq = u.ink_seq, number = u.number, status = u.status, unit = u.unit,
          resident = u.resident, phone = u.phone, fault = u.fault, work_type = u.work_type,
          technician = u.technician, window_start_ms = u.window_start_ms, window_day = u.window_day,
          has_conflict = u.has_conflict, concerns = u.concerns, search = u.search, state = u.state, heard_ms = $19
        FROM unnest($2::UUID[], $3::BIGINT[], $4::BIGINT[], $5::TEXT[], $6::TEXT[], $7::TEXT[],
          $8::TEXT[], $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::BIGINT[], $14::INTEGER[],
          $15::BOOLEAN[], $16::BIGINT[], $17::TEXT[], $18::BYTEA[]) AS u
          (order_id, seq, ink_seq, number, status, unit, resident, phone, fault, work_type, technician,
           window_start_ms, window_day, has_conflict, concerns, search, state)
        WHERE o.org = $1 AND o.order_id = u.order_id"#;
    /// Grants that go on have something new at their order's seq.
    MOVE_GRANTS = r#"UPDATE "grant" g SET seq = u.seq FROM unnest($2::UUID[], $3::BIGINT[]) AS u (order_id, seq)
        WHERE g.org = $1 AND g.order_id = u.order_id AND g.active"#;
    PUT_GRANTS = r#"INSERT INTO "grant" (org, order_id, person, since, seq, active)
        SELECT $1, u.order_id, u.person, u.seq, u.seq, u.active
        FROM unnest($2::UUID[], $3::TEXT[], $4::BIGINT[], $5::BOOLEAN[]) AS u (order_id, person, seq, active)
        ON CONFLICT (org, order_id, person)
        DO UPDATE SET since = excluded.since, seq = excluded.seq, active = excluded.active"#;
    PUT_INKS = "INSERT INTO ink (org, order_id, digest, seq, bytes)
        SELECT $1, u.* FROM unnest($2::UUID[], $3::BYTEA[], $4::BIGINT[], $5::BYTEA[]) AS u
        ON CONFLICT (org, digest, order_id) DO NOTHING";
    SET_TAIL = "UPDATE device SET n = $3, chain = $4, heard_ms = $5 WHERE org = $1 AND device_id = $2";

    DOCUMENTS_LIKE = "SELECT d.kind, d.key, d.body FROM document d
        JOIN unnest($2::TEXT[], $3::TEXT[]) AS u (kind, key) ON d.kind = u.kind AND d.key = u.key
        WHERE d.org = $1";
    PUT_DOCUMENTS = "INSERT INTO document (org, kind, key, seq, body)
        SELECT $1, u.* FROM unnest($2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::BYTEA[]) AS u
        ON CONFLICT (org, kind, key) DO UPDATE SET seq = excluded.seq, body = excluded.body";
    DOCUMENTS_SINCE = "SELECT kind, key, seq, body FROM document
        WHERE org = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4";
    DOCUMENTS_OF_KIND = "SELECT kind, key, seq, body FROM document
        WHERE org = $1 AND kind = $2 AND length(body) > 0 ORDER BY key";
    DOCUMENTS_SEQ = "SELECT max(seq) FROM document WHERE org = $1 AND kind = ANY ($2)";

    FEED = feed!("g.seq > $3 ORDER BY g.seq LIMIT $4");
    FEED_OF = feed!("g.order_id = ANY ($3)");
    /// Which of some orders there are.
    ORDERS_HERE = r#"SELECT order_id FROM "order" WHERE org = $1 AND order_id = ANY ($2)"#;
    /// The ink of some orders, of each what came after a seq.
    INKS_SINCE = "SELECT i.order_id, i.digest, i.bytes FROM ink i
        JOIN unnest($2::UUID[], $3::BIGINT[]) AS u (order_id, since) ON i.order_id = u.order_id
        WHERE i.org = $1 AND i.seq > u.since ORDER BY i.seq";
    /// A part of the orders ahead of the feed. SQLite puts what has no window first, too.
    FEED_AHEAD = feed!("g.active ORDER BY o.window_start_ms NULLS FIRST");
    /// How far the phone's journal is kept, and how far in a backup.
    ACKED = "SELECT n, safe_n FROM device WHERE org = $1 AND device_id = $2";
    /// Which of the entries the phone takes for parked were folded after all.
    UNPARKED = "SELECT n FROM parked WHERE org = $1 AND device_id = $2 AND n = ANY ($3) AND closed_ms IS NOT NULL";

    LIST = filtered!(
        "SELECT order_id, seq, number, status, unit, resident, phone, fault, work_type, technician,
           window_start_ms, has_conflict, concerns, heard_ms",
        " AND ($7::UUID IS NULL OR order_id < $7) ORDER BY order_id DESC LIMIT $8"
    );
    COUNTS = filtered!("SELECT status, count(*)", " GROUP BY status");
    ORDERS = filtered!(
        "SELECT order_id, seq, state",
        " AND ($7::UUID IS NULL OR order_id < $7) ORDER BY order_id DESC LIMIT $8"
    );
    ORDER = r#"SELECT order_id, seq, state FROM "order" WHERE org = $1 AND order_id = $2"#;
    TIMELINE = "SELECT e.bytes, e.device_id, e.received_ms,
          CASE WHEN p.closed_ms IS NULL THEN e.verdict ELSE 'applied' END, e.number
        FROM entry_log e
        LEFT JOIN parked p ON p.org = e.org AND p.device_id = e.device_id AND p.n = e.n
        WHERE e.org = $1 AND e.order_id = $2 ORDER BY e.pos";
    INK = "SELECT bytes FROM ink WHERE org = $1 AND digest = $2 AND order_id = $3";

    PARKED_COUNT = "SELECT count(*) FROM parked WHERE org = $1 AND closed_ms IS NULL";
    HEARD = "SELECT heard_ms FROM device WHERE org = $1 AND revoked_ms IS NULL";

    DEVICE_BY_TOKEN = device_by!("token_hash");
    DEVICE = device_by!("device_id");
    DEVICES = "SELECT d.device_id, d.person, d.role, d.public_key,
          (d.revoked_ms IS NOT NULL OR EXISTS (SELECT 1 FROM document p
            WHERE p.org = d.org AND p.kind = 'person' AND p.key = d.person AND length(p.body) = 0)),
          d.used_ms, d.app, d.enrolled_ms, d.revoked_ms, d.heard_ms
        FROM device d WHERE d.org = $1 ORDER BY d.enrolled_ms, d.device_id";
    HAS_DEVICE_KEY = "SELECT 1 FROM device WHERE org = $1 AND public_key = $2 LIMIT 1";
    PUT_CODE =
        "INSERT INTO enrol_code (org, code_hash, person, role, expires_ms) VALUES ($1, $2, $3, $4, $5)";
    CODE = "SELECT person, role, used_by FROM enrol_code
        WHERE org = $1 AND code_hash = $2 AND expires_ms > $3";
    USE_CODE = "UPDATE enrol_code SET used_by = $3 WHERE org = $1 AND code_hash = $2";
    DEVICE_OWNER = "SELECT person, role, revoked_ms, used_ms FROM device WHERE org = $1 AND device_id = $2";
    DEVICE_KEY = "SELECT public_key FROM device WHERE org = $1 AND device_id = $2";
    SET_TOKEN = "UPDATE device SET token_hash = $3 WHERE org = $1 AND device_id = $2";
    NEW_DEVICE = "INSERT INTO device
          (org, device_id, person, role, public_key, token_hash, app, chain, enrolled_ms, revoked_ms, used_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    USE_TOKEN = "UPDATE device SET used_ms = $3 WHERE org = $1 AND device_id = $2";
    REVOKE = "UPDATE device SET revoked_ms = $3 WHERE org = $1 AND device_id = $2 AND revoked_ms IS NULL";
    USER = "SELECT role, name, lang, password FROM app_user WHERE org = $1 AND person = $2";
    PUT_USER = "INSERT INTO app_user (org, person, role, name, lang, password) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (org, person) DO UPDATE SET
          role = excluded.role, name = excluded.name, lang = excluded.lang, password = excluded.password";
    END_OLD_SESSIONS = "DELETE FROM session WHERE org = $1 AND expires_ms <= $2";
    PUT_SESSION =
        "INSERT INTO session (org, token_hash, person, csrf, expires_ms) VALUES ($1, $2, $3, $4, $5)";
    SESSION = "SELECT u.role, u.name, u.lang, u.password, u.person, s.csrf FROM session s
        JOIN app_user u ON u.org = s.org AND u.person = s.person
        WHERE s.org = $1 AND s.token_hash = $2 AND s.expires_ms > $3";
    END_SESSION = "DELETE FROM session WHERE org = $1 AND token_hash = $2";
    /// The next place in the list of acts.
    NEXT_ACT = "UPDATE org_clock SET audit_pos = audit_pos + 1 WHERE org = $1 RETURNING audit_pos";
    ACT = "INSERT INTO audit (org, pos, at_ms, who, what) VALUES ($1, $2, $3, $4, $5)";

    COPY_CLOCK = "SELECT org, seq, epoch, next_number FROM org_clock WHERE org = $1";
    COPY_DEVICE = "SELECT org, device_id, person, role, public_key, token_hash, app, n, chain, enrolled_ms, heard_ms,
          revoked_ms, safe_n, used_ms
        FROM device WHERE org = $1 ORDER BY device_id";
    COPY_LOG = "SELECT org, seq, entry_id, order_id, device_id, n, chain, verdict, received_ms, number, bytes, pos
        FROM entry_log WHERE org = $1 AND pos > $2 ORDER BY pos LIMIT $3";
    COPY_ORDER = r#"SELECT org, order_id, seq, ink_seq, number, status, unit, resident, phone, fault, work_type,
          technician, window_start_ms, window_day, has_conflict, concerns, heard_ms, search, state
        FROM "order" WHERE org = $1 AND ($2::UUID IS NULL OR order_id > $2) ORDER BY order_id LIMIT $3"#;
    COPY_INK = "SELECT org, order_id, digest, seq, bytes FROM ink
        WHERE org = $1 AND ($2::UUID IS NULL OR (order_id, digest) > ($2, $3)) ORDER BY order_id, digest LIMIT $4";
    COPY_GRANT = r#"SELECT org, order_id, person, since, seq, active FROM "grant" WHERE org = $1"#;
    COPY_DOCUMENT = "SELECT org, kind, key, seq, body FROM document WHERE org = $1";
    COPY_PARKED =
        "SELECT org, device_id, n, order_id, reason, parked_ms, closed_ms, closed_by FROM parked WHERE org = $1";
    COPY_USER = "SELECT org, person, role, name, lang, password FROM app_user WHERE org = $1";
    COPY_SESSION = "SELECT org, token_hash, person, csrf, expires_ms FROM session WHERE org = $1";
    COPY_CODE = "SELECT org, code_hash, person, role, expires_ms, used_by FROM enrol_code WHERE org = $1";
    COPY_AUDIT = "SELECT org, at_ms, who, what FROM audit WHERE org = $1 ORDER BY pos";
}
