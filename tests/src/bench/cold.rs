//! Opening the app in the morning: ten thousand orders stored, today's first fifty shown.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use doorstep_core::phone::{PAGE_LIMIT, Page, Phone};
use rusqlite::{Connection, OpenFlags};

use super::bulk::pushed;
use super::load::Load;
use super::{Figure, timed};
use crate::phones::{HeldClock, config};
use crate::text;

const TIMES: usize = 30;

/// `cold_open`: open and list. Floor: bare SQLite opens the same file and runs the same select. And `cold_open_disk`: the
/// same with nothing of the file in the system's cache.
pub fn run(load: &Arc<Load>, wanted: &dyn Fn(&str) -> bool) {
    let folder = tempfile::tempdir().expect("a folder");
    pushed(load, folder.path());
    let file = folder.path().join("pushing.db");
    for (name, forget) in [("cold_open", false), ("cold_open_disk", true)] {
        if !wanted(name) {
            continue;
        }
        let (mut value, mut floor) = (Vec::new(), Vec::new());
        for time in 0..=TIMES {
            let a = with(&file, forget, ours);
            let b = with(&file, forget, bare);
            if time > 0 {
                value.push(a);
                floor.push(b);
            }
        }
        Figure::timed(name, &mut value, &mut floor).print();
    }
}

fn with(file: &Path, forget: bool, work: impl Fn(&Path)) -> f64 {
    if forget {
        let dd = Command::new("dd")
            .arg(format!("if={}", file.display()))
            .args(["iflag=nocache", "count=0"])
            .stderr(Stdio::null())
            .status();
        assert!(dd.expect("dd").success(), "the system forgets the file");
    }
    timed(|| work(file)).1
}

fn ours(file: &Path) {
    let clock = HeldClock::at(text::at("2026-11-25T08:00"));
    let phone = Phone::open(config(file, &clock)).expect("a phone");
    let cards = phone.today(text::window().start.date(), Page::default()).expect("today").orders;
    assert_eq!(cards.len(), PAGE_LIMIT as usize);
}

fn bare(file: &Path) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags).expect("the file");
    conn.pragma_update(None, "synchronous", "FULL").expect("full");
    let sql = "SELECT id, order_id, last_n, gone, start_ms, start_offset, end_ms, end_offset, status, conflict, number,
        technician, unit, resident, fault, work_type FROM view_order WHERE agenda = 0 ORDER BY start_ms LIMIT 50";
    let mut find = conn.prepare(sql).expect("a select");
    let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(Vec<u8>, String, String, String)> {
        Ok((row.get(1)?, row.get(12)?, row.get(13)?, row.get(14)?))
    };
    let rows: Vec<_> = find.query_map([], read).expect("rows").collect();
    assert_eq!(rows.len(), 50);
}
