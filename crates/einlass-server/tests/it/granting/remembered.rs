//! Who has allowed something is not asked for it again, where the client can prove that it is the same.

use super::{App, OFFLINE, Tokens, answer, error};
use crate::support::TestPlatform;
use std::time::Duration;

/// The code that comes without a question; `None` where one is asked.
async fn unasked(app: &App<'_>, held: &str, url: &str) -> Option<String> {
    let reply = app.platform.page(url, held).await;
    if reply.status == 200 {
        assert!(reply.text().contains("name=\"allow\""));
        return None;
    }
    Some(answer(&reply, "code").unwrap_or_else(|| panic!("{}", reply.header("location"))))
}

#[tokio::test]
async fn a_client_with_a_secret_is_let_in_again_for_what_it_has() {
    let platform = TestPlatform::start().await;
    let app = platform.website().await;
    let own = platform.merchant().await;
    let url = |scope: &str, more: &[(&str, &str)]| app.url(scope, more);
    let granted = "openid items.read customers.read";
    let silent = url("openid items.read", &[("prompt", "none")]);
    assert_eq!(error(&platform.page(&silent, &own).await), "consent_required");
    let waiting = app.allow(&own, &url(granted, &[])).await;
    assert_eq!(unasked(&app, &own, &url(granted, &[])).await, None, "it led to nothing yet");
    let first = Tokens::of(&app.redeem(&waiting).await);

    for url in [url(granted, &[]), url("items.read", &[]), silent.clone()] {
        let code = unasked(&app, &own, &url).await.unwrap();
        let again = Tokens::of(&app.redeem(&code).await);
        assert!(!again.scope.contains("customers") || url.contains("customers"), "{}", again.scope);
        let [first, again] = [first.claims(&platform).await, again.claims(&platform).await];
        assert_ne!(first.credential_id, again.credential_id, "a grant of its own");
    }
    for (asked, why) in [
        (url(granted, &[("prompt", "consent")]), "the client wants it so"),
        (url("openid items.write", &[]), "that is more"),
        (url("openid", &[]), "everything that the app asks for is more"),
        (url(OFFLINE, &[]), "that goes on"),
        (app.url_at("/id/oauth/v2/authorize", "openid items.read", &[]), "that is another issuer"),
    ] {
        assert_eq!(unasked(&app, &own, &asked).await, None, "{why}");
    }
    let more = url("openid items.write", &[("prompt", "none")]);
    assert_eq!(error(&platform.page(&more, &own).await), "consent_required");
}

#[tokio::test]
async fn what_goes_on_needs_a_fresh_proof_all_the_same() {
    let platform = TestPlatform::start().await;
    let app = platform.website().await;
    let own = platform.merchant().await;
    let first = app.begin(&own, OFFLINE).await;
    let (asked, silent) = (app.url(OFFLINE, &[]), app.url(OFFLINE, &[("prompt", "none")]));
    for url in [&asked, &silent] {
        let code = unasked(&app, &own, url).await.unwrap();
        assert!(Tokens::of(&app.redeem(&code).await).refresh.is_some());
    }
    platform.clock.advance(Duration::from_mins(10));
    assert_eq!(error(&platform.page(&silent, &own).await), "login_required");
    assert!(platform.page(&asked, &own).await.header("location").starts_with("/confirm"));
    assert!(unasked(&app, &own, &app.url("items.read", &[])).await.is_some(), "that ends with its token");
    assert!(first.open(&platform).await);
}

#[tokio::test]
async fn what_has_ended_is_asked_for_again_and_nobody_is_let_in_where_the_app_is_nowhere() {
    let platform = TestPlatform::start().await;
    let app = platform.website().await;
    let own = platform.merchant().await;
    let url = app.url("items.read", &[]);
    let first = app.begin(&own, "items.read").await;
    let grant = first.claims(&platform).await.credential_id;
    assert!(unasked(&app, &own, &url).await.is_some());
    let ended = platform.post("/me/grants/end", &format!("grant={grant}"), Some(&own), "192.0.2.1").await;
    assert_eq!(ended.status, 303);
    assert_eq!(unasked(&app, &own, &url).await, None);

    app.begin(&own, "items.read").await;
    let removed = platform.administer("DELETE", "/tenants/annas-bikes/installations/stock-mirror", "").await;
    assert_eq!(removed.status, 204, "{}", removed.text());
    let page = platform.page(&url, &own).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("value=\"true\""), "there is nothing to allow");
}

#[tokio::test]
async fn a_client_without_one_is_always_asked_for() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    app.begin(&own, OFFLINE).await;
    assert_eq!(unasked(&app, &own, &app.url(OFFLINE, &[])).await, None);
    let silent = app.url(OFFLINE, &[("prompt", "none")]);
    assert_eq!(error(&platform.page(&silent, &own).await), "consent_required");
}
