//! Photos in a bucket, against a real S3 server: up, seen by the office, cut off, killed, silent, backed up and put back.
//! `tests/run s3` runs these, and the tests of photos in a folder once more on the bucket.

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{Digest, OrderId};
use doorstep_core::phone::{HttpRequest, HttpResponse, PhoneError, PhotoState, Transport, TransportError};
use doorstep_server::backup::{self, What};
use doorstep_tests::bench::process::Served;
use doorstep_tests::bucket::{self, S3Server};
use doorstep_tests::office::{self, CHAN, Office, SUPERVISOR};
use doorstep_tests::phones::{Handset, line};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::{database, probe, text};

use super::photos::{Half, WIFI, arrived, on_site, state, take};

const WRITER: &str = env!("CARGO_BIN_EXE_writer");
const PASSWORD: &str = "a long password";

/// A server in a process of its own, with its photos at this endpoint, and phones enrolled there.
fn served(data: &Path, endpoint: &str, phones: usize) -> (Served, Vec<Handset>) {
    office::furnish(data);
    let codes = office::codes(data, &"emerald-lake".into(), &vec![CHAN; phones]);
    let bucket = [("AWS_ENDPOINT_URL", endpoint), ("DOORSTEP_PHOTOS_ON", "s3")];
    let served = Served::start_with(Path::new(WRITER), "serve", data, None, &bucket);
    let enrol = |code: String| {
        let phone = Handset::fresh(CHAN, Arc::new(line()));
        phone.phone.enrol(&line(), &format!("doorstep:{}#{code}", served.url())).unwrap();
        phone
    };
    let phones = codes.into_iter().map(enrol).collect();
    (served, phones)
}

fn arrives(phone: &Handset) -> OrderId {
    let id = phone.phone.new_order_id();
    phone.does(id, Command::Register(text::intake(1)));
    play::arrive(phone, id);
    phone.heal();
    id
}

