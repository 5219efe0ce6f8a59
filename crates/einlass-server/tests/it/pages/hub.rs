//! The hub without a browser: who lets apps in, what that opens, and what the shell's script is told.

mod session_tokens;

use super::cookie;
use crate::support::{FORM, ISSUER, Reply, TestPlatform, late_body_asked_for};
use axum::body::Body;
use einlass_protocol::claims::SessionClaims;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_protocol::jose::{KeySet, verify_session};
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::time::Clock as _;
use einlass_server::PlatformSettings;
use http::Request;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

const ORIGIN: &str = "https://app.example";

/// A platform where the demonstration app has a manifest and is published, and is at no tenant; and the merchant's admin, as
/// the hub knows it.
async fn platform() -> (TestPlatform, String) {
    let homes = [(FirstParty::Hub, ISSUER.to_owned())].into();
    let platform =
        TestPlatform::start_with(PlatformSettings { homes, ..PlatformSettings::new(ISSUER) }).await;
    let (app, tenant) = (platform.demo.app, platform.demo.tenant);
    platform.store.remove_installation(app, tenant, platform.clock.wall()).await.unwrap();
    let described =
        platform.administer("PUT", &format!("/apps/{app}/manifest"), &manifest("items.read")).await;
    assert_eq!(described.status, 200, "{}", described.text());
    assert_eq!(platform.administer("POST", &format!("/apps/{app}/publish"), "").await.status, 204);
    let held = platform.merchant().await;
    let held = platform.at_hub(&held).await;
    (platform, held)
}

fn manifest(scopes: &str) -> String {
    let manifest = json!({
        "version": "1.0.0",
        "name": {"short": "Mirror"},
        "lifecycle": {"setupUrl": format!("{ORIGIN}/setup")},
        "capabilities": {
            "hub": {"appLauncher": {"redirectUrl": "https://launch.example/"}},
            "erp": {
                "menuItems": [{"id": "stock", "name": "Stock", "url": "https://menu.example/stock"}],
                "pane": [{"title": "Mirror", "context": "customers", "url": "https://pane.example/"}],
                "api": {"scopes": scopes.split(' ').collect::<Vec<_>>()}
            }
        }
    });
    manifest.to_string()
}

/// Where an answer leads to, on the one host that there is.
fn local(reply: &Reply) -> String {
    let location = reply.header("location");
    location.strip_prefix(ISSUER).unwrap_or(location).to_owned()
}

impl TestPlatform {
    /// From the identity provider to the hub: what the browser holds there.
    async fn at_hub(&self, held: &str) -> String {
        let begun = self.page("/hub/sign-in", "").await;
        let flow = cookie(&begun, "__Host-einlass-hub-flow").unwrap();
        let wish = local(&begun);
        let answer = local(&self.page(&wish, held).await);
        cookie(&self.page(&answer, &flow).await, "__Host-einlass-hub").unwrap()
    }

    fn app_path(&self) -> String {
        format!("/hub/{}/apps/{}", self.demo.tenant, self.demo.app)
    }

    async fn install(&self, held: &str, scopes: &str) -> Reply {
        let form = format!("scopes={}", scopes.replace(' ', "+"));
        self.post(&format!("{}/install", self.app_path()), &form, Some(held), "192.0.2.1").await
    }

    /// What the shell's script asks on the app's behalf.
    async fn shell(&self, held: &str, what: &str) -> Reply {
        self.post(&format!("{}/{what}", self.app_path()), "", Some(held), "192.0.2.1").await
    }

    async fn session_token(&self, held: &str) -> String {
        let reply = self.shell(held, "session-token").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["sessionToken"].as_str().unwrap().to_owned()
    }

    /// The keys that the app's backend gets for its access token.
    async fn session_keys(&self) -> KeySet {
        let token = self.token().await.json()["access_token"].as_str().unwrap().to_owned();
        KeySet::parse(&self.account("/account/.well-known/jwks.json", &token).await.body).unwrap()
    }

