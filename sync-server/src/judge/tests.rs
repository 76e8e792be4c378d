//! The judgement by chance: however a device batches its entries, the verdicts and the orders are the same (I18).

use std::sync::Arc;

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId, OrgId, PersonId};
use doorstep_core::domain::order::NoteKind;
use doorstep_core::domain::order::intake::{Assignment, Intake, SharedField};
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::policy::Policy;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::Verdict;
use doorstep_core::journal::{ChainHash, Entry};
use proptest::prelude::*;

use super::{Batch, Ground, judge};
use crate::storage::sqlite::SqliteStorage;
use crate::storage::{Device, Enrolment, NewDevice, NewEnrolCode, Storage};

const ORG: &str = "o";

/// What a device may record next, on one of three orders.
#[derive(Clone, Debug)]
enum Step {
    Fact(u8, u8),
    Again(u8),
    Garbage(u8),
    Unknown(u8),
    WrongNumber(u8),
    Forged(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3_u8, 0..9_u8).prop_map(|(order, what)| Step::Fact(order, what)),
        1 => any::<u8>().prop_map(Step::Again),
        1 => any::<u8>().prop_map(Step::Garbage),
        1 => (0..3_u8).prop_map(Step::Unknown),
        1 => (0..3_u8).prop_map(Step::WrongNumber),
        1 => (0..3_u8).prop_map(Step::Forged),
    ]
}

fn fact(what: u8) -> Fact {
    let person = |code: &str| Assignment { technician: PersonId::from(code), helpers: Vec::new() };
    match what {
        0 | 1 => Fact::Registered(Intake { fault: "漏水".to_owned(), ..Intake::default() }),
        2 => Fact::SetOut,
        3 => Fact::Arrived,
        4 => Fact::FieldEdited {
            field: SharedField::Fault, from: "漏水".to_owned(), to: "爆管".to_owned()
        },
        5 => Fact::FieldEdited {
            field: SharedField::Fault, from: "漏水".to_owned(), to: "滴水".to_owned()
        },
        6 => Fact::WorkStarted,
        7 => Fact::Assigned(person("w")),
        _ => Fact::NoteAdded { kind: NoteKind::Note, text: "n".to_owned() },
    }
}

fn journal(steps: &[Step], orders: &[OrderId; 3]) -> Vec<Vec<u8>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut out = Vec::new();
    for (n, step) in (1..).zip(steps) {
        let fresh = |order: u8, facts: Vec<Fact>| Entry {
            id: EntryId::new(),
            n,
            seen: 0,
            order: orders[usize::from(order)],
            visit: 1,
            actor: Actor { person: PersonId::from("w"), role: Role::Technician },
            at: Stamp::new(1_000, 480),
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: String::new(),
            facts,
            inks: Vec::new(),
        };
        let entry = match step {
            Step::Fact(order, 0) => {
                let own = Assignment { technician: PersonId::from("w"), helpers: Vec::new() };
                fresh(*order, vec![fact(0), Fact::RequestAccepted(String::new()), Fact::Assigned(own)])
            }
            Step::Fact(order, what) => fresh(*order, vec![fact(*what)]),
            Step::Again(which) if !entries.is_empty() => {
                let old = &entries[usize::from(*which) % entries.len()];
                Entry { n, ..old.clone() }
            }
            Step::Unknown(order) => {
                let mut value = serde_json::to_value(fresh(*order, vec![])).unwrap();
                value["f"] = serde_json::json!([{"later_kind": 1}]);
                out.push(serde_json::to_vec(&value).unwrap());
                continue;
            }
            Step::WrongNumber(order) => Entry { n: n + 1, ..fresh(*order, vec![Fact::SetOut]) },
            Step::Forged(order) => {
                let actor = Actor { person: PersonId::from("boss"), role: Role::Supervisor };
                Entry { actor, ..fresh(*order, vec![Fact::SetOut]) }
            }
            Step::Garbage(byte) | Step::Again(byte) => {
                out.push(vec![0xff, *byte]);
                continue;
            }
        };
        out.push(entry.encode().unwrap());
        entries.push(entry);
    }
    out
}

