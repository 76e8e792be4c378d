//! The protocol by hand: what a newer, broken, lost or hostile device sends, and what the server makes of it.

use std::collections::BTreeSet;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{EntryId, OrderId};
use doorstep_core::domain::order::NoteKind;
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::order::status::Status;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::limits::MAX_ENTRY_BYTES;
use doorstep_core::journal::wire::{ApiError, ChainAnswer, ParkReason, SyncRequest, Verdict};
use doorstep_core::journal::{BadEntry, Entry};
use doorstep_tests::bench::load::Via;
use doorstep_tests::bench::meter::Meter;
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office, SUPERVISOR};
use doorstep_tests::phones::Handset;
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::probe::Probe;
use doorstep_tests::text;

fn cbor(request: &SyncRequest) -> Vec<u8> {
    cbor4ii::serde::to_vec(Vec::new(), request).unwrap()
}

fn note(text: &str) -> Command {
    Command::AddNote { text: text.to_owned() }
}

/// The office registers an order and gives it to somebody.
fn assigned(office: &Office, person: &str) -> OrderId {
    let id = OrderId::new();
    office.does(DESK, id, Command::Register(text::intake(3)));
    office.does(DESK, id, Command::Accept { materials: String::new() });
    assign(office, id, person);
    id
}

fn assign(office: &Office, id: OrderId, person: &str) {
    let assignment = Assignment { technician: person.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
}

/// What an entry of a newer version looks like: one more fact, of a kind nobody here knows.
fn of_a_newer_version(entry: &Entry) -> Vec<u8> {
    let mut text = serde_json::to_value(entry).unwrap();
    text["f"].as_array_mut().unwrap().push(serde_json::json!({"drone_landed": {"roof": "3"}}));
    serde_json::to_vec(&text).unwrap()
}

#[test]
fn an_idle_phone_asks_once_and_in_250_bytes() {
    let office = Office::emerald_lake();
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    let meter = Meter::to(office.addr);
    let via = Via::new(meter.url());
    chan.phone.sync(&via).unwrap();
    let reading = meter.of(|| chan.phone.sync(&via).unwrap()).1;
    assert_eq!(reading.requests, 1);
    assert!(reading.up + reading.down <= 250, "{reading:?}");
}

#[test]
fn a_paid_repair_goes_over_the_wire_and_is_approved() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let id = OrderId::new();
    probe.sync();
    probe.does(id, Command::Register(text::intake(1)));
    play::paid_repair(&probe, id);
    let answer = probe.sync();
    assert!(answer.verdicts.is_empty(), "{:?}", answer.verdicts);
    assert_eq!(answer.echoes.len(), 1, "a device gets no row back that it folds itself");
    assert_eq!(answer.inks.len(), 0, "nor the ink it sent");
    let order = office.order(id);
    assert_eq!((order.status(), order.concerns.len()), (Status::SignedOff, 0));
    assert_eq!(order.to_bytes(), probe.place().base[&id].1);
    office.does(SUPERVISOR, id, Command::Approve { note: "可以".to_owned() });
    probe.sync();
    assert_eq!(probe.order(id).status(), Status::Approved);
}

#[test]
fn who_has_no_good_token_is_told_so_and_nothing_else() {
    let office = Office::emerald_lake();
    let mut probe = Probe::enrol(&office, CHAN);
    let good = probe.token.clone();
    for bad in ["", "nonsense", "emerald-lake.nonsense", "no-such-org.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        probe.token = bad.to_owned();
        let (status, body) = probe.post("/v1/sync", &[], cbor(&probe.request()));
        let error: ApiError = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, error.error.as_str()), (401, "unauthorized"), "{bad:?}");
    }
    probe.token = good;
    probe.sync();
}

#[test]
fn what_is_not_a_request_is_refused_in_words_and_the_server_lives() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let bomb = zstd::bulk::compress(&vec![0; 64 * 1024 * 1024], 3).unwrap();
    let half = zstd::bulk::compress(&cbor(&probe.request()), 3).unwrap();
    let half = half[..half.len() / 2].to_vec();
    let newer = cbor(&SyncRequest { protocol: 99, ..probe.request() });
    let zstd = [("content-encoding", "zstd")];
    #[expect(clippy::type_complexity, reason = "a table reads best where it is used")]
    let cases: [(&str, &[(&str, &str)], Vec<u8>, u16, &str); 7] = [
        ("nothing", &[], Vec::new(), 400, "malformed"),
        ("noise", &[], vec![0x9f; 200], 400, "malformed"),
        ("deep nesting", &[], vec![0x81; 100_000], 400, "malformed"),
        ("not zstd", &zstd, vec![7; 300], 400, "malformed"),
        ("half of zstd", &zstd, half, 400, "malformed"),
        ("a bomb", &zstd, bomb, 413, "too_large"),
        ("a newer protocol", &[], newer, 400, "protocol"),
    ];
    for (what, headers, body, status, word) in cases {
        let (found, body) = probe.post("/v1/sync", headers, body);
        let error: ApiError = serde_json::from_slice(&body).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!((found, error.error.as_str()), (status, word), "{what}: {}", error.message);
    }
    probe.sync();
}

