//! The demo as a newcomer runs it: the real program on both firms' files, and what it says held against what it left.
#![cfg(feature = "demo")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::intake::SharedField;
use doorstep_core::domain::order::signing::Outcome;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::order::visit::Visit;
use doorstep_core::domain::seal::ink;
use doorstep_core::domain::time::Stamp;
use doorstep_server::ServerConfig;
use doorstep_server::pages::attention::{Flag, Weight, flags};
use doorstep_server::storage::OrderFilter;
use serde_json::Value;

fn demo(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep-server"));
    command.arg("demo").args(args).stdin(Stdio::null()).env_remove("DOORSTEP_LOG");
    command
}

fn office(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo").join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The one line a finished demo prints for programs; no log stands beside it.
fn figures(output: &Output) -> Value {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr, "");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    serde_json::from_str(&stdout).unwrap()
}

/// What every demo owes: all was sent, nothing was kept apart, and the sums are those of the phones.
fn check_sums(figures: &Value) {
    for nothing in ["still_waiting", "parked", "differing_views", "refused"] {
        assert_eq!(figures[nothing], 0, "{nothing} of {figures}");
    }
    let phones = figures["each_phone"].as_array().unwrap();
    assert_eq!(figures["phones"], phones.len());
    for sum in ["entries", "requests", "bytes_up", "bytes_down"] {
        let each: u64 = phones.iter().map(|phone| phone[sum].as_u64().unwrap()).sum();
        assert_eq!(figures[sum], each, "{sum}");
        assert!(each > 0, "{sum}");
    }
    assert_eq!(figures["requests"], phones.len(), "one round trip for each phone's day");
    assert!(figures["ms"].as_f64().unwrap() > 0.0);
    let statuses = figures["statuses"].as_object().unwrap();
    assert_eq!(figures["orders"], statuses.values().map(|n| n.as_u64().unwrap()).sum::<u64>());
}

