//! The Partner Portal without a browser: for whom an app is there, and who changes it.

use super::cookie;
use crate::support::{ISSUER, TestPlatform};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::manifest::Manifest;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::time::Clock as _;
use einlass_protocol::usage::{UsageCaller, UsageCounts, UsageKey, UsageRow, UsedCredential};
use einlass_server::PlatformSettings;
use serde_json::{Value, json};
use std::time::Duration;

/// A platform with a portal; its partner's admin, as the portal knows them.
async fn platform() -> (TestPlatform, String) {
    let homes = [(FirstParty::Partner, ISSUER.to_owned())].into();
    let platform =
        TestPlatform::start_with(PlatformSettings { homes, ..PlatformSettings::new(ISSUER) }).await;
    let partner = &platform.demo.people.partner;
    let reply = platform.sign_in(partner.email.as_str(), partner.password.expose(), "192.0.2.1").await;
    let held = platform.at_portal(&super::held(&reply).unwrap()).await;
    (platform, held)
}

fn local(location: &str) -> &str {
    location.strip_prefix(ISSUER).unwrap_or(location)
}

impl TestPlatform {
    async fn at_portal(&self, held: &str) -> String {
        let begun = self.page("/partner/sign-in", "").await;
        let flow = cookie(&begun, "__Host-einlass-partner-flow").unwrap();
        let answered = self.page(local(begun.header("location")), held).await;
        let arrived = self.page(local(answered.header("location")), &flow).await;
        cookie(&arrived, "__Host-einlass-partner").unwrap()
    }

    fn own_app(&self) -> String {
        format!("/partner/apps/{}", self.demo.app)
    }

    /// An app of another partner's: its id, and its secret's.
    async fn another_partners(&self) -> (String, String) {
        let partner = self.create("/organisations", &json!({"name": "Paketwerk", "kind": "partner"})).await;
        let new = json!({"technical_name": "tracker", "organisation": partner["id"]});
        let made = self.create("/apps", &new).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["app"]["id"]), text(&made["secret_id"]))
    }

    async fn secret_works(&self) -> bool {
        self.token().await.status == 200
    }
}

#[tokio::test]
async fn another_partners_app_is_nowhere_and_its_secret_ends_by_no_other_apps_page() {
    let (platform, held) = platform().await;
    let (app, secret) = platform.another_partners().await;
    let theirs = format!("/partner/apps/{app}");
    for path in [&theirs, &format!("{theirs}/manifest"), &format!("{theirs}/secrets/new")] {
        assert_eq!(platform.page(path, &held).await.status, 404, "{path}");
    }
    let own = platform.own_app();
    let end = format!("{own}/secrets/revoke");
    assert_eq!(platform.page(&format!("{end}?secret={secret}"), &held).await.status, 404);
    let form = format!("secret={secret}");
    assert_eq!(platform.post(&end, &form, Some(&held), "192.0.2.1").await.status, 404);
    assert_eq!(platform.store.revocations_after(0, platform.clock.wall()).await.unwrap().len(), 0);
    // Nor does another app's client get a secret by this one's page.
    let clients = platform.ask(&format!("/apps/{app}/clients")).await;
    let client = clients["items"][0]["id"].as_str().unwrap().to_owned();
    let form = format!("client={client}&name=mine&days=");
    assert_eq!(
        platform.post(&format!("{own}/secrets/new"), &form, Some(&held), "192.0.2.1").await.status,
        404
    );
    assert_eq!(
        platform.ask(&format!("/clients/{client}/secrets")).await["items"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn what_changes_an_app_needs_a_fresh_proof() {
    let (platform, held) = platform().await;
    let own = platform.own_app();
    assert_eq!(platform.page(&format!("{own}/secrets/new"), &held).await.status, 200);
    platform.clock.advance(Duration::from_mins(11));
    let changes = ["secrets/new", "secrets/revoke", "manifest", "submit", "take-back"];
    for change in changes {
        let reply = platform.post(&format!("{own}/{change}"), "", Some(&held), "192.0.2.1").await;
        assert_eq!(reply.status, 303, "{change}");
        assert!(reply.header("location").contains("fresh=true"), "{change}: {}", reply.header("location"));
    }
    assert_eq!(platform.page(&own, &held).await.status, 200, "to look none is needed");
    assert!(platform.secret_works().await);
}

#[tokio::test]
async fn a_member_looks_and_changes_nothing() {
    let (platform, _) = platform().await;
    let organisation = platform.ask(&format!("/apps/{}", platform.demo.app)).await["organisation"].clone();
    let organisation = organisation.as_str().unwrap();
    let invitation = json!({"email": "max@nordlicht.example", "role": "member"});
    let invited = platform.create(&format!("/organisations/{organisation}/invitations"), &invitation).await;
    let link = local(invited["url"].as_str().unwrap()).to_owned();
    let held = platform.join(&link, "Max", "a long enough password").await.unwrap();
    let held = platform.at_portal(&held).await;
    let own = platform.own_app();
    let page = platform.page(&own, &held).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("/secrets/new"));
    for path in
        [format!("{own}/manifest"), format!("{own}/secrets/new"), format!("/partner/{organisation}/new")]
    {
        assert_eq!(platform.page(&path, &held).await.status, 403, "{path}");
    }
    for change in ["secrets/revoke", "submit", "manifest"] {
        let reply = platform.post(&format!("{own}/{change}"), "", Some(&held), "192.0.2.1").await;
        assert_eq!(reply.status, 403, "{change}");
    }
}

#[tokio::test]
async fn an_app_that_lacks_something_is_not_submitted_and_a_published_one_not_taken_back() {
    let (platform, held) = platform().await;
    let own = platform.own_app();
    let state =
        async || platform.ask(&format!("{}/manifest", own.replace("/partner", ""))).await["state"].clone();
    let post = async |what: &str, form: &str| {
        platform.post(&format!("{own}/{what}"), form, Some(&held), "192.0.2.1").await
    };
    assert_eq!(post("submit", "").await.status, 303);
    assert_eq!(state().await, "development", "it has no manifest");
    let manifest = serde_urlencoded::to_string([("manifest", Manifest::EXAMPLE)]).unwrap();
    let saved = post("manifest", &manifest).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    post("submit", "").await;
    assert_eq!(state().await, "submitted");
    post("take-back", "").await;
    assert_eq!(state().await, "development");
    assert_eq!(platform.administer("POST", "/apps/stock-mirror/publish", "").await.status, 204);
    post("take-back", "").await;
    assert_eq!(state().await, "published");
}

#[tokio::test]
async fn scopes_that_nothing_uses_are_pointed_out_once_others_are_used() {
    let (platform, held) = platform().await;
    let own = platform.own_app();
    let unused = async || platform.page(&own, &held).await.text().matches("class=\"tag\"").count();
    assert_eq!(unused().await, 0, "nobody knows yet");
    let caller = UsageCaller {
        app: Some(platform.demo.app),
        credential: UsedCredential::Secret(CredentialId::new(uuid::Uuid::from_u128(7))),
    };
    let minute = platform.clock.wall().minute();
    let row = |scope: Option<&str>| UsageRow {
        key: UsageKey {
            minute,
            caller: Some(caller),
            tenant: Some(platform.demo.tenant),
            scope: scope.map(|scope| scope.parse().unwrap()),
        },
        counts: UsageCounts::SERVED,
    };
    platform.store.add_usage(&[row(None), row(Some("items.read"))]).await.unwrap();
    let scopes = platform.ask("/apps/stock-mirror").await["scopes"].as_str().unwrap().split(' ').count();
    assert_eq!(unused().await, scopes - 1);
}
