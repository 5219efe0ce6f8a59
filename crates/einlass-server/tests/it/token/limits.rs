//! How often one may ask.

use crate::support::{ISSUER, TestPlatform};
use axum::body::Body;
use einlass_server::PlatformSettings;
use einlass_server::peer::Peer;
use http::Request;
use std::time::Duration;

async fn limited() -> TestPlatform {
    let settings = PlatformSettings { token_requests_per_second: 2, ..PlatformSettings::new(ISSUER) };
    TestPlatform::start_with(settings).await
}

async fn status_from(platform: &TestPlatform, address: &str) -> u16 {
    let mut request = Request::post("/oauth2/token")
        .header("content-type", crate::support::FORM)
        .header("authorization", platform.basic())
        .body(Body::from("grant_type=client_credentials"))
        .unwrap();
    request.extensions_mut().insert(Peer(address.parse().unwrap()));
    platform.send(request).await.status.as_u16()
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
