//! Anything in any order: taps, office commands, syncs, broken syncs, closing and opening. At every moment the view is
//! base and pending folded; in the end everybody has the same.

use std::sync::Arc;

use doorstep_core::domain::command::CommandKind as C;
use doorstep_core::domain::decide::{Case, Rulebook, available_actions};
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::{Clock as _, PhoneError};
use doorstep_tests::cut::{Cut, CuttingTransport};
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office, SUPERVISOR, actor};
use doorstep_tests::phones::{Handset, differing, line};
use doorstep_tests::walk::{Sight, weight};
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("DOORSTEP_LONG").is_some() { 400 } else { 14 };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

/// The office gives a random command that its buttons allow.
fn office_walks(office: &Office, among: &[OrderId], now: Stamp, dice: &mut Dice) {
    let Some(id) = dice.pick(among).copied() else { return };
    let who = actor(if dice.one_in(2) { DESK } else { SUPERVISOR });
    let known = office.orders().into_iter().find(|stored| stored.id == id);
    let order = known.map(|stored| stored.order).unwrap_or_default();
    let rulebook = Rulebook::builtin();
    let case = Case { rulebook: &rulebook, order: &order, org: &office.org, order_id: id, actor: &who, now };
    let actions = available_actions(&case);
    let allowed = actions.iter().filter(|action| action.refusal.is_none() && action.kind != C::Void);
    let lots: Vec<C> =
        allowed.flat_map(|action| std::iter::repeat_n(action.kind, weight(action.kind))).collect();
    let sight = Sight { order: &order, rulebook: &rulebook, me: &who.person, now, sign: &|_, _| None };
    let command = dice.pick(&lots).and_then(|kind| sight.fill(*kind, dice));
    if let Some(command) = command {
        // The office's own clock decides there: some windows are in its past.
        let _ = office.tries(who.person.as_str(), id, command);
    }
}

struct World {
    office: Office,
    phones: Vec<Handset>,
    orders: Vec<OrderId>,
}

impl World {
    fn new() -> Self {
        let office = Office::emerald_lake();
        let phones = [CHAN, LEUNG, CHAN].iter().map(|person| Handset::enrol(&office, person)).collect();
        let orders = (0..4).map(|_| OrderId::new()).collect();
        Self { office, phones, orders }
    }

    fn step(&mut self, what: u8, seed: u64) {
        let dice = &mut Dice(seed);
        let at = dice.below(self.phones.len());
        let now = self.phones[at].clock.now();
        match what % 16 {
            0..=7 => {
                self.phones[at].clock.set(now.plus_minutes(i64::try_from(dice.below(15)).unwrap()));
                self.phones[at].walks(&self.orders, dice);
            }
            8..=9 => office_walks(&self.office, &self.orders, now, dice),
            10..=11 => {
                self.phones[at].phone.sync(&line()).unwrap();
            }
            12..=14 => {
                let cut = Cut::ALL[dice.below(Cut::ALL.len())];
                match self.phones[at].phone.sync(&CuttingTransport::new([(0, cut)])) {
                    Ok(_) | Err(PhoneError::Offline(_) | PhoneError::NotOurServer(_)) => {}
                    Err(other) => panic!("{cut:?}: {other}"),
                }
            }
            _ => self.phones[at].reopen(),
        }
        self.phones[at].check();
    }

    fn heal(&self) {
        // Three rounds at most (I26): what one brings the others take.
        for _ in 0..2 {
            self.phones.iter().for_each(|phone| drop(phone.heal()));
        }
        for phone in &self.phones {
            phone.check_against(&self.office);
        }
        assert_eq!(differing(&self.phones[0].base(), &self.phones[2].base()), [], "(I16)");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_happens_in_whatever_order_everybody_ends_with_the_same(
        steps in proptest::collection::vec((any::<u8>(), any::<u64>()), 30..110)
    ) {
        let mut world = World::new();
        for (what, seed) in steps {
            world.step(what, seed);
        }
        world.heal();
    }
}

/// A phone that is deaf for a whole day, with thirty orders, catches up in one sync.
#[test]
fn a_day_without_network_is_one_sync() {
    let world = World::new();
    let phone = &world.phones[0];
    let orders: Vec<OrderId> = (0..30).map(|_| OrderId::new()).collect();
    let mut dice = Dice(5);
    for _ in 0..900 {
        phone.walks(&orders, &mut dice);
        let now = phone.clock.now();
        phone.clock.set(now.plus_minutes(1));
    }
    let waiting = phone.phone.status().unwrap().waiting;
    assert!(waiting > 300, "{waiting}");
    let report = phone.heal();
    // The whole day goes with the first; the others ask for the rest of what a first sync brings.
    assert_eq!((report.requests, report.entries_sent), (3, waiting));
    phone.check_against(&world.office);
    let second = Handset::open(&phone.path.with_extension("second"), CHAN, Arc::new(line()));
    second.phone.enrol(&line(), &world.office.qr(CHAN)).unwrap();
    second.heal();
    assert_eq!(differing(&second.base(), &phone.base()), []);
}
