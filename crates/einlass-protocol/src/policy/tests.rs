//! The policy as a whole: documents in, verdicts out.

use super::*;

const ERP: &str = r#"
openapi: 3.0.1
info: { title: ERP, version: "2.0" }
x-generator: something
components:
  securitySchemes:
    Wawi: { type: apiKey, in: header, name: x-api-key }
    oauth2-application: { type: oauth2, flows: {} }
    oauth2-cloud-id-accessCode: { type: oauth2, flows: {} }
paths:
  x-note: { get: {} }
  /v2/returns:
    parameters: []
    get:
      operationId: Return_QueryReturnsAsync
      responses: { 200: { description: fine }, default: { description: not } }
      security:
        - { oauth2-cloud-id-accessCode: [], Wawi: [returns.read] }
        - { oauth2-application: [], Wawi: [Returns.Read] }
    post:
      security: [{ oauth2-application: [], Wawi: [returns.write] }]
  /v2/returns/{returnId}:
    get: { security: [{ Wawi: [returns.read] }] }
  /v2/returns/search:
    post: { security: [{ Wawi: [returns.read] }] }
  /v2/open: { get: { security: [] } }
  /v2/maybe: { get: { security: [{}] } }
  /v2/unstated: { get: { operationId: Unstated } }
"#;

fn compile(documents: &[(&str, &str)], settings: Settings) -> Result<Policy, Vec<String>> {
    let documents = documents.iter().map(|&(name, text)| Document { name, text });
    Policy::compile(documents, settings).map_err(|faults| faults.iter().map(Fault::to_string).collect())
}

fn erp() -> Policy {
    compile(&[("erp.yaml", ERP)], Settings::default()).unwrap()
}

fn path(text: &str) -> RequestPath {
    RequestPath::parse(text).unwrap()
}

#[test]
fn the_platforms_documents_are_read_as_they_are_written() {
    let policy = erp();
    let Match::Operation(operation) = policy.find("GET", &path("/V2/Returns")) else {
        panic!("the operation is known");
    };
    assert_eq!(operation.operation_id.as_deref(), Some("Return_QueryReturnsAsync"));
    let read = || Some("returns.read".parse().unwrap());
    let none = || Some("".parse().unwrap());
    let person = Alternative { wawi: read(), cloud_id: none(), ..Alternative::default() };
    let machine = Alternative { wawi: read(), application: none(), ..Alternative::default() };
    assert_eq!(operation.security, Some(vec![person, machine]));
}

#[test]
fn json_is_read_like_yaml() {
    let value: serde_json::Value = serde_saphyr::from_str(ERP).unwrap();
    let policy = compile(&[("erp.json", &value.to_string())], Settings::default()).unwrap();
    assert_eq!(policy.operations().count(), erp().operations().count());
}

#[test]
fn head_is_judged_as_get_and_other_methods_by_their_own_operation() {
    let policy = erp();
    assert!(
        matches!(policy.find("HEAD", &path("/v2/returns")), Match::Operation(op) if op.method == Method::Get)
    );
    let Match::MethodNotAllowed { allowed } = policy.find("DELETE", &path("/v2/returns")) else {
        panic!("the path is known");
    };
    assert_eq!(allowed, [Method::Get, Method::Post, Method::Head]);
    assert!(matches!(policy.find("get", &path("/v2/returns")), Match::MethodNotAllowed { .. }));
}

#[test]
fn the_most_literal_path_decides_whatever_its_methods() {
    let policy = erp();
    assert!(matches!(policy.find("GET", &path("/v2/returns/search")), Match::MethodNotAllowed { .. }));
    assert!(matches!(policy.find("GET", &path("/v2/returns/4711")), Match::Operation(_)));
}

#[test]
fn an_operation_that_states_nothing_is_unknown() {
    assert!(matches!(erp().find("GET", &path("/v2/unstated")), Match::Unknown));
    assert!(matches!(erp().find("POST", &path("/v2/unstated")), Match::Unknown));
    assert!(matches!(erp().find("GET", &path("/v2/note")), Match::Unknown));
}

#[test]
fn the_documents_security_counts_where_an_operation_has_none() {
    let text = r#"{"openapi": "3.1.0", "security": [{"Wawi": ["a.b"]}], "paths": {
        "/own": {"get": {"security": []}}, "/default": {"get": {}}}}"#;
    let policy = compile(&[("d.json", text)], Settings::default()).unwrap();
    let security = |at| match policy.find("GET", &path(at)) {
        Match::Operation(operation) => operation.security.clone().unwrap(),
        _ => panic!("{at} is known"),
    };
    assert!(security("/own")[0].is_public());
    assert_eq!(security("/default")[0].to_string(), "an installation with a.b");
}