#[test]
fn a_push_sent_twice_takes_effect_once() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let id = OrderId::new();
    probe.does(id, Command::Register(text::intake(1)));
    probe.does(id, note("先關總閥"));
    let request = probe.request();
    let first = probe.ask(&request);
    let (seq, stored) = (office.seq(), office.stored(id));
    for _ in 0..3 {
        let again = probe.ask(&request);
        assert_eq!((again.acked, &again.verdicts), (first.acked, &first.verdicts));
    }
    assert_eq!((office.seq(), office.stored(id)), (seq, stored), "nothing moved");
    assert_eq!(office.log(probe.device).len(), 2);
    // The lost answer's content reaches the device all the same.
    probe.take(&probe.ask(&request));
    assert_eq!(probe.place().base[&id].1, office.order(id).to_bytes());
    // A batch that overlaps what is kept and goes on is kept from where it goes on.
    probe.does(id, note("住戶下午在家"));
    let longer = SyncRequest { entries: probe.place().journal.into_iter().map(Exact).collect(), ..request };
    assert_eq!(probe.ask(&longer).acked, 3);
    assert_eq!(office.order(id).notes.len(), 2);
}

#[test]
fn a_gap_and_a_fork_are_named_and_change_nothing() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let id = OrderId::new();
    probe.does(id, Command::Register(text::intake(1)));
    probe.does(id, note("一"));
    let all = probe.request();
    let hash = doorstep_core::journal::ChainHash::default().then(&all.entries[0].0);
    let gap =
        SyncRequest { first: 2, before: Some(hash.0), entries: all.entries[1..].to_vec(), ..all.clone() };
    assert_eq!(probe.ask(&gap).chain, Some(ChainAnswer::Behind { have: 0 }));
    assert!(office.log(probe.device).is_empty());
    probe.take(&probe.ask(&all));

    let mut other = probe.entry(id, vec![]);
    other.n = 2;
    let forked =
        SyncRequest { first: 2, before: Some(hash.0), entries: vec![Exact(other.encode().unwrap())], ..all };
    let answer = probe.ask(&forked);
    assert_eq!(answer.chain, Some(ChainAnswer::Fork));
    assert_eq!(office.log(probe.device).len(), 2);
}

#[test]
fn one_bad_entry_is_kept_and_delays_no_other() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let (id, other) = (OrderId::new(), OrderId::new());
    probe.does(id, Command::Register(text::intake(1)));
    let newer = of_a_newer_version(&probe.entry(id, vec![Fact::SetOut]));
    let newer_n = probe.append(newer.clone());
    let noise = vec![0xff, 0x00, 0x13, 0x37];
    let noise_n = probe.append(noise.clone());
    let mut misplaced = probe.entry(id, vec![Fact::SetOut]);
    misplaced.n = 77;
    let misplaced_n = probe.append(misplaced.encode().unwrap());
    let foreign_n = probe.place().journal.len() as u64 + 1;
    probe.states(id, vec![Fact::Approved("我自己批".to_owned())]);
    let empty_n = probe.append(Vec::new());
    probe.does(other, Command::Register(text::intake(2)));
    probe.does(id, note("照常"));

    let answer = probe.sync();
    let parked = |reason| Verdict::Parked(reason);
    assert_eq!(
        answer.verdicts,
        [
            (newer_n, parked(ParkReason::UnknownKind)),
            (noise_n, parked(ParkReason::Malformed)),
            (misplaced_n, parked(ParkReason::OutOfOrder)),
            (foreign_n, parked(ParkReason::NotYours)),
            (empty_n, parked(ParkReason::Malformed)),
        ]
    );
    assert_eq!(answer.acked, 8);
    let log = office.log(probe.device);
    assert_eq!((&log[1].bytes, &log[2].bytes), (&newer, &noise), "kept to the byte");
    let order = office.order(id);
    assert_eq!((order.notes.len(), order.review.approved.is_some(), order.visits.len()), (1, false, 0));
    assert!(office.order(other).number.is_some());
    assert_eq!(
        probe.place().base[&id].1,
        order.to_bytes(),
        "the device has the server's state, without the parked"
    );
}

