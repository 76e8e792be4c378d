//! Whatever happens in whatever order: the view is base folded with what is pending, nothing is lost, and in the end
//! phone and office have the same bytes.

use proptest::prelude::*;

use super::fixture::{Answers, Fixture, ORG, Odd, enrolled, office_entry, office_order};
use crate::domain::command::Command;
use crate::domain::fact::Fact;
use crate::domain::ids::{OrderId, OrgId};
use crate::domain::order::NoteKind;
use crate::domain::order::intake::SharedField;
use crate::phone::PhoneError;

#[derive(Clone, Debug)]
enum Step {
    Register,
    Note(usize),
    Edit(usize, u8),
    Office,
    OfficeEdits(usize, u8),
    TakeAway(usize),
    Sync(Odd),
    Reopen,
    Rebuild,
}

fn odd() -> impl Strategy<Value = Odd> {
    (any::<[bool; 5]>(), prop::option::of(1..4_usize)).prop_map(|([a, b, c, d, e], take)| Odd {
        lost: a && b,
        wrong_echo: b && c,
        rows_only: c && d,
        park: d && e && a,
        take,
        garbled: false,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Register),
        4 => (0..8_usize).prop_map(Step::Note),
        3 => (0..8_usize, 0..4_u8).prop_map(|(at, text)| Step::Edit(at, text)),
        2 => Just(Step::Office),
        2 => (0..8_usize, 0..4_u8).prop_map(|(at, text)| Step::OfficeEdits(at, text)),
        1 => (0..8_usize).prop_map(Step::TakeAway),
        4 => odd().prop_map(Step::Sync),
        1 => Just(Step::Reopen),
        1 => Just(Step::Rebuild),
    ]
}

struct World {
    fixture: Fixture,
    answers: Answers,
    orders: Vec<OrderId>,
    recorded: u64,
}

impl World {
    fn at(&self, at: usize) -> Option<OrderId> {
        self.orders.get(at % self.orders.len().max(1)).copied()
    }

    fn record(&mut self, id: OrderId, command: Command) {
        match self.fixture.phone.record(id, command) {
            Ok(_) => self.recorded += 1,
            Err(PhoneError::Refused(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Register => {
                let id = self.fixture.register("12A");
                self.recorded += 1;
                self.orders.push(id);
            }
            Step::Note(at) => {
                if let Some(id) = self.at(*at) {
                    self.record(id, Command::AddNote { text: format!("note {}", self.recorded) });
                }
            }
            Step::Edit(at, text) => {
                if let Some(id) = self.at(*at) {
                    self.record(
                        id,
                        Command::EditField { field: SharedField::Access, to: format!("gate {text}") },
                    );
                }
            }
            Step::Office => {
                let id = OrderId::new();
                self.answers.put(id, office_order("3B", self.orders.len() as u64));
                self.orders.push(id);
            }
            Step::OfficeEdits(at, text) => {
                let known = self.at(*at).and_then(|id| Some((id, self.answers.state(id)?)));
                if let Some((id, mut order)) = known {
                    let from = order.field(SharedField::Access).to_owned();
                    let entry = office_entry(
                        id,
                        vec![
                            Fact::FieldEdited {
                                field: SharedField::Access,
                                from,
                                to: format!("door {text}"),
                            },
                            Fact::NoteAdded { kind: NoteKind::Note, text: "from the office".to_owned() },
                        ],
                    );
                    entry.fold_into(&mut order, &OrgId::from(ORG), None);
                    self.answers.put(id, order);
                }
            }
            Step::TakeAway(at) => {
                if let Some(id) = self.at(*at) {
                    self.answers.take_away(id);
                }
            }
            Step::Sync(odd) => {
                self.answers.odd(odd.clone());
                match self.fixture.phone.sync(&self.answers) {
                    Ok(_) | Err(PhoneError::Offline(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            Step::Reopen => self.fixture.reopen(),
            Step::Rebuild => self.fixture.phone.rebuild_views().unwrap(),
        }
    }

    fn check(&self) {
        assert_eq!(self.fixture.phone.verify_views().unwrap(), vec![], "view = fold(base, pending)");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_view_is_always_base_with_what_is_pending(steps in prop::collection::vec(step(), 1..40)) {
        let mut world =
            World { fixture: enrolled(), answers: Answers::default(), orders: vec![], recorded: 0 };
        let device = world.fixture.phone.enrolment().unwrap().unwrap().device;
        world.answers.0.lock().unwrap().device = Some(device);
        world.answers.0.lock().unwrap().epoch = 1;
        for step in &steps {
            world.take(step);
            world.check();
        }
        world.answers.odd(Odd::default());
        world.fixture.phone.sync(&world.answers).unwrap();
        world.check();
        let status = world.fixture.phone.status().unwrap();
        prop_assert_eq!(status.waiting, 0);
        let book = world.answers.0.lock().unwrap();
        prop_assert_eq!(book.journals.get(&device).map_or(0, Vec::len) as u64, world.recorded, "every entry arrived once");
        for (id, (order, seq)) in &book.orders {
            match world.fixture.phone.order(*id) {
                Ok(shown) => {
                    prop_assert_eq!(&shown.order, order);
                    prop_assert_eq!(shown.seq, *seq);
                    prop_assert!(!book.gone.contains(id));
                }
                Err(PhoneError::NotFound(_)) => prop_assert!(book.gone.contains(id)),
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}
