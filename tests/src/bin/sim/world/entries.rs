//! Entries no phone makes, and files that rot.

use std::path::Path;

use rusqlite::Connection;

use super::World;
use crate::disk;
use crate::faults::{Fault, History};

impl World {
    pub(super) fn odd_entry(&mut self, fault: Fault) -> String {
        let Some(node) = self.a_node() else { return "none runs".to_owned() };
        let Some(order) = self.dice.pick(&self.orders[..3]).copied() else { return "no order".to_owned() };
        self.words += 1;
        self.odd.makes(fault, order, self.now_ms, self.words);
        let done = self.odd.sync(&self.servers, node);
        if self.odd.is_done() {
            self.tally.fault(fault);
        }
        done
    }

    /// A bit flips in an entry that lies in a phone's file, or a page of it becomes unreadable, while the app is closed.
    pub(super) fn file_rots(&mut self, at: usize, fault: Fault) -> String {
        if self.phones[at].is_rotten || self.phones[at].marks.n == 0 {
            return "not this one".to_owned();
        }
        let lost = self.book.missing(&self.held());
        assert_eq!(lost, [], "entries are in no journal and not in the log (I3, I7)");
        let acked = self.phones[at].look().0.acked;
        self.phones[at].close();
        let path = self.phones[at].hand.path.clone();
        let hit = if fault == Fault::FlippedBit {
            let journal = self.phones[at].seen.clone();
            let unsent: Vec<_> = journal.iter().filter(|entry| entry.n > acked).collect();
            let among =
                if unsent.is_empty() || self.dice.one_in(4) { journal.iter().collect() } else { unsent };
            let entry = self.dice.pick(&among).copied().cloned();
            entry.filter(|entry| flip(&path, &entry.bytes, self.dice.below(200))).map(|entry| entry.id)
        } else {
            break_page(&path, self.dice.below(3));
            None
        };
        if fault == Fault::FlippedBit && hit.is_none() {
            self.start(at);
            return "no place found".to_owned();
        }
        self.tally.fault(fault);
        self.phones[at].is_rotten = true;
        let believed = self.phones[at].seen.iter().filter(|entry| entry.n <= acked);
        self.phones[at].acked = believed.map(|entry| entry.id).collect();
        hit.into_iter().for_each(|id| self.book.changed(id));
        self.start(at);
        // Reading shows what opening did not.
        let shown = self.phones[at].hand.phone.verify_views();
        if self.phones[at].is_rotten {
            let report = self.phones[at].hand.phone.open_report();
            self.met_damage(at, report.damage.map(|damage| damage.salvaged));
        }
        let salvaged = self.phones[at].hand.phone.open_report().damage.map(|damage| damage.salvaged);
        format!("{hit:?}: {salvaged:?} salvaged, {:?}; {}", shown.map(|wrong| wrong.len()), self.tap_well(at))
    }

    /// The phone met the damage and began a fresh file.
    pub(super) fn met_damage(&mut self, at: usize, salvaged: Option<u64>) {
        if !self.phones[at].is_rotten {
            assert_eq!(salvaged, None, "phone {at} finds damage where there is none");
            return;
        }
        let Some(salvaged) = salvaged else { return };
        self.tally.history(History::Damage);
        if salvaged > 0 {
            self.tally.history(History::Salvaged);
        }
        // Acknowledged, then lost by a store that was put back, and now by the phone: nobody has it.
        let mut lost = self.book.missing(&self.held());
        lost.retain(|id| self.phones[at].acked.contains(id));
        self.book.excuse(&lost, "the store was put back and the phone's file damaged");
        let phone = &mut self.phones[at];
        phone.is_rotten = false;
        phone.seen.clear();
        (phone.marks, phone.left) = phone.look();
    }
}

/// Flips a bit of an entry where it lies in the file. False when it cannot be found in one piece.
fn flip(path: &Path, entry: &[u8], at: usize) -> bool {
    const WINDOW: usize = 24;
    if entry.len() < 2 * WINDOW {
        return false;
    }
    let begin = at % (entry.len() - WINDOW);
    let Some(wanted) = entry.get(begin..begin + WINDOW) else { return false };
    let mut file = std::fs::read(path).expect("a file");
    let places: Vec<usize> =
        file.windows(WINDOW).enumerate().filter(|(_, window)| *window == wanted).map(|(at, _)| at).collect();
    if places.len() != 1 {
        return false;
    }
    for place in places {
        file[place + WINDOW / 2] ^= 1;
    }
    std::fs::write(path, file).expect("room");
    true
}

/// Makes the first page of a table unreadable.
fn break_page(path: &Path, which: usize) {
    disk::act_as(0);
    let table = ["view_order", "state", "base"][which];
    let conn = Connection::open(path).expect("the file");
    let find = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    let page = find(&format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"));
    let size = find("PRAGMA page_size");
    drop(conn);
    let (page, size) = (page.unsigned_abs() as usize, size.unsigned_abs() as usize);
    let mut file = std::fs::read(path).expect("a file");
    file[(page - 1) * size..(page - 1) * size + 64].fill(0xee);
    std::fs::write(path, file).expect("room");
}