#[test]
fn a_journal_gives_the_same_verdicts_and_states_however_it_is_cut_and_whatever_its_clock() {
    let verdicts_and_states = |batch: usize, shift_years: i64| {
        let office = Office::emerald_lake();
        let probe = Probe::enrol(&office, CHAN);
        let template = Probe::enrol(&office, CHAN);
        let ids: Vec<OrderId> = (0..3).map(|i| order_id(i + 1)).collect();
        for (i, id) in ids.iter().enumerate() {
            template.does(*id, Command::Register(text::intake(i)));
            play::no_show(&template, *id);
        }
        template.states(ids[0], vec![Fact::Arrived]);
        template.states(ids[1], vec![Fact::WorkStarted]);
        let mut number = 0_u32;
        for bytes in template.place().journal {
            let mut entry = Entry::decode(&bytes).unwrap();
            number += 1;
            entry.id = EntryId(uuid::Uuid::from_u128(u128::from(number)));
            entry.at.utc_ms += shift_years * 365 * 86_400_000;
            probe.append(entry.encode().unwrap());
            if (number as usize).is_multiple_of(batch) {
                probe.sync();
            }
        }
        probe.sync();
        let states: Vec<_> = ids
            .iter()
            .map(|id| {
                let order = office.order(*id);
                assert_eq!(probe.place().base[id].1, order.to_bytes());
                let concerns: Vec<_> = order.concerns.iter().copied().collect();
                (order.number.clone(), order.status(), concerns, order.contacts.len())
            })
            .collect();
        let log: Vec<_> = office.log(probe.device).into_iter().map(|kept| (kept.n, kept.verdict)).collect();
        (states, log)
    };
    let whole = verdicts_and_states(1_000, 0);
    assert!(whole.1.iter().any(|(_, verdict)| verdict != "applied"), "something is flagged: {:?}", whole.1);
    for batch in [1, 4, 7] {
        assert_eq!(verdicts_and_states(batch, 0), whole, "in batches of {batch} (I18)");
    }
    for years in [-30, 30] {
        assert_eq!(verdicts_and_states(1_000, years), whole, "{years} years off (I30)");
    }
}

fn order_id(number: u128) -> OrderId {
    OrderId(uuid::Uuid::from_u128(number))
}

#[test]
fn many_devices_registering_at_once_leave_no_gap_in_the_numbers() {
    let office = Office::emerald_lake();
    let probes: Vec<_> =
        (0..8).map(|i| Probe::enrol(&office, if i % 2 == 0 { CHAN } else { LEUNG })).collect();
    std::thread::scope(|scope| {
        for probe in probes {
            scope.spawn(move || {
                for round in 0..5 {
                    for i in 0..3 {
                        probe.does(OrderId::new(), Command::Register(text::intake(round * 3 + i)));
                    }
                    probe.sync();
                }
            });
        }
    });
    let numbers: BTreeSet<String> = office.orders().into_iter().map(|o| o.order.number.unwrap()).collect();
    let expected: BTreeSet<String> = (1..=12 + 8 * 15).map(|n| format!("WX{n:06}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn an_order_reassigned_while_the_phone_was_away_keeps_its_work_flagged_and_leaves() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let (chan, leung) = (Probe::enrol(&office, CHAN), Probe::enrol(&office, LEUNG));
    chan.sync();
    leung.sync();
    assert!(!leung.place().base.contains_key(&id), "not in his scope (I20)");
    play::arrive(&chan, id);
    assign(&office, id, LEUNG);
    let answer = chan.sync();
    assert_eq!(answer.gone, [id]);
    assert!(!chan.place().base.contains_key(&id));
    let order = office.order(id);
    assert_eq!(order.status(), Status::OnSite, "the work is kept");
    let kinds: BTreeSet<_> = order.concerns.iter().map(|concern| concern.kind).collect();
    assert_eq!(kinds, BTreeSet::from([ConcernKind::NotAssigned]));
    assert!(office.log(chan.device).iter().all(|kept| kept.verdict == "conflicted"));
    leung.sync();
    assert_eq!(leung.place().base[&id].1, order.to_bytes());
}

#[test]
fn both_values_of_a_field_two_sides_changed_are_kept_until_somebody_picks() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let probe = Probe::enrol(&office, CHAN);
    probe.sync();
    let edit = |to: &str| Command::EditField { field: SharedField::Phone, to: to.to_owned() };
    probe.does(id, edit("13911112222"));
    office.does(DESK, id, edit("13833334444"));
    let answer = probe.sync();
    assert_eq!(answer.verdicts, [(1, Verdict::Conflicted)]);
    let order = probe.order(id);
    assert_eq!(order.to_bytes(), office.order(id).to_bytes());
    let shared = &order.shared[&SharedField::Phone];
    let kept: Vec<_> = shared.conflicts.values().map(|other| other.value.as_str()).collect();
    assert_eq!((shared.value.as_str(), kept), ("13833334444", vec!["13911112222"]), "(I15)");
    let value = "13911112222".to_owned();
    office.does(SUPERVISOR, id, Command::SettleField { field: SharedField::Phone, value });
    probe.sync();
    assert_eq!(probe.order(id).field(SharedField::Phone), "13911112222");
    assert!(!probe.order(id).has_conflict());
}

#[test]
fn a_revoked_phone_hands_in_what_it_holds_and_gets_nothing() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let probe = Probe::enrol(&office, CHAN);
    probe.sync();
    probe.does(id, note("還沒送出"));
    office.does(DESK, id, note("撤銷後的備註"));
    office.revoke(probe.device);
    let answer = probe.ask(&probe.request());
    assert_eq!((answer.acked, answer.rows.len(), answer.echoes.len()), (1, 0, 0));
    assert_eq!(office.order(id).notes.len(), 2);
}