    async fn account(&self, path: &str, token: &str) -> Reply {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn is_installed(&self) -> bool {
        let (app, tenant, now) = (self.demo.app, self.demo.tenant, self.clock.wall());
        self.store.open_installation(app, tenant, now).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn an_admin_reads_installs_sets_up_uses_and_removes_an_app() {
    let (platform, held) = platform().await;
    let path = platform.app_path();
    let catalogue = platform.page(&format!("/hub/{}/apps", platform.demo.tenant), &held).await;
    assert!(catalogue.text().contains("Mirror"));
    let page = platform.page(&path, &held).await;
    assert!(page.text().contains("items.read") && page.text().contains("Install"), "{}", page.text());
    assert_eq!(platform.page(&format!("{path}/setup"), &held).await.status, 404, "before it is let in");
    assert_eq!(platform.shell(&held, "session-token").await.status, 409);

    let installed = platform.install(&held, "items.read").await;
    assert_eq!(installed.header("location"), format!("{path}/setup"));
    let setup = platform.page(&format!("{path}/setup"), &held).await;
    assert!(setup.text().contains(&format!("src=\"{ORIGIN}/setup\"")), "{}", setup.text());
    let policy = setup.header("content-security-policy");
    assert!(policy.ends_with(&format!("frame-src {ORIGIN}")), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");

    let token = platform.session_token(&held).await;
    let merchant = &platform.demo.people.merchant;
    let person = platform.store.person_to_authenticate(&merchant.email).await.unwrap().unwrap();
    let claims = verify_session(&token, &platform.session_keys().await, platform.clock.wall()).unwrap();
    let expected = SessionClaims {
        user: person.0.id,
        tenant: platform.demo.tenant,
        customer_number: "K-10001".into(),
        tenant_slug: Some("annas-bikes".into()),
        expires_at: platform.clock.wall().plus(Duration::from_mins(5)),
    };
    assert_eq!(claims, expected);

    assert_eq!(platform.shell(&held, "setup-completed").await.status, 200);
    platform.clock.advance(Duration::from_hours(1));
    assert_eq!(platform.shell(&held, "setup-completed").await.status, 200, "once more is no fault");
    platform.clock.advance(Duration::from_hours(24));
    assert!(platform.is_installed().await, "it lasts");
    let held = platform.anew().await;
    let item = platform.page(&format!("{path}/items/stock"), &held).await;
    assert!(item.header("content-security-policy").ends_with("frame-src https://menu.example"));
    assert_eq!(platform.page(&format!("{path}/items/other"), &held).await.status, 404);
    let panes = platform.page(&format!("/hub/{}/panes/customers", platform.demo.tenant), &held).await;
    assert!(panes.header("content-security-policy").ends_with("frame-src https://pane.example"));

    platform.told.installations.lock().unwrap().clear();
    let removed = platform.post(&format!("{path}/remove"), "", Some(&held), "192.0.2.1").await;
    assert_eq!(removed.status, 303);
    let told = platform.told.installations.lock().unwrap().clone();
    assert_eq!(told, [(platform.demo.app, platform.demo.tenant)], "the gateway heard of it before");
    assert!(!platform.is_installed().await);
    assert_eq!(platform.shell(&held, "session-token").await.status, 409);
}

impl TestPlatform {
    /// The merchant's admin, signed in just now.
    async fn anew(&self) -> String {
        let held = self.merchant().await;
        self.at_hub(&held).await
    }

    /// Somebody who belongs to the merchant and is no admin of it.
    async fn member(&self) -> String {
        let anna = self.store.tenant(self.demo.tenant).await.unwrap().unwrap().organisation;
        let invitation = json!({"email": "carl@example.com", "role": "member"}).to_string();
        let path = format!("/organisations/{anna}/invitations");
        let invited = self.administer("POST", &path, &invitation).await;
        let link = invited.json()["url"].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
        let held = self.join(&link, "Carl", "a long enough password").await.unwrap();
        self.at_hub(&held).await
    }
}

#[tokio::test]
async fn a_member_uses_apps_and_neither_installs_nor_removes_them() {
    let (platform, admin) = platform().await;
    let member = platform.member().await;
    let path = platform.app_path();
    assert_eq!(platform.install(&member, "items.read").await.status, 403);
    assert!(!platform.is_installed().await);
    platform.install(&admin, "items.read").await;
    let early = platform.shell(&member, "setup-completed").await;
    assert_eq!((early.status.as_u16(), early.json()["error"].is_string()), (403, true));
    assert_eq!(platform.shell(&admin, "setup-completed").await.status, 200);
    assert_eq!(platform.shell(&member, "setup-completed").await.status, 200, "there is nothing to do");
    platform.session_token(&member).await;
    assert_eq!(platform.page(&format!("{path}/remove"), &member).await.status, 403);
    let removed = platform.post(&format!("{path}/remove"), "", Some(&member), "192.0.2.1").await;
    assert_eq!(removed.status, 403);
    assert!(platform.is_installed().await);
}

#[tokio::test]
async fn for_who_is_no_member_there_is_neither_tenant_nor_app() {
    let (platform, _) = platform().await;
    for who in [&platform.demo.people.partner, &platform.demo.people.operator] {
        let reply = platform.sign_in(who.email.as_str(), who.password.expose(), "192.0.2.1").await;
        let held = platform.at_hub(&super::held(&reply).unwrap()).await;
        for path in [format!("/hub/{}", platform.demo.tenant), platform.app_path()] {
            assert_eq!(platform.page(&path, &held).await.status, 404, "{path}");
        }
        assert_eq!(platform.shell(&held, "session-token").await.status, 404);
        assert_eq!(platform.install(&held, "items.read").await.status, 404);
    }
    let stranger = platform.shell("", "session-token").await;
    assert_eq!((stranger.status.as_u16(), stranger.json()["error"].is_string()), (401, true));
}

#[tokio::test]
async fn consent_is_to_what_was_shown_and_what_is_asked_for_later_is_asked() {
    let (platform, held) = platform().await;
    assert_eq!(platform.install(&held, "items.read items.write").await.status, 409);
    assert_eq!(platform.install(&held, "").await.status, 409);
    assert!(!platform.is_installed().await);
    platform.install(&held, "items.read").await;
    platform.shell(&held, "setup-completed").await;
    let app = platform.demo.app;
    let path = format!("/apps/{app}/manifest");
    platform.administer("PUT", &path, &manifest("items.read items.write")).await;
    let page = platform.page(&platform.app_path(), &held).await;
    assert!(page.text().contains("What the app wants to be allowed besides"), "{}", page.text());
    assert_eq!(platform.install(&held, "items.read").await.status, 409);
    assert_eq!(
        platform.install(&held, "items.read items.write").await.header("location"),
        platform.app_path()
    );
    let granted = platform.store.open_installation(app, platform.demo.tenant, platform.clock.wall()).await;
    let granted = granted.unwrap().unwrap();
    assert_eq!((granted.granted.to_string(), granted.lapses_at), ("items.read items.write".into(), None));
}

#[tokio::test]
async fn letting_in_and_ending_ask_for_a_fresh_proof() {
    let (platform, held) = platform().await;
    platform.clock.advance(Duration::from_mins(11));
    let asked = platform.install(&held, "items.read").await;
    assert_eq!(asked.status, 303);
    assert!(asked.header("location").contains("/hub/sign-in?fresh=true"), "{}", asked.header("location"));
    assert!(!platform.is_installed().await);
}

#[tokio::test]
async fn a_setup_that_nobody_finishes_ends_by_itself() {
    let (platform, held) = platform().await;
    platform.install(&held, "items.read").await;
    assert!(platform.is_installed().await, "to set itself up, an app needs the API");
    platform.clock.advance(Duration::from_hours(24));
    assert!(!platform.is_installed().await);
    let held = platform.anew().await;
    assert_eq!(platform.shell(&held, "setup-completed").await.status, 409);
    assert_eq!(platform.page(&format!("{}/setup", platform.app_path()), &held).await.status, 404);
}

#[tokio::test]
async fn an_app_in_development_is_found_by_its_maker_alone() {
    let (platform, held) = platform().await;
    let path = format!("/apps/{}/withdraw", platform.demo.app);
    assert_eq!(platform.administer("POST", &path, "").await.status, 204);
    let catalogue = platform.page(&format!("/hub/{}/apps", platform.demo.tenant), &held).await;
    assert!(!catalogue.text().contains("Mirror"));
    assert_eq!(platform.page(&platform.app_path(), &held).await.status, 404);
    assert_eq!(platform.install(&held, "items.read").await.status, 404);
}

#[tokio::test]
async fn a_manifest_is_taken_whole_or_refused_with_all_its_faults() {
    let (platform, _) = platform().await;
    let path = format!("/apps/{}/manifest", platform.demo.app);
    let faulty = json!({
        "version": "1", "name": {"short": "X"},
        "lifecycle": {"setupUrl": format!("{ISSUER}/hub")},
        "capabilities": {"erp": {"api": {"scopes": ["items.raed"]}}}
    });
    let refused = platform.administer("PUT", &path, &faulty.to_string()).await;
    assert_eq!(refused.status, 400);
    for word in ["is the platform itself", "capabilities.erp.api.scopes", "items.raed"] {
        assert!(refused.text().contains(word), "{word}: {}", refused.text());
    }
    assert!(platform.ask(&path).await["manifest"]["name"]["short"] == "Mirror", "the old one stays");
    let unknown = AppId::new(Uuid::from_u128(404));
    let missing =
        platform.administer("PUT", &format!("/apps/{unknown}/manifest"), &manifest("items.read")).await;
    assert_eq!(missing.status, 404);
    let bare = platform.administer("POST", "/apps", r#"{"technical_name":"bare"}"#).await;
    assert_eq!(bare.status, 201);
    assert_eq!(platform.administer("POST", "/apps/bare/publish", "").await.status, 409);
    assert_eq!(platform.ask("/apps/bare/manifest").await["manifest"], json!(null));
}

#[tokio::test]
async fn a_tenant_that_is_none_is_nowhere() {
    let (platform, held) = platform().await;
    let nobodys = TenantId::new(Uuid::from_u128(404));
    for path in [format!("/hub/{nobodys}"), "/hub/x".into(), format!("/hub/{}/apps/x", platform.demo.tenant)]
    {
        assert_eq!(platform.page(&path, &held).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_form_that_comes_after_its_sender_was_removed_lets_nobody_in() {
    let (platform, _) = platform().await;
    let anna = platform.store.tenant(platform.demo.tenant).await.unwrap().unwrap().organisation;
    let invitation = json!({"email": "bob@example.com", "role": "admin"}).to_string();
    let invited =
        platform.administer("POST", &format!("/organisations/{anna}/invitations"), &invitation).await;
    let link = invited.json()["url"].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
    let held = platform.join(&link, "Bob", "a long enough password").await.unwrap();
    let held = platform.at_hub(&held).await;
    let members = format!("/organisations/{anna}/members");
    let listed = platform.ask(&members).await;
    let bob =
        listed["items"].as_array().unwrap().iter().find(|it| it["name"] == "Bob").unwrap()["id"].clone();
    let (body, send, asked_for) = late_body_asked_for();
    let request = Request::post(format!("{}/install", platform.app_path()))
        .header("content-type", FORM)
        .header("origin", ISSUER)
        .header("cookie", &held)
        .body(body)
        .unwrap();
    let end = async {
        // By then who sends it has been found a member.
        asked_for.await.unwrap();
        let path = format!("{members}/{}", bob.as_str().unwrap());
        assert_eq!(platform.administer("DELETE", &path, "").await.status, 204);
        send.send("scopes=items.read".into()).unwrap();
    };
    let (reply, ()) = tokio::join!(platform.send(request), end);
    assert_eq!(reply.status, 403, "{}", reply.text());
    assert!(!platform.is_installed().await);
}

#[tokio::test]
async fn an_app_that_is_shut_out_gets_no_token_in_the_hub_and_nobody_finds_it() {
    let (platform, held) = platform().await;
    assert_eq!(platform.install(&held, "items.read").await.status, 303);
    let tokens = async || {
        let session = platform.shell(&held, "session-token").await.status.as_u16();
        [session, platform.shell(&held, "app-token").await.status.as_u16()]
    };
    let catalogue = format!("/hub/{}/apps", platform.demo.tenant);
    let is_offered = async || platform.page(&catalogue, &held).await.text().contains("Mirror");
    assert_eq!((tokens().await, is_offered().await), ([200, 200], true));
    let revoke = json!({"kind": "app", "subject": "stock-mirror"}).to_string();
    assert_eq!(platform.administer("POST", "/revocations", &revoke).await.status, 204);
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!((tokens().await, is_offered().await), ([403, 403], false));
    let page = platform.page(&platform.app_path(), &held).await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("Shut out by the operator"), "{}", page.text());
    assert_eq!(platform.install(&held, "items.read").await.status, 403);
    assert_ne!(platform.ask("/apps/stock-mirror").await["shut_out_at"], serde_json::Value::Null);

    assert_eq!(platform.administer("POST", "/apps/stock-mirror/readmit", "").await.status, 204);
    assert_eq!((tokens().await, is_offered().await), ([200, 200], true));
    assert_eq!(platform.ask("/apps/stock-mirror").await["shut_out_at"], serde_json::Value::Null);
    assert_eq!(platform.token().await.status, 401, "its secrets have ended all the same");
}
