//! Photos over HTTP: what is missing, whole and in parts, wrong bytes, and who may look at them.

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{Digest, ItemId, OrderId};
use doorstep_core::domain::order::visit::PhotoMoment;
use doorstep_core::journal::blobs::MAX_BLOB_BYTES;
use doorstep_core::journal::bytes::Exact;
use serde_json::json;

use crate::pages::Browser;
use crate::phone::Phone;
use crate::world::{Answer, World, intake};

fn put(world: &World, phone: &Phone, digest: &str, range: Option<&str>, body: &[u8]) -> Answer {
    let bearer = format!("Bearer {}", phone.token);
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(range.map(|range| ("content-range", range)));
    world.client().send("PUT", &format!("/v1/blobs/{digest}"), &headers, body)
}

fn missing(world: &World, phone: &Phone, digests: &[Digest]) -> serde_json::Value {
    let asked = json!({ "sha256": digests.iter().map(Digest::to_string).collect::<Vec<_>>() }).to_string();
    let answer = world.client().json("POST", "/v1/blobs/missing", &phone.token, &asked);
    assert_eq!((answer.status, answer.header("doorstep")), (200, Some("1")), "{}", answer.text());
    answer.value()["missing"].clone()
}

/// A phone with an order and a photo on it, recorded and not sent.
fn photographed(world: &World, photo: &[u8]) -> (Phone, OrderId) {
    let mut phone = Phone::enrol(world, "W101");
    let order = phone.register(intake("漏水"));
    let thumbnail = b"\xff\xd8 small".to_vec();
    let taken = Fact::PhotoTaken {
        item: ItemId::from("tidied"),
        moment: PhotoMoment::Before,
        picture: Digest::of(photo),
        thumbnail: Some(Digest::of(&thumbnail)),
    };
    let mut entry = phone.entry(order, vec![Fact::Arrived, taken]);
    entry.visit = 1;
    entry.inks.push(Exact(thumbnail));
    phone.journal.push(entry.encode().unwrap());
    phone.sync();
    (phone, order)
}

#[test]
fn a_photo_is_asked_for_sent_and_not_asked_for_again() {
    let world = World::new();
    let phone = Phone::enrol(&world, "W101");
    let photo = b"\xff\xd8 a photo".repeat(5000);
    let digest = Digest::of(&photo);
    let name = digest.to_string();
    assert_eq!(missing(&world, &phone, &[digest]), json!([{ "sha256": name, "offset": 0 }]));
    for _ in 0..2 {
        let answer = put(&world, &phone, &name, None, &photo);
        assert_eq!((answer.status, answer.header("doorstep")), (200, Some("1")));
        assert_eq!(answer.value(), json!({ "verified": true, "offset": photo.len() }));
    }
    assert_eq!(missing(&world, &phone, &[digest]), json!([]));
    // In parts, by another phone; each goes on where the one before ended.
    let other = Phone::enrol(&world, "W102");
    let second = b"another photo".repeat(900);
    let name = Digest::of(&second).to_string();
    let total = second.len();
    let range = |from: usize, to: usize| format!("bytes {from}-{}/{total}", to - 1);
    let answer = put(&world, &other, &name, Some(&range(0, 4000)), &second[..4000]);
    assert_eq!(answer.value(), json!({ "verified": false, "offset": 4000 }));
    let offset = missing(&world, &other, &[Digest::of(&second)])[0]["offset"].clone();
    assert_eq!(offset, 4000);
    let own = missing(&world, &phone, &[Digest::of(&second)])[0]["offset"].clone();
    assert_eq!(own, 0, "an upload is of one phone");
    let gap = put(&world, &other, &name, Some(&range(5000, total)), &second[5000..]);
    assert_eq!((gap.status, gap.error().as_str()), (409, "conflict"));
    let answer = put(&world, &other, &name, Some(&range(4000, total)), &second[4000..]);
    assert_eq!(answer.value(), json!({ "verified": true, "offset": total }));
}

