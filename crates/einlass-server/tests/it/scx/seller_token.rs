//! `POST /v1/auth/create/seller-token`.

use super::{TestPlatform, refusal, settings};
use einlass_protocol::secret::{Secret, SecretHash};
use einlass_protocol::time::Clock as _;
use std::time::Duration;

async fn offer(platform: &TestPlatform, pin: &str) {
    let (hash, now) = (SecretHash::of(&Secret::new(pin.into())), platform.clock.wall());
    let end = now.plus(Duration::from_mins(10));
    platform.store.offer_seller_pin(&hash, platform.demo.tenant, end, now).await.unwrap();
}

#[tokio::test]
async fn a_pin_gets_a_refresh_token_once() {
    let platform = TestPlatform::start_with(settings()).await;
    offer(&platform, "433273").await;
    let ask = async || platform.scx("POST", "/auth/create/seller-token?pin=433273", &[], "").await;
    let reply = ask().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let token = Secret::new(reply.json()["refreshToken"].as_str().unwrap().to_owned());
    assert!(token.expose().starts_with("SELLER:"));
    assert_eq!(platform.exchange(&token).await.json()["scope"], "SELLER");
    assert_eq!(refusal(&ask().await), (404, "ATH101".into()));
}

#[tokio::test]
async fn a_pin_that_is_missing_malformed_or_late_gets_nothing() {
    let platform = TestPlatform::start_with(settings()).await;
    for query in ["", "?pin=", "?pin=abc", "?pin=1&pin=2"] {
        let reply = platform.scx("POST", &format!("/auth/create/seller-token{query}"), &[], "").await;
        assert_eq!(refusal(&reply), (400, "VAL100".into()), "{query}");
    }
    offer(&platform, "433273").await;
    platform.clock.advance(Duration::from_mins(10));
    let reply = platform.scx("POST", "/auth/create/seller-token?pin=433273", &[], "").await;
    assert_eq!(refusal(&reply), (404, "ATH101".into()));
}

#[tokio::test]
async fn pins_cannot_be_guessed_from_one_address() {
    let platform = TestPlatform::start_with(settings()).await;
    let guess = async || platform.scx("POST", "/auth/create/seller-token?pin=000000", &[], "").await;
    for _ in 0..10 {
        assert_eq!(guess().await.status, 404);
    }
    assert_eq!(refusal(&guess().await), (429, "LIM100".into()));
}
