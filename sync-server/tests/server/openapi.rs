//! Real answers are as the description says: every field written there, no required one missing.

use serde_json::{Value, json};

use crate::phone::{Phone, hex};
use crate::world::{self, Answer, World, intake};

/// Holds an answer to what the description says of an operation.
fn hold(document: &Value, method: &str, path: &str, answer: &Answer) {
    let status = answer.status.to_string();
    let operation = &document["paths"][path][method]["responses"][&status];
    assert!(operation.is_object(), "{method} {path} is not written to answer {status}");
    let Some(schema) = operation["content"].get("application/json").map(|json| &json["schema"]) else {
        return;
    };
    check(document, schema, &answer.value(), &format!("{method} {path} {status}"));
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return check(document, document.pointer(&reference[1..]).unwrap(), value, place);
    }
    if let (Some(names), Some(object)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, inner) in object {
            let known = names.get(name).unwrap_or_else(|| panic!("{place}: `{name}` is not written"));
            check(document, known, inner, &format!("{place}.{name}"));
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(required.as_str().unwrap()), "{place}: {required} is missing");
        }
    }
    if let (Some(item), Some(list)) = (schema.get("items"), value.as_array()) {
        for inner in list {
            check(document, item, inner, &format!("{place}[]"));
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(any) => any.iter().any(|one| one == kind),
        _ => true,
    };
    assert!(fits, "{place} is {kind}, written: {}", schema["type"]);
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{place}: {value}");
    }
}

