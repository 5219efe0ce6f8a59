//! How often one may ask.

use crate::support::{ISSUER, Reply, TestPlatform, basic};
use axum::body::Body;
use einlass_server::PlatformSettings;
use einlass_server::peer::Peer;
use http::Request;
use std::time::Duration;

async fn limited() -> TestPlatform {
    let settings = PlatformSettings { token_requests_per_second: 2, ..PlatformSettings::new(ISSUER) };
    TestPlatform::start_with(settings).await
}

/// A token request from an address, with this `Authorization`.
pub(super) async fn from(platform: &TestPlatform, address: &str, authorization: &str) -> Reply {
    let mut request = Request::post("/oauth2/token")
        .header("content-type", crate::support::FORM)
        .header("authorization", authorization)
        .body(Body::from("grant_type=client_credentials"))
        .unwrap();
    request.extensions_mut().insert(Peer(address.parse().unwrap()));
    platform.send(request).await
}

pub(super) async fn post_from(platform: &TestPlatform, address: &str, authorization: &str) -> u16 {
    from(platform, address, authorization).await.status.as_u16()
}

async fn status_from(platform: &TestPlatform, address: &str) -> u16 {
    post_from(platform, address, &platform.basic()).await
}

#[tokio::test]
async fn a_client_above_its_share_is_told_when_to_come_again() {
    let platform = limited().await;
    for _ in 0..8 {
        assert_eq!(platform.token().await.status, 200);
    }
    let reply = platform.token().await;
    assert_eq!(reply.oauth_error(), (429, "temporarily_unavailable".into()));
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert_eq!(wait, 1);
    platform.clock.advance(Duration::from_secs(wait));
    assert_eq!(platform.token().await.status, 200);
}

#[tokio::test]
async fn nobody_uses_up_the_share_of_a_client_at_another_address() {
    let platform = limited().await;
    while status_from(&platform, "192.0.2.1:1000").await == 200 {}
    assert_eq!(status_from(&platform, "192.0.2.1:2000").await, 429);
    assert_eq!(status_from(&platform, "192.0.2.2:1000").await, 200);
}

#[tokio::test]
async fn the_default_lets_one_client_ask_a_hundred_times_a_second() {
    let platform = TestPlatform::start().await;
    for _ in 0..100 {
        assert_eq!(status_from(&platform, "192.0.2.1:1000").await, 200);
    }
}

async fn limited_by_address() -> TestPlatform {
    let settings = PlatformSettings { requests_per_second_per_address: 10, ..PlatformSettings::new(ISSUER) };
    TestPlatform::start_with(settings).await
}

#[tokio::test]
async fn an_address_has_one_share_whoever_asks_from_it() {
    let platform = limited_by_address().await;
    for number in 0..40 {
        let nobody = basic(&format!("stranger-{number}:x"));
        let authorization = if number % 2 == 0 { platform.basic() } else { nobody };
        assert_ne!(post_from(&platform, "192.0.2.1:1000", &authorization).await, 429);
    }
    let reply = from(&platform, "192.0.2.1:1000", &platform.basic()).await;
    assert_eq!(reply.oauth_error(), (429, "temporarily_unavailable".into()));
    assert_eq!(reply.header("retry-after"), "1");
    // Before it is read: what is no request at all counts too.
    assert_eq!(post_from(&platform, "192.0.2.1:1000", "nonsense").await, 429);
    platform.clock.advance(Duration::from_secs(1));
    assert_eq!(status_from(&platform, "192.0.2.1:1000").await, 200);
}

#[tokio::test]
async fn a_flood_from_one_address_leaves_others_alone() {
    let platform = limited_by_address().await;
    let mut admitted = 0;
    for number in 0..400_u32 {
        let (flooding, fine) =
            (format!("[2001:db8::{number:x}]:1000"), format!("[2001:db8:0:1::{number:x}]:1000"));
        admitted += u32::from(post_from(&platform, &flooding, "nonsense").await != 429);
        if number % 10 == 0 {
            assert_eq!(status_from(&platform, &fine).await, 200);
        }
    }
    // A network of 64 bits is one address.
    assert_eq!(admitted, 40);
}
