//! Keys that change, keys that cannot be fetched, and tokens that no key has signed.

use super::{COOL_DOWN, Platform, SessionTokenError, Signer};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn the_key_behind_the_first_one_counts_as_well() {
    let (old, new) = (Signer::new(), Signer::new());
    let platform = Platform::with(&[&new, &old]).await;
    let sessions = platform.verifier();
    for token in [new.token(), old.token()] {
        sessions.verify(&token).await.unwrap();
    }
    assert_eq!(platform.asked().len(), 1);
}

#[tokio::test]
async fn a_token_of_a_new_key_makes_one_fetch() {
    let (old, new) = (Signer::new(), Signer::new());
    let platform = Platform::with(&[&old]).await;
    let sessions = platform.verifier();
    sessions.verify(&old.token()).await.unwrap();
    platform.publishes(&[&new, &old]);
    platform.clock.pass(COOL_DOWN);
    for token in [new.token(), old.token(), new.token()] {
        sessions.verify(&token).await.unwrap();
    }
    assert_eq!(platform.asked().len(), 2);
}

#[tokio::test]
async fn a_flood_of_forged_tokens_is_one_fetch_in_a_cool_down() {
    let (key, forger) = (Signer::new(), Signer::new());
    let platform = Platform::with(&[&key]).await;
    let sessions = platform.verifier();
    sessions.verify(&key.token()).await.unwrap();
    for fetches in [1, 2, 3] {
        for _ in 0..100 {
            let error = sessions.verify(&forger.token()).await.unwrap_err();
            assert!(matches!(error, SessionTokenError::NoKey), "{error}");
        }
        assert_eq!(platform.asked().len(), fetches);
        assert!(sessions.verify(&key.token()).await.is_ok(), "nobody else feels it");
        platform.clock.pass(COOL_DOWN);
    }
}

#[tokio::test]
async fn while_the_platform_is_down_the_keys_at_hand_serve_for_a_day() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    let sessions = platform.verifier();
    let token = key.token_until(30 * 3600);
    sessions.verify(&token).await.unwrap();
    platform.goes_down();
    platform.clock.pass(23 * HOUR);
    sessions.verify(&token).await.unwrap();
    let forged = sessions.verify(&Signer::new().token()).await.unwrap_err();
    assert!(forged.is_rejected(), "what the keys at hand have not signed is still no good: {forged}");
    platform.clock.pass(2 * HOUR);
    let error = sessions.verify(&token).await.unwrap_err();
    assert!(!error.is_rejected(), "{error}");
    platform.publishes(&[&key]);
    platform.clock.pass(COOL_DOWN);
    sessions.verify(&token).await.unwrap();
}

#[tokio::test]
async fn a_platform_that_is_down_from_the_start_makes_no_token_bad() {
    let key = Signer::new();
    let platform = Platform::with(&[&key]).await;
    platform.goes_down();
    let sessions = platform.verifier();
    for token in [key.token(), Signer::new().token()] {
        let error = sessions.verify(&token).await.unwrap_err();
        assert!(!error.is_rejected(), "{error}");
        assert!(error.retry_in().unwrap() <= COOL_DOWN);
    }
    assert_eq!(platform.asked().len(), 1);
    platform.publishes(&[&key]);
    platform.clock.pass(COOL_DOWN);
    sessions.verify(&key.token()).await.unwrap();
}
