//! Documents of the size that an ERP has.

use einlass_protocol::policy::{Document, Match, Policy, RequestPath, Settings};
use serde_json::{Map, json};

const RESOURCES: usize = 400;

/// A document with four operations on each of many resources, each with a scope of its own.
fn document(version: &str) -> String {
    let security = |scope: String| json!({"security": [{"oauth2-application": [], "Wawi": [scope]}]});
    let mut paths = Map::new();
    for number in 0..RESOURCES {
        let (read, write) = (format!("r{number}.read"), format!("r{number}.write"));
        let (list, one) = (format!("/{version}/r{number}"), format!("/{version}/r{number}/{{id}}"));
        paths.insert(list, json!({"get": security(read.clone()), "post": security(write.clone())}));
        paths.insert(one, json!({"get": security(read), "delete": security(write)}));
    }
    json!({"openapi": "3.0.3", "paths": paths}).to_string()
}

#[test]
fn of_thousands_of_operations_in_two_documents_each_is_found_with_its_own_scope() {
    let (first, second) = (document("v1"), document("v2"));
    let documents = [Document { name: "v1", text: &first }, Document { name: "v2", text: &second }];
    let policy = Policy::compile(documents, Settings::default()).unwrap();
    assert_eq!(policy.operations().count(), 2 * 4 * RESOURCES);
    for version in ["v1", "v2"] {
        for number in 0..RESOURCES {
            for (method, path, permission) in [
                ("GET", format!("/{version}/R{number}"), "read"),
                ("POST", format!("/{version}/r{number}"), "write"),
                ("GET", format!("/{version}/r{number}/x"), "read"),
                ("DELETE", format!("/{version}/r{number}/x"), "write"),
            ] {
                let path = RequestPath::parse(&path).unwrap();
                let Match::Operation(operation) = policy.find(method, &path) else {
                    panic!("{method} {path:?}")
                };
                let scopes = operation.security.as_ref().unwrap()[0].scopes();
                assert_eq!(scopes.to_string(), format!("r{number}.{permission}"));
            }
        }
    }
}
