//! Killed at any moment: a phone while it writes, a phone while it syncs, the server while phones push. What was said to
//! be saved is there; the chain verifies; the views are right.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use doorstep_core::domain::ids::{EntryId, OrderId};
use doorstep_core::phone::PhoneError;
use doorstep_tests::balance::Balancer;
use doorstep_tests::bench::process::Served;
use doorstep_tests::database;
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{self, CHAN, LEUNG, Office};
use doorstep_tests::phones::{Handset, line};

const WRITER: &str = env!("CARGO_BIN_EXE_writer");

/// How many kills: enough on every run, many more where time is no matter.
fn kills(few: usize) -> usize {
    if std::env::var_os("DOORSTEP_LONG").is_some() { few * 20 } else { few }
}

/// Runs the writer, kills it some milliseconds after its first word, and gives every entry it said was saved.
fn run_and_kill(mode: &str, file: &Path, dice: &mut Dice) -> Vec<EntryId> {
    let mut command = Command::new(WRITER);
    command.arg(mode).arg(file).arg(dice.roll().to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    assert!(text.ends_with('\n'), "it ended by itself, before it was killed");
    std::thread::sleep(Duration::from_micros(u64::try_from(dice.below(60_000)).unwrap()));
    child.kill().unwrap();
    out.read_to_string(&mut text).unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&ended), Some(9), "it was killed, not: {ended}");
    // A line that was not finished may be a half: what it says is not yet said.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(|line| line.parse().unwrap()).collect()
}

fn enrolled(office: &Office, path: &Path) {
    let phone = Handset::open(path, CHAN, Arc::new(line()));
    phone.phone.enrol(&line(), &office.qr(CHAN)).unwrap();
    phone.heal();
    phone.phone.close();
}

/// Kills so often; after each, everything said is there.
fn loop_of_kills(mode: &str, times: usize, seed: u64) {
    let office = Office::emerald_lake();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db");
    enrolled(&office, &path);
    let mut dice = Dice(seed);
    let mut said: Vec<EntryId> = Vec::new();
    for kill in 0..times {
        said.extend(run_and_kill(mode, &path, &mut dice));
        let phone = Handset::open(&path, CHAN, Arc::new(line()));
        assert_eq!(phone.phone.open_report().damage, None, "kill {kill}");
        phone.check();
        let there: BTreeSet<EntryId> = phone.journal().into_iter().map(|entry| entry.id).collect();
        let lost: Vec<_> = said.iter().filter(|id| !there.contains(id)).collect();
        assert!(lost.is_empty(), "kill {kill}: said to be saved, and not there: {lost:?} (I1)");
        assert!(
            there.len() <= said.len() + kill + 1,
            "at most one entry of each run was saved and not yet said"
        );
        phone.phone.close();
    }
    assert!(said.len() > times * 3, "the writer got something done: {}", said.len());
    let phone = Handset::open(&path, CHAN, Arc::new(line()));
    phone.heal();
    phone.check_against(&office);
    let log = office.log(phone.device());
    assert!(log.iter().all(|kept| kept.verdict == "applied"), "nothing was judged twice or in a wrong order");
}

#[test]
fn a_phone_killed_while_it_writes_has_everything_it_said_was_saved() {
    loop_of_kills("record", kills(30), 11);
}

#[test]
fn a_phone_killed_while_it_syncs_has_everything_and_nothing_twice() {
    loop_of_kills("sync", kills(20), 12);
}

#[test]
fn a_server_killed_while_phones_push_keeps_everything_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    office::furnish(&data);
    let mut served = Served::start(Path::new(WRITER), "serve", &data, None);
    let addr = served.addr;
    let codes = office::codes(&data, &"emerald-lake".into(), &[CHAN, LEUNG]);
    let stop = AtomicBool::new(false);
    let phones: Vec<Handset> = [CHAN, LEUNG]
        .into_iter()
        .zip(codes)
        .map(|(person, code)| {
            let phone = Handset::fresh(person, Arc::new(line()));
            phone.phone.enrol(&line(), &format!("doorstep:http://{addr}#{code}")).unwrap();
            phone
        })
        .collect();
    let mut dice = Dice(13);
    let served = std::thread::scope(|scope| {
        let pushing: Vec<_> = phones
            .iter()
            .enumerate()
            .map(|(seed, phone)| {
                scope.spawn({
                    let stop = &stop;
                    move || push_until(phone, stop, seed as u64)
                })
            })
            .collect();
        for _ in 0..kills(12) {
            std::thread::sleep(Duration::from_micros(u64::try_from(20_000 + dice.below(80_000)).unwrap()));
            served.kill();
            for phone in &phones {
                // Whatever this phone knows to be acknowledged is in the folder of the dead server.
                let acked = acked(phone);
                let kept: BTreeSet<_> =
                    office::log(&data, phone.device()).into_iter().map(|k| k.bytes).collect();
                let lost =
                    phone.journal().into_iter().filter(|e| e.n <= acked && !kept.contains(&e.bytes)).count();
                assert_eq!(lost, 0, "acknowledged, and not there");
            }
            served = Served::start(Path::new(WRITER), "serve", &data, Some(addr));
        }
        stop.store(true, Ordering::SeqCst);
        for thread in pushing {
            let (syncs, broken) = thread.join().unwrap();
            assert!(syncs > 5 && broken > 0, "{syncs} syncs, {broken} of them met a dead server");
        }
        served
    });
    for phone in &phones {
        phone.heal();
    }
    for phone in &phones {
        phone.heal();
        phone.check_against_folder(&data);
        assert!(office::log(&data, phone.device()).iter().all(|kept| kept.verdict == "applied"));
    }
    served.kill();
}