#[test]
fn public_operations_open_by_a_setting_only() {
    let none = "".parse().unwrap();
    let caller = Caller { kind: CallerKind::Machine, token: &none, granted: &none };
    for (allow_public, expected) in [(false, Err(Refusal::PublicNotAllowed)), (true, Ok(()))] {
        let policy = compile(&[("erp.yaml", ERP)], Settings { allow_public }).unwrap();
        for at in ["/v2/open", "/v2/maybe"] {
            let Match::Operation(operation) = policy.find("GET", &path(at)) else { panic!("{at} is known") };
            assert_eq!(policy.decide(operation, caller).map(|_| ()), expected, "{at}");
        }
    }
}

#[test]
fn every_fault_is_reported_with_its_place() {
    let broken = r#"{"openapi": "3.0.0", "components": {"securitySchemes": {"Wawi": {"type": "http"}}}, "paths": {
        "/a": {"get": {"security": [{"Wawi": ["a b"]}]}, "post": []},
        "/b": {"$ref": "other.json#/b"},
        "c~/d": {"get": {"security": {}}}
    }}"#;
    let faults =
        compile(&[("broken.json", broken), ("old.json", r#"{"swagger": "2.0"}"#)], Settings::default());
    let faults = faults.unwrap_err();
    let mut places: Vec<&str> = faults.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            "broken.json#/components/securitySchemes/Wawi",
            "broken.json#/paths/c~0~1d/get",
            "broken.json#/paths/c~0~1d/get/security",
            "broken.json#/paths/~1a/get/security/0/Wawi/0",
            "broken.json#/paths/~1a/post",
            "broken.json#/paths/~1b/$ref",
            "old.json#/openapi",
        ]
    );
}

#[test]
fn text_that_is_no_document_is_a_fault() {
    let twice = r#"{"openapi": "3.0.0", "paths": {"/a": {}, "/a": {}}}"#;
    for text in ["{", "a: [", "openapi: 3.0.0\nopenapi: 3.0.0\npaths: {}", twice] {
        let faults = compile(&[("x", text)], Settings::default()).unwrap_err();
        assert!(faults.len() == 1 && faults[0].starts_with("x#: cannot be read: "), "{faults:?}");
    }
}

#[test]
fn local_references_to_path_items_are_followed() {
    let text = r##"{"openapi": "3.1.0", "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
        "components": {"pathItems": {"A": {"get": {"security": [{"Wawi": []}]}}}}}"##;
    let policy = compile(&[("d.json", text)], Settings::default()).unwrap();
    assert!(matches!(policy.find("GET", &path("/a")), Match::Operation(op) if op.template == "/a"));
}

#[test]
fn two_operations_for_one_request_are_a_fault_that_names_both() {
    let second = "openapi: 3.0.0\npaths: { '/V2/returns/{id}': { get: { security: [] } } }";
    let faults = compile(&[("erp.yaml", ERP), ("b.yaml", second)], Settings::default()).unwrap_err();
    assert_eq!(
        faults,
        [
            "b.yaml#/paths/~1V2~1returns~1{id}/get: is the same operation as `GET /v2/returns/{returnId}` of erp.yaml"
        ]
    );
}

#[test]
fn an_explanation_names_the_operation_and_every_way_in() {
    let policy = erp();
    assert_eq!(
        policy.explain("GET", &path("/v2/returns")).to_string(),
        "GET /v2/returns (Return_QueryReturnsAsync) of erp.yaml\n  \
         needs a user-bound token and an installation with returns.read\n  \
         or a machine token and an installation with returns.read"
    );
    assert_eq!(
        policy.explain("PUT", &path("/v2/returns")).to_string(),
        "refused: this path takes GET, POST, HEAD"
    );
    assert_eq!(
        policy.explain("GET", &path("/v2/unstated")).to_string(),
        "refused: GET /v2/unstated (Unstated) of erp.yaml has no `security` section, nor has its document"
    );
}

#[test]
fn an_unknown_path_is_told_what_comes_nearest() {
    let policy = erp();
    let Explanation::Unknown { nearest, .. } = policy.explain("GET", &path("/v2/retruns")) else {
        panic!("the path is unknown");
    };
    assert_eq!(nearest[0], "/v2/returns");
    assert_eq!(nearest.len(), 3);
}
