//! Refresh tokens: to what they lead, and until when.

use super::{OFFLINE, Tokens, refused};
use crate::support::TestPlatform;
use serde_json::json;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_wish_for_more_than_was_granted_uses_nothing_up() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let granted = app.begin(&own, "openid offline_access items.read customers.read").await;
    let token = granted.renewed_by();
    for scope in ["items.write", "items.read items.write", "returns.read openid"] {
        let reply = app.refresh_to(token, scope).await;
        assert_eq!(reply.oauth_error(), (400, "invalid_scope".into()), "{scope}");
    }
    // Long after the answer could have been lost.
    platform.clock.advance(Duration::from_mins(5));
    let whole = Tokens::of(&app.refresh_to(token, "openid offline_access").await);
    assert_eq!(whole.scope, "customers.read items.read", "no word of the API is no word");
    let less = Tokens::of(&app.refresh_to(whole.renewed_by(), "openid items.read").await);
    assert_eq!(less.scope, "items.read");
    let again = Tokens::of(&app.refresh(less.renewed_by()).await);
    assert_eq!(again.scope, "customers.read items.read", "less is for one token");
}

#[tokio::test]
async fn what_the_app_may_have_no_more_is_not_renewed() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let granted = app.begin(&own, "offline_access items.read customers.read").await;
    let less = json!({ "scopes": "items.read" }).to_string();
    let changed = platform.administer("PATCH", "/apps/stock-mirror", &less).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let renewed = Tokens::of(&app.refresh_to(granted.renewed_by(), "items.read customers.read").await);
    assert_eq!(renewed.scope, "items.read");
    assert_eq!(Tokens::of(&app.refresh(renewed.renewed_by()).await).scope, "items.read");
}

#[tokio::test]
async fn a_grant_ends_unused_and_at_last_however_much_it_is_used() {
    let platform = TestPlatform::start().await;
    let app = platform.program().await;
    let own = platform.merchant().await;
    let idle = app.begin(&own, OFFLINE).await;
    let mut token = app.begin(&own, OFFLINE).await.renewed_by().to_owned();
    for month in 0..7 {
        platform.clock.advance((DAY * if month < 6 { 29 } else { 6 }).saturating_sub(Duration::from_secs(1)));
        platform.platform.tend().await.unwrap();
        token = Tokens::of(&app.refresh(&token).await).renewed_by().to_owned();
        if month == 1 {
            assert!(refused(&app.refresh(idle.renewed_by()).await), "it lay idle");
        }
    }
    platform.clock.advance(Duration::from_secs(7));
    assert!(refused(&app.refresh(&token).await), "180 days are over");
    let again = platform.merchant().await;
    app.begin(&again, OFFLINE).await;
}
