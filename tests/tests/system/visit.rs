//! Visits through the phone's front door, offline, then synced: to the signature, to a no, to nobody at home, to a second date.

use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::intake::Assignment;
use doorstep_core::domain::order::status::Status;
use doorstep_core::phone::{PhoneError, SyncStatus};
use doorstep_tests::bench::load::Via;
use doorstep_tests::bench::meter::Meter;
use doorstep_tests::cut::{Cut, CuttingTransport};
use doorstep_tests::office::{CHAN, DESK, LEUNG, Office, SUPERVISOR};
use doorstep_tests::phones::{Handset, differing};
use doorstep_tests::play::{self, Hand};
use doorstep_tests::text;

fn give(office: &Office, id: OrderId, person: &str) {
    office.does(DESK, id, Command::Accept { materials: "請備好購買憑證".to_owned() });
    let assignment = Assignment { technician: person.into(), helpers: Vec::new() };
    office.does(DESK, id, Command::Assign(assignment));
}

/// One of the demo's orders for a plumber.
fn from_the_register(office: &Office) -> OrderId {
    let orders = office.orders();
    let found = orders.iter().find(|stored| stored.order.work_type() == "plumbing");
    found.expect("a plumbing order in the demo's register").id
}

#[test]
fn a_paid_repair_made_offline_reaches_the_office_and_its_approval_reaches_the_phones() {
    let office = Office::emerald_lake();
    let id = from_the_register(&office);
    give(&office, id, CHAN);
    let (chan, leung) = (Handset::enrol(&office, CHAN), Handset::enrol(&office, LEUNG));
    chan.heal();
    leung.heal();
    assert!(leung.base().is_empty(), "nothing of his colleague's (I20)");

    play::paid_repair(&chan, id);
    let shown = chan.detail(id);
    assert_eq!((shown.order.status(), shown.waiting > 30), (Status::SignedOff, true), "all of it offline");
    chan.check();
    assert_eq!(office.order(id).status(), Status::Assigned, "the office has not heard of it");

    let report = chan.heal();
    assert_eq!((report.requests, report.parked), (1, 0), "one round trip");
    let order = office.order(id);
    assert_eq!((order.status(), order.concerns.len()), (Status::SignedOff, 0));
    assert_eq!(
        order.to_bytes(),
        shown.order.to_bytes(),
        "what the phone showed is what the server folded (I19)"
    );
    chan.check_against(&office);
    assert!(office.log(chan.device()).iter().all(|kept| kept.verdict == "applied"));

    let signed = order.sign_off().unwrap();
    for digest in [signed.technician.ink.digest, signed.resident.signed().unwrap().ink.digest] {
        assert!(!chan.phone.ink(digest).unwrap().is_empty(), "the strokes can be shown");
    }
    let approved = office.does(SUPERVISOR, id, Command::Approve { note: "資料齊全".to_owned() });
    assert_eq!(approved.status(), Status::Approved);
    chan.heal();
    assert_eq!(chan.detail(id).order.status(), Status::Approved);
    chan.check_against(&office);

    // Another phone of the same person gets the same, ink too.
    let second = Handset::enrol(&office, CHAN);
    second.heal();
    assert_eq!(differing(&second.base(), &chan.base()), [], "(I16)");
    assert_eq!(second.phone.ink(signed.technician.ink.digest).unwrap().len(), 1);
    leung.heal();
    leung.check_against(&office);
}

#[test]
fn the_other_ends_of_a_visit_arrive_as_they_were() {
    let office = Office::emerald_lake();
    let chan = Handset::enrol(&office, CHAN);
    #[expect(clippy::type_complexity, reason = "a table reads best where it is used")]
    let scripts: [(fn(&dyn Hand, OrderId), Status); 3] = [
        (play::refused_quote, Status::Unsolved),
        (play::no_show, Status::ToRebook),
        (play::unsolved_with_next_date, Status::Booked),
    ];
    for (script, end) in scripts {
        let id = chan.phone.new_order_id();
        chan.clock.set(text::at("2026-11-25T08:30"));
        chan.does(id, Command::Register(text::intake(4)));
        script(&chan, id);
        let shown = chan.detail(id).order;
        assert_eq!(shown.status(), end);
        chan.heal();
        let order = office.order(id);
        assert_eq!((order.status(), order.concerns.len()), (end, 0));
        assert_eq!(chan.detail(id).order.to_bytes(), order.to_bytes());
    }
    chan.check_against(&office);
}