/// What is left after a journal was pushed in batches of these sizes.
async fn pushed(
    journal: &[Vec<u8>],
    sizes: &[usize],
) -> (Vec<(u64, Verdict)>, Vec<Vec<u8>>, Vec<(DeviceId, u64)>) {
    let folder = tempfile::tempdir().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(SqliteStorage::open(folder.path()).unwrap());
    let org = OrgId::from(ORG);
    storage.create_org(org.clone(), 1).await.unwrap();
    let hash = doorstep_core::domain::ids::Digest::of(b"x");
    let (person, role) = (PersonId::from("w"), Role::Technician);
    let code = NewEnrolCode { code: hash, person: person.clone(), role, expires_ms: 10 };
    storage.put_enrol_code(org.clone(), code).await.unwrap();
    let id = DeviceId(uuid::Uuid::from_u128(7));
    let new = NewDevice { id, public_key: [0; 32], token: hash, app: String::new() };
    let enrolled = storage.enrol(org.clone(), hash, new, 1).await.unwrap();
    assert_eq!(enrolled, Enrolment::Done(person.clone(), role));
    let device = Device { id, person, role, public_key: [0; 32], revoked: false, used_ms: 0 };
    let ground = Ground {
        org: org.clone(),
        numbering: Policy::builtin_property().numbering,
        now: Stamp::new(5_000, 480),
        epoch: 1,
        cursor: 0,
    };
    let (mut verdicts, mut at, mut before) = (Vec::new(), 0, ChainHash::default());
    let mut sizes = sizes.iter().copied().cycle();
    while at < journal.len() {
        let end = (at + sizes.next().unwrap()).min(journal.len());
        let entries = journal[at..end].iter().map(|bytes| Exact(bytes.clone())).collect();
        let batch = Batch::read(device.clone(), at as u64 + 1, before, entries);
        let want = batch.want();
        let ground = ground.clone();
        let told =
            storage.decide_with(org.clone(), want, move |loaded, write| judge(loaded, batch, &ground, write));
        let told = told.await.unwrap();
        assert_eq!((told.acked, told.chain), (end as u64, None));
        verdicts.extend(told.verdicts);
        before = journal[at..end].iter().fold(before, |chain, bytes| chain.then(bytes));
        at = end;
    }
    let orders = storage.orders(org.clone(), Default::default()).await.unwrap();
    let mut log = Vec::new();
    for order in &orders {
        let timeline = storage.timeline(org.clone(), order.id).await.unwrap();
        log.extend(timeline.iter().filter_map(|l| l.device.map(|device| (device, l.entry.n))));
    }
    (verdicts, orders.iter().map(|stored| stored.order.to_bytes()).collect(), log)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn verdicts_do_not_depend_on_batching(
        steps in prop::collection::vec(step(), 1..40),
        sizes in prop::collection::vec(1..9_usize, 1..6),
    ) {
        let orders = [OrderId::new(), OrderId::new(), OrderId::new()];
        let journal = journal(&steps, &orders);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (whole, parts) = runtime.block_on(async {
            (pushed(&journal, &[usize::MAX / 2]).await, pushed(&journal, &sizes).await)
        });
        prop_assert_eq!(whole, parts);
    }
}

#[test]
fn an_orders_log_holds_what_could_be_read() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let orders = [OrderId::new(), OrderId::new(), OrderId::new()];
    let journal = journal(&[Step::Fact(0, 0), Step::Fact(0, 2), Step::Garbage(1)], &orders);
    let (verdicts, states, log) = runtime.block_on(pushed(&journal, &[3]));
    assert_eq!((verdicts.len(), states.len(), log.len()), (1, 1, 2));
}
