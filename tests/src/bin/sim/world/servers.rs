//! What becomes of the servers: stopped, killed, without power, on full or failing disks, lost and restored.

use doorstep_tests::dice::Dice;

use super::World;
use crate::disk::{self, Strike};
use crate::faults::{Fault, History};
use crate::servers::{Held, Servers};
use crate::store::Store;

impl World {
    pub(super) fn servers_fail(&mut self, at: usize, fault: Fault) -> String {
        match fault {
            Fault::ServerRestarted => {
                let Some(node) = self.a_node() else { return "none runs".to_owned() };
                self.servers.stop(node);
                self.servers.start(node);
                self.tally.fault(fault);
                format!("process {node}")
            }
            Fault::ServerRestored => {
                self.restore_store();
                self.tally.fault(fault);
                "the newest backup".to_owned()
            }
            Fault::ServerRestoredUntold => {
                if self.is_untold {
                    self.tell_restored();
                    return "now it is said".to_owned();
                }
                let Some(image) = self.store_copy.clone() else { return "no copy".to_owned() };
                self.destroys("the store was put back", |world| world.servers.crash_into(&image));
                self.book.restored(&Store::open(&self.servers.file()));
                (self.is_untold, self.was_restored) = (true, true);
                self.tally.fault(fault);
                "a copy by hand".to_owned()
            }
            _ => self.server_struck(at, fault),
        }
    }

    /// The machine is lost and the newest backup put back, in another epoch.
    pub(super) fn restore_store(&mut self) {
        self.destroys("the store was put back", |world| world.servers.lose_and_restore());
        self.book.restored(&Store::open(&self.servers.file()));
        (self.is_untold, self.was_restored) = (false, true);
    }

    pub(super) fn tell_restored(&mut self) {
        self.servers.tell_restored(0);
        self.is_untold = false;
    }

    /// Something strikes a server in the middle of a phone's sync.
    fn server_struck(&mut self, at: usize, fault: Fault) -> String {
        let strike = match fault {
            Fault::ServerKilled => Strike::Kill,
            Fault::ServerPowerCut if self.dice.one_in(2) => Strike::Torn,
            Fault::ServerPowerCut => Strike::PowerCut,
            Fault::ServerDiskFull => Strike::Full,
            _ => *self.dice.pick(&[Strike::BadRead, Strike::BadWrite, Strike::BadSync]).expect("one"),
        };
        // Something to push, so that there is something to write.
        let tapped = self.tap_well(at);
        let Some(node) = self.a_node() else { return "none runs".to_owned() };
        let after = if strike == Strike::BadSync { 0 } else { self.dice.below(6) as u32 };
        let mut machine = self.phones[at].hand.phone.sync_machine();
        let Ok(doorstep_core::phone::Step::Request(request)) = machine.next() else { return tapped };
        let (dice, folder) = (Dice(self.dice.roll()), self.servers.folder.clone());
        disk::arm(Servers::process(node), strike, after, dice, &folder);
        let answer = self.serve_at(at, node, &request, &mut || Held::GoOn);
        let Some((struck, image)) = disk::disarm() else {
            let done = machine.answer(answer);
            assert!(!matches!(done, Err(doorstep_core::phone::PhoneError::Bug(_))), "{done:?}");
            return format!("{tapped}; it did not come to it");
        };
        self.tally.fault(fault);
        match struck {
            Strike::Kill => {
                self.servers.stop(node);
                self.servers.start(node);
            }
            Strike::PowerCut | Strike::Torn => self.servers.crash_into(&image),
            // It goes on, and says to this one that it could not.
            Strike::Full | Strike::BadRead | Strike::BadWrite | Strike::BadSync => {
                let status = answer.as_ref().map_or(0, |answer| answer.status);
                let done = machine.answer(answer);
                let is_known = match &done {
                    Ok(()) => true,
                    Err(why) => super::is_expected(why) || self.is_known_trouble(at, why),
                };
                assert!(is_known, "phone {at} is told {status}: {done:?}");
                if status >= 500 {
                    self.tally.history(History::Undone);
                }
            }
        }
        // Whatever the server had committed is there, and nothing else.
        self.book.holds(&Store::open(&self.servers.file()));
        format!("{tapped}; {struck:?} at process {node}")
    }
}
