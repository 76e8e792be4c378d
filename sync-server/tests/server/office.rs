//! The office's interface: register, command, list, look, and what is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{OrderId, OrgId, PersonId};
use doorstep_core::domain::person::Role;
use doorstep_core::domain::time::Stamp;
use doorstep_server::WallClock;
use doorstep_server::office::OfficeError;
use doorstep_server::storage::OrderFilter;

use crate::phone::Phone;
use crate::world::{ORG, World, intake};

#[test]
fn a_program_registers_commands_lists_and_looks() {
    let world = World::new();
    world.user("G003", "front desk 1");
    let token = world.login("G003", "front desk 1");
    let mut client = world.client();
    let body = serde_json::to_string(&intake("浴室漏水")).unwrap();
    let made = client.json("POST", "/v1/orders", &token, &body);
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.value()["number"], "WX000001");
    let id = made.value()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/orders/{id}/commands");
    let accepted = client.json("POST", &path, &token, r#"{"accept":{"materials":"身份證"}}"#);
    assert_eq!((accepted.status, accepted.value()["status"].as_str()), (200, Some("accepted")));
    let again = client.json("POST", &path, &token, r#"{"accept":{"materials":""}}"#);
    assert_eq!((again.status, again.error().as_str()), (409, "refused"));
    assert_eq!(again.value()["refusal"]["reason"], "already_answered");

    let list = client.json("GET", "/v1/orders?status=accepted&q=%E6%B5%B4%E5%AE%A4", &token, "").value();
    assert_eq!(list["orders"][0]["id"].as_str(), Some(id.as_str()));
    assert_eq!(list["counts"]["accepted"], 1);
    assert_eq!(
        client.json("GET", "/v1/orders?q=nothing", &token, "").value()["orders"].as_array().unwrap().len(),
        0
    );
    assert_eq!(client.json("GET", "/v1/orders?status=nonsense", &token, "").error(), "malformed");

    let whole = client.json("GET", &format!("/v1/orders/{id}"), &token, "").value();
    assert_eq!(whole["order"]["intake"]["fault"], "浴室漏水");
    let timeline = whole["timeline"].as_array().unwrap();
    let people: Vec<&str> = timeline.iter().map(|e| e["entry"]["a"]["person"].as_str().unwrap()).collect();
    assert_eq!(people, ["G003", "G003"]);
    assert_eq!(timeline[0]["number"], whole["order"]["number"]);
    assert_eq!(timeline[1]["number"], serde_json::Value::Null);
    let assign = whole["actions"].as_array().unwrap().iter().find(|a| a["kind"] == "assign").unwrap();
    assert_eq!(assign["allowed"], true);
    let approve = whole["actions"].as_array().unwrap().iter().find(|a| a["kind"] == "approve").unwrap();
    assert_eq!(approve["refusal"]["reason"], "wrong_role");
    assert!(approve["text"].as_str().unwrap().contains("R72"));
    assert_eq!(client.json("GET", &format!("/v1/orders/{}", OrderId::new()), &token, "").status, 404);
    assert_eq!(client.json("GET", "/v1/orders/x", &token, "").error(), "not_found");
}

#[test]
fn a_refusal_writes_nothing() {
    let world = World::new();
    let order = world.register();
    let before = world.order(order).unwrap();
    let refused = world.office("G003", Role::FrontDesk, order, Command::Approve { note: String::new() });
    assert!(matches!(refused, Err(OfficeError::Refused(_))));
    assert_eq!(world.order(order).unwrap(), before);
    let nobody = world.office("G003", Role::FrontDesk, OrderId::new(), Command::ApproveVisit);
    assert!(matches!(nobody, Err(OfficeError::NoSuchOrder)));
}

#[test]
fn importing_twice_changes_nothing_and_another_firm_sees_nothing() {
    let world = World::new();
    let first = world.import("emerald-lake", true);
    assert!(first.refused.is_empty(), "{:?}", first.refused);
    assert_eq!((first.documents, first.registered.len(), first.known), (0, 12, 0));
    let again = world.import("emerald-lake", true);
    assert_eq!((again.documents, again.registered.len(), again.known), (0, 0, 12));
    let second = world.import("second-office", true);
    assert_eq!(second.registered.len(), 2);
    let list = |org: &str| {
        let page = world.state().storage().list_orders(OrgId::from(org), OrderFilter::default());
        world.runtime.block_on(page).unwrap().rows
    };
    let (ours, theirs) = (list(ORG), list("harbour-court"));
    assert_eq!((ours.len(), theirs.len()), (12, 2));
    // Numbers count by firm.
    assert!(theirs.iter().any(|row| row.number.as_deref() == Some("WX000001")));
    for row in &theirs {
        assert!(world.order(row.id).is_none(), "an order of another firm");
    }
    let token = Phone::enrol(&world, "W101").token;
    let forged = token.replace(ORG, "harbour-court");
    assert_eq!(world.client().json("POST", "/v1/sync", &forged, "{\"v\":1}").status, 401);
}

#[test]
fn a_technician_signed_in_sees_their_own_orders_only() {
    let world = World::new();
    let (own, other) = (world.register(), world.register());
    world.accept_and_assign(own, "W101");
    world.accept_and_assign(other, "W102");
    world.user("W101", "technician 1");
    let token = world.login("W101", "technician 1");
    let mut client = world.client();
    let list = client.json("GET", "/v1/orders?technician=W102", &token, "").value();
    assert_eq!(list["orders"].as_array().unwrap().len(), 1);
    assert_eq!(list["orders"][0]["id"], own.to_string());
    assert_eq!(client.json("GET", &format!("/v1/orders/{other}"), &token, "").status, 404);
    let made = client.json("POST", "/v1/enrol-codes", &token, r#"{"person":"W102"}"#);
    assert_eq!((made.status, made.error().as_str()), (403, "forbidden"));
}

#[test]
fn what_the_office_settles_reaches_the_phone_and_back() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    assert_eq!(phone.base[&order].1, world.order(order).unwrap().order);
    assert!(phone.documents > 70);
    // The phone edits the fault, the office does meanwhile: both values are kept.
    let from = "漏水".to_owned();
    let edit = |to: &str| Fact::FieldEdited {
        field: doorstep_core::domain::order::intake::SharedField::Fault,
        from: from.clone(),
        to: to.to_owned(),
    };
    phone.record(order, vec![edit("水管裂")]);
    let field = doorstep_core::domain::order::intake::SharedField::Fault;
    world
        .office("G003", Role::FrontDesk, order, Command::EditField { field, to: "水龍頭壞".to_owned() })
        .unwrap();
    let answer = phone.sync();
    assert_eq!(Phone::verdict(&answer, 1), doorstep_core::journal::wire::Verdict::Conflicted);
    assert!(answer.echoes.is_empty());
    assert!(phone.base[&order].1.has_conflict());
    let page = world.state().storage().list_orders(OrgId::from(ORG), OrderFilter::default());
    assert!(world.runtime.block_on(page).unwrap().rows[0].has_conflict);
    let settle = Command::SettleField { field, value: "水管裂".to_owned() };
    world.office("G002", Role::Supervisor, order, settle).unwrap();
    phone.sync();
    assert!(!phone.base[&order].1.has_conflict());
    assert_eq!(phone.actor.person, PersonId::from("W101"));
    assert!(phone.is_technician());
}

/// The server's clock is given to it: what it stamps and what it lets expire follow that clock alone.
#[test]
fn the_server_stamps_and_forgets_by_the_clock_it_is_given() {
    let then = Stamp::parse("2031-03-05T09:00:00+08:00").unwrap();
    let hands = Arc::new(AtomicI64::new(then.utc_ms));
    let read = hands.clone();
    let world = World::with(WallClock::reading(move || read.load(Ordering::SeqCst)));
    world.user("G003", "front desk 1");
    let token = world.login("G003", "front desk 1");
    let order = world.register();
    let stored = world.order(order).unwrap().order;
    assert_eq!(stored.registered.unwrap().at, then);
    let mut client = world.client();
    let whole = client.json("GET", &format!("/v1/orders/{order}"), &token, "").value();
    assert_eq!(whole["timeline"][0]["received_ms"], then.utc_ms);
    // Two days later the session is over; whoever signs in again is known.
    hands.fetch_add(48 * 3_600_000, Ordering::SeqCst);
    assert_eq!(client.json("GET", "/v1/orders", &token, "").status, 401);
    let token = world.login("G003", "front desk 1");
    assert_eq!(client.json("GET", "/v1/orders", &token, "").status, 200);
}
