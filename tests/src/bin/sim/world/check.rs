//! What must be true after every step.

use std::collections::BTreeSet;

use doorstep_core::domain::ids::EntryId;
use doorstep_tests::phones::differing;

use super::World;
use crate::disk;
use crate::faults::History;
use crate::store::Store;

impl World {
    pub(super) fn store_ids(&self) -> BTreeSet<EntryId> {
        Store::open(&self.servers.file()).ids()
    }

    /// Every entry that is in a phone's journal or in the log.
    pub(super) fn held(&self) -> BTreeSet<EntryId> {
        let mut held = self.store_ids();
        disk::act_as(0);
        for phone in &self.phones {
            let conn = phone.hand.file();
            let mut find = conn.prepare("SELECT id FROM journal").expect("the journal");
            let rows = find.query_map([], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
            held.extend(rows.filter_map(|id| EntryId::from_slice(&id.ok()?)));
        }
        held
    }

    /// A phone's file after a step: nothing of its journal changed or went (I2, I3), its views are base and pending
    /// folded (I4), its marks did not go back (I12), and nothing left before it was sent (I21).
    pub(super) fn check_phone(&mut self, at: usize) {
        if self.phones[at].is_rotten {
            // The damage may be met at any time.
            let damage = self.phones[at].hand.phone.open_report().damage;
            self.met_damage(at, damage.map(|damage| damage.salvaged));
            return;
        }
        let journal = self.phones[at].journal();
        let seen = std::mem::take(&mut self.phones[at].seen);
        assert!(journal.starts_with(&seen), "the journal of phone {at} lost or changed something (I2, I3)");
        disk::act_as(self.phones[at].process);
        match self.phones[at].hand.phone.verify_views() {
            Ok(wrong) => assert_eq!(wrong, [], "view = fold(base, pending) on phone {at} (I4)"),
            Err(why) => panic!("phone {at} cannot be read: {why:?}"),
        }
        let (marks, left) = self.phones[at].look();
        let before = self.phones[at].marks;
        if marks.epoch == before.epoch {
            assert!(marks.cursor >= before.cursor, "the cursor of phone {at} went back (I12)");
            let may_go_back = self.was_restored;
            assert!(marks.acked >= before.acked || may_go_back, "phone {at}: {before:?}, {marks:?} (I12)");
        }
        if marks.acked < before.acked {
            self.tally.history(History::AckedBack);
        }
        let newly = left.difference(&self.phones[at].left).copied().collect::<Vec<_>>();
        for order in newly {
            let waits = journal.iter().skip(usize::try_from(marks.acked).unwrap_or(0)).any(|entry| {
                doorstep_core::journal::EntryHead::decode(&entry.bytes).is_ok_and(|head| head.order == order)
            });
            assert!(!waits, "{order} left phone {at} before what was recorded about it was sent (I21)");
            self.tally.history(History::Evicted);
        }
        for order in self.orders.clone() {
            if let Ok(detail) = self.phones[at].hand.phone.order(order)
                && detail.is_departing
                && detail.waiting > 0
            {
                self.tally.history(History::Departing);
            }
        }
        let phone = &mut self.phones[at];
        (phone.seen, phone.marks, phone.left) = (journal, marks, left);
    }

    /// At the end of a complete sync nothing waits, and the phone has exactly what the store has for its person (I10).
    pub(super) fn check_complete(&mut self, at: usize) {
        let phone = &self.phones[at];
        let status = phone.hand.phone.status().expect("storage");
        assert_eq!(status.waiting, 0, "nothing waits after a complete sync");
        let (seq, epoch, _) = Store::open(&self.servers.file()).clock();
        let (marks, _) = phone.look();
        if phone.is_revoked
            || phone.is_rotten
            || marks.cursor != seq
            || marks.epoch != epoch
            || self.is_untold
        {
            return;
        }
        disk::act_as(0);
        let scope = doorstep_tests::office::scope(&self.servers.folder, phone.person());
        assert_eq!(differing(&phone.hand.base(), &scope), [], "base of phone {at} is the store's (I10)");
        self.tally.history(History::CompleteUnderFaults);
    }
}
