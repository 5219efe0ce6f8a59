//! `/oauth2/revoke` and `/oauth2/introspect`.

use super::{ask, is_denied, token};
use crate::support::{TestPlatform, basic};
use einlass_protocol::ids::{AppId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_protocol::time::Clock;
use einlass_server::PlatformSettings;
use einlass_store::{App, AuditFilter, NewApp, NewSecret};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// Another client, of another app; gives its `Authorization`.
async fn other_client(platform: &TestPlatform) -> String {
    let known = platform.store.app(platform.demo.app).await.unwrap().unwrap();
    let id = Uuid::from_u128(77);
    let app = App { id: AppId::new(id), technical_name: "other".into(), ..known };
    let secret = NewSecret {
        id: CredentialId::new(id),
        client_id: "other".parse().unwrap(),
        name: "only".into(),
        hash: SecretHash::of(&Secret::new("not-a-real-one".into())),
        expires_at: None,
    };
    let new = NewApp {
        app,
        client_id: "other".parse().unwrap(),
        algorithm: Algorithm::EdDsa,
        secret: Some(secret),
    };
    platform.store.register_app(&new, platform.clock.wall()).await.unwrap();
    basic("other:not-a-real-one")
}

#[tokio::test]
async fn a_client_gives_its_token_back_and_the_gateway_hears_of_it_first() {
    let platform = TestPlatform::start().await;
    let ((first, first_claims), (second, second_claims)) = (token(&platform).await, token(&platform).await);
    let reply = ask(&platform, "/oauth2/revoke", &platform.basic(), &first).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0));
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(is_denied(&platform, &first_claims));
    assert!(!is_denied(&platform, &second_claims));
    let audit = platform.platform.audit(&AuditFilter::default(), 10).await.unwrap();
    assert_eq!(audit, [], "a client's own tokens are logged and no more");
    let again = ask(&platform, "/oauth2/revoke", &platform.basic(), &first).await;
    assert_eq!(again.status, 200);
    for (token, active) in [(first, false), (second, true)] {
        let said = ask(&platform, "/oauth2/introspect", &platform.basic(), &token).await.json();
        assert_eq!(said["active"], active);
    }
}

#[tokio::test]
async fn a_token_that_nobody_knows_is_as_good_as_revoked() {
    let platform = TestPlatform::start().await;
    let (expired, _) = token(&platform).await;
    platform.clock.advance(Duration::from_hours(2));
    for token in ["nonsense", "a.b.c", expired.as_str()] {
        let revoked = ask(&platform, "/oauth2/revoke", &platform.basic(), token).await;
        assert_eq!(revoked.status, 200, "{token}");
        let said = ask(&platform, "/oauth2/introspect", &platform.basic(), token).await;
        assert_eq!(said.json(), json!({"active": false}), "{token}");
    }
    assert!(platform.told.denied.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nobody_revokes_or_reads_anothers_token() {
    let platform = TestPlatform::start().await;
    let (token, claims) = token(&platform).await;
    let other = other_client(&platform).await;
    let revoked = ask(&platform, "/oauth2/revoke", &other, &token).await;
    assert_eq!(revoked.oauth_error(), (400, "invalid_grant".into()));
    assert!(!is_denied(&platform, &claims));
    let said = ask(&platform, "/oauth2/introspect", &other, &token).await;
    assert_eq!((said.status.as_u16(), said.json()), (200, json!({"active": false})));
}

#[tokio::test]
async fn introspection_says_what_the_token_says() {
    let platform = TestPlatform::start().await;
    let (token, claims) = token(&platform).await;
    let reply = ask(&platform, "/oauth2/introspect", &platform.basic(), &token).await;
    assert_eq!(reply.header("cache-control"), "no-store");
    let said = reply.json();
    let expected = json!({
        "active": true, "iss": claims.issuer, "sub": claims.subject, "aud": claims.audience,
        "client_id": claims.client_id, "app_id": claims.app_id, "credential_id": claims.credential_id,
        "token_type": "Bearer", "iat": claims.issued_at.seconds(), "nbf": claims.issued_at.seconds(),
        "exp": claims.expires_at.seconds(), "jti": claims.token_id, "scope": claims.scope,
    });
    assert_eq!(said, expected);
}

#[tokio::test]
async fn both_ask_who_is_there_like_the_token_endpoint() {
    let settings =
        PlatformSettings { token_requests_per_second: 1, ..PlatformSettings::new(crate::support::ISSUER) };
    let platform = TestPlatform::start_with(settings).await;
    for path in ["/oauth2/revoke", "/oauth2/introspect"] {
        assert_eq!(platform.get(path).await.status, 405, "{path}");
        let stranger = ask(&platform, path, &basic("stranger:secret"), "x").await;
        assert_eq!(stranger.oauth_error(), (401, "invalid_client".into()), "{path}");
        let nothing = ask(&platform, path, &platform.basic(), "").await;
        assert_eq!(nothing.oauth_error(), (400, "invalid_request".into()), "{path}");
    }
    let mut last = 0;
    for _ in 0..4 {
        last = ask(&platform, "/oauth2/introspect", &platform.basic(), "x").await.status.as_u16();
    }
    assert_eq!(last, 429);
}
