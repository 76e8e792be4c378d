//! The interface's description: a file, served as it is, and held to the router and to real answers by tests.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

/// OpenAPI 3.1.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// `GET /openapi.json`
pub(crate) async fn show() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], DOCUMENT)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use doorstep_core::domain::order::status::Status;
    use doorstep_core::domain::person::Role;
    use serde_json::Value;

    use super::DOCUMENT;
    use crate::router::api_routes;

    fn document() -> Value {
        serde_json::from_str(DOCUMENT).unwrap()
    }

    #[test]
    fn it_has_every_route_and_no_other() {
        let document = document();
        let mut written = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                written.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let routes: BTreeSet<String> =
            api_routes().iter().map(|(method, path, _)| format!("{method} {path}")).collect();
        assert_eq!(written, routes);
    }

    #[test]
    fn its_version_and_lists_are_the_codes() {
        let document = document();
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
        let schemas = &document["components"]["schemas"];
        let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.code()).collect();
        assert_eq!(schemas["Status"]["enum"], serde_json::json!(statuses));
        let roles: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        assert_eq!(schemas["Role"]["enum"], serde_json::json!(roles));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(map) => {
                    if let Some(Value::String(text)) = map.get("$ref") {
                        found.insert(text.clone());
                    }
                    map.values().for_each(|inner| walk(inner, found));
                }
                Value::Array(list) => list.iter().for_each(|inner| walk(inner, found)),
                _ => {}
            }
        }
        let document = document();
        let mut found = BTreeSet::new();
        walk(&document, &mut found);
        assert!(found.len() > 15);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
