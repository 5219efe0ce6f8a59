//! The document and the router say the same, and answers are what the document says.

use crate::support::{Reply, TestPlatform};
use axum::body::Body;
use einlass_server::admin::OPENAPI;
use http::Request;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_saphyr::from_str(OPENAPI).unwrap());

fn paths() -> &'static Map<String, Value> {
    DOCUMENT["paths"].as_object().unwrap()
}

/// Panics unless the document has an answer of this kind. Requests that it does not know may be refused anyhow.
pub(super) fn holds(method: &str, path: &str, reply: &Reply) {
    let Some(operation) = operation(method, path) else {
        return assert!(reply.status.is_client_error(), "{method} {path} is not described: {}", reply.status);
    };
    let responses = &operation["responses"];
    let told = responses.get(reply.status.as_str()).or_else(|| responses.get("default"));
    let told = resolve(told.unwrap_or_else(|| panic!("{method} {path}: {} is not described", reply.status)));
    match told["content"].as_object().and_then(|content| content.iter().next()) {
        None => assert!(reply.body.is_empty(), "{method} {path}: a body that is not described"),
        Some((kind, media)) => {
            assert!(reply.header("content-type").starts_with(kind.as_str()), "{method} {path}");
            if kind == "application/json" {
                fits(&reply.json(), &media["schema"], &format!("{method} {path}"));
            }
        }
    }
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap();
    let fixed_parts = |template: &str| template.split('/').filter(|part| !part.starts_with('{')).count();
    let matches = |template: &str| {
        let (parts, names) = (path.split('/'), template.split('/'));
        parts.clone().count() == names.clone().count()
            && parts.zip(names).all(|(part, name)| name.starts_with('{') || part == name)
    };
    let fitting = paths().iter().filter(|(template, _)| matches(template));
    let (_, found) = fitting.max_by_key(|(template, _)| fixed_parts(template))?;
    found.get(method.to_ascii_lowercase())
}

fn resolve(schema: &'static Value) -> &'static Value {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
        return schema;
    };
    resolve(DOCUMENT.pointer(reference.strip_prefix('#').unwrap()).unwrap())
}

/// As much of JSON Schema as the document uses, and stricter: an answer has no field that the document does not name.
fn fits(value: &Value, schema: &'static Value, place: &str) {
    let schema = resolve(schema);
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(
        kinds.is_empty() || kinds.iter().any(|allowed| *allowed == kind),
        "{place}: {value} is no {kinds:?}"
    );
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{place}: {value} is none of {allowed:?}");
    }
    match value {
        Value::String(text) => match schema["format"].as_str() {
            Some("uuid") => {
                assert!(text.len() == 36 && text.parse::<uuid::Uuid>().is_ok(), "{place}: {text}");
            }
            Some("date-time") => assert!(text.parse::<jiff::Timestamp>().is_ok(), "{place}: {text}"),
            _ => {}
        },
        Value::Array(items) => items.iter().for_each(|item| fits(item, &schema["items"], place)),
        Value::Object(fields) => {
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(fields.contains_key(name.as_str().unwrap()), "{place}: {name} is missing");
            }
            for (name, field) in fields {
                let Some(known) = schema["properties"].get(name) else {
                    assert!(schema["additionalProperties"] == true, "{place}: {name} is not described");
                    continue;
                };
                fits(field, known, &format!("{place}: {name}"));
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_operation_of_the_document_is_in_the_router_and_no_other_method() {
    let platform = TestPlatform::start().await;
    for (template, operations) in paths() {
        let path: String = template
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let request = Request::builder().method("BREW").uri(format!("/admin/api{path}"));
        let reply = platform.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (reply.status.as_u16(), super::error(&reply).1),
            (405, "method_not_allowed".into()),
            "{path}"
        );
        let allowed: BTreeSet<_> =
            reply.header("allow").split(',').filter(|method| *method != "HEAD").collect();
        let described = operations.as_object().unwrap().keys().filter(|key| *key != "parameters");
        let described: Vec<String> = described.map(|method| method.to_ascii_uppercase()).collect();
        assert_eq!(allowed, described.iter().map(String::as_str).collect(), "{path}");
    }
}

#[test]
fn every_path_of_the_router_is_in_the_document() {
    let source = include_str!("../../../src/admin/router.rs");
    let routed: BTreeSet<&str> =
        source.split(".route(").skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
    assert!(routed.len() > 20, "the router reads differently");
    let described: BTreeSet<&str> = paths().keys().map(String::as_str).collect();
    assert_eq!(routed, described);
}

#[tokio::test]
async fn the_document_is_served_to_whoever_asks() {
    let platform = TestPlatform::start().await;
    let reply = platform.get("/admin/api/openapi.yaml").await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/yaml"));
    assert_eq!(reply.text(), OPENAPI);
}

#[tokio::test]
async fn what_needs_a_token_answers_nothing_without_one() {
    let platform = TestPlatform::start().await;
    for (template, operations) in paths() {
        for (method, operation) in
            operations.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters")
        {
            if operation["security"].as_array().is_some_and(Vec::is_empty) {
                continue;
            }
            let path = template.replace(['{', '}'], "");
            let reply = platform.administer_as("", &method.to_ascii_uppercase(), &path, "{}").await;
            assert_eq!(
                (reply.status.as_u16(), reply.header("www-authenticate")),
                (401, "Bearer"),
                "{method} {path}"
            );
        }
    }
}
