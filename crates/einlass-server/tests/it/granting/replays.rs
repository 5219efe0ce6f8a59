//! What comes a second time, and what is given back: it ends, and its person reads so.

use super::{OFFLINE, refused};
use crate::support::TestPlatform;
use einlass_protocol::oauth::CodeVerifier;
use einlass_store::AuditFilter;
use std::time::Duration;

const TWICE: &str = "App ended: something came twice that counts once";

/// Who ended what, as the audit tells of it at this person.
async fn told(platform: &TestPlatform, person: &str, action: &str) -> Option<(String, String)> {
    let (subject, action) = (Some(person.to_owned()), Some(action.to_owned()));
    let filter = AuditFilter { subject, action, ..AuditFilter::default() };
    let events = platform.platform.audit(&filter, 9).await.unwrap();
    assert!(events.len() < 2, "{events:?}");
    events.into_iter().next().map(|event| (event.actor, event.detail))
}

#[tokio::test]
async fn a_code_that_its_client_sends_twice_ends_what_came_of_it_and_another_clients_attempt_nothing() {
    let platform = TestPlatform::start().await;
    let (app, other) = (platform.program().await, platform.program().await);
    let own = platform.merchant().await;
    let code = app.allow(&own, &app.url(OFFLINE, &[])).await;
    assert!(refused(&other.redeem(&code).await));
    let tokens = super::Tokens::of(&app.redeem(&code).await);
    assert!(refused(&other.redeem(&code).await));
    assert!(tokens.open(&platform).await, "another client ends nothing");
    let claims = tokens.claims(&platform).await;
    assert_eq!(told(&platform, &claims.subject, "end replayed grant").await, None);

    assert!(refused(&app.redeem(&code).await));
    assert!(!tokens.open(&platform).await);
    let client = format!("client {}", app.id);
    let detail = format!("{client}, grant {}", claims.credential_id);
    let expected = Some((client, detail));
    assert_eq!(told(&platform, &claims.subject, "end replayed grant").await, expected);
    assert!(refused(&app.redeem(&code).await));
    assert_eq!(told(&platform, &claims.subject, "end replayed grant").await, expected, "it ended once");
    assert!(platform.events(&own).await.contains(TWICE));
}

#[tokio::test]
async fn a_refresh_token_that_comes_late_ends_its_grant_and_the_person_reads_so() {
    let platform = TestPlatform::start().await;
    let app = platform.website().await;
    let own = platform.merchant().await;
    let tokens = app.begin(&own, OFFLINE).await;
    assert_eq!(app.refresh(tokens.renewed_by()).await.status, 200);
    platform.clock.advance(Duration::from_secs(30));
    assert!(refused(&app.refresh(tokens.renewed_by()).await));
    assert!(platform.events(&own).await.contains(TWICE));
}

#[tokio::test]
async fn what_a_client_gives_back_ends_and_the_person_reads_so() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let tokens = app.begin(&own, OFFLINE).await;
    let claims = tokens.claims(&platform).await;
    for _ in 0..2 {
        assert_eq!(app.post("/oauth2/revoke", &[("token", tokens.renewed_by())]).await.status, 200);
        assert!(!tokens.open(&platform).await);
    }
    let client = format!("client {}", app.id);
    let detail = format!("{client}, grant {}", claims.credential_id);
    assert_eq!(told(&platform, &claims.subject, "give back grant").await, Some((client, detail)));
    assert!(platform.events(&own).await.contains("The app gave its access back"));
    assert!(refused(&app.refresh(tokens.renewed_by()).await));
}

#[tokio::test]
async fn nobody_gives_back_what_another_client_was_given_and_the_two_kinds_of_token_agree() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let others = [platform.program().await, platform.website().await];
    let own = platform.merchant().await;
    let tokens = app.begin(&own, OFFLINE).await;
    let claims = tokens.claims(&platform).await;
    for other in &others {
        for token in [tokens.renewed_by(), &tokens.access] {
            let given = other.post("/oauth2/revoke", &[("token", token)]).await;
            assert!(refused(&given) && given.text().contains("issued to another client"), "{}", given.text());
            // What another issuer gave away is as good as unknown, whose it ever is (RFC 7009 §2.2).
            assert_eq!(other.post("/id/oauth/v2/revoke", &[("token", token)]).await.status, 200);
        }
    }
    assert!(tokens.open(&platform).await);
    let next = super::Tokens::of(&app.refresh(tokens.renewed_by()).await);
    assert!(refused(&others[0].post("/oauth2/revoke", &[("token", tokens.renewed_by())]).await), "spent");
    assert_eq!(told(&platform, &claims.subject, "give back grant").await, None);

    assert_eq!(app.post("/oauth2/revoke", &[("token", next.renewed_by())]).await.status, 200);
    for other in &others {
        let given = other.post("/oauth2/revoke", &[("token", next.renewed_by())]).await;
        assert_eq!(given.status, 200, "what has ended is as good as unknown: {}", given.text());
    }
}

#[tokio::test]
async fn what_cannot_be_a_verifier_leaves_the_code_alone_and_another_one_does_not() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let other = CodeVerifier::from_entropy(&[8; 32]);
    let strange = format!("{}!", &other.expose()[..42]);
    for (authorization, token) in
        [("/oauth2/auth", "/oauth2/token"), ("/id/oauth/v2/authorize", "/id/oauth/v2/token")]
    {
        let redeem = async |code: &str, verifier: &str| {
            let form = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", app.callback),
                ("code_verifier", verifier),
            ];
            app.post(token, &form).await
        };
        let code = app.allow(&own, &app.url_at(authorization, "openid items.read", &[])).await;
        for malformed in ["short", &strange, &"v".repeat(129)] {
            assert!(refused(&redeem(&code, malformed).await), "{malformed}");
        }
        assert_eq!(redeem(&code, super::verifier().expose()).await.status, 200);

        let code = app.allow(&own, &app.url_at(authorization, "openid items.read", &[])).await;
        assert!(refused(&redeem(&code, other.expose()).await));
        assert!(refused(&redeem(&code, super::verifier().expose()).await), "it is used up");
    }
}

#[tokio::test]
async fn the_audit_says_what_was_granted_and_where_the_code_went() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    for (scope, how_long) in [(OFFLINE, "offline"), ("items.read", "online")] {
        // Of two events of one moment nothing tells which came first.
        platform.clock.advance(Duration::from_secs(1));
        let claims = app.begin(&own, scope).await.claims(&platform).await;
        let filter = AuditFilter { action: Some("grant".into()), ..AuditFilter::default() };
        let events = platform.platform.audit(&filter, 1).await.unwrap();
        let expected = format!(
            "client {}, grant {}, {how_long}, {}: items.read",
            app.id, claims.credential_id, app.callback
        );
        assert_eq!((&*events[0].detail, &events[0].subject), (&*expected, &claims.subject));
    }
    let made = AuditFilter { subject: Some(app.id.clone()), ..AuditFilter::default() };
    let made = platform.platform.audit(&made, 9).await.unwrap();
    let expected = format!("login {}, logout https://app.example/left", app.callback);
    assert!(made[0].detail.contains(&expected), "{}", made[0].detail);
}
