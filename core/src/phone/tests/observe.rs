//! Observers: the present state first, then one call for what was committed meanwhile, never under a lock.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::fixture::enrolled;
use crate::phone::{Phone, PhoneError, Subscription};

const SOON: Duration = Duration::from_secs(10);

#[test]
fn the_state_comes_first_then_what_changed() {
    let fixture = enrolled();
    let before = fixture.register("1");
    let (give, take) = channel();
    let give = Mutex::new(give);
    let phone = fixture.phone.clone();
    let subscription = fixture
        .phone
        .observe(move |change| {
            // The phone may be used from within.
            let waiting = phone.status().unwrap().waiting;
            assert!(phone.order(before).is_ok());
            give.lock().unwrap().send((change, waiting)).unwrap();
        })
        .unwrap();
    let (first, waiting) = take.recv_timeout(SOON).unwrap();
    assert!(first.everything && first.orders.is_empty());
    assert_eq!((first.status.waiting, waiting), (1, 1));
    let id = fixture.register("2");
    let (second, _) = take.recv_timeout(SOON).unwrap();
    assert_eq!((second.orders, second.everything), (vec![id], false));
    drop(subscription);
    fixture.register("3");
    assert!(take.recv_timeout(Duration::from_millis(200)).is_err());
}

#[test]
fn commits_that_come_close_together_share_a_call_and_none_is_missed() {
    let fixture = enrolled();
    let seen = Arc::new(Mutex::new((0_u32, std::collections::BTreeSet::new())));
    let sink = seen.clone();
    let _subscription = fixture
        .phone
        .observe(move |change| {
            let mut seen = sink.lock().unwrap();
            seen.0 += 1;
            seen.1.extend(change.orders);
            drop(seen);
            std::thread::sleep(Duration::from_millis(30));
        })
        .unwrap();
    // The first call is under way before anything is recorded.
    while seen.lock().unwrap().0 == 0 {
        std::thread::yield_now();
    }
    let ids: std::collections::BTreeSet<_> = (0..40).map(|at| fixture.register(&format!("{at}"))).collect();
    let end = std::time::Instant::now() + SOON;
    while seen.lock().unwrap().1 != ids {
        assert!(std::time::Instant::now() < end, "a commit was never told");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(seen.lock().unwrap().0 < 40, "one call for each commit");
}

#[test]
fn a_panic_in_one_observer_leaves_the_others_and_it_may_end_itself() {
    let fixture = enrolled();
    let _broken = fixture.phone.observe(|_| panic!("an observer's mistake")).unwrap();
    let (give, take) = channel();
    let give = Mutex::new(give);
    let own: Arc<Mutex<Option<Subscription>>> = Arc::default();
    let inner = own.clone();
    let subscription = fixture
        .phone
        .observe(move |change| {
            give.lock().unwrap().send(change.status.waiting).unwrap();
            if change.status.waiting == 2 {
                inner.lock().unwrap().take();
            }
        })
        .unwrap();
    *own.lock().unwrap() = Some(subscription);
    assert_eq!(take.recv_timeout(SOON).unwrap(), 0);
    for expected in [1, 2] {
        fixture.register("1");
        assert_eq!(take.recv_timeout(SOON).unwrap(), expected);
    }
    fixture.register("1");
    assert!(take.recv_timeout(Duration::from_millis(200)).is_err());
}

#[test]
fn a_phone_that_was_closed_opens_again_and_its_observers_read_again() {
    let fixture = enrolled();
    let id = fixture.register("1");
    let (give, take) = channel();
    let give = Mutex::new(give);
    let _subscription =
        fixture.phone.observe(move |change| give.lock().unwrap().send(change).unwrap()).unwrap();
    assert!(take.recv_timeout(SOON).unwrap().everything);
    let before = fixture.phone.exported_state().unwrap();
    for _ in 0..3 {
        fixture.phone.close();
        assert_eq!(fixture.phone.status().unwrap_err(), PhoneError::Closed);
        assert_eq!(fixture.phone.exported_state().unwrap_err(), PhoneError::Closed);
        // Nobody holds the file: another opens, writes and closes it.
        let other = Phone::open(fixture.config()).unwrap();
        other.close();
        assert!(!fixture.path().with_extension("db-wal").exists(), "a lock or a log was left behind");
        fixture.phone.reopen().unwrap();
        fixture.phone.reopen().unwrap();
        assert!(take.recv_timeout(SOON).unwrap().everything);
    }
    assert_eq!(fixture.phone.exported_state().unwrap(), before);
    fixture.note(id, "after");
    assert_eq!(take.recv_timeout(SOON).unwrap().orders, [id]);
    let after = String::from_utf8(fixture.phone.exported_state().unwrap()).unwrap();
    assert!(after.contains("\"after\"") && after.ends_with("}\n") && after.lines().count() == 1, "{after}");
}

#[test]
fn closing_waits_for_the_calls_under_way() {
    let fixture = enrolled();
    let phone = fixture.phone.clone();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let phone = phone.clone();
            std::thread::spawn(move || while phone.exported_state().is_ok() {})
        })
        .collect();
    for round in 0..20 {
        phone.close();
        let rows = rusqlite::Connection::open(fixture.path()).unwrap();
        rows.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
        rows.execute_batch("BEGIN EXCLUSIVE; COMMIT").unwrap_or_else(|e| panic!("round {round}: {e}"));
        drop(rows);
        phone.reopen().unwrap();
    }
    phone.close();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
}
