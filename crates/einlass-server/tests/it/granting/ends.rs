//! With what a person takes back, all ends that rested on it.

use super::{HERE, OFFLINE, Tokens, refused};
use crate::pages::held;
use crate::support::TestPlatform;
use serde_json::json;
use std::time::Duration;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    Password,
    EndOthers,
    Recovery,
    Revocation,
    OneSession,
}

impl Way {
    /// Gives what the browser holds then.
    async fn take(self, platform: &TestPlatform, own: &str) -> String {
        let merchant = &platform.demo.people.merchant;
        let (old, new) = (platform.password(), "a+password+that+is+new");
        let reply = match self {
            Self::Password => {
                let form = format!("current={old}&new={new}");
                platform.post("/me/password", &form, Some(own), HERE).await
            }
            Self::EndOthers => platform.post("/me/sessions/end-others", "", Some(own), HERE).await,
            Self::OneSession => platform.post("/logout", "", Some(own), HERE).await,
            Self::Recovery => {
                let organisations = platform.ask("/organisations").await;
                let named = |it: &&serde_json::Value| it["name"] == "Anna's Bikes";
                let own =
                    organisations["items"].as_array().unwrap().iter().find(named).unwrap()["id"].clone();
                let members = format!("/organisations/{}/members", own.as_str().unwrap());
                let listed = platform.ask(&members).await;
                let is_merchant = |it: &&serde_json::Value| it["email"] == merchant.email.as_str();
                let member = listed["items"].as_array().unwrap().iter().find(is_merchant).unwrap();
                let path = format!("{members}/{}/recovery", member["id"].as_str().unwrap());
                let link = platform.create(&path, &json!({})).await;
                let (_, code) = link["url"].as_str().unwrap().rsplit_once('/').unwrap();
                platform.post(&format!("/recovery/{code}"), &format!("password={new}"), None, HERE).await
            }
            Self::Revocation => {
                let what = json!({ "kind": "person", "subject": merchant.email.as_str() });
                let reply = platform.administer("POST", "/revocations", &what.to_string()).await;
                assert_eq!(reply.status, 204, "{}", reply.text());
                return String::new();
            }
        };
        assert_eq!(reply.status, 303, "{self:?}: {}", reply.text());
        held(&reply).unwrap_or_else(|| own.to_owned())
    }
}

#[tokio::test]
async fn what_a_thief_let_in_ends_with_the_password() {
    for way in [Way::Password, Way::EndOthers, Way::Recovery, Way::Revocation, Way::OneSession] {
        let platform = TestPlatform::start().await;
        let app = platform.program().await;
        let (own, thief) = (platform.merchant().await, platform.merchant().await);
        let before = app.begin(&thief, OFFLINE).await;
        let waiting = app.allow(&thief, &app.url(OFFLINE, &[])).await;
        assert!(before.open(&platform).await);

        let ends = way != Way::OneSession;
        let own = way.take(&platform, &own).await;
        assert_eq!(before.open(&platform).await, !ends, "{way:?}");
        assert_eq!(refused(&app.refresh(before.renewed_by()).await), ends, "{way:?}");
        assert_eq!(refused(&app.redeem(&waiting).await), ends, "{way:?}");
        let is_out = platform.page("/me", &thief).await.status == 303;
        assert_eq!(is_out, ends, "{way:?}");
        if matches!(way, Way::Password | Way::EndOthers | Way::Recovery) {
            assert!(!platform.page("/me", &own).await.text().contains("/me/grants/end"), "{way:?}");
            // Whoever it belongs to goes on, and may allow it again.
            platform.clock.advance(Duration::from_secs(1));
            assert!(app.begin(&own, OFFLINE).await.open(&platform).await, "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_person_who_is_revoked_reads_who_did_it_and_may_sign_in_again() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let before = app.begin(&own, OFFLINE).await;
    let subject = before.claims(&platform).await.subject;
    for kind in ["person", "people"] {
        let what = json!({ "kind": kind, "subject": subject });
        let reply = platform.administer("POST", "/revocations", &what.to_string()).await;
        assert_eq!(reply.status, if kind == "person" { 204 } else { 400 });
    }
    let nobody = json!({ "kind": "person", "subject": "nobody@bikes.example" });
    assert_eq!(platform.administer("POST", "/revocations", &nobody.to_string()).await.status, 404);
    assert!(!before.open(&platform).await);
    platform.clock.advance(Duration::from_secs(1));
    let again = platform.merchant().await;
    assert!(platform.events(&again).await.contains("The operator ended all sessions and apps"));
    let code = app.allow(&again, &app.url("items.read", &[])).await;
    assert!(Tokens::of(&app.redeem(&code).await).open(&platform).await);
}