#[test]
fn the_shipped_firm_s_day_ends_as_its_register_says() {
    let elsewhere = tempfile::tempdir().unwrap();
    // It needs no file of the repository: the shipped office is in the program.
    let output = demo(&["--once", "--json"]).current_dir(elsewhere.path()).output().unwrap();
    let figures = figures(&output);
    check_sums(&figures);
    assert_eq!(figures["orders"], 12);
    assert_eq!(figures["phones"], 2);
    assert!(figures["photos"].as_u64().unwrap() > 0);
    assert_eq!(figures["photos_waiting"], 0);
    let expected = serde_json::json!({
        "approved": 1, "booked": 2, "registered": 1, "signed_off": 6, "to_rebook": 1, "unsolved": 1,
    });
    assert_eq!(figures["statuses"], expected);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn another_firm_s_files_play_as_well() {
    let output = demo(&["--once", "--json", "--from", text(&office("second-office"))]).output().unwrap();
    let figures = figures(&output);
    check_sums(&figures);
    assert_eq!(figures["org"], "harbour-court");
    assert_eq!(figures["phones"], 1);
    assert_eq!(figures["statuses"], serde_json::json!({"signed_off": 1, "unsolved": 1}));
}

#[test]
fn people_read_what_happened_in_calm_lines() {
    let output = demo(&["--once", "--from", text(&office("second-office"))]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "no request log amid the text");
    let told = String::from_utf8(output.stdout).unwrap();
    for part in ["海晴閣 Harbour Court", "T1-05A", "Wong Siu Ling", "paid repair", "Back online:", "bytes up"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(told.lines().count() < 25 && told.lines().all(|line| line.chars().count() < 140), "{told}");
}

#[test]
fn a_fault_in_the_files_is_named_by_its_cell_and_nothing_is_played() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(office("emerald-lake")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let prices = folder.path().join("price-list.csv");
    let good = std::fs::read_to_string(&prices).unwrap();
    assert!(good.contains("更換水龍頭人工,更换水龙头人工,Fitting a tap,個,60.00"));
    std::fs::write(&prices, good.replace("Fitting a tap,個,60.00", "Fitting a tap,個,sixty")).unwrap();
    let output = demo(&["--once", "--json", "--from", text(folder.path())]).output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("price-list.csv") && told.contains("sixty"), "{told}");
}

/// A demo that serves, ended when it is dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_serving_demo_tells_programs_where_it_is_and_ends_when_asked() {
    let child = demo(&["--port", "0", "--ready-json"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut serving = Serving(child.unwrap());
    let mut lines = BufReader::new(serving.0.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let login = &ready["login"];
    assert_eq!((&login["org"], &login["user"]), (&"emerald-lake".into(), &"G002".into()));
    assert!(login["password"].as_str().unwrap().len() >= 12);

    let addr = ready["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut page = TcpStream::connect(addr).unwrap();
    write!(page, "GET /login HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    page.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let asked = Command::new("kill").args(["-TERM", &serving.0.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "nothing else on standard output");
    assert!(serving.0.wait().unwrap().success());
}

#[test]
fn a_port_that_is_taken_is_said_with_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = demo(&["--port", &port]).output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains(&port) && told.contains("--port 0"), "{told}");
    // A demo that ends by itself needs no port.
    assert!(demo(&["--once", "--port", &port]).output().unwrap().status.success());
}

/// The orders in a folder a demo left, by the unit they are about, with the firm's rules.
fn left_in(data: &Path) -> (BTreeMap<String, Order>, Rulebook) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = ServerConfig::new(data.join("server"), listen);
    let state = runtime.block_on(doorstep_server::open(&config)).unwrap();
    runtime.block_on(async {
        let org = "emerald-lake".into();
        let filter = OrderFilter { limit: 1000, ..OrderFilter::default() };
        let stored = state.storage().orders(org, filter).await.unwrap();
        let rulebook = state.rulebook(&"emerald-lake".into()).await.unwrap();
        let unit = |order: &Order| order.intake.as_ref().unwrap().unit.clone();
        (stored.into_iter().map(|one| (unit(&one.order), one.order)).collect(), (*rulebook).clone())
    })
}

fn last_visit(order: &Order) -> &Visit {
    order.visit().unwrap().1
}

#[test]
fn what_is_left_can_be_looked_at_order_by_order_and_is_played_once() {
    let data = tempfile::tempdir().unwrap();
    let first = figures(&demo(&["--once", "--json", "--data", text(data.path())]).output().unwrap());
    let (orders, rulebook) = left_in(data.path());
    assert_eq!(orders.len(), 12);
    let files = std::fs::read_dir(data.path().join("phones")).unwrap();
    let mut phones: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    phones.retain(|name| Path::new(name).extension().is_some_and(|kind| kind == "db"));
    phones.sort();
    assert_eq!(phones, ["W101.db", "W102.db"], "two technicians' phones and no other");
    let registered = |order: &Order| order.registered.clone().unwrap();
    let import = registered(&orders["1-0502"]);
    assert!(orders.values().all(|order| registered(order) == import), "one import registered them all");
    assert_eq!(import.by.as_str(), "G003");

    the_paid_repair_is_complete(&orders["1-0502"]);
    the_story_runs_forwards(&orders);
    only_what_is_odd_is_flagged(&orders, &rulebook);

    let odd = &orders["3-0501"];
    assert_eq!(odd.status(), Status::SignedOff);
    assert!(matches!(odd.sign_off().unwrap().resident, Outcome::Absent(_)));
    let phone = &odd.shared[&SharedField::Phone];
    assert_eq!(phone.conflicts.len(), 1, "both numbers are kept");
    let registered = &odd.intake.as_ref().unwrap().phone;
    let other = &phone.conflicts.values().next().unwrap().value;
    assert!(&phone.value != other && &phone.value != registered && other != registered);

    assert!(last_visit(&orders["1-1201"]).no_show.is_some());
    let refused = &orders["2-1103"];
    assert!(!refused.latest_quote().unwrap().1.answer.as_ref().unwrap().agreed);
    assert!(last_visit(refused).started.is_none(), "no work against a no");
    assert_eq!(orders["3-0704"].visits.len(), 2, "the next date is a visit of its own");
    assert_eq!(orders["4-0303"].take_aways.len(), 1);
    assert_eq!(orders["4-0501"].status(), Status::Registered);

    let again = figures(&demo(&["--once", "--json", "--data", text(data.path())]).output().unwrap());
    assert_eq!(again["statuses"], first["statuses"], "a kept folder is served, not played again");
    assert_eq!(again["entries"], 0);
}

fn the_paid_repair_is_complete(paid: &Order) {
    let visit = last_visit(paid);
    assert_eq!(visit.mismatches.len(), 1, "a mismatch was signed");
    assert!(paid.diagnosis.as_ref().unwrap().acknowledged.is_some());
    let (_, quote) = paid.agreed_quote().unwrap();
    let codes: Vec<&str> = quote.terms.lines.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes, ["SG-03", "SG-13"], "a waste pipe that leaks: fitting one, and the pipe");
    assert!(quote.reported.is_some());
    let payment = paid.payments.values().next().unwrap();
    assert_eq!(Some(payment.amount), quote.terms.total());
    assert!(!payment.receipt_no.is_empty());
    assert_eq!(paid.open_custody().count(), 0, "the cash is in the office");
    let sign_off = paid.sign_off().unwrap();
    assert!(sign_off.rating.is_some());
    assert_eq!(paid.copies.len(), 1);
    let resident = sign_off.resident.signed().unwrap();
    assert_eq!(resident.signer.name, "李婉儀");
    assert_eq!(sign_off.technician.signer.name, "陳志強");
    assert_ne!(resident.ink.digest, sign_off.technician.ink.digest, "each in their own hand");
    let consent = quote.answer.as_ref().unwrap().outcome.signed().unwrap();
    assert_ne!(resident.ink.digest, consent.ink.digest, "nobody signs twice alike");
    // Both signed the same sheet.
    assert_eq!(resident.document, sign_off.technician.document);
    assert!(visit.photos.len() >= 2);
}

/// Registered, then agreed, then arrived, started, signed off; all of it over when somebody looks.
fn the_story_runs_forwards(orders: &BTreeMap<String, Order>) {
    let now = Stamp::new(chrono::Utc::now().timestamp_millis(), 480);
    for (unit, order) in orders {
        let visit = order.visits.get(&1);
        let marks = [
            order.registered.as_ref(),
            order.answer.as_ref().map(|answer| &answer.mark),
            visit.and_then(|visit| visit.booked.as_ref()),
            visit.and_then(|visit| visit.set_out.as_ref()),
            visit.and_then(|visit| visit.arrived.as_ref()),
            visit.and_then(|visit| visit.started.as_ref()),
            order.sign_off().map(|sign_off| &sign_off.mark),
        ];
        let times: Vec<Stamp> = marks.into_iter().flatten().map(|mark| mark.at).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{unit}: {times:?}");
        assert!(times.iter().all(|at| *at < now), "{unit}: {times:?}");
        if let Some((window, arrived)) = visit.and_then(|v| Some((v.window?, v.arrived.as_ref()?))) {
            assert!(arrived.at <= window.start, "{unit}: before the time (R33)");
            let left = times.last().unwrap();
            assert!(*left <= window.end, "{unit}: {left} and {}", window.end);
        }
    }
}

/// The supervisor's list calls the odd ones odd, and no other.
fn only_what_is_odd_is_flagged(orders: &BTreeMap<String, Order>, rulebook: &Rulebook) {
    let now = Stamp::new(chrono::Utc::now().timestamp_millis(), rulebook.policy.offset_min);
    let loud = |order: &Order| -> Vec<Flag> {
        flags(order, rulebook, now).into_iter().filter(|flag| flag.weight() >= Weight::Warn).collect()
    };
    for (unit, order) in orders.iter().filter(|(_, order)| order.status() == Status::SignedOff) {
        assert_eq!(loud(order).is_empty(), unit != "3-0501", "{unit}: {:?}", loud(order));
    }
    let odd = loud(&orders["3-0501"]);
    assert!(odd.contains(&Flag::Conflict(1)), "{odd:?}");
    assert!(odd.iter().any(|flag| matches!(flag, Flag::SignatureAbsent(_))), "{odd:?}");
}

#[test]
fn the_shipped_signatures_are_signatures() {
    let folder = office("").join("handwriting");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "json") {
            continue;
        }
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let strokes: Vec<ink::Stroke> =
            serde_json::from_value::<Vec<Vec<(f64, f64, u32, f64)>>>(file["strokes"].clone())
                .unwrap()
                .iter()
                .map(|stroke| {
                    let point = |p: &(f64, f64, u32, f64)| ink::InkPoint {
                        x: (p.0 * 10.0) as i32,
                        y: (p.1 * 10.0) as i32,
                        t: p.2,
                        pressure: (p.3 * 255.0) as u8,
                    };
                    stroke.iter().map(point).collect()
                })
                .collect();
        assert!(ink::encode(&strokes).is_ok(), "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 20);
}
