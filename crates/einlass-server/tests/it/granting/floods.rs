//! Whoever invents codes and refresh tokens in the name of a client without a secret, and those beside them.

use super::{App, HERE, OFFLINE, refused, verifier};
use crate::support::{Reply, TestPlatform};
use einlass_protocol::secret::{Secret, SecretKind};
use sqlx::{AnyConnection, Connection};
use std::time::Duration;

/// Well-formed, and nobody's.
fn invented(kind: SecretKind, number: u8) -> String {
    Secret::from_entropy(kind, &[number; 32]).expose().to_owned()
}

async fn guess(app: &App<'_>, number: u8, from: &str) -> Reply {
    let verifier = verifier();
    let (code, token) =
        (invented(SecretKind::AuthorizationCode, number), invented(SecretKind::UserRefreshToken, number));
    let as_code = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", app.callback),
        ("code_verifier", verifier.expose()),
    ];
    let as_token = [("grant_type", "refresh_token"), ("refresh_token", &*token)];
    let form = if number.is_multiple_of(2) { &as_code[..] } else { &as_token[..] };
    app.post_from("/oauth2/token", form, from).await
}

/// Has the platform look the client up anew, as when another node has changed something of it.
async fn forget(platform: &TestPlatform, app: &App<'_>) {
    let mut connection = AnyConnection::connect(&platform.url).await.unwrap();
    sqlx::query("UPDATE change_counter SET seq = seq + 1").execute(&mut connection).await.unwrap();
    let change =
        "INSERT INTO changes (seq, kind, subject, at) SELECT seq, 'client', $1, 0 FROM change_counter";
    sqlx::query(change).bind(&app.id).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    platform.platform.follow().await.unwrap();
}

/// Guesses until that is turned away; how many were looked at before.
async fn flood(app: &App<'_>, from: &str) -> u8 {
    for number in 0..=u8::MAX {
        let reply = guess(app, number, from).await;
        if reply.status == 429 {
            return number;
        }
        assert!(refused(&reply), "{}", reply.text());
    }
    panic!("nobody stops it");
}

#[tokio::test]
async fn who_invents_what_people_grant_is_turned_away_and_its_neighbour_gets_in() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let mut tokens = app.begin(&own, OFFLINE).await.renewed_by().to_owned();
    let other = app.begin(&own, OFFLINE).await;
    let code = app.allow(&own, &app.url(OFFLINE, &[])).await;
    assert_eq!(flood(&app, HERE).await, 20, "a client's share of an address");
    assert!(refused(&guess(&app, 0, "192.0.2.2").await), "another address has its own");

    for _ in 0..3 {
        // Nobody remembers the client any more, but that it was here.
        forget(&platform, &app).await;
        tokens = super::Tokens::of(&app.refresh(&tokens).await).renewed_by().to_owned();
        assert_eq!(guess(&app, 0, HERE).await.status, 429);
    }
    super::Tokens::of(&app.refresh(other.renewed_by()).await);
    super::Tokens::of(&app.redeem(&code).await);
    platform.clock.advance(Duration::from_mins(1));
    assert!(refused(&guess(&app, 0, HERE).await));
}

#[tokio::test]
async fn what_is_invented_writes_nothing() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    // Whoever has to write waits for this one, and is told after a while that it cannot.
    let mut connection = AnyConnection::connect(&platform.url).await.unwrap();
    let writing = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
    for number in 0..4 {
        assert!(refused(&guess(&app, number, HERE).await), "{number}");
    }
    let token = invented(SecretKind::UserRefreshToken, 1);
    assert_eq!(app.post("/oauth2/revoke", &[("token", &*token)]).await.status, 200, "RFC 7009 §2.2");
    writing.rollback().await.unwrap();
}

#[tokio::test]
async fn a_client_with_a_secret_has_proved_who_it_is() {
    let platform = TestPlatform::start().await;
    let app = platform.website().await;
    for number in 0..40 {
        assert!(refused(&guess(&app, number, HERE).await), "{number}");
    }
}
