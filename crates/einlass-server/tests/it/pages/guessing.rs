//! Who guesses passwords learns nothing and waits.

use crate::support::TestPlatform;
use std::time::Duration;

#[tokio::test]
async fn an_unknown_account_answers_like_a_known_one() {
    let platform = TestPlatform::start().await;
    let known = platform.sign_in("anna@bikes.example", "wrong", "192.0.2.1").await;
    let unknown = platform.sign_in("anne@bikes.example", "wrong", "192.0.2.2").await;
    assert_eq!((known.status.as_u16(), unknown.status.as_u16()), (422, 422));
    assert_eq!(known.text().replace("anna@", "anne@"), unknown.text());
}

#[tokio::test]
async fn who_guesses_waits_and_its_victim_does_not() {
    let platform = TestPlatform::start().await;
    let merchant = platform.demo.people.merchant.clone();
    let right = merchant.password.expose();
    platform.merchant().await;
    for _ in 0..20 {
        assert_eq!(platform.sign_in("anna@bikes.example", "wrong", "198.51.100.1").await.status, 422);
    }
    let refused = platform.sign_in("anna@bikes.example", right, "198.51.100.1").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "60"));
    assert!(refused.text().contains("Too many wrong passwords"));
    let victim = platform.sign_in("anna@bikes.example", right, "192.0.2.1").await;
    assert_eq!(victim.status, 303, "the victim at its usual place");
    platform.clock.advance(Duration::from_mins(1));
    assert_eq!(platform.sign_in("anna@bikes.example", right, "198.51.100.1").await.status, 303);
}