#[test]
fn real_answers_are_as_described() {
    let world = World::new();
    let mut client = world.client();
    let answer = client.json("GET", "/openapi.json", "", "");
    let document = answer.value();
    hold(&document, "get", "/openapi.json", &answer);
    hold(&document, "get", "/healthz", &client.json("GET", "/healthz", "", ""));
    hold(&document, "get", "/readyz", &client.json("GET", "/readyz", "", ""));
    world.user("G002", "supervisor 1");
    world.user("W101", "technician 1");
    let wrong = json!({"person": "G002", "password": "not this one"}).to_string();
    hold(&document, "post", "/v1/login", &client.json("POST", "/v1/login", "", &wrong));
    let right = json!({"person": "G002", "password": "supervisor 1"}).to_string();
    let answer = client.json("POST", "/v1/login", "", &right);
    hold(&document, "post", "/v1/login", &answer);
    let token = answer.value()["token"].as_str().unwrap().to_owned();

    let made = client.json("POST", "/v1/enrol-codes", &token, r#"{"person":"W101"}"#);
    hold(&document, "post", "/v1/enrol-codes", &made);
    let nobody = client.json("POST", "/v1/enrol-codes", &token, r#"{"person":"nobody"}"#);
    assert_eq!(nobody.status, 404);
    hold(&document, "post", "/v1/enrol-codes", &nobody);
    let device = doorstep_core::domain::ids::DeviceId::new();
    let code = made.value()["code"].clone();
    let enrol = json!({"code": code, "device": device, "public_key": hex(&[5; 32]), "app": "t"}).to_string();
    hold(&document, "post", "/v1/enrol", &client.json("POST", "/v1/enrol", "", &enrol));
    hold(&document, "post", "/v1/enrol", &client.json("POST", "/v1/enrol", "", "{}"));

    let body = serde_json::to_string(&intake("漏水")).unwrap();
    let answer = client.json("POST", "/v1/orders", &token, &body);
    hold(&document, "post", "/v1/orders", &answer);
    hold(&document, "post", "/v1/orders", &client.json("POST", "/v1/orders", &token, "{}"));
    let id: doorstep_core::domain::ids::OrderId = answer.value()["id"].as_str().unwrap().parse().unwrap();
    let commands = format!("/v1/orders/{id}/commands");
    for command in [r#"{"accept":{"materials":"x"}}"#, r#""approve_visit""#, "nonsense"] {
        let answer = client.json("POST", &commands, &token, command);
        hold(&document, "post", "/v1/orders/{id}/commands", &answer);
    }
    world.assign(id, "W101");
    hold(&document, "get", "/v1/orders", &client.json("GET", "/v1/orders", &token, ""));
    hold(&document, "get", "/v1/orders", &client.json("GET", "/v1/orders?day=x", &token, ""));
    let path = "/v1/orders/{id}";
    hold(&document, "get", path, &client.json("GET", &format!("/v1/orders/{id}"), &token, ""));
    hold(&document, "get", path, &client.json("GET", "/v1/orders/0", &token, ""));

    let mut phone = Phone::enrol(&world, "W101");
    phone.register(intake("燈"));
    phone.journal.push(b"?".to_vec());
    let body = serde_json::to_vec(&phone.request(1)).unwrap();
    let answer = phone.post(&[("content-type", "application/json")], &body);
    assert!(!answer.value()["r"].as_array().unwrap().is_empty());
    assert!(
        !answer.value()["o"].as_array().unwrap().is_empty()
            && !answer.value()["d"].as_array().unwrap().is_empty()
    );
    hold(&document, "post", "/v1/sync", &answer);
    let answer = phone.post(&[("content-type", "application/json")], b"{\"v\":2}");
    hold(&document, "post", "/v1/sync", &answer);
    let again = json!({"code": "", "device": doorstep_core::domain::ids::DeviceId::new(), "public_key": hex(&[6; 32]), "app": "t"});
    let answer = client.json("POST", "/v1/incarnation", &phone.token, &again.to_string());
    assert_eq!(answer.status, 200);
    hold(&document, "post", "/v1/incarnation", &answer);
    let ink = format!("/v1/orders/{id}/ink/{}", hex(&[0; 32]));
    let answer = client.json("GET", &ink, &token, "");
    assert_eq!(answer.status, 404);
    hold(&document, "get", "/v1/orders/{id}/ink/{digest}", &answer);
    let name = doorstep_core::domain::ids::Digest::of(b"a photo").to_string();
    let asked = json!({ "sha256": [name] }).to_string();
    for (token, body) in [(phone.token.as_str(), asked.as_str()), (phone.token.as_str(), "x"), ("", "{}")] {
        let answer = client.json("POST", "/v1/blobs/missing", token, body);
        hold(&document, "post", "/v1/blobs/missing", &answer);
    }
    for body in ["wrong", "a photo"] {
        let answer = client.json("PUT", &format!("/v1/blobs/{name}"), &phone.token, body);
        hold(&document, "put", "/v1/blobs/{sha256}", &answer);
    }
    let photo = client.json("GET", &format!("/v1/orders/{id}/photos/{name}"), &token, "");
    hold(&document, "get", "/v1/orders/{id}/photos/{digest}", &photo);
    let org = doorstep_core::domain::ids::OrgId::from(world::ORG);
    let revoked = doorstep_server::admin::revoke_device(world.state(), &org, phone.id);
    assert!(world.runtime.block_on(revoked).unwrap());
    let keys = client.json("GET", &format!("/v1/orgs/{}/keys", world::ORG), "", "");
    hold(&document, "get", "/v1/orgs/{org}/keys", &keys);
    let own = hex(phone.key.verifying_key().as_bytes());
    let listed = keys.value()["keys"].as_array().unwrap().iter().find(|key| key["key"] == own).cloned();
    assert!(listed.is_some_and(|key| key["revoked"].is_string()), "also a revoked one: {}", keys.text());
    assert!(!keys.text().contains("W101"), "and not whose it is");
    let page = client.send("GET", &format!("/keys/{}", world::ORG), &[], b"").text();
    assert!(page.contains(&own), "{page}");
    hold(&document, "get", "/v1/orgs/{org}/keys", &client.json("GET", "/v1/orgs/nobody/keys", "", ""));
    hold(&document, "post", "/v1/logout", &client.json("POST", "/v1/logout", &token, ""));
    hold(&document, "post", "/v1/logout", &client.json("POST", "/v1/logout", &token, ""));
}
