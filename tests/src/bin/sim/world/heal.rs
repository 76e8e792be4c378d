//! Everything heals, and within three rounds everybody has everything (I26).

use std::collections::BTreeSet;

use doorstep_core::domain::ids::OrderId;
use doorstep_core::phone::{PhoneError, SendPlan};
use doorstep_tests::phones::differing;

use super::{Straight, World};
use crate::disk;
use crate::faults::History;
use crate::store::Store;

const ROUNDS: usize = 3;

impl World {
    /// Faults end, people do what only they can, and everybody syncs.
    pub(crate) fn heal(&mut self) {
        self.is_healing = true;
        disk::disarm();
        self.servers.gate.disarm();
        self.servers.start_all();
        if self.is_untold {
            self.tell_restored();
        }
        for at in 0..self.phones.len() {
            self.sign_in_where_needed(at);
        }
        for round in 0..ROUNDS {
            for at in 0..self.phones.len() {
                self.passes(1000);
                let done = self.sync(at);
                let done = match done {
                    // What lay in the file was changed, and shows now.
                    Err(PhoneError::StorageDamaged(_)) if self.phones[at].is_rotten => {
                        self.check_phone(at);
                        self.sign_in_where_needed(at);
                        self.sync(at)
                    }
                    // Only now the phone hears that the restored store does not know it.
                    Err(PhoneError::SignInAgain | PhoneError::NotEnrolled) if round == 0 => {
                        self.sign_in_where_needed(at);
                        self.sync(at)
                    }
                    other => other,
                };
                let report = done.unwrap_or_else(|why| panic!("round {round}, phone {at}: {why:?} (I26)"));
                assert!(!report.more);
                self.trace.line(format!("heal {round} phone {at}: {report:?}"));
                self.check_phone(at);
            }
            self.odd.sync(&self.servers, 0);
        }
        self.photos_arrive();
        self.settle();
    }

    fn sign_in_where_needed(&mut self, at: usize) {
        let status = self.phones[at].hand.phone.status().expect("storage");
        let is_lost = self.phones[at].device().is_none();
        let is_unknown = match self.phones[at].device() {
            Some(device) => !Store::open(&self.servers.file()).devices().contains_key(&device),
            None => true,
        };
        if status.must_sign_in || is_lost || self.phones[at].is_revoked || is_unknown {
            self.enrol(at).unwrap_or_else(|why| panic!("phone {at} enrols again: {why:?}"));
            self.tally.history(History::SignedIn);
        }
    }

    fn photos_arrive(&mut self) {
        let wifi = SendPlan { is_wifi: true, now: true };
        for at in 0..self.phones.len() {
            let phone = self.phones[at].hand.phone.clone();
            let report = phone.send_photos(&Straight(&self.servers, at % 3), wifi).expect("photos are sent");
            self.tally.histories(History::Photo, usize::try_from(report.verified).unwrap_or(0));
            let counts = phone.photo_counts().expect("storage");
            assert_eq!(counts.waiting, 0, "no photo waits on phone {at} (I5): {counts:?}");
        }
    }

    /// The whole oracle, when everything is quiet.
    fn settle(&mut self) {
        let lost = self.book.missing(&self.held());
        assert_eq!(lost, [], "entries are in no journal and not in the log (I3, I7)");
        let store = Store::open(&self.servers.file());
        self.book.holds(&store);
        self.book.settle(&store);
        self.equal();
        self.journals_arrived(&store);
        self.odd_ones(&store);
        self.apart(&store);
        self.inks(&store);
        let wrong = self.servers.wrong();
        assert_eq!(wrong, [], "the store is what its log says (I7, I17)");
        let (seq, epoch, next) = store.clock();
        self.trace.line(format!("in the end seq {seq}, epoch {epoch}, number {next}"));
        let log = store.log().into_iter().map(|line| line.bytes).collect::<Vec<_>>().concat();
        self.trace.line(format!("log {}", doorstep_core::domain::ids::Digest::of(&log)));
    }