#[test]
#[ignore = "needs PostgreSQL: tests/run postgres"]
fn postgres_processes_killed_while_phones_push_lose_nothing_they_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    database::make(&data);
    let people: Vec<String> = (201..207).map(|n| format!("W{n}")).collect();
    office::furnish_with(&data, &people);
    let start = |addr| Served::start(Path::new(WRITER), "serve", &data, addr);
    let mut servers: Vec<Served> = (0..4).map(|_| start(None)).collect();
    let balancer = Balancer::over(servers.iter().map(|server| server.addr).collect());
    let names: Vec<&str> = people.iter().map(String::as_str).collect();
    let codes = office::codes(&data, &"emerald-lake".into(), &names);
    let phones: Vec<Handset> = names
        .iter()
        .zip(codes)
        .map(|(person, code)| {
            let phone = Handset::fresh(person, Arc::new(line()));
            phone.phone.enrol(&line(), &format!("doorstep:http://{}#{code}", balancer.addr)).unwrap();
            phone
        })
        .collect();
    let stop = AtomicBool::new(false);
    let mut dice = Dice(14);
    std::thread::scope(|scope| {
        let mut pushing = Vec::new();
        for (seed, phone) in phones.iter().enumerate() {
            let stop = &stop;
            pushing.push(scope.spawn(move || push_until(phone, stop, 20 + seed as u64)));
        }
        for kill in 0..kills(8) {
            std::thread::sleep(Duration::from_micros(u64::try_from(50_000 + dice.below(300_000)).unwrap()));
            let server = servers.remove(kill % 4);
            let addr = server.addr;
            server.kill();
            // What was acknowledged before this moment, by whichever process.
            let acked: Vec<u64> = phones.iter().map(acked).collect();
            for (phone, acked) in phones.iter().zip(acked) {
                let kept = office::log(&data, phone.device()).len() as u64;
                assert!(kept >= acked, "kill {kill}: {acked} acknowledged, {kept} there");
            }
            servers.insert(kill % 4, start(Some(addr)));
        }
        stop.store(true, Ordering::SeqCst);
        let done: Vec<(u32, u32)> = pushing.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(done.iter().all(|(syncs, _)| *syncs > 5), "{done:?}");
        assert!(done.iter().any(|(_, broken)| *broken > 0), "somebody met a dead server: {done:?}");
    });
    for phone in phones.iter().chain(&phones) {
        phone.heal();
    }
    for phone in &phones {
        phone.check_against_folder(&data);
        assert!(office::log(&data, phone.device()).iter().all(|kept| kept.verdict == "applied"));
    }
    no_number_is_missing(&data);
    let seen = database::seen(&data);
    let looked = doorstep_server::backup::verify(seen.copy.as_ref().unwrap().path()).unwrap();
    assert_eq!(looked.wrong, []);
    assert!(looked.entries > 50, "{looked:?}");
}

/// Orders are numbered from 1 without a gap, each number once (R155).
fn no_number_is_missing(data: &Path) {
    let seen = database::seen(data);
    let sql = r#"SELECT number FROM "order" WHERE number IS NOT NULL ORDER BY number"#;
    let mut find = seen.conn.prepare(sql).unwrap();
    let numbers = find.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let counts: Vec<u64> = numbers
        .map(|number| number.unwrap().trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap())
        .collect();
    assert!(counts.len() > 12, "orders of the register and of the phones: {}", counts.len());
    assert_eq!(counts, (1..=counts.len() as u64).collect::<Vec<_>>());
}

/// The last entry this phone knows to be acknowledged.
fn acked(phone: &Handset) -> u64 {
    let conn = phone.file();
    let found = conn.query_row("SELECT value FROM meta WHERE key = 'acked'", [], |row| row.get::<_, i64>(0));
    found.unwrap_or(0).unsigned_abs()
}

/// Records and syncs until told to stop; how many syncs passed, and how many met nobody.
fn push_until(phone: &Handset, stop: &AtomicBool, seed: u64) -> (u32, u32) {
    let mut dice = Dice(seed);
    let (mut syncs, mut broken) = (0, 0);
    let mut orders: Vec<OrderId> = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        if orders.is_empty() || dice.one_in(20) {
            orders.push(phone.phone.new_order_id());
        }
        for _ in 0..5 {
            phone.walks(&orders[orders.len().saturating_sub(3)..], &mut dice);
        }
        match phone.sync() {
            Ok(_) => syncs += 1,
            Err(PhoneError::Offline(_) | PhoneError::NotOurServer(_)) => broken += 1,
            Err(other) => panic!("{other}"),
        }
    }
    (syncs, broken)
}
