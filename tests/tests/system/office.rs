//! What the office does while a phone is away, and what phones of other versions and with wrong clocks bring.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::wire::{ParkReason, Verdict};
use doorstep_core::phone::{HttpRequest, HttpResponse, Phone, PhoneError, Transport, TransportError};
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office, SUPERVISOR};
use doorstep_tests::phones::{Handset, config, line};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

fn note(text: &str) -> Command {
    Command::AddNote { text: text.to_owned() }
}

fn assign(office: &Office, id: OrderId, person: &str) {
    let assignment = Assignment { technician: person.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
}

fn assigned(office: &Office, person: &str) -> OrderId {
    let id = OrderId::new();
    office.does(DESK, id, Command::Register(text::intake(3)));
    office.does(DESK, id, Command::Accept { materials: String::new() });
    assign(office, id, person);
    id
}

#[test]
fn an_order_reassigned_meanwhile_leaves_the_phone_only_after_its_work_is_kept() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    play::arrive(&chan, id);
    let made = chan.journal().len();
    assign(&office, id, LEUNG);
    // The line is dead: it stays on the list, with all its work.
    let dead = doorstep_tests::cut::CuttingTransport::new([(0, doorstep_tests::cut::Cut::Before)]);
    chan.phone.sync(&dead).unwrap_err();
    assert_eq!(chan.detail(id).waiting as usize, made);
    chan.heal();
    assert!(matches!(chan.phone.order(id), Err(PhoneError::NotFound(_))), "it has left");
    chan.check_against(&office);
    let order = office.order(id);
    assert_eq!(order.status(), Status::OnSite, "the work is kept");
    assert!(order.concerns.iter().all(|concern| concern.kind == ConcernKind::NotAssigned));
    assert!(!order.concerns.is_empty(), "and flagged");
    let leung = Handset::enrol(&office, LEUNG);
    leung.heal();
    assert_eq!(leung.detail(id).order.to_bytes(), order.to_bytes());
}

#[test]
fn work_on_an_order_voided_meanwhile_is_kept_and_flagged() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    play::arrive(&chan, id);
    office.does(SUPERVISOR, id, Command::Void { reason: "住戶來電取消".to_owned() });
    chan.heal();
    let detail = chan.detail(id);
    assert_eq!(detail.order.status(), Status::Void);
    assert!(detail.order.concerns.iter().any(|concern| concern.kind == ConcernKind::AfterVoid));
    assert_eq!(detail.order.contacts.len(), 1);
    assert!(detail.verdicts.iter().any(|told| told.verdict == Verdict::Conflicted), "{:?}", detail.verdicts);
    chan.check_against(&office);
}

#[test]
fn a_field_changed_on_both_sides_shows_both_values_until_the_supervisor_picks() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    let edit = |to: &str| Command::EditField { field: SharedField::Phone, to: to.to_owned() };
    chan.does(id, edit("13911112222"));
    office.does(DESK, id, edit("13833334444"));
    chan.heal();
    let detail = chan.detail(id);
    assert!(detail.order.has_conflict());
    let shared = &detail.order.shared[&SharedField::Phone];
    let kept: Vec<_> = shared.conflicts.values().map(|other| other.value.as_str()).collect();
    assert_eq!((shared.value.as_str(), kept), ("13833334444", vec!["13911112222"]), "(I15)");
    let value = "13911112222".to_owned();
    office.does(SUPERVISOR, id, Command::SettleField { field: SharedField::Phone, value });
    chan.heal();
    assert_eq!(chan.detail(id).order.field(SharedField::Phone), "13911112222");
    assert!(!chan.detail(id).order.has_conflict());
    chan.check_against(&office);
}

/// A line that speaks for a newer phone: the marked note in the journal is of a kind the server does not know.
#[expect(clippy::ptr_arg, reason = "the signature `rewrite` calls")]
fn as_newer_version(bytes: &mut Vec<u8>) -> bool {
    let name = b"note_added";
    let at = bytes.windows(name.len()).position(|window| window == name);
    if let Some(at) = at {
        bytes[at..at + name.len()].copy_from_slice(b"note_sung!");
    }
    at.is_some()
}

#[test]
fn a_newer_phones_unknown_fact_is_parked_and_the_rest_applied() {
    let office = Office::emerald_lake();
    let mut chan = Handset::enrol(&office, CHAN);
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    chan.does(id, note("會變成未來的事實"));
    play::arrive(&chan, id);
    // A newer app wrote the second entry: the file is changed as that app would have written it, chain and all.
    let path = chan.path.clone();
    chan.phone.close();
    rewrite(&path, 2, as_newer_version);
    chan.phone = Phone::open(config(&path, &chan.clock)).unwrap();
    chan.journal();
    let report = chan.heal();
    assert_eq!(report.parked, 1);
    let status = chan.phone.status().unwrap();
    assert_eq!((status.waiting, status.parked), (0, 1), "it is acknowledged, and seen to be parked");
    let order = office.order(id);
    assert_eq!((order.status(), order.notes.len()), (Status::OnSite, 0), "it delays no other (I27)");
    let verdicts = chan.detail(id).verdicts;
    assert_eq!(verdicts.len(), 1);
    assert_eq!((verdicts[0].n, &verdicts[0].verdict), (2, &Verdict::Parked(ParkReason::UnknownKind)));
    chan.check_against(&office);
}

