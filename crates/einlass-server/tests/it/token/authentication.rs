//! Who gets a token and who does not (RFC 6749 §2.3).

use crate::support::{TestPlatform, basic};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::Clock;
use einlass_store::NewSecret;
use std::time::Duration;
use uuid::Uuid;

const GRANT: &str = "grant_type=client_credentials";

#[tokio::test]
async fn basic_raw_form_encoded_and_without_padding_are_all_accepted() {
    let platform = TestPlatform::start().await;
    let (id, secret) = (platform.demo.client_id.to_string(), platform.demo.client_secret.expose());
    let encoded = |text: &str| text.replace('-', "%2D").replace('_', "%5f");
    let headers = [
        platform.basic(),
        basic(&format!("{}:{}", encoded(&id), encoded(secret))),
        platform.basic().trim_end_matches('=').to_owned(),
        platform.basic().replace("Basic", "bAsIc"),
    ];
    for header in headers {
        assert_eq!(platform.post_token(&[("authorization", &header)], GRANT).await.status, 200);
    }
}

#[tokio::test]
async fn credentials_in_the_body_are_accepted() {
    let platform = TestPlatform::start().await;
    let demo = &platform.demo;
    let body = format!("{GRANT}&client_id={}&client_secret={}", demo.client_id, demo.client_secret.expose());
    assert_eq!(platform.post_token(&[], body).await.status, 200);
}

#[tokio::test]
async fn repeating_the_id_in_the_body_is_no_second_authentication() {
    let platform = TestPlatform::start().await;
    let header = platform.basic();
    let same = format!("{GRANT}&client_id={}", platform.demo.client_id);
    assert_eq!(platform.post_token(&[("authorization", &header)], same).await.status, 200);
    let other = format!("{GRANT}&client_id=somebody-else");
    let reply = platform.post_token(&[("authorization", &header)], other).await;
    assert_eq!(reply.oauth_error(), (400, "invalid_request".into()));
}

#[tokio::test]
async fn both_authentications_at_once_are_refused() {
    let platform = TestPlatform::start().await;
    let demo = &platform.demo;
    let body = format!("{GRANT}&client_id={}&client_secret={}", demo.client_id, demo.client_secret.expose());
    let reply = platform.post_token(&[("authorization", &platform.basic())], body).await;
    assert_eq!(reply.oauth_error(), (400, "invalid_request".into()));
}

#[tokio::test]
async fn whoever_does_not_prove_who_it_is_gets_the_same_401() {
    let platform = TestPlatform::start().await;
    let id = platform.demo.client_id.to_string();
    let foreign = Secret::from_entropy(SecretKind::ClientSecret, &[1; 32]);
    let wrong_in_body = format!("{GRANT}&client_id={id}&client_secret={}", foreign.expose());
    let cases = [
        (Some(basic(&format!("{id}:{}", foreign.expose()))), GRANT.to_owned()),
        (Some(basic(&format!("nobody:{}", foreign.expose()))), GRANT.to_owned()),
        (None, wrong_in_body),
    ];
    let mut answers = Vec::new();
    for (header, body) in cases {
        let header = header.as_deref().map(|header| ("authorization", header));
        let reply = platform.post_token(header.as_slice(), body).await;
        assert_eq!(reply.oauth_error(), (401, "invalid_client".into()));
        assert_eq!(reply.header("www-authenticate"), "Basic realm=\"einlass\"");
        assert_eq!(reply.header("cache-control"), "no-store");
        answers.push(reply.body);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the answers tell who exists");
}

#[tokio::test]
async fn nobody_is_turned_away_without_the_store_known_or_not() {
    let platform = TestPlatform::start().await;
    assert_eq!(platform.token().await.status, 200);
    platform.store.close().await;
    // Who is remembered is let in from memory; a wrong secret costs a look-up, and so does an unknown client.
    assert_eq!(platform.token().await.status, 200);
    let foreign = Secret::from_entropy(SecretKind::ClientSecret, &[1; 32]);
    for id in [platform.demo.client_id.as_str(), "nobody"] {
        let header = basic(&format!("{id}:{}", foreign.expose()));
        let reply = platform.post_token(&[("authorization", &header)], GRANT).await;
        assert_eq!(reply.oauth_error(), (503, "temporarily_unavailable".into()), "{id}");
        assert_eq!(reply.header("retry-after"), "1");
    }
}

#[tokio::test]
async fn a_missing_or_unreadable_authentication_is_told_apart_in_words_only() {
    let platform = TestPlatform::start().await;
    let cases = [
        (vec![], GRANT),
        (vec![("authorization", "Bearer abc")], GRANT),
        (vec![("authorization", "Basic !!!")], GRANT),
        (vec![("authorization", "Basic")], GRANT),
        (vec![("authorization", "")], GRANT),
        (vec![], "grant_type=client_credentials&client_id=app"),
        (vec![], "grant_type=client_credentials&client_secret=x"),
        (vec![], "grant_type=client_credentials&client_id=a%20b&client_secret=x"),
    ];
    for (headers, body) in cases {
        let reply = platform.post_token(&headers, body).await;
        assert_eq!(reply.oauth_error(), (401, "invalid_client".into()), "{headers:?} {body}");
        assert!(!reply.header("www-authenticate").is_empty());
    }
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let platform = TestPlatform::start().await;
    let header = platform.basic();
    let twice = [("authorization", header.as_str()), ("authorization", header.as_str())];
    assert_eq!(platform.post_token(&twice, GRANT).await.oauth_error(), (400, "invalid_request".into()));
}

#[tokio::test]
async fn a_new_secret_works_at_once_beside_the_old_one() {
    let platform = TestPlatform::start().await;
    assert_eq!(platform.token().await.status, 200);
    let clear = Secret::from_entropy(SecretKind::ClientSecret, &[2; 32]);
    let new = NewSecret {
        id: CredentialId::new(Uuid::from_u128(5)),
        client_id: platform.demo.client_id.clone(),
        name: "next".into(),
        hash: SecretHash::of(&clear),
        expires_at: Some(platform.clock.wall().plus(Duration::from_mins(1))),
    };
    platform.store.add_client_secret(&new, platform.clock.wall()).await.unwrap();
    let header = basic(&format!("{}:{}", platform.demo.client_id, clear.expose()));
    let ask = async || platform.post_token(&[("authorization", &header)], GRANT).await.status.as_u16();
    assert_eq!(ask().await, 200);
    assert_eq!(platform.token().await.status, 200);
    // Also from memory a secret works to the end of its time and not longer.
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(ask().await, 401);
    assert_eq!(platform.token().await.status, 200);
}
