//! The authorization endpoint for apps' clients: what is asked of whom, and what has to be proved before.

use super::{CALLBACK, HERE, OFFLINE, answer, error};
use crate::pages::held;
use crate::support::TestPlatform;
use einlass_protocol::time::Clock as _;
use einlass_store::RedirectUris;
use std::time::Duration;

/// Where somebody proves it, before going on there.
fn confirming(next: &str) -> String {
    let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
    format!("/confirm?next={next}")
}

#[tokio::test]
async fn what_goes_on_without_its_person_needs_a_fresh_proof_at_the_page_and_at_the_answer() {
    for path in ["/oauth2/auth", "/id/oauth/v2/authorize"] {
        let platform = TestPlatform::start().await;
        let app = platform.program().await;
        let own = platform.merchant().await;
        let (online, offline) = (app.url_at(path, "openid items.read", &[]), app.url_at(path, OFFLINE, &[]));
        assert_eq!(platform.page(&offline, &own).await.status, 200);
        platform.clock.advance(Duration::from_mins(10));
        assert_eq!(platform.page(&offline, &own).await.header("location"), confirming(&offline));
        assert_eq!(platform.page(&online, &own).await.status, 200, "it ends with its token");
        let decided = app.decide(&own, &offline, "items.read", true).await;
        assert_eq!(decided.header("location"), confirming(&offline), "the page, not its answer");
        let silent = app.url_at(path, OFFLINE, &[("prompt", "none")]);
        assert_eq!(error(&platform.page(&silent, &own).await), "login_required");
        assert_eq!(error(&app.decide(&own, &offline, "items.read", false).await), "access_denied");

        let proof = format!("password={}", platform.password());
        let fresh = held(&platform.post("/confirm", &proof, Some(&own), HERE).await).unwrap();
        app.allow(&fresh, &offline).await;
    }
}

#[tokio::test]
async fn a_proof_that_the_client_wants_is_looked_at_again_at_the_answer() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    for more in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "300")] {
        let own = platform.merchant().await;
        let url = app.url("items.read", &[more]);
        assert_eq!(platform.page(&url, &own).await.status, 200, "{more:?}");
        platform.clock.advance(Duration::from_mins(2));
        let decided = app.decide(&own, &url, "items.read", true).await;
        assert!(answer(&decided, "code").is_some(), "{more:?}: whoever reads has time to");
        platform.clock.advance(Duration::from_mins(9));
        let decided = app.decide(&own, &url, "items.read", true).await;
        assert_eq!(decided.header("location"), confirming(&url), "{more:?}");
        assert_eq!(platform.page(&url, &own).await.header("location"), confirming(&url), "{more:?}");
    }
}

#[tokio::test]
async fn a_long_state_comes_through_the_sign_in() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let state = "s".repeat(3 * 1024);
    let url = app.url("items.read", &[("state", &state)]);
    let sent = platform.page(&url, "").await;
    let (_, next) = sent.header("location").split_once("/login?next=").unwrap();
    let page = platform.page(sent.header("location"), "").await;
    assert_eq!(page.status, 200);
    let merchant = &platform.demo.people.merchant;
    let form = format!("email={}&password={}&next={next}", merchant.email, platform.password());
    let signed_in = platform.post("/login", &form, None, HERE).await;
    assert_eq!(signed_in.header("location"), url);
    let code = app.decide(&held(&signed_in).unwrap(), &url, "items.read", true).await;
    assert_eq!(answer(&code, "state"), Some(state));
}

#[tokio::test]
async fn what_a_request_lacks_is_told_apart_from_what_nobody_knows() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    for (more, told) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("prompt", "create"), "invalid_request"),
        (("prompt", "none login"), "invalid_request"),
    ] {
        let url = app.url("items.read", &[more]);
        assert_eq!(error(&platform.page(&url, &own).await), told, "{more:?}");
    }
}

#[tokio::test]
async fn the_page_says_where_and_who_gets_the_answer() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let page = platform.page(&app.url("items.read", &[]), &own).await;
    for words in ["https://app.example", "and at every tenant that gets this app later and where you work"] {
        assert!(page.text().contains(words), "{words}");
    }
    // Nothing of that form can be registered.
    let odd = RedirectUris { login: vec!["app:callback".into()], logout: Vec::new() };
    let id = app.id.parse().unwrap();
    platform.store.set_redirect_uris(&id, &odd, platform.clock.wall()).await.unwrap();
    let url = app.url("items.read", &[("redirect_uri", "app:callback")]);
    assert_eq!(platform.page(&url, &own).await.status, 400);
    assert_eq!(platform.page(&app.url("items.read", &[]), &own).await.status, 400, "{CALLBACK}");
}

#[tokio::test]
async fn a_program_on_ones_own_machine_is_answered_at_any_port_of_either_address() {
    let platform = TestPlatform::start().await;
    let own = platform.merchant().await;
    for (registered, asked, allowed) in [
        ("http://127.0.0.1/callback", "http://127.0.0.1:49152/callback", "http://127.0.0.1:49152"),
        // No policy can name it.
        ("http://[::1]/callback", "http://[::1]:49152/callback", "http:"),
    ] {
        let app = platform.program_at(registered).await;
        let url = app.url("items.read", &[("redirect_uri", asked)]);
        let page = platform.page(&url, &own).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains(&format!("form-action 'self' {allowed}")), "{policy}");
        let decided = app.decide(&own, &url, "items.read", true).await;
        assert!(decided.header("location").starts_with(&format!("{asked}?code=")), "{registered}");
    }
}