/// Waits for something that comes by itself.
fn wait_for(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether so many bytes of one upload lie in a server's folder.
fn half_is_there(data: &Path, bytes: u64) -> bool {
    let parts = std::fs::read_dir(data.join("blobs/emerald-lake/parts"));
    parts.is_ok_and(|parts| parts.flatten().any(|part| part.metadata().is_ok_and(|part| part.len() == bytes)))
}

fn ready(served: &Served) -> (u16, String) {
    let answer = probe::client().get(format!("{}/readyz", served.url())).send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

/// A line that hears what the server says.
#[derive(Default)]
struct Listening(Mutex<Vec<(u16, Option<String>)>>);

impl Transport for Listening {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let answer = line().send(request)?;
        let wait = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        self.0.lock().unwrap().push((answer.status, wait.map(|(_, value)| value.clone())));
        Ok(answer)
    }
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_killed_in_the_middle_of_a_photo_loses_nothing_and_holds_up_no_work() {
    let s3 = S3Server::anywhere();
    let (port, folder) = (s3.port, tempfile::tempdir().unwrap());
    let data = folder.path().join("server");
    let (served, phones) = served(&data, &s3.url(), 1);
    let chan = &phones[0];
    let id = arrives(chan);
    assert_eq!(ready(&served), (200, "ready\n".to_owned()));
    let first = take(chan, id, 1);
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 1);
    assert_eq!(state(chan, id, first), Some(PhotoState::Verified));
    let second = take(chan, id, 2);
    let bytes = chan.phone.photo_counts().unwrap().waiting_bytes;
    assert!(matches!(chan.phone.send_photos(&Half, WIFI), Err(PhoneError::Offline(_))));
    wait_for(|| half_is_there(&data, bytes / 2));
    drop(s3);
    let listening = Listening::default();
    for _ in 0..2 {
        assert!(matches!(chan.phone.send_photos(&listening, WIFI), Err(PhoneError::Offline(_))));
        assert_eq!(listening.0.lock().unwrap().last(), Some(&(503, Some("10".to_owned()))));
        assert_eq!(chan.phone.photo_counts().unwrap().waiting_bytes, bytes, "the phone keeps it");
    }
    // Work goes on (I28), and the server says what is wrong.
    chan.does(id, Command::AddNote { text: "照片還沒上傳".to_owned() });
    chan.heal();
    assert_eq!(chan.phone.status().unwrap().waiting, 0);
    wait_for(|| ready(&served) == (200, "ready, but for photos\n".to_owned()));
    let s3 = S3Server::start(port);
    let report = chan.phone.send_photos(&line(), WIFI).unwrap();
    assert_eq!((report.verified, report.bytes_up), (1, bytes - bytes / 2), "from where it was cut");
    assert_eq!(state(chan, id, second), Some(PhotoState::Verified));
    drop((served, s3));
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_that_says_nothing_holds_up_no_work_of_any_phone() {
    // It takes connections, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (_served, phones) = served(&folder.path().join("server"), &endpoint, 11);
    let (worker, senders) = phones.split_first().unwrap();
    let order = arrives(worker);
    for phone in senders {
        let id = arrives(phone);
        take(phone, id, 1);
        phone.heal();
    }
    std::thread::scope(|scope| {
        let sending: Vec<_> =
            senders.iter().map(|phone| scope.spawn(|| phone.phone.send_photos(&line(), WIFI))).collect();
        // More of them wait for the store than the server has threads for its own files.
        std::thread::sleep(Duration::from_secs(1));
        for _ in 0..5 {
            worker.does(order, Command::AddNote { text: "繼續工作".to_owned() });
            worker.heal();
        }
        assert!(sending.iter().all(|thread| !thread.is_finished()), "they wait all the while");
        for thread in sending {
            assert!(matches!(thread.join().unwrap(), Err(PhoneError::Offline(_))));
        }
    });
    for phone in senders {
        assert_eq!(phone.phone.photo_counts().unwrap().waiting, 1, "kept");
    }
}

/// Gets something as the supervisor.
fn get(office: &Office, token: &str, path: &str) -> (u16, Vec<u8>) {
    let asked = probe::client().get(format!("{}{path}", office.url())).bearer_auth(token);
    let answer = asked.send().unwrap();
    (answer.status().as_u16(), answer.bytes().unwrap().to_vec())
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_has_the_photo_the_office_sees() {
    let office = Office::emerald_lake();
    office.user(SUPERVISOR, PASSWORD);
    let body = format!(r#"{{"person": "{SUPERVISOR}", "password": "{PASSWORD}"}}"#);
    let answer = probe::client().post(format!("{}/v1/login", office.url())).body(body).send().unwrap();
    let token: serde_json::Value = serde_json::from_slice(&answer.bytes().unwrap()).unwrap();
    let token = token["token"].as_str().unwrap();
    let (chan, id) = on_site(&office);
    let picture = take(&chan, id, 1);
    chan.heal();
    let (page, path) = (format!("/orders/{id}"), format!("/v1/orders/{id}/photos/{picture}"));
    let shows = |text: &[u8]| String::from_utf8_lossy(text).contains(&format!("<a href=\"{path}\""));
    assert!(!shows(&get(&office, token, &page).1) && get(&office, token, &path).0 == 404);
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 1);
    assert!(shows(&get(&office, token, &page).1));
    let (status, bytes) = get(&office, token, &path);
    assert_eq!((status, Digest::of(&bytes)), (200, picture));
    assert_eq!(
        doorstep_server::blobs::photos_in(&office.data.join("blobs")).unwrap(),
        [],
        "nothing stays here"
    );
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_keeps_the_photos_a_backup_notes_and_phones_have_what_it_lost() {
    let mut office = Office::emerald_lake();
    let (chan, id) = on_site(&office);
    let (first, second) = (take(&chan, id, 1), take(&chan, id, 2));
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 2);
    chan.heal();
    let place = tempfile::tempdir().unwrap();
    let taken = office.backs_up(place.path());
    let noted: Vec<Digest> = taken.manifest.photos.iter().map(|photo| photo.sha256).collect();
    let mut both = [first, second];
    both.sort();
    assert_eq!((noted.as_slice(), taken.copied), (both.as_slice(), 0));
    assert!(!place.path().join("blobs").exists());
    let looked = backup::verify(place.path()).unwrap();
    assert_eq!((looked.photos, looked.wrong.len()), (2, 0), "{looked:?}");
    assert_eq!(office.wrong(), []);
    // The bucket has something else under a photo's name.
    let bucket = database::photos(&office.data).unwrap();
    let name = taken.manifest.photos.iter().find(|photo| photo.sha256 == second).unwrap();
    let object = format!("{}/{}", bucket.trim_start_matches("s3://"), name.path.display());
    let endpoint = std::env::var("AWS_ENDPOINT_URL").unwrap();
    let port = endpoint.rsplit_once(':').unwrap().1.parse().unwrap();
    bucket::put(port, &object, b"no photo");
    let found = |wrong: Vec<backup::Wrong>| wrong.iter().map(|wrong| wrong.what).collect::<Vec<_>>();
    assert_eq!(
        found(backup::verify(place.path()).unwrap().wrong),
        [What::Photo],
        "of the backup, by its size"
    );
    assert_eq!(found(office.wrong()), [What::Photo], "of the server, by its SHA-256");
    // Put back, the photos are where they were.
    office.is_lost_and_restored(place.path());
    chan.heal();
    assert_eq!(office.state().blobs().read(&office.org, first).unwrap().map(|b| Digest::of(&b)), Some(first));
    assert_eq!(office.state().blobs().photos().unwrap().len(), 2);
    // And with a bucket that has nothing any more, phones send them again.
    office.stop();
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("data");
    std::fs::rename(&office.data, &moved).unwrap();
    office.data = moved;
    office.start();
    office.was_restored();
    chan.heal();
    assert_eq!(chan.phone.send_photos(&line(), WIFI).unwrap().verified, 2);
    assert_eq!(arrived(&office), both);
}
