//! Members: who may sign in for an organisation, as its operator sees to it.

use super::text;
use crate::support::TestPlatform;
use einlass_protocol::ids::OrganisationId;
use serde_json::json;

#[tokio::test]
async fn the_operator_invites_the_first_admin_of_an_organisation() {
    let platform = TestPlatform::start().await;
    let made = platform.create("/organisations", &json!({"name": "Zora's Zoo"})).await;
    let organisation = text(&made["id"]);
    let members = format!("/organisations/{organisation}/members");
    assert_eq!(platform.ask(&members).await["items"], json!([]));
    let new = json!({"email": "Zora@Zoo.example", "role": "admin"});
    let link = platform.create(&format!("/organisations/{organisation}/invitations"), &new).await;
    assert_eq!(link["email"], "zora@zoo.example");
    let url = text(&link["url"]);
    let path = url.strip_prefix("https://auth.example").unwrap();
    let held = platform.join(path, "Zora", "a password for the zoo").await;
    assert!(held.is_some(), "whoever joins is signed in");

    let listed = platform.ask(&members).await;
    let zora = &listed["items"][0];
    assert_eq!((text(&zora["name"]), text(&zora["role"])), ("Zora".into(), "admin".into()));
    assert!(platform.audited().await.iter().any(|(_, action, _)| action == "invite member"));
    let path = format!("{members}/{}", text(&zora["id"]));
    assert_eq!(platform.refused("DELETE", &path, "").await, (409, "conflict".into()), "the last admin");
    let recovery = platform.create(&format!("{path}/recovery"), &json!({})).await;
    assert!(text(&recovery["url"]).starts_with("https://auth.example/recovery/ein_ln_"));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let platform = TestPlatform::start().await;
    let operator = format!("/organisations/{}", OrganisationId::OPERATOR);
    let nobody = uuid::Uuid::from_u128(7);
    for (path, body, refusal) in [
        ("/invitations", r#"{"email":"no address","role":"admin"}"#, (400, "bad_request")),
        ("/invitations", r#"{"email":"a@b.example","role":"owner"}"#, (400, "bad_request")),
        ("/invitations", r#"{"email":"a@b.example"}"#, (400, "bad_request")),
        (&*format!("/members/{nobody}/recovery"), "{}", (404, "not_found")),
    ] {
        let refused = platform.refused("POST", &format!("{operator}{path}"), body).await;
        assert_eq!(refused, (refusal.0, refusal.1.into()), "{path} {body}");
    }
    let nowhere = format!("/organisations/{nobody}/invitations");
    let invitation = r#"{"email":"a@b.example","role":"admin"}"#;
    assert_eq!(platform.refused("POST", &nowhere, invitation).await, (404, "not_found".into()));
}
