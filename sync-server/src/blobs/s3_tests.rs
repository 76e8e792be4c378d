//! The bucket against a real S3 server in a process of its own: `tests/run s3` installs and names it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use self::bucket::S3Server;
use super::super::conformance;
use super::*;

/// The whole-system tests' own.
#[path = "../../../tests/src/bucket.rs"]
#[allow(dead_code, unreachable_pub, reason = "public where it lives")]
mod bucket;

fn settings(port: u16) -> AmazonS3Builder {
    let settings = AmazonS3Builder::new().with_endpoint(format!("http://127.0.0.1:{port}"));
    let settings = settings.with_allow_http(true).with_region("us-east-1");
    settings.with_access_key_id("test").with_secret_access_key("test")
}

fn away<T>(result: io::Result<T>) -> bool {
    result.is_err_and(|error| error.kind() == io::ErrorKind::NotConnected)
}

/// Sends a photo from where the store is; whether it is verified.
fn send(store: &dyn BlobStore, key: &BlobKey, bytes: &[u8]) -> io::Result<bool> {
    let from = store.offset(key)?;
    let mut upload = store.upload(key, from)?;
    upload.write(&bytes[usize::try_from(from).unwrap()..])?;
    upload.finish()
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_passes_the_suite_of_all_stores() {
    let server = S3Server::anywhere();
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    let open = |url: &str, parts: &str| {
        S3Store::with(settings(server.port), url, folder.path().join(parts)).unwrap()
    };
    conformance::all(&mut || {
        number += 1;
        Box::new(open(&format!("s3://photos/under/{number}"), &number.to_string()))
    });
    // Another process sees what is whole, and begins what is not; a bucket's root is as good a place.
    let (one, other) = (open("s3://photos", "a"), open("s3://photos/", "b"));
    let (done, begun) = (conformance::key(b"done"), conformance::key(b"begun"));
    assert!(send(&one, &done, b"done").unwrap());
    one.upload(&begun, 0).unwrap().write(b"be").unwrap();
    assert_eq!(other.read(&done.org, done.digest).unwrap().as_deref(), Some(&b"done"[..]));
    assert_eq!((one.offset(&begun).unwrap(), other.offset(&begun).unwrap()), (2, 0));
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_killed_in_an_upload_verifies_nothing_and_goes_on_when_it_is_back() {
    let server = S3Server::anywhere();
    let (port, folder) = (server.port, tempfile::tempdir().unwrap());
    let store = S3Store::with(settings(port), "s3://photos/x", folder.path().to_owned()).unwrap();
    let key = conformance::key(b"a photo");
    store.upload(&key, 0).unwrap().write(b"a ph").unwrap();
    drop(server);
    assert!(away(send(&store, &key, b"a photo")));
    assert_eq!(store.offset(&key).unwrap(), 6, "what came stays, and there is something left to send");
    assert!(away(store.size(&key.org, key.digest)), "nobody takes it for not there");
    assert!(away(store.photos()) && away(store.ready()) && away(store.read(&key.org, key.digest)));
    assert!(away(send(&store, &key, b"a photo")));
    let server = S3Server::start(port);
    assert!(send(&store, &key, b"a photo").unwrap());
    assert_eq!(store.size(&key.org, key.digest).unwrap(), Some(7));
    assert_eq!(store.offset(&key).unwrap(), 0);
    // The server answers, and there is no such bucket.
    let nowhere = S3Store::with(settings(server.port), "s3://none", folder.path().to_owned()).unwrap();
    let key = conformance::key(b"other");
    assert!(away(send(&nowhere, &key, b"other")) && away(nowhere.ready()) && away(nowhere.photos()));
    assert_eq!(nowhere.offset(&key).unwrap(), 4);
}

/// Stands before a store and changes a byte of what is put: a store that keeps what it is given, whatever its SHA-256.
fn spoiling(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let (mut up, mut back) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let mut down = client;
            std::thread::spawn(move || {
                let _ = io::copy(&mut back, &mut down);
            });
            std::thread::spawn(move || {
                let (mut server, mut buffer) = (server, [0; 64 * 1024]);
                while let Ok(count) = up.read(&mut buffer) {
                    let text = &mut buffer[..count];
                    if let Some(at) = text.windows(7).position(|some| some == b"a photo") {
                        text[at] = b'A';
                    }
                    if count == 0 || server.write_all(text).is_err() {
                        break;
                    }
                }
            });
        }
    });
    own
}

#[test]
#[ignore = "needs an S3 server: tests/run s3"]
fn s3_that_kept_other_bytes_verifies_nothing_and_has_nothing() {
    let server = S3Server::anywhere();
    let folder = tempfile::tempdir().unwrap();
    let open = |port| S3Store::with(settings(port), "s3://photos/x", folder.path().to_owned()).unwrap();
    let (spoiled, good) = (open(spoiling(server.port)), open(server.port));
    let key = conformance::key(b"a photo");
    let why = send(&spoiled, &key, b"a photo").unwrap_err();
    assert_eq!(why.to_string(), "the store gave back other bytes than it was given");
    assert_eq!(spoiled.size(&key.org, key.digest).unwrap(), None, "nobody takes it for the photo");
    assert!(send(&good, &key, b"a photo").unwrap(), "the byte that was left is enough");
    assert_eq!(good.read(&key.org, key.digest).unwrap().as_deref(), Some(&b"a photo"[..]));
}

#[test]
fn an_address_that_is_none_is_said_to_be() {
    for wrong in ["photos", "s3://", "s3:///x", "http://photos"] {
        let error = S3Store::with(AmazonS3Builder::new(), wrong, PathBuf::from("x")).err().unwrap();
        assert_eq!(
            error.to_string(),
            format!("{wrong} is no address of a bucket: it is like s3://BUCKET/PREFIX")
        );
    }
}

#[test]
#[ignore = "takes as long as a store is waited for: tests/run s3"]
fn s3_that_takes_connections_and_says_nothing_is_waited_for_so_long_and_no_longer() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let port = silent.local_addr().unwrap().port();
    let store = S3Store::with(settings(port), "s3://photos", folder.path().to_owned()).unwrap();
    let began = Instant::now();
    assert!(away(store.ready()));
    assert!(began.elapsed() < Duration::from_secs(50), "{:?}", began.elapsed());
}
