//! Sessions end: by themselves, by their owner, and dangerous steps need a fresh proof.

use crate::support::{FORM, ISSUER, TestPlatform, late_body};
use einlass_server::PlatformSettings;
use einlass_store::AuditFilter;
use http::Request;
use std::time::Duration;

#[tokio::test]
async fn a_session_ends_unused_and_at_last_however_much_it_is_used() {
    let platform = TestPlatform::start().await;
    let held = platform.merchant().await;
    let opens = async || platform.page("/me", &held).await.status == 200;
    // Eleven hours at a time: it is in use.
    for _ in 0..15 {
        assert!(opens().await);
        platform.clock.advance(Duration::from_hours(11));
    }
    platform.clock.advance(Duration::from_hours(3));
    assert!(!opens().await, "a week is over");

    let held = platform.merchant().await;
    platform.clock.advance(Duration::from_hours(12));
    let page = platform.page("/me", &held).await;
    assert_eq!((page.status.as_u16(), page.header("location")), (303, "/login?next=%2Fme"));
}

#[tokio::test]
async fn a_dangerous_step_needs_a_fresh_proof() {
    let platform = TestPlatform::start().await;
    let held = platform.merchant().await;
    let page = platform.page("/me", &held).await;
    let home = page.text().split('"').find(|part| part.starts_with("/organisations/")).unwrap().to_owned();
    let form = "email=new%40bikes.example&role=member";
    let invite =
        async |held: &str| platform.post(&format!("{home}/invite"), form, Some(held), "192.0.2.1").await;
    assert_eq!(invite(&held).await.status, 200);
    platform.clock.advance(Duration::from_mins(10));
    let refused = invite(&held).await;
    assert_eq!(refused.status, 303);
    assert!(refused.header("location").starts_with("/confirm?next="));

    let proof = format!("password={}", platform.demo.people.merchant.password.expose());
    let wrong = platform.post("/confirm", "password=wrong", Some(&held), "192.0.2.1").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(invite(&held).await.status, 303, "a wrong proof is none");
    let confirmed = platform.post("/confirm", &proof, Some(&held), "192.0.2.1").await;
    assert_eq!((confirmed.status.as_u16(), confirmed.header("location")), (303, "/me"));
    let renewed = super::held(&confirmed).unwrap();
    assert_eq!(invite(&renewed).await.status, 200);
    let copy = invite(&held).await;
    assert!(
        copy.header("location").starts_with("/login"),
        "a copy from before does not become fresh with it"
    );
}

#[tokio::test]
async fn a_form_that_comes_after_its_session_has_ended_changes_nothing() {
    let platform = TestPlatform::start().await;
    let held = platform.merchant().await;
    let page = platform.page("/me", &held).await;
    let home = page.text().split('"').find(|part| part.starts_with("/organisations/")).unwrap().to_owned();
    let (body, send) = late_body();
    let request = Request::post(format!("{home}/invite"))
        .header("content-type", FORM)
        .header("origin", ISSUER)
        .header("cookie", &held);
    let request = request.body(body).unwrap();
    let end = async {
        let ended = platform.post("/logout", "", Some(&held), "192.0.2.1").await;
        assert_eq!(ended.status, 303);
        send.send("email=new%40bikes.example&role=admin".into()).unwrap();
    };
    let (reply, ()) = tokio::join!(platform.send(request), end);
    assert!(reply.header("location").starts_with("/login"), "{}: {}", reply.status, reply.text());
}

#[tokio::test]
async fn pages_over_tls_are_asked_for_over_tls_from_then_on() {
    let platform = TestPlatform::start().await;
    let page = platform.page("/login", "").await;
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn who_asks_for_pages_too_fast_waits_and_nothing_is_looked_up() {
    let settings = PlatformSettings { requests_per_second_per_address: 2, ..PlatformSettings::new(ISSUER) };
    let platform = TestPlatform::start_with(settings).await;
    for _ in 0..8 {
        assert_eq!(platform.sign_in("nobody", "nothing", "192.0.2.1").await.status, 422);
    }
    let refused = platform.sign_in("nobody", "nothing", "192.0.2.1").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "1"));
    assert_eq!(platform.sign_in("nobody", "nothing", "192.0.2.2").await.status, 422);
}

#[tokio::test]
async fn no_secret_of_a_person_is_in_the_audit() {
    let platform = TestPlatform::start().await;
    let held = platform.merchant().await;
    platform.sign_in("anna@bikes.example", "canary-password", "192.0.2.1").await;
    platform.platform.write_refusals(Duration::MAX).await.unwrap();
    let events = platform.platform.audit(&AuditFilter::default(), 100).await.unwrap();
    assert!(events.iter().any(|event| event.action == "sign in"));
    let told = format!("{events:?}");
    let secret = held.split_once('=').unwrap().1;
    assert!(!told.contains("canary-password") && !told.contains(secret));
}

#[tokio::test]
async fn no_page_tells_another_origin_its_address() {
    let platform = TestPlatform::start().await;
    let held = platform.merchant().await;
    // A code or a state may be in it (RFC 9700 §4.2).
    for path in ["/me", "/login", "/oauth2/auth?client_id=x", "/id/oauth/v2/authorize?client_id=x"] {
        assert_eq!(platform.page(path, &held).await.header("referrer-policy"), "same-origin", "{path}");
    }
}