    /// Every phone has what the store has for its person, and phones of one person have the same (I10, I16).
    fn equal(&mut self) {
        for at in 0..self.phones.len() {
            disk::act_as(0);
            let scope = doorstep_tests::office::scope(&self.servers.folder, self.phones[at].person());
            let base = self.phones[at].hand.base();
            assert_eq!(differing(&base, &scope), [], "base of phone {at} is the store's (I10)");
            for other in 0..at {
                if self.phones[other].person() == self.phones[at].person() {
                    self.tally.history(History::TwoPhones);
                    let theirs = self.phones[other].hand.base();
                    assert_eq!(differing(&base, &theirs), [], "phones {other} and {at} have the same (I16)");
                }
            }
        }
    }

    /// What is in the journals is in the log, whoever was told what about it (I7).
    fn journals_arrived(&mut self, store: &Store) {
        let ids = store.ids();
        for (at, phone) in self.phones.iter().enumerate() {
            if phone.is_rotten {
                continue;
            }
            for entry in phone.journal() {
                assert!(
                    ids.contains(&entry.id)
                        || self.book.saved.get(&entry.id).is_some_and(|saved| saved.is_changed),
                    "entry {} of phone {at}'s journal is not in the log (I7)",
                    entry.id
                );
            }
        }
    }

    /// Odd entries are kept byte for byte, apart and for the right reason; good ones behind them had their effect (I27).
    fn odd_ones(&mut self, store: &Store) {
        assert!(self.odd.is_done(), "everything odd was taken too (I26)");
        let log: Vec<_> =
            store.log().into_iter().filter(|line| line.device == Some(self.odd.device)).collect();
        assert_eq!(log.len(), self.odd.journal.len(), "the log has every odd entry");
        for (line, (bytes, verdict)) in log.iter().zip(&self.odd.journal) {
            assert_eq!(&line.bytes, bytes, "kept byte for byte");
            if verdict.is_empty() {
                let is_known = ["applied", "conflicted", "parked:not_yours"].contains(&line.verdict.as_str());
                assert!(is_known, "{} (I27)", line.verdict);
            } else {
                assert_eq!(&line.verdict, verdict, "(I29)");
            }
        }
    }

    /// What was kept apart for want of access and could be judged since was judged (I22).
    fn apart(&mut self, store: &Store) {
        let (grants, devices) = (store.grants(), store.devices());
        for apart in store.parked() {
            if apart.is_closed {
                self.tally.history(History::Unparked);
                continue;
            }
            let is_odd = apart.device == self.odd.device;
            let (Some(order), Some(person)) = (apart.order, devices.get(&apart.device)) else { continue };
            let has_grant = grants.contains_key(&(order, person.clone()));
            let is_waiting = apart.reason == "parked:not_yours" && has_grant && !is_odd;
            assert!(!is_waiting, "{apart:?} could be judged (I22)");
        }
        let concerns = store.orders().values().map(|order| order.concerns.len()).sum();
        self.tally.histories(History::Flagged, concerns);
        let beside = store.orders().values().flat_map(|o| o.shared.values()).map(|s| s.conflicts.len()).sum();
        self.tally.histories(History::Kept, beside);
    }

    /// Strokes and thumbnails are the same bytes wherever the order is (I17).
    fn inks(&mut self, store: &Store) {
        let known = store.inks();
        for (at, phone) in self.phones.iter().enumerate() {
            disk::act_as(0);
            let scope: BTreeSet<OrderId> = phone.hand.base().into_keys().collect();
            let conn = phone.hand.file();
            let mut find = conn.prepare("SELECT order_id, bytes FROM ink").expect("ink");
            let rows = find.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)));
            let held: BTreeSet<(OrderId, Vec<u8>)> = rows
                .expect("rows")
                .map(|row| row.expect("a row"))
                .map(|(id, bytes)| (OrderId::from_slice(&id).expect("an id"), bytes))
                .filter(|(id, _)| scope.contains(id))
                .collect();
            let wanted = known.iter().filter(|(id, _)| scope.contains(id));
            for ink in wanted {
                assert!(held.contains(ink), "phone {at} lacks strokes of {} (I17)", ink.0);
            }
        }
    }
}
