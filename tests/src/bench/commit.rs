//! One tap: decided, journaled, shown and on the disk.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::visit::ItemValue;

use super::{Figure, floor, median, round, timed};
use crate::office::{CHAN, Office};
use crate::phones::{Handset, line};
use crate::play::{self, Hand as _};
use crate::text;

const TAPS: usize = 200;

/// `commit_p50`: a checklist answer on an order under way. Floor: one bare insert of an entry's size, same pragmas.
pub fn run() -> Figure {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::emerald_lake();
    let phone = Handset::open(&folder.path().join("phone.db"), CHAN, Arc::new(line()));
    phone.phone.enrol(&line(), &office.qr(CHAN)).expect("an enrolment");
    phone.heal();
    let id = phone.phone.new_order_id();
    phone.clock.set(text::at("2026-11-25T08:30"));
    phone.does(id, Command::Register(text::intake(1)));
    play::arrive(&phone, id);
    play::look(&phone, id);
    let tap = || Command::AnswerItem {
        item: "symptom_asked".into(),
        value: ItemValue::Done,
        remark: "住戶說昨晚開始滴水，今早變大".to_owned(),
    };
    phone.does(id, tap());
    let entry = phone.journal().pop().expect("an entry").bytes;

    let bare = floor::open(&folder.path().join("floor.db"));
    let mut probe = File::create(folder.path().join("probe")).expect("a file");
    let page = vec![7_u8; 4096];
    let (mut value, mut least, mut fsync) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..TAPS + 20 {
        let tap = tap();
        let a = timed(|| phone.phone.record(id, tap).expect("a tap")).1;
        let b = timed(|| {
            let mut insert = bare.prepare_cached("INSERT INTO item (body) VALUES (?1)").expect("an insert");
            insert.execute([&entry]).expect("a row");
        });
        let c = timed(|| {
            probe.write_all(&page).expect("a write");
            probe.sync_data().expect("synced");
        });
        // The first are not counted: statements are prepared, files grow.
        if round >= 20 {
            value.push(a);
            least.push(b.1);
            fsync.push(c.1);
        }
    }
    let probe = round(median(&mut fsync));
    Figure { fsync_probe_ms: Some(probe), ..Figure::timed("commit_p50", &mut value, &mut least) }
}
