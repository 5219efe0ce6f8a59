//! Organisations and tenants.

use super::text;
use crate::support::TestPlatform;
use einlass_protocol::ids::OrganisationId;
use serde_json::json;

#[tokio::test]
async fn an_organisation_is_made_and_shown() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/organisations", &json!({"name": "Südwind GmbH"})).await;
    assert_eq!(made["name"], "Südwind GmbH");
    assert_eq!(platform.ask(&format!("/organisations/{}", text(&made["id"]))).await, made);
    let listed = platform.ask("/organisations").await;
    assert!(listed["items"].as_array().unwrap().contains(&made));
    let operator = platform.ask(&format!("/organisations/{}", OrganisationId::OPERATOR)).await;
    assert_eq!(operator["name"], "Operator");
    assert_eq!(platform.audited().await[0].1, "create organisation");
}

#[tokio::test]
async fn a_tenant_needs_a_slug_and_gets_everything_else() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/tenants", &json!({"slug": "carlas-cars"})).await;
    assert_eq!((&made["name"], &made["customer_number"]), (&json!("carlas-cars"), &json!("")));
    assert_eq!(made["jtl_account_id"], 10_004, "one after the highest");
    let owner = platform.ask(&format!("/organisations/{}", text(&made["organisation"]))).await;
    assert_eq!(owner["name"], "carlas-cars");
    assert_eq!(platform.ask("/tenants/carlas-cars").await, made);
    assert_eq!(platform.ask(&format!("/tenants/{}", text(&made["id"]))).await, made);
}

#[tokio::test]
async fn a_tenant_is_made_just_as_it_is_wanted() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/organisations", &json!({"name": "Dora", "kind": "merchant"})).await;
    let organisation = made["id"].clone();
    let new = json!({
        "id": "018f6c0a-7a7b-7def-8123-456789abcdef", "organisation": organisation, "slug": "d", "name": "Dora",
        "customer_number": "K-7", "jtl_account_id": 9_007_199_254_740_991_i64,
    });
    assert_eq!(platform.create("/tenants", &new).await, new);
    assert_eq!(platform.ask("/tenants/d").await, new);
}

#[tokio::test]
async fn merchants_have_tenants_and_partners_have_apps() {
    let platform = TestPlatform::start().await;
    for (kind, tenants, apps) in [("merchant", 201, 409), ("partner", 409, 201), ("both", 201, 201)] {
        let made = platform.create("/organisations", &json!({"name": kind, "kind": kind})).await;
        assert_eq!(made["kind"], kind);
        let tenant = json!({"slug": format!("t-{kind}"), "organisation": made["id"]}).to_string();
        assert_eq!(platform.administer("POST", "/tenants", &tenant).await.status, tenants, "{kind}");
        let app = json!({"technical_name": format!("a-{kind}"), "organisation": made["id"], "scopes": "items.read"});
        assert_eq!(platform.administer("POST", "/apps", &app.to_string()).await.status, apps, "{kind}");
    }
    let operator = json!({"name": "Mallory", "kind": "operator"}).to_string();
    assert_eq!(platform.administer("POST", "/organisations", &operator).await.status, 400, "there is one");
}

#[tokio::test]
async fn what_is_taken_is_named() {
    let platform = TestPlatform::start().await;
    for (new, taken) in [
        (json!({"slug": "annas-bikes"}), "slug"),
        (json!({"slug": "x", "jtl_account_id": 10_001}), "account number"),
        (json!({"slug": "x", "id": platform.demo.tenant}), "id"),
    ] {
        let reply = platform.administer("POST", "/tenants", &new.to_string()).await;
        assert_eq!(super::error(&reply), (409, "conflict".into()));
        assert_eq!(reply.json()["message"], format!("the {taken} is taken; choose another"));
    }
    let nobody = json!({"slug": "x", "organisation": uuid::Uuid::from_u128(1)}).to_string();
    assert_eq!(platform.refused("POST", "/tenants", &nobody).await, (404, "not_found".into()));
    assert_eq!(platform.refused("GET", "/tenants/x", "").await, (404, "not_found".into()));
}
