//! What is counted, and what an answer says of it.

use super::{TestPlatform, refusal, settings};
use std::time::Duration;

#[tokio::test]
async fn every_answer_says_what_is_left_and_a_used_up_minute_when_to_come_again() {
    let platform = TestPlatform::start_with(settings()).await;
    let token = &platform.demo.channel.refresh_token;
    for used in 1..=10 {
        let reply = platform.exchange(token).await;
        let told = ["x-ratelimit-limit", "x-ratelimit-interval-length-seconds", "x-ratelimit-remaining"]
            .map(|name| reply.header(name).to_owned());
        assert_eq!(told, ["10".to_owned(), "60".into(), (10 - used).to_string()]);
    }
    let reply = platform.exchange(token).await;
    assert_eq!((refusal(&reply), reply.header("x-ratelimit-remaining")), ((429, "LIM100".into()), "0"));
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    // Another one's minute is its own.
    assert_eq!(platform.exchange(&platform.demo.channel.seller_refresh_token).await.status, 200);
    platform.clock.advance(Duration::from_secs(wait));
    assert_eq!(platform.exchange(token).await.status, 200);
}

#[tokio::test]
async fn channel_calls_have_sixty_a_minute_and_refusals_carry_the_headers_too() {
    let platform = TestPlatform::start_with(settings()).await;
    let token = platform.channel_token().await;
    let reply = platform.call(&token, "GET", "/channel/seller/list", "").await;
    assert_eq!((reply.header("x-ratelimit-limit"), reply.header("x-ratelimit-remaining")), ("60", "59"));
    for reply in [
        platform.call(&token, "GET", "/channel/seller/signup-session", "").await,
        platform.scx("GET", "/channel/seller/list", &[], "").await,
        platform.scx("POST", "/auth", &[], "").await,
    ] {
        assert!(reply.status.is_client_error() && !reply.header("x-ratelimit-limit").is_empty());
    }
}

#[tokio::test]
async fn whoever_guesses_refresh_tokens_is_turned_away() {
    let platform = TestPlatform::start_with(settings()).await;
    for number in 0..60 {
        let wrong = einlass_protocol::secret::Secret::new(format!("CHAN:{number}"));
        assert_eq!(platform.exchange(&wrong).await.status, 400);
    }
    let reply = platform.exchange(&platform.demo.channel.refresh_token).await;
    assert_eq!(refusal(&reply), (429, "LIM100".into()));
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(platform.exchange(&platform.demo.channel.refresh_token).await.status, 200);
}
