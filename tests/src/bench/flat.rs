//! What a sync costs when the firm has a thousand orders, and when it has a million.

use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::intake::SharedField;
use rusqlite::{Connection, params};

use super::load::{copy_folder, this_program};
use super::process::Served;
use super::{Figure, ROUNDS, median, round, timed};
use crate::office::{CHAN, LEUNG, Office, furnish};
use crate::phones::{Handset, line};
use crate::play::Hand as _;
use crate::text;

/// Orders on the phones that are measured.
const OWN: usize = 1_000;
/// Orders of colleagues beside them in the larger firm.
const OTHERS: usize = 999_000;
/// Orders changed in a sync that is measured, and in one of ten times as much.
const FEW: usize = 20;
const MANY: usize = 200;

/// A firm's server and two phones of one technician with everything on them.
struct Firm {
    _folder: tempfile::TempDir,
    _served: Served,
    one: Handset,
    other: Handset,
    turn: u32,
}

impl Firm {
    /// Opens a firm that was made; `grow` is shown the server's database before it runs.
    fn open(made: &Path, addr: std::net::SocketAddr, grow: impl FnOnce(&Connection)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("server");
        copy_folder(&made.join("server"), &data);
        let file = data.join(doorstep_server::storage::sqlite::FILE);
        grow(&Connection::open(file).expect("the server's database"));
        let served = Served::start(&this_program(), "--serve", &data, Some(addr));
        let phone = |name: &str| {
            let path = folder.path().join(name);
            super::load::copy(&made.join(name), &path);
            let phone = Handset::open(&path, CHAN, Arc::new(line()));
            phone.heal();
            phone
        };
        let (one, other) = (phone("one.db"), phone("other.db"));
        Self { one, other, _folder: folder, _served: served, turn: 0 }
    }

    /// How long it takes to push `count` changed orders, and a colleague's phone to pull them, in milliseconds.
    fn exchange(&mut self, ids: &[OrderId], count: usize) -> f64 {
        self.turn += 1;
        let from = self.turn as usize * 37;
        for at in 0..count {
            let to = format!("139{:04}{at:04}", self.turn);
            let id = ids[(from + at) % ids.len()];
            self.one.does(id, Command::EditField { field: SharedField::Phone, to });
        }
        let push = timed(|| self.one.sync().expect("a push")).1;
        let (report, pull) = timed(|| self.other.sync().expect("a pull"));
        assert_eq!(report.orders_changed as usize, count);
        push + pull
    }
}

/// `flat_1k_1m`: pushing twenty changed orders and pulling them on another phone while the firm has a million orders, in
/// milliseconds. Floor: the same while it has the thousand alone. And `linear_200`: ten times the change, floor the same
/// small one.
pub fn run() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("server");
    furnish(&data);
    let mut office = Office::open(&data);
    let phone = |name: &str| {
        let phone = Handset::open(&folder.path().join(name), CHAN, Arc::new(line()));
        phone.phone.enrol(&line(), &office.qr(CHAN)).expect("an enrolment");
        phone
    };
    let (one, other) = (phone("one.db"), phone("other.db"));
    let mut ids = Vec::with_capacity(OWN);
    for number in 0..OWN {
        let id = one.phone.new_order_id();
        one.does(id, Command::Register(text::intake(number)));
        ids.push(id);
    }
    one.heal();
    other.heal();
    one.phone.close();
    other.phone.close();
    office.stop();

    // One after the other on one address, which the phones remember: as many rounds each.
    let rounds = |grow: &dyn Fn(&Connection)| {
        let mut firm = Firm::open(folder.path(), office.addr, grow);
        let (mut few, mut many) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS * 5 {
            let (a, b) = (firm.exchange(&ids, FEW), firm.exchange(&ids, MANY));
            if round > 0 {
                few.push(a);
                many.push(b);
            }
        }
        (median(&mut few), median(&mut many))
    };
    let small = rounds(&|_| {});
    let large = rounds(&grow);
    let again = rounds(&|_| {});
    let (few, many) = (f64::midpoint(small.0, again.0), f64::midpoint(small.1, again.1));
    let figure = |name, value: f64, floor: f64| Figure {
        name,
        value: round(value),
        unit: "ms",
        floor: Some(round(floor)),
        ratio: Some(round(value / floor)),
        rounds: ROUNDS * 5 - 1,
        ..Figure::default()
    };
    vec![figure("flat_1k_1m", large.0, few), figure("linear_200", many, few)]
}

/// Gives the firm the orders of colleagues: rows as the server writes them, with ids, numbers and seqs of their own.
fn grow(conn: &Connection) {
    let org = "emerald-lake";
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000").expect("a setting");
    let (seq, next): (i64, i64) = conn
        .query_row("SELECT seq, next_number FROM org_clock WHERE org = ?1", [org], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("the clock");
    let tx = conn.unchecked_transaction().expect("a transaction");
    tx.execute_batch(
        r#"CREATE TEMP TABLE own AS SELECT row_number() OVER (ORDER BY order_id) - 1 AS at, * FROM "order";
           CREATE UNIQUE INDEX temp.own_at ON own (at);
           CREATE TEMP TABLE other (at INTEGER PRIMARY KEY, id BLOB NOT NULL);"#,
    )
    .expect("temporary tables");
    let others = i64::try_from(OTHERS).expect("a number");
    tx.execute(
        "WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < ?1)
         INSERT INTO other SELECT at, randomblob(16) FROM n",
        [others],
    )
    .expect("ids");
    tx.execute(
        r#"INSERT INTO "order" (org, order_id, seq, number, status, unit, resident, phone, fault, work_type,
             technician, heard_ms, search, state)
           SELECT ?1, other.id, ?2 + other.at, 'M-' || (?3 + other.at), own.status, own.unit, own.resident, own.phone,
             own.fault, own.work_type, ?4, own.heard_ms, own.search, own.state
           FROM other JOIN own ON own.at = other.at % (SELECT count(*) FROM own)"#,
        params![org, seq, next, LEUNG],
    )
    .expect("orders");
    tx.execute(
        r#"INSERT INTO "grant" (org, order_id, person, since, seq, active)
           SELECT ?1, id, ?3, ?2 + at, ?2 + at, 1 FROM other"#,
        params![org, seq, LEUNG],
    )
    .expect("grants");
    tx.execute(
        "INSERT INTO entry_log (org, seq, entry_id, order_id, device_id, n, chain, verdict, received_ms, bytes)
         SELECT ?1, ?2 + other.at, randomblob(16), other.id, NULL, 0, NULL, 'applied', 0, zeroblob(1500) FROM other",
        params![org, seq],
    )
    .expect("entries");
    tx.execute(
        "UPDATE org_clock SET seq = seq + ?2, next_number = next_number + ?2 WHERE org = ?1",
        params![org, others],
    )
    .expect("the clock");
    tx.commit().expect("a commit");
    let _: i64 =
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).expect("written back");
    let total: i64 =
        conn.query_row(r#"SELECT count(*) FROM "order""#, [], |row| row.get(0)).expect("a count");
    eprintln!("flat: {total} orders on the server");
}
