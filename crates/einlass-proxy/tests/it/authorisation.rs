//! What a known caller may do: operation, tenant, installation, scopes, in this order.

use crate::kit::{Empty as _, Gate, PERSON, TENANT, call};
use serde_json::json;

#[tokio::test]
async fn unknown_operations_are_not_found() {
    let (gate, upstream) = Gate::and_upstream().await;
    for path in ["/erp/v2/nothing", "/erp/v3/items", "/erp/v2/items/1/2", "/erp/v2/unstated"] {
        let answer = call(gate.good("GET", path).empty()).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn bodies_follow_the_casing_of_the_version() {
    let (gate, _) = Gate::and_upstream().await;
    let message = "The API has no such operation. Check path and version.";
    let camel = json!({ "errorCode": "OperationUnknown", "errorMessage": message, "errors": {} });
    let pascal = json!({ "ErrorCode": "OperationUnknown", "ErrorMessage": message, "Errors": {} });
    for (path, body) in [
        ("/erp/v2/nothing", &camel),
        ("/erp/V2/nothing", &camel),
        ("/erp/v1/x", &pascal),
        ("/erp/x", &pascal),
    ] {
        let answer = call(gate.good("GET", path).empty()).await;
        assert_eq!(answer.json(), *body, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn other_methods_are_told_which_ones_there_are() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer = call(gate.good("PUT", "/erp/v2/items").empty()).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), Some("GET, POST, HEAD"));
    assert_eq!(answer.json()["errorCode"], "MethodNotAllowed");
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn the_tenant_is_one_uuid() {
    let (gate, upstream) = Gate::and_upstream().await;
    let token = format!("Bearer {}", gate.issuer.machine("items.read"));
    let cases: [(&[&str], u16, &str); 5] = [
        (&[], 412, "TenantMissing"),
        (&["wawi"], 400, "TenantUnusable"),
        (&[""], 400, "TenantUnusable"),
        (&[TENANT, TENANT], 400, "TenantUnusable"),
        (
            &["6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10, 6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10"],
            400,
            "TenantUnusable",
        ),
    ];
    for (tenants, status, code) in cases {
        let mut request = gate.request("GET", "/erp/v2/items").header("authorization", &token);
        for tenant in tenants {
            request = request.header("x-tenant-id", *tenant);
        }
        let answer = call(request.empty()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["errorCode"].as_str()),
            (status, Some(code)),
            "{tenants:?}"
        );
        assert!(answer.json()["errors"]["X-Tenant-ID"].is_array());
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn an_app_that_is_not_installed_is_refused() {
    let (gate, upstream) = Gate::and_upstream().await;
    gate.directory.remove();
    let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["errorCode"].as_str()), (403, Some("NotInstalled")));
    assert_eq!(answer.header("www-authenticate"), None);
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_directory_that_is_down_closes_the_gate() {
    let (gate, upstream) = Gate::and_upstream().await;
    gate.directory.set_down(true);
    let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")));
    assert_eq!(answer.json()["statusCode"], 503);
    gate.directory.set_down(false);
    assert_eq!(
        call(gate.good("GET", "/erp/v2/items").empty()).await.status,
        200,
        "the failure is not remembered"
    );
    assert_eq!(upstream.calls(), 1);
}

#[tokio::test]
async fn a_missing_scope_is_named_where_it_is_missing() {
    let (gate, upstream) = Gate::and_upstream().await;
    let answer =
        call(gate.with_token("POST", "/erp/v2/items", &gate.issuer.machine("items.read")).empty()).await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.header("www-authenticate"),
        Some(r#"Bearer realm="einlass", error="insufficient_scope", scope="items.write""#)
    );
    let body = answer.json();
    assert_eq!(body["errorCode"], "ScopeMissing");
    assert!(body["errorMessage"].as_str().unwrap().starts_with("The token lacks: items.write."));

    let token = gate.issuer.machine("items.delete");
    let answer = call(gate.with_token("DELETE", "/erp/v2/items/1", &token).empty()).await;
    let message = answer.json()["errorMessage"].as_str().unwrap().to_owned();
    assert_eq!(
        (answer.status.as_u16(), message.as_str()),
        (403, "The tenant has not granted: items.delete. Ask its admin to.")
    );
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn machine_and_person_have_their_own_operations() {
    let (gate, upstream) = Gate::and_upstream().await;
    let machine = gate.issuer.machine("items.read items.write");
    let person = gate.issuer.person("items.read items.write");
    for (method, path, token, status) in [
        ("GET", "/erp/v2/items", &machine, 200),
        ("GET", "/erp/v2/items", &person, 200),
        ("POST", "/erp/v2/items", &machine, 200),
        ("POST", "/erp/v2/items", &person, 403),
        ("GET", "/erp/v2/mine", &machine, 403),
        ("GET", "/erp/v2/mine", &person, 200),
    ] {
        let answer = call(gate.with_token(method, path, token).empty()).await;
        assert_eq!(answer.status, status, "{method} {path}");
        if status == 403 {
            assert_eq!(answer.json()["errorCode"], "CredentialWrong");
        }
    }
    assert_eq!(upstream.calls(), 4);
}

#[tokio::test]
async fn what_nobody_can_satisfy_and_what_is_public_stay_closed() {
    let (gate, upstream) = Gate::and_upstream().await;
    for (path, code) in [("/erp/v2/foreign", "OperationClosed"), ("/erp/v2/open", "PublicNotAllowed")] {
        let answer = call(gate.good("GET", path).empty()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["errorCode"].as_str()),
            (403, Some(code)),
            "{path}"
        );
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn a_person_reaches_no_tenant_but_their_own() {
    let (gate, upstream) = Gate::and_upstream().await;
    let person = gate.issuer.person("items.read");
    assert_eq!(call(gate.with_token("GET", "/erp/v2/items", &person).empty()).await.status, 200);
    gate.directory.dismiss();
    gate.invalidations.membership(PERSON, TENANT.parse().unwrap());
    let answer = call(gate.with_token("GET", "/erp/v2/items", &person).empty()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["errorCode"].as_str()), (403, Some("NotAMember")));
    assert_eq!(call(gate.good("GET", "/erp/v2/items").empty()).await.status, 200, "the app itself still may");
    assert_eq!(upstream.calls(), 2);
}

#[tokio::test]
async fn who_acts_for_another_user_of_the_erp_needs_a_scope_for_that_here_too() {
    let (gate, upstream) = Gate::and_upstream().await;
    let asked = async |scopes: &str, installed: &str| {
        gate.directory.install(installed);
        gate.invalidations.everything();
        let token = gate.issuer.machine(scopes);
        let request = gate.with_token("GET", "/erp/v2/items", &token).header("x_runas", "anna");
        let answer = call(request.empty()).await;
        (answer.status.as_u16(), answer.body)
    };
    let both = "items.read application.runas";
    for (token, installed) in [("items.read", both), (both, "items.read"), ("items.read", "items.read")] {
        let (status, message) = asked(token, installed).await;
        assert_eq!(status, 403, "{token} at {installed}");
        assert!(message.windows(17).any(|it| it == b"application.runas"), "{message:?}");
    }
    assert_eq!(upstream.calls(), 0);
    assert_eq!(asked(both, both).await.0, 200);
}

#[tokio::test]
async fn a_session_of_an_on_premise_key_is_none_of_a_token() {
    let (gate, upstream) = Gate::and_upstream().await;
    for name in ["x-sessionid", "X_SessionId"] {
        let answer = call(gate.good("GET", "/erp/v2/items").header(name, "session-2").empty()).await;
        assert_eq!(answer.status, 401);
        assert!(answer.json()["message"].as_str().unwrap().contains("X-SessionId"), "{:?}", answer.json());
    }
    assert_eq!(upstream.calls(), 0);
}