/// Rewrites one entry of a closed phone's journal and the chain after it.
fn rewrite(path: &std::path::Path, n: u64, change: impl Fn(&mut Vec<u8>) -> bool) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch("DROP TRIGGER journal_is_append_only").unwrap();
    let mut find = conn.prepare("SELECT n, bytes FROM journal ORDER BY n").unwrap();
    let rows = find.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))).unwrap();
    let rows: Vec<_> = rows.map(Result::unwrap).collect();
    let mut chain = doorstep_core::journal::ChainHash::default();
    for (at, mut bytes) in rows {
        if at.unsigned_abs() == n {
            assert!(change(&mut bytes), "the entry is the one that was meant");
        }
        chain = chain.then(&bytes);
        let update = "UPDATE journal SET bytes = ?2, hash = ?3 WHERE n = ?1";
        conn.execute(update, rusqlite::params![at, bytes, chain.0.0]).unwrap();
    }
    conn.execute_batch(
        "CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
         BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;",
    )
    .unwrap();
}

#[test]
fn a_clock_years_off_changes_nothing_but_what_it_says() {
    let play = |years: i64| {
        let office = Office::emerald_lake();
        let id = assigned(&office, CHAN);
        let chan = Handset::enrol(&office, CHAN);
        chan.heal();
        let shift = |text: &str| {
            let stamp = text::at(text);
            Stamp { utc_ms: stamp.utc_ms + years * 365 * 86_400_000, ..stamp }
        };
        chan.clock.set(shift("2026-11-25T09:00"));
        for text in ["一", "二", "三"] {
            chan.does(id, note(text));
        }
        chan.does(id, Command::EditField { field: SharedField::Access, to: "按門鈴兩次".to_owned() });
        office.does(DESK, id, note("四"));
        chan.heal();
        let status = chan.phone.status().unwrap();
        let off = years * 365 * 24;
        let hours = status.skew_ms.unwrap() / 3_600_000;
        assert!((hours - off).abs() < 24 * 400, "the phone knows how far its clock is off: {hours} h");
        chan.check_against(&office);
        let order = office.order(id);
        let notes: Vec<_> = order.notes.into_values().map(|note| note.text).collect();
        let verdicts: Vec<_> = office.log(chan.device()).into_iter().map(|kept| kept.verdict).collect();
        (order.shared[&SharedField::Access].value.clone(), notes.len(), order.concerns.len(), verdicts)
    };
    let right = play(0);
    assert_eq!(play(25), right, "(I30)");
    assert_eq!(play(-40), right, "(I30)");
}

/// A line with another token than the phone's.
struct WrongToken;

impl Transport for WrongToken {
    fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        for (name, value) in &mut request.headers {
            if name == "authorization" {
                *value = "Bearer emerald-lake.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
            }
        }
        line().send(request)
    }
}

#[test]
fn a_refused_token_asks_for_a_new_enrolment_and_loses_nothing() {
    let office = Office::emerald_lake();
    let chan = Handset::enrol(&office, CHAN);
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    assert!(matches!(chan.phone.sync(&WrongToken), Err(PhoneError::SignInAgain)));
    let status = chan.phone.status().unwrap();
    assert_eq!((status.waiting, status.must_sign_in), (1, true));
    chan.does(id, note("離線照樣可以寫"));
    chan.check();
    let other = chan.phone.enrol(&line(), &office.qr(LEUNG));
    assert!(matches!(other, Err(PhoneError::BadInput(_))), "not for another person: {other:?}");
    chan.phone.enrol(&line(), &office.qr(CHAN)).unwrap();
    chan.heal();
    assert!(!chan.phone.status().unwrap().must_sign_in);
    let order = office.order(id);
    assert_eq!((order.notes.len(), order.number.is_some()), (1, true));
    chan.check();
}

#[test]
fn a_revoked_phone_hands_in_its_work_and_keeps_what_it_shows() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let chan = Handset::enrol(&office, CHAN);
    chan.heal();
    chan.does(id, note("撤銷前寫的"));
    office.revoke(chan.device());
    office.does(DESK, id, note("撤銷後的"));
    let _ = chan.sync();
    let texts: Vec<_> = office.order(id).notes.into_values().map(|note| note.text).collect();
    assert!(texts.contains(&"撤銷前寫的".to_owned()), "{texts:?}");
    let shown: Vec<_> = chan.detail(id).order.notes.into_values().map(|note| note.text).collect();
    assert!(!shown.contains(&"撤銷後的".to_owned()), "it gets nothing more: {shown:?}");
    chan.check();
}

#[test]
fn facts_no_phone_may_state_are_parked_whatever_its_rules_say() {
    let office = Office::emerald_lake();
    let id = assigned(&office, CHAN);
    let probe = doorstep_tests::probe::Probe::enrol(&office, CHAN);
    probe.sync();
    probe.states(id, vec![Fact::Approved(String::new())]);
    probe.states(id, vec![Fact::Numbered("WX999999".to_owned())]);
    probe.does(id, note("其餘照常"));
    let answer = probe.sync();
    let parked = Verdict::Parked(ParkReason::NotYours);
    assert_eq!(answer.verdicts, [(1, parked.clone()), (2, parked)]);
    let order = office.order(id);
    assert_eq!((order.notes.len(), order.review.approved.is_some()), (1, false));
    assert_ne!(order.number.as_deref(), Some("WX999999"));
}
