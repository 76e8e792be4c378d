//! Enrolling, signing in, and being kept out.

use doorstep_core::domain::ids::{DeviceId, OrgId, PersonId};
use serde_json::json;

use crate::phone::{Phone, hex};
use crate::world::{ORG, World};

fn enrol(world: &World, code: &str, device: DeviceId, key: u8) -> (u16, serde_json::Value) {
    let asked = json!({"code": code, "device": device, "public_key": hex(&[key; 32]), "app": "t"});
    let answer = world.client().json("POST", "/v1/enrol", "", &asked.to_string());
    assert_eq!(answer.header("doorstep"), Some("1"));
    (answer.status, answer.value())
}

#[test]
fn a_code_lets_one_phone_in_once() {
    let world = World::new();
    let (org, person) = (OrgId::from(ORG), PersonId::from("W101"));
    let made = doorstep_server::admin::enrol_code(world.state(), &org, &person);
    let (code, qr) = world.runtime.block_on(made).unwrap();
    assert_eq!(qr, format!("doorstep:http://{}#{code}", world.addr()));
    let device = DeviceId::new();
    let (status, first) = enrol(&world, &code, device, 1);
    assert_eq!(
        (status, first["person"].as_str(), first["role"].as_str()),
        (200, Some("W101"), Some("technician"))
    );
    // The same phone may ask again, its answer may have been lost; another phone may not.
    let (status, again) = enrol(&world, &code, device, 1);
    assert_eq!(status, 200);
    assert_ne!(again["token"], first["token"]);
    assert_eq!(enrol(&world, &code, device, 2).0, 401);
    assert_eq!(enrol(&world, &code, DeviceId::new(), 1).0, 401);
    let old = first["token"].as_str().unwrap();
    assert_eq!(world.client().json("POST", "/v1/sync", old, "{\"v\":1}").status, 401);
    let new = again["token"].as_str().unwrap();
    assert_eq!(world.client().json("POST", "/v1/sync", new, "{\"v\":1}").status, 200);
}

#[test]
fn guessing_codes_is_stopped() {
    let world = World::new();
    for _ in 0..20 {
        assert_eq!(enrol(&world, "emerald-lake.AAAAAAAAAA", DeviceId::new(), 1).0, 401);
    }
    let (status, answer) = enrol(&world, "emerald-lake.AAAAAAAAAA", DeviceId::new(), 1);
    assert_eq!((status, answer["error"].as_str()), (429, Some("busy")));
}

#[test]
fn guessing_passwords_is_stopped_and_secrets_are_not_kept() {
    let world = World::new();
    world.user("G002", "審核審核審核審核");
    let token = world.login("G002", "審核審核審核審核");
    let wrong = json!({"person": "G002", "password": "wrong password"}).to_string();
    for _ in 0..8 {
        assert_eq!(world.client().json("POST", "/v1/login", "", &wrong).status, 401);
    }
    assert_eq!(world.client().json("POST", "/v1/login", "", &wrong).status, 429);
    // Somebody else is not locked out.
    world.user("G001", "another password");
    world.login("G001", "another password");

    let phone = Phone::enrol(&world, "W101");
    let mut files = Vec::new();
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            files.extend(std::fs::read(path).unwrap());
        }
    }
    for secret in [token.as_str(), phone.token.as_str(), "審核審核審核審核"] {
        let found = files.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "a secret is in the data folder");
    }
}

#[test]
fn a_session_ends_when_it_is_left() {
    let world = World::new();
    world.user("G002", "a good password");
    let token = world.login("G002", "a good password");
    assert_eq!(world.client().json("GET", "/v1/orders", &token, "").status, 200);
    assert_eq!(world.client().json("POST", "/v1/logout", &token, "").status, 204);
    let answer = world.client().json("GET", "/v1/orders", &token, "");
    assert_eq!((answer.status, answer.error().as_str()), (401, "unauthorized"));
}

#[test]
fn a_cookie_alone_changes_nothing() {
    let world = World::new();
    world.user("G003", "a good password");
    let token = world.login("G003", "a good password");
    let cookie = format!("{}={token}", doorstep_server::auth::COOKIE);
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
    let mut client = world.client();
    assert_eq!(client.send("GET", "/v1/orders", &headers, b"").status, 200);
    let intake = serde_json::to_vec(&crate::world::intake("漏水")).unwrap();
    let answer = client.send("POST", "/v1/orders", &headers, &intake);
    assert_eq!((answer.status, answer.error().as_str()), (403, "forbidden"));
}
