//! One history: phones, servers, an office and everything that goes wrong, one step after another, each drawn from the seed.

mod check;
mod entries;
mod heal;
mod network;
mod people;
mod phones;
mod servers;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{OrderId, PersonId};
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::phone::{HttpRequest, HttpResponse, PhoneError, Transport, TransportError};
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{CHAN, LEUNG, SUPERVISOR};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

use crate::book::Book;
use crate::disk::{self, Image};
use crate::fate;
use crate::faults::{Fault, History};
use crate::mobile::{Mobile, beginning};
use crate::odd::Odd;
use crate::servers::{Held, Servers};
use crate::store::Store;
use crate::tally::{Tally, Trace};

/// The most phones: copies of phones count.
const MOST_PHONES: usize = 5;

/// Everything there is.
pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) tally: Tally,
    pub(crate) trace: Trace,
    root: PathBuf,
    now_ms: i64,
    servers: Servers,
    phones: Vec<Mobile>,
    odd: Odd,
    orders: Vec<OrderId>,
    book: Book,
    /// The classes of faults of this history.
    swarm: Vec<Fault>,
    words: u64,
    /// The files of the store as an operator once copied them.
    store_copy: Option<Image>,
    /// The store was put back, and nobody said so yet.
    is_untold: bool,
    was_restored: bool,
    was_voided: bool,
    was_revoked: bool,
    is_healing: bool,
    /// An echo was altered or a bit flipped: a phone may find that it folds otherwise.
    may_differ: bool,
    /// Which orders left which phone.
    gone: BTreeSet<(usize, OrderId)>,
}

/// Carries a request of an enrolment to a server: nothing goes wrong on the way.
struct Straight<'a>(&'a Servers, usize);

impl Transport for Straight<'_> {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let answer = self.0.request(self.1, &request, &mut || Held::GoOn);
        answer.ok_or_else(|| TransportError::Unreachable("abandoned".to_owned()))
    }
}

