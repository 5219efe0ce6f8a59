//! `POST /v1/auth`.

use super::{TestPlatform, refusal, settings, verifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use einlass_protocol::jose::TokenRejected;
use einlass_protocol::scx::{Party, ScopeWord};
use einlass_protocol::secret::Secret;
use einlass_protocol::time::Clock as _;
use einlass_server::PlatformSettings;
use einlass_server::scx::ScxSettings;
use einlass_store::{Channel, NewRefreshToken, TokenOwner};
use std::time::Duration;

#[tokio::test]
async fn the_answer_has_exactly_the_four_members_that_are_documented() {
    let platform = TestPlatform::start_with(settings()).await;
    let reply = platform.exchange(&platform.demo.channel.refresh_token).await;
    let body = reply.json();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["authToken", "expiresIn", "scope", "tokenExpireAt"]);
    assert_eq!((body["scope"].as_str(), body["expiresIn"].as_u64()), (Some("CHANNEL"), Some(3_600)));
    let end = body["tokenExpireAt"].as_str().unwrap();
    assert!(end.ends_with("+00:00"), "{end}");
    let end: jiff::Timestamp = end.parse().unwrap();
    assert_eq!(end.as_second(), platform.clock.wall().plus(Duration::from_hours(1)).seconds());
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_token_is_for_its_party_and_its_header_begins_with_typ() {
    let platform = TestPlatform::start_with(settings()).await;
    let (keys, now) = (platform.scx_keys().await, platform.clock.wall());
    let token = platform.channel_token().await;
    let claims = verifier().verify(&token, &keys, now).unwrap();
    assert_eq!(claims.party, Party::Channel(platform.demo.channel.name.clone()));
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    assert!(header.starts_with(br#"{"typ":"scx+jwt","alg":"RS256""#));
    let token = platform.seller_token().await;
    let claims = verifier().verify(&token, &keys, now).unwrap();
    assert!(matches!(claims.party, Party::Seller { tenant, .. } if tenant == platform.demo.tenant));
}

#[tokio::test]
async fn no_kind_of_token_stands_in_for_another() {
    let platform = TestPlatform::start_with(settings()).await;
    let (now, keys) = (platform.clock.wall(), platform.key_set().await);
    let token = platform.channel_token().await;
    // Not even with the right keys is it an access token.
    for keys in [&keys, &platform.scx_keys().await] {
        let outcome = TestPlatform::verifier().verify(&token, keys, now);
        assert!(matches!(outcome, Err(TokenRejected::Type(_))), "{outcome:?}");
    }
    let access = platform.token().await.json()["access_token"].as_str().unwrap().to_owned();
    let reply = platform.call(&access, "GET", "/channel/seller/list", "").await;
    assert_eq!(refusal(&reply), (401, "ATH000".into()));
    let outcome = verifier().verify(&access, &keys, now);
    assert!(matches!(outcome, Err(TokenRejected::Type(_))), "{outcome:?}");
    // A refresh token opens the exchange and nothing else.
    let refresh = platform.demo.channel.refresh_token.expose();
    assert_eq!(platform.call(refresh, "GET", "/channel/seller/list", "").await.status, 401);
    let reply = platform.exchange(&platform.demo.client_secret).await;
    assert_eq!(refusal(&reply), (400, "ATH000".into()));
}

#[tokio::test]
async fn multipart_urlencoded_and_query_are_the_same_to_us() {
    let platform = TestPlatform::start_with(settings()).await;
    let token = platform.demo.channel.refresh_token.expose();
    let part =
        format!("--x\r\nContent-Disposition: form-data; name=\"refreshToken\"\r\n\r\n{token}\r\n--x--\r\n");
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    for (path, kind, body) in [
        ("/auth".to_owned(), "multipart/form-data; boundary=x", part),
        ("/auth".to_owned(), form, format!("refreshToken={token}")),
        (format!("/auth?refreshToken={token}"), form, String::new()),
        (format!("/auth?refreshToken={token}"), "", String::new()),
    ] {
        let headers: &[_] = if kind.is_empty() { &[] } else { &[("content-type", kind)] };
        let reply = platform.scx("POST", &path, headers, &body).await;
        assert_eq!(reply.status, 200, "{kind}: {}", reply.text());
    }
}

#[tokio::test]
async fn the_php_client_that_knows_chan_alone_is_told_chan() {
    let platform = TestPlatform::start_with(settings()).await;
    let demo = platform.store.channel(&platform.demo.channel.name).await.unwrap().unwrap();
    let channel = Channel { name: "OLDCLIENT".parse().unwrap(), scope_word: ScopeWord::Chan, ..demo };
    let now = platform.clock.wall();
    platform.store.create_channel(&channel, now).await.unwrap();
    let clear = platform.seed.secret(einlass_protocol::secret::SecretKind::ChannelToken, "old");
    let new = NewRefreshToken {
        id: einlass_protocol::ids::CredentialId::new(platform.seed.uuid("old")),
        owner: TokenOwner::Channel(channel.name),
        name: "old".into(),
        hash: einlass_protocol::secret::SecretHash::of(&clear),
        expires_at: None,
    };
    platform.store.add_refresh_token(&new, now).await.unwrap();
    assert_eq!(platform.exchange(&clear).await.json()["scope"], "CHAN");
    assert_eq!(
        platform.exchange(&platform.demo.channel.seller_refresh_token).await.json()["scope"],
        "SELLER"
    );
}

#[tokio::test]
async fn a_refresh_token_is_not_rotated_and_outlives_a_restart() {
    let platform = TestPlatform::start_with(settings()).await;
    platform.channel_token().await;
    let token = platform.channel_token().await;
    let platform = TestPlatform::start_in(platform.folder, settings()).await;
    assert_eq!(platform.call(&token, "GET", "/channel/seller/list", "").await.status, 200);
    platform.channel_token().await;
}

#[tokio::test]
async fn a_wrong_refresh_token_is_400_with_ath000_and_is_written_down() {
    let platform = TestPlatform::start_with(settings()).await;
    for wrong in ["CHAN:eyJhbGciOiJub25lIn0", "SELLER:x", &"x".repeat(300)] {
        let reply = platform.exchange(&Secret::new(wrong.into())).await;
        assert_eq!(refusal(&reply), (400, "ATH000".into()));
        assert!(!reply.text().contains(wrong));
    }
    platform.platform.write_refusals(Duration::MAX).await.unwrap();
    let events = platform.platform.audit(&einlass_store::AuditFilter::default(), 10).await.unwrap();
    let refused = events.iter().filter(|event| event.action == "exchange refresh token").count();
    assert_eq!(refused, 3);
}

#[tokio::test]
async fn errors_are_german_unless_english_is_asked_for() {
    let platform = TestPlatform::start_with(settings()).await;
    let message = async |headers: &[(&str, &str)]| {
        let reply = platform.scx("POST", "/auth", headers, "").await;
        assert_eq!(refusal(&reply), (400, "VAL100".into()));
        reply.json()["errorList"][0]["message"].as_str().unwrap().to_owned()
    };
    assert!(message(&[]).await.contains("fehlt"));
    assert!(message(&[("accept-language", "en-GB,en;q=0.9")]).await.contains("missing"));
}

#[tokio::test]
async fn what_is_malformed_is_refused() {
    let platform = TestPlatform::start_with(settings()).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for (path, headers, body) in [
        ("/auth", &form[..], "refreshToken=a&refreshToken=b"),
        ("/auth?refreshToken=a", &form, "refreshToken=b"),
        ("/auth", &[("content-type", "application/json")], r#"{"refreshToken":"CHAN:x"}"#),
        ("/auth", &[("content-type", "multipart/form-data")], "--x--"),
    ] {
        let reply = platform.scx("POST", path, headers, body).await;
        assert_eq!(refusal(&reply), (400, "VAL100".into()), "{path} {body}");
    }
    let reply = platform.scx("POST", "/auth", &form, &"x".repeat(20_000)).await;
    assert_eq!(refusal(&reply), (413, "VAL100".into()));
    let reply = platform.scx("GET", "/auth", &[], "").await;
    assert_eq!((refusal(&reply).0, reply.header("allow")), (405, "POST"));
}

#[tokio::test]
async fn a_client_below_the_configured_version_is_told_to_update() {
    let oldest_client = Some("Channel-Client/2.1".parse().unwrap());
    let scx = Some(ScxSettings { oldest_client, ..ScxSettings::default() });
    let platform = TestPlatform::start_with(PlatformSettings { scx, ..settings() }).await;
    let path = format!("/auth?refreshToken={}", platform.demo.channel.refresh_token.expose());
    let as_version = async |agent| platform.scx("POST", &path, &[("user-agent", agent)], "").await;
    assert_eq!(refusal(&as_version("Channel-Client/2.0.9").await), (426, "VER100".into()));
    assert_eq!(as_version("Channel-Client/2.1").await.status, 200);
}

#[tokio::test]
async fn where_channels_are_not_served_there_is_nothing() {
    let platform = TestPlatform::start().await;
    let reply = platform.exchange(&platform.demo.channel.refresh_token).await;
    assert_eq!(refusal(&reply), (404, "SYS101".into()));
}
