//! The Partner Portal without a browser: for whom an app is there, and who changes it.

use super::local;
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

impl TestPlatform {
    async fn at_portal(&self, held: &str) -> String {
        self.at_surface(FirstParty::Partner, held).await
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
async fn another_partners_channel_is_nowhere_and_its_refresh_token_ends_by_no_other_channels_page() {
    let (platform, held) = platform().await;
    let partner = platform.create("/organisations", &json!({"name": "Paketwerk", "kind": "partner"})).await;
    platform.create("/channels", &json!({"name": "THEIRS", "organisation": partner["id"]})).await;
    let made = platform.create("/channels/THEIRS/tokens", &json!({"name": "first"})).await;
    let token = made["token"]["id"].as_str().unwrap().to_owned();
    for path in ["", "/tokens/new", &format!("/tokens/end?token={token}")] {
        assert_eq!(
            platform.page(&format!("/partner/channels/THEIRS{path}"), &held).await.status,
            404,
            "{path}"
        );
    }
    let own = format!("/partner/channels/{}", platform.demo.channel.name);
    assert_eq!(platform.page(&own, &held).await.status, 200);
    assert_eq!(platform.page(&format!("{own}/tokens/end?token={token}"), &held).await.status, 404);
    for place in ["/partner/channels/THEIRS", &own] {
        let form = format!("token={token}");
        assert_eq!(
            platform.post(&format!("{place}/tokens/end"), &form, Some(&held), "192.0.2.1").await.status,
            404
        );
    }
    let reply = platform
        .post("/partner/channels/THEIRS/tokens/new", "name=mine&days=", Some(&held), "192.0.2.1")
        .await;
    assert_eq!(reply.status, 404);
    let tokens = platform.ask("/channels/THEIRS/tokens").await;
    assert_eq!(tokens["items"].as_array().unwrap().len(), 1);
    assert_eq!(tokens["items"][0]["revoked_at"], Value::Null);
    assert_eq!(platform.store.revocations_after(0, platform.clock.wall()).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_refresh_token_is_shown_once_and_counts_for_as_long_as_was_said() {
    let (platform, held) = platform().await;
    let name = platform.demo.channel.name.to_string();
    let own = format!("/partner/channels/{name}");
    let new =
        async |form: &str| platform.post(&format!("{own}/tokens/new"), form, Some(&held), "192.0.2.1").await;
    assert_eq!(new("name=&days=").await.status, 422);
    assert_eq!(new("name=a&days=soon").await.status, 422);
    assert_eq!(new("name=server&days=90").await.status, 200);
    let tokens = platform.ask(&format!("/channels/{name}/tokens")).await;
    let tokens = tokens["items"].as_array().unwrap();
    let made = tokens.iter().find(|token| token["name"] == "server").unwrap();
    assert_eq!(made["expires_at"], "2027-04-15T08:00:00Z");
    assert_eq!(tokens.len(), 2, "what was refused is not there");
    platform.clock.advance(Duration::from_mins(11));
    for path in ["tokens/new", "tokens/end"] {
        let reply = platform.post(&format!("{own}/{path}"), "", Some(&held), "192.0.2.1").await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").contains("fresh=true"), "{path}");
    }
}

#[tokio::test]
async fn what_the_operator_has_shut_out_its_partner_does_not_let_in_again() {
    let (platform, held) = platform().await;
    let (app, channel) = (platform.own_app(), format!("/partner/channels/{}", platform.demo.channel.name));
    let subjects = [("app", "stock-mirror".to_owned()), ("channel", platform.demo.channel.name.to_string())];
    for (kind, subject) in &subjects {
        let revoke = json!({"kind": kind, "subject": subject}).to_string();
        assert_eq!(platform.administer("POST", "/revocations", &revoke).await.status, 204);
    }
    let form = format!("client={}&name=mine&days=", platform.demo.client_id);
    let ways = [(&app, "secrets/new", &*form), (&channel, "tokens/new", "name=mine&days=")];
    for (place, way, form) in ways {
        let page = platform.page(place, &held).await;
        assert!(page.text().contains("Shut out by the operator"), "{place} does not say so");
        assert!(!page.text().contains(way), "{place} offers it");
        assert_eq!(
            platform.post(&format!("{place}/{way}"), form, Some(&held), "192.0.2.1").await.status,
            403
        );
    }
    for (kind, subject) in &subjects {
        assert_ne!(platform.ask(&format!("/{kind}s/{subject}")).await["shut_out_at"], Value::Null);
        assert_eq!(platform.administer("POST", &format!("/{kind}s/{subject}/readmit"), "").await.status, 204);
    }
    for (place, way, form) in ways {
        assert_eq!(
            platform.post(&format!("{place}/{way}"), form, Some(&held), "192.0.2.1").await.status,
            200
        );
    }
}

#[tokio::test]
async fn a_channel_has_so_many_refresh_tokens_and_no_more() {
    let (platform, held) = platform().await;
    let own = format!("/partner/channels/{}", platform.demo.channel.name);
    let new = async || {
        let path = format!("{own}/tokens/new");
        platform.post(&path, "name=server&days=90", Some(&held), "192.0.2.1").await.status.as_u16()
    };
    // One is there.
    for number in 1..20 {
        assert_eq!(new().await, 200, "{number}");
    }
    assert_eq!(new().await, 422);
    platform.clock.advance(Duration::from_hours(24 * 91));
    let partner = &platform.demo.people.partner;
    let reply = platform.sign_in(partner.email.as_str(), partner.password.expose(), "192.0.2.1").await;
    let held = platform.at_portal(&super::held(&reply).unwrap()).await;
    let path = format!("{own}/tokens/new");
    let made = platform.post(&path, "name=server&days=90", Some(&held), "192.0.2.1").await;
    assert_eq!(made.status, 200, "what has expired takes no place");
}

#[tokio::test]
async fn an_app_may_be_called_what_its_manifest_says() {
    let (platform, held) = platform().await;
    let organisation = platform.ask(&format!("/apps/{}", platform.demo.app)).await["organisation"].clone();
    let new = async |name: &str, manifest: Value| {
        let form = [("technical_name", name.to_owned()), ("manifest", manifest.to_string())];
        let form = serde_urlencoded::to_string(form).unwrap();
        let path = format!("/partner/{}/new", organisation.as_str().unwrap());
        platform.post(&path, &form, Some(&held), "192.0.2.1").await
    };
    let manifest = json!({
        "technicalName": "label-press", "version": "1.0.0", "name": "Label Press",
        "authentication": {"publicClient": {"redirectUris": ["https://labels.example/cb"]}, "serviceAccount": true},
        "capabilities": {"erp": {"api": {"scopes": ["items.read"]}}},
    });
    let made = new("", manifest.clone()).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let app = platform.ask("/apps/label-press").await;
    let clients = platform.ask("/apps/label-press/clients").await;
    let kinds: Vec<_> = clients["items"].as_array().unwrap().iter().map(|client| &client["public"]).collect();
    assert_eq!(kinds.len(), 2, "{clients}");
    // All of it is one event: nothing of it is there without the rest.
    let events = platform.ask(&format!("/audit?subject={}", app["id"].as_str().unwrap())).await;
    let events = events["items"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    let detail = events[0]["detail"].as_str().unwrap();
    for part in ["label-press, client ", "1.0.0", "public client", "https://labels.example/cb"] {
        assert!(detail.contains(part), "{part} is missing: {detail}");
    }
    assert_eq!(new("", manifest).await.status, 422, "the name is taken");
    assert_eq!(
        new("", serde_json::from_str(Manifest::EXAMPLE).unwrap()).await.status,
        422,
        "nothing says a name"
    );
}

#[tokio::test]
async fn a_portal_elsewhere_may_try_calls_and_its_page_says_where() {
    let elsewhere = "https://partner.example";
    let homes = [(FirstParty::Partner, elsewhere.to_owned())].into();
    let settings = PlatformSettings { homes, ..PlatformSettings::new(ISSUER) };
    assert_eq!(settings.portal_elsewhere(), Some(elsewhere));
    let platform = TestPlatform::start_with(settings).await;
    let asked = async |platform: &TestPlatform, origin: &str| {
        let request = http::Request::options("/oauth2/token").header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        platform.send(request.body(axum::body::Body::empty()).unwrap()).await.status.as_u16()
    };
    assert_eq!(asked(&platform, elsewhere).await, 204);
    assert_eq!(asked(&platform, "https://hub.example").await, 403);
    let (platform, held) = self::platform().await;
    assert_eq!(
        asked(&platform, elsewhere).await,
        403,
        "where the portal is with the API nobody need be let in"
    );
    let page = platform.page(&platform.own_app(), &held).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("connect-src 'self' {ISSUER};")), "{policy}");
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

#[tokio::test]
async fn what_an_app_has_is_read_page_by_page_to_its_end() {
    let (platform, held) = platform().await;
    platform.let_the_app_grow(60).await;
    let app = platform.own_app();
    assert_eq!(platform.to_the_end(&app, "#secrets", "id=\"c-", &held).await, 62);
    assert_eq!(platform.to_the_end(&app, "#installed", "<li>shop-", &held).await, 60);
}