#[test]
fn two_phones_registering_offline_at_once_get_numbers_without_a_gap() {
    let office = Office::emerald_lake();
    let phones = [Handset::enrol(&office, CHAN), Handset::enrol(&office, LEUNG)];
    for (i, phone) in phones.iter().enumerate() {
        for k in 0..6 {
            let id = phone.phone.new_order_id();
            phone.does(id, Command::Register(text::intake(i * 6 + k)));
            assert_eq!(phone.detail(id).order.number, None, "the number is the server's to give");
        }
    }
    std::thread::scope(|scope| {
        for phone in &phones {
            scope.spawn(|| phone.heal());
        }
    });
    let mut numbers: Vec<String> = office.orders().into_iter().map(|o| o.order.number.unwrap()).collect();
    numbers.sort();
    let expected: Vec<String> = (1..=24).map(|n| format!("WX{n:06}")).collect();
    assert_eq!(numbers, expected);
    for phone in &phones {
        phone.check_against(&office);
        assert!(phone.base().values().all(|(_, state)| {
            doorstep_core::domain::order::Order::from_bytes(state).unwrap().number.is_some()
        }));
    }
}

/// The steps of the paid repair between which the phone syncs.
const STATIONS: [fn(&dyn Hand, OrderId); 7] = [
    |hand, id| hand.does(id, Command::Register(text::intake(2))),
    play::arrive,
    play::look,
    play::quote,
    |hand, id| play::answer_quote(hand, id, true),
    play::work,
    play::pay_and_sign,
];

/// Plays the repair with a sync after every station and after the approval, over a line that breaks; heals; checks.
fn broken_visit(office: &Office, cuts: Vec<(usize, Cut)>) -> usize {
    let line = Arc::new(CuttingTransport::new(cuts.clone()));
    let mut chan = Handset::enrol(office, CHAN);
    chan.line = line.clone();
    let id = chan.phone.new_order_id();
    chan.clock.set(text::at("2026-11-25T08:30"));
    let mut failed = 0;
    let mut tried = |chan: &Handset| {
        match chan.sync() {
            Ok(_) => {}
            Err(PhoneError::Offline(_) | PhoneError::NotOurServer(_)) => failed += 1,
            Err(other) => panic!("{cuts:?}: {other}"),
        }
        chan.check();
    };
    tried(&chan);
    for station in STATIONS {
        station(&chan, id);
        tried(&chan);
    }
    if cuts.iter().any(|(_, cut)| !matches!(cut, Cut::Slow)) {
        assert!(failed > 0, "{cuts:?}: the line was to break");
    }
    chan.heal();
    office.does(SUPERVISOR, id, Command::Approve { note: String::new() });
    chan.heal();

    let order = office.order(id);
    let once = (order.payments.len(), order.sign_offs.len(), order.quotes.len(), order.contacts.len());
    assert_eq!(once, (1, 1, 1, 1), "{cuts:?}: the effects of an entry occur once (I6)");
    assert_eq!((order.status(), order.concerns.len()), (Status::Approved, 0), "{cuts:?}");
    assert_eq!(chan.detail(id).order.to_bytes(), order.to_bytes());
    assert!(office.log(chan.device()).iter().all(|kept| kept.verdict == "applied"), "{cuts:?}");
    chan.check_against(office);
    line.requests()
}