#[test]
fn of_wrong_bytes_nothing_is_kept() {
    let world = World::new();
    let phone = Phone::enrol(&world, "W101");
    let digest = Digest::of(b"right");
    let name = digest.to_string();
    let wrong = put(&world, &phone, &name, None, b"wrong");
    assert_eq!((wrong.status, wrong.error().as_str()), (422, "wrong_hash"));
    assert_eq!(missing(&world, &phone, &[digest])[0]["offset"], 0);
    let refused = |name: &str, range: Option<&str>, body: &[u8]| {
        let answer = put(&world, &phone, name, range, body);
        (answer.status, answer.error())
    };
    let malformed = (400, "malformed".to_owned());
    assert_eq!(refused("../../etc/passwd", None, b"x").0, 404);
    assert_eq!(refused("%2e%2e%2fetc", None, b"x"), malformed);
    assert_eq!(refused(&name[1..], None, b"x"), malformed);
    assert_eq!(refused(&name, None, b""), malformed);
    for range in ["0-4/5", "bytes 0-4", "bytes 4-0/5", "bytes 0-9/5", "bytes */5", "bytes -1-4/5"] {
        assert_eq!(refused(&name, Some(range), b"right"), malformed, "{range}");
    }
    // Less and more than the range says.
    assert_eq!(refused(&name, Some("bytes 0-4/5"), b"rig"), malformed);
    assert_eq!(refused(&name, Some("bytes 0-2/5"), b"right"), malformed);
    let large = format!("bytes 0-4/{}", MAX_BLOB_BYTES + 1);
    assert_eq!(refused(&name, Some(&large), b"right"), (413, "too_large".to_owned()));
    let many: Vec<Digest> = (0..201_u32).map(|n| Digest::of(&n.to_be_bytes())).collect();
    let asked = json!({ "sha256": many.iter().map(Digest::to_string).collect::<Vec<_>>() }).to_string();
    assert_eq!(world.client().json("POST", "/v1/blobs/missing", &phone.token, &asked).error(), "malformed");
    assert_eq!(world.client().json("POST", "/v1/blobs/missing", "nobody.x", "{\"sha256\":[]}").status, 401);
    let bearer = [("authorization", "Bearer emerald-lake.AAAA")];
    let stranger = world.client().send("PUT", &format!("/v1/blobs/{name}"), &bearer, b"right");
    assert_eq!(stranger.status, 401);
    assert_eq!(put(&world, &phone, &name, None, b"right").status, 200, "the server goes on");
}

#[test]
fn the_office_sees_before_and_after_and_strangers_nothing() {
    let world = World::new();
    let photo = b"\xff\xd8 a kitchen".repeat(10);
    let (phone, order) = photographed(&world, &photo);
    let name = Digest::of(&photo).to_string();
    let path = format!("/v1/orders/{order}/photos/{name}");
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&format!("/orders/{order}"));
    assert_eq!(page.status, 200);
    let small = format!("/v1/orders/{order}/photos/{}", Digest::of(b"\xff\xd8 small"));
    assert!(page.text().contains(&format!("<img src=\"{small}\"")), "the thumbnail came with the fact");
    assert!(page.text().contains("照片尚未上傳") && !page.text().contains(&path));
    assert_eq!(browser.get(&path).status, 404);
    assert_eq!(put(&world, &phone, &name, None, &photo).status, 200);
    let page = browser.get(&format!("/orders/{order}"));
    assert!(page.text().contains(&format!("<a href=\"{path}\"")) && !page.text().contains("照片尚未上傳"));
    let shown = browser.get(&path);
    assert_eq!((shown.status, shown.body.as_slice()), (200, photo.as_slice()));
    assert_eq!(shown.header("content-type"), Some("image/jpeg"));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(browser.get(&small).body, b"\xff\xd8 small");
    // A photo is looked at through its order, by who is signed in.
    assert_eq!(browser.get(&format!("/v1/orders/{}/photos/{name}", world.register())).status, 404);
    assert_eq!(browser.get(&format!("/v1/orders/{order}/photos/x")).status, 404);
    assert_eq!(world.client().send("GET", &path, &[], b"").status, 401);
}