#[test]
fn a_copy_of_a_phone_sends_under_a_new_name_and_nothing_counts_twice() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let (first, copy) = (Probe::enrol(&office, CHAN), Probe::enrol(&office, CHAN));
    first.sync();
    copy.sync();
    first.does(id, note("本機寫的"));
    first.sync();
    // The copy has the same entry, and one of its own after it.
    let mut same = Entry::decode(&first.place().journal[0]).unwrap();
    same.n = 1;
    copy.append(same.encode().unwrap());
    copy.does(id, note("複製機寫的"));
    let answer = copy.sync();
    assert_eq!(answer.verdicts, [(1, Verdict::Duplicate)]);
    let order = office.order(id);
    assert_eq!(order.notes.len(), 2, "once each (I6, I24)");
    assert_eq!(copy.place().base[&id].1, order.to_bytes());
}

#[test]
fn a_server_put_back_to_an_earlier_day_gets_everything_again() {
    let mut office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let id = OrderId::new();
    probe.does(id, Command::Register(text::intake(1)));
    probe.sync();
    office.stop();
    let backup = tempfile::tempdir().unwrap();
    copy_folder(&office.data, backup.path());
    office.start();
    play::arrive(&probe, id);
    probe.sync();
    office.stop();
    std::fs::remove_dir_all(&office.data).unwrap();
    copy_folder(backup.path(), &office.data);
    office.start();
    office.was_restored();
    probe.does(id, note("還原之後"));
    let answer = probe.ask(&probe.request());
    let Some(ChainAnswer::Behind { have }) = answer.chain else { panic!("{answer:?}") };
    let all = probe.place().journal;
    let from = usize::try_from(have).unwrap();
    let hash = all[..from].iter().fold(doorstep_core::journal::ChainHash::default(), |h, b| h.then(b));
    let again = SyncRequest {
        first: have + 1,
        before: Some(hash.0),
        entries: all[from..].iter().cloned().map(Exact).collect(),
        ..probe.request()
    };
    let answer = probe.ask(&again);
    assert_eq!((answer.acked, answer.chain), (all.len() as u64, None));
    let log: Vec<_> = office.log(probe.device).into_iter().map(|kept| kept.bytes).collect();
    assert_eq!(log, all, "everything the device made is in the log (I7, I23)");
    assert_eq!(office.order(id).status(), Status::OnSite);
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn the_largest_entry_that_can_be_recorded_is_taken_and_the_next_larger_cannot_be_made() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let id = OrderId::new();
    probe.does(id, Command::Register(text::intake(1)));
    let long = |letters: usize| {
        let text = "x".repeat(letters);
        probe.entry(id, vec![Fact::NoteAdded { kind: NoteKind::Note, text }])
    };
    let around = long(MAX_ENTRY_BYTES - 1_000).encode().unwrap().len() - (MAX_ENTRY_BYTES - 1_000);
    let largest = long(MAX_ENTRY_BYTES - around);
    assert_eq!(largest.encode().unwrap().len(), MAX_ENTRY_BYTES);
    let beyond = long(MAX_ENTRY_BYTES - around + 1).encode().unwrap_err();
    assert_eq!(beyond, BadEntry::TooLarge(MAX_ENTRY_BYTES + 1));
    assert!(beyond.to_string().contains("262145") && beyond.to_string().contains("262144"), "{beyond}");
    probe.append(largest.encode().unwrap());
    assert_eq!(probe.sync().verdicts, []);
    assert_eq!(office.order(id).notes.values().next().unwrap().text.len(), MAX_ENTRY_BYTES - around);
}