impl World {
    pub(crate) fn begin(seed: u64, root: &Path, is_told: bool) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9).wrapping_add(seed));
        let now_ms = beginning();
        fate::set_now(now_ms);
        let servers = Servers::begin(root, now_ms);
        let swarm = Fault::ALL.iter().copied().filter(|_| !dice.one_in(3)).collect();
        let odd = Odd::new(&mut dice);
        let mut world = Self {
            dice,
            tally: Tally::default(),
            trace: Trace::new(is_told),
            root: root.to_owned(),
            now_ms,
            servers,
            phones: Vec::new(),
            odd,
            orders: Vec::new(),
            book: Book::default(),
            swarm,
            words: 0,
            store_copy: None,
            is_untold: false,
            was_restored: false,
            was_voided: false,
            was_revoked: false,
            is_healing: false,
            may_differ: false,
            gone: BTreeSet::new(),
        };
        world.furnish();
        world
    }

    /// Three phones, two of them of one person, and orders that are theirs or nobody's yet.
    fn furnish(&mut self) {
        let known: Vec<OrderId> = Store::open(&self.servers.file()).orders().into_keys().take(3).collect();
        for (order, person) in known.iter().zip([CHAN, LEUNG, CHAN]) {
            let technician = PersonId::from(person);
            let assign = Command::Assign(Assignment { technician, helpers: Vec::new() });
            let accept = Command::Accept { materials: String::new() };
            for command in [Command::ApproveVisit, accept, assign] {
                // Where visits need no approval, the first is refused.
                let _ = self.servers.office(0, SUPERVISOR, *order, command);
            }
        }
        self.orders = known;
        self.orders.extend((0..3).map(|_| OrderId::new()));
        for person in [CHAN, LEUNG, CHAN] {
            let at = self.phones.len();
            let folder = self.root.join(format!("phone-{at}"));
            self.phones.push(Mobile::open(&folder, person, at as u32 + 1));
            self.enrol(at).expect("an enrolment");
        }
        self.odd.enrol(&self.servers);
        self.servers.back_up();
        self.store_copy = Some(self.servers.copy());
        for at in 0..self.phones.len() {
            self.phones[at].set_time(self.now_ms);
            self.sync(at).expect("a first sync");
            self.check_phone(at);
        }
        self.visit_is_under_way();
    }

    /// In every other history a visit is under way: photos to take, papers to sign.
    fn visit_is_under_way(&mut self) {
        if self.dice.one_in(2) {
            return;
        }
        let order = OrderId::new();
        let hand = &self.phones[0].hand;
        hand.does(order, Command::Register(text::intake(7)));
        play::arrive(hand, order);
        play::look(hand, order);
        self.tally.history(History::Signed);
        self.now_ms = text::at("2026-11-25T14:10").utc_ms;
        self.passes(1);
        self.adopt(0);
        self.orders[3] = order;
    }

    fn enrol(&mut self, at: usize) -> Result<(), PhoneError> {
        let person = self.phones[at].person().to_owned();
        let code = self.servers.code(0, &person).expect("a code");
        self.phones[at].hand.phone.enrol(&Straight(&self.servers, 0), &code)?;
        self.phones[at].is_revoked = false;
        Ok(())
    }

    /// One step.
    pub(crate) fn step(&mut self, number: u32) {
        let seconds = 20 + self.dice.below(380) as i64;
        self.passes(seconds * 1000);
        let at = self.dice.below(self.phones.len());
        let what = self.dice.below(100);
        let done = match what {
            0..44 => self.tap_well(at),
            44..50 => self.office_acts(),
            50..66 => self.sync_well(at),
            66..67 => {
                self.servers.back_up();
                "backup".to_owned()
            }
            67..68 => {
                self.store_copy = Some(self.servers.copy());
                "copy of the store".to_owned()
            }
            68..70 => {
                self.phones[at].older = Some(disk::image_of(&self.phones[at].folder));
                "its files are copied".to_owned()
            }
            _ => self.something_goes_wrong(at),
        };
        self.trace.line(format!("{number} phone {at}: {done}"));
        self.check_phone(at);
        if number.is_multiple_of(4) {
            self.book.holds(&Store::open(&self.servers.file()));
        }
    }

    /// Time goes on for everybody.
    fn passes(&mut self, ms: i64) {
        self.now_ms += ms;
        fate::set_now(self.now_ms);
        self.servers.set_now(self.now_ms);
        for phone in &self.phones {
            phone.set_time(self.now_ms);
        }
    }

    fn something_goes_wrong(&mut self, at: usize) -> String {
        let Some(fault) = self.dice.pick(&self.swarm).copied() else { return "nothing".to_owned() };
        let done = match fault {
            Fault::LostRequest
            | Fault::LostAnswer
            | Fault::LateAnswer
            | Fault::HalfAnswer
            | Fault::ChangedAnswer
            | Fault::DuplicatedRequest
            | Fault::ReplayedRequest
            | Fault::CaptivePortal
            | Fault::Redirect
            | Fault::Noise
            | Fault::Gateway502
            | Fault::Gateway504
            | Fault::TooLarge413
            | Fault::Busy503
            | Fault::Throttled429
            | Fault::NewerAnswer
            | Fault::EchoAltered
            | Fault::OfficeBetween
            | Fault::RequestAbandoned => self.sync_on_a_bad_line(at, fault),
            // Which server answers is drawn for every request.
            Fault::OtherServer => self.sync_well(at),
            Fault::OldAnswer | Fault::OldEpochAnswer | Fault::ReorderedSyncs => self.answers_cross(at, fault),
            Fault::ServerRestarted
            | Fault::ServerKilled
            | Fault::ServerPowerCut
            | Fault::ServerDiskFull
            | Fault::ServerBadDisk
            | Fault::ServerRestored
            | Fault::ServerRestoredUntold => self.servers_fail(at, fault),
            Fault::AppClosed | Fault::AppKilledMidSync | Fault::AppUpdated => self.app_ends(at, fault),
            Fault::AppKilled
            | Fault::PowerCut
            | Fault::TornWrite
            | Fault::BadRead
            | Fault::BadWrite
            | Fault::BadSync
            | Fault::DiskFull => self.strike(at, fault),
            Fault::FlippedBit | Fault::BrokenPage => self.file_rots(at, fault),
            Fault::ClockYearsAhead | Fault::ClockYearsBack | Fault::ClockSetBack => {
                self.clock_jumps(at, fault)
            }
            Fault::PhoneCloned => self.clone_phone(at),
            Fault::PhoneRestored => self.restore_phone(at),
            Fault::TokenRevoked | Fault::EnrolledAgain => self.enrolment_changes(at, fault),
            Fault::Reassigned | Fault::Voided => self.order_moves(at, fault),
            Fault::PhotoLaneDown => self.photos_wait(at),
            Fault::UnknownKind
            | Fault::UnknownField
            | Fault::Malformed
            | Fault::Oversized
            | Fault::WrongNumber
            | Fault::AnotherRole => self.odd_entry(fault),
        };
        format!("{}: {done}", fault.name())
    }

    fn office_acts(&mut self) -> String {
        let Some(node) = self.a_node() else { return "no server".to_owned() };
        let mut dice = Dice(self.dice.roll());
        people::office_walks(&self.servers, node, &self.orders, self.now_ms, &mut dice)
    }

    /// One of the processes that run.
    fn a_node(&mut self) -> Option<usize> {
        let running = self.servers.running();
        self.dice.pick(&running).copied()
    }
}

/// A history is at an end.
impl Drop for World {
    fn drop(&mut self) {
        disk::disarm();
        for phone in &self.phones {
            phone.close();
        }
    }
}

/// What an error says of a phone that does what it should: it may be offline, or be told to sign in.
fn is_expected(error: &PhoneError) -> bool {
    matches!(
        error,
        PhoneError::Offline(_)
            | PhoneError::NotOurServer(_)
            | PhoneError::Refused(_)
            | PhoneError::NotFound(_)
    )
}
