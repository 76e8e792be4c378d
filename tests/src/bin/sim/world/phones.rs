//! Taps and syncs, and what ends an app: closing, killing, power, full and failing disks.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::phone::{PhoneError, Recorded, Step, SyncReport};
use doorstep_tests::dice::Dice;

use super::{World, is_expected};
use crate::disk::{self, Strike};
use crate::faults::{Fault, History};

impl World {
    /// A tap: something nobody else wrote, or a step of a walk.
    pub(super) fn tap(&mut self, at: usize) -> Result<Option<Recorded>, PhoneError> {
        let Some(order) = self.dice.pick(&self.orders).copied() else { return Ok(None) };
        let phone = self.phones[at].hand.phone.clone();
        let mut dice = Dice(self.dice.roll());
        self.words += 1;
        let typed = match dice.below(10) {
            0..3 => Some(Command::AddNote { text: format!("word {}", self.words) }),
            3..5 => {
                let field = if dice.one_in(2) { SharedField::Phone } else { SharedField::Access };
                Some(Command::EditField { field, to: format!("1390000{:04}", self.words) })
            }
            _ => None,
        };
        let Some(command) = typed else { return self.phones[at].hand.steps(order, &mut dice) };
        if phone.order(order).is_err() {
            return self.phones[at].hand.steps(order, &mut dice);
        }
        match phone.record(order, command) {
            Ok(recorded) => Ok(Some(recorded)),
            Err(PhoneError::Refused(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Writes down what a phone said was saved: from now on it must be somewhere.
    pub(super) fn enter(&mut self, at: usize, recorded: &Recorded) {
        let written = self.phones[at].written();
        let found = written.iter().find(|entry| entry.id == recorded.entry);
        let entry = found.unwrap_or_else(|| panic!("phone {at} said it saved {} (I1)", recorded.entry));
        let decoded = doorstep_core::journal::Entry::decode(&entry.bytes).expect("an entry of its own");
        if !decoded.inks.is_empty() {
            self.tally.history(History::Signed);
        }
        self.book.saved(recorded.entry, decoded.order, entry.bytes.clone(), at);
    }

    /// A tap with nothing wrong: it passes, or a rule says no.
    pub(super) fn tap_well(&mut self, at: usize) -> String {
        match self.tap(at) {
            Ok(Some(recorded)) => {
                self.enter(at, &recorded);
                format!("saved {} of {:?}", recorded.entry, recorded.n)
            }
            Ok(None) => "no tap".to_owned(),
            Err(why) => {
                let is_known = is_expected(&why) || self.is_known_trouble(at, &why);
                assert!(is_known, "a tap on phone {at}: {why:?}");
                format!("tap: {why}")
            }
        }
    }

    /// Whether a phone has a reason to say this: it is a phone whose enrolment or file somebody destroyed.
    pub(super) fn is_known_trouble(&self, at: usize, why: &PhoneError) -> bool {
        let phone = &self.phones[at];
        match why {
            // A copy of a phone that was revoked, or that took a new name, learns of it by itself.
            PhoneError::SignInAgain => phone.is_revoked || self.was_restored || self.was_revoked,
            PhoneError::NotEnrolled => phone.hand.phone.open_report().damage.is_some(),
            PhoneError::StorageDamaged(_) => phone.is_rotten,
            _ => false,
        }
    }

    /// Syncs over a good line.
    pub(super) fn sync(&mut self, at: usize) -> Result<SyncReport, PhoneError> {
        let mut machine = self.phones[at].hand.phone.sync_machine();
        loop {
            match machine.next()? {
                Step::Request(request) => {
                    let answer = self.serve(at, &request);
                    if !self.is_healing && self.dice.one_in(4) {
                        self.tap_meanwhile(at);
                    }
                    machine.answer(answer)?;
                }
                Step::Done(report) => return Ok(report),
            }
        }
    }

    /// Somebody taps while the phone waits for an answer.
    fn tap_meanwhile(&mut self, at: usize) {
        if let Ok(Some(recorded)) = self.tap(at) {
            self.enter(at, &recorded);
            self.tally.history(History::MidSync);
        }
    }

    pub(super) fn sync_well(&mut self, at: usize) -> String {
        let waiting = self.phones[at].waiting();
        if waiting >= 12 {
            self.tally.history(History::ManyWaiting);
        }
        let done = self.sync(at);
        self.take_sync(at, done)
    }

    /// What came of a sync: it is complete and right, or there is a reason.
    pub(super) fn take_sync(&mut self, at: usize, done: Result<SyncReport, PhoneError>) -> String {
        match done {
            Ok(report) => {
                assert!(!report.more, "a sync that is done leaves nothing");
                self.check_complete(at);
                format!("synced {} sent, {} changed", report.entries_sent, report.orders_changed)
            }
            Err(why) => {
                let is_known = is_expected(&why) || self.is_known_trouble(at, &why);
                assert!(is_known, "a sync of phone {at}: {why:?}");
                format!("sync: {why}")
            }
        }
    }

    pub(super) fn app_ends(&mut self, at: usize, fault: Fault) -> String {
        if fault == Fault::AppKilledMidSync {
            let mut machine = self.phones[at].hand.phone.sync_machine();
            let Ok(Step::Request(request)) = machine.next() else { return "nothing to ask".to_owned() };
            if self.dice.one_in(2) {
                let _ = self.serve(at, &request);
            }
            drop(machine);
            let image = disk::image_of(&self.phones[at].folder);
            self.phones[at].crash(&image).expect("the app again");
        } else {
            if fault == Fault::AppUpdated {
                self.phones[at].version += 1;
            }
            self.phones[at].close();
            self.start(at);
        }
        self.tally.fault(fault);
        "again".to_owned()
    }

    /// The app begins; a file somebody damaged is replaced.
    pub(super) fn start(&mut self, at: usize) {
        self.phones[at].start().expect("the app again");
        let report = self.phones[at].hand.phone.open_report();
        self.met_damage(at, report.damage.map(|damage| damage.salvaged));
    }

    /// Something strikes in the middle of a tap or a sync.
    pub(super) fn strike(&mut self, at: usize, fault: Fault) -> String {
        let strike = match fault {
            Fault::AppKilled => Strike::Kill,
            Fault::PowerCut => Strike::PowerCut,
            Fault::TornWrite => Strike::Torn,
            Fault::BadRead => Strike::BadRead,
            Fault::BadWrite => Strike::BadWrite,
            Fault::BadSync => Strike::BadSync,
            _ => Strike::Full,
        };
        let after = match strike {
            Strike::BadSync => 0,
            Strike::BadRead => self.dice.below(3) as u32,
            _ => self.dice.below(10) as u32,
        };
        let (process, folder) = (self.phones[at].process, self.phones[at].folder.clone());
        let dice = Dice(self.dice.roll());
        disk::arm(process, strike, after, dice, &folder);
        // Taps in the app as it is, or in one that begins and so reads its file; or a sync.
        let way = self.dice.below(3);
        if way == 2 && strike == Strike::BadRead {
            self.phones[at].close();
            if self.phones[at].start().is_err() {
                disk::disarm();
                self.tally.fault(fault);
                self.start(at);
                return "could not be opened once".to_owned();
            }
        }
        let mut told = Vec::new();
        let mut trouble = None;
        if way == 0 {
            match self.sync(at) {
                Ok(_) => {}
                Err(why) => trouble = Some(why),
            }
        } else {
            for _ in 0..3 {
                match self.tap(at) {
                    Ok(Some(recorded)) => told.push(recorded),
                    Ok(None) => {}
                    Err(why) => {
                        trouble = Some(why);
                        break;
                    }
                }
            }
        }
        let Some((struck, image)) = disk::disarm() else {
            told.iter().for_each(|recorded| self.enter(at, recorded));
            if let Some(why) = &trouble {
                assert!(is_expected(why) || self.is_known_trouble(at, why), "phone {at}: {why:?}");
            }
            return "it did not come to it".to_owned();
        };
        self.tally.fault(fault);
        match struck {
            Strike::Kill | Strike::PowerCut | Strike::Torn => {
                let waiting = !told.is_empty();
                self.phones[at]
                    .crash(&image)
                    .unwrap_or_else(|why| panic!("phone {at} after {struck:?}: {why:?}"));
                let report = self.phones[at].hand.phone.open_report();
                assert_eq!(report.damage, None, "{struck:?} damages nothing (I1)");
                let saved = if waiting { History::SavedThenKilled } else { History::NotSavedThenKilled };
                self.tally.history(saved);
            }
            Strike::Full | Strike::BadRead | Strike::BadWrite | Strike::BadSync => {
                if let Some(why) = &trouble {
                    let is_said = matches!(why, PhoneError::StorageFull | PhoneError::Storage(_));
                    let is_known = is_said || is_expected(why) || self.is_known_trouble(at, why);
                    assert!(is_known, "{struck:?} on phone {at}: {why:?}");
                }
                if self.phones[at].hand.phone.status().is_err() {
                    self.phones[at].close();
                    self.start(at);
                }
            }
        }
        for recorded in &told {
            self.enter(at, recorded);
        }
        // What was committed and not told is the phone's all the same.
        self.adopt(at);
        format!("{struck:?} after {} saved, {trouble:?}", told.len())
    }

    /// What is in a journal and was never told as saved is owed like everything else.
    pub(super) fn adopt(&mut self, at: usize) {
        for entry in self.phones[at].written() {
            if let Ok(head) = doorstep_core::journal::EntryHead::decode(&entry.bytes) {
                self.book.saved(entry.id, head.order, entry.bytes, at);
            }
        }
    }

    pub(super) fn clock_jumps(&mut self, at: usize, fault: Fault) -> String {
        const YEAR_MS: i64 = 365 * 24 * 60 * 60_000;
        let years = 1 + self.dice.below(30) as i64;
        self.phones[at].off_ms = match fault {
            Fault::ClockYearsAhead => years * YEAR_MS,
            Fault::ClockYearsBack => -years * YEAR_MS,
            _ => self.phones[at].off_ms - 1000 * (1 + self.dice.below(100_000) as i64),
        };
        self.tally.fault(fault);
        let first = self.tap_well(at);
        self.phones[at].set_time(self.now_ms);
        format!("{first}; {}", self.tap_well(at))
    }
}