#[test]
fn a_line_cut_at_any_request_in_any_way_loses_nothing_and_doubles_nothing() {
    let requests = broken_visit(&Office::emerald_lake(), Vec::new());
    assert_eq!(requests, 10, "one request for each sync, and two parts ahead of the first feed");
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for (index, cut) in Cut::ALL.into_iter().enumerate().filter(|(index, _)| index % 2 == half) {
                    let office = Office::emerald_lake();
                    for at in 0..requests {
                        broken_visit(&office, vec![(at, cut)]);
                    }
                    // And all the way, in this way and the next.
                    let other = Cut::ALL[(index + 1) % Cut::ALL.len()];
                    let all = (0..requests).map(|at| (at, if at % 2 == 0 { cut } else { other }));
                    broken_visit(&office, all.collect());
                }
            });
        }
    });
}

#[test]
fn a_broken_line_is_told_as_what_it_is_and_shows_in_the_status() {
    let office = Office::emerald_lake();
    let mut chan = Handset::enrol(&office, CHAN);
    chan.heal();
    let id = chan.phone.new_order_id();
    chan.does(id, Command::Register(text::intake(1)));
    let before = chan.base();
    for cut in Cut::ALL {
        chan.line = Arc::new(CuttingTransport::new([(0, cut)]));
        let told = match chan.sync() {
            Ok(_) => "ok",
            Err(PhoneError::Offline(_)) => "offline",
            Err(PhoneError::NotOurServer(_)) => "not ours",
            Err(other) => panic!("{cut:?}: {other}"),
        };
        let expected = match cut {
            Cut::Slow => "ok",
            Cut::Before | Cut::After | Cut::AfterTimeout | Cut::Gateway | Cut::AfterGateway => "offline",
            Cut::Half | Cut::Flipped | Cut::Portal | Cut::Redirect | Cut::Noise => "not ours",
        };
        assert_eq!(told, expected, "{cut:?}");
        let status = chan.phone.status().unwrap();
        if cut == Cut::Slow {
            assert_eq!((status.waiting, status.oldest_unsent_age_ms), (0, None));
        } else {
            assert_eq!(
                (status.waiting, chan.base()),
                (1, before.clone()),
                "{cut:?}: nothing was taken from it"
            );
            assert!(status.oldest_unsent_age_ms.is_some() && !status.must_sign_in, "{cut:?}: {status:?}");
        }
    }
    chan.check_against(&office);
    let SyncStatus { waiting, parked, must_sign_in, .. } = chan.phone.status().unwrap();
    assert_eq!((waiting, parked, must_sign_in), (0, 0, false));
}

/// Not at a boundary but in the middle of a word: the connection itself breaks after so many bytes up, or down.
#[test]
fn a_connection_that_breaks_after_any_number_of_bytes_loses_nothing_and_doubles_nothing() {
    let office = Office::emerald_lake();
    let visit = || {
        let chan = Handset::enrol(&office, CHAN);
        let id = chan.phone.new_order_id();
        chan.does(id, Command::Register(text::intake(2)));
        play::arrive(&chan, id);
        (chan, id)
    };
    let (whole, _) = visit();
    let meter = Meter::to(office.addr);
    let (_, reading) = meter.of(|| whole.phone.sync(&Via::new(meter.url())).unwrap());
    let (up, down) = (reading.up, reading.down);
    assert!(up > 1_000 && down > 1_000, "{reading:?}");
    let points = |all: u64| (0..14).map(move |i| all * i / 13).chain([1, all - 1]);
    let cuts = points(up).map(|n| (n, u64::MAX)).chain(points(down).map(|n| (u64::MAX, n)));
    for (most_up, most_down) in cuts {
        let (chan, id) = visit();
        let line = Via::new(Meter::cutting(office.addr, most_up, most_down).url());
        match chan.phone.sync(&line) {
            // All of it came before the break.
            Ok(_) => assert!(most_up >= up - 200 || most_down >= down, "{most_up} up, {most_down} down"),
            Err(PhoneError::Offline(_)) => {}
            Err(other) => panic!("{most_up} up, {most_down} down: {other}"),
        }
        chan.check();
        chan.heal();
        let order = office.order(id);
        assert_eq!((order.contacts.len(), order.status(), order.concerns.len()), (1, Status::OnSite, 0));
        chan.check_against(&office);
    }
}
